"""Content keys: what was read or reported is kept under a hash of all that went into it."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_SUFFIXES = {".py", ".toml", ".html", ".css", ".json", ".csv"}


def key_of(*parts: str) -> str:
    """SHA-256 (hex) over `parts`, each with its length, so that no two lists share a key."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(f"{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def _sources(folders: Iterable[str]) -> list[Path]:
    found: list[Path] = []
    for folder in folders:
        found += [p for p in (_ROOT / folder).rglob("*") if p.suffix in _SUFFIXES]
    return sorted(found)


@cache
def source_key(*folders: str) -> str:
    """SHA-256 over our own source files below `folders` (such as `pipeline/reading`).

    A changed stage therefore never meets results of the stage it was before.
    """
    digest = hashlib.sha256()
    for path in _sources(folders):
        digest.update(path.relative_to(_ROOT).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
