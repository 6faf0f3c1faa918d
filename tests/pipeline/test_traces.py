"""What dossiers share: the index, the second pass of a run, and that order does not matter."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.simulated import write_simulated
from pipeline.model.finding import FindingEvidence
from pipeline.model.reading import IDENTITY, Line, PageReading
from pipeline.model.shared import SharedKind
from pipeline.traces.index import Link, _links_of, _Member
from pipeline.traces.shared import lay_links
from pipeline.traces.sketch import alike, digit_runs, overlap, packed, plain, sketch, unpacked
from pipeline.traces.trace import Trace, _page_keys
from pipeline.window import WindowOutcome, prepare_run
from tests.flows import generated_jobs

LONG = "".join(chr(0x4E00 + (i * 37) % 2000) for i in range(400))


def test_a_text_is_like_itself_with_a_few_characters_misread_and_unlike_another() -> None:
    misread = LONG[:100] + "误" + LONG[101:300] + "读" + LONG[301:]
    other = "".join(chr(0x4E00 + (i * 41 + 7) % 2000) for i in range(400))
    assert alike(sketch(LONG), sketch(LONG)) == 1.0
    assert alike(sketch(LONG), sketch(misread)) > 0.8 > alike(sketch(LONG), sketch(other))
    assert sketch(LONG[:50]) == ()


def test_a_sketch_comes_back_as_it_was_packed() -> None:
    words, numbers = sketch(LONG), digit_runs("2020年7月1日 工资 6500 元")
    assert unpacked(packed(words, numbers)) == [words, numbers]
    assert overlap(numbers, digit_runs("2020-7-1，6500")) == 1.0
    assert plain("甲方：星河科技 张三，10 元", ["星河科技", "张三"]) == "甲方10元"


def page(text: str, *, picture: str = "", likeness: str = "") -> PageReading:
    line = Line(text=text, rect=(0, 0, 9, 9), confidence=1.0, spans=((0.0, 1.0),) * len(text))
    return PageReading(
        number=1, width=9, height=9, upright_width=9, upright_height=9, to_upload=IDENTITY,
        lines=(line,), picture=picture, likeness=likeness,
    )  # fmt: skip


def test_a_page_copied_through_another_scanner_keeps_its_key() -> None:
    text = "证书编号 106101201905001234 姓名 某某 " * 3
    (first, look), (second, _) = (
        next(iter(_page_keys(page(text, likeness="ff00ff00ff00ff00")))),
        next(iter(_page_keys(page(text + "。", likeness="ff00ff00ff00ff01")))),
    )
    assert first == second and look


def test_a_form_without_a_number_of_its_own_has_no_key_by_numbers() -> None:
    assert list(_page_keys(page("本单位承诺材料真实 2022年12月 " * 3, likeness="f" * 16))) == []


def test_the_clauses_of_a_form_that_was_born_digital_are_nobodys_page() -> None:
    clauses = page(
        "第十五条甲乙双方应当依法变更劳动合同并采取书面形式解除或终止本合同应当按照规定执行",
        picture="p",
    )
    assert len(list(_page_keys(clauses))) == 1
    assert list(_page_keys(clauses.model_copy(update={"source": "text"}))) == []


def members(*persons: str, unit: str = "u", mark: str = "") -> list[_Member]:
    return [_Member(f"d{i:03d}", person, unit, mark) for i, person in enumerate(persons)]


def test_what_one_person_hands_in_twice_is_shared_with_nobody() -> None:
    assert list(_links_of("k", SharedKind.FILE, members("a", "a"))) == []
    links = dict(_links_of("k", SharedKind.FILE, members("a", "a", "b")))
    assert links["d000"].dossiers == ("d002",) and links["d002"].dossiers == ("d000", "d001")
    assert links["d000"].same_unit


@pytest.mark.parametrize("kind", list(SharedKind))
def test_large_groups_are_named_in_part_and_wording_that_all_use_is_a_form(
    kind: SharedKind,
) -> None:
    links = dict(_links_of("k", kind, members(*(f"p{i}" for i in range(150)))))
    if kind in (SharedKind.CONTRACT, SharedKind.LETTER):
        assert links == {}
    else:
        assert len(links) == 150 and links["d000"].others == 149
        assert links["d000"].dossiers == ("d001", "d002", "d003", "d004", "d005")
        assert "d003" not in links["d003"].dossiers and len(links["d003"].dossiers) == 5


def test_a_page_is_not_told_beside_its_whole_file() -> None:
    place = (FindingEvidence(file="a.pdf", page=1),)
    traces = [
        Trace(SharedKind.FILE, "f", "文件", "file:a.pdf", place),
        Trace(SharedKind.PAGE, "p", "第1页", "page:a.pdf#1", place),
        Trace(SharedKind.CODE, "c", "验证码", "code:d", place),
    ]
    links = [Link(key, ("d2",), 1, same_unit=False) for key in "fpc"]
    assert [s.kind for s in lay_links(traces, links)] == [SharedKind.CODE, SharedKind.FILE]
    apart = [links[0], Link("p", ("d2", "d3"), 2, same_unit=False)]
    assert len(lay_links(traces, apart)) == 2


# --- through a run -----------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def generated(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
    yield


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four dossiers of four people; the third also hands in a file of the first."""
    folder = write_simulated(tmp_path_factory.mktemp("w") / "2022H2", 4, models=4, most_files=2)
    first, _, third, _ = sorted((folder / "dossiers").iterdir())
    source = sorted((first / "materials").iterdir())[0]
    shutil.copyfile(source, third / "materials" / "99.pdf")
    return folder


