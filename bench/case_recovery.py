"""The simulator's truth found again: in how many of a hundred made shops the intervals of the predictions hold it."""

import tempfile
import time
from pathlib import Path
from typing import Any

LEAST = 0.9


def run(quick: bool = False) -> dict[str, Any]:
    """Make the shops, predict, and count for each figure how often its interval holds what is true."""
    import django

    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        _settle(Path(folder))
        django.setup()
        from tests.simulator.recovery import shares

        n_shops = 5 if quick else 100
        start = time.perf_counter()
        held = shares(Path(folder), range(1, n_shops + 1))
        seconds = time.perf_counter() - start
    least = min(held.values())
    return {
        "case": "recovery",
        "name": f"the truth of {n_shops} made shops, held by the intervals",
        "ours_s": seconds,
        "peer": "none",
        "peer_s": seconds,
        "ratio": least,
        "target": "each figure in >= 90 %",
        "met": least >= LEAST,
        "equal": True,
        "note": ", ".join(f"{name} {share:.0%}" for name, share in held.items()),
    }


def _settle(folder: Path) -> None:
    import os

    for name in [name for name in os.environ if name.startswith(("REGULARS_", "DJANGO_"))]:
        del os.environ[name]
    os.environ.update(REGULARS_HOME=str(folder / "home"), DJANGO_SETTINGS_MODULE="regulars.config.settings")
