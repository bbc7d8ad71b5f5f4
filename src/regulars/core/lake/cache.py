"""Results kept by the lake's version: a question asked again before anything changed is answered from a file."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from regulars.core.files import write_whole

KEPT = 64


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
        files = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files[self._kept :]:
            file.unlink(missing_ok=True)
