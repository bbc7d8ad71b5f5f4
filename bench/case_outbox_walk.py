"""The walk from a paid order at the door to its thank-you text, with the shop killed by SIGKILL at a hundred random moments."""

import tempfile
import time
from pathlib import Path
from typing import Any

from tests.walks.thanking import AT_ONCE, Walked, walk


def run(quick: bool = False) -> dict[str, Any]:
    """Walk through a gateway that remembers idempotency keys, and through one that does not."""
    kills = 3 if quick else 100
    start = time.perf_counter()
    walked = {has_keys: _walked(kills, has_keys) for has_keys in (True, False)}
    is_right = all(one.kills == kills and not one.wrong(has_keys) for has_keys, one in walked.items())
    return {
        "case": "outbox",
        "name": f"{walked[True].orders} paid orders thanked for by text, the shop killed {kills} times, twice",
        "ours_s": time.perf_counter() - start,
        "peer": "",
        "peer_s": None,
        "ratio": None,
        "target": "with keys one each; without never two, each loss listed",
        "met": is_right,
        "equal": is_right,
        "note": f"with keys {_told(walked[True], True)}; without {_told(walked[False], False)}",
    }


def _walked(kills: int, has_keys: bool) -> Walked:
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        return walk(Path(folder) / "home", "", has_keys, kills)


def _told(one: Walked, has_keys: bool) -> str:
    said = f"{len(one.copies)} texts, {sum(n > 1 for n in one.copies.values())} twice, {len(one.unknown)} unknown of {one.kills * AT_ONCE}"
    return "; ".join([said, *one.wrong(has_keys)])
