"""A worker that is killed in the middle: the next one takes its job up at once and goes on where it stopped."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import ROOT

DRIVER = Path(__file__).with_name("driver.py")


class Workers:
    """Processes that share one home."""

    def __init__(self, home: Path, url: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
        told = {"REGULARS_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), "REGULARS_DATABASE_URL": url}
        self.env = kept | told

    def start(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen([sys.executable, str(DRIVER), *words], env=self.env, stdout=subprocess.PIPE, text=True)

    def run(self, *words: str) -> list[str]:
        process = self.start(*words)
        said, _ = process.communicate()
        assert process.returncode == 0
        return said.split()


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def test_a_killed_workers_job_is_taken_up_again_where_it_stopped(tmp_path: Path, fresh_database_url: str) -> None:
    workers, counted = Workers(tmp_path / "home", fresh_database_url), tmp_path / "counted"
    (number,) = workers.run("ask", str(counted), "30", "0.1")
    first = workers.start("work")
    while len(lines(counted)) < 3 and first.poll() is None:
        time.sleep(0.02)
    first.kill()
    first.communicate()
    assert workers.run("tell", number) == ["running", "None"]

    stopped_at = len(lines(counted))
    assert workers.run("work") == ["1"]
    assert workers.run("tell", number) == ["done", str(stopped_at)]
    assert [line.split()[0] for line in lines(counted)] == [str(step) for step in range(30)]
    assert len({line.split()[1] for line in lines(counted)}) == 2
    assert workers.run("work") == ["0"]
