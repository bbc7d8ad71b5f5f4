"""The shop's pages of consent: who sees, changes and takes away what, and words that stay words."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from regulars.access import api as access
from regulars.consent import api as consent
from regulars.core import clock
from regulars.events import api as events
from regulars.web.act.consents import forms as pages
from regulars.web.shell import lake
from tests.consent.people import FORM as YES, PAGE, shop, tick
from tests.events.cast import NOW
from tests.web.shopper.ground import FORM
from tests.web.test_routes import hired, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
NEW = {"title": "Tea", "text": "Yes, tea news.", "channel": "email", "is_active": "yes"}


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    lake.forget()
    yield
    lake.forget()


def said() -> dict[str, int]:
    """Let Ann agree, Bo leave, and the loop take it up."""
    numbers = shop()
    consent.give(numbers["ann"], YES, NOW)
    consent.withdraw(numbers["bo"], replace(PAGE, proof={"message": "ab" * 16}), NOW)
    tick(clock.utc_now())
    events.refresh(clock.utc_now())
    return numbers


def test_the_log_shows_who_when_how_and_the_words_with_their_proof() -> None:
    said()
    shown = signed_in(hired("support")).get("/consent").content.decode()
    for words in (
        "2 customers said yes or no",
        "by a form",
        "on their own page",
        "Yes, send me news about tea.",
        "tea-3",
        "ab" * 16,
    ):
        assert words in shown, words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("said=given", ["ann"]), ("said=withdrawn", ["bo"]), ("said=requested", []), ("channel=sms", []), ("channel=email", ["ann", "bo"]),
        ("who=ann@example.com", ["ann"]), ("who=ANN@example.com&said=withdrawn", []), ("who=nobody@example.com", []), ("who=c2%00", ["bo"]),
        ("said=x&channel=y", ["ann", "bo"]), ("page=9", []),
    ],
)  # fmt: skip
def test_the_log_is_filtered(query: str, found: list[str]) -> None:
    said()
    shown = signed_in(hired("analyst")).get(f"/consent?{query}").content.decode()
    listed = shown.partition('<ol class="timeline">')[2]
    assert [name for name in ("ann", "bo") if f"{name}@example.com" in listed] == found


def test_the_customer_page_says_where_somebody_stands_since_when_and_how() -> None:
    numbers = said()
    client = signed_in(hired("support"))
    shown = client.get(f"/customers/{numbers['bo']}").content.decode()
    panel = shown.partition('id="consent-title"')[2].partition("</section>")[0]
    for words in ("E-mail", "everything", "no", "on their own page", "Jun 1, 2024"):
        assert words in panel, words
    assert f"/consent?who={numbers['bo']}" in panel
    assert "on their own page" in client.get(f"/consent?who={numbers['bo']}").content.decode()


def test_the_whole_log_is_taken_away_only_with_the_permission_to_export() -> None:
    said()
    lines = (
        b"".join(signed_in(hired("analyst")).get("/consent?csv=log&said=given").streaming_content).decode().splitlines()
    )  # type: ignore[attr-defined]
    assert lines[0] == ",".join(consent.EXPORTED)
    assert len(lines) == 3, "the whole of it, whatever is filtered"
    refused = signed_in(hired("support")).get("/consent?csv=log")
    assert (refused.status_code, refused["Location"]) == (302, "/consent")


def test_who_may_only_look_changes_no_topic_and_no_form() -> None:
    form = consent.put_sign_up_form(FORM, NOW)
    for role in ("analyst", "support"):
        client = signed_in(hired(role))
        assert client.post("/consent/forms/tea", {**NEW, "title": "Other"}).status_code == 403
        assert client.post("/consent/forms/new", NEW).status_code == 403
        assert client.post("/consent/topics/change", {"name": "X", "channels": "email"}).status_code == 403
        shown = client.get("/consent/forms/tea").content.decode()
        assert "fieldset disabled" in shown
        assert 'type="submit">Save' not in shown
    assert consent.sign_up_forms() == [form]
    assert consent.topics() == []


def test_a_form_is_made_changed_and_its_words_get_the_next_version() -> None:
    client = signed_in(hired("marketer"))
    assert client.post("/consent/forms/new", NEW)["Location"] == "/consent/forms/tea"
    assert consent.sign_up_form("tea") == consent.FormOffered(
        slug="tea", title="Tea", text="Yes, tea news.", text_version="tea-1"
    )
    client.post("/consent/forms/tea", {**NEW, "origins": "https://www.shop.example/\nhttps://b.example"})
    kept = consent.sign_up_form("tea")
    assert kept is not None
    assert (kept.origins, kept.text_version) == (("https://www.shop.example", "https://b.example"), "tea-1")
    client.post("/consent/forms/tea", {**NEW, "text": "Yes, more tea news.", "is_active": ""})
    kept = consent.sign_up_form("tea")
    assert kept is not None
    assert (kept.text_version, kept.is_active) == ("tea-2", False)
    assert [one["action"] for one in access.deeds(None, 3)] == ["sign_up_form.put"] * 3
    assert client.post("/consent/forms/new", NEW).status_code == 422, "its name is taken"


@pytest.mark.parametrize(
    "wrong",
    [{"title": ""}, {"text": " "}, {"text": "Yes\0"}, {"text": "x" * 2001}, {"channel": "webhook"}, {"topics": "none"}, {"origins": "shop.example"},
     {"origins": "https://a.example; script-src *"}, {"origins": "https://*.example"}, {"origins": "http://shop.example"}, {"origins": "'self'"}],
)  # fmt: skip
def test_what_a_form_cannot_be_is_said_and_what_was_typed_stays(wrong: dict[str, str]) -> None:
    answer = signed_in(hired("marketer")).post("/consent/forms/new", {**NEW, "slug": "kept", **wrong})
    assert answer.status_code == 422
    assert 'class="notice error"' in answer.content.decode()
    assert 'value="kept"' in answer.content.decode()
    assert consent.sign_up_forms() == []


def test_the_snippet_is_escaped_for_the_page_that_it_goes_into() -> None:
    attack = '"><script>alert(1)</script>'
    line = pages.snippet(consent.put_sign_up_form(replace(FORM, title=attack), NOW))
    assert line.startswith('<iframe src="http://127.0.0.1:8300/join/tea/embed" title="&quot;&gt;&lt;script&gt;')
    shown = signed_in(hired("marketer")).get("/consent/forms/tea").content.decode()
    assert "<script>alert" not in shown
    assert "<iframe" not in shown
    for place in ("/consent/forms", "/consent/forms/tea/preview"):
        assert "<script>alert" not in signed_in(hired("owner")).get(place).content.decode()


def test_topics_are_added_moved_changed_and_dropped() -> None:
    client = signed_in(hired("marketer"))

    def change(**told: object) -> None:
        assert client.post("/consent/topics/change", told).status_code == 302

    change(name="Tea & Teaware", channels=["email", "sms"], is_default="yes", description="Once a month")
    change(name="Tips", channels=["email"])
    change(name="Tips", channels=["email"])
    assert [(one.key, one.is_default) for one in consent.topics()] == [
        ("tea-teaware", True),
        ("tips", False),
        ("tips-2", False),
    ]
    change(key="tips-2", do="up")
    change(key="tips-2", do="up")
    change(key="tips-2", do="up")
    assert [one.key for one in consent.topics()] == ["tips-2", "tea-teaware", "tips"]
    change(key="tips-2", do="put", name="Brewing", channels=["email"], is_default="yes")
    assert consent.topics()[0] == consent.TopicOffered(key="tips-2", name="Brewing", order=0)
    change(key="tips", do="drop")
    assert [one.key for one in consent.topics()] == ["tips-2", "tea-teaware"]
    change(name="No channel")
    assert "at least one channel" in client.get("/consent/topics").content.decode()


def test_empty_pages_say_what_to_do_next() -> None:
    client = signed_in(hired("owner"))
    for place, words in (
        ("/consent", "Make a sign-up form"),
        ("/consent/topics", "everything or nothing"),
        ("/consent/forms", "Make the first form"),
    ):
        assert words in client.get(place).content.decode(), place
    assert client.get("/consent/forms/none").status_code == 404
    assert client.get("/consent/forms/none/preview").status_code == 404
