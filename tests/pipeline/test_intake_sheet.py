"""Declarations in a spreadsheet or CSV, as people fill them in."""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.intake import load_intake
from pipeline.model.declaration import Declaration
from pipeline.model.dossier import Intake, IntakeError

ROW: dict[str, Any] = {
    "申报编号": "A-1",
    "申报日期": "2023-01-10",
    "申报通道": "省级",
    "申报级别": "助理级",
    "姓名": "阿依·古丽",
    "身份证号": "51010219960308001x",
    "性别": "女",
    "出生日期": "1996-03-08",
    "学历": "本科",
    "学位": "工学学士",
    "毕业院校": "样张大学",
    "所学专业": "信息安全",
    "入学日期": "2015年9月",
    "毕业日期": "2019年6月30日",
    "毕业证书编号": "999991201905000001",
    "学位证书编号": "9999942019000001",
    "工作单位": "四川样张网络有限公司",
    "统一社会信用代码": "91510100MA0000000X",
    "用工形式": "在职",
    "派遣单位": "",
    "岗位": "网络安全工程师",
    "从事网络安全工作起始日期": "2019/8/1",
    "社保起始月": "2022-07",
    "社保截止月": "2022.12",
    "社保缴费单位": "四川样张网络有限公司",
}


@pytest.fixture
def intake(tmp_path: Path) -> Path:
    folder = tmp_path / "2022H2"
    (folder / "dossiers" / "A-1" / "materials").mkdir(parents=True)
    (folder / "window.toml").write_text(
        'id = "2022H2"\nnotice = "n"\nopens_on = 2022-12-27\ncloses_on = 2023-01-31\n', "utf-8"
    )
    return folder


def write_csv(folder: Path, *rows: dict[str, Any], encoding: str = "utf-8") -> None:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(rows[0]), extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    (folder / "declarations.csv").write_bytes(buffer.getvalue().encode(encoding))


def write_xlsx(folder: Path, *rows: dict[str, Any], title: str | None = None) -> Any:
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(folder / "declarations.xlsx")
    return book


def the_declaration(folder: Path) -> Declaration:
    taken = load_intake(folder)
    assert taken.errors == ()
    (dossier,) = taken.dossiers
    return dossier.declaration


def the_error(folder: Path) -> IntakeError:
    taken: Intake = load_intake(folder)
    (error,) = taken.errors
    assert taken.dossiers == ()
    return error


