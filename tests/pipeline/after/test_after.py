"""Finished runs asked again: why, what if, and whether the same comes out."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.simulated import write_simulated
from pipeline.after.finished import open_finished
from pipeline.after.replay import replay
from pipeline.cli import app
from pipeline.errors import InvalidRulebook, UsageError
from pipeline.model.report import Route
from pipeline.window import prepare_run
from tests.flows import generated_jobs
from validators import DEFAULT_RULEBOOK
from validators.clauses import Verdict

runner = CliRunner()
COUNT = 6


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run over simulated dossiers."""
    folder = tmp_path_factory.mktemp("after")
    window = write_simulated(folder / "2022H2", COUNT, models=COUNT)
    for paper in (window / "dossiers" / "2022H2-000002").rglob("*-id_card.pdf"):
        paper.unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
        run = prepare_run(window, folder / "out", workers=1)
        from rich.console import Console

        from pipeline.batch import run_batch

        run_batch(run, lambda r: r.run(), console=Console(quiet=True), quiet=True)
    return folder / "out"


def said(*arguments: str | Path, status: int = 0) -> str:
    result = runner.invoke(app, [str(a) for a in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.output


def routes(out: Path) -> dict[str, str]:
    rows = json.loads((out / "summary.json").read_bytes())["dossiers"]
    return {row["dossier_id"]: row["route"] for row in rows}


def test_every_report_comes_out_again_byte_for_byte(out: Path) -> None:
    told = json.loads(said("replay", "--json", out))
    assert told == {"reports": COUNT, "different": []}
    assert "逐字节相同" in said("replay", out)


def test_a_report_that_was_changed_is_told_by_its_place_only(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out, tmp_path / "out")
    path = tmp_path / "out" / "reports" / "2022H2-000001.json"
    report = json.loads(path.read_bytes())
    report["score"]["total"] -= 1
    report["documents"][0]["kind_confidence"] = 0.123
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    (tmp_path / "out" / "reports" / "2022H2-000002.html").unlink()
    told = said("replay", tmp_path / "out", status=1)
    assert "score.total" in told and "documents[0].kind_confidence" in told
    assert "0.123" not in told and "2022H2-000002" in told and "HTML is gone" in told
    assert "0.123" in said("replay", "--values", tmp_path / "out", status=1)


def test_a_lost_reading_is_told_and_the_others_go_on(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out, tmp_path / "out")
    with open_finished(tmp_path / "out") as finished:
        key = next(iter(finished.kept("2022H2-000001").readings.values()))
        finished.blobs.path_of(key).unlink()
        replayed = list(replay(finished))
    assert [r.is_same for r in replayed] == [False] + [True] * (COUNT - 1)
    assert "cannot be rebuilt" in replayed[0].differences[0]


def test_the_same_rulebook_changes_nothing(out: Path) -> None:
    told = json.loads(said("whatif", "--rulebook", "sichuan-2022", "--json", out))
    assert (told["dossiers"], told["flips"], told["changed"]) == (COUNT, 0, [])


def test_another_reading_of_a_clause_flips_dossiers_and_says_why(out: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    text = DEFAULT_RULEBOOK.read_text("utf-8")
    other.write_text(text.replace('division = "51"', 'division = "33"'), "utf-8")
    told = json.loads(said("whatif", "--rulebook", other, "--json", out))
    assert told["changed"]
    for change in told["changed"]:
        assert any(why["code"] == "EMPLOYER_OUTSIDE_PROVINCE" for why in change["why"])
    printed = said("whatif", "--rulebook", other, out)
    assert "EMPLOYER_OUTSIDE_PROVINCE" in printed and "没有重新读取" in printed
    assert routes(out) == routes(out)


def test_whatif_prints_no_value_of_a_person(out: Path) -> None:
    printed = said("whatif", "--rulebook", "guangdong-2026-example", out)
    with open_finished(out) as finished:
        for kept in finished.each():
            person = kept.dossier.declaration.person
            assert person.name not in printed and person.id_number not in printed


def test_a_dossier_is_explained_clause_by_clause(out: Path) -> None:
    told = json.loads(said("explain", "2022H2-000001", "--out", out, "--json"))
    report = json.loads((out / "reports" / "2022H2-000001.json").read_bytes())
    assert told["score"] == report["score"]["total"]
    assert told["score"] + sum(lost["points"] for lost in told["lost_points"]) == 100
    cited = {f["code"] for clause in told["clauses"] for f in clause["findings"]}
    assert cited == {f["code"] for f in report["findings"]}
    assert {c["verdict"] for c in told["clauses"]} <= {*map(str, Verdict), None}
    for clause in told["clauses"]:
        heavy = [f for f in clause["findings"] if f["severity"] != "notice"]
        assert (clause["verdict"] == "satisfied") <= (not heavy)
    by_path = said("explain", out / "reports" / "2022H2-000001.json")
    assert "逐条说明" in by_path and "可以达到的最高级别" in by_path


def test_unusable_calls_are_said_clearly(out: Path, tmp_path: Path) -> None:
    for arguments in (
        ("explain", "2022H2-000001"),
        ("explain", "nobody", "--out", out),
        ("replay", tmp_path),
        ("rules", "--code", "NO_SUCH"),
    ):
        with pytest.raises(UsageError):
            said(*arguments)
    with pytest.raises(InvalidRulebook):
        said("whatif", "--rulebook", tmp_path / "none.toml", out)


def test_rules_are_shown_with_both_readings() -> None:
    told = said("rules")
    for text in (
        "六(二)",
        "三(六)",
        "contributions.window",
        "including_application_month",
        "NAME_MISMATCH",
    ):
        assert text in told
    assert "反例" in said("rules", "--code", "NAME_MISMATCH")
    data = json.loads(said("rules", "--rulebook", "guangdong-2026-example", "--json"))
    assert data["id"] == "guangdong-2026-example"


def test_a_rulebook_file_is_checked(tmp_path: Path) -> None:
    assert "可以使用" in said("rules", "check", DEFAULT_RULEBOOK)
    broken = tmp_path / "broken.toml"
    text = DEFAULT_RULEBOOK.read_text("utf-8")
    broken.write_text(text.replace('counter_example = "', 'counter = "', 1), "utf-8")
    told = json.loads(said("rules", "check", broken, "--json", status=2))
    assert told["rulebook"] is None and "counter" in " ".join(told["problems"])


def test_incomplete_dossiers_and_only_they_have_a_slip(out: Path) -> None:
    slips = {p.stem for p in (out / "slips").glob("*.html")} if (out / "slips").exists() else set()
    incomplete = {i for i, route in routes(out).items() if route == Route.INCOMPLETE}
    assert slips == incomplete and incomplete
    for dossier_id in slips:
        html = (out / "slips" / f"{dossier_id}.html").read_text("utf-8")
        report = json.loads((out / "reports" / f"{dossier_id}.json").read_bytes())
        asked = [f for f in report["findings"] if f["code"].startswith("MATERIAL_MISSING")]
        for finding in asked:
            assert finding["message"] in html
        assert "怎么办" in html and not re.search(r"https?://", html)
