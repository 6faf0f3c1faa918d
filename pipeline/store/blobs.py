"""A content-addressed folder: what is put in is found again by its SHA-256, and never changes."""

import glob
import hashlib
import os
import socket
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import psutil

from pipeline.errors import StoreError

_PARTS = ".parts"
"""Where blobs lie below the store's folder until they are whole."""


class BlobStore:
    """Blobs below one folder; safe for several processes, since a blob is renamed into place."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def location(self) -> str:
        """What `open_blobs` opens the same store by, also in another process."""
        return str(self.root)

    def path_of(self, key: str) -> Path:
        return self.root / key[:2] / key

    def put(self, data: bytes, suffix: str = "") -> str:
        """Returns the key of `data`: its SHA-256 in hex, followed by `suffix`.

        Raises `StoreError` when it cannot be written (a full disk, no permission).
        """
        key = hashlib.sha256(data).hexdigest() + suffix
        if not self.has(key):
            try:
                self._write(key, data)
            except OSError as error:
                raise _unwritten(error) from error
        return key

    def get(self, key: str) -> bytes | None:
        """The blob, or None when it is not there."""
        try:
            return self.path_of(key).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, key: str) -> bool:
        return self.path_of(key).exists()

    def sweep(self) -> None:
        """Removes what processes of this machine that are gone left half written."""
        sweep_parts(self.root / _PARTS)

    def _write(self, key: str, data: bytes) -> None:
        write_pieces_atomically(self.path_of(key), (data,), scratch=self.root / _PARTS)


def _unwritten(error: Exception) -> StoreError:
    said = getattr(error, "strerror", None) or type(error).__name__
    return StoreError(
        f"cannot write to the store: {said}",
        untouched="Nothing that was stored before has changed.",
        next_step="Free some disk space or mend the permissions of the output folder, then run again.",
    )


def blobs_at(url: str, state: Path) -> str:
    """Where blobs lie: at `url`, or else in the state folder of the run."""
    return url or str(state / "blobs")


def open_blobs(location: str) -> BlobStore:
    """The blobs of a folder, or of an object store when `location` is a URL of fsspec."""
    if "://" not in location:
        return BlobStore(Path(location))
    from pipeline.store.objects import ObjectBlobs

    return ObjectBlobs(location)


def write_atomically(target: Path, data: bytes) -> None:
    """Writes `data` so that a reader sees either the old file or the whole new one."""
    write_pieces_atomically(target, (data,))


def write_pieces_atomically(
    target: Path, pieces: Iterable[bytes], *, scratch: Path | None = None
) -> None:
    """The same for data that comes in pieces. Until it is whole it lies in `scratch` (by default
    beside `target`), which must be on the same file system."""
    folder = scratch or target.parent
    for needed in {target.parent, folder}:
        needed.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=f"{_prefix()}{os.getpid()}-")
    try:
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sweep_parts(folder: Path) -> None:
    """Removes from `folder` what processes of this machine that are gone left half written."""
    prefix = _prefix()
    for path in folder.glob(f"{glob.escape(prefix)}*"):
        pid = path.name.removeprefix(prefix).split("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            path.unlink(missing_ok=True)


@cache
def _prefix() -> str:
    """How names of half-written files of this machine begin; the process id follows."""
    host = "".join(c for c in socket.gethostname() if c.isalnum())
    return f".part-{host[:30]}-"