def check_values(declaration: Declaration) -> None:
    assert declaration.model_dump(mode="json") == {
        "dossier_id": "A-1",
        "submitted_on": "2023-01-10",
        "channel": "provincial",
        "applied_level": "助理级",
        "person": {
            "name": "阿依·古丽",
            "id_number": "51010219960308001X",
            "gender": "女",
            "birth_date": "1996-03-08",
            "former_names": [],
        },
        "education": {
            "level": "大学本科",
            "degree": "学士",
            "institution": "样张大学",
            "major": "信息安全",
            "study_form": None,
            "enrolled_on": "2015-09",
            "graduated_on": "2019-06-30",
            "diploma_number": "999991201905000001",
            "degree_awarded_on": None,
            "degree_number": "9999942019000001",
            "foreign": False,
        },
        "employment": {
            "status": "employed",
            "employer": "四川样张网络有限公司",
            "employer_uscc": "91510100MA0000000X",
            "dispatch_agency": None,
            "position": "网络安全工程师",
            "security_work_since": "2019-08-01",
        },
        "contributions": {
            "first_month": "2022-07",
            "last_month": "2022-12",
            "payer": "四川样张网络有限公司",
        },
        "materials": [],
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_its_encodings(intake: Path, encoding: str) -> None:
    write_csv(intake, ROW, encoding=encoding)
    check_values(the_declaration(intake))


def test_rare_characters_in_gb18030(intake: Path) -> None:
    write_csv(intake, ROW | {"姓名": "张㛃𠮷"}, encoding="gb18030")
    assert the_declaration(intake).person.name == "张㛃𠮷"


@pytest.mark.parametrize("encoding", ["utf-16", "big5hkscs"])
def test_other_encodings_are_refused_not_misread(intake: Path, encoding: str) -> None:
    text = ",".join(ROW) + "\n" + ",".join(str(value) for value in ROW.values())
    (intake / "declarations.csv").write_bytes(text.encode(encoding, "replace"))
    errors = load_intake(intake).errors
    assert "表头" in errors[0].message


def test_one_broken_byte_in_utf_8_is_not_read_as_another_encoding(intake: Path) -> None:
    write_csv(intake, ROW)
    path = intake / "declarations.csv"
    path.write_bytes(path.read_bytes().replace("样张大学".encode(), b"\xe6\xa0"))
    errors = load_intake(intake).errors
    assert errors[0].file == "declarations.csv"
    assert load_intake(intake).dossiers == ()


def test_workbook_with_real_dates_and_a_title_row(intake: Path) -> None:
    row = ROW | {
        "申报日期": datetime(2023, 1, 10),
        "出生日期": date(1996, 3, 8),
        "毕业日期": 20190630,
    }
    write_xlsx(intake, row, title="2022 年下半年申报汇总表")
    check_values(the_declaration(intake))


def test_a_date_shown_as_a_month_has_no_day(intake: Path) -> None:
    """Excel stores "2019年6月" as 1 June: the day was never declared."""
    book = write_xlsx(intake, ROW | {"毕业日期": datetime(2019, 6, 1)})
    sheet = book.active
    column = list(ROW).index("毕业日期") + 1
    for number_format, expected in (
        ('yyyy"年"m"月"', "2019-06"),
        ("mmm-yy", "2019-06"),
        ('yyyy"年"m"月"d"日"', "2019-06-01"),
        ("[$-804]yyyy-mm-dd;@", "2019-06-01"),
    ):
        sheet.cell(2, column).number_format = number_format
        book.save(intake / "declarations.xlsx")
        assert the_declaration(intake).education.graduated_on == expected


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("身份证号", 5.10102199603080e17),
        ("身份证号", 510102199603080000),
        ("身份证号", "510102199603080000"),
        ("身份证号", "5.10102E+17"),
        ("毕业证书编号", 999991201905000001),
        ("毕业证书编号", 9.99991e17),
        ("学位证书编号", 9999942019000001),
        ("统一社会信用代码", 9.1e17),
        ("毕业日期", 2019.1),
        ("毕业日期", 43646),
        ("毕业日期", "#N/A"),
        ("毕业日期", "2019-02-30"),
        ("申报日期", "2023-01"),
        ("申报级别", "初级"),
        ("学历", "研究生"),
        ("学历", "双学位"),
        ("学历", "中技"),
        ("学位", "双学士"),
        ("性别", "未知"),
        ("用工形式", "兼职"),
        ("姓名", None),
        ("工作单位", None),
        ("社保截止月", None),
    ],
)
def test_a_bad_cell_is_named_by_row_and_header(intake: Path, header: str, value: object) -> None:
    write_xlsx(intake, ROW | {header: value}, title="汇总表")
    error = the_error(intake)
    assert (error.dossier_id, error.file) == ("A-1", "declarations.xlsx")
    assert (error.row, error.key) == (3, header)
    assert "请" in error.message or "只能填" in error.message


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("身份证号", "5.10102E+17"),
        ("身份证号", "510102199603080000"),
        ("毕业证书编号", "9.99991201905E+17"),
        ("毕业证书编号", "123456789012.0"),
        ("毕业日期", "2019.1"),
    ],
)
def test_what_a_spreadsheet_lost_before_a_csv_was_written(
    intake: Path, header: str, value: str
) -> None:
    write_csv(intake, ROW | {header: value})
    assert the_error(intake).key == header


def test_a_certificate_number_that_may_have_been_cut_is_noted(intake: Path) -> None:
    write_csv(intake, ROW | {"毕业证书编号": "999991201905001000"})
    (dossier,) = load_intake(intake).dossiers
    (note,) = dossier.notes
    assert "毕业证书编号" in note.message


@pytest.mark.parametrize(
    "marked",
    [
        "'51010219960308001X",
        '="51010219960308001X"',
        "\t51010219960308001X",
        "５１０１０２ 19960308 001x",
    ],
)
def test_marks_that_keep_a_number_text_are_taken_off(intake: Path, marked: str) -> None:
    write_csv(intake, ROW | {"身份证号": marked})
    assert the_declaration(intake).person.id_number == "51010219960308001X"


