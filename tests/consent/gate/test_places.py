"""Where a recipient may be: by country, state, postcode, phone and the zone that was told."""

import importlib.resources
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType, geocoder

from regulars.consent.gate import is_zone, place_of, zones_of
from regulars.consent.gate.quiet import places
from regulars.consent.gate.quiet.countries import COUNTRIES
from regulars.consent.gate.quiet.states import AREA_CODES, CODES, STATES, ZIP_CODES

NEW_YORK, CHICAGO, DENVER, LOS_ANGELES = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
ALL_OF_THE_STATES = COUNTRIES["US"]

# country, region, postcode, phone, told zone, and the zones
TOLD: list[tuple[str, str, str, str, str | None, tuple[str, ...]]] = [
    ("", "", "", "", None, ()),
    ("Atlantis", "", "", "not a number", "Mars/Base", ()),
    ("de", "Bayern", "80331", "", None, ("Europe/Berlin",)),
    ("NP", "", "", "", None, ("Asia/Kathmandu",)),
    ("US", "", "", "", None, ALL_OF_THE_STATES),
    ("US", "New  York", "", "", None, (NEW_YORK,)),
    ("US", "us-fl", "", "", None, (NEW_YORK, CHICAGO)),
    ("US", "", "98101-1234", "", None, (LOS_ANGELES,)),
    ("US", "CA", "10001", "", None, (LOS_ANGELES, NEW_YORK)),  # they disagree: both
    ("US", "", "09012", "", None, ALL_OF_THE_STATES),  # a soldier abroad
    ("US", "", "", "+12125550100", None, (NEW_YORK,)),
    ("US", "TX", "", "+12125550100", None, (CHICAGO, DENVER, NEW_YORK)),  # moved, and kept the number
    ("US", "TX", "", "+18005550100", None, (CHICAGO, DENVER)),  # a toll-free number says nothing
    ("US", "", "", "+18005550100", None, ALL_OF_THE_STATES),
    ("DE", "", "", "+4917112345678", None, ("Europe/Berlin",)),
    ("DE", "", "", "+442071234567", None, ("Europe/Berlin", "Europe/London")),
    ("", "", "", "+9779812345678", None, ("Asia/Kathmandu",)),
    ("ES", "", "", "", None, ("Europe/Madrid", "Atlantic/Canary")),
    ("ES", "", "35001", "+34612345678", None, ("Atlantic/Canary",)),
    ("ES", "", "28001", "+34612345678", None, ("Europe/Madrid",)),
    ("FR", "", "75001", "", None, ("Europe/Paris",)),
    ("FR", "", "97400", "", None, ("Indian/Reunion",)),
    ("PT", "", "9500-321", "", None, ("Atlantic/Azores",)),
    ("CA", "Saskatchewan", "", "", None, ("America/Regina", "America/Edmonton")),
    ("AU", "QLD", "", "", None, ("Australia/Brisbane",)),
    ("US", "TX", "", "+12125550100", "Asia/Tokyo", ("Asia/Tokyo",)),
    ("DE", "", "", "", "localtime", ("Europe/Berlin",)),
]


@pytest.mark.parametrize("case", TOLD)
def test_the_zones_somebody_may_be_in(case: tuple[str, str, str, str, str | None, tuple[str, ...]]) -> None:
    country, region, postcode, phone, told, zones = case
    assert zones_of(country, region, postcode, phone, told) == zones


LANDS = [
    (("US", "", "", "+13055550100", None), {("US", "FL")}),
    (("US", "Texas", "", "+13055550100", None), {("US", "TX"), ("US", "FL")}),
    (("DE", "", "", "+13055550100", None), {("DE", ""), ("US", "FL")}),
    (("", "", "", "+33612345678", "Asia/Tokyo"), {("FR", "")}),
    (("US", "", "06390", "", None), {("US", "CT"), ("US", "NY")}),
    (("US", "Bavaria", "", "", None), {("US", "")}),
    (("", "FL", "33101", "", None), set()),
]


@pytest.mark.parametrize(("told", "lands"), LANDS)
def test_the_lands_whose_rules_may_hold(
    told: tuple[str, str, str, str, str | None], lands: set[tuple[str, str]]
) -> None:
    assert place_of(*told).lands == lands


@cache
def clocks(zone: str) -> tuple[timedelta | None, ...]:
    """Return how a zone's clocks stand every six hours of four years."""
    start, info = datetime(2026, 6, 1, tzinfo=UTC), ZoneInfo(zone)
    return tuple((start + n * timedelta(hours=6)).astimezone(info).utcoffset() for n in range(4 * 365 * 4))


@pytest.mark.slow
def test_every_zone_of_every_country_is_there_or_one_whose_clocks_agree() -> None:
    listed = (importlib.resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in listed.splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            assert clocks(zone) in {clocks(known) for known in COUNTRIES[country]}, f"{country} lacks {zone}"


def test_every_zone_of_the_tables_exists() -> None:
    assert all(is_zone(zone) for zones in (*COUNTRIES.values(), *STATES.values()) for zone in zones)


def test_states_lie_within_their_country() -> None:
    for (country, state), zones in STATES.items():
        if state not in ("PR", "VI", "GU", "MP", "AS"):
            known = {clocks(zone) for zone in COUNTRIES[country]}
            assert all(clocks(zone) in known for zone in zones), state


def test_a_states_area_codes_are_where_the_numbering_plan_has_them() -> None:
    wrong = []
    names = {
        code: name for (country, name), code in CODES.items() if country == "US" and len(name) > 2 and name[2] != "-"
    }
    for area, state in AREA_CODES.items():
        place = geocoder.description_for_number(phonenumbers.parse(f"+1{area}5550123"), "en")
        if (
            place not in ("", "United States")
            and not place.endswith(f", {state}")
            and names[state] not in place.upper()
        ):
            wrong.append((area, state, place))
    assert not [one for one in wrong if one[1] not in ("DC", "VI")]


def test_every_state_has_a_postcode() -> None:
    assert {state for states in ZIP_CODES.values() for state in states} | {"MP", "AS"} == {
        state for country, state in STATES if country == "US"
    }


def test_a_number_that_is_not_read_would_have_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = PhoneNumberType.values()
    asked = [
        (country, postcode, phone)
        for country in COUNTRIES
        for kind in kinds
        if (number := phonenumbers.example_number_for_type(country, kind))
        for phone in [f"+{number.country_code}{number.national_number}", f"+{number.country_code}1"]
        for postcode in ("", "97400")
    ]
    asked += [(country, "", phone) for country in ("DE", "FR", "GB", "") for _, _, phone in asked[::7]]
    found = [place_of(country, "", postcode, phone, None) for country, postcode, phone in asked]
    assert sum(places._says_no_more(phone, places._by_address(country, "", "")) for country, _, phone in asked) > 1000
    monkeypatch.setattr(places, "_says_no_more", lambda phone, address: False)
    assert [place_of(country, "", postcode, phone, None) for country, postcode, phone in asked] == found
