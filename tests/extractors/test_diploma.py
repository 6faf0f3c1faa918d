"""Diplomas of all ways of schooling, over broken lines, columns and misread glyphs."""

from collections.abc import Sequence

import pytest

from extractors.diploma import extract_diploma
from pipeline.model.document import Extraction
from pipeline.model.kinds import DocumentKind
from tests.extractors.drawn_pages import Drawing, paper
from tests.extractors.people import DIPLOMA_NUMBER, NAME, SCHOOL


def _sheet(body: Sequence[str], *, heading: Sequence[str] = ("普通高等学校", "毕业证书"),
           foot: Sequence[tuple[float, float, str]] | None = None) -> Drawing:  # fmt: skip
    page = Drawing(width=1200, height=1700)
    for i, line in enumerate(heading):
        page.write(600, 120 + 90 * i, line, size=48, centred=True)
    for i, line in enumerate(body):
        page.write(160, 600 + 60 * i, line, size=32)
    if foot is None:
        foot = (
            (160, 1200, f"校名：{SCHOOL}"),
            (160, 1280, "校（院）长："),
            (380, 1278, "高样"),
            (160, 1380, "证书编号：9901 0120 1905 0012 34"),
            (760, 1385, "二〇一九年六月三十日"),
        )
    for x, y, text in foot:
        page.write(x, y, text, size=30)
    return page


ORDINARY = (
    f"学生　{NAME}　性别男，一九九六年三月八日生，于二",
    "〇一五年九月至二〇一九年六月在本校信息安全专业四",
    "年制本科学习，修完教学计划规定的全部课程，成绩合",
    "格，准予毕业。",
)


def _read(*pages: Drawing) -> Extraction:
    return extract_diploma(
        paper(DocumentKind.DIPLOMA, [p.page(i + 1) for i, p in enumerate(pages)])
    )


def _values(extraction: Extraction) -> dict[str, str]:
    return {field.name: str(field.value) for field in extraction.fields}


def test_ordinary_diploma_on_one_sheet() -> None:
    assert _values(_read(_sheet(ORDINARY))) == {
        "name": NAME,
        "gender": "男",
        "birth_date": "1996-03-08",
        "institution": SCHOOL,
        "major": "信息安全",
        "level": "大学本科",
        "conclusion": "毕业",
        "enrolled_on": "2015-09",
        "graduated_on": "2019-06",
        "issued_on": "2019-06-30",
        "diploma_number": DIPLOMA_NUMBER,
    }


def test_a_date_broken_over_two_lines_has_two_boxes() -> None:
    extraction = _read(_sheet(ORDINARY))
    enrolled = next(f for f in extraction.fields if f.name == "enrolled_on")
    assert [e.raw for e in enrolled.evidence] == ["二", "〇一五年九月"]


def test_a_number_that_bears_out_year_and_level_is_surer() -> None:
    agreeing = next(f for f in _read(_sheet(ORDINARY)).fields if f.name == "diploma_number")
    lines = [line.replace("二〇一九年六月在", "二〇一八年六月在") for line in ORDINARY]
    other = next(f for f in _read(_sheet(lines)).fields if f.name == "diploma_number")
    assert agreeing.confidence > other.confidence


def test_a_spread_with_the_number_on_its_left_page() -> None:
    page = Drawing(width=1700, height=1200)
    page.write(400, 160, "普通高等学校", size=44, centred=True)
    page.write(400, 240, "毕业证书", size=60, centred=True)
    page.write(180, 900, f"证书编号：{DIPLOMA_NUMBER}", size=28)
    for i, line in enumerate(
        (f"学生 {NAME} 性别 男，", "一九九六年三月八日生，于二〇", "一五年九月至二〇一九年六月",
         "在本校信息安全专业四年制本科", "学习，成绩合格，准予毕业。")
    ):  # fmt: skip
        page.write(960, 200 + 70 * i, line, size=32)
    page.write(960, 760, f"校名：{SCHOOL}", size=32)
    page.write(960, 830, "校（院）长：", size=32)
    page.write(1200, 930, "二〇一九年六月三十日", size=32)
    values = _values(_read(page))
    assert values["institution"] == SCHOOL
    assert values["diploma_number"] == DIPLOMA_NUMBER
    assert values["major"] == "信息安全"
    assert (values["graduated_on"], values["issued_on"]) == ("2019-06", "2019-06-30")


