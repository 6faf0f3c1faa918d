"""Backup and restore of a home or output folder: one archive, every file in it verified by hash."""

import hashlib
import io
import json
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline import __version__
from pipeline.errors import UsageError
from pipeline.runlock import RunLock
from pipeline.window import STATE_FOLDER

MANIFEST = "manifest.json"
DATABASE = "store.sqlite"
_LEFT_OUT = ("prefect", "pages", "store.sqlite-wal", "store.sqlite-shm")


@dataclass(frozen=True, slots=True)
class Backup:
    """What an archive holds: how many files and bytes, and the SHA-256 of its manifest."""

    files: int
    size: int
    sha256: str


def back_up(folder: Path, archive: Path) -> Backup:
    """Writes everything of `folder` to `archive` (tar.gz), the database as one moment saw it.

    Prefect's own state is left out: it is for watching only; so are page pictures that are made
    again. A Postgres database is not in here; it has its own tools. Raises `RunUnderWay` while a
    run writes to the folder.
    """
    if not (folder / STATE_FOLDER).is_dir():
        raise UsageError(f"{folder} holds nothing that a run has written")
    if archive.resolve().is_relative_to(folder.resolve()):
        raise UsageError("the archive must not lie inside the folder it is made of")
    lock = RunLock(folder)
    draft = archive.with_name(archive.name + ".part")
    listed: dict[str, dict[str, object]] = {}
    try:
        with tarfile.open(draft, "w:gz", compresslevel=1) as tar, _CopiedDatabase(folder) as copy:
            for path in _files(folder):
                name = path.relative_to(folder).as_posix()
                source = copy if copy is not None and path.name == DATABASE else path
                listed[name] = {"sha256": _sha256(source), "size": source.stat().st_size}
                tar.add(source, f"data/{name}", recursive=False)
            manifest = json.dumps({"version": __version__, "files": listed}, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(manifest)
            tar.addfile(entry, io.BytesIO(manifest))
        draft.replace(archive)
    finally:
        lock.release()
        draft.unlink(missing_ok=True)
    size = sum(int(str(item["size"])) for item in listed.values())
    return Backup(len(listed), size, hashlib.sha256(manifest).hexdigest())


def restore(archive: Path, folder: Path) -> Backup:
    """Unpacks `archive` into `folder`, which must be empty or absent, and verifies every file.

    Nothing appears under `folder` before all hashes hold. Raises `UsageError` otherwise.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            f"{folder} is not empty",
            untouched="Nothing was written.",
            next_step="Name a folder that does not exist yet.",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".restore-") as scratch:
        taken = Path(scratch)
        try:
            with tarfile.open(archive, "r:gz") as tar:
                tar.extractall(taken, filter="data")
            manifest = (taken / MANIFEST).read_bytes()
            files = json.loads(manifest)["files"]
        except (OSError, tarfile.TarError, EOFError, ValueError, KeyError) as error:
            raise _damaged(archive) from error
        found = {p.relative_to(taken / "data").as_posix() for p in _files(taken / "data")}
        if found != set(files) or any(PurePosixPath(n).is_absolute() for n in files):
            raise _damaged(archive)
        for name, item in files.items():
            if _sha256(taken / "data" / name) != item["sha256"]:
                raise _damaged(archive)
        if folder.exists():
            folder.rmdir()
        (taken / "data").rename(folder)
    size = sum(int(item["size"]) for item in files.values())
    return Backup(len(files), size, hashlib.sha256(manifest).hexdigest())


class _CopiedDatabase:
    """The SQLite database of a folder as one moment saw it, in a file of its own; None if none."""

    def __init__(self, folder: Path) -> None:
        self._database = folder / STATE_FOLDER / DATABASE
        self._scratch = tempfile.TemporaryDirectory(prefix="chuhe-backup-")

    def __enter__(self) -> Path | None:
        if not self._database.exists():
            return None
        copy = Path(self._scratch.name) / DATABASE
        source, target = sqlite3.connect(self._database), sqlite3.connect(copy)
        with target:
            source.backup(target)
        source.close()
        target.close()
        return copy

    def __exit__(self, *_about: object) -> None:
        self._scratch.cleanup()


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_left_out = parts[0] == STATE_FOLDER and len(parts) > 1 and parts[1] in _LEFT_OUT
        if path.is_file() and not path.is_symlink() and not is_left_out and not _is_half(path):
            yield path


def _is_half(path: Path) -> bool:
    """True for what a process that was killed left half written."""
    return path.name.startswith(".part-")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _damaged(archive: Path) -> UsageError:
    return UsageError(
        f"{archive} is damaged or is not a backup",
        untouched="Nothing was restored.",
        next_step="Use another copy of the backup.",
    )
