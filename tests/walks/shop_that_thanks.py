"""A shop that thanks by text message, for the walk that kills it: `python -m tests.walks.shop_that_thanks set-up PORT KEYS`,
`… tell FIRST LAST`, `… run` (ticks and hands over until nothing is left; `run on` until it is killed) and `… states`."""

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.config.settings"


def main() -> None:
    """Do the words of the command line."""
    import django

    django.setup()
    do(sys.argv[1:])


def warm() -> None:
    """Read what the words need, before a nest divides itself for each of them."""

    import regulars.config.wsgi
    import regulars.loop  # noqa: F401


def do(words: list[str]) -> None:
    """Do these words."""
    match words:
        case ["set-up", port, keys]:
            _set_up(int(port), keys == "keys")
        case ["tell", first, last]:
            _tell(range(int(first), int(last)))
        case ["run", *on]:
            _run(goes_on=bool(on))
        case ["states"]:
            _states()


def _set_up(port: int, has_keys: bool) -> None:
    from django.core.management import call_command

    from regulars.access import api as access
    from regulars.core import clock
    from regulars.messaging import api as messaging

    call_command("migrate", verbosity=0)
    now = clock.utc_now()
    messaging.install_starters(now)
    messaging.put_trigger(messaging.Rule(name="thanks", kind="order.placed", channel="sms", template="thank_you_sms"))
    told = {
        "url": f"http://127.0.0.1:{port}/sms",
        "json_body": '{"to": "{to}", "text": "{text}", "key": "{key}"}',
        "key_header": "Idempotency-Key" if has_keys else "",
        "sender": "+4915110000000",
    }
    messaging.put_route("texts", "gateway", told, "walk", now)
    messaging.activate_route("texts", "walk", now)
    newcomer = access.Newcomer(access.owner_link(now), "Ann", "a very long passphrase", "ann@example.com")
    owner = access.create_owner(newcomer, now)
    print(access.make_token(owner, access.NewToken("shop", ("write:facts",)), now))


def _tell(numbers: range) -> None:
    """Tell paid orders at the facts door, each of a customer of its own."""
    from django.test import Client

    from regulars.core import clock

    facts = [
        {
            "kind": "order.placed",
            "event_id": f"paid-{n}",
            "occurred_at": clock.utc_now().isoformat(),
            "people": {"id": f"c{n}", "phone": f"+49151{n:08d}"},
            "fields": {"order_id": f"A{n}", "total": "12.50", "currency": "EUR"},
        }
        for n in numbers
    ]
    client = Client(REMOTE_ADDR="127.0.0.1", HTTP_HOST="127.0.0.1")
    told = json.dumps(facts)
    for _ in range(2):  # told twice changes nothing
        answer = client.post(
            "/api/facts", told, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {os.environ['TOKEN']}"
        )
        assert answer.status_code == 202, answer.content
    print("told")


def _run(goes_on: bool) -> None:
    import time

    from regulars import loop
    from regulars.core import clock
    from regulars.events.models import Inbox
    from regulars.messaging.models import Message

    print("ready", flush=True)
    waiting = Message.objects.filter(state__in=("queued", "leased", "dot", "deferred"))
    while True:
        if sum(loop.run_once(clock.utc_now()).values()):
            continue
        # Only now: a killed tick may have numbered a fact whose message nobody has asked for yet.
        if not (goes_on or Inbox.objects.exists() or waiting.exists()):
            return
        time.sleep(0.05)


def _states() -> None:
    from regulars.messaging.models import Message

    print(json.dumps(dict(Message.objects.values_list("to", "state"))))


if __name__ == "__main__":
    main()
