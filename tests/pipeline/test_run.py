"""Runs over real files through the real engine: kept results, faults, resume."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipeline.errors import UsageError
from pipeline.intake.sheet import LABELS
from pipeline.settings import Settings
from pipeline.window import WindowOutcome, WindowRun, prepare_run
from tests.pipeline import faulty_jobs
from tests.pipeline.make_intake import copy_sample

pytestmark = pytest.mark.live

ROOT = Path(__file__).resolve().parents[2]


def run(intake: Path, out: Path, **more: Any) -> WindowOutcome:
    return prepare_run(intake, out, **more).run()


def report_bytes(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((out / "reports").iterdir())}


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "pipeline", *map(str, arguments)]


def run_command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, env=environment(), check=False
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_sample(tmp_path_factory.mktemp("in") / "window", 3, most_files=3)


@pytest.fixture(scope="module")
def first(intake: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WindowOutcome]:
    out = tmp_path_factory.mktemp("first")
    return out, run(intake, out)


def test_every_dossier_ends_in_a_report(first: tuple[Path, WindowOutcome]) -> None:
    out, outcome = first
    assert not outcome.unreported and len(outcome.rows) == 3
    for row in outcome.rows:
        report = json.loads((out / "reports" / f"{row.dossier_id}.json").read_bytes())
        assert report["schema"] == "chuhe/report/1" and report["route"] == row.route
        assert len(report["provenance"]["inputs"]) == 3
        assert (out / "reports" / f"{row.dossier_id}.html").stat().st_size > 10_000
    assert outcome.progress.materials_read == 9 and outcome.ocr_seconds > 0


def test_every_value_leads_to_pixels_of_its_page(first: tuple[Path, WindowOutcome]) -> None:
    out, outcome = first
    fields = 0
    for row in outcome.rows:
        report = json.loads((out / "reports" / f"{row.dossier_id}.json").read_bytes())
        sizes = {(p["file"], p["page"]): (p["width"], p["height"]) for p in report["pages"]}
        for document in report["documents"]:
            for value in document["fields"].values():
                for evidence in value["evidence"]:
                    width, height = sizes[document["file"], evidence["page"]]
                    for x, y in evidence["box"]:
                        assert 0 <= x <= width and 0 <= y <= height
                    fields += 1
    assert fields > 10


def test_a_second_run_reads_nothing_and_changes_nothing(
    intake: Path, first: tuple[Path, WindowOutcome]
) -> None:
    out, _ = first
    before = report_bytes(out)
    again = run(intake, out)
    assert again.progress.materials_read == 0
    assert again.progress.dossiers_unchanged == 3
    assert report_bytes(out) == before
    assert len(again.rows) == 3


def test_a_lost_report_is_written_again_from_what_was_read(
    intake: Path, first: tuple[Path, WindowOutcome]
) -> None:
    out, _ = first
    before = report_bytes(out)
    victim = sorted((out / "reports").glob("*.html"))[0]
    victim.unlink()
    again = run(intake, out)
    assert again.progress.materials_read == 0 and again.progress.dossiers_unchanged == 2
    assert report_bytes(out) == before


def test_prefect_and_local_give_the_same_bytes(
    intake: Path, first: tuple[Path, WindowOutcome], tmp_path: Path
) -> None:
    ended = run_command("run", intake, "--out", tmp_path / "out", "--json")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["materials_read"] == 9
    assert report_bytes(tmp_path / "out") == report_bytes(first[0])


def test_a_killed_run_goes_on_where_it_was(
    intake: Path, first: tuple[Path, WindowOutcome], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        command("run", intake, "--out", out, "--local", "--json"),
        env=environment(),
        stdout=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            if len(list((out / ".chuhe" / "blobs").rglob("*.reading"))) >= 2:
                break
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
    resumed = run(intake, out)
    assert resumed.progress.materials_read < 9
    assert report_bytes(out) == report_bytes(first[0])


def test_a_file_that_crashes_or_hangs_costs_that_file_only(
    intake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = tmp_path / "window"
    shutil.copytree(intake, window)
    folders = sorted((window / "dossiers").iterdir())
    good = next(p for p in (folders[0] / "materials").rglob("*") if p.is_file())
    for name in ("crash", "hang"):
        poisoned = folders[0] / "materials" / f"{name}{good.suffix}"
        poisoned.write_bytes(good.read_bytes() + name.encode())
    monkeypatch.setattr("pipeline.window.read_one", faulty_jobs.read_or_fall_over)
    monkeypatch.setenv("CHUHE_FILE_SECONDS", "30")
    outcome = run(window, tmp_path / "out")
    assert not outcome.unreported and len(outcome.rows) == 3
    reports = tmp_path / "out" / "reports"
    report = json.loads((reports / f"{folders[0].name}.json").read_bytes())
    reasons = {Path(q["file"]).stem: q["reason"] for q in report["quarantined"]}
    assert "中止" in reasons["crash"] and "时限" in reasons["hang"]
    others = {d["file"] for d in report["documents"]}
    assert len(others) >= 3


def test_a_file_that_changes_under_the_run_is_left_for_the_next_one(
    intake: Path, tmp_path: Path
) -> None:
    window = tmp_path / "window"
    shutil.copytree(intake, window)
    prepared: WindowRun = prepare_run(window, tmp_path / "out")
    victim = next(p for p in sorted((window / "dossiers").rglob("materials/**/*")) if p.is_file())
    entries = list(prepared._entries())
    victim.write_bytes(b"%PDF-1.4 something else")
    prepared._entries = lambda: iter(entries)  # type: ignore[method-assign]
    outcome = prepared.run()
    changed = [item for item in outcome.unreported if item.dossier_id in str(victim)]
    assert len(outcome.unreported) == 1 and "被改动" in changed[0].reason
    assert len(outcome.rows) == 2


def test_broken_dossiers_are_named_and_the_others_go_on(intake: Path, tmp_path: Path) -> None:
    window = tmp_path / "window"
    shutil.copytree(intake, window)
    folders = sorted((window / "dossiers").iterdir())
    (folders[0] / "declaration.json").write_text("{ this is not JSON")
    files = [p for p in sorted((folders[1] / "materials").rglob("*")) if p.is_file()]
    files[0].write_bytes(files[0].read_bytes()[: files[0].stat().st_size // 2])
    ended = run_command("run", window, "--out", tmp_path / "out", "--local")
    assert ended.returncode == 1
    told = [line for line in ended.stdout.splitlines() if folders[0].name in line]
    assert len(told) == 1 and "declaration.json" in told[0]
    report = json.loads((tmp_path / "out" / "reports" / f"{folders[1].name}.json").read_bytes())
    assert [q["file"] for q in report["quarantined"]] == [
        files[0].relative_to(folders[1]).as_posix()
    ]


def test_no_personal_data_in_what_a_run_prints(intake: Path, tmp_path: Path) -> None:
    ended = run_command("run", intake, "--out", tmp_path / "out", "--local")
    said = ended.stdout + ended.stderr
    for folder in (intake / "dossiers").iterdir():
        declaration = json.loads((folder / "declaration.json").read_text(encoding="utf-8"))
        assert declaration["person"]["name"] not in said
        assert declaration["person"]["id_number"] not in said


def test_an_unusable_call_ends_with_status_two(tmp_path: Path) -> None:
    ended = run_command("run", tmp_path / "nowhere", "--out", tmp_path / "out")
    assert ended.returncode == 2 and "Traceback" not in ended.stderr


def test_settings_are_checked() -> None:
    with pytest.raises(ValueError, match="workers"):
        Settings(workers=0)


def test_control_characters_of_a_sheet_never_reach_the_terminal(tmp_path: Path) -> None:
    window = tmp_path / "window"
    (window / "dossiers").mkdir(parents=True)
    (window / "window.toml").write_text(
        'id = "2022H2"\nnotice = "样例"\nopens_on = 2022-12-27\ncloses_on = 2023-01-31\n'
    )
    headers = [*LABELS.values()]
    cells = ["\x1b[31mS-1\x00" if name == LABELS["dossier_id"] else "" for name in headers]
    (window / "declarations.csv").write_text(f"{','.join(headers)}\n{','.join(cells)}\n")
    ended = run_command("run", window, "--out", tmp_path / "out", "--local")
    assert ended.returncode == 1 and "S-1" in ended.stdout
    assert not set(ended.stdout) & {"\x1b", "\x00"}


@pytest.mark.parametrize("out", ["window", "window/dossiers/out", "file", "file/out"])
def test_nothing_is_written_into_the_intake_folder_or_over_a_file(tmp_path: Path, out: str) -> None:
    (tmp_path / "window" / "dossiers").mkdir(parents=True)
    (tmp_path / "file").write_text("kept")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError):
        prepare_run(tmp_path / "window", tmp_path / out)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("names", [("a.jpg", "b.pdf"), ("a.pdf", "b.jpg")])
def test_a_file_refused_for_its_extension_is_read_under_the_right_one(
    intake: Path, tmp_path: Path, names: tuple[str, str]
) -> None:
    window = tmp_path / "window"
    shutil.copytree(intake, window)
    first, *others = sorted((window / "dossiers").iterdir())
    for other in others:
        shutil.rmtree(other)
    shutil.rmtree(first / "materials")
    (first / "materials").mkdir()
    for name in names:
        Image.new("RGB", (400, 300), "white").save(first / "materials" / name, "JPEG")
    run(window, tmp_path / "out")
    report = json.loads((tmp_path / "out" / "reports" / f"{first.name}.json").read_bytes())
    wrong = next(f"materials/{name}" for name in names if name.endswith(".pdf"))
    assert [q["file"] for q in report["quarantined"]] == [wrong]
