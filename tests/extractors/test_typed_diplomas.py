"""Diplomas as people hold them: older wordings, ways of study, names, dates in every glyph."""

import pytest

from extractors.calibration import acceptance_for
from extractors.registry import extract
from pipeline.classify.pages import classify_page
from pipeline.model.document import DocumentReading, Field
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import Seal
from tests.extractors.drawn_pages import Drawing, paper
from tests.extractors.people import DIPLOMA_NUMBER, NAME, SCHOOL
from tests.extractors.typed import certificate, read, values

KIND = DocumentKind.DIPLOMA
FOOT = (f"校名：{SCHOOL}", f"证书编号：{DIPLOMA_NUMBER}", "二〇一九年六月三十日")
TITLE = ("普通高等学校", "毕业证书")


def _sentence(
    who: str = f"学生{NAME}，性别男", course: str = "信息安全专业四年制本科",
    born: str = "一九九六年三月八日", span: str = "二〇一五年九月至二〇一九年六月",
) -> str:  # fmt: skip
    return f"{who}，{born}生，于{span}在本校{course}学习，修完教学计划规定的全部课程，成绩合格，准予毕业。"


def test_a_diploma_of_the_nineties_says_where_its_holder_comes_from_and_how_old() -> None:
    body = (
        f"学生{NAME}系四川省成都市人，性别男，现年二十二岁，于一九九四年九月入本校计算机系计算机应用专业"
        "学习，修业四年，学完教学计划规定的全部课程，成绩合格，准予毕业。"
    )
    foot = (SCHOOL, "学字第980123号", "一九九八年七月一日")
    found = values(KIND, certificate(("毕业证书",), body, foot))
    assert found["name"] == NAME
    assert found["major"] == "计算机应用"
    assert found["enrolled_on"] == "1994-09"
    assert found["diploma_number"] == "学字第980123号"
    assert found["issued_on"] == "1998-07-01"
    assert "birth_date" not in found


@pytest.mark.parametrize(
    ("number", "read_as"),
    [
        ("证书编号：98012345", "98012345"),
        ("（98）云大毕字第0123号", "（98）云大毕字第0123号"),
        ("证书编号：毕字第19980123号", "毕字第19980123号"),
    ],
)
def test_numbers_before_the_electronic_ones(number: str, read_as: str) -> None:
    body = _sentence(born="一九七六年三月八日", span="一九九四年九月至一九九八年七月")
    page = certificate(("毕业证书",), body, (f"校名：{SCHOOL}", number, "一九九八年七月一日"))
    assert values(KIND, page)["diploma_number"] == read_as


def test_the_numbers_of_2001_have_seventeen_digits() -> None:
    body = _sentence(born="一九七九年三月八日", span="一九九七年九月至二〇〇一年七月")
    foot = (f"校名：{SCHOOL}", "证书编号：99010120010500123", "二〇〇一年七月一日")
    found = values(KIND, certificate(("毕业证书",), body, foot))
    assert found["diploma_number"] == "99010120010500123"


@pytest.mark.parametrize(
    ("course", "major"),
    [
        ("计算机学院网络空间安全专业四年制本科", "网络空间安全"),
        ("计算机科学系软件专业四年制本科", "软件"),
        ("国际关系专业四年制本科", "国际关系"),
        ("系统工程专业四年制本科", "系统工程"),
        ("电力系统及其自动化专业四年制本科", "电力系统及其自动化"),
        ("网络教育学院计算机科学与技术专业专科起点本科", "计算机科学与技术"),
        ("计算机科学与技术（网络教育）专业二年半制专科起点本科", "计算机科学与技术"),
        ("软件工程（网络安全方向）专业四年制本科", "软件工程（网络安全方向）"),
    ],
)
def test_the_major_without_its_faculty_or_form(course: str, major: str) -> None:
    assert values(KIND, certificate(TITLE, _sentence(course=course), FOOT))["major"] == major


def test_the_form_of_study_in_brackets_before_the_word_major() -> None:
    body = _sentence(course="计算机科学与技术（网络教育）专业二年半制专科起点本科")
    assert values(KIND, certificate(TITLE, body, FOOT))["study_form"] == "网络教育"


def test_self_study_names_the_examination_before_the_major() -> None:
    body = (
        f"{NAME}，性别男，一九九六年三月八日生，参加高等教育自学考试计算机信息管理专业（本科段）"
        "全部课程考试，成绩合格，经审定，准予毕业。"
    )
    foot = (f"主考学校：{SCHOOL}", "编号：65510101191012345", "二〇一九年六月三十日")
    found = values(KIND, certificate(("高等教育自学考试", "毕业证书"), body, foot))
    assert found["major"] == "计算机信息管理"
    assert found["level"] == "大学本科"
    assert found["graduated_on"] == found["issued_on"] == "2019-06-30"
    assert "enrolled_on" not in found


