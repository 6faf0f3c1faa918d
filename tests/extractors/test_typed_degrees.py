"""Degree certificates of all eras and ways, and their numbers."""

import pytest

from extractors.calibration import acceptance_for
from pipeline.model.kinds import DocumentKind
from tests.extractors.people import NAME, SCHOOL
from tests.extractors.typed import certificate, read, values

KIND = DocumentKind.DEGREE_CERTIFICATE
LAW = "《中华人民共和国学位条例》"


def _values(title: str, body: str, number: str, date: str) -> dict[str, str]:
    foot = (SCHOOL, "校长", "学位评定委员会主席 高样", f"证书编号：{number}", date)
    return values(KIND, certificate((title,), body, foot))


def test_a_certificate_of_the_nineties_with_a_number_of_the_school() -> None:
    body = (
        f"{NAME}系四川省成都市人，一九七三年三月八日生。在我校计算机系计算机软件专业修业四年，业已毕业。"
        f"经审核符合{LAW}的规定，授予工学学士学位。"
    )
    found = _values("学士学位证书", body, "云大学位字第950123号", "一九九五年七月一日")
    assert found["name"] == NAME
    assert found["major"] == "计算机软件"
    assert found["degree_number"] == "云大学位字第950123号"
    assert found["degree_awarded_on"] == "1995-07-01"


@pytest.mark.parametrize(
    ("title", "study", "verdict", "number", "expected"),
    [
        ("硕士学位证书", "在我校网络空间安全学科已通过硕士学位的课程考试和论文答辩", "工学硕士学位",
         "9901032019000123", ("网络空间安全", "硕士", "工学")),
        ("专业学位证书", "在我校计算机技术领域已通过工程硕士专业学位的课程考试和论文答辩",
         "工程硕士专业学位", "Z9901032019000123", ("计算机技术", "硕士", "工程")),
        ("博士学位证书", "在我校网络空间安全学科已通过博士学位的课程考试和论文答辩", "工学博士学位",
         "9901022019000123", ("网络空间安全", "博士", "工学")),
        ("硕士学位证书", "以同等学力申请我校软件工程专业硕士学位，已通过课程考试和论文答辩",
         "工学硕士学位", "T9901032019000123", ("软件工程", "硕士", "工学")),
        ("第二学士学位证书", "在我校法学专业完成了第二学士学位学习计划，业已毕业",
         "法学第二学士学位", "9901042019E00123", ("法学", "学士", "法学")),
        ("学士学位证书", "在我校法学专业修完双学位课程", "法学学士学位", "9901042019S00123",
         ("法学", "学士", "法学")),
        ("学士学位证书", "参加高等教育自学考试，计算机科学与技术专业本科毕业", "工学学士学位",
         "9901042019Z00123", ("计算机科学与技术", "学士", "工学")),
        ("学士学位证书", "在我校法学专业（业余）完成了本科学习计划，业已毕业", "法学学士学位",
         "C9901042019000123", ("法学", "学士", "法学")),
        ("学士学位证书", "在我校密码科学与技术专业完成了本科学习计划，业已毕业", "交叉学科学士学位",
         "9901042019000123", ("密码科学与技术", "学士", "交叉学科")),
    ],
)  # fmt: skip
def test_ways_to_a_degree(
    title: str, study: str, verdict: str, number: str, expected: tuple[str, str, str]
) -> None:
    body = f"{NAME}，女，1992年11月3日生。{study}，成绩合格。经审核符合{LAW}的规定，授予{verdict}。"
    found = _values(title, body, number, "二〇一九年六月三十日")
    assert (found["major"], found["degree"], found["degree_field"]) == expected
    assert found["degree_number"] == number
    assert found["degree_awarded_on"] == "2019-06-30"
    assert found["birth_date"] == "1992-11-03"


def test_the_twelve_digits_of_before_2006() -> None:
    body = (
        f"{NAME}，男，一九七六年三月八日生。自一九九四年九月至一九九八年七月在{SCHOOL}计算机系计算机软件"
        f"专业完成了四年制本科学习计划，业已毕业。经审核符合{LAW}的规定，授予工学学士学位。"
    )
    found = _values("学士学位证书", body, "990104980123", "一九九八年七月一日")
    assert found["degree_number"] == "990104980123"
    assert found["major"] == "计算机软件"


def test_a_figure_lost_from_the_year_is_given_by_the_number() -> None:
    body = f"{NAME}，男，1992年11月3日生。在我校法学专业完成了本科学习计划，授予法学学士学位。"
    found = _values("学士学位证书", body, "9901042018000123", "二〇八年七月一日")
    assert found["degree_awarded_on"] == "2018-07-01"


def test_what_is_no_kind_of_professional_degree_is_doubted() -> None:
    def is_accepted(kind: str) -> bool:
        body = f"{NAME}，男，1992年11月3日生。在我校电子信息专业通过答辩，授予{kind}硕士专业学位。"
        foot = (SCHOOL, "证书编号：9901032018000123", "二〇一八年七月一日")
        page = certificate(("硕士学位证书",), body, foot)
        sure = next(f.confidence for f in read(KIND, page).fields if f.name == "degree_field")
        return acceptance_for(0.005).accepts(KIND, "degree_field", sure)

    assert is_accepted("电子信息")
    assert not is_accepted("子信息")
