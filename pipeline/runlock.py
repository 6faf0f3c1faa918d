"""One run at a time in an output folder, and none once its window is sealed."""

import os
from pathlib import Path

from pipeline.errors import RunUnderWay, WindowSealed

SEAL_FILE = "sealed.json"
_LOCK_FILE = ".run-lock"


class RunLock:
    """A lock on an output folder that the system lets go when its holder dies.

    Runs that share one window between machines hold it `shared`; any other run, and whoever seals,
    alone. Raises `RunUnderWay` when it is taken.
    """

    def __init__(self, out: Path, *, shared: bool = False) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(out / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
        if not _lock(self._handle, shared=shared):
            os.close(self._handle)
            raise RunUnderWay(
                f"another run writes to {out}",
                untouched="Nothing was read or written.",
                next_step="Wait until it has ended; `chuhe window status` shows how far it is.",
            )

    def release(self) -> None:
        os.close(self._handle)


def _lock(handle: int, *, shared: bool) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows: one operator, one run
        return True
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def require_unsealed(out: Path) -> None:
    """Raises `WindowSealed` when the reports in `out` are sealed."""
    if (out / SEAL_FILE).exists():
        raise WindowSealed(
            f"the window in {out} is sealed",
            untouched="No report was read or changed.",
            next_step="What came in after the seal belongs to another window.",
        )
