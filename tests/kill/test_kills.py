"""Killed at every commit point and run again, every scenario ends in the state of the run without kills."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# The law of the two stores is the same on both; here each of hundreds of runs starts from a copied SQLite file.
ON_POSTGRESQL = bool(os.environ.get("REGULARS_TEST_DATABASE_URL"))
pytestmark = [pytest.mark.slow, pytest.mark.skipif(ON_POSTGRESQL, reason="only on SQLite")]


PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("scenario", ["tick", "import"])
def test_a_kill_at_any_commit_point_changes_nothing(scenario: str, part: int, tmp_path: Path) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "regulars.config.settings"}
    environment.pop("REGULARS_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "tests.kill.driver", scenario, str(tmp_path), str(part), str(PARTS)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["points"] > 20
    assert told["wanted"]["torn"] == []
    assert told["different"] == []
