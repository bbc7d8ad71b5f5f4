"""Finding out what a file is: compression, kind, separator, header."""

import codecs
import gzip
import io
import itertools
import shutil
import zlib
from pathlib import Path

from regulars.sources.files import encodings
from regulars.sources.files.options import CannotRead, Options, Shape
from regulars.sources.files.records import LONGEST_TEXT, Record, lines_of, records_of, told_by

SAMPLE_BYTES = 1 << 20
SAMPLE_RECORDS = 200
DELIMITERS = (",", ";", "\t", "|")
NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "whitespace": " ", "space": " "}
MOST_COLUMNS = 2_000
STRANGERS = {
    b"PK\x03\x04": "is a workbook or a zip file; open it and save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook; open it and save the sheet as CSV",
    b"%PDF": "is a PDF; export the orders as CSV instead",
    b"BZh": "is packed with bzip2; unpack it first, or pack it with gzip",
    b"\xfd7zXZ": "is packed with xz; unpack it first, or pack it with gzip",
    b"(\xb5/\xfd": "is packed with zstd; unpack it first, or pack it with gzip",
    b"SQLite format 3": "is a database; export the orders as CSV instead",
}


def unpacked(path: Path, scratch: Path) -> Path:
    """Return the file itself, or its decompressed copy in scratch when it is gzipped (by its first bytes)."""
    try:
        with path.open("rb") as handle:
            if handle.read(2) != b"\x1f\x8b":
                return path
    except OSError as problem:
        raise CannotRead(f"{path.name} cannot be opened: {problem.strerror}") from None
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
    if not sample.strip(b"\0 \r\n\t"):
        raise CannotRead(f"{path.name} is empty; export it again")
    for beginning, told in STRANGERS.items():
        if sample.startswith(beginning):
            raise CannotRead(f"{path.name} {told}")
    if sample.startswith(b"PAR1"):
        return Shape("parquet", "", "", True, ())
    encoding = encodings.checked(options.encoding, path.name) if options.encoding else encodings.guessed(sample, path)
    if sample.startswith(codecs.BOM_UTF8) and encoding == "utf-8":
        encoding = "utf-8-sig"
    text = codecs.getincrementaldecoder(encoding)(errors=encodings.KEEP_BROKEN).decode(sample).removeprefix("\ufeff")
    if text.lstrip().startswith("{"):
        return Shape("jsonl", encoding, "", False, _json_columns(path, encoding))
    if text.lstrip().startswith("[") and text.lstrip("[ \r\n\t").startswith("{"):
        raise CannotRead(f"{path.name} is one JSON array; write one object per line instead (JSON Lines)")
    return _text_shape(text, encoding, _named(options.delimiter), has_header)


def _text_shape(text: str, encoding: str, told: str | None, has_header: bool | None) -> Shape:
    delimiter = told or _delimiter(text)
    first = next(records_of(lines_of(io.StringIO(text, newline="")), delimiter), Record(1, []))
    cells = [readable(cell.strip()) for cell in first.cells]
    named = _is_header(cells) if has_header is None else has_header
    if len(cells) > MOST_COLUMNS:
        raise CannotRead(f"the first line has {len(cells):,} columns; say what separates them with --delimiter")
    names = tuple(_unique(cells)) if named else tuple(str(place) for place in range(1, len(cells) + 1))
    return Shape("text", encoding, delimiter, named, names)


def readable(cell: str) -> str:
    """Return a text that every reader takes: broken bytes and NULs become the replacement sign.

    >>> readable("a" + chr(0) + "b")
    'a\\ufffdb'
    """
    return cell.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _named(delimiter: str | None) -> str | None:
    if delimiter is None:
        return None
    chosen = NAMED.get(delimiter.lower(), delimiter)
    if len(chosen) != 1 or not chosen.isascii() or chosen.isalnum() or chosen in '"\r\n\0':
        raise CannotRead(
            f"'{delimiter}' cannot separate columns; write one sign such as ; or the words tab or whitespace"
        )
    return chosen


def _delimiter(text: str) -> str:
    """Return the separator under which most records have the first record's number of cells; a blank means white space."""
    best, best_score = ",", 0.0
    lines = list(itertools.islice(lines_of(io.StringIO(text, newline="")), SAMPLE_RECORDS * 2))
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
    """Return the names with repeated ones numbered and blank ones called by their place.

    >>> _unique(["Name", "", "Name"])
    ['Name', '2', 'Name (2)']
    """
    taken: set[str] = set()
    unique = []
    for place, name in enumerate(names, start=1):
        plain = name or str(place)
        chosen = next(new for n in itertools.count(1) if (new := plain if n == 1 else f"{plain} ({n})") not in taken)
        taken.add(chosen)
        unique.append(chosen)
    return unique


def _json_columns(path: Path, encoding: str) -> tuple[str, ...]:
    """Return every name in a file of JSON lines: one that comes late is a column too."""
    names: dict[str, None] = {}
    with path.open(encoding=encoding, errors=encodings.KEEP_BROKEN, newline="") as handle:
        for line in lines_of(handle):
            told = told_by(line) if len(names) < MOST_COLUMNS and len(line) <= LONGEST_TEXT else ""
            names.update(dict.fromkeys(map(readable, told)) if isinstance(told, dict) else {})
    if not names:
        raise CannotRead(f"no line of {path.name} is a JSON object; write one object per line")
    return tuple(names)
