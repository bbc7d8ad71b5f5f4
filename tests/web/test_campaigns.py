"""The pages of campaigns: written in fields or as text, let go, undone, approved by somebody else; lists; the house's rules."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.access import api as access
from regulars.campaigns import api as campaigns
from regulars.core import clock
from regulars.web.decide.campaigns import typed
from regulars.web.shell import lake
from tests.campaigns.shop import ARMS, LETTER, open_shop, states, tick
from tests.web.test_routes import HERE, hired, signed_in

FIELDS = {"title": "The letter", "audience": "list:all", "template": "newsletter", "when": "hand", "at": "10:00", "in": "shop", "good_for": "3 days", "mode": "fields", "do": "keep"}  # fmt: skip
DOCUMENTS: list[dict[str, Any]] = [
    LETTER,
    LETTER | {"audience": {"segment": "vip"}, "topic": "news", "per_minute": 60, "subject": "Hello", "good_for": "6 hours"},
    LETTER | {"send": {"on": "2027-01-03", "at": "09:30"}},
    LETTER | {"send": {"every": "week", "weekday": "friday", "at": "10:00", "in": "recipient"}},
    LETTER | {"send": {"every": "month", "day": 31, "at": "10:00"}},
    LETTER | {"send": {"every": "month", "weekday": "tuesday", "which": "last", "at": "10:00"}},
    LETTER | {"arms": ARMS, "test": {"share": 20, "wait": "2 hours", "by": "orders", "otherwise": "b", "explore": 5}},
    LETTER | {"arms": [{"name": "a", "share": 33.5, "template": "newsletter"}, {"name": "b", "share": 66.5, "template": "win_back"}]},
    LETTER | {"again": {"after": "2 days", "subject": "Once more"}},
    LETTER | {"template": "out_for_delivery_push", "channel": "push"},
]  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_a_campaign_comes_back_from_the_form_as_it_went_in(document: dict[str, Any]) -> None:
    shown = typed.of(document)
    assert not shown.is_text
    channels = {document["template"]: document.get("channel", "email")}
    assert campaigns.read(shown.document(channels)) == campaigns.read(document)


def test_what_the_fields_cannot_hold_is_shown_as_text() -> None:
    arms = [{"name": f"a{n}", "share": 20, "subject": f"S{n}"} for n in range(5)]
    for document in (LETTER | {"arms": arms}, LETTER | {"again": {"after": "2 days", "template": "win_back"}}):
        shown = typed.of(document)
        assert shown.is_text
        assert campaigns.read(shown.document({})) == campaigns.read(document)


@pytest.fixture
def client(home: Path, db: None) -> Iterator[Client]:
    """Offer the app of a shop of three people."""
    lake.forget()
    open_shop(3, clock.utc_now() - timedelta(hours=1))
    yield Client(**HERE)
    lake.forget()


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_newsletter_from_the_form_to_what_became_of_it(client: Client) -> None:
    assert "Begin with a newsletter" in said(client.get("/campaigns"))
    assert "list:all" in said(client.get("/campaigns/_new"))
    page = said(client.post("/campaigns/_new", FIELDS, follow=True))
    assert "written, and sent to nobody yet" in page
    assert "Nothing has been sent by that" in page
    page = said(client.post("/campaigns/the-letter/act", {"do": "send"}, follow=True))
    assert "Until then nothing leaves" in page
    assert "Undo: do not send it" in page
    assert "1 campaign is planned or on its way" in said(client.get("/campaigns"))
    later = clock.utc_now() + timedelta(minutes=6)
    tick(later)
    lake.forget()
    page = said(client.get("/campaigns/the-letter"))
    assert "The letter: gone out to an audience of 3" in page, "the log has not heard of it yet"
    assert "http-equiv" in page
    tick(later)
    lake.forget()
    page = said(client.get("/campaigns/the-letter"))
    told = states("the-letter/1")
    assert f"The letter: sent to {told.get('sent', 0)} of 3" in page or f"{told.get('deferred', 0)} wait" in page
    assert "Send it once more, to everybody?" in page
    assert client.get("/campaigns/the-letter/campaign.yaml").content.startswith(b"name: the-letter\n")


def test_what_is_wrong_comes_back_with_what_was_typed(client: Client) -> None:
    answer = client.post("/campaigns/_new", FIELDS | {"template": "", "subject": "Tea & more"})
    assert answer.status_code == 422
    assert "<strong>Template.</strong>" in said(answer)
    assert 'value="Tea &amp; more"' in said(answer)
    answer = client.post("/campaigns/_new", {"mode": "text", "do": "keep", "text": "name: a\ntemplat: b\n"})
    assert (answer.status_code, "Line 2" in said(answer)) == (422, True)
    client.post("/campaigns/_new", FIELDS)
    assert "Choose another name" in said(client.post("/campaigns/_new", FIELDS))
    assert "must stay the-letter" in said(client.post("/campaigns/the-letter/edit", FIELDS | {"name": "other"}))


def test_fields_and_text_are_one_document(client: Client) -> None:
    text = said(client.post("/campaigns/_new", FIELDS | {"do": "as-text"}))
    assert "name: the-letter" in text
    written = {"mode": "text", "text": campaigns.written(LETTER | {"subject": "Hello"})}
    assert 'value="Hello"' in said(client.post("/campaigns/_new", written | {"do": "as-rows"}))
    assert campaigns.listed() == []
    client.post("/campaigns/_new", written | {"do": "keep"})
    assert campaigns.listed()[0].document["subject"] == "Hello"


def test_undone_in_time_nobody_hears_of_it(client: Client) -> None:
    client.post("/campaigns/_new", FIELDS)
    client.post("/campaigns/the-letter/act", {"do": "send"})
    page = said(client.post("/campaigns/the-letter/act", {"do": "cancel", "edition": "1"}, follow=True))
    assert "cancelled before it went" in page
    client.post("/campaigns/the-letter/act", {"do": "drop"})
    assert campaigns.listed() == []
    assert client.post("/campaigns/the-letter/act", {"do": "send"}).status_code == 404


def test_a_list_is_uploaded_or_pasted_and_strangers_are_named(client: Client) -> None:
    file = SimpleUploadedFile("fair.csv", b"email\nc2@example.com\nx@example.com\n")
    page = said(client.post("/campaigns/_lists", {"name": "fair", "file": file}))
    assert "One customer is on the list fair." in page
    assert "x@example.com" in page
    assert "single hyphens" in said(client.post("/campaigns/_lists", {"name": "Fair!", "text": "c1"}))
    assert "no text in UTF-8" in said(client.post("/campaigns/_lists", {"name": "b", "file": SimpleUploadedFile("x", b"\xff\xfe\xff")}))  # fmt: skip
    assert [one.name for one in campaigns.lists()] == ["all", "fair"]


def test_the_house_s_rules_are_kept_by_who_manages_it(client: Client) -> None:
    client.post("/campaigns/_rules", {"undo_minutes": "10", "late_hours": "3", "approval_above": "0"})
    house = campaigns.house()
    assert (house.undo_minutes, house.late_hours, house.approval_above) == (10, 3, 0)
    assert "whole numbers" in said(client.post("/campaigns/_rules", {"undo_minutes": "x"}, follow=True))
    assert "from 1 to" in said(client.post("/campaigns/_rules", {"undo_minutes": "1", "late_hours": "0"}, follow=True))


def test_a_second_person_approves_and_a_reader_only_reads(client: Client) -> None:
    owner, marketer, analyst = hired(access.Role.OWNER), hired(access.Role.MARKETER), hired(access.Role.ANALYST)
    first, second, reader = (signed_in(one) for one in (owner, marketer, analyst))
    first.post("/campaigns/_rules", {"undo_minutes": "5", "late_hours": "6", "approval_above": "0"})
    first.post("/campaigns/_new", FIELDS)
    first.post("/campaigns/the-letter/act", {"do": "send"})
    approve = 'value="approve"'
    assert approve not in said(first.get("/campaigns/the-letter"))
    assert "let it go yourself" in said(first.post("/campaigns/the-letter/act", {"do": "approve", "edition": "1"}, follow=True))  # fmt: skip
    assert approve in said(second.get("/campaigns/the-letter"))
    assert "Approved by" in said(second.post("/campaigns/the-letter/act", {"do": "approve", "edition": "1"}, follow=True))  # fmt: skip
    assert reader.get("/campaigns/the-letter").status_code == 200
    assert reader.post("/campaigns/the-letter/act", {"do": "cancel", "edition": "1"}).status_code == 403
    assert second.post("/campaigns/_rules", {}).status_code == 403
    assert reader.get("/campaigns/_new").status_code == 403
