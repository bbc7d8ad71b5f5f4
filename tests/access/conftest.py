"""Passwords cost no time in these tests."""

from typing import Any

import pytest

from tests.access.cast import QuickHasher


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{QuickHasher.__module__}.{QuickHasher.__qualname__}"]
    QuickHasher.asked = 0
