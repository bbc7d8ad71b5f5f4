"""Settings: REGULARS_* environment variables, read once; a wrong one is answered with what to do."""

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from regulars.core import clock

DESCRIPTIONS: dict[str, str] = {
    "REGULARS_HOME": "The one folder that holds all state: database, lake, imports, keys.",
    "REGULARS_DATABASE_URL": "PostgreSQL in place of SQLite, e.g. postgresql://user:password@host:5432/name.",
    "REGULARS_LAKE_URL": "Another folder for the lake.",
    "REGULARS_TIMEZONE": "The shop's time zone until an import fixes it, e.g. Europe/Berlin.",
    "REGULARS_CURRENCY": "The shop's currency until an import fixes it, e.g. EUR.",
    "REGULARS_MEMORY": "How much memory one query may use, e.g. 2GB.",
    "REGULARS_THREADS": "How many threads one query may use; 0 means all cores.",
    "REGULARS_HOSTS": "Names under which the app is reached besides this machine's own, e.g. shop.example.com, after commas.",
    "REGULARS_URL": "The address that links in messages begin with, e.g. https://mail.shop.example; else the first of REGULARS_HOSTS.",
    "REGULARS_HTTPS": "yes when the app is reached over HTTPS only, behind a proxy that sets X-Forwarded-Proto.",
    "REGULARS_PRIVATE_TARGETS": "Machines of the own network that channels may call, e.g. 10.0.0.5:8080, after commas.",
    "REGULARS_NOW": "Pretend that it is this instant, for trials.",
}


HOSTS = r"[A-Za-z0-9.\-:\[\]]+(,[A-Za-z0-9.\-:\[\]]+)*"
TARGETS = r"[A-Za-z0-9.\-_:\[\]]+:[0-9]{1,5}(,[A-Za-z0-9.\-_:\[\]]+:[0-9]{1,5})*"
URL = r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?"
PREFIX = "REGULARS_"
DEFAULT_PORT = 8300
FOR_TESTS = ("REGULARS_TEST_", "REGULARS_REQUIRE_", "REGULARS_SHOTS")


class BadSetting(ValueError):
    """A REGULARS_* variable that cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything that may be set from outside; blank texts mean: nothing said."""

    home: Path
    lake: Path
    database_url: str
    timezone: str
    currency: str
    memory: str
    threads: int
    hosts: tuple[str, ...]
    url: str
    https: bool
    private_targets: frozenset[str]
    now: datetime | None


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings of an environment; raise BadSetting with a sentence for a wrong value or an unknown name."""
    for name in environment:
        if name.startswith(PREFIX) and not name.startswith(FOR_TESTS):
            _known(name)
    home = Path(environment.get("REGULARS_HOME") or "regulars-data").expanduser().resolve()
    return Settings(
        home=home,
        lake=_lake(environment.get("REGULARS_LAKE_URL", ""), home),
        database_url=environment.get("REGULARS_DATABASE_URL", ""),
        timezone=_zone(environment.get("REGULARS_TIMEZONE", "")),
        currency=_matching(environment, "REGULARS_CURRENCY", "", "[A-Z]{3}", "three capital letters such as EUR"),
        memory=_matching(environment, "REGULARS_MEMORY", "2GB", r"\d+ ?[MG]i?B", "a size such as 2GB"),
        threads=int(_matching(environment, "REGULARS_THREADS", "0", r"\d{1,3}", "a number, 0 for all cores")),
        hosts=tuple(
            filter(None, _matching(environment, "REGULARS_HOSTS", "", HOSTS, "names without a scheme").split(","))
        ),
        url=_matching(environment, "REGULARS_URL", "", URL, "an address such as https://mail.shop.example"),
        https=_matching(environment, "REGULARS_HTTPS", "no", "yes|no", "yes or no") == "yes",
        private_targets=frozenset(
            filter(
                None,
                _matching(environment, "REGULARS_PRIVATE_TARGETS", "", TARGETS, "host:port, after commas")
                .lower()
                .split(","),
            )
        ),
        now=_instant(environment.get("REGULARS_NOW", "")),
    )


def base_url(told: Settings) -> str:
    """Return what links in messages begin with, without a slash at the end.

    >>> [base_url(read(some)) for some in ({}, {"REGULARS_HOSTS": "a.example,b.example", "REGULARS_HTTPS": "yes"})]
    ['http://127.0.0.1:8300', 'https://a.example']
    >>> base_url(read({"REGULARS_HOSTS": "a.example", "REGULARS_URL": "https://mail.a.example"}))
    'https://mail.a.example'
    """
    if told.url or not told.hosts:
        return told.url or f"http://127.0.0.1:{DEFAULT_PORT}"
    return f"https://{told.hosts[0]}" if told.https else f"http://{told.hosts[0]}:{DEFAULT_PORT}"


@cache
def current() -> Settings:
    """Return this process's settings."""
    return read(os.environ)


def _known(name: str) -> None:
    if name not in DESCRIPTIONS:
        words = [known.removeprefix(PREFIX) for known in DESCRIPTIONS]
        near = difflib.get_close_matches(name.removeprefix(PREFIX), words, n=1)
        hint = f"; did you mean {PREFIX}{near[0]}?" if near else f"; there are {', '.join(DESCRIPTIONS)}"
        raise BadSetting(f"{name} is not a setting{hint}")


def _matching(environment: Mapping[str, str], name: str, default: str, pattern: str, form: str) -> str:
    value = environment.get(name) or default
    if value and not re.fullmatch(pattern, value):
        raise BadSetting(f"{name} is '{value}'; write {form}")
    return value


def _zone(name: str) -> str:
    if name:
        try:
            ZoneInfo(name)
        except (KeyError, OSError, ValueError):
            raise BadSetting(f"REGULARS_TIMEZONE is '{name}'; write a zone such as Europe/Berlin") from None
    return name


def _lake(place: str, home: Path) -> Path:
    if "://" in place and not place.startswith("file://"):
        raise BadSetting("REGULARS_LAKE_URL must be a folder; object storage is not supported yet")
    return Path(place.removeprefix("file://")).expanduser().resolve() if place else home / "lake"


def _instant(text: str) -> datetime | None:
    try:
        return clock.parse_instant(text) if text else None
    except ValueError as problem:
        raise BadSetting(f"REGULARS_NOW: {problem}") from None
