"""Runs a scenario once unharmed, then once for each commit point with SIGKILL there, and compares the end states.

Called as a process of its own: `python -m tests.kill.driver SCENARIO FOLDER`; prints one JSON object. Every run is a
forked child, so the driver itself never opens the database or the lake. A commit point is each Delta commit, each
commit of the operational database and each file put in place; the kill comes right before it or right after it.
"""

import contextlib
import importlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

State = dict[str, Any]


def main() -> None:
    """Run every kill of one scenario and print what differed."""
    from tests.kill.scenarios import SCENARIOS

    scenario, folder = SCENARIOS[sys.argv[1]], Path(sys.argv[2])
    step = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    _preload()
    _in_child(folder / "empty", lambda: None)
    wanted, points = _unharmed(scenario, folder / "unharmed")
    different = []
    for point in range(0, points, step):
        for moment in ("before", "after"):
            home = folder / f"{point}-{moment}"
            killed = _in_child(home, lambda: _run_until(scenario.work, point, moment))
            if killed != -signal.SIGKILL:
                different.append({"point": point, "moment": moment, "why": f"ended with {killed} instead of a kill"})
            found = _answer(home, lambda: _go_on(scenario))
            if found != wanted:
                different.append({"point": point, "moment": moment, "found": found})
            shutil.rmtree(home)
    print(json.dumps({"points": points, "different": different, "wanted": wanted}))


def _unharmed(scenario: Any, home: Path) -> tuple[State, int]:
    def work() -> State:
        counter = Counter()
        counter.install()
        scenario.work()
        return {"points": counter.seen, "state": scenario.state()}

    answer = _answer(home, work)
    return answer["state"], answer["points"]


def _run_until(work: Callable[[], None], point: int, moment: str) -> None:
    Counter(point, moment).install()
    work()


def _go_on(scenario: Any) -> State:
    scenario.work()
    state: State = scenario.state()
    return state


class Counter:
    """Counts commit points and kills this process at one of them."""

    def __init__(self, point: int = -1, moment: str = "") -> None:
        self.seen, self._point, self._moment = 0, point, moment

    def install(self) -> None:
        """Wrap whatever makes something durable."""
        from deltalake import DeltaTable
        from django.db import connection
        from django.db.backends.utils import CursorWrapper

        from regulars.core.lake import tables

        tables.write_deltalake = self._wrapped(tables.write_deltalake)
        DeltaTable.delete = self._wrapped(DeltaTable.delete)
        DeltaTable.create_write_transaction = self._wrapped(DeltaTable.create_write_transaction)
        os.replace = self._wrapped(os.replace)
        connection.ensure_connection()
        connection._commit = self._wrapped(connection._commit)
        plain = CursorWrapper.execute
        counted = self._wrapped(plain)

        def execute(cursor: Any, statement: Any, parameters: Any = None) -> Any:
            writes = str(statement).lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE")
            chosen = counted if writes and not cursor.db.in_atomic_block else plain
            return chosen(cursor, statement, parameters)

        CursorWrapper.execute = execute

    def _wrapped(self, commit: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **named: Any) -> Any:
            here = self.seen == self._point
            self.seen += 1
            if here and self._moment == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = commit(*arguments, **named)
            if here:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapper


def _in_child(home: Path, work: Callable[[], Any]) -> int:
    """Run work in a forked child with its own home; return its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        os.environ["REGULARS_HOME"] = str(home)
        code = 1
        try:
            _start()
            work()
            code = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _answer(home: Path, work: Callable[[], State]) -> State:
    """Run work in a child and return the JSON state that it answers."""
    path = home.with_suffix(".json")

    def told() -> None:
        path.write_text(json.dumps(work(), default=str, sort_keys=True))

    code = _in_child(home, told)
    if code != 0:
        return {"failed": code}
    answer: State = json.loads(path.read_text())
    return answer


def _start() -> None:
    """Set Django up in a child, on a copy of the empty migrated home that the first child left beside the others."""
    import django

    home = Path(os.environ["REGULARS_HOME"])
    empty = home.parent / "empty"
    is_first = not empty.exists()
    if not is_first and not home.exists():
        shutil.copytree(empty, home)
    home.mkdir(parents=True, exist_ok=True)
    django.setup()
    if is_first:
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)


def _preload() -> None:
    """Import what takes long once, in the driver; importing opens neither a database nor the lake."""
    for name in ("deltalake", "duckdb", "numpy", "scipy.sparse.csgraph", "babel.numbers", "pandas"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


if __name__ == "__main__":
    main()
