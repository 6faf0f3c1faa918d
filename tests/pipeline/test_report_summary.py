"""The window as workbook, JSON and index."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.model.dossier import IntakeError
from pipeline.model.report import Route
from pipeline.report.index import render_index
from pipeline.report.sheets import clean_text, write_book
from pipeline.report.summaries import write_summaries
from pipeline.report.summary import SummaryRow, Unreported, sort_rows, summarise
from pipeline.report.summary_json import to_summary_json
from pipeline.report.workbook import write_summary_xlsx
from pipeline.report.write import pack_row, unpack_row
from tests.pipeline.report_sample import DECLARATION, EMPLOYER, WINDOW, sample_report

ERRORS = (
    IntakeError(
        dossier_id="2022H2-000007",
        file="declarations.csv",
        row=8,
        key="身份证号",
        message="身份证号被表格软件转成了小数",
    ),
)
UNREPORTED = (Unreported(dossier_id="2022H2-000008", reason="处理时进程中断"),)


def row() -> SummaryRow:
    return summarise(sample_report(), declaration=DECLARATION)


def rows() -> tuple[SummaryRow, ...]:
    base = row()
    return (
        base.model_copy(
            update={"dossier_id": "2022H2-000003", "route": Route.CLEARED, "score": 100,
                    "findings": (), "codes": (), "quarantined": ()}
        ),
        base.model_copy(update={"dossier_id": "2022H2-000002", "route": Route.REVIEW, "score": 70}),
        base.model_copy(update={"dossier_id": "2022H2-000004", "route": Route.REVIEW, "score": 60}),
        base,
    )  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Any:
    path = tmp_path / "summary.xlsx"
    write_summary_xlsx(path, rows(), errors=ERRORS, unreported=UNREPORTED)
    return openpyxl.load_workbook(path)


def test_a_row_counts_what_the_report_holds() -> None:
    found = row()
    assert (found.blocking, found.review, found.notice) == (2, 1, 1)
    assert found.codes[0] == "DIPLOMA_NUMBER_MISMATCH"
    assert found.name == "样宁远"
    assert found.last_payer == EMPLOYER
    assert found.continuous_months == 3
    assert [q.file for q in found.quarantined] == ["materials/04 身份证.pdf"]


def test_a_row_without_its_declaration_holds_no_name() -> None:
    assert summarise(sample_report()).name == ""


def test_rows_stand_in_the_order_of_work() -> None:
    assert [r.dossier_id[-1] for r in sort_rows(rows())] == ["1", "4", "2", "3"]


def test_summary_json_has_totals_by_route_and_names_what_failed() -> None:
    data = json.loads(to_summary_json(WINDOW, rows(), errors=ERRORS, unreported=UNREPORTED))
    assert data["totals"] == {
        "dossiers": 5, "reported": 4, "incomplete": 1, "review": 2, "cleared": 1, "unreported": 1,
        "intake_errors": 1, "quarantined": 3,
    }  # fmt: skip
    assert [d["dossier_id"][-1] for d in data["dossiers"]] == ["1", "2", "3", "4"]
    assert data["unreported"] == [{"dossier_id": "2022H2-000008", "reason": "处理时进程中断"}]
    assert data["intake_errors"][0]["key"] == "身份证号"


def test_summary_json_does_not_depend_on_the_order_of_work() -> None:
    assert to_summary_json(WINDOW, rows()) == to_summary_json(WINDOW, rows()[::-1])


def test_the_workbook_has_its_four_sheets_with_frozen_header_and_filter(book: Any) -> None:
    assert book.sheetnames == ["总表", "问题清单", "隔离文件", "收件错误"]
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
    assert book["总表"].max_row == 5
    assert book["问题清单"].max_row == 1 + 3 * 4
    assert book["隔离文件"].max_row == 1 + 3


def test_routes_are_told_by_word_and_colour(book: Any) -> None:
    cell = book["总表"]["E2"]
    assert cell.value == "↩ 需补材料"
    assert cell.fill.fgColor.rgb.endswith("F8D7D4")


def test_long_numbers_stay_text(book: Any) -> None:
    values = [c for c in book["问题清单"]["I"] if c.value == "990011201905000123"]
    assert values
    assert all(c.data_type == "s" and c.number_format == "@" for c in values)


def test_intake_errors_and_unreported_dossiers_are_listed(book: Any) -> None:
    listed = list(book["收件错误"].iter_rows(min_row=2, values_only=True))
    assert listed[0][:4] == ("2022H2-000007", "declarations.csv", 8, "身份证号")
    assert listed[1][4] == "未能生成报告：处理时进程中断"


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)"])
def test_text_that_begins_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "summary.xlsx"
    write_summary_xlsx(path, [row().model_copy(update={"name": text})])
    cell = openpyxl.load_workbook(path)["总表"]["B2"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert cell.quotePrefix
    with zipfile.ZipFile(path) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        assert not any(b"<f>" in archive.read(name) for name in sheets)


def test_text_that_no_workbook_can_hold_is_cleaned() -> None:
    assert clean_text("甲\x0b乙\ud800") == "甲 乙?"
    assert len(clean_text("长" * 40_000)) < 32_767


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_summary_xlsx(first, rows(), errors=ERRORS)
    write_summary_xlsx(second, rows()[::-1], errors=ERRORS)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2022, 1, 1, 0, 0, 0)}


def test_summaries_do_not_depend_on_how_the_rows_came(tmp_path: Path) -> None:
    odd = row().model_copy(update={"dossier_id": "2022H2-000009", "name": '甲\x0b\n\u2028"\\<&>'})
    written: list[dict[str, bytes]] = []
    for name, given in (("a", (*rows(), odd)), ("b", (odd, *rows()[::-1]))):
        (tmp_path / name).mkdir()
        write_summaries(
            tmp_path / name, window=WINDOW, rows=given, errors=ERRORS, unreported=UNREPORTED
        )
        written.append({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()})
    assert written[0] == written[1]
    assert set(written[0]) == {"index.html", "summary.json", "summary.xlsx"}


def test_summary_json_is_laid_out_as_json_dumps_would() -> None:
    odd = row().model_copy(update={"name": '甲\x0b\x7f\n\u2028"\\/<é😀'})
    written = to_summary_json(WINDOW, (odd, *rows()), errors=ERRORS).decode()
    assert written == json.dumps(json.loads(written), ensure_ascii=False, indent=1) + "\n"


def test_an_index_of_many_dossiers_has_more_pages_and_misses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.report.index.PAGE_ROWS", 3)
    (tmp_path / "index-7.html").write_text("of an earlier, larger window")
    write_summaries(tmp_path, window=WINDOW, rows=rows(), errors=(), unreported=())
    assert sorted(p.name for p in tmp_path.glob("*.html")) == ["index-2.html", "index.html"]
    links = [re.findall(r'href="reports/2022H2-00000(\d)', (tmp_path / name).read_text())
             for name in ("index.html", "index-2.html")]  # fmt: skip
    assert links == [["1", "4", "2"], ["3"]]
    book = openpyxl.load_workbook(tmp_path / "summary.xlsx")
    assert [c.value[-1] for c in book["总表"]["A"][1:]] == ["1", "4", "2", "3"]


def test_a_packed_row_is_the_row() -> None:
    assert unpack_row(pack_row(row())) == row()


@pytest.mark.parametrize("text", [" 甲 ", "甲\n乙", "甲\r乙", "<甲>&amp;", "甲\ufffe乙", "\t", ""])
def test_any_text_comes_back_from_the_workbook(tmp_path: Path, text: str) -> None:
    path = tmp_path / "summary.xlsx"
    write_summary_xlsx(path, [row().model_copy(update={"name": text})])
    assert openpyxl.load_workbook(path)["总表"]["B2"].value == (text.replace("\ufffe", " ") or None)


def test_a_sheet_that_is_full_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.report.sheets._LONGEST_SHEET", 3)
    write_book(tmp_path / "a.xlsx", [("甲", (("乙", 9),), [(n,) for n in range(9)])])
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["甲"]
    assert [c.value for c in sheet["A"]] == ["乙", 0, 1, "行数超出工作表上限，其余见 summary.json"]
    assert sheet.auto_filter.ref == "A1:A3"


def test_nothing_half_written_stays_behind(tmp_path: Path) -> None:
    write_summary_xlsx(tmp_path / "summary.xlsx", rows())
    assert [p.name for p in tmp_path.iterdir()] == ["summary.xlsx"]


def test_an_empty_window_gives_an_index_and_a_workbook(tmp_path: Path) -> None:
    write_summary_xlsx(tmp_path / "summary.xlsx", [])
    assert "显示" in render_index(WINDOW, [])


def test_the_index_links_every_report_in_the_order_of_work() -> None:
    page = render_index(WINDOW, rows(), ERRORS, UNREPORTED)
    links = re.findall(r'href="(reports/[^"]+)"', page)
    assert links == [f"reports/2022H2-00000{n}.html" for n in (1, 4, 2, 3)]
    assert "处理时进程中断" in page
    assert "身份证号被表格软件转成了小数" in page


def test_the_index_reaches_for_nothing_outside_its_folder() -> None:
    page = render_index(WINDOW, rows(), ERRORS, UNREPORTED)
    assert not re.search(r"https?:|@import|url\(|src=", page)
    assert re.search(r"script-src 'sha256-[\w+/]+=*'", page.replace("&#43;", "+"))


def test_the_index_escapes_what_came_in() -> None:
    named = row().model_copy(update={"name": "<script>x</script>", "dossier_id": "a/../b c"})
    page = render_index(WINDOW, [named])
    assert page.count("<script>") == 1
    assert 'href="reports/a%2F..%2Fb%20c.html"' in page
