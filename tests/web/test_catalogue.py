"""The catalogue of the app's texts is what templates and code say."""

from regulars.web import catalogue


def test_the_catalogue_is_up_to_date() -> None:
    assert catalogue.PLACE.read_text(encoding="utf-8") == catalogue.texts(), "run make texts"


def test_both_kinds_of_texts_are_in_it() -> None:
    told = catalogue.texts()
    assert 'msgid "Drop your orders.csv"' in told, "a template's"
    assert 'msgid "Forgotten? Whoever runs this' in told, "a template's longer one"
    assert 'msgid "Nobody is late by their own rhythm"' in told, "code's"
