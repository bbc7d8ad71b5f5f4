"""Finding out what a file is: compression, kind, encoding, separator, header."""

import codecs
import gzip
import io
import itertools
import json
import shutil
import zlib
from pathlib import Path

from regulars.sources.files.options import CannotRead, Options, Shape
from regulars.sources.files.records import records_of

SAMPLE_BYTES = 1 << 20
SAMPLE_RECORDS = 200
DELIMITERS = (",", ";", "\t", "|")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def unpacked(path: Path, scratch: Path) -> Path:
    """Return the file itself, or its decompressed copy in scratch when it is gzipped (by its first bytes)."""
    with path.open("rb") as handle:
        if handle.read(2) != b"\x1f\x8b":
            return path
    target = scratch / f"{path.name}.unpacked"
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
    except (OSError, EOFError, zlib.error) as problem:
        raise CannotRead(f"{path.name} is gzipped but broken ({problem}); export or copy it again") from None
    return target


def shape_of(path: Path, options: Options, has_header: bool | None) -> Shape:
    """Find out how a file is to be read; has_header None means: look."""
    with path.open("rb") as handle:
        sample = handle.read(SAMPLE_BYTES)
    if not sample.strip():
        raise CannotRead(f"{path.name} is empty; export it again")
    if sample.startswith(b"PAR1"):
        return Shape("parquet", "", "", True, ())
    encoding = options.encoding or _encoding(sample)
    text = _decoded(sample, encoding, path.name)
    if text.lstrip().startswith("{"):
        return Shape("jsonl", encoding, "", False, _json_columns(text))
    delimiter = _named(options.delimiter) or _delimiter(text)
    first = next(iter(records_of(io.StringIO(text, newline=""), delimiter)), None)
    cells = [cell.strip() for cell in first.cells] if first else []
    named = _is_header(cells) if has_header is None else has_header
    names = tuple(_unique(cells)) if named else tuple(str(place) for place in range(1, len(cells) + 1))
    return Shape("text", encoding, delimiter, named, names)


def _encoding(sample: bytes) -> str:
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    if sample[:200].count(0) > len(sample[:200]) // 3:
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return "utf-8"
    except UnicodeDecodeError:
        return "utf-8" if _mostly_utf8(sample) else "cp1252"


def _mostly_utf8(sample: bytes) -> bool:
    """Tell UTF-8 with a few broken bytes from a one-byte encoding: count the letters that did decode."""
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(1 for letter in text if ord(letter) > 127 and letter != "\ufffd") > broken


def _decoded(sample: bytes, encoding: str, name: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample)
    except LookupError:
        raise CannotRead(f"'{encoding}' is not an encoding; for {name} try utf-8 or latin-1") from None


def _named(delimiter: str | None) -> str | None:
    if delimiter is None:
        return None
    known = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "whitespace": " ", "space": " "}
    chosen = known.get(delimiter.lower(), delimiter)
    if len(chosen) != 1 or chosen in '"\r\n':
        raise CannotRead(f"'{delimiter}' cannot separate columns; write one character, tab or whitespace")
    return chosen


def _delimiter(text: str) -> str:
    """Return the separator under which most records have the first record's number of cells; a blank means white space."""
    best, best_score = ",", 0.0
    lines = list(itertools.islice(io.StringIO(text, newline=""), SAMPLE_RECORDS * 2))
    for candidate in (*DELIMITERS, " "):
        widths = [len(record.cells) for record in records_of(iter(lines), candidate)][:SAMPLE_RECORDS]
        if widths and widths[0] > 1:
            agreeing = sum(1 for width in widths if width == widths[0]) / len(widths)
            score = agreeing * (1 + min(widths[0], 100) / 1000) - (0.3 if candidate == " " else 0)
            if score > best_score:
                best, best_score = candidate, score
    return best


def _is_header(cells: list[str]) -> bool:
    named = [cell for cell in cells if cell]
    return bool(named) and not any(_is_value(cell) for cell in named)


def _is_value(cell: str) -> bool:
    """Tell a number, a date or an address from a column's name."""
    digits = sum(letter.isdigit() for letter in cell)
    return "@" in cell or (digits > 0 and digits >= len(cell) / 2)


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for place, name in enumerate(names, start=1):
        plain = name or str(place)
        seen[plain] = seen.get(plain, 0) + 1
        unique.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return unique


def _json_columns(text: str) -> tuple[str, ...]:
    from regulars.sources.files.records import flattened

    names: dict[str, None] = {}
    for line in text.splitlines()[:1_000]:
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(told, dict):
            names.update(dict.fromkeys(flattened(told)))
    if not names:
        raise CannotRead("no line of this file is a JSON object; write one object per line")
    return tuple(names)