def test_a_spread_scanned_as_two_pages() -> None:
    left = Drawing(width=1200, height=1200)
    left.write(600, 160, "普通高等学校", size=44, centred=True)
    left.write(600, 240, "毕业证书", size=60, centred=True)
    left.write(180, 900, f"证书编号：{DIPLOMA_NUMBER}", size=28)
    right = _sheet(ORDINARY, heading=(), foot=((160, 1200, f"校名：{SCHOOL}"),
                                               (700, 1300, "二〇一九年六月三十日")))  # fmt: skip
    extraction = _read(left, right)
    values = _values(extraction)
    assert values["diploma_number"] == DIPLOMA_NUMBER
    assert values["name"] == NAME
    number = next(f for f in extraction.fields if f.name == "diploma_number")
    name = next(f for f in extraction.fields if f.name == "name")
    assert (number.evidence[0].page, name.evidence[0].page) == (1, 2)


def test_graduate_school() -> None:
    body = (
        f"研究生{NAME}，性别男，1996年3月8日生，于2019年9月至",
        "2022年6月在网络空间安全专业全日制学习，学制三年，修完硕",
        "士研究生培养计划规定的全部课程，成绩合格，毕业论文答辩通",
        "过，准予毕业。",
    )
    foot = (
        (160.0, 1200.0, f"培养单位：{SCHOOL}"),
        (160.0, 1300.0, "证书编号：990101202202001234"),
        (760.0, 1400.0, "2022年6月30日"),
    )
    values = _values(_read(_sheet(body, heading=("硕士研究生", "毕业证书"), foot=foot)))
    assert values["level"] == "硕士研究生"
    assert values["study_form"] == "全日制"
    assert values["major"] == "网络空间安全"
    assert values["institution"] == SCHOOL
    assert values["conclusion"] == "毕业"


def test_adult_schooling_top_up() -> None:
    body = (
        f"学生{NAME}性别男，1996年3月8日生，于2017年1月至2020年1",
        "月在本校计算机科学与技术专业业余学习，修完三年制专升本科教",
        "学计划规定的全部课程，成绩合格，准予毕业。",
    )
    values = _values(_read(_sheet(body, heading=("成人高等教育", "毕业证书"))))
    assert values["level"] == "大学本科"
    assert values["study_form"] == "业余"
    assert values["major"] == "计算机科学与技术"


def test_self_study_has_no_enrolment_and_graduates_on_its_date() -> None:
    body = (
        f"{NAME}，性别男，一九九六年三月八日生，参加信息安全专业本科",
        "高等教育自学考试，全部课程成绩合格，经审定，准予毕业。",
    )
    foot = (
        (160.0, 1200.0, f"主考院校：{SCHOOL}"),
        (160.0, 1300.0, "证书编号：65510101192123451"),
        (760.0, 1400.0, "二〇一九年六月三十日"),
    )
    values = _values(_read(_sheet(body, heading=("高等教育自学考试", "毕业证书"), foot=foot)))
    assert "enrolled_on" not in values
    assert values["graduated_on"] == "2019-06-30"
    assert values["level"] == "大学本科"
    assert values["name"] == NAME
    assert values["institution"] == SCHOOL
    assert values["diploma_number"] == "65510101192123451"


@pytest.mark.parametrize(("words", "level"), [
    ("专业三年制专科", "大学专科"), ("专业三年制高职（专科）", "大学专科"),
    ("专业二年制专科起点本科", "大学本科"), ("专业二年制第二学士学位", "第二学士学位"),
])  # fmt: skip
def test_levels_in_the_sentence(words: str, level: str) -> None:
    body = [line.replace("专业四", "").replace("年制本科", "") for line in ORDINARY]
    body[1] = "〇一五年九月至二〇一九年六月在本校信息安全" + words
    body[2] = "学习，修完教学计划规定的全部课程，成绩合"
    assert _values(_read(_sheet(body)))["level"] == level


def test_secondary_school_with_its_own_number() -> None:
    body = (
        f"学生{NAME}性别男，1996年3月8日生，于2012年9月至2015年7月",
        "在本校计算机网络技术专业学习，修业期满，成绩合格，准予毕业。",
    )
    foot = (
        (160.0, 1200.0, "校名：云岚样例职业学校"),
        (160.0, 1300.0, "（云）毕字（15）第00001234号"),
        (760.0, 1400.0, "2015年7月1日"),
    )
    values = _values(_read(_sheet(body, heading=("中等职业学校毕业证书",), foot=foot)))
    assert values["level"] == "中专"
    assert values["diploma_number"] == "（云）毕字（15）第00001234号"
    assert values["major"] == "计算机网络技术"


@pytest.mark.parametrize("word", ["结业", "肄业"])
def test_other_conclusions_are_told_apart(word: str) -> None:
    body = [line.replace("格，准予毕业。", f"格，准予{word}。") for line in ORDINARY]
    extraction = _read(_sheet(body, heading=("普通高等学校", f"{word}证书")))
    assert _values(extraction)["conclusion"] == word


