"""Which locale writes the figures: the first of the reader's wishes that there are rules for."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=256)
def best(wishes: str, fallback: str) -> str:
    """Return the locale of an Accept-Language header that writes the figures.

    >>> best("de-AT,de;q=0.9,en;q=0.8", "en"), best("xx,tlh;q=0.5", "en"), best("", "en"), best("pt-BR;q=0.4,fr;q=0.9", "en")
    ('de-AT', 'en', 'en', 'fr')
    """
    for name in sorted(_wished(wishes[:200]), key=lambda wish: -wish[1]):
        try:
            Locale.parse(name[0].replace("-", "_"))
            return name[0]
        except (UnknownLocaleError, ValueError):
            continue
    return fallback


def _wished(text: str) -> list[tuple[str, float]]:
    found = []
    for part in text.split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        if name and name != "*":
            found.append((name, weight))
    return found
