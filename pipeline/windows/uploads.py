"""Where a window's uploads lie: a folder that its machines see, or an object store they fetch from.

Fetched uploads are a copy for reading: what is in the store stays as it is. An object that has not
changed since is not fetched again, and one that is gone is gone here too.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.errors import ChuheError, UnusableIntake
from pipeline.intake import count_dossiers, list_dossier_ids
from pipeline.intake.names import why_unsafe
from pipeline.store.blobs import write_atomically
from pipeline.store.objects import open_files

Found = TypeVar("Found")

_DOSSIERS = "dossiers"


def is_remote(location: str) -> bool:
    """True for a URL such as `s3://bucket/2022H2`, False for a folder."""
    return "://" in location


def uploads_here(location: str, copy: Path, only: Sequence[str] | None = None) -> Path:
    """The intake folder on this machine: the folder itself, or `copy`, brought up to date.

    With `only`, the files of other dossiers are not fetched; their folders stand there empty.
    Raises `UnusableIntake` when the store cannot be read.
    """
    if not is_remote(location):
        return Path(location)
    _told(lambda: _Copy(location, copy).fetch(only))
    return copy


def dossier_ids_at(location: str) -> list[str]:
    """The ids of all dossiers, in order. Raises `UnusableIntake`."""
    if not is_remote(location):
        return list_dossier_ids(Path(location))
    return _told(lambda: sorted(_Copy(location, Path()).ids()))


def count_dossiers_at(location: str) -> int:
    """How many dossiers there are. Raises `UnusableIntake`."""
    return len(dossier_ids_at(location)) if is_remote(location) else count_dossiers(Path(location))


def _told(work: Callable[[], Found]) -> Found:
    try:
        return work()
    except ChuheError:
        raise
    except Exception as error:
        raise UnusableIntake(
            f"受理文件所在的对象存储无法读取（{type(error).__name__}）。",
            untouched="没有改动任何文件。",
            next_step="请检查地址、网络和访问权限。",
        ) from error


@dataclass(frozen=True, slots=True)
class _Object:
    """One object below the window: where it is, where its copy lies, and what tells its content."""

    path: str
    place: str
    stamp: str


class _Copy:
    """A copy of the objects below `url` in `folder`."""

    def __init__(self, url: str, folder: Path) -> None:
        self._files, self._root = open_files(url)
        self._folder = folder

    def ids(self) -> set[str]:
        self._files.invalidate_cache()
        entries = self._files.ls(f"{self._root}/{_DOSSIERS}", detail=True)
        return {_name(e["name"]) for e in entries if e["type"] == "directory"}

    def fetch(self, only: Sequence[str] | None) -> None:
        ids = self.ids()
        folder = self._folder / _DOSSIERS
        folder.mkdir(parents=True, exist_ok=True)
        here = {path.name for path in folder.iterdir()}
        for gone in here - ids:
            shutil.rmtree(folder / gone)
        self._take("", self._top())
        for dossier_id in sorted(ids):
            if not why_unsafe(dossier_id) and dossier_id not in (".", ".."):
                (folder / dossier_id).mkdir(exist_ok=True)
                if only is None or dossier_id in only:
                    self._take(f"{_DOSSIERS}/{dossier_id}", self._below(dossier_id))

    def _top(self) -> Iterator[_Object]:
        """The files beside the dossiers: the window, sheets, registers."""
        for entry in self._files.ls(self._root, detail=True):
            if entry["type"] == "file":
                yield _Object(entry["name"], _name(entry["name"]), _stamp(entry))

    def _below(self, dossier_id: str) -> Iterator[_Object]:
        start = f"{self._root}/{_DOSSIERS}/{dossier_id}"
        for path, entry in self._files.find(start, detail=True).items():
            yield _Object(path, _safe_place(path[len(start) :]), _stamp(entry))

    def _take(self, place: str, objects: Iterator[_Object]) -> None:
        """Fetches what is new or changed of one folder, and removes what is gone."""
        folder = self._folder / place
        note = self._folder / ".fetched" / f"{hashlib.sha256(place.encode()).hexdigest()}.json"
        known: dict[str, str] = json.loads(note.read_bytes()) if note.exists() else {}
        now: dict[str, str] = {}
        for item in objects:
            now[item.place] = item.stamp
            target = folder / item.place
            if known.get(item.place) != item.stamp or not target.is_file():
                write_atomically(target, self._files.cat_file(item.path))
        for gone in set(known) - set(now):
            (folder / gone).unlink(missing_ok=True)
        if now != known:
            write_atomically(note, json.dumps(now, sort_keys=True).encode())


def _name(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]


def _stamp(entry: dict[str, Any]) -> str:
    """What changes when the object does, as far as its store tells."""
    told = [entry.get(k) for k in ("ETag", "etag", "md5", "LastModified", "mtime", "created")]
    return " ".join(str(value) for value in (entry.get("size"), *told) if value is not None)


def _safe_place(path: str) -> str:
    """The object's place below its folder; a part that would lead elsewhere is named by its hash."""
    parts = [part for part in path.split("/") if part]
    return "/".join(
        f"unsafe-{hashlib.sha256(part.encode()).hexdigest()[:8]}" if part in (".", "..") else part
        for part in parts
    )
