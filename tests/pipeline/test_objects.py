"""Blobs in an object store: the same as in a folder, whole or not at all."""

import os
import uuid
from pathlib import Path

import pytest

from pipeline.errors import StoreError, UsageError
from pipeline.store.blobs import BlobStore, blobs_at, open_blobs
from pipeline.store.objects import ObjectBlobs


@pytest.fixture
def blobs() -> BlobStore:
    return open_blobs(f"memory://chuhe-{uuid.uuid4().hex}/blobs")


def test_a_blob_comes_back_under_its_hash(blobs: BlobStore) -> None:
    key = blobs.put(b"data", ".reading")
    assert key.endswith(".reading") and blobs.has(key) and blobs.get(key) == b"data"
    assert blobs.put(b"data", ".reading") == key
    assert blobs.get("0" * 64) is None and not blobs.has("0" * 64)


def test_a_store_is_opened_again_by_its_location(blobs: BlobStore) -> None:
    key = blobs.put(b"data")
    assert open_blobs(blobs.location).get(key) == b"data"


def test_a_blob_that_comes_damaged_is_no_blob(blobs: BlobStore) -> None:
    assert isinstance(blobs, ObjectBlobs)
    key = blobs.put(b"data")
    blobs._files.pipe_file(blobs._object(key), b"dat")
    with pytest.raises(StoreError, match="object store failed"):
        blobs.get(key)


def test_a_store_that_fails_says_so(blobs: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_more: object) -> None:
        raise ConnectionError("510102199001011234")

    assert isinstance(blobs, ObjectBlobs)
    monkeypatch.setattr(blobs._files, "pipe_file", refuse)
    with pytest.raises(StoreError) as failed:
        blobs.put(b"data")
    assert "510102199001011234" not in str(failed.value)


def test_an_address_that_nothing_here_reaches_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def absent(_url: str) -> None:
        raise ImportError("no s3fs")

    monkeypatch.setattr("fsspec.core.url_to_fs", absent)
    with pytest.raises(UsageError) as refused:
        open_blobs("s3://bucket/chuhe")
    assert "chuhe[s3]" in str(refused.value.next_step)


def test_without_an_address_blobs_lie_beside_the_store(tmp_path: Path) -> None:
    assert open_blobs(blobs_at("", tmp_path)).location == str(tmp_path / "blobs")
    assert blobs_at("s3://bucket/x", tmp_path) == "s3://bucket/x"


def test_blobs_of_a_bucket(s3_bucket: str) -> None:
    assert os.environ["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1")
    blobs = open_blobs(f"s3://{s3_bucket}/readings")
    key = blobs.put(b"data" * 1000, ".jpg")
    assert open_blobs(blobs.location).get(key) == b"data" * 1000
    assert blobs.get("0" * 64) is None
