"""Settings: REGULARS_* environment variables, read once, wrong ones answered with what to do."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Everything that may be set from outside."""

    home: Path
    lake: Path
    database_url: str
    timezone: str
    currency: str
    memory: str
    threads: int


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings from an environment."""
    home = Path(environment.get("REGULARS_HOME", "regulars-data")).resolve()
    return Settings(
        home=home,
        lake=Path(environment.get("REGULARS_LAKE_URL", str(home / "lake"))),
        database_url=environment.get("REGULARS_DATABASE_URL", ""),
        timezone=environment.get("REGULARS_TIMEZONE", ""),
        currency=environment.get("REGULARS_CURRENCY", ""),
        memory=environment.get("REGULARS_MEMORY", "2GB"),
        threads=int(environment.get("REGULARS_THREADS", "0")),
    )


@cache
def current() -> Settings:
    """Return this process's settings."""
    return read(os.environ)
