"""The pages of segments: the ready-made ones, the builder with its rows, its text and its count, one segment, dropping it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from regulars import loop
from regulars.access import api as access
from regulars.core import clock
from regulars.events import api as events
from regulars.events.kinds.customers import CustomerDescribed
from regulars.events.models import Shop
from regulars.segments import api as segments, asking
from regulars.web.know.segments import documents, typed
from regulars.web.shell import lake
from tests.events.cast import ANN, BO, NOW, placed
from tests.segments.test_members import keep, tell
from tests.web.test_routes import HERE, hired, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

TWICE = {"r.how": "all", "r.1.what": "field:orders", "r.1.op": "at_least", "r.1.value": "2"}
DEEP = {"all": [{"any": [{"all": [{"field": "orders", "is": 1}]}, {"field": "city", "is": "Rome"}]}, {"field": "net", "at_least": 5}]}  # fmt: skip
RULES: list[Any] = [
    *[draft.rule for draft in segments.ready_made()],
    {"not": {"any": [{"field": "city", "one_of": ["Rome", "Köln"]}, {"field": "first_order", "between": ["2024-01-01", "2024-02-01"]}]}},
    {"all": []},
    {"any": [{"consent": "email", "topic": "news", "is": "asked"}, {"not": {"segment": "vip"}}]},
    {"field": "attribute:renews", "between": ["2024-01-01", "2024-02-01"]},
    {"did_not": "custom:quiz", "where": [{"property": "page", "contains": "tea"}, {"property": "n", "at_least": 3}], "since": "2024-01-01"},
    {"did": "line", "sum": {"of": "amount", "between": [10, "19.90"]}, "within_days": 60, "after": "last_order"},
    {"did": "order", "last": {"at_least_days_ago": 60}},
    {"all": [{"field": "attribute:colour", "one_of": ["red", "blue"]}, {"not": {"field": "attribute:renews", "in_next_days": 7}}]},
    {"any": [{"field": "attribute:visits", "between": [1, 5]}, {"field": "birthday", "anniversary_in_days": 3}]},
    {"did": "line", "different": {"of": "product", "more_than": 2}, "until": "2024-05-01"},
]  # fmt: skip


@pytest.fixture
def client(home: Path) -> Iterator[Client]:
    """Offer the app of a shop in which Ann ordered twice and Bo once."""
    lake.forget()
    tell(placed("A1", ANN), placed("A2", ANN, day=3), placed("B1", BO))
    yield Client(**HERE)
    lake.forget()


def said(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_rule_comes_back_from_the_form_as_it_went_in(rule: Any) -> None:
    shown = typed.of(segments.Draft("x", "X", rule, {}))
    assert not shown.is_text
    assert segments.read(shown.draft().rule) == segments.read(rule)


@pytest.mark.parametrize(
    "rule",
    [
        DEEP,
        {"did": "order", "then": {"did": "refund", "within_days": 3}},
        {"field": "city", "one_of": ["Rome, Italy"]},
    ],
)
def test_what_the_rows_cannot_hold_is_shown_as_text_and_nothing_of_it_is_lost(rule: Any) -> None:
    assert documents.tree_of(rule) is None
    shown = typed.of(segments.Draft("x", "X", rule, {"target": "all"}, ["tea"]))
    assert shown.is_text
    assert shown.draft() == segments.Draft("x", "X", rule, {"target": "all"}, ["tea"])


@pytest.mark.parametrize("rule", [*RULES, DEEP], ids=str)
def test_every_rule_can_be_told_in_words(rule: Any) -> None:
    told = segments.in_words(segments.read(rule), {"vip": "Champions"})
    assert told.strip()
    assert "%(" not in told
    assert told.count("(") == told.count(")")


def test_an_empty_list_says_what_to_do_and_the_ready_made_ones_are_added_once(client: Client) -> None:
    assert "Begin with the ready-made ones" in said(client.get("/segments"))
    client.post("/segments/_ready")
    assert len(segments.listed()) == len(segments.ready_made())
    assert "http-equiv" in said(client.get("/segments")), "a page that waits for a count looks again"
    segments.drop("vip", "ann", NOW)
    keep("new", {"field": "orders", "is": 7})
    client.post("/segments/_ready")
    kept = segments.one("new")
    assert segments.one("vip") is not None
    assert kept is not None
    assert kept.rule == {"field": "orders", "is": 7}, "a changed one stays as it is"
    loop.run_once(clock.utc_now())
    page = said(client.get("/segments"))
    assert "is the largest of 15" in page
    assert "http-equiv" not in page
    assert len(list(client.get("/segments?csv=segments").streaming_content)) > 0  # type: ignore[attr-defined]


def test_the_count_says_who_fits_or_what_is_wrong_and_keeps_nothing(client: Client) -> None:
    found = said(client.post("/segments/_try", TWICE))
    assert '<p class="card-figure">1</p>' in found
    assert "/customers/1" in found
    assert "/customers/2" not in found
    wrong = said(client.post("/segments/_try", TWICE | {"r.2.what": "field:net", "r.2.value": "dear"}))
    assert "Row 2: a number must stand here" in wrong
    assert 'href="#r-2"' in wrong
    assert "there is no segment &#x27;x&#x27;" in said(
        client.post("/segments/_try", {"r.1.what": "segment", "r.1.segment": "x"})
    )
    assert "line 3" in said(
        client.post("/segments/_try", {"mode": "text", "text": "name: a\nrule:\n  field: ordres\n  is: 1\n"})
    )
    assert segments.listed() == []


def test_rows_are_drawn_by_the_server(client: Client) -> None:
    more = said(client.post("/segments/_new", TWICE | {"do": "add:r"}, headers={"HX-Request": "true"}))
    assert "<html" not in more
    assert 'name="r.2.what"' in more
    other = {"r.1.what": "did:line", "r.1.was": "field:orders", "r.1.window": "last", "r.how": "any"}
    drawn = said(client.post("/segments/_new", other, headers={"HX-Request": "true"}))
    assert 'name="r.1.denied"' in drawn
    assert 'value="2"' not in drawn, "another thing's comparison goes"
    less = client.post("/segments/_new", TWICE | {"do": "drop:r.1", "title": "Tea"})
    assert "No row yet: everybody belongs." in said(less)
    assert 'value="Tea"' in said(less), "without scripts the whole page comes back with what was typed"


def test_a_segment_is_made_shown_edited_and_dropped(client: Client) -> None:
    made = client.post("/segments/_new", TWICE | {"do": "keep", "title": "Tea Lovers", "target": "all who drink", "interests": "tea, pots"})  # fmt: skip
    assert made["Location"] == "/segments/tea-lovers"
    assert "being counted" in said(client.get("/segments/tea-lovers"))
    loop.run_once(clock.utc_now())
    page = said(client.get("/segments/tea-lovers"))
    assert "Tea Lovers: one customer" in page
    assert "number of orders is at least 2" in page
    assert "all who drink" in page
    assert "tea, pots" in page
    assert "/customers/1" in page
    assert "Tea Lovers" in said(client.get("/customers/1"))
    assert "Belongs to no segment now" in said(client.get("/customers/2"))
    assert segments.read_file(client.get("/segments/tea-lovers/segment.yaml").content.decode()).title == "Tea Lovers"
    again = client.post("/segments/_new", TWICE | {"do": "keep", "title": "Tea lovers"})
    assert again.status_code == 422
    assert "already" in said(again)
    client.post("/segments/tea-lovers/edit", TWICE | {"do": "keep", "title": "Tea", "name": "other"})
    changed = segments.one("tea-lovers")
    assert changed is not None
    assert (changed.title, changed.is_settled) == ("Tea", True), "the same rule is not counted anew"
    keep("asks", {"segment": "tea-lovers"})
    refused = client.post("/segments/tea-lovers/drop", follow=True)
    assert "asked for by asks" in said(refused)
    segments.drop("asks", "ann", NOW)
    assert client.post("/segments/tea-lovers/drop")["Location"] == "/segments"
    assert segments.listed() == []


def test_a_text_is_kept_and_its_mistakes_come_back_with_their_line(client: Client) -> None:
    as_text = said(client.post("/segments/_new", TWICE | {"do": "as-text", "title": "Tea"}))
    assert "at_least: 2" in as_text
    text = segments.written(segments.Draft("deep", "Deep", DEEP, {}))
    wrong = client.post("/segments/_new", {"mode": "text", "do": "keep", "text": text.replace("net", "nett")})
    assert (wrong.status_code, "did you mean" in said(wrong), "line" in said(wrong)) == (422, True, True)
    assert "deeper than the rows" in said(
        client.post("/segments/_new", {"mode": "text", "do": "as-rows", "text": text})
    )
    assert client.post("/segments/_new", {"mode": "text", "do": "keep", "text": text})["Location"] == "/segments/deep"
    assert "<textarea" in said(client.get("/segments/deep/edit"))
    renamed = client.post("/segments/deep/edit", {"mode": "text", "do": "keep", "text": text.replace("name: deep", "name: x")})  # fmt: skip
    assert (renamed.status_code, segments.one("x")) == (422, None)


def test_who_reads_sees_a_segment_but_no_builder_and_takes_no_list_without_the_right_to(client: Client) -> None:
    keep("buyers", {"field": "orders", "at_least": 1})
    loop.run_once(clock.utc_now())
    support, analyst = (signed_in(hired("owner") and hired(role)) for role in ("support", "analyst"))
    for reader in (support, analyst):
        page = said(reader.get("/segments/buyers"))
        assert "Drop this segment" not in page
        assert "/edit" not in page
        assert reader.get("/segments/buyers/edit").status_code == 403
        assert reader.post("/segments/_try", TWICE).status_code == 403
    assert support.get("/segments/buyers?csv=members").status_code == 404
    taken = b"".join(analyst.get("/segments/buyers?csv=members").streaming_content)  # type: ignore[attr-defined,arg-type]
    assert len(taken.splitlines()) == 3
    assert access.owner_exists()


def test_nothing_typed_breaks_the_page(client: Client) -> None:
    odd = {"r.1.what": "did:nothing", "r.2.what": "field:x", "r.3.how": "any", "r.3.1.4.what": "\0", "r.x.what": "y", "r.999.what": "<b>", "r.1.1.field": "z", "r.": "a"}  # fmt: skip
    for do in ("", "keep", "as-text", "as-rows", "add:r.7.7", "drop:", "drop:r.x", "where:r.1", "group:r.²"):
        answer = client.post("/segments/_new", odd | {"do": do, "title": "<script>"})
        assert answer.status_code in (200, 422), do
        assert b'<script>"' not in answer.content
    assert client.post("/segments/_try", odd).status_code == 200
    assert client.get("/segments/nobody").status_code == 404
    assert segments.listed() == []


def test_the_list_of_customers_is_narrowed_to_a_segment_and_filtered_further(client: Client) -> None:
    keep("buyers", {"field": "orders", "at_least": 2})
    loop.run_once(NOW)
    assert '<a href="/customers?belongs=buyers">' in said(client.get("/segments/buyers"))
    page = said(client.get("/customers?belongs=buyers"))
    assert "<h1>1 customers</h1>" in page
    assert '<option value="buyers" selected>Buyers</option>' in page
    assert 'href="/customers/1"' in page
    assert 'href="/customers/2"' not in page
    assert "<h1>0 customers</h1>" in said(client.get("/customers?belongs=buyers&orders_to=1"))
    rows = b"".join(client.get("/customers?belongs=buyers&csv=customers").streaming_content)  # type: ignore[attr-defined]
    assert rows.count(b"\n") == 2
    refused = said(client.get("/customers?belongs=no-such%00'"))
    assert "There is no segment called" in refused
    assert "<h1>0 customers</h1>" in refused
    assert client.get("/customers?belongs=no-such&csv=customers").status_code == 302


def test_a_list_narrowed_to_a_segment_follows_its_next_count(client: Client) -> None:
    keep("buyers", {"field": "orders", "at_least": 2})
    loop.run_once(NOW)
    assert "<h1>1 customers</h1>" in said(client.get("/customers?belongs=buyers"))
    keep("buyers", {"field": "orders", "at_least": 1})
    loop.run_once(clock.utc_now())
    assert "<h1>2 customers</h1>" in said(client.get("/customers?belongs=buyers"))


def test_times_are_those_of_the_shops_clocks(client: Client) -> None:
    keep("buyers", {"field": "orders", "at_least": 2})
    loop.run_once(NOW)
    Shop.objects.update(timezone="Asia/Kathmandu")
    for page in ("/segments", "/segments/buyers"):
        assert "Jun 1, 2024, 17:45 UTC+05:45" in said(client.get(page))


def test_a_segment_that_is_too_new_says_so_in_words(client: Client) -> None:
    keep("buyers", {"field": "orders", "at_least": 2})
    assert "not counted yet" in said(client.get("/segments"))
    loop.run_once(NOW)
    for page in ("/segments", "/segments/buyers"):
        assert "too new to say" in said(client.get(page))


def test_what_depends_on_everybody_is_worked_out_once_however_often_a_draft_is_asked(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    lay_out = asking.lay_out_groups
    monkeypatch.setattr(asking, "lay_out_groups", lambda *told: (made.append(told), lay_out(*told)))
    assert client.get("/customers").status_code == 200, "pages have laid out groups of their own, as of the last order"
    late = {"r.how": "all", "r.1.what": "field:late", "r.1.op": "is", "r.1.value": "no"}
    rfm = {"r.how": "all", "r.1.what": "field:rfm", "r.1.op": "known", "r.1.value": "yes"}
    for form, n in ((late, 2), (rfm, 2), (late, 2), ({**late, "r.1.value": "yes"}, 0)):
        assert f'<p class="card-figure">{n}</p>' in said(client.post("/segments/_try", form))
    assert len(made) == 1


def test_what_a_shop_keeps_itself_is_asked_for_by_its_name(client: Client) -> None:
    page = said(client.get("/segments/_new"))
    assert '<option value="attribute">A field of your own</option>' in page
    assert '<option value="field:birthday">Birthday</option>' in page
    told = CustomerDescribed(version="c2-1", name="Colour", value="100% red")
    tell(events.Told(fact=told, source="shop", occurred_at=NOW, people=BO))
    lake.forget()
    asked = {"r.how": "all", "r.1.what": "attribute", "r.1.was": "attribute", "r.1.name": "colour", "r.1.op": "contains", "r.1.value": "RED"}  # fmt: skip
    page = said(client.post("/segments/_new", {**asked, "do": "add:r"}))
    assert '<option value="colour"></option>' in page
    assert 'name="r.1.name" value="colour"' in page
    assert '<p class="card-figure">1</p>' in said(client.post("/segments/_try", asked))
    assert "Row 1:" in said(client.post("/segments/_try", {**asked, "r.1.name": " "}))
    client.post("/segments/_new", {**asked, "title": "Reds", "do": "keep"})
    assert "colour contains RED" in said(client.get("/segments/reds"))
    assert "Colour: 100% red" in said(client.get("/customers/2"))
