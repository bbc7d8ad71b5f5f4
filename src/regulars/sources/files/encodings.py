"""Encodings of text files: recognising them, and decoding so that a broken byte is seen and stops nothing."""

import codecs
import re
from pathlib import Path

from regulars.sources.files.options import CannotRead

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
BLOCK = 1 << 20
KEEP_BROKEN = "regulars-keep-broken"
_BROKEN = re.compile("[\ud800-\udfff]")


def _keep(problem: UnicodeError) -> tuple[str, int]:
    """Turn each undecodable byte into a letter that no text has, a lone surrogate; a true U+FFFD stays a good letter."""
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    broken = problem.object[problem.start : problem.end]
    return "".join(chr(0xDC00 + byte) for byte in broken), problem.end


codecs.register_error(KEEP_BROKEN, _keep)


def broken_byte(text: str) -> str | None:
    """Return the first byte that could not be decoded, in hexadecimal.

    >>> broken_byte("Zo" + chr(0xDCE9)), broken_byte("Zoé")
    ('0xE9', None)
    """
    if text.isascii():
        return None
    found = _BROKEN.search(text)
    return f"0x{ord(found.group()) & 0xFF:02X}" if found else None


def checked(encoding: str, name: str) -> str:
    """Return the usual name of an encoding that a user named, if text files are written in it."""
    plain = "".join(map(chr, range(128)))
    try:
        known = codecs.lookup(encoding).name
        if plain.encode(known).decode(known) == plain and known != "utf-7":
            return known
    except (LookupError, UnicodeError, TypeError, AttributeError):
        pass
    raise CannotRead(f"'{encoding}' is not an encoding of text files; for {name} try utf-8, latin-1 or utf-16")


def guessed(sample: bytes, path: Path) -> str:
    """Return the encoding of a file that begins like this: by its mark, else UTF-8 where that fits, else Western."""
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    beginning = sample[:200]
    if beginning.count(0) > len(beginning) // 3:
        return "utf-16-le" if beginning[1:2] == b"\0" else "utf-16-be"
    telling = sample if not sample.isascii() else _first_telling(path)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(telling)
    except UnicodeDecodeError:
        return "utf-8" if _mostly_utf8(telling) else "cp1252"
    return "utf-8"


def _first_telling(path: Path) -> bytes:
    """Return the block around a file's first letter that is not ASCII, wherever it stands."""
    with path.open("rb") as handle:
        while block := handle.read(BLOCK):
            if not block.isascii():
                return block
    return b""


def _mostly_utf8(sample: bytes) -> bool:
    """Tell UTF-8 with a few broken bytes from a one-byte encoding: count the letters that did decode."""
    text = codecs.getincrementaldecoder("utf-8")(errors=KEEP_BROKEN).decode(sample)
    broken = len(_BROKEN.findall(text))
    return sum(1 for letter in text if ord(letter) > 127) - broken > broken
