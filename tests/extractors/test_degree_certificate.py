"""Degree certificates: academic and professional, their fields and number variants."""

from collections.abc import Sequence

import pytest

from extractors.degree_certificate import extract_degree_certificate
from pipeline.model.document import Extraction
from pipeline.model.kinds import DocumentKind
from tests.extractors.drawn_pages import Drawing, paper
from tests.extractors.people import DEGREE_NUMBER, NAME, SCHOOL

BACHELOR = (
    f"{NAME}，男，一九九六年三月八日生。自二〇一五年九月至二〇一九年",
    f"六月在{SCHOOL}信息安全专业完成了四年制本科学习计划，业已毕业。",
    "经审核符合《中华人民共和国学位条例》的规定，授予工学学士学位。",
)


def _sheet(
    body: Sequence[str], *, title: str = "学士学位证书", number: str = DEGREE_NUMBER
) -> Drawing:
    page = Drawing(width=1700, height=1200)
    page.write(850, 140, title, size=56, centred=True)
    for i, line in enumerate(body):
        page.write(420, 330 + 66 * i, line, size=32)
    page.write(420, 700, SCHOOL, size=40)
    page.write(420, 780, "学位评定委员会主席", size=30)
    page.write(180, 620, "（普通高等教育本科毕业生）", size=20)
    page.write(180, 1020, f"证书编号：{number}", size=28)
    page.write(1150, 1015, "二〇一九年六月三十日", size=30)
    return page


def _read(page: Drawing) -> Extraction:
    return extract_degree_certificate(paper(DocumentKind.DEGREE_CERTIFICATE, [page.page()]))


def _values(page: Drawing) -> dict[str, str]:
    return {field.name: str(field.value) for field in _read(page).fields}


def test_bachelor() -> None:
    assert _values(_sheet(BACHELOR)) == {
        "name": NAME,
        "gender": "男",
        "birth_date": "1996-03-08",
        "institution": SCHOOL,
        "major": "信息安全",
        "degree": "学士",
        "degree_field": "工学",
        "degree_awarded_on": "2019-06-30",
        "degree_number": DEGREE_NUMBER,
    }


def test_programme_in_brackets_is_a_trait() -> None:
    assert "programme=普通高等教育本科毕业生" in _read(_sheet(BACHELOR)).traits


def test_professional_master() -> None:
    body = (
        f"{NAME}，男，1996年3月8日生。在{SCHOOL}电子信息领域",
        "已通过硕士学位的课程考试和论文答辩，成绩合格。根据《中华人民共和",
        "国学位条例》的规定，授予工程硕士专业学位。",
    )
    values = _values(_sheet(body, title="硕士专业学位证书", number="9901032019000123"))
    assert (values["degree"], values["degree_field"]) == ("硕士", "工程")
    assert values["major"] == "电子信息"


@pytest.mark.parametrize("misread", ["ヱ学", "王学"])
def test_a_misread_field(misread: str) -> None:
    body = [line.replace("工学学士", f"{misread}学士") for line in BACHELOR]
    assert _values(_sheet(body))["degree_field"] == "工学"


@pytest.mark.parametrize("number", ["9901042019S00123", "Z9901042019000123", "990104190123"])
def test_number_variants(number: str) -> None:
    assert _values(_sheet(BACHELOR, number=number))["degree_number"] == number


def test_a_number_whose_level_differs_is_less_sure() -> None:
    sure = next(f for f in _read(_sheet(BACHELOR)).fields if f.name == "degree_number")
    other = _read(_sheet(BACHELOR, number="9901032019000123"))
    assert next(f for f in other.fields if f.name == "degree_number").confidence < sure.confidence


def test_the_last_piece_of_a_name_that_a_seal_broke_is_no_school() -> None:
    page = _sheet(BACHELOR)
    page.lose(SCHOOL)
    page.write(420, 700, "云岚信息科学与工程", size=40)
    page.write(800, 700, "用技术大学", size=40)
    assert _values(page)["institution"] == SCHOOL
