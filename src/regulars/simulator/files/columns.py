"""Columns of text made from arrays, and files of them: the same values always give the same bytes."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from regulars.simulator.world.shelves import Floats, Ints, Texts

ROWS = 100_000  # written at a time


@dataclass(frozen=True)
class Coded:
    """Texts by number; a negative number is a blank."""

    texts: Texts
    codes: Ints

    def __len__(self) -> int:
        return self.codes.size

    def part(self, rows: slice) -> list[str]:
        """Return some of the cells."""
        codes = self.codes[rows]
        found = self.texts[np.maximum(codes, 0)] if self.texts.size else np.full(codes.size, "", dtype=object)
        found[codes < 0] = ""
        return list(found)


@dataclass(frozen=True)
class Numbers:
    """Numbers written with a fixed count of decimals; places of an amount in cents are 2 and scaled says so."""

    values: Ints | Floats
    decimals: int = 0
    in_cents: bool = False

    def __len__(self) -> int:
        return self.values.size

    def part(self, rows: slice) -> list[str]:
        """Return some of the cells."""
        distinct, places = np.unique(self.values[rows], return_inverse=True)
        if self.in_cents:
            texts = [f"{value // 100}.{value % 100:02d}" for value in distinct.tolist()]
        else:
            texts = [f"{value:.{self.decimals}f}" for value in distinct.tolist()]
        return list(np.array(texts, dtype=object)[places])


@dataclass(frozen=True)
class Moments:
    """Instants with the shop's offset, from a day's number and the second of that day; a negative day is a blank."""

    stamps: "Stamps"
    days: Ints
    seconds: Ints

    def __len__(self) -> int:
        return self.days.size

    def part(self, rows: slice) -> list[str]:
        """Return some of the cells."""
        days, seconds = self.days[rows], self.seconds[rows]
        at = np.maximum(days, 0)
        found = self.stamps.days[at] + self.stamps.seconds[seconds] + self.stamps.offsets[at]
        found[days < 0] = ""
        return list(found)


Column = Coded | Numbers | Moments


class Stamps:
    """How each day, each second of a day and each day's offset are written."""

    def __init__(self, dates: Iterable[date], zone: str) -> None:
        there = ZoneInfo(zone)
        known = list(dates)
        noons = [_noon(day, there) for day in known]
        self.dates: Texts = np.array([day.isoformat() for day in known], dtype=object)
        self.days: Texts = self.dates + "T"
        self.seconds: Texts = np.array(
            [f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}" for second in range(86_400)],
            dtype=object,
        )
        self.offsets: Texts = np.array(noons, dtype=object)


def coded(texts: Iterable[str], codes: Ints) -> Coded:
    """Return a column of a few different texts."""
    return Coded(np.array(list(texts), dtype=object), codes)


def own(texts: Texts) -> Coded:
    """Return a column with a text for each row."""
    return Coded(texts, np.arange(texts.size))


def write(path: Path, columns: Mapping[str, Column]) -> None:
    """Write a CSV file; all columns are of the same length."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        for rows in _blocks(len(next(iter(columns.values())))):
            writer.writerows(zip(*(column.part(rows) for column in columns.values()), strict=True))


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, start + ROWS) for start in range(0, n, ROWS))


def _noon(day: date, zone: ZoneInfo) -> str:
    from datetime import datetime, time

    text = datetime.combine(day, time(12), zone).strftime("%z")
    return f"{text[:3]}:{text[3:]}"
