"""Quoted-printable (RFC 2045, 6.7): of a whole text, and of one made of pieces most of which many letters have alike.

What a piece becomes depends on nothing but the column that it begins in, so for what many letters have alike it is kept. Both
ways give the same bytes.
"""

import re
from binascii import b2a_qp
from collections.abc import Sequence, Set as AbstractSet
from functools import lru_cache

from regulars.messaging.templates.language.alike import Fixed

SURE, WIDTH = 73, 75  # of a line; with the sign at its end that it goes on it has the 76 that are allowed
MOST_SIGNS = 16  # that are each replaced in one go; a text in another script has more
LONGEST_LINE = 990  # RFC 5322 allows 998; a stuffed dot and a careless relay need room

_AS_IT_IS = bytes((9, 10, *range(32, 61), *range(62, 127)))
_AT_AN_END = (b" ", b"\t", b".")  # what may have to be replaced there
# 73 bytes and at most two more that begin nothing: so no =XX is torn apart, wherever in it the 73 end.
_CUT = re.compile(rb".{73}[^=]{0,2}|.+", re.DOTALL)
_FIRST = [re.compile(rb".{%d}[^=]{0,%d}" % (max(SURE - n, 0), min(WIDTH - n, 2)), re.DOTALL) for n in range(WIDTH + 1)]


def quoted_printable(data: bytes) -> bytes:
    """Return quoted-printable: as b2a_qp writes it, which looks at every byte by itself and takes twice as long."""
    signs = frozenset(data.translate(None, _AS_IT_IS))
    if len(signs) > MOST_SIGNS:
        return b2a_qp(data).replace(b"\n", b"\r\n")
    lines = _replaced(data, signs).split(b"\n")
    return b"\r\n".join(
        [line if len(line) <= SURE and line[-1:] not in _AT_AN_END else _cut(_ended(line), 0)[0] for line in lines]
    )


def quoted_pieces(pieces: Sequence[str]) -> list[bytes] | None:
    """Return what quoted_printable makes of these pieces together; None where it has to be asked, or another encoding may fit."""
    signs, extra, is_long, is_open, column = set[int](), 0, False, False, 0
    written = list[bytes]()
    for piece in pieces:
        if piece.__class__ is Fixed:
            one = _known(piece)
        elif _is_simple(piece):
            data, is_open = piece.encode(), False
            if column + len(data) > SURE:
                data, column = _cut(data, column)
            else:
                column += len(data)
            written.append(data)
            continue
        elif piece:
            one = _Piece(piece)
        else:
            continue
        extra += one.extra
        is_long = is_long or one.is_long
        if one.signs:
            signs |= one.signs
        if one.is_odd or (is_open and one.ends_a_line) or (one.is_dot and not column):
            return None  # for what a line ends with lies in the piece before
        is_open = one.is_open
        data, column = one.at[column] if column in one.at else one.write(column)
        written.append(data)
    # In lines that fit, or mostly in another script, there is an encoding that fits better.
    if is_open or not is_long or len(signs) > MOST_SIGNS or (extra and extra > sum(map(len, pieces)) // 5):
        return None
    return written


def _is_simple(piece: str) -> bool:
    """Say whether a piece goes as it is: words, numbers and addresses do."""
    return (
        piece.isascii()
        and piece.isprintable()
        and "=" not in piece
        and piece[-1:] not in ("", " ", ".")
        and len(piece) < LONGEST_LINE
    )


class _Piece:
    """A piece: how many bytes it has beyond its signs, which bytes are to be replaced, whether one of its lines is too long to
    go as it is, and what becomes of it by the column that it begins in. It is open when it would have to be written in another way
    if a line ended with it."""

    __slots__ = ("at", "ends_a_line", "extra", "is_dot", "is_long", "is_odd", "is_open", "lines", "signs")

    def __init__(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        signs = data.translate(None, _AS_IT_IS)
        self.extra, self.signs = len(data) - len(text), frozenset(signs)
        self.lines = lines = data.split(b"\n")
        self.is_long = len(data) > LONGEST_LINE and max(map(len, lines)) > LONGEST_LINE
        self.ends_a_line, self.is_dot = not lines[0], lines[0] == b"." and len(lines) > 1
        self.is_odd = b"\r" in data
        self.is_open = data[-1:] in (b" ", b"\t") or lines[-1] == b"."
        if signs:
            self.lines = [_replaced(line, self.signs) for line in lines]
        self.at: dict[int, tuple[bytes, int]] = {}

    def write(self, column: int) -> tuple[bytes, int]:
        """Return what begins in a column, and the column behind it."""
        first, *others = self.lines
        if not others:
            found = _cut(first, column)
        else:
            *between, last = others
            first = _ended(first) if first[-1:] in (b" ", b"\t") else first
            whole = [_cut(first, column)[0], *(_cut(_ended(line), 0)[0] for line in between)]
            rest, column_behind = _cut(last, 0)
            found = b"\r\n".join((*whole, rest)), column_behind
        self.at[column] = found
        return found


_known = lru_cache(maxsize=2048)(_Piece)


def _replaced(data: bytes, signs: AbstractSet[int]) -> bytes:
    if 61 in signs:  # first, for the others bring more of it
        data = data.replace(b"=", b"=3D")
    for sign in signs - {61}:
        data = data.replace(bytes((sign,)), b"=%02X" % sign)
    return data


def _ended(line: bytes) -> bytes:
    # What stands blank at a line's end may get lost on the way, and a dot alone may end the mail.
    return line[:-1] + b"=%02X" % line[-1] if line[-1:] in (b" ", b"\t") or line == b"." else line


def _cut(line: bytes, column: int) -> tuple[bytes, int]:
    """Return a line, or the rest of one, in lines short enough; column is how much stands on the first one already."""
    if column + len(line) <= SURE:
        return line, column + len(line)
    first = _FIRST[column].match(line)
    end = first.end() if first else 0
    if end == len(line):
        return line, column + end
    rest = _CUT.findall(line, end)
    return b"=\r\n".join((line[:end], *rest)), len(rest[-1])
