"""The Writer's letters: each in its reader's language, and one message's trouble stays its own."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.letters import Letter, State
from regulars.messaging.making import brands, samples, storing, trying
from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.models import Drawn, Message
from regulars.messaging.outbox.delivering import Delivery, run_once
from regulars.messaging.templates import BadData, Document, Theme, Variant
from regulars.profiles import api as profiles
from tests.messaging.making.cast import ANN, BO, CLEO, DOV, NOW, SHOP, THEME, held, mail, people, writer
from tests.messaging.outbox.cast import Clock, Rule, ask

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    people()
    put(mail())


def put(document: Document, name: str = "hello") -> None:
    storing.publish(name, storing.save(name, document, "", NOW))


def text(source: str, message_class: str = "transactional") -> Document:
    return Document("x", "sms", message_class, {"en": Variant(source)})


def test_each_gets_a_letter_in_their_language_from_the_shop() -> None:
    ann, bo = (letter for _, letter in writer().letters([held(ANN), held(BO)], NOW))
    assert isinstance(ann, Letter)
    assert isinstance(bo, Letter)
    assert (ann.subject, ann.to, ann.to_name) == ("Hello Ann", "ann@example.com", "Ann Abel")
    assert (bo.subject, bo.to, bo.to_name) == ("Hallo Bo", "bo@example.com", "Bo")
    assert (ann.sender, ann.sender_name, ann.reply_to) == ("", "Kessel & Kraut", "help@shop.example")
    assert (ann.key, ann.created_at, ann.headers) == (f"{ANN:032x}", NOW, {})
    assert "Hi Ann" in ann.text
    assert "Hallo Bo" in bo.html


def test_one_message_in_trouble_leaves_the_others_alone() -> None:
    put(text("{{ total | money }}{{ order.lines | map: 'name' | join: ' ' }}"), "sums")
    put(text("Hi"), "note")
    storing.save("draft", mail(), "", NOW)
    batch = [
        held(ANN),
        held(CLEO),
        held(99),
        held(BO, "nobody"),
        held(BO, "draft"),
        held(BO, "note"),
        held(BO, "sums", channel="sms", data={"total": 1, "currency": "nonsense"}),
        held(BO),
    ]
    said = [letter if isinstance(letter, str) else letter.to for _, letter in writer().letters(batch, NOW)]
    assert said[:4] == [
        "ann@example.com",
        "no address",
        "nobody is known under the number 99",
        "the template nobody is not live; make one of its versions live",
    ]
    assert said[4] == "the template draft is not live; make one of its versions live"
    assert said[5] == "the template note is for sms and the message for email; choose another"
    assert said[6].startswith("the template sums cannot be written with this message's data:")
    assert said[7] == "bo@example.com"


def test_a_fault_in_a_link_stays_with_its_message() -> None:
    def link(one: object, to: str) -> str:
        if to.startswith("ann"):
            raise KeyError(to)
        return "https://us.example/p"

    put(mail("<a href='{{ preferences_url }}'>My choices</a>"), "mine")
    both = [held(ANN, "mine"), held(BO, "mine")]
    said = [letter for _, letter in replace(writer(), preferences_url=link).letters(both, NOW)]
    assert isinstance(said[0], str)
    assert "could not be written; details are in" in said[0]
    assert "ann@" not in said[0]
    assert isinstance(said[1], Letter)


def test_who_was_merged_is_written_to_where_they_are_today() -> None:
    ((_, letter),) = writer().letters([held(DOV)], NOW)
    assert isinstance(letter, Letter)
    assert (letter.to, letter.subject) == ("ann@example.com", "Hello Ann")


def test_marketing_has_its_way_out_and_needs_a_postal_address() -> None:
    put(mail(message_class="marketing"), "news")
    news = held(ANN, "news", is_marketing=True)
    ((_, letter),) = writer().letters([news], NOW)
    assert isinstance(letter, Letter)
    assert f"https://us.example/u/{ANN:032x}" in letter.html
    assert letter.headers == {"X-For": "ann@example.com"}
    brands.put_brand(Letterhead(Theme("Shop")), NOW)
    ((_, refused),) = writer().letters([news], NOW)
    assert refused == "a marketing mail needs the shop's postal address; write it on the page Brand"


@pytest.mark.parametrize(("message_class", "is_marketing"), [("marketing", False), ("transactional", True)])
def test_marketing_never_travels_as_something_else(message_class: str, is_marketing: bool) -> None:
    put(mail(message_class=message_class), "news")
    ((_, said),) = writer().letters([held(ANN, "news", is_marketing=is_marketing)], NOW)
    assert isinstance(said, str)
    assert f"is {message_class}, but the message was asked for as" in said


def test_an_sms_goes_to_the_phone() -> None:
    put(text("Hi {{ customer.first_name }}, {{ shop.name }}"), "note")
    ((_, letter),) = writer().letters([held(BO, "note", channel="sms")], NOW)
    assert isinstance(letter, Letter)
    assert (letter.to, letter.sender, letter.text) == ("+4915100000002", "", "Hi Bo, Kessel & Kraut")
    assert (letter.subject, letter.html, letter.reply_to) == ("", "", "")


def test_the_messages_own_data_stands_before_the_shops_but_not_before_the_person() -> None:
    put(text("{{ customer.first_name }} {{ customer.points }} {{ today | day }} {{ order.number }}"), "note")
    told = {"today": date(2024, 7, 2), "order": {"number": "A7"}, "customer": {"points": 5, "first_name": "Eve"}}
    ((_, letter),) = writer().letters([held(ANN, "note", channel="sms", data=told)], NOW)
    assert isinstance(letter, Letter)
    assert letter.text == "Ann 5 July 2, 2024 A7"


def test_a_batch_asks_the_database_as_often_as_one_message() -> None:
    def asked(n: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            list(writer().letters([held(one) for one in (ANN, BO, CLEO) * n], NOW))
        return len(queries)

    assert asked(1) == asked(50) <= 6


def test_nothing_is_asked_for_nobody() -> None:
    assert list(writer().letters([], NOW)) == []


def test_the_outbox_hands_the_writers_letters_over() -> None:
    put(mail(message_class="marketing"), "hello")
    ask(ANN, BO, CLEO, template="hello")
    run_once(NOW, Delivery({"email": Drawer("email")}, Rule(), writer(), Clock(NOW)))
    assert sorted(Drawn.objects.values_list("to", "subject")) == [
        ("ann@example.com", "Hello Ann"),
        ("bo@example.com", "Hallo Bo"),
    ]
    row = Message.objects.get(customer_id=CLEO)
    assert (row.state, row.reason, row.detail) == ("failed", "not_written", "no address")


def test_people_are_told_by_number_in_one_go() -> None:
    told = samples.people_data([ANN, DOV, 99])
    assert told.keys() == {ANN, DOV}
    assert told[DOV] == told[ANN]
    assert told[ANN]["name"] == "Ann Abel"
    assert profiles.newcomers(5) == [BO, ANN]


def test_a_preview_is_of_a_sample_or_of_a_real_person_in_any_language() -> None:
    sample = trying.preview(mail(), trying.Look(), NOW)
    assert (sample.subject, sample.locale) == ("Hello Ann", "en")
    assert trying.preview(mail(), trying.Look(customer=BO), NOW).subject == "Hallo Bo"
    assert trying.preview(mail(), trying.Look(customer=BO, locale="en"), NOW).subject == "Hello Bo"
    other = Letterhead(Theme("Elsewhere"))
    assert "Elsewhere" in trying.preview(mail(), trying.Look(letterhead=other), NOW).html


def test_a_test_letter_goes_to_whoever_asks_and_says_what_it_is() -> None:
    outcome = trying.send_test(mail(), " Me@Example.com", trying.Look(customer=BO), Drawer("email"), NOW)
    assert outcome.state == State.SENT
    drawn = Drawn.objects.get()
    assert (drawn.to, drawn.subject, drawn.sender) == ("me@example.com", "[Test] Hallo Bo", "")
    with pytest.raises(BadData, match="write an e-mail address"):
        trying.send_test(mail(), "me", trying.Look(), Drawer("email"), NOW)
    with pytest.raises(BadData, match="write a number"):
        trying.send_test(text("Hi"), "0151 1", trying.Look(), Drawer("sms"), NOW)


def test_an_unwritten_letterhead_is_plain_and_no_marketing_leaves_on_it() -> None:
    assert brands.is_branded()
    assert brands.brand() == SHOP
    assert brands.brand().theme == THEME
    assert not brands.letterhead_of("").theme.postal_address