@pytest.mark.parametrize(
    ("header", "typed", "path", "expected"),
    [
        ("学历", "大专", "education.level", "大学专科"),
        ("学历", "专升本", "education.level", "大学本科"),
        ("学历", "第二学士学位", "education.level", "第二学士学位"),
        ("学位", "无", "education.degree", None),
        ("学位", "工程硕士专业学位", "education.degree", "硕士"),
        ("学位", "硕士学位", "education.degree", "硕士"),
        ("用工形式", "劳务派遣", "employment.status", "dispatched"),
        ("用工形式", "freelance", "employment.status", "freelance"),
        ("申报通道", "local", "channel", "local"),
        ("申报级别", "技术员", "applied_level", "员级"),
        ("曾用名", "甲·乙、丙", "person.former_names", ["甲·乙", "丙"]),
        ("国（境）外学历", "是", "education.foreign", True),
    ],
)
def test_what_a_person_types(
    intake: Path, header: str, typed: str, path: str, expected: object
) -> None:
    write_csv(intake, ROW | {header: typed})
    found: Any = the_declaration(intake).model_dump(mode="json")
    for part in path.split("."):
        found = found[part]
    assert found == expected


def test_blank_optional_cells_are_absent(intake: Path) -> None:
    headers = "性别 出生日期 学位 入学日期 学位证书编号 统一社会信用代码 社保起始月 社保截止月 社保缴费单位 工作单位"
    blank = dict.fromkeys(headers.split(), "")
    write_csv(intake, ROW | blank | {"用工形式": "自由职业"})
    declaration = the_declaration(intake)
    assert declaration.contributions is None
    assert declaration.education.degree is None
    assert declaration.employment.employer is None


def test_headers_with_stars_spaces_and_remarks(intake: Path) -> None:
    row = {
        f" {header}（必填）*" if i % 2 else f"*{header} ": v
        for i, (header, v) in enumerate(ROW.items())
    }
    write_csv(intake, row)
    check_values(the_declaration(intake))


def test_unknown_columns_are_kept_and_reported(intake: Path) -> None:
    write_csv(intake, ROW | {"联系电话": "0000", "person": "x"})
    (dossier,) = load_intake(intake).dossiers
    assert dossier.declaration.model_extra == {"联系电话": "0000", "person（列）": "x"}
    assert [note.where for note in dossier.notes] == ["declarations.csv 第 2 行"] * 2


def test_missing_and_repeated_headers_are_named(intake: Path) -> None:
    write_csv(intake, {key: value for key, value in ROW.items() if key != "学历"})
    errors = load_intake(intake).errors
    assert errors[0].key == "学历"
    text = ",".join([*ROW, "姓名"]) + "\n" + ",".join([*map(str, ROW.values()), "x"])
    (intake / "declarations.csv").write_text(text, "utf-8")
    assert load_intake(intake).errors[0].key == "姓名"


def test_a_row_with_too_many_cells_is_not_read(intake: Path) -> None:
    text = ",".join(ROW) + "\n" + ",".join([*map(str, ROW.values()), "错列"])
    (intake / "declarations.csv").write_text(text, "utf-8")
    assert "列数" in the_error(intake).message


def test_one_bad_row_costs_its_own_dossier_only(intake: Path) -> None:
    for name in ("A-2", "A-3"):
        (intake / "dossiers" / name).mkdir()
    rows = [ROW | {"申报编号": f"A-{i}"} for i in (1, 2, 3)]
    rows[1]["学历"] = "研究生"
    write_csv(intake, *rows)
    taken = load_intake(intake)
    assert [dossier.dossier_id for dossier in taken.dossiers] == ["A-1", "A-3"]
    assert [(error.dossier_id, error.row, error.key) for error in taken.errors] == [
        ("A-2", 3, "学历")
    ]


def test_repeated_rows_row_without_folder_and_row_beside_a_file(intake: Path) -> None:
    (intake / "dossiers" / "A-2").mkdir()
    (intake / "dossiers" / "A-2" / "declaration.json").write_text(json.dumps({}))
    rows = [ROW | {"申报编号": name} for name in ("A-1", "A-1", "A-2", "A-9")]
    write_csv(intake, *rows)
    taken = load_intake(intake)
    assert taken.dossiers == ()
    assert [(error.dossier_id, error.row) for error in taken.errors] == [
        ("A-1", 2),
        ("A-1", 3),
        ("A-2", 4),
        ("A-9", 5),
    ]
    words = ["多次", "多次", "只保留一处", "没有名为"]
    assert all(word in error.message for word, error in zip(words, taken.errors, strict=True))


