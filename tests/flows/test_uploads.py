"""Uploads in an object store: fetched as they are, once, and gone here when they are gone there."""

import uuid
from pathlib import Path

import fsspec
import pytest

from pipeline.errors import UnusableIntake
from pipeline.settings import Settings
from pipeline.windows.register import open_register
from pipeline.windows.shared import begin_shared_run, end_shared_run, take_chunk
from pipeline.windows.status import window_status
from pipeline.windows.uploads import count_dossiers_at, dossier_ids_at, uploads_here
from tests.flows import generated_jobs


@pytest.fixture
def remote(simulated: Path) -> str:
    """The simulated window in an object store that lives in this process."""
    url = f"memory://{uuid.uuid4().hex}/2022H2"
    fsspec.filesystem("memory").put(str(simulated), url.removeprefix("memory:/"), recursive=True)
    return url


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".fetched" not in p.parts
    }


def test_the_copy_is_the_window(remote: str, simulated: Path, tmp_path: Path) -> None:
    assert tree(uploads_here(remote, tmp_path / "copy")) == tree(simulated)
    assert dossier_ids_at(remote) == dossier_ids_at(str(simulated))
    assert count_dossiers_at(remote) == 8


def test_only_what_has_changed_is_fetched_again(
    remote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = fsspec.filesystem("memory")
    uploads_here(remote, tmp_path)
    path = remote.removeprefix("memory:/") + "/dossiers/2022H2-000001/materials"
    names = sorted(entry.rsplit("/", 1)[-1] for entry in files.ls(path, detail=False))
    files.pipe_file(f"{path}/{names[0]}", b"%PDF-1.4 anew")
    files.rm_file(f"{path}/{names[1]}")
    fetched: list[str] = []
    cat = files.cat_file

    def noted(name: str, **more: object) -> bytes:
        fetched.append(name)
        return bytes(cat(name, **more))

    monkeypatch.setattr(files, "cat_file", noted)
    uploads_here(remote, tmp_path)
    assert [name.rsplit("/", 1)[-1] for name in fetched] == [names[0]]
    here = tmp_path / "dossiers/2022H2-000001/materials"
    assert (here / names[0]).read_bytes() == b"%PDF-1.4 anew"
    assert not (here / names[1]).exists()


def test_a_name_that_leads_elsewhere_stays_in_its_dossier(remote: str, tmp_path: Path) -> None:
    files = fsspec.filesystem("memory")
    below = f"{remote.removeprefix('memory:/')}/dossiers/2022H2-000001/materials/../../../../x.pdf"
    files.store[below] = files.store.pop(
        next(
            name for name in files.store if "2022H2-000001/materials" in name and remote[9:] in name
        )
    )
    files.store[below].path = below
    uploads_here(remote, tmp_path / "copy")
    assert [p.name for p in tmp_path.iterdir()] == ["copy"]
    outside = list((tmp_path / "copy").rglob("x.pdf"))
    assert len(outside) == 1 and "2022H2-000001" in outside[0].parts


def test_a_store_that_is_not_there_is_an_unusable_intake(tmp_path: Path) -> None:
    with pytest.raises(UnusableIntake):
        uploads_here("memory://nothing/here", tmp_path)


def test_a_registered_window_runs_from_an_object_store(
    remote: str, simulated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
    monkeypatch.setenv("CHUHE_SHARED_CHUNK_DOSSIERS", "5")
    monkeypatch.setenv("CHUHE_HOME", str(tmp_path / "home"))
    settings = Settings()
    with open_register(settings) as register:
        window = register.add(remote)
        assert window.intake == remote and window_status(register, "2022H2").dossiers_in_intake == 8
        run = begin_shared_run(register, window, settings)
        taken = [take_chunk(register, run, settings) for _ in range(3)]
        assert [chunk.reported for chunk in taken if chunk] == [5, 3]
        assert end_shared_run(register, run, settings) is not None
    assert len(list((tmp_path / "home/2022H2/reports").glob("*.json"))) == 8


def test_a_window_in_a_bucket_gives_the_bytes_of_a_folder(
    s3_bucket: str, simulated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
    written: list[dict[str, bytes]] = []
    for name in ("folder", "bucket"):
        location = str(simulated)
        if name == "bucket":
            location = f"s3://{s3_bucket}/uploads/2022H2"
            fsspec.filesystem("s3").put(str(simulated), location, recursive=True)
            monkeypatch.setenv("CHUHE_BLOBS_URL", f"s3://{s3_bucket}/readings")
        settings = Settings(home=tmp_path / name)
        with open_register(settings) as register:
            run = begin_shared_run(register, register.add(location), settings)
            assert take_chunk(register, run, settings) is not None
            end_shared_run(register, run, settings)
        written.append(tree(tmp_path / name / "2022H2" / "reports"))
    assert written[0] == written[1] and len(written[0]) >= 16
    assert not (tmp_path / "bucket/.chuhe/blobs").exists()
    assert len(fsspec.filesystem("s3").find(f"{s3_bucket}/readings")) >= 24
