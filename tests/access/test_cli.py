"""`regulars users …` as whoever runs the machine uses it."""

import json
from typing import Any

import pytest

from tests.conftest import Command


def told(command: Command, *words: str) -> dict[str, Any]:
    """Run a command, and return its JSON answer."""
    done = command("users", *words, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_installation_without_users_says_how_to_begin(command: Command) -> None:
    assert "regulars users owner-link" in command("users", "list").stdout
    first, second = told(command, "owner-link"), told(command, "owner-link")
    assert first["token"] != second["token"]
    assert second["path"] == f"/owner?token={second['token']}"


def test_an_invited_person_is_listed_until_the_link_ends(command: Command) -> None:
    invited = told(command, "invite", "Bo@Example.com", "--role", "marketer")
    assert invited["path"] == f"/welcome/{invited['token']}"
    assert [(one["email"], one["role"]) for one in told(command, "list")["invited"]] == [("bo@example.com", "marketer")]
    assert invited["token"] not in command("users", "list").stdout


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("reset", "nobody@example.com"), 1, "Nobody with the e-mail nobody@example.com works here."),
        (("deactivate", "nobody@example.com"), 1, "Nobody with the e-mail"),
        (("role", "nobody@example.com", "owner"), 1, "Nobody with the e-mail"),
        (("invite", "no e-mail"), 1, "write it like ann@example.com"),
        (("invite", "bo@example.com", "--role", "boss"), 2, "there are owner, marketer, analyst, support"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(command: Command, words: tuple[str, ...], code: int, sentence: str) -> None:
    done = command("users", *words)
    assert done.returncode == code
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
