"""Certifications of foreign, Hong Kong, Macau and Taiwan degrees, in the words of the facts (§1.8)."""

import pytest

from pipeline.model.kinds import DocumentKind
from tests.extractors.people import NAME
from tests.extractors.typed import certificate, form, values

KIND = DocumentKind.FOREIGN_CERTIFICATION
WHO = f"{NAME}，男，中国国籍，1996年3月8日生。"


def _values(body: str, number: str = "编号：120190000001") -> dict[str, str]:
    return values(KIND, certificate(("国外学历学位认证书",), body, ("教育部留学服务中心", number)))


def test_a_newer_certification() -> None:
    found = _values(
        WHO + f"{NAME}在英国云岚学院大学（University College Yunlan）学习，获得理学硕士"
        "（Master of Science）学位证书。经查，云岚学院大学系英国正规高等学校，其颁发的硕士学位证书表明其"
        "具有相应的学历。"
    )
    assert found == {
        "name": NAME, "birth_date": "1996-03-08", "country": "英国", "institution": "云岚学院大学",
        "degree": "硕士", "certification_number": "120190000001",
    }  # fmt: skip


def test_an_older_number_and_a_degree_without_study() -> None:
    found = _values(
        f"{NAME}（曾用名林明），男，中国国籍，生于1996年3月8日。2019年11月在英国云岚学院（Yunlan "
        "College）获得理学硕士（Master of Science）学位证书。",
        "教留服认 英[2019]00001号",
    )
    assert found["name"] == NAME
    assert found["institution"] == "云岚学院"
    assert found["degree_awarded_on"] == "2019-11"
    assert found["certification_number"] == "教留服认英[2019]00001号"


@pytest.mark.parametrize(
    ("sentence", "school"),
    [
        ("在香港云岚大学学习，2019年11月15日获得理学硕士学位。经核查，香港云岚大学系香港正规高等学校。",
         "香港云岚大学"),
        ("在中国香港云岚书院大学学习，获得理学硕士学位。经查，云岚书院大学系香港正规高等学校。",
         "云岚书院大学"),
        ("在香港科技样例大学学习，获得理学硕士学位。", "香港科技样例大学"),
        ("在澳大利亚国立样例大学学习，获得理学硕士学位。", "澳大利亚国立样例大学"),
        ("在美国云岚州立大学学习，获得理学硕士学位。", "云岚州立大学"),
        ("在英国云岚大学学院（University）学习，获得理学硕士学位。", "云岚大学学院"),
        ("在台湾云岚科技大学学习，2019年6月获工学硕士学位。经查，云岚科技大学系台湾地区正规高等学校。",
         "云岚科技大学"),
    ],
)  # fmt: skip
def test_a_place_is_part_of_a_school_name_or_not(sentence: str, school: str) -> None:
    assert _values(WHO + sentence)["institution"] == school


def test_a_foreign_name_behind_the_chinese_one_stays_out() -> None:
    found = values(KIND, form([("学校名称", "云岚城市大学 Yunlan City University")]))
    assert found["institution"] == "云岚城市大学"


def test_a_latin_name_keeps_its_spaces() -> None:
    found = _values("SAMPLE ANNA MARIE，女，加拿大国籍，1996年3月8日生。在法国云岚学院学习。")
    assert found["name"] == "SAMPLE ANNA MARIE"


def test_the_electronic_form() -> None:
    rows = (
        ("姓名", NAME), ("性别", "男"), ("出生日期", "1996年3月8日"), ("国家/地区", "中国澳门"),
        ("学校名称", "云岚样例大学（Yunlan University）"), ("所获学位", "管理学博士（PhD）"),
        ("学位授予日期", "2020年12月1日"), ("认证书编号", "120210000123"),
    )  # fmt: skip
    found = values(KIND, form(rows, "澳门特别行政区学历学位认证书"))
    assert found["country"] == "中国澳门"
    assert found["institution"] == "云岚样例大学"
    assert found["degree"] == "博士"
    assert found["degree_awarded_on"] == "2020-12-01"
    assert found["certification_number"] == "120210000123"
