"""Settings: all defaults work, each variable is read, and a wrong one is answered with what to do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.core.settings import DESCRIPTIONS, BadSetting, read


def test_it_works_with_none_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read({})
    assert settings.home == tmp_path / "regulars-data"
    assert settings.lake == tmp_path / "regulars-data" / "lake"
    assert (settings.database_url, settings.timezone, settings.currency, settings.now) == ("", "", "", None)
    assert (settings.memory, settings.threads) == ("2GB", 0)


def test_a_blank_variable_is_the_same_as_none() -> None:
    assert read(dict.fromkeys(DESCRIPTIONS, "")) == read({})


def test_everything_can_be_said(tmp_path: Path) -> None:
    settings = read(
        {
            "REGULARS_HOME": str(tmp_path),
            "REGULARS_DATABASE_URL": "postgresql://ann@127.0.0.1/shop",
            "REGULARS_LAKE_URL": f"file://{tmp_path}/far",
            "REGULARS_TIMEZONE": "Europe/Berlin",
            "REGULARS_CURRENCY": "EUR",
            "REGULARS_MEMORY": "512 MB",
            "REGULARS_THREADS": "2",
            "REGULARS_NOW": "2024-06-01T12:00:00+02:00",
            "HOME": "/not/ours",
        }
    )
    assert (settings.home, settings.lake) == (tmp_path, tmp_path / "far")
    assert settings.database_url == "postgresql://ann@127.0.0.1/shop"
    assert (settings.timezone, settings.currency) == ("Europe/Berlin", "EUR")
    assert (settings.memory, settings.threads) == ("512 MB", 2)
    assert settings.now == datetime(2024, 6, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("REGULARS_TIMEZONE", "Mars/Olympus", "Europe/Berlin"),
        ("REGULARS_TIMEZONE", "../secret", "Europe/Berlin"),
        ("REGULARS_CURRENCY", "euro", "three capital letters"),
        ("REGULARS_MEMORY", "much", "2GB"),
        ("REGULARS_THREADS", "-1", "0 for all cores"),
        ("REGULARS_NOW", "yesterday", "2024-03-21T10:00:00Z"),
        ("REGULARS_LAKE_URL", "s3://bucket/lake", "must be a folder"),
        ("REGULARS_TIMEZON", "Europe/Berlin", "did you mean REGULARS_TIMEZONE"),
        ("REGULARS_QUUX", "1", "there are REGULARS_HOME"),
    ],
)
def test_a_wrong_setting_is_answered_with_what_to_do(name: str, value: str, advice: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read({name: value})
    assert name in str(refused.value)
    assert advice in str(refused.value)
