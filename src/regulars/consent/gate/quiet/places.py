"""Where a recipient may be: the zones whose clocks may be theirs and the lands whose rules may hold, from what was told."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumberType, timezone as phone_zones

from regulars.consent.gate.quiet.countries import COUNTRIES
from regulars.consent.gate.quiet.hours import is_zone
from regulars.consent.gate.quiet.states import AREA_CODES, CODES, STATES, ZIP_CODES

Land = tuple[str, str]  # country (ISO 3166, two letters) and state, "" where unknown or without meaning

# Postcodes that lie in another zone than the rest of their country: country, beginning of the postcode, zones.
_FAR_POSTCODES = (
    ("ES", "35", ("Atlantic/Canary",)),
    ("ES", "38", ("Atlantic/Canary",)),
    ("PT", "95", ("Atlantic/Azores",)),
    ("PT", "96", ("Atlantic/Azores",)),
    ("PT", "97", ("Atlantic/Azores",)),
    ("PT", "98", ("Atlantic/Azores",)),
    ("PT", "99", ("Atlantic/Azores",)),
    ("FR", "971", ("America/Guadeloupe",)),
    ("FR", "972", ("America/Martinique",)),
    ("FR", "973", ("America/Cayenne",)),
    ("FR", "974", ("Indian/Reunion",)),
    ("FR", "975", ("America/Miquelon",)),
    ("FR", "976", ("Indian/Mayotte",)),
    ("FR", "977", ("America/Guadeloupe",)),
    ("FR", "978", ("America/Guadeloupe",)),
    ("FR", "986", ("Pacific/Wallis",)),
    ("FR", "987", COUNTRIES["PF"]),
    ("FR", "988", ("Pacific/Noumea",)),
)
_SPLIT_BY_POSTCODE = {"ES": ("Europe/Madrid",), "PT": ("Europe/Lisbon",)}  # the zone of their other postcodes
# Kinds of numbers that say in which country somebody lives; a toll-free or premium one says nothing.
_PERSONAL = (
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
)
# Calling codes, none of which begins another, of countries that have one to themselves, and one zone.
_CODES = {
    regions[0]: f"+{code}"
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items()
    if len(regions) == 1 and len(COUNTRIES.get(regions[0], ())) == 1
}


@dataclass(frozen=True, slots=True)
class Place:
    """Every zone a recipient may be in, the most likely one first, and every land whose rules may hold; empty is unknown."""

    zones: tuple[str, ...] = ()
    lands: frozenset[Land] = frozenset()


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What one source says; it is exact when it tells more than the country, or when the country has one zone only."""

    country: str = ""
    zones: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    is_exact: bool = False

    @property
    def lands(self) -> frozenset[Land]:
        return frozenset((self.country, state) for state in self.states or ("",)) if self.country else frozenset()


def place_of(country: str, region: str, postcode: str, phone: str, told_zone: str | None) -> Place:
    """Return where somebody may be. country is ISO 3166, phone E.164; all may be empty, and what makes no sense counts as empty.

    >>> place_of("US", "Texas", "", "+13055550100", None).zones
    ('America/Chicago', 'America/Denver', 'America/New_York')
    >>> sorted(place_of("US", "Texas", "", "+13055550100", None).lands)
    [('US', 'FL'), ('US', 'TX')]
    """
    says_more = phone and not _says_no_more(phone, _by_address(country, region, postcode))
    return _place(country, region, postcode, phone if says_more else "", told_zone or "")


@lru_cache(maxsize=4096)  # most people's phones say no more than their country does
def _place(country: str, region: str, postcode: str, phone: str, told_zone: str) -> Place:
    address = _by_address(country, region, postcode)
    heard = _heard(address, _by_phone(phone) if phone else _Evidence())
    zones = tuple(dict.fromkeys(zone for one in heard for zone in one.zones))
    lands = frozenset(land for one in heard for land in one.lands)
    return Place((told_zone,) if told_zone and is_zone(told_zone) else zones, lands)


def zones_of(country: str, region: str, postcode: str, phone: str, told_zone: str | None) -> tuple[str, ...]:
    """Return every zone somebody may be in, the most likely one first; none when nothing is known.

    A zone that was told (by the browser, or by the customer) stands alone. Else the address counts, and the phone beside it.

    >>> zones_of("de", "", "", "", None), zones_of("", "", "", "+97714123456", None), zones_of("", "", "", "", None)
    (('Europe/Berlin',), ('Asia/Kathmandu',), ())
    >>> zones_of("US", "", "79901", "", None), zones_of("US", "", "", "+12125550100", None)
    (('America/Chicago', 'America/Denver'), ('America/New_York',))
    >>> zones_of("US", "NY", "", "", "Asia/Kathmandu"), len(zones_of("US", "", "", "", "Mars/Base"))
    (('Asia/Kathmandu',), 8)
    """
    return place_of(country, region, postcode, phone, told_zone).zones


def _heard(address: _Evidence, number: _Evidence) -> tuple[_Evidence, ...]:
    """Choose what counts: both, but within one country the one that says nothing exact is silent beside one that does."""
    if address.country == number.country and address.is_exact != number.is_exact:
        return (address,) if address.is_exact else (number,)
    return (address, number)


def _says_no_more(phone: str, address: _Evidence) -> bool:
    """Say whether a number can tell of no other place than the address does: its calling code is that of one country alone, the
    same one, which has one zone. Reading numbers is most of what deciding about a message costs."""
    code = _CODES.get(address.country)
    return code is not None and phone.startswith(code) and address.zones == COUNTRIES[address.country]


@lru_cache(maxsize=4096)  # people share their postcodes
def _by_address(country: str, region: str, postcode: str) -> _Evidence:
    country = country.strip().upper()
    zones = COUNTRIES.get(country, ())
    if not zones:
        return _Evidence()
    if states := _states(country, region, postcode):
        found = dict.fromkeys(zone for state in states for zone in STATES[country, state])
        return _Evidence(country, tuple(found), states, is_exact=True)
    digits = "".join(sign for sign in postcode if sign.isdigit())
    far = next((far for land, start, far in _FAR_POSTCODES if land == country and digits.startswith(start)), None)
    near = far or (_SPLIT_BY_POSTCODE.get(country) if digits else None)
    return _Evidence(country, near or zones, is_exact=near is not None or len(zones) == 1)


def _states(country: str, region: str, postcode: str) -> tuple[str, ...]:
    """Return the states that region and postcode name; all of them when they disagree."""
    named = CODES.get((country, " ".join(region.upper().split())))
    coded = ZIP_CODES.get(postcode.strip()[:3], ()) if country == "US" else ()
    return tuple(dict.fromkeys((*((named,) if named else ()), *coded)))


def _by_phone(phone: str) -> _Evidence:
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return _Evidence()
    country = phonenumbers.region_code_for_number(number) or ""
    kind = phonenumbers.number_type(number)
    if country not in COUNTRIES or kind not in _PERSONAL:
        return _Evidence()
    if len(COUNTRIES[country]) == 1 or not phonenumbers.is_number_geographical(number):
        return _Evidence(country, COUNTRIES[country], is_exact=len(COUNTRIES[country]) == 1)
    zones = tuple(zone for zone in phone_zones.time_zones_for_geographical_number(number) if is_zone(zone))
    state = AREA_CODES.get(str(number.national_number)[:3]) if country == "US" else None
    return _Evidence(country, zones or COUNTRIES[country], (state,) if state else (), is_exact=bool(zones))