@pytest.mark.parametrize(
    ("words", "level"),
    [("三年制高起专", "大学专科"), ("五年制高起本", "大学本科"), ("三年制专升本", "大学本科")],
)
def test_levels_of_adult_schooling(words: str, level: str) -> None:
    body = (
        f"学生{NAME}，性别男，一九九六年三月八日生，于二〇一五年三月至二〇一八年一月在本校会计学专业"
        f"函授学习，修完{words}教学计划规定的全部课程，成绩合格，准予毕业。"
    )
    found = values(KIND, certificate(("成人高等教育", "毕业证书"), body, FOOT))
    assert (found["level"], found["study_form"]) == (level, "函授")


@pytest.mark.parametrize(
    "name",
    [
        "林一", "欧阳一", "林〇", "𠮷㛃", "䶮样例", "阿依样·买买提·样例·伊布样音",
        "ANNA MARIE SAMPLE",
    ],
)  # fmt: skip
def test_names_of_every_kind(name: str) -> None:
    body = _sentence(who=f"学生 {name}，性别女")
    assert values(KIND, certificate(TITLE, body, FOOT))["name"] == name


@pytest.mark.parametrize(
    "date",
    [
        "二〇一九年六月三十日", "二○一九年六月三十日", "二O一九年六月三十日", "二Ｏ一九年六月三十日",
        "二0一九年六月三十日", "二零一九年六月三十日", "贰零壹玖年陆月叁拾日", "2019年6月30日",
        "2019年06月30日", "2019.06.30", "20190630", "二〇一九年六月卅日", "二〇一九年〇六月三十日",
    ],
)  # fmt: skip
def test_dates_in_every_glyph(date: str) -> None:
    page = certificate(TITLE, _sentence(), (*FOOT[:2], date))
    assert values(KIND, page)["issued_on"] == "2019-06-30"


def test_a_date_without_its_day() -> None:
    page = certificate(TITLE, _sentence(), (*FOOT[:2], "二〇一九年六月"))
    assert values(KIND, page)["issued_on"] == "2019-06"


def test_a_day_that_was_not_read_is_no_month() -> None:
    page = certificate(TITLE, _sentence(), (*FOOT[:2], "二〇一九年六月日"))
    assert "issued_on" not in values(KIND, page)


def test_a_figure_lost_from_the_year_is_given_by_the_number_and_the_graduation() -> None:
    extraction = read(KIND, certificate(TITLE, _sentence(), (*FOOT[:2], "二〇九年六月三十日")))
    issued = next(f for f in extraction.fields if f.name == "issued_on")
    assert issued.value == "2019-06-30"
    assert issued.repairs
    other = certificate(TITLE, _sentence(), (*FOOT[:2], "二〇八年六月三十日"))
    assert "issued_on" not in values(KIND, other)


def test_an_unread_end_of_study_leaves_its_begin() -> None:
    body = _sentence(span="二〇一五年九月至二〇＊九年六月")
    found = values(KIND, certificate(TITLE, body, FOOT))
    assert found["enrolled_on"] == "2015-09"
    assert "graduated_on" not in found


def test_a_replacement_is_issued_years_later_without_doubt() -> None:
    body = _sentence() + "原毕业证书遗失，特此证明。"
    foot = (f"校名：{SCHOOL}", f"原证书编号：{DIPLOMA_NUMBER}", "二〇二二年七月一日")
    issued = next(
        f for f in read(KIND, certificate(("毕业证明书",), body, foot)).fields
        if f.name == "issued_on"
    )  # fmt: skip
    assert issued.value == "2022-07-01"
    assert issued.confidence > 0.85


def test_a_school_name_in_traditional_calligraphy() -> None:
    foot = ("校名：雲岚樣例大學", *FOOT[1:])
    extraction = read(KIND, certificate(TITLE, _sentence(), foot))
    school = next(f for f in extraction.fields if f.name == "institution")
    assert school.value == SCHOOL
    assert school.raw == "雲岚樣例大學"


def test_who_left_without_finishing_holds_no_diploma() -> None:
    body = (
        f"学生{NAME}，性别男，一九九六年三月八日生，于二〇一五年九月至二〇一七年六月在本校信息安全专业"
        "肄业。"
    )
    page = certificate(("肄业证书",), body, FOOT)
    assert classify_page(page.page()).kind is KIND
    assert values(KIND, page)["conclusion"] == "肄业"


def test_a_certification_report_in_sentences() -> None:
    body = (
        f"{NAME}，性别男，1976年3月8日生，于1994年9月至1998年7月在{SCHOOL}计算机软件专业四年制本科学习，"
        "毕业，证书编号：980123。经核查，该学历属实。"
    )
    foot = ("报告编号：12345678", "全国高等学校学生信息咨询与就业指导中心", "2012年3月8日")
    page = certificate(("中国高等教育学历认证报告",), body, foot)
    found = values(DocumentKind.EDUCATION_CERTIFICATION, page)
    assert found["name"] == NAME
    assert found["institution"] == SCHOOL
    assert found["major"] == "计算机软件"
    assert (found["enrolled_on"], found["graduated_on"]) == ("1994-09", "1998-07")
    assert found["diploma_number"] == "980123"


