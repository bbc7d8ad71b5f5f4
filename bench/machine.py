"""What machine a figure comes from: only what explains the figure, nothing that names the machine."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

ENGINES = ("duckdb", "deltalake", "numpy", "scipy", "lifetimes")


def facts() -> dict[str, str]:
    """Return processor, cores, memory, system and versions."""
    return {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ENGINES},
    }


def _processor() -> str:
    return _line("/proc/cpuinfo", "model name") or platform.processor() or "unknown"


def _memory() -> str:
    kilobytes = _line("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(kilobytes) / 1024**2:.1f} GiB" if kilobytes else "unknown"


def _line(path: str, key: str) -> str:
    """Return what a system file says for a key, or a blank text where there is no such file."""
    place = Path(path)
    lines = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")
