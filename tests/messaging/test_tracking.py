"""Links lead to their stored targets and nowhere else; following one is written down, judged and told, and changes nothing."""

import re
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.test import Client

from regulars.core import settings
from regulars.messaging import api as messaging
from regulars.messaging.models import Link, Message, Touch
from tests.messaging.returns.cast import KEY, NOW
from tests.messaging.returns.shop import HERE, facts, people, sent

pytestmark = pytest.mark.django_db
BASE = "https://r.shop.example"
TEA, POT = "https://shop.example/tea?a=1&b=2", "https://shop.example/pot"
HTML = f'<body><a href="https://shop.example/tea?a=1&amp;b=2">Tea</a><a href="{POT}">Pot</a><a href="{BASE}/u/1">Leave</a></body>'
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def at_noon(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_NOW", NOW.isoformat())
    settings.current.cache_clear()


def written(key: str = KEY) -> tuple[str, str, list[str]]:
    """Return a letter with its links led through us, and their paths."""
    html, text = messaging.tracked(HTML, f"Tea: {TEA}.", key, BASE)
    return html, text, re.findall(rf'href="{BASE}(/c/[^"]+)"', html)


def clicks() -> list[dict[str, object]]:
    return [fields for kind, fields in facts() if kind == "message.clicked"]


def test_links_lead_through_us_and_our_own_pages_do_not() -> None:
    html, text, paths = written()
    assert len(paths) == 2
    assert f'href="{BASE}/u/1"' in html
    assert "shop.example/tea" not in html + text
    assert sorted(Link.objects.values_list("url", flat=True)) == [POT, TEA]
    assert [Client(**HERE).get(path)["Location"] for path in paths] == [TEA, POT]


def test_a_batch_of_letters_is_stored_at_once(django_assert_max_num_queries: pytest.FixtureRequest) -> None:
    links = messaging.Links(BASE)
    for number in range(50):
        links.tracked(HTML, "", f"{number:032x}")
    # One statement in a transaction; PostgreSQL copies into a table of the moment first.
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        links.store()
    assert Link.objects.count() == 2


def test_without_an_address_of_ours_nothing_is_tracked_and_the_pixel_is_only_there_where_wanted() -> None:
    assert messaging.tracked(HTML, TEA, KEY, "") == (HTML, TEA)
    assert "/o/" not in written()[0]
    assert f"{BASE}/o/" in messaging.Links(BASE).tracked(HTML, "", KEY, has_pixel=True)[0]


def test_two_hundred_edited_links_lead_nowhere() -> None:
    _, _, paths = written()
    random, client, good = Random(7), Client(**HERE), {path.removeprefix("/c/") for path in paths}
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    first, second = sorted(good)
    crossed = [
        f"{first.split('.')[0]}.{second.split('.')[1]}",
        first.split(".")[0],
        f"{first}=",
        "",
        "evil.example",
        f"{first}.x",
    ]
    edited = crossed[:]
    while len(edited) < 200:
        token = list(random.choice(sorted(good)))
        for _ in range(random.randint(1, 3)):
            token[random.randrange(len(token))] = random.choice(letters)
        if "".join(token) not in good:
            edited.append("".join(token))
    for token in edited:
        answer = client.get(f"/c/{token}?url=https://evil.example/&next=//evil.example")
        assert answer.status_code == 404, token
        assert "Location" not in answer
    assert not Touch.objects.exists()


def test_what_was_signed_for_something_else_or_is_not_stored_leads_nowhere() -> None:
    _, _, (tea, _) = written()
    token = tea.removeprefix("/c/")
    assert Client(**HERE).get(f"/o/{token}.gif").status_code == 200
    assert not Touch.objects.exists()
    Link.objects.all().delete()
    assert Client(**HERE).get(tea).status_code == 404
    for target in ("javascript:alert(1)", "//evil.example", "data:text/html,x", "https:evil"):
        Link.objects.all().delete()
        links = messaging.Links(BASE, found={})
        number = links._register(TEA)
        Link.objects.create(id=number, url=target)
        assert Client(**HERE).get(tea).status_code == 404, target


def test_a_click_is_told_when_it_can_be_judged_and_changes_no_message() -> None:
    who = people()
    sent(who["ann"], "ann@example.com", state="unknown", finished_at=NOW - timedelta(hours=1))
    before = Message.objects.values().get()
    _, _, (tea, _) = written()
    answer = Client(**HERE).get(tea, HTTP_USER_AGENT=FIREFOX)
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (302, TEA, "no-store")
    assert messaging.tell_touches(NOW) == 0
    assert messaging.tell_touches(NOW + timedelta(seconds=2)) == 1
    assert messaging.tell_touches(NOW + timedelta(seconds=9)) == 0
    (click,) = clicks()
    assert (click["message_key"], click["is_machine"], len(str(click["link"]))) == (KEY, False, 32)
    assert Message.objects.values().get() == before


def test_the_first_of_a_burst_is_a_machines_too() -> None:
    who = people()
    sent(who["ann"], "ann@example.com", finished_at=NOW - timedelta(hours=1))
    for path in written()[2]:
        Client(**HERE).get(path, HTTP_USER_AGENT=FIREFOX)
    messaging.tell_touches(NOW + timedelta(seconds=5))
    assert [one["machine_reason"] for one in clicks()] == ["2 links within 2 seconds"] * 2


@pytest.mark.parametrize("headers", [{"HTTP_SEC_PURPOSE": "prefetch"}, {"HTTP_USER_AGENT": "Barracuda Sentinel"}, {}])
def test_machines_are_known(headers: dict[str, str]) -> None:
    who = people()
    sent(who["ann"], "ann@example.com", finished_at=NOW - timedelta(hours=1))
    Client(**HERE).get(written()[2][0], **{"HTTP_USER_AGENT": "", **headers})
    messaging.tell_touches(NOW + timedelta(seconds=5))
    assert clicks()[0]["is_machine"]


def test_a_head_leaves_no_trace_and_is_led_on_like_a_get() -> None:
    _, _, (tea, _) = written()
    assert Client(**HERE).head(tea)["Location"] == TEA
    assert not Touch.objects.exists()


def test_a_pixel_is_always_a_picture_and_an_open_always_a_machines() -> None:
    who = people()
    sent(who["ann"], "ann@example.com", finished_at=NOW - timedelta(hours=1))
    html, _ = messaging.Links(BASE).tracked(HTML, "", KEY, has_pixel=True)
    path = re.search(rf"{BASE}(/o/[^\"]+)", html)
    assert path
    for address in (path[1], "/o/nonsense.gif"):
        answer = Client(**HERE).get(address, HTTP_USER_AGENT=FIREFOX)
        assert (answer.status_code, answer["Content-Type"], len(answer.content)) == (200, "image/gif", 42)
    messaging.tell_touches(NOW + timedelta(seconds=5))
    opens = [fields for kind, fields in facts() if kind == "message.opened"]
    assert [one["is_machine"] for one in opens] == [True]


def test_touches_do_not_stay() -> None:
    written()
    Client(**HERE).get(written()[2][0])
    messaging.tell_touches(NOW + timedelta(seconds=5))
    messaging.tell_touches(NOW + timedelta(minutes=5))
    assert not Touch.objects.exists()
