"""What this machine has to work with: cores and memory, also inside a container's limits, and a cache."""

import os
from pathlib import Path

import psutil

WORKER_BYTES = 1280 * 2**20
"""Memory for one worker: an engine with both recognisers on large pages, and the report it writes."""
_REST_BYTES = 1536 * 2**20
"""Memory left for the run itself, Prefect's server and the system."""
_CGROUP = Path("/sys/fs/cgroup")


def user_cache(name: str) -> Path:
    """The folder of that name in the user's cache (`XDG_CACHE_HOME`, else `~/.cache`)."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "chuhe" / name


def fitting_workers() -> int:
    """How many workers this machine can hold: one a core, as far as memory goes, at least one."""
    return workers_for(usable_cores(), usable_memory())


def workers_for(cores: int, memory: int) -> int:
    """The same for so many cores and bytes."""
    return max(1, min(cores, (memory - _REST_BYTES) // WORKER_BYTES))


def usable_cores(group: Path = _CGROUP) -> int:
    """Cores this process may use: by its affinity, and by the quota of its control group."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    quota, _, period = _read(group / "cpu.max").partition(" ")
    if quota.isdigit() and period.isdigit() and int(period):
        cores = min(cores, int(quota) // int(period))
    return max(1, cores)


def usable_memory(group: Path = _CGROUP) -> int:
    """Bytes of memory this process may use: the machine's, or less where its control group says so."""
    total = int(psutil.virtual_memory().total)
    limit = _read(group / "memory.max")
    return min(total, int(limit)) if limit.isdigit() else total


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""
