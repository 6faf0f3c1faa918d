"""A backup restores to the same bytes and the same answers; a damaged one restores nothing."""

import tarfile
from pathlib import Path

import pytest

from pipeline.backup import back_up, restore
from pipeline.errors import RunUnderWay, UsageError
from pipeline.runlock import RunLock
from pipeline.window import prepare_run
from tests.flows import generated_jobs


@pytest.fixture(scope="module")
def out(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
        prepare_run(simulated, folder, workers=2).run()
    return folder


def test_a_restored_folder_goes_on_where_the_other_was(
    simulated: Path, out: Path, tmp_path: Path
) -> None:
    made = back_up(out, tmp_path / "backup.tar.gz")
    back = tmp_path / "restored"
    assert restore(tmp_path / "backup.tar.gz", back) == made and made.files > 30
    for path in (out / "reports").iterdir():
        assert (back / "reports" / path.name).read_bytes() == path.read_bytes()
    again = prepare_run(simulated, back).run()
    assert again.progress.dossiers_unchanged == 8 and again.progress.materials_read == 0


def test_a_damaged_backup_restores_nothing(out: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(out, archive)
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UsageError, match="damaged"):
        restore(archive, tmp_path / "restored")
    with tarfile.open(tmp_path / "plain.tar.gz", "w:gz") as changed:
        archive.write_bytes(whole)
        with tarfile.open(archive) as source:
            source.extractall(tmp_path / "opened", filter="data")
        next((tmp_path / "opened/data/reports").glob("*.json")).write_text("{}")
        changed.add(tmp_path / "opened/manifest.json", "manifest.json")
        changed.add(tmp_path / "opened/data", "data")
    with pytest.raises(UsageError, match="damaged"):
        restore(tmp_path / "plain.tar.gz", tmp_path / "restored")
    assert not (tmp_path / "restored").exists()


def test_a_backup_waits_for_no_run_and_overwrites_nothing(out: Path, tmp_path: Path) -> None:
    lock = RunLock(out)
    with pytest.raises(RunUnderWay):
        back_up(out, tmp_path / "backup.tar.gz")
    lock.release()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    with pytest.raises(UsageError, match="not empty"):
        restore(tmp_path / "backup.tar.gz", tmp_path / "full")
