"""Blobs in an object store (S3 and whatever else fsspec reaches), for machines that share no disk."""

import hashlib
from pathlib import Path
from typing import Any

import fsspec

from pipeline.errors import StoreError, UsageError
from pipeline.store.blobs import BlobStore


class ObjectBlobs(BlobStore):
    """The same as a `BlobStore`, one object a blob. `url` is one of fsspec, such as `s3://bucket/chuhe`.

    Credentials and endpoints come from the environment (`AWS_…`, `FSSPEC_S3_ENDPOINT_URL`), never
    from a URL. Raises `UsageError` when the library for this kind of store is not installed.
    """

    def __init__(self, url: str) -> None:
        super().__init__(Path())
        self._url = url
        self._files, self._prefix = open_files(url)

    @property
    def location(self) -> str:
        return self._url

    def path_of(self, key: str) -> Path:
        raise NotImplementedError("an object has no path on this machine")

    def get(self, key: str) -> bytes | None:
        """The blob, or None when it is not there. Raises `StoreError` when it came damaged."""
        try:
            data: bytes = self._files.cat_file(self._object(key))
        except FileNotFoundError:
            return None
        except Exception as error:
            raise _unreached(error) from error
        if hashlib.sha256(data).hexdigest() != key[:64]:
            raise _unreached(ValueError("a blob came damaged"))
        return data

    def has(self, key: str) -> bool:
        try:
            return bool(self._files.exists(self._object(key)))
        except Exception as error:
            raise _unreached(error) from error

    def sweep(self) -> None:
        """Nothing: an object is there whole or not at all."""

    def _write(self, key: str, data: bytes) -> None:
        try:
            self._files.makedirs(self._object(key).rsplit("/", 1)[0], exist_ok=True)
            self._files.pipe_file(self._object(key), data)
        except Exception as error:
            raise _unreached(error) from error

    def _object(self, key: str) -> str:
        return f"{self._prefix}/{key[:2]}/{key}"


def open_files(url: str) -> tuple[Any, str]:
    """The file system of a URL and the path in it, without a slash at the end."""
    try:
        files, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise UsageError(
            f"this installation cannot reach {url.split('://')[0]}:// addresses",
            next_step="Install the extra for it, for S3 `pip install 'chuhe[s3]'`.",
        ) from error
    return files, str(path).rstrip("/")


def _unreached(error: Exception) -> StoreError:
    return StoreError(
        f"the object store failed: {type(error).__name__}",
        untouched="What was kept before is whole.",
        next_step="Mend the connection or the permissions, then run again: it goes on where it was.",
    )
