"""Registered windows: taken in by content, run within their days, sealed for good."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import UsageError, WindowSealed
from pipeline.progress import Progress
from pipeline.windows.calendar import ZONE
from pipeline.windows.register import open_register
from pipeline.windows.status import phase_of
from tests.flows import generated_jobs


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
    monkeypatch.setenv("CHUHE_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"


@pytest.fixture
def window(simulated: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "2022H2"
    shutil.copytree(simulated, folder)
    for late in sorted((folder / "dossiers").iterdir())[4:]:
        shutil.rmtree(late)
    return folder


def chuhe(*arguments: str | Path) -> dict[str, object]:
    result = CliRunner().invoke(app, [*map(str, arguments), "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    said: dict[str, object] = json.loads(result.stdout)
    return said


def test_a_window_from_opening_to_seal(window: Path, simulated: Path, home: Path) -> None:
    chuhe("window", "add", window)
    assert chuhe("window", "run", "2022H2", "--local")["ran"] is False
    assert not (home / "2022H2").exists()

    first = chuhe("window", "run", "2022H2", "--local", "--anyway")
    assert first["materials_read"] == 12 and first["dossiers_unchanged"] == 0
    late = "2022H2-000006"
    shutil.copytree(simulated / "dossiers" / late, window / "dossiers" / late)
    changed = next((window / "dossiers" / "2022H2-000001" / "materials").iterdir())
    shutil.copy(next((simulated / "dossiers" / "2022H2-000007" / "materials").iterdir()), changed)
    second = chuhe("window", "run", "2022H2", "--local", "--anyway")
    assert second["dossiers_unchanged"] == 3 and second["materials_read"] == 4

    status = chuhe("window", "status", "2022H2")
    assert status["reported"] == status["dossiers_in_intake"] == 5
    assert status["phase"] == "closed" and status["run"]["state"] == "done"  # type: ignore[index]

    sealed = chuhe("window", "seal", "2022H2")
    assert sealed["reports"] == 5
    before = {p: p.read_bytes() for p in (home / "2022H2").rglob("*") if p.is_file()}
    shutil.copytree(simulated / "dossiers" / "2022H2-000008", window / "dossiers" / "2022H2-000008")
    for again in (("window", "run", "2022H2", "--local", "--anyway"), ("window", "seal", "2022H2")):
        with pytest.raises(WindowSealed):
            chuhe(*again)
    with pytest.raises(WindowSealed):
        chuhe("window", "add", window)
    with pytest.raises(WindowSealed):
        chuhe("run", window, "--out", home / "2022H2", "--local")
    assert {p: p.read_bytes() for p in (home / "2022H2").rglob("*") if p.is_file()} == before
    assert chuhe("window", "status", "2022H2", "--verify")["seal_holds"] is True
    (home / "2022H2" / "reports" / f"{late}.json").write_text("{}")
    result = CliRunner().invoke(app, ["window", "status", "2022H2", "--verify", "--json"])
    assert result.exit_code == 1 and json.loads(result.stdout)["seal_holds"] is False


def test_a_window_with_a_lost_report_is_not_sealed(window: Path, home: Path) -> None:
    chuhe("window", "add", window)
    chuhe("window", "run", "2022H2", "--local", "--anyway")
    next((home / "2022H2" / "reports").glob("*.html")).unlink()
    with pytest.raises(UsageError, match="missing"):
        chuhe("window", "seal", "2022H2")
    assert chuhe("window", "status", "2022H2")["sealed_at"] is None


def test_unknown_windows_are_named(home: Path) -> None:
    assert chuhe("window", "list") == []
    with pytest.raises(UsageError, match="2030H1"):
        chuhe("window", "status", "2030H1")


def test_phases_follow_the_clock_of_sichuan(window: Path) -> None:
    with open_register() as register:
        stored = register.add(window)
    days = {
        "2022-12-26T23:59": "before", "2022-12-27T00:00": "open", "2023-01-31T23:59": "open",
        "2023-02-01T00:00": "closing", "2023-02-02T00:00": "closed",
    }  # fmt: skip
    for said, phase in days.items():
        now = datetime.fromisoformat(said).replace(tzinfo=ZONE)
        assert phase_of(stored, now) == phase, said


def test_a_machine_that_dies_loses_its_chunk_to_another(window: Path) -> None:
    from pipeline.settings import Settings
    from pipeline.windows.shared import begin_shared_run, end_shared_run, take_chunk

    settings = Settings(shared_chunk_dossiers=2, lease_seconds=0.05)
    with open_register(settings) as register:
        stored = register.add(window)
        run = begin_shared_run(register, stored, settings)
        dead = register.runs.take(run.run_id, "dead", 0.05)
        assert dead is not None and dead.number == 0
        done = [take_chunk(register, run, settings), take_chunk(register, run, settings)]
        assert sorted(r.index for r in done if r) == [0, 1]
        assert not register.runs.finish(dead, "dead", Progress(dossiers_total=2, dossiers_done=2))
        assert take_chunk(register, run, settings) is None
        index = end_shared_run(register, run, settings)
        assert index is not None and (index.parent / "summary.json").exists()
        total = register.runs.find(run.run_id)
        assert total is not None and total.dossiers_done == 4 and total.state == "done"


def test_a_chunk_that_is_held_is_nobody_elses(window: Path) -> None:
    from pipeline.settings import Settings
    from pipeline.windows.shared import begin_shared_run

    settings = Settings(shared_chunk_dossiers=10)
    with open_register(settings) as register:
        run = begin_shared_run(register, register.add(window), settings)
        held = register.runs.take(run.run_id, "one", 60)
        assert held is not None and register.runs.take(run.run_id, "two", 60) is None
        half = Progress(dossiers_total=4, dossiers_done=2, pages_read=30)
        assert register.runs.hold(held, "one", 60, half)
        assert not register.runs.hold(held, "two", 60, half)
        assert not register.runs.finish(replace(held), "two", half)


def test_status_tells_how_far_a_chunk_is_while_it_is_worked_on(window: Path) -> None:
    from pipeline.settings import Settings
    from pipeline.windows.shared import begin_shared_run
    from pipeline.windows.status import window_status

    settings = Settings(shared_chunk_dossiers=2)
    with open_register(settings) as register:
        run = begin_shared_run(register, register.add(window), settings)
        chunks = [register.runs.take(run.run_id, name, 60) for name in ("one", "two")]
        for chunk, name in zip(chunks, ("one", "two"), strict=True):
            assert chunk is not None
            progress = Progress(dossiers_total=2, dossiers_done=1, pages_read=12)
            for _ in range(2):  # said again, it is not counted again
                assert register.runs.hold(chunk, name, 60, progress)
        said = window_status(register, "2022H2").run
        assert said is not None and said["state"] == "running"
        assert (said["dossiers_done"], said["dossiers_total"], said["pages_read"]) == (2, 4, 24)
        assert said["pages_per_minute"] > 0 and said["seconds_left"] is not None
