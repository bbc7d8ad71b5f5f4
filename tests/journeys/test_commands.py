"""Journeys from the command line: kept, switched on, looked at, explained, switched off; a refusal is a sentence."""

import json
from pathlib import Path

from tests.conftest import Command

HELLO = "name: hello\ntitle: Say hello\ntrigger: custom:hello\nsteps:\n  - wait: {for: 2 days}\n  - send: win_back\n"


def test_a_journey_is_kept_switched_on_and_off_and_looked_at(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "hello.yaml"
    file.write_text(HELLO, encoding="utf-8")
    assert command("journeys", "add", file).stdout == "Kept hello as version 1.\n"
    assert command("journeys", "add", file).stdout == "Kept hello as version 1.\n"
    assert command("journeys", "activate", "hello").stdout.startswith("Journey hello is on;")
    listed = json.loads(command("journeys", "list", "--json").stdout)["journeys"]
    assert [(one["name"], one["state"], one["n_inside"]) for one in listed] == [("hello", "active", 0)]
    assert "wait 2 days" in command("journeys", "status", "hello").stdout
    assert command("journeys", "show", "hello").stdout == HELLO
    for verb in ("pause", "drain", "stop"):
        assert command("journeys", verb, "hello").returncode == 0
    assert "only one that is active or draining can be paused" in command("journeys", "pause", "hello").stderr


def test_what_cannot_be_switched_on_says_what_is_missing(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "hello.yaml"
    file.write_text(HELLO.replace("win_back", "nowhere"), encoding="utf-8")
    said = command("journeys", "activate", file)
    assert (said.returncode, "there is no template 'nowhere'" in said.stderr) == (1, True)
    assert "There is no journey" in command("journeys", "status", "other").stderr
    assert "nobody is known as" in command("journeys", "explain", "ann@example.com").stderr
