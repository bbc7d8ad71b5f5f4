"""One command runs everything: it answers, brings back what dies, ends cleanly, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the tests look at processes in /proc"),
]
PATIENCE = 40.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def words(*rest: str) -> list[str]:
    return [sys.executable, "-c", "from regulars.cli import main; main()", *rest]


def environment(home: Path, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    told = {"REGULARS_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    return kept | told | ({"REGULARS_DATABASE_URL": url} if url else {})


class Started:
    """A running `regulars start` and what its test needs of it."""

    def __init__(self, home: Path, url: str, *more: str) -> None:
        self.port, self.home, self.env = free_port(), home, environment(home, url)
        self.log = home.parent / "start.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                words("start", "--port", str(self.port), "--no-browser", *more),
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()
        except OSError as problem:
            return 0, str(problem)

    def family(self) -> dict[int, str]:
        """Return the processes started by this one, and by those, with their command lines."""
        found: dict[int, str] = {}
        parents = {int(one.name): parent_of(one) for one in Path("/proc").iterdir() if one.name.isdigit()}
        grown = {self.process.pid}
        while new := {pid for pid, parent in parents.items() if parent in grown} - grown:
            grown |= new
        for pid in grown - {self.process.pid}:
            found[pid] = command_line(pid)
        return found

    def child(self, word: str) -> int:
        return min(pid for pid, line in self.family().items() if word in line)


def parent_of(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def is_gone(pid: int) -> bool:
    return not command_line(pid)


def until(happens: Callable[[], Any], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not happens():
        if time.monotonic() > end:
            pytest.fail(f"waited in vain: {what}")
        time.sleep(0.2)


@pytest.fixture
def started(tmp_path: Path, fresh_database_url: str) -> Iterator[Started]:
    one = Started(tmp_path / "home", fresh_database_url)
    try:
        until(lambda: one.get("/healthz")[0] == 200, "the app answers")
        yield one
    finally:
        if one.process.poll() is None:
            one.process.terminate()
            one.process.wait(timeout=30)


def test_it_says_where_it_is_and_becomes_ready(started: Started) -> None:
    until(lambda: started.get("/readyz")[0] == 200, "everything is ready")
    said = started.log.read_text()
    assert f"http://127.0.0.1:{started.port}/" in said
    assert "owner?token=" in said
    assert "What would you like to look at" in started.get("/")[1]
    assert "regulars_facts_newest_seq" in started.get("/metrics")[1]


def test_it_ends_cleanly_and_takes_its_children_along(started: Started) -> None:
    until(lambda: len(started.family()) >= 3, "web, loop and worker run")
    children = list(started.family())
    started.process.send_signal(signal.SIGTERM)
    assert started.process.wait(timeout=30) == 0
    until(lambda: all(is_gone(pid) for pid in children), "no child is left")
    assert "stopped" in started.log.read_text()


@pytest.mark.parametrize("word", [" run", "--jobs", "serve"])
def test_a_killed_child_is_started_again_and_leaves_nobody_behind(started: Started, word: str) -> None:
    until(lambda: len(started.family()) >= 4, "web with its server, loop and worker run")
    before, victim = started.family(), started.child(word)
    below = [pid for pid in before if parent_of(Path(f"/proc/{pid}")) == victim]
    os.kill(victim, signal.SIGKILL)
    until(lambda: all(is_gone(pid) for pid in below), "what the killed one had started is gone too")
    until(lambda: is_gone(victim) and any(word in line for line in started.family().values()), "it runs again")
    until(lambda: "started again" in started.log.read_text(), "the log says so")
    until(lambda: started.get("/healthz")[0] == 200, "the app answers again")


def test_children_end_when_their_parent_is_killed(started: Started) -> None:
    until(lambda: len(started.family()) >= 3, "web, loop and worker run")
    children = list(started.family())
    started.process.kill()
    started.process.wait()
    until(lambda: all(is_gone(pid) for pid in children), "no child is left alone")


def test_ctrl_c_ends_everything_cleanly(started: Started) -> None:
    until(lambda: len(started.family()) >= 4, "web with its server, loop and worker run")
    children = list(started.family())
    os.killpg(started.process.pid, signal.SIGINT)
    assert started.process.wait(timeout=30) == 0
    until(lambda: all(is_gone(pid) for pid in children), "no child is left")
    assert "Traceback" not in started.log.read_text()


@pytest.mark.parametrize("part", [("run",), ("run", "--jobs")])
def test_a_part_that_somebody_else_looks_after_runs_without_standard_input(
    tmp_path: Path, fresh_database_url: str, part: tuple[str, ...]
) -> None:
    env = environment(tmp_path / "home", fresh_database_url)
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(words(*part), env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=6)
    finally:
        process.terminate()
    assert process.wait(timeout=30) == 0
    assert not log.read_text()


def test_it_is_silent_when_told_so(tmp_path: Path, fresh_database_url: str) -> None:
    one = Started(tmp_path / "home", fresh_database_url, "--quiet")
    try:
        until(lambda: one.get("/healthz")[0] == 200, "the app answers")
    finally:
        one.process.terminate()
    assert one.process.wait(timeout=30) == 0
    assert not one.log.read_text()


def test_the_demo_goes_on_after_a_stop_in_its_middle(tmp_path: Path, fresh_database_url: str) -> None:
    one = Started(tmp_path / "home", fresh_database_url, "--demo")
    until(lambda: 'regulars_jobs{state="running"} 1.0' in one.get("/metrics")[1], "the demo shop is being made")
    one.process.terminate()
    assert one.process.wait(timeout=30) == 0
    again = Started(tmp_path / "home", fresh_database_url)
    try:
        until(lambda: 'regulars_jobs{state="done"} 1.0' in again.get("/metrics")[1], "the demo shop is open")
        assert 'regulars_jobs{state="failed"} 0.0' in again.get("/metrics")[1]
    finally:
        again.process.terminate()
        again.process.wait(timeout=30)


def test_a_second_start_in_the_same_home_is_refused(started: Started) -> None:
    second = subprocess.run(
        words("start", "--port", str(free_port()), "--no-browser"),
        env=started.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert f"already runs in this home (process {started.process.pid})" in second.stderr


def test_a_taken_port_is_answered_with_what_to_do(tmp_path: Path, fresh_database_url: str) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        env = environment(tmp_path / "home", fresh_database_url)
        done = subprocess.run(words("start", "--port", port), env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "choose another with --port" in done.stderr


def test_nothing_personal_gets_into_the_log(started: Started) -> None:
    started.get("/customers?text=canary%40example.com")
    started.get("/search?q=canary%40example.com")
    started.get("/nowhere/canary@example.com?phone=%2B493012345678")
    until(lambda: "unknown address" in started.log.read_text(), "the access log has all three")
    log = started.log.read_text()
    assert "canary" not in log
    assert "4930" not in log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    asked = [line for line in lines if line["logger"] == "regulars.requests"]
    assert [line["path"] for line in asked] == ["/customers", "/search", "unknown address"]
    assert len({line["request"] for line in asked}) == 3
    # Before the first line of the log stand the greeting and the owner's link, and nothing else that is not JSON.
    assert len(log.splitlines()) - len(lines) == 2
    assert json.loads(started.get("/healthz")[1]) == {"ok": True}
