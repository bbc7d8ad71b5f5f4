"""Results kept by the lake's version: a question asked again before anything changed is answered from a file or memory."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from regulars.core.files import write_whole

KEPT = 64
Made = TypeVar("Made")


class ResultCache:
    """JSON answers in one folder; the key holds the seq, so a new fact makes a new key and old files are dropped."""

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        self._folder, self._kept = folder, kept

    def get_or_make(self, key: tuple[Any, ...], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the answer kept under this key, or make and keep it; an unreadable file is made again."""
        path = self._folder / f"{hashlib.blake2b(repr(key).encode(), digest_size=16).hexdigest()}.json"
        try:
            answer: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return answer
        except (OSError, ValueError):
            answer = make()
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(answer))
        self._drop_old()
        return answer

    def _drop_old(self) -> None:
        files = sorted(self._folder.glob("*.json"), key=_written_at, reverse=True)
        for file in files[self._kept :]:
            file.unlink(missing_ok=True)


def _written_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:  # dropped by somebody else meanwhile
        return 0.0


@dataclass
class _Slot:
    lock: threading.RLock = field(default_factory=threading.RLock)
    is_made: bool = False
    value: Any = None


class Once:
    """Values made once in this process, by key: the first who asks makes it, whoever asks meanwhile waits for it.

    Of more than `kept` the longest unasked go. Whoever gets a value leaves it as it is: others get the same one.
    """

    def __init__(self, kept: int | None = None) -> None:
        self._kept, self._door, self._slots = kept, threading.Lock(), OrderedDict[Hashable, _Slot]()

    def get_or_make(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the value kept under a key, or make and keep it; nothing is kept of a make that raises."""
        with self._door:
            slot = self._slots.setdefault(key, _Slot())
            self._slots.move_to_end(key)
            if self._kept is not None and len(self._slots) > self._kept:
                self._slots.popitem(last=False)
        with slot.lock:
            if not slot.is_made:
                slot.value, slot.is_made = make(), True
            value: Made = slot.value
            return value
