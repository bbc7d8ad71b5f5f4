"""Brings what people type into one plain form: no case, no accents, no emoji, sentences apart, quoted mail cut off."""

import re
import unicodedata

# Letters that are letters of their own and not an accent on another.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h"})
_ENDS = re.compile(r"[.!?;:…\n\r]+")
_APOSTROPHES = re.compile(r"['’‘`´ʼ＇]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe0e\ufe0f\ufeff]")
_SPELT_OUT = re.compile(r"\b(?:\w[\s.\-_*]+){2,}\w\b")
_LONG = re.compile(r"([^\W\d])\1{2,}")
# Where an answer by mail ends and the message that it answers begins, or a signature.
_QUOTED = re.compile(
    r"^(?:>.*|-{2,}\s*|_{5,}|-+ ?(?:original|ursprüngliche|message d|mensaje|messaggio|oorspronkelijk).*"
    r"|(?:on|am|le|el|il|em|op|dnia|den|dne) .{4,200}?(?:wrote|schrieb|écrit|escribió|escreveu|scritto|schreef|napisał\w*|skrev|napsal\w*).*:"
    r"|(?:from|von|de|da|van|od|från|fra): .*@.*|(?:sent from my|von meinem|envoyé de(?:puis)? mon|gesendet von) .*)\s*$",
    re.IGNORECASE | re.MULTILINE,
)


def sentences(text: str) -> list[str]:
    """Return the sentences of a reply in plain form: words of letters and digits, one space between them.

    >>> sentences("  STÓP!!! 🛑 Please don’t text me…\\nOn Mon, Jan 5, 2026, Shop wrote:\\n> unsubscribe here")
    ['stop', 'please dont text me']
    >>> sentences("S T O P"), sentences("s.t.o.p."), sentences("Ｓｔｏｏｏｏｐ"), sentences("ARRÊT"), sentences("👍")
    (['stop'], ['stop'], ['stop'], ['arret'], [])
    """
    own = _QUOTED.split(text, maxsplit=1)[0] if _QUOTED.search(text) else text
    return [found for part in _ENDS.split(_spelt(_plain(own))) if (found := " ".join(re.findall(r"[^\W_]+", part)))]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", _INVISIBLE.sub("", _APOSTROPHES.sub("", text))).casefold()
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return _LONG.sub(r"\1", letters.translate(_PLAIN))


def _spelt(text: str) -> str:
    """Join what is spelt letter by letter."""
    return _SPELT_OUT.sub(lambda found: "".join(re.findall(r"\w", found[0])), text)
