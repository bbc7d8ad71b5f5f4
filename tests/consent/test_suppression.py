"""Addresses that get nothing: by fingerprint alone, for ever or for a rest, also after their owner is erased."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from regulars.consent import api as consent
from regulars.consent.models import Confirmation, Consent, Suppression
from regulars.events import api as events
from regulars.events.models import Inbox, Log
from regulars.profiles.models import Customer, Identity
from tests.consent.people import FORM, imported, may, rows, shop, tick
from tests.events.cast import ANN, BO, NOW, placed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

DAY = timedelta(days=1)


def why(address: str, channel: str = "email", day: int = 0) -> str:
    found = consent.suppressed(channel, [address], NOW + day * DAY)
    return found[address].reason if found else ""


def test_an_address_is_kept_from_at_once_and_the_log_agrees() -> None:
    consent.suppress("email", ["Ann@Example.com "], "hard_bounce", NOW)
    assert (why("ann@example.com"), why(" ANN@example.com"), why("bo@example.com")) == (
        "hard_bounce",
        "hard_bounce",
        "",
    )
    assert why("ann@example.com", "sms") == ""
    before = rows()
    tick()
    consent.rebuild(NOW)
    assert rows() == before
    consent.reset()
    consent.rebuild(NOW)
    assert rows() == before


def test_the_weightiest_reason_is_told_and_each_is_taken_back_by_itself() -> None:
    for reason in ("hard_bounce", "complaint"):
        consent.suppress("email", ["ann@example.com"], reason, NOW)
    assert why("ann@example.com") == "complaint"
    assert consent.release("email", ["ann@example.com"], ["complaint"], NOW + DAY) == 1
    assert why("ann@example.com") == "hard_bounce"
    assert consent.release("email", ["ann@example.com"], ["complaint"], NOW + DAY) == 0
    tick()
    assert why("ann@example.com") == "hard_bounce"
    consent.suppress("email", ["ann@example.com"], "complaint", NOW + 2 * DAY)
    assert why("ann@example.com") == "complaint"


def test_no_address_is_kept_anywhere() -> None:
    consent.suppress("email", ["ann@example.com"], "manual", NOW)
    tick()
    kept = f"{list(Suppression.objects.values())}{list(Log.objects.values())}{list(Inbox.objects.values())}"
    assert "example.com" not in kept
    with events.open_moment() as moment:
        assert moment.rows("SELECT customer_id, len(fingerprint) FROM facts.address_suppressed") == [(0, 64)]


def test_a_changed_key_of_the_home_forgets_nobody() -> None:
    with override_settings(SECRET_KEY="first", SECRET_KEY_FALLBACKS=[]):
        consent.suppress("email", ["ann@example.com"], "complaint", NOW)
        token = consent.preference_token(1, "ann@example.com")
    with override_settings(SECRET_KEY="second", SECRET_KEY_FALLBACKS=["first"]):
        assert why("ann@example.com") == "complaint"
        assert consent.read_preference_token(token).is_for("ann@example.com")
        assert consent.release("email", ["ann@example.com"], ["complaint"], NOW + DAY) == 1
        assert why("ann@example.com") == ""


def test_soft_bounces_on_three_days_give_an_address_a_rest_of_ninety_days() -> None:
    def bounced(day: int) -> list[str]:
        return consent.soft_bounced("email", ["ann@example.com"], NOW + day * DAY)

    assert [bounced(day) for day in (0, 0, 0, 4)] == [[], [], [], []]
    consent.arrived("email", ["ann@example.com"])
    assert [bounced(day) for day in (5, 6)] == [[], []]
    assert why("ann@example.com", day=6) == ""
    assert bounced(9) == ["ann@example.com"]
    assert (why("ann@example.com", day=9), why("ann@example.com", day=99)) == ("soft_bounces", "soft_bounces")
    assert why("ann@example.com", day=100) == ""
    assert bounced(101) == []


def test_what_nobody_knows_is_refused() -> None:
    for channel, reason in (("post", "manual"), ("email", "bored")):
        with pytest.raises(consent.BadStatement):
            consent.suppress(channel, ["ann@example.com"], reason, NOW)


def test_ten_thousand_addresses_are_looked_up_in_a_few_questions() -> None:
    addresses = [f"p{n}@example.com" for n in range(10_000)]
    consent.suppress("email", addresses[:50], "complaint", NOW)
    with CaptureQueriesContext(connection) as asked:
        found = consent.suppressed("email", addresses, NOW)
    assert (len(asked), set(found)) == (1, set(addresses[:50]))


def test_an_erased_person_leaves_fingerprints_only_and_an_import_brings_no_mail(home: Path) -> None:
    people = shop()
    ann, bo = people["ann"], people["bo"]
    consent.give(ann, FORM, NOW)
    consent.give(bo, FORM, NOW)
    consent.request(ann, "ann@example.com", FORM, NOW)
    consent.soft_bounced("email", ["ann@example.com"], NOW)
    tick()
    consent.forget(ann, ["ann@example.com", "+4930123456"], NOW)
    Customer.objects.filter(id=ann).delete()  # what erasing a person does elsewhere
    Identity.objects.filter(customer_id=ann).delete()
    assert [row.customer_id for row in Consent.objects.all()] == [bo]
    assert not Confirmation.objects.exists()
    assert (why("ann@example.com"), why("+4930123456", "sms"), why("+4930123456", "whatsapp")) == ("erased",) * 3
    assert consent.withdraw(ann, FORM, NOW) == consent.Recorded(0, is_new=False)
    events.append([imported({"email": "ann@example.com"}, "v9", NOW + DAY, accepts_email=True)], NOW + DAY)
    tick(NOW + DAY)
    assert why("ann@example.com", day=9) == "erased"


def test_forgetting_takes_the_merged_along() -> None:
    people = shop()
    consent.give(people["bo"], FORM, NOW)
    events.append([placed("M1", {**ANN, "email": BO["email"]})], NOW)
    tick()
    assert may(people["ann"]) == "express"
    consent.forget(people["bo"], ["ann@example.com", "bo@example.com"], NOW)
    assert not Consent.objects.exists()
