"""The pages Limits and Triggers, the breaker on Channels and the overview, and the check of a sender's domain."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from regulars import loop
from regulars.access import api as access
from regulars.core import clock
from regulars.messaging import api as messaging
from regulars.messaging.control import breaker
from regulars.messaging.models import Drawn, Message, Standing
from regulars.profiles import api as profiles
from regulars.sources import api as sources
from regulars.web.shell import lake
from tests.conftest import ROOT, Command

pytestmark = pytest.mark.django_db(transaction=True)
HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8300"}
STOPPED = "Marketing is stopped: 5 of 200 messages (2.50 %) of the last 7 days were called spam."


@pytest.fixture
def web(home: Path) -> Iterator[Client]:
    """Load the tiny shop and open it from this machine."""
    lake.forget()
    request = sources.Request(ROOT / "tests" / "data" / "tiny" / "orders.csv", profiles.people, clock.utc_now())
    sources.import_file("orders", request, sources.options())
    loop.run_once(clock.utc_now())
    yield Client(**HERE)
    lake.forget()


def text(web: Client, path: str) -> str:
    answer = web.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def actions() -> list[tuple[str, str]]:
    return [(one["action"], one["about"]) for one in access.deeds(None, 20)]


def stopped(level: str = "stop") -> None:
    now = clock.utc_now()
    Standing.objects.create(channel="email", level=level, sentence=STOPPED, since=now, judged_at=now)


def test_limits_are_shown_kept_and_noted(web: Client) -> None:
    shown = text(web, "/limits")
    assert "At most 1 a day and 3 a week to one person" in shown
    assert 'name="sms.per_minute"' in shown
    given = {**messaging.limits().told, "a_week": "2", "email.per_day": "500", "sms.saturday": "10-18"}
    answer = web.post("/limits", given, follow=True)
    assert "3 limits changed" in answer.content.decode()
    assert "At most 1 a day and 2 a week" in text(web, "/limits")
    assert "7-22 · 500 a day" in text(web, "/limits")
    assert sorted(about for action, about in actions() if action == "limit.changed") == [
        "a_week",
        "email.per_day",
        "sms.saturday",
    ]


def test_what_cannot_be_kept_comes_back_as_it_was_typed_with_a_sentence_at_its_field(web: Client) -> None:
    answer = web.post("/limits", {"a_day": "2", "email.per_day": "<b>many</b>"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="fault-email-per_day">“&lt;b&gt;many&lt;/b&gt;” is no number from 1 on' in shown
    assert 'name="a_day" value="2"' in shown
    assert "One limit cannot be kept" in shown
    assert messaging.limits().told["a_day"] == "1"


def test_an_open_breaker_is_told_in_one_sentence_and_closed_by_who_may(web: Client) -> None:
    assert "marketing" not in text(web, "/").lower().split("<main")[1][:600]
    stopped()
    for path in ("/", "/channels"):
        assert STOPPED in text(web, path)
    assert 'value="close"' in text(web, "/channels")
    answer = web.post("/channels", {"do": "close", "channel": "email"}, follow=True)
    assert "Marketing goes on: E-mail." in answer.content.decode()
    assert breaker.stopped() == frozenset()
    assert ("breaker.closed", "email") in actions()
    assert STOPPED not in text(web, "/")


def test_a_warning_is_shown_and_there_is_nothing_to_close(web: Client) -> None:
    stopped("warn")
    assert STOPPED in text(web, "/")
    assert 'value="close"' not in text(web, "/channels")


def test_a_trigger_is_added_switched_and_dropped(web: Client) -> None:
    assert "No fact is answered with a message yet" in text(web, "/triggers")
    assert "Begin with a thank-you" in text(web, "/triggers")
    thanks = {"do": "put", "name": "thanks", "kind": "order.placed", "template": "thank_you_sms"}
    assert web.post("/triggers", thanks).status_code == 302
    [rule] = messaging.triggers()
    assert (rule.kind, rule.channel, rule.is_active) == ("order.placed", "sms", True)
    shown = text(web, "/triggers")
    assert "One kind of fact is answered with a message" in shown
    assert "transactional: goes at once" in shown
    assert "kept in the drawer" in shown
    assert web.post("/triggers", thanks).status_code == 422
    web.post("/triggers", {"do": "off", "name": "thanks"})
    assert not messaging.triggers()[0].is_active
    web.post("/triggers", {"do": "on", "name": "thanks"})
    assert messaging.triggers()[0].is_active
    web.post("/triggers", {"do": "drop", "name": "thanks"})
    assert not messaging.triggers()
    assert [action for action, _ in reversed(actions())] == [
        "trigger.added",
        "trigger.off",
        "trigger.on",
        "trigger.dropped",
    ]


def test_an_event_of_ones_own_may_start_a_message(web: Client) -> None:
    told = {"do": "put", "name": "quiz", "kind": "own", "own": "quiz_finished", "template": "welcome"}
    assert web.post("/triggers", told).status_code == 302
    assert messaging.triggers()[0].kind == "quiz_finished"
    wrong = web.post("/triggers", {**told, "name": "loop", "own": "message.sent"})
    assert (wrong.status_code, "would never end" in wrong.content.decode()) == (422, True)
    assert web.post("/triggers", {"do": "on", "name": "nobody"}, follow=True).status_code == 200


def test_getting_a_page_changes_nothing(web: Client) -> None:
    stopped()
    for path in (
        "/limits?a_day=9",
        "/triggers?do=put&name=x&kind=order.placed&template=welcome",
        "/channels?do=close&channel=email",
    ):
        text(web, path)
    assert web.get("/channels/domain").status_code == 405
    assert (messaging.limits().told["a_day"], messaging.triggers(), breaker.stopped()) == ("1", [], {"email"})


def test_the_demo_mails_nobody_by_itself(web: Client) -> None:
    loop.run_once(clock.utc_now() + timedelta(minutes=1))
    assert messaging.triggers() == []
    assert (Message.objects.count(), Drawn.objects.count()) == (0, 0)


def test_a_senders_records_are_judged_on_the_page(web: Client) -> None:
    told = {"sender": "news@shop.example", "records": 'shop.example TXT "v=spf1 +all"\n<script>alert(1)</script>'}
    shown = web.post("/channels/domain", told).content.decode()
    assert "lets the whole world send as shop.example" in shown
    assert "things keep mails from arriving" in shown
    assert "<script>alert" not in shown
    wrong = web.post("/channels/domain", {"sender": "shop"})
    assert (wrong.status_code, "is no domain; write it like shop.example" in wrong.content.decode()) == (422, True)


@pytest.mark.slow
def test_the_commands_set_limits_and_triggers_and_judge_a_domain(command: Command, tmp_path: Path) -> None:
    assert "email.per_day = 500" in command("limits", "set", "email.per_day=500").stdout
    refused = command("limits", "set", "email.per_day=many")
    assert (refused.returncode, "digits alone" in refused.stderr) == (1, True)
    assert "email.per_day           500" in command("limits", "show").stdout
    added = command(
        "triggers", "add", "thanks", "--after", "order.placed", "--template", "thank_you_sms", "--channel", "sms"
    )
    assert added.stdout == "After each order.placed from now on: thank_you_sms by sms.\n"
    assert command("triggers", "off", "thanks").returncode == 0
    assert "off  thanks" in command("triggers", "list").stdout
    records = tmp_path / "records.txt"
    records.write_text('shop.example TXT "v=spf1 -all"\n')
    judged = command("doctor", "--from", "shop.example", "--records", records)
    assert (judged.returncode, "BAD  DMARC" in judged.stdout) == (1, True)
