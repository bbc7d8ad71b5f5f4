"""Runs a scenario once unharmed, then once for each commit point with SIGKILL there, and compares the end states.

Called as a process of its own: `python -m tests.kill.driver SCENARIO FOLDER PART PARTS`, which kills at every PARTS-th point
from PART on; prints one JSON object. Every run is a forked child of a driver that has loaded everything and opened neither
the database nor the lake. A commit point is each Delta commit, each commit of the operational database and each file put
in place. The kill comes right before it, when everything since the commit before has been done, and once after the last.
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

    scenario, shop = SCENARIOS[sys.argv[1]], Shop(Path(sys.argv[2]))
    part, parts = int(sys.argv[3]), int(sys.argv[4])
    shop.set_up()
    wanted, points = _unharmed(scenario, shop)
    different = []
    for place in range(part, points + 1, parts):
        point, moment = (place, "before") if place < points else (points - 1, "after")
        shop.empty()
        killed = _in_child(lambda point=point, moment=moment: _run_until(scenario.work, point, moment))
        if killed != -signal.SIGKILL:
            different.append({"point": point, "moment": moment, "why": f"ended with {killed} instead of a kill"})
        found = _answer(shop, lambda: _go_on(scenario))
        if found != wanted:
            different.append({"point": point, "moment": moment, "found": found})
    print(json.dumps({"points": points, "different": different, "wanted": wanted}))


class Shop:
    """The one home of all runs: emptied to a copy of the migrated one before each."""

    def __init__(self, folder: Path) -> None:
        self.home, self._migrated, self.answer = folder / "home", folder / "migrated", folder / "answer.json"

    def set_up(self) -> None:
        """Load everything once, on this home, and let a child migrate it."""
        import django

        for name in ("deltalake", "duckdb", "numpy", "scipy.sparse.csgraph", "babel.numbers", "pandas"):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        os.environ["REGULARS_HOME"] = str(self.home)
        self.home.mkdir(parents=True)
        django.setup()
        for name in ("regulars.loop", "regulars.sources.imports.frame", "regulars.events.kinds.orders"):
            importlib.import_module(name)
        assert _in_child(_migrate) == 0
        self.home.rename(self._migrated)

    def empty(self) -> None:
        """Put the home back to what it was before any work."""
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self._migrated, self.home)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _unharmed(scenario: Any, shop: Shop) -> tuple[State, int]:
    def work() -> State:
        counter = Counter()
        counter.install()
        scenario.work()
        return {"points": counter.seen, "state": scenario.state()}

    shop.empty()
    answer = _answer(shop, work)
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


def _in_child(work: Callable[[], Any]) -> int:
    """Run work in a forked child; return its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _answer(shop: Shop, work: Callable[[], State]) -> State:
    """Run work in a child and return the JSON state that it answers."""

    def told() -> None:
        shop.answer.write_text(json.dumps(work(), default=str, sort_keys=True))

    code = _in_child(told)
    if code != 0:
        return {"failed": code}
    answer: State = json.loads(shop.answer.read_text())
    return answer


if __name__ == "__main__":
    main()