def run(intake: Path, out: Path, **more: Any) -> WindowOutcome:
    return prepare_run(intake, out, **more).run()


def reports(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((out / "reports").iterdir())}


def shared_in(out: Path, number: int) -> list[dict[str, Any]]:
    report = json.loads((out / "reports" / f"2022H2-{number:06d}.json").read_bytes())
    return [f for f in report["findings"] if f["code"] == "SHARED_ACROSS_DOSSIERS"]


def test_a_file_in_two_peoples_dossiers_is_found_in_both(window: Path, tmp_path: Path) -> None:
    outcome = run(window, tmp_path, workers=1)
    assert not outcome.unreported
    (own,) = [f for f in shared_in(tmp_path, 1) if f["severity"] == "review"]
    others = [f for f in shared_in(tmp_path, 3) if f["severity"] == "review"]
    assert "2022H2-000003" in own["message"] and own["clause"] == "八(四)"
    assert any("99.pdf" in f["message"] and "2022H2-000001" in f["message"] for f in others)
    row = next(r for r in outcome.rows if r.dossier_id == "2022H2-000001")
    assert any(f.code == "SHARED_ACROSS_DOSSIERS" for f in row.findings)


def test_reports_do_not_depend_on_workers_nor_on_when_a_dossier_came(
    window: Path, tmp_path: Path
) -> None:
    run(window, tmp_path / "at-once", workers=2)
    late = tmp_path / "late"
    shutil.copytree(window, late)
    shutil.move(late / "dossiers" / "2022H2-000003", tmp_path / "kept-back")
    run(late, tmp_path / "in-two", workers=1)
    assert not [f for f in shared_in(tmp_path / "in-two", 1) if f["severity"] == "review"]
    shutil.move(tmp_path / "kept-back", late / "dossiers" / "2022H2-000003")
    second = run(late, tmp_path / "in-two", workers=1)
    assert second.progress.dossiers_unchanged == 3
    assert reports(tmp_path / "in-two") == reports(tmp_path / "at-once")
    again = run(late, tmp_path / "in-two", workers=1)
    assert again.progress.dossiers_unchanged == 4
    assert reports(tmp_path / "in-two") == reports(tmp_path / "at-once")


def test_a_dossier_that_is_withdrawn_is_shared_with_no_longer(window: Path, tmp_path: Path) -> None:
    intake = tmp_path / "in"
    shutil.copytree(window, intake)
    run(intake, tmp_path / "out", workers=1)
    assert shared_in(tmp_path / "out", 1)
    shutil.rmtree(intake / "dossiers" / "2022H2-000003")
    run(intake, tmp_path / "out", workers=1)
    assert not [f for f in shared_in(tmp_path / "out", 1) if f["severity"] == "review"]


def test_the_index_holds_no_name_and_no_number(window: Path, tmp_path: Path) -> None:
    run(window, tmp_path, workers=1)
    declared = json.loads((window / "dossiers/2022H2-000001/declaration.json").read_bytes())
    with sqlite3.connect(tmp_path / ".chuhe" / "store.sqlite") as store:
        rows = str(store.execute("SELECT * FROM traces").fetchall())
    assert "2022H2-000001" in rows
    for secret in (declared["person"]["id_number"], declared["education"]["diploma_number"]):
        assert secret not in rows
