"""Runs over simulated uploads: what is kept, what is summarised, who may write."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.batch import run_batch
from pipeline.errors import RunUnderWay, WindowSealed
from pipeline.report.summary import sort_rows
from pipeline.runlock import SEAL_FILE, RunLock
from pipeline.store.database import Store
from pipeline.store.runs import RunLedger
from pipeline.window import RunPart, prepare_run
from tests.flows import generated_jobs


@pytest.fixture(autouse=True)
def generated(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
    yield


def store_of(out: Path) -> Store:
    return Store(f"sqlite:///{out / '.chuhe' / 'store.sqlite'}")


@pytest.fixture(scope="module")
def first(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from rich.console import Console

    out = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
        run_batch(prepare_run(simulated, out), lambda run: run.run(), console=Console(), quiet=True)
    return out


def test_rows_come_from_the_store_in_both_orders(simulated: Path, first: Path) -> None:
    outcome = prepare_run(simulated, first).run()
    rows = outcome.rows
    assert [row.dossier_id for row in rows] == sorted(row.dossier_id for row in rows)
    assert tuple(outcome.source.by_work()) == sort_rows(rows) and len(rows) == 8
    assert sum(outcome.source.routes.values()) == 8


def test_a_dossier_that_left_the_folder_leaves_the_summary(
    simulated: Path, first: Path, tmp_path: Path
) -> None:
    import shutil

    window = tmp_path / "window"
    shutil.copytree(simulated, window)
    shutil.rmtree(window / "dossiers" / "2022H2-000003")
    outcome = prepare_run(window, first).run()
    assert len(outcome.rows) == 7 and outcome.progress.dossiers_unchanged == 7
    assert (first / "reports" / "2022H2-000003.json").exists()


def test_a_run_is_written_down(first: Path) -> None:
    store = store_of(first)
    run = RunLedger(store.engine).latest("2022H2")
    store.close()
    assert run is not None and run.state == "done" and run.dossiers_done == run.dossiers_total > 0


def test_two_runs_do_not_write_to_one_folder(simulated: Path, tmp_path: Path) -> None:
    lock = RunLock(tmp_path)
    with pytest.raises(RunUnderWay):
        prepare_run(simulated, tmp_path).run()
    lock.release()
    assert len(prepare_run(simulated, tmp_path).run().rows) == 8


def test_a_sealed_folder_takes_no_run(simulated: Path, tmp_path: Path) -> None:
    (tmp_path / SEAL_FILE).write_text("{}")
    with pytest.raises(WindowSealed):
        prepare_run(simulated, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [SEAL_FILE]


def test_parts_of_a_run_make_the_whole(simulated: Path, first: Path, tmp_path: Path) -> None:
    ids = sorted(p.name for p in (simulated / "dossiers").iterdir())
    whole = prepare_run(simulated, tmp_path)
    run_id = whole._ledger.begin("2022H2", replace(whole.progress))
    whole._store.close()
    for number, part in enumerate((ids[:5], ids[5:])):
        outcome = prepare_run(simulated, tmp_path, part=RunPart(run_id, number, tuple(part))).run()
        assert outcome.progress.dossiers_done == len(part)
    assert [row.dossier_id for row in outcome.rows] == ids
    for path in (first / "reports").iterdir():
        assert (tmp_path / "reports" / path.name).read_bytes() == path.read_bytes()


def test_summaries_are_whole(first: Path) -> None:
    data = json.loads((first / "summary.json").read_bytes())
    assert data["totals"]["dossiers"] == 8 == len(data["dossiers"])
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    assert (first / "summary.json").read_text(encoding="utf-8") == text
    assert "index-2" not in (first / "index.html").read_text(encoding="utf-8")
