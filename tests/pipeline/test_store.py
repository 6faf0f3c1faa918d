"""The store: blobs by content, rows by key, one schema whether migrated or declared."""

import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import console.schema  # noqa: F401 - its tables share the database
from pipeline.errors import StoreError
from pipeline.store.blobs import BlobStore, write_atomically
from pipeline.store.database import Store, open_engine
from pipeline.store.schema import Base, StoredReading, StoredReport


def test_a_blob_is_found_by_its_content(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path)
    key = blobs.put("页面".encode(), ".webp")
    assert blobs.get(key) == "页面".encode()
    assert blobs.put("页面".encode(), ".webp") == key
    assert blobs.get("0" * 64) is None


def test_a_failed_write_leaves_the_old_file_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.json"
    write_atomically(target, b"old")
    monkeypatch.setattr("os.fsync", _full_disk)
    with pytest.raises(OSError, match="No space"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_is_said_clearly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", _full_disk)
    with pytest.raises(StoreError) as raised:
        BlobStore(tmp_path).put(b"data")
    assert "No space" in str(raised.value)
    assert raised.value.next_step


def _full_disk(_handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_readings_and_reports_come_back_as_they_went_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    store = Store(url)
    store.keep_reading(
        StoredReading(
            content_key="k", sha256="s", version="v", blob="b.reading", pages=2, seconds=0.5
        )
    )
    store.keep_report(
        StoredReport(
            window_id="w", dossier_id="d", input_key="i", row="{}", json_sha256="j", html_sha256="h"
        )
    )
    store.close()
    again = Store(url)
    found = again.find_readings([*(f"other {n}" for n in range(1200)), "k"])
    reading = found.get("k")
    report = again.find_report("w", "d")
    assert reading is not None and reading.blob == "b.reading" and reading.pages == 2
    assert report is not None and report.input_key == "i"
    assert set(found) == {"k"}
    again.close()


def test_migrations_give_the_declared_schema(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert differences == []


def test_an_unusable_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").mkdir()
    with pytest.raises(StoreError):
        Store(f"sqlite:///{tmp_path / 'store.sqlite'}")


def test_what_a_killed_process_left_half_written_is_swept(tmp_path: Path) -> None:
    from pipeline.store import blobs as module

    store = BlobStore(tmp_path)
    key = store.put(b"data")
    parts = tmp_path / ".parts"
    gone, alive = (f"{module._prefix()}{pid}-abc" for pid in (2**22 + 7, os.getpid()))
    for name in (gone, alive, ".part-elsewhere-1-abc"):
        (parts / name).touch()
    store.sweep()
    assert sorted(p.name for p in parts.iterdir()) == sorted([alive, ".part-elsewhere-1-abc"])
    assert store.get(key) == b"data"
