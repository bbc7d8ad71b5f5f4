"""Templates and letterheads come back from their texts as they were, and nothing unknown slips in."""

import json

import pytest
from hypothesis import given, strategies as st

from regulars.messaging.making import written
from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.templates import BadTemplate, Document, Theme, Variant, starters
from tests.messaging.making.cast import SHOP, mail

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TOLD = st.builds(
    Document,
    st.just("hello"),
    st.sampled_from(["email", "sms"]),
    st.sampled_from(["marketing", "transactional"]),
    st.fixed_dictionaries({"en": st.builds(Variant, TEXT, TEXT, TEXT)}, optional={"de-AT": st.builds(Variant, TEXT)}),
    st.just("en"),
    st.dictionaries(TEXT, TEXT, max_size=2),
)


@given(TOLD)
def test_a_document_comes_back_from_json_and_toml(document: Document) -> None:
    text = written.document_json(document)
    assert written.read_document(text) == document
    assert written.document_json(written.read_document(text)) == text
    assert written.read_document_toml(written.document_toml(document)) == document


@pytest.mark.parametrize("name", sorted(starters()))
def test_a_starter_comes_back_and_its_mjml_stays_readable(name: str) -> None:
    document = starters()[name].document
    toml = written.document_toml(document)
    assert written.read_document_toml(toml) == document
    if document.channel == "email":
        assert "\n  <mj-column>\n" in toml


@given(st.builds(Theme, TEXT, TEXT))
def test_a_theme_comes_back(theme: Theme) -> None:
    if not (theme.sender_name + theme.postal_address).isprintable():
        return
    assert written.read_letterhead(written.letterhead_json(Letterhead(theme))) == Letterhead(theme)


def changed(**more: object) -> str:
    return json.dumps({**json.loads(written.document_json(mail())), **more})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (changed(colour="red"), "unknown field 'colour'"),
        (changed(variants={"en": {"body": "", "scripts": "x"}}), "unknown field 'scripts', in variants"),
        (changed(variants={"en": {"subject": "x"}}), "required field 'body', in variants"),
        (changed(name=7), "expected 'str', got 'int', in name"),
        (changed(format=2), "invalid enum value 2, in format"),
        (changed(channel="fax"), "choose email, sms, whatsapp or push"),
        (changed(default_locale="fr"), "no text in its default language fr"),
        ("[]", "expected 'object', got 'array'"),
        ("{", "this is no JSON"),
    ],
)
def test_what_is_unknown_missing_or_wrong_is_named(text: str, told: str) -> None:
    with pytest.raises(BadTemplate, match=told):
        written.read_document(text)


def test_a_letterhead_takes_no_unknown_field_either() -> None:
    told = json.loads(written.letterhead_json(SHOP))
    told["theme"]["glow"] = "much"
    with pytest.raises(BadTemplate, match=r"the letterhead cannot be read: .*'glow'"):
        written.read_letterhead(json.dumps(told))


@pytest.mark.parametrize("text", ["= 1", "name = 'x'", "[variants.en]\nbody = 1", 'name = "a"\nname = "b"'])
def test_toml_that_is_no_template_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadTemplate, match=r"TOML|cannot be read"):
        written.read_document_toml(text)
