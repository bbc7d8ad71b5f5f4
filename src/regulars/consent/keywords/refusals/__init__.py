"""Refusals in people's own words: patterns over plain sentences, put together from small parts, language by language."""

from regulars.consent.keywords.refusals import eastern, english, germanic, romance

PATTERNS = (*english.PATTERNS, *germanic.PATTERNS, *romance.PATTERNS, *eastern.PATTERNS)


def refuses(sentence: str) -> bool:
    """Say whether a sentence in plain form asks for no more messages.

    >>> refuses("please stop texting me"), refuses("dont stop texting me"), refuses("can you stop by")
    (True, False, False)
    """
    return any(pattern.search(sentence) for pattern in PATTERNS)
