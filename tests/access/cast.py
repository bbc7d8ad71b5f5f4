"""The people of these tests: Ann owns, Bo sells, Cleo counts, Dov helps customers; and many who act at one moment."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import pyotp
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.db import connection

from regulars.access import api as access

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"
ANOTHER = "staple of the battery"
HERE, ELSEWHERE = "203.0.113.9", "198.51.100.7"


class QuickHasher(MD5PasswordHasher):
    """A hash that costs no time and counts how often it was asked."""

    algorithm = "quick"
    asked = 0

    def encode(self, password: str, salt: str) -> str:
        QuickHasher.asked += 1
        return super().encode(password, salt)


def person(email: str, role: access.Role) -> access.User:
    return access.User.objects.create(
        email=email, name=email.partition("@")[0].title(), role=role, password=make_password(PASSWORD), created_at=NOW
    )


def ann() -> access.User:
    return person("ann@example.com", access.Role.OWNER)


def bo() -> access.User:
    return person("bo@example.com", access.Role.MARKETER)


def cleo() -> access.User:
    return person("cleo@example.com", access.Role.ANALYST)


def dov() -> access.User:
    return person("dov@example.com", access.Role.SUPPORT)


def enter(
    email: str, password: str = PASSWORD, code: str = "", address: str = HERE, now: datetime = NOW
) -> access.User:
    return access.sign_in(access.Attempted(email, password, code, address), now)


def with_app(user: access.User, now: datetime = NOW) -> pyotp.TOTP:
    """Give a user an authenticator app, and return the app."""
    secret, _ = access.begin_totp(user)
    app = pyotp.TOTP(secret)
    access.confirm_totp(user, secret, app.at(now), now)
    return app


def deeds(action: str = "") -> list[dict[str, Any]]:
    return access.deeds(None, 100, action)


def at_one_moment(n: int, do: Callable[[int], object]) -> list[object]:
    """Return what n threads got, each with a connection of its own; a refusal is a result as well."""
    barrier, results = Barrier(n), [None] * n

    def one(number: int) -> None:
        barrier.wait()
        try:
            results[number] = do(number)  # type: ignore[call-overload]
        except Exception as problem:
            results[number] = problem  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [Thread(target=one, args=(number,)) for number in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
