"""The pages of journeys: the list, one with everybody in it, switching it, the editor by forms and by text, a customer's runs."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from regulars.core.documents import yaml
from regulars.journeys import api as journeys
from regulars.web.decide.journeys import flow, forms, parts
from regulars.web.decide.journeys.opened import opened
from regulars.web.shell import lake
from tests.journeys.telling import ANN, START, after, on, ordered, tell, walk
from tests.web.test_routes import HERE, hired, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = """\
name: everything
title: Every kind of step
subject: order
trigger: {fact: order, where: [{field: total, at_least: 20}]}
audience: {all: [{field: orders, at_least: 1}, {not: {segment: vip}}]}
again: {after: 90 days}
exit_on: [refund, {fact: "custom:quiz", where: [{property: page, contains: tea}]}]
goal: order
priority: 60
holdout: 12.5
group: care
topic: news
steps:
  - wait: {for: 5 days}
  - wait: {until: "10:00", on: [monday, tuesday]}
  - branch:
      - when: {field: net, at_least: 100}
        steps:
          - send: {template: thank_you, channel: sms, or: [email]}
          - exit: thanked
      - otherwise:
          - label: ask
          - send: thank_you
  - wait: {until_fact: {fact: order, where: [{field: total, more_than: 5}]}, at_most: 10 days}
    came: [{exit: came back}]
    timed_out:
      - split: offer
        arms:
          - {name: none, share: 50, steps: [exit]}
          - {name: code, share: 50, steps: [{goto: ask}]}
"""
SHORT = """\
name: short
title: A short one
trigger: order
steps:
  - split: tone
    arms:
      - {name: warm, share: 50, steps: [{wait: {for: 2 days}}]}
      - {name: plain, share: 50, steps: [{wait: {for: 3 days}}]}
  - send: no_such_template
