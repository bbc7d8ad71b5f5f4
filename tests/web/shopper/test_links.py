"""Scanners fetch every link of a mail: nothing may come of it, in any table."""

import pytest

from regulars.consent import api as consent
from regulars.core import clock
from regulars.core.settings import base_url, current
from regulars.messaging import api as messaging, templates
from regulars.messaging.models import Message
from tests.web.shopper.ground import FORM, anybody, everything, links, may, shop, topics

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
KEYS = [f"{n:032x}" for n in range(4)]


def mails(customer: int) -> str:
    """Return everything that goes out to somebody: starters as mail with their headers, and the message that asks to confirm."""
    whole = []
    for name, key in zip(("newsletter", "win_back", "welcome"), KEYS, strict=False):
        about = messaging.Addressed(
            key=key, customer_id=customer, channel="email", is_marketing=True, base=base_url(current()), topic="news",
            name=name, to="ann@example.com", sender="news@shop.example",
        )  # fmt: skip
        starter = templates.starters()[name]
        given = {**starter.sample, **messaging.links_for(about)}
        letter = templates.compile(starter.document, templates.SAMPLE_THEME).render(given, "en")
        whole += [
            letter.html,
            letter.text,
            *messaging.headers_for(about).values(),
            *messaging.links_for(about).values(),
        ]
    messaging.sign_up(messaging.SignUp(form=FORM, address="dov@example.com", ip="192.0.2.1"), clock.utc_now())
    starter = templates.starters()["confirm_subscription"]
    data = {
        **starter.sample,
        "confirm_url": "".join(f"{base_url(current())}{one}" for one in links(Message.objects.get().data)),
    }
    asked = templates.compile(starter.document, templates.SAMPLE_THEME).render(data, "en")
    return " ".join([*whole, asked.html, asked.text])


def test_fetching_every_link_of_every_mail_changes_no_row_of_any_table() -> None:
    topics()
    ann = shop()["ann"]
    consent.put_sign_up_form(FORM, clock.utc_now())
    found = links(mails(ann))
    assert {one.split("/")[1] for one in found} == {"u", "p", "confirm"}
    assert len(found) == 3 + 1 + 1  # a way out for each mail, one page of choices, one confirmation
    before, client = everything(), anybody()
    for place in (*found, "/join/tea", "/join/tea/embed"):
        for method, allowed in (("get", 200), ("head", 200), ("options", 405), ("put", 405), ("delete", 405)):
            answer = getattr(client, method)(place, HTTP_PURPOSE="prefetch", HTTP_SEC_PURPOSE="prefetch")
            assert answer.status_code == allowed, (method, place)
            assert not answer.cookies
    assert everything() == before
    assert may(ann)