def test_a_begin_of_study_is_no_birth_date_when_the_birth_was_not_read() -> None:
    body = _sentence(born="一九九＊年三月八日").replace("生，于", "生于")
    found = values(KIND, certificate(TITLE, body, FOOT))
    assert "birth_date" not in found
    assert found["enrolled_on"] == "2015-09"


def test_a_level_that_the_number_contradicts_is_doubted() -> None:
    page = certificate(TITLE, _sentence(course="信息安全专业三年制专科"), FOOT)
    level = next(f for f in read(KIND, page).fields if f.name == "level")
    assert level.value == "大学专科"
    assert not acceptance_for(0.005).accepts(KIND, "level", level.confidence)


def test_the_schooling_one_starts_from_is_not_the_level() -> None:
    page = certificate(TITLE, _sentence(course="信息安全专业二年制专科起点＊科"), FOOT)
    assert values(KIND, page).get("level") != "大学专科"


def test_words_of_a_seal_behind_the_school_are_no_part_of_it() -> None:
    page = certificate(TITLE, _sentence(), FOOT)
    page.write(160 + 30 * len(FOOT[0]) + 40, 1150, "合同专用章", size=30)
    assert values(KIND, page)["institution"] == SCHOOL


def test_a_school_that_goes_on_behind_a_gap_is_not_cut() -> None:
    page = certificate(TITLE, _sentence(), (f"校名：{SCHOOL}", *FOOT[1:]))
    page.write(160 + 30 * len(FOOT[0]) + 40, 1150, "江北学院", size=30)
    assert values(KIND, page).get("institution") != SCHOOL


def _sealed(page: Drawing, text: str, confidence: float = 0.9) -> DocumentReading:
    seal = Seal(rect=(800, 1100, 1000, 1300), ink="red", text=text, confidence=confidence)
    return paper(KIND, [page.page().model_copy(update={"seals": (seal,)})])


def _school(document: DocumentReading) -> Field | None:
    return next((f for f in extract(document).fields if f.name == "institution"), None)


def test_a_character_that_a_seal_hides_is_on_the_seal_itself() -> None:
    page = certificate(TITLE, _sentence(), ("校名：云岚样例高等专科学", *FOOT[1:]))
    whole = _school(_sealed(page, "云岚样例高等专科学校★"))
    assert whole is not None
    assert whole.value == "云岚样例高等专科学校"
    assert whole.repairs
    assert _school(_sealed(page, "江北样例高等专科学校")) is None


def test_the_rim_of_a_seal_alone_names_no_school() -> None:
    page = certificate(TITLE, _sentence(), FOOT[1:])
    assert _school(_sealed(page, "岚样例大学")) is None


def test_a_seal_bears_out_the_printed_school() -> None:
    page = certificate(TITLE, _sentence(), FOOT)
    alone, borne_out = _school(paper(KIND, [page.page()])), _school(_sealed(page, SCHOOL))
    assert alone is not None
    assert borne_out is not None
    assert borne_out.confidence > alone.confidence


def test_a_number_and_a_date_read_as_one_line() -> None:
    gap = "　　　"
    foot = (f"校　名： {SCHOOL}", f"证书编号：{DIPLOMA_NUMBER}{gap}2019 年 6 月 30 日")
    found = values(KIND, certificate(TITLE, _sentence(), foot))
    assert found["diploma_number"] == DIPLOMA_NUMBER
    assert found["issued_on"] == "2019-06-30"


def test_a_party_school_and_a_branch_of_an_open_university() -> None:
    body = _sentence(course="法律专业本科班")
    party = certificate(("毕业证书",), body, ("中共四川样例党校", "2019年6月30日"))
    assert values(KIND, party)["institution"] == "中共四川样例党校"
    body = _sentence(course="计算机科学与技术（专升本）专业")
    branch = certificate(("毕业证书",), body, ("校名：样例广播电视大学云岚分校", *FOOT[1:]))
    found = values(KIND, branch)
    assert found["institution"] == "样例广播电视大学云岚分校"
    assert (found["level"], found["major"]) == ("大学本科", "计算机科学与技术")


def test_the_date_of_graduation_in_its_column_is_not_that_of_issue() -> None:
    page = Drawing(width=1200, height=900)
    page.write(800, 120, "普通高等学校", size=30, centred=True)
    page.write(800, 180, "毕业证书", size=50, centred=True)
    rows = (("姓名", NAME), ("入学日期", "二〇一六年九月"), ("毕业日期", "二〇一八年七月"))
    for i, (label, value) in enumerate(rows):
        page.write(80, 300 + 60 * i, label, size=24)
        page.write(260, 300 + 60 * i, value, size=24)
    page.write(760, 320, "该生在校期间修完教学计划规定的全部课程，准予毕业。", size=24)
    page.write(760, 440, SCHOOL, size=24)
    page.write(900, 560, "二零八年七月一日", size=24)
    found = values(KIND, page)
    assert found["graduated_on"] == "2018-07"
    assert "issued_on" not in found
