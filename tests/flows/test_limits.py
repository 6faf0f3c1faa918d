"""A poisonous file costs that file only, whichever way it misbehaves: real limits, no cooperation."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.window import prepare_run
from tests.flows import generated_jobs


def test_crash_endless_work_and_a_memory_blow_up_cost_their_own_file(
    simulated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = tmp_path / "window"
    shutil.copytree(simulated, window)
    folders = sorted((window / "dossiers").iterdir())
    good = sorted((folders[0] / "materials").iterdir())[0].read_bytes()
    for name in ("crash", "spin", "eat"):
        (folders[0] / "materials" / f"{name}.pdf").write_bytes(good + name.encode())
    monkeypatch.setattr("pipeline.window.read_one", generated_jobs.read_or_misbehave)
    monkeypatch.setenv("CHUHE_FILE_CPU_SECONDS", "3")
    monkeypatch.setenv("CHUHE_FILE_SECONDS", "100")
    monkeypatch.setenv("CHUHE_WORKER_MEMORY_BYTES", str(2**30))
    outcome = prepare_run(window, tmp_path / "out", workers=2).run()
    assert not outcome.unreported and len(outcome.rows) == 8
    assert outcome.progress.materials_quarantined == 3
    report = json.loads((tmp_path / "out" / "reports" / f"{folders[0].name}.json").read_bytes())
    reasons = {Path(q["file"]).stem: q["reason"] for q in report["quarantined"]}
    assert "中止" in reasons["crash"] and "时限" in reasons["spin"] and "内存" in reasons["eat"]