"""


@pytest.fixture
def client(home: Path) -> Iterator[Client]:
    """Offer the app."""
    lake.forget()
    yield Client(**HERE)
    lake.forget()


def said(answer: Any) -> str:
    return str(answer.content.decode())


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def text_of(page: str) -> str:
    found = re.search(r'name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1].replace("&#x27;", "'").replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")  # fmt: skip


def press(client: Client, page: str, do: str, **fields: str) -> str:
    """Press a button of the editor as a browser without scripts does, with some fields filled in."""

    told = {"text": text_of(page), "seen": hidden(page, "seen"), "open": hidden(page, "open")}
    return said(client.post("/journeys/_new", told | {name.replace("__", "."): value for name, value in fields.items()} | {"do": do}))  # fmt: skip


def steps_of(page: str) -> Any:
    return yaml.read(text_of(page)).value["steps"]


def filled(document: dict[str, Any], place: str) -> dict[str, str]:
    """Return the fields of an open part as the template names them, as they stand."""
    from django.template.loader import render_to_string

    tree = forms.rows(document, place)
    part = opened(document, place, tree)
    page = render_to_string("web/decide/journeys/open.html", {"part": part, "open": place, "here": "/x", "standing": True})  # fmt: skip
    told = {}
    for one in re.finditer(r'<input([^>]*?)>|<textarea([^>]*?)>\n(.*?)</textarea>|<select([^>]*?)>(.*?)</select>', page, re.DOTALL):  # fmt: skip
        head = one[1] or one[2] or one[4]
        name = re.search(r'name="([^"]+)"', head)
        value = re.search(r'value="([^"]*)"', head)
        if not name or ('type="checkbox"' in head and "checked" not in head):
            continue
        chosen = re.search(r'<option value="([^"]*)" selected', one[5] or "") or re.search(r'<option value="([^"]*)"', one[5] or "")  # fmt: skip
        told[name[1]] = one[3] if one[2] else chosen[1] if one[4] and chosen else value[1] if value else ""
    return told


def test_every_form_leaves_what_it_shows_as_it_is(home: Path) -> None:
    document = yaml.read(EVERYTHING).value
    places = ["settings", "trigger", "audience", "goal", "exit_on[1]", "exit_on[2]"]
    places += [one.place for one in flow.flat(flow.drawn(document["steps"], flow.Around()))]
    assert len(places) > 20
    for place in places:
        changed = yaml.read(EVERYTHING).value
        given = filled(changed, place) if forms.kind(changed, place) else {}
        forms.apply(changed, place, given, forms.typed_rows(given))
        assert journeys.read_file(yaml.write(changed)) == journeys.read_file(yaml.write(document)), place
    assert parts.labels(document) == ["ask"]


def test_an_empty_list_says_what_to_do_and_a_journey_that_cannot_go_on_comes_first(client: Client) -> None:
    assert "Begin with a short one" in said(client.get("/journeys"))
    journeys.put(SHORT, "ann", START)
    page = said(client.get("/journeys"))
    assert "No journey is on" in page
    assert "never switched on" in page


def test_who_stands_where_and_went_which_way_is_read_from_the_flow_and_the_customers_page(client: Client) -> None:
    on(SHORT.replace("no_such_template", "thank_you"))
    tell(START, ordered("A1", ANN, START))
    walk(START)
    page = said(client.get("/journeys/short"))
    assert "1 here now" in page
    assert "1 went this way" in page
    assert "By chance, and for good: tone" in page
    assert "50 % of them" in page
    walk(after(days=4))
    assert "the journey&#x27;s end" in said(client.get("/journeys/short"))
    story = said(client.get("/customers/1"))
    assert "A short one" in story
    assert "3. asked for thank_you" in story or "asked for thank_you" in story
    assert "journey.yaml" in page
    assert client.get("/journeys/short/journey.yaml").content.decode() == journeys.text("short")
    assert client.get("/journeys/short?version=7").status_code == 404


def test_switching_is_refused_with_the_reason_and_done_where_it_can_be(client: Client) -> None:
    journeys.put(SHORT, "ann", START)
    refused = said(client.post("/journeys/short/switch", {"do": "activate"}, follow=True))
    assert "there is no template" in refused
    journeys.put(SHORT.replace("no_such_template", "thank_you"), "ann", START)
    for do, state in (("activate", "active"), ("pause", "paused"), ("drain", "draining"), ("stop", "off")):
        client.post("/journeys/short/switch", {"do": do})
        told = journeys.one("short")
        assert told is not None
        assert told.state == state
    assert client.post("/journeys/short/switch", {"do": "burn"}).status_code == 404
    assert "what happened in it stays known" in said(client.post("/journeys/short/switch", {"do": "drop"}, follow=True))


def test_a_journey_is_built_by_forms_alone(client: Client) -> None:
    page = said(client.get("/journeys/_new"))
    page = press(client, page, "add:wait-for:steps", p__title="Tea again", p__name="", p__again="always")
    assert yaml.read(text_of(page)).value["name"] == "tea-again"
    page = press(client, page, "add:branch:steps", p__how="wait-for", p__for__n="2", p__for__unit="week")
    page = press(client, page, "otherwise:steps[2]")
    page = press(client, page, "open:steps[2].branch[1]")
    assert 'name="r.1.what"' in page
    page = press(client, page, "add:send:steps[2].branch[1].steps", **{"r.how": "all", "r.1.what": "field:net", "r.1.op": "at_least", "r.1.value": "50"})  # fmt: skip
    page = press(client, page, "add:exit:steps[2].branch[2].otherwise", p__template="thank_you", p__channel="sms", **{"p.or.1": "email"})  # fmt: skip
    page = press(client, page, "add:split:steps", p__name="no tea")
    page = press(client, page, "up:steps[3]", **{"p.name": "half", "p.arm.1.name": "a", "p.arm.1.share": "30", "p.arm.2.name": "b", "p.arm.2.share": "70"})  # fmt: skip
    page = press(client, page, "drop:steps[1]")
    kept = client.post("/journeys/_new", {"text": text_of(page), "seen": hidden(page, "seen"), "open": "", "do": "keep"})  # fmt: skip
    assert kept["Location"] == "/journeys/tea-again"
    split, branch = yaml.read(journeys.text("tea-again") or "").value["steps"]
    assert [(arm["name"], arm["share"]) for arm in split["arms"]] == [("a", 30), ("b", 70)]
    assert branch["branch"][0] == {
        "when": {"field": "net", "at_least": 50},
        "steps": [{"send": {"template": "thank_you", "channel": "sms", "or": ["email"]}}],
    }
    assert branch["branch"][1] == {"otherwise": [{"exit": "no tea"}]}
    again = client.post("/journeys/_new", {"text": text_of(page), "do": "keep"})
    assert (again.status_code, "Choose another name" in said(again)) == (422, True)


def test_a_mistake_is_said_at_its_step_as_one_types_and_nothing_is_kept(client: Client) -> None:
    told = {"text": EVERYTHING.replace("5 days", "5 dayz"), "seen": "", "open": ""}
    typed = said(client.post("/journeys/_new", told, headers={"HX-Request": "true"}))
    assert re.search(r'id="steps-1-fault">a length of time must stand here', typed)
    assert 'data-line="14"' in typed
    broken = said(client.post("/journeys/_new", told | {"text": "name: ["}, headers={"HX-Request": "true"}))
    assert 'id="flow-box"' not in broken, "the flow stays as it was while the text cannot be read"
    page = said(client.post("/journeys/_new", told | {"text": EVERYTHING, "do": "open:steps[1]"}))
    typed = said(client.post("/journeys/_new", {"text": EVERYTHING, "seen": hidden(page, "seen"), "open": "steps[1]", "p.how": "wait-for", "p.for.n": "x", "p.for.unit": "day"}, headers={"HX-Request": "true"}))  # fmt: skip
    assert re.search(r'id="steps-1-fault" hx-swap-oob="true">a length of time', typed)
    assert "for: x days" in text_of(typed)
    assert journeys.listed() == []


def test_a_text_changed_by_hand_wins_over_the_open_form_and_a_file_over_both(client: Client) -> None:
    page = said(client.post("/journeys/_new", {"text": EVERYTHING, "do": "open:steps[1]"}))
    by_hand = {"text": EVERYTHING.replace("5 days", "6 days"), "seen": hidden(page, "seen"), "open": "steps[1]", "p.how": "wait-for", "p.for.n": "9", "p.for.unit": "day", "do": "shape"}  # fmt: skip
    assert steps_of(said(client.post("/journeys/_new", by_hand)))[0] == {"wait": {"for": "6 days"}}
    file = SimpleUploadedFile("short.yaml", b"\xef\xbb\xbf" + SHORT.encode())
    assert text_of(said(client.post("/journeys/_new", by_hand | {"do": "import", "file": file}))) == SHORT
    assert client.post("/journeys/_new", {"text": "x" * 300_000, "do": "keep"}).status_code == 422


def test_an_edited_journey_is_a_new_version_and_keeps_its_name(client: Client) -> None:
    journeys.put(SHORT, "ann", START)
    page = said(client.get("/journeys/short/edit"))
    assert text_of(page) == SHORT
    told = {"base": hidden(page, "base"), "text": SHORT.replace("2 days", "4 days"), "do": "keep"}
    renamed = client.post("/journeys/short/edit", told | {"text": SHORT.replace("name: short", "name: long")})
    assert (renamed.status_code, "The name must stay short" in said(renamed)) == (422, True)
    assert client.post("/journeys/short/edit", told)["Location"] == "/journeys/short"
    assert [one[0] for one in journeys.versions("short")] == [2, 1]
    late = client.post("/journeys/short/edit", told | {"text": SHORT})
    assert (late.status_code, "Somebody kept version 2 meanwhile" in said(late)) == (422, True)
    assert client.get("/journeys/nobody/edit").status_code == 404


@pytest.mark.parametrize(
    "text",
    ["[]", "steps: 3", "steps: [3, {branch: 4}, {split: [], arms: [1]}, {wait: 5}, {wait: {until_fact: []}, came: 3}, {send: [1]}, {exit: {}}]\ntrigger: {segment: [1]}\nexit_on: 4\naudience: []\nagain: []", "steps: [{branch: [3, {when: 5, steps: 3}]}]", "a: &b 1"],
)  # fmt: skip
def test_half_a_journey_is_drawn_and_its_buttons_break_nothing(client: Client, text: str) -> None:
    for do in ("look", "open:steps[1]", "open:steps[2]", "open:steps[3]", "open:steps[4]", "open:steps[5]", "open:steps[6]", "open:steps[7]", "open:trigger", "open:audience", "open:settings", "add:split:steps", "add:send:name", "up:steps[9]", "drop:", "drop:steps[0]", "way:steps[1]", "arm:steps[1]", "open:steps[1].branch[1]", "part:x", "part:exit_on", "keep"):  # fmt: skip
        answer = client.post("/journeys/_new", {"text": text, "do": do})
        assert answer.status_code in (200, 422), do
        assert escape(text) in said(answer) or do.partition(":")[0] in ("add", "part", "drop", "way"), do


def test_who_reads_sees_the_flow_and_no_button(client: Client) -> None:
    journeys.put(SHORT, "ann", START)
    reader = signed_in(hired("analyst"))
    page = said(reader.get("/journeys/short"))
    assert "By chance" in page
    assert "Switch it on" not in page
    assert reader.get("/journeys/short/edit").status_code == 403
    assert reader.post("/journeys/short/switch", {"do": "activate"}).status_code == 403
