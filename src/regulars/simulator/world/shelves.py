"""The shop's products and countries, read from the files beside this module, as arrays to draw from."""

import csv
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Texts = NDArray[np.object_]
UNLIKE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "ı": "i", "å": "a"})
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "s",
            "t",
            "y",
            "f",
            "ch",
            "ps",
            "o",
        ],
        strict=True,
    )
)


@dataclass(frozen=True)
class Products:
    """One entry per product; category is a number into categories; prices and costs are cents; 0 days: never used up."""

    categories: tuple[str, ...]
    product: tuple[str, ...]
    name: tuple[str, ...]
    category: Ints
    price: Ints
    unit_cost: Ints
    replenish_days: Ints
    weight: Floats
    stays: Floats

    def appeal(self) -> Floats:
        """Return for each category (row) the cumulated chance of each product."""
        mine = (self.category == np.arange(len(self.categories))[:, None]) * self.weight
        return np.cumsum(mine / mine.sum(axis=1, keepdims=True), axis=1)


@dataclass(frozen=True)
class Place:
    """A country: its names and cities are drawn evenly, its languages by weight."""

    code: str
    share: float
    timezone: str
    languages: dict[str, int]
    further: int
    cities: dict[str, str]
    first: tuple[str, ...]
    last: tuple[str, ...]


@cache
def products() -> Products:
    """Return what the shop sells."""
    rows = list(csv.DictReader(files(__package__).joinpath("products.csv").read_text(encoding="utf-8").splitlines()))
    categories = tuple(dict.fromkeys(row["category"] for row in rows))

    def cents(name: str) -> Ints:
        return np.array([round(float(row[name]) * 100) for row in rows], dtype=np.int64)

    return Products(
        categories,
        tuple(row["product"] for row in rows),
        tuple(row["name"] for row in rows),
        np.array([categories.index(row["category"]) for row in rows], dtype=np.int64),
        cents("price"),
        cents("unit_cost"),
        np.array([int(row["replenish_days"] or 0) for row in rows], dtype=np.int64),
        np.array([float(row["weight"]) for row in rows]),
        np.array([float(row["stays"]) for row in rows]),
    )


@cache
def places() -> tuple[Place, ...]:
    """Return the countries that the shop delivers to."""
    told: dict[str, dict[str, Any]] = tomllib.loads(
        files(__package__).joinpath("places.toml").read_text(encoding="utf-8")
    )
    return tuple(
        Place(code, **(about | {"first": _names(about["first"]), "last": _names(about["last"])}))
        for code, about in told.items()
    )


def plain(name: str) -> str:
    """Write a name as it stands in an e-mail address.

    >>> plain("Jörg"), plain("van den Berg"), plain("Łukasz"), plain("Ελένη")
    ('joerg', 'vandenberg', 'lukasz', 'eleni')
    """
    lower = name.lower().translate(UNLIKE)
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(letter))
    return "".join(GREEK.get(letter, letter) for letter in bare if letter.isalpha())


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|") if "|" in text else text.split())
