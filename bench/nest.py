"""Processes that are there at once: one that has read the program divides itself for each call, and each part can be killed.

`python -m bench.nest MODULE` is the nest: of each line on standard input, a JSON list, it says one line. ["start", …] begins a
process that does `MODULE.do(words)` and says its number; ["wait", number] says how it ended, minus a signal's number when killed.
"""

import importlib
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Nest:
    """The nest, for whoever wants processes of it."""

    module: str
    env: Mapping[str, str]
    _process: "subprocess.Popen[str]" = field(init=False)

    def __enter__(self) -> Self:
        call = [sys.executable, "-m", "bench.nest", self.module]
        self._process = subprocess.Popen(
            call, env=dict(self.env), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.communicate()

    def start(self, *words: str) -> int:
        """Begin a process; return its number."""
        return self._asked("start", *words)

    def wait(self, number: int) -> int:
        """Wait until a process has ended; return how."""
        return self._asked("wait", number)

    def _asked(self, *words: str | int) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def main() -> None:
    """Read the program, then do as each line says."""
    import django

    module = importlib.import_module(sys.argv[1])
    django.setup()
    module.warm()
    for line in iter(sys.stdin.readline, ""):
        word, *told = json.loads(line)
        said = _divided(module, told) if word == "start" else os.waitstatus_to_exitcode(os.waitpid(told[0], 0)[1])
        print(said, flush=True)


def _divided(module: object, words: list[str]) -> int:
    number = os.fork()
    if number:
        return number
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        module.do(words)  # type: ignore[attr-defined]
    except BaseException:  # noqa: BLE001  nobody is above
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
