"""Which country somebody means, and which law of consent holds there."""

from enum import StrEnum
from functools import cache

ALIASES = {
    "uk": "GB",
    "usa": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "great britain": "GB",
    "england": "GB",
    "holland": "NL",
}
# fmt: off
EUROPEAN_UNION = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)
# fmt: on
ALIKE = ("IS", "LI", "NO", "CH", "GB")  # the EEA; Swiss UCA art. 3(1)(o); British PECR reg. 22


class Regime(StrEnum):
    """The kind of law: ePrivacy art. 13 with the GDPR, CASL, CAN-SPAM, or the strictest where we know no better."""

    EPRIVACY = "eprivacy"
    CASL = "casl"
    CAN_SPAM = "can_spam"
    STRICTEST = "strictest"


def regime(country: str) -> Regime:
    """Return the law of a country, written as a code or in English.

    >>> [regime(one).value for one in ("de", "Canada", "US", "United Kingdom", "JP", "", "Atlantis")]
    ['eprivacy', 'casl', 'can_spam', 'eprivacy', 'strictest', 'strictest', 'strictest']
    """
    code = country_code(country)
    if code in EUROPEAN_UNION or code in ALIKE:
        return Regime.EPRIVACY
    return {"CA": Regime.CASL, "US": Regime.CAN_SPAM}.get(code, Regime.STRICTEST)


def country_code(text: str) -> str:
    """Return the two letters of a country that a shop wrote as a code or in English, blank for what is none.

    >>> country_code(" de "), country_code("Germany"), country_code("USA"), country_code("Atlantis")
    ('DE', 'DE', 'US', '')
    """
    word = text.strip()
    if len(word) == 2 and word.isascii() and word.isalpha():
        return ALIASES.get(word.lower(), word.upper())
    return _english().get(word.lower(), "") if word else ""


@cache
def _english() -> dict[str, str]:
    from babel import Locale

    named = {name.lower(): code for code, name in Locale("en").territories.items() if len(code) == 2}
    return named | ALIASES