def test_a_replacement_says_so() -> None:
    extraction = _read(_sheet(ORDINARY, heading=("普通高等学校", "毕业证明书")))
    assert "variant=毕业证明书" in extraction.traits


def test_garbled_date_is_unreadable_not_guessed() -> None:
    foot = ((160.0, 1200.0, f"校名：{SCHOOL}"), (760.0, 1385.0, "二_0一九年年六月三七日日"))
    assert "issued_on" not in _values(_read(_sheet(ORDINARY, foot=foot)))


def test_a_lost_digit_makes_the_number_unreadable() -> None:
    foot = ((160.0, 1200.0, f"校名：{SCHOOL}"), (160.0, 1380.0, f"证书编号：{DIPLOMA_NUMBER[:16]}"))
    extraction = _read(_sheet(ORDINARY, foot=foot))
    assert "diploma_number" not in _values(extraction)
    assert [u.name for u in extraction.unreadable] == ["diploma_number"]


def test_an_overprint_inside_the_body_is_read_over() -> None:
    page = _sheet(ORDINARY)
    page.write(500, 690, "样张 SPECIMEN", size=30)
    assert _values(_read(page))["enrolled_on"] == "2015-09"


def test_half_a_school_name_is_no_school() -> None:
    foot = ((160.0, 1200.0, "校名：云岚样例大"), (160.0, 1380.0, f"证书编号：{DIPLOMA_NUMBER}"))
    assert "institution" not in _values(_read(_sheet(ORDINARY, foot=foot)))


def test_part_time_study_broken_over_a_line_is_not_full_time() -> None:
    body = (
        f"研究生{NAME}，性别男，1996年3月8日生，于2019年9月至",
        "2022年6月在本校网络空间安全专业非",
        "全日制学习，学制三年，修完硕士研究生培养计划规定的全部课",
        "程，成绩合格，准予毕业。",
    )
    assert _values(_read(_sheet(body)))["study_form"] == "非全日制"


def test_a_date_of_issue_years_from_graduation_is_doubted() -> None:
    foot = ((160.0, 1200.0, f"校名：{SCHOOL}"), (760.0, 1385.0, "二〇一四年六月三十日"))
    issued = next(f for f in _read(_sheet(ORDINARY, foot=foot)).fields if f.name == "issued_on")
    assert issued.confidence < 0.8


def test_of_two_readings_the_one_the_paper_bears_out_is_taken() -> None:
    foot = (
        (160.0, 1200.0, f"校名：{SCHOOL}"),
        (160.0, 1380.0, "证书编号：990101201605001234"),
        (760.0, 1385.0, "二〇一九年六月三十日"),
    )
    page = _sheet(ORDINARY, foot=foot)
    i = next(i for i, line in enumerate(page.lines) if line.text.startswith("证书编号"))
    other = {"alternative": f"证书编号：{DIPLOMA_NUMBER}"}
    page.lines[i] = page.lines[i].model_copy(update=other)
    number = next(f for f in _read(page).fields if f.name == "diploma_number")
    assert number.value == DIPLOMA_NUMBER
    assert number.repairs == ("采用第二次识别结果",)


def test_two_possible_readings_with_nothing_to_decide_lower_the_confidence() -> None:
    page = _sheet(ORDINARY)
    i = next(i for i, line in enumerate(page.lines) if line.text.startswith("校名"))
    page.lines[i] = page.lines[i].model_copy(update={"alternative": "校名：云风样例大学"})
    school = next(f for f in _read(page).fields if f.name == "institution")
    assert school.value == SCHOOL
    assert school.confidence < 0.8


def test_a_heading_of_graduates_above_the_sentence_is_no_part_of_the_name() -> None:
    body = (
        f"研究生{NAME}性别男，1996年3月8日生，于2019年9月至2022年6",
        "月在网络空间安全专业学习，修完硕士研究生培养计划规定的全部",
        "课程，成绩合格，准予毕业。",
    )
    assert _values(_read(_sheet(body, heading=("硕士研究生",))))["name"] == NAME


def test_letters_of_a_seal_behind_the_school_are_no_part_of_it() -> None:
    page = _sheet(ORDINARY)
    width = 30 * len(f"校名：{SCHOOL}")
    page.write(160 + width + 8, 1190, SCHOOL[-3:], size=48)
    assert _values(_read(page))["institution"] == SCHOOL


def test_a_school_named_after_a_bare_label() -> None:
    foot = ((160, 1200, f"学校：{SCHOOL}"), (760, 1385, "二〇一九年六月三十日"))
    assert _values(_read(_sheet(ORDINARY, foot=foot)))["institution"] == SCHOOL