def test_a_row_without_an_id(intake: Path) -> None:
    write_csv(intake, ROW, ROW | {"申报编号": ""})
    taken = load_intake(intake)
    assert len(taken.dossiers) == 1
    (error,) = taken.errors
    assert (error.row, error.key) == (3, "申报编号")


def test_ids_keep_their_letters_and_whole_numbers_are_ids(intake: Path) -> None:
    for name in ("a-1", "20220001"):
        (intake / "dossiers" / name).mkdir()
    write_xlsx(intake, ROW, ROW | {"申报编号": "a-1"}, ROW | {"申报编号": 20220001})
    assert {d.dossier_id for d in load_intake(intake).dossiers} == {"A-1", "a-1", "20220001"}


def test_two_sheets_are_not_chosen_between(intake: Path) -> None:
    write_csv(intake, ROW)
    write_xlsx(intake, ROW)
    errors = load_intake(intake).errors
    assert "同时存在" in errors[0].message
    (intake / "declarations.csv").unlink()
    book = openpyxl.load_workbook(intake / "declarations.xlsx")
    book.copy_worksheet(book.active)
    book.create_sheet("说明").append(["填表说明"])
    book.save(intake / "declarations.xlsx")
    assert "2 个工作表" in load_intake(intake).errors[0].message


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0 old"])
def test_a_file_that_is_no_workbook_leaves_the_other_dossiers_alone(
    intake: Path, content: bytes
) -> None:
    (intake / "declarations.xlsx").write_bytes(content)
    taken = load_intake(intake)
    assert [error.file for error in taken.errors] == ["declarations.xlsx", "declaration.json"]


def test_old_workbooks_are_named(intake: Path) -> None:
    (intake / "declarations.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    assert "xlsx" in load_intake(intake).errors[0].message


def test_registers_are_joined_by_id_number(intake: Path) -> None:
    write_csv(intake, ROW)
    registers = intake / "registers"
    registers.mkdir()
    (registers / "prior_recognitions.csv").write_bytes(
        "身份证号,级别,条款,认定日期\n51010219960308001x,助理级,三(四),2020-05-06\n1,助理级,三(四),2020-05-06\n".encode(
            "gb18030"
        )
    )
    (registers / "sanctions.csv").write_text(
        "id_number,established_on,reason\n51010219960308001X,2021-01-02,材料不实\n", "utf-8-sig"
    )
    (dossier,) = load_intake(intake).dossiers
    (recognition,) = dossier.prior_recognitions
    assert (recognition.level, recognition.clause) == ("助理级", "三(四)")
    assert recognition.decided_on == date(2020, 5, 6)
    (sanction,) = dossier.sanctions
    assert sanction.established_on == date(2021, 1, 2)


@pytest.mark.parametrize(
    ("text", "row", "key"),
    [
        ("id_number,level,clause,decided_on\n5.1E+17,助理级,三(四),2020-05-06\n", 2, "id_number"),
        ("id_number,level,clause,decided_on\n1,初级,三(四),2020-05-06\n", 2, "level"),
        ("id_number,level,clause,decided_on\n1,助理级,三(四),2020-05\n", 2, "decided_on"),
        ("id_number,level,clause,decided_on\n1,助理级,,2020-05-06\n", 2, "clause"),
        ("id_number,level,decided_on\n1,助理级,2020-05-06\n", 1, "clause"),
        ("nothing\n", None, None),
    ],
)
def test_a_bad_register_row_is_named_and_the_dossiers_go_on(
    intake: Path, text: str, row: int | None, key: str | None
) -> None:
    write_csv(intake, ROW)
    (intake / "registers").mkdir()
    (intake / "registers" / "prior_recognitions.csv").write_text(text, "utf-8")
    taken = load_intake(intake)
    assert len(taken.dossiers) == 1
    (error,) = taken.errors
    assert (error.file, error.row, error.key) == ("registers/prior_recognitions.csv", row, key)
