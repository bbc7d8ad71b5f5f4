"""The templates that come with the house, and the blocks that every template may use; each a TOML file beside this one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from regulars.messaging.templates.documents import Document, Theme, Variant

BLOCKS = "blocks.toml"


@dataclass(frozen=True)
class Starter:
    """A template to begin with, what it is for, and data to try it with."""

    document: Document
    purpose: str
    sample: Mapping[str, Any]


@cache
def shipped_blocks() -> Mapping[str, str]:
    """Return the shipped blocks by name; a language's own has its name behind a dot."""
    return MappingProxyType(_blocks(_read(BLOCKS)))


def _blocks(told: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, source in told.items():
        found |= {f"{name}.{locale}" if locale else name: text for locale, text in _by_locale(source).items()}
    return found


def _by_locale(source: str | dict[str, str]) -> dict[str, str]:
    if isinstance(source, str):
        return {"": source}
    return {"" if locale == "en" else locale: text for locale, text in source.items()}


@cache
def starters() -> Mapping[str, Starter]:
    """Return the shipped templates by name."""
    folder = resources.files(__name__)
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml") and entry.name != BLOCKS)
    found = {name.removesuffix(".toml"): _starter(name.removesuffix(".toml"), _read(name)) for name in files}
    return MappingProxyType(found)


def _starter(name: str, told: Mapping[str, Any]) -> Starter:
    variants = {
        locale: Variant(
            body=one["body"].strip("\n"), subject=one.get("subject", ""), preheader=one.get("preheader", "")
        )
        for locale, one in told["variants"].items()
    }
    blocks = _blocks(told.get("blocks", {}))
    document = Document(name, told["channel"], told["class"], variants, told.get("default_locale", "en"), blocks)
    return Starter(document, told["purpose"], told["sample"])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__name__) / name).read_text(encoding="utf-8"))


SAMPLE_THEME = Theme(
    sender_name="Kessel & Kraut",
    postal_address="Kessel & Kraut GmbH, Speicherstraße 12, 20457 Hamburg, Germany",
    site_url="https://shop.example",
    logo_url="https://shop.example/logo.png",
)
