"""Headers by which a mailbox knows marketing and offers the way out; nothing of it where there is nothing to leave."""

from dataclasses import replace

import pytest

from regulars.consent import api as consent
from regulars.messaging import api as messaging
from regulars.messaging.models import Brand
from tests.events.cast import NOW

MAIL = messaging.Addressed(
    key="0f" * 16, customer_id=7, channel="email", is_marketing=True, base="https://mail.shop.example", topic="news",
    name="spring", to="ann@example.com", sender="Hello@Shop.example", sender_name="Kessel & Kraut",
)  # fmt: skip


def test_marketing_mail_has_both_headers_of_rfc_8058_and_its_own_way_out() -> None:
    headers = messaging.headers_for(MAIL)
    assert set(headers) == set(messaging.SIGNED)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    start, end = "<https://mail.shop.example/u/", ">"
    token = headers["List-Unsubscribe"].removeprefix(start).removesuffix(end)
    assert headers["List-Unsubscribe"] == f"{start}{token}{end}"
    assert consent.read_unsubscribe_token(token) == consent.UnsubscribeLink(7, "email", "news", "0f" * 16)
    assert headers["List-Id"] == '"Kessel & Kraut" <news.shop.example>'


def test_the_list_and_the_sender_are_the_same_for_everybody_and_name_nobody() -> None:
    other = replace(MAIL, key="1e" * 16, customer_id=8, to="bo@example.com")
    one, two = messaging.headers_for(MAIL), messaging.headers_for(other)
    assert (one["List-Id"], one["Feedback-ID"]) == (two["List-Id"], two["Feedback-ID"])
    assert one["List-Unsubscribe"] != two["List-Unsubscribe"]
    assert len(one["Feedback-ID"].rpartition(":")[2]) in range(5, 16)  # what Gmail takes as a sender


@pytest.mark.parametrize("change", [{"is_marketing": False}, {"channel": "sms"}, {"customer_id": 0}])
def test_nothing_else_has_any_of_them(change: dict[str, object]) -> None:
    assert messaging.headers_for(replace(MAIL, **change)) == {}  # type: ignore[arg-type]


def test_a_transactional_message_has_no_link_to_leave_by() -> None:
    assert messaging.links_for(replace(MAIL, is_marketing=False)) == {}


def test_links_lead_to_the_way_out_and_to_the_choices_of_that_address() -> None:
    links = messaging.links_for(MAIL)
    token = links["preferences_url"].removeprefix("https://mail.shop.example/p/")
    assert consent.read_preference_token(token).is_for("ann@example.com")
    assert f"<{links['unsubscribe_url']}>" == messaging.headers_for(MAIL)["List-Unsubscribe"]


def test_without_https_no_mailbox_is_told_of_one_click() -> None:
    headers = messaging.headers_for(replace(MAIL, base="http://127.0.0.1:8300"))
    assert "List-Unsubscribe-Post" not in headers
    assert headers["List-Unsubscribe"].startswith("<http://127.0.0.1:8300/u/")


def test_no_name_breaks_a_header() -> None:
    bad = replace(MAIL, name="a:b\r\nBcc: x@y.z", sender_name='Evil" <x@y.z>\r\nX: y')
    headers = messaging.headers_for(bad)
    assert all(value.isprintable() and value.isascii() for value in headers.values())
    assert headers["List-Id"] == "<news.shop.example>"
    assert headers["Feedback-ID"].startswith("a-b-bcc-x-y-z:news:marketing:")


@pytest.mark.django_db
def test_the_shop_is_what_its_newest_brand_says() -> None:
    assert messaging.shop() == messaging.Shop()
    Brand.objects.create(theme='{"sender_name": "Old"}', made_at=NOW)
    Brand.objects.create(theme='{"sender_name": "Kessel", "postal_address": "Hamburg", "radius": 8}', made_at=NOW)
    assert messaging.shop() == messaging.Shop("Kessel", "Hamburg", "")
