"""The baselines are worth comparing with only while their patterns take what such patterns take."""

import pytest

from benchmarks.ablation import without_repairs
from benchmarks.alternatives import between
from benchmarks.tesseract import _lines
from benchmarks.usual_patterns import PATTERNS, take_fields
from pipeline.model.kinds import DocumentKind


def test_labels_lead_to_values_in_records() -> None:
    text = "姓名\n样例甲\n性别\n女\n出生日期\n1996年1月15日\n学校名称\n样例大学\n层次\n本科\n证书编号\n9964 7120 1906 0046 30"
    assert take_fields("education_record", text) == {
        "name": "样例甲",
        "gender": "女",
        "birth_date": "1996-01-15",
        "institution": "样例大学",
        "level": "大学本科",
        "diploma_number": "996471201906004630",
    }


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("二〇一九年六月三十日", "2019-06-30"),
        ("二○一九年十二月二十一日", "2019-12-21"),
        ("2019年6月3日", "2019-06-03"),
    ],
)
def test_dates_in_numerals_of_both_sorts(printed: str, day: str) -> None:
    assert take_fields("diploma", f"准予毕业。\n{printed}")["issued_on"] == day


def test_patterns_are_of_kinds_that_there_are() -> None:
    assert set(PATTERNS) <= {kind.value for kind in DocumentKind}


def test_a_value_that_rests_on_a_repair_is_taken_back() -> None:
    report = {
        "documents": [
            {
                "fields": {
                    "a": {"value": "1", "repairs": ["校验位"]},
                    "b": {"value": "2", "repairs": []},
                }
            }
        ]
    }
    without_repairs(report)
    assert [f["value"] for f in report["documents"][0]["fields"].values()] == [None, "2"]


def test_words_of_tesseract_become_lines_with_a_span_for_every_character() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        "4\t1\t1\t1\t1\t0\t10\t10\t200\t20\t-1\t",
        "5\t1\t1\t1\t1\t1\t10\t10\t40\t20\t90\t姓名",
        "5\t1\t1\t1\t1\t2\t60\t10\t20\t20\t70\t甲",
        "5\t1\t1\t1\t2\t1\t10\t40\t30\t20\t80\tabc",
        "5\t1\t1\t1\t2\t2\t50\t40\t30\t20\t80\tdef",
    ]
    first, second = _lines("\n".join([head, *rows]))
    assert (first.text, first.rect, first.confidence) == ("姓名甲", (10, 10, 80, 30), 0.8)
    assert first.spans == ((10, 30), (30, 50), (60, 80))
    assert second.text == "abc def"
    assert len(second.spans) == len(second.text)


def test_seconds_are_told_apart_by_the_marks_between_them() -> None:
    assert between([1.0, 3.0, 3.5, 7.5]) == [2.0, 0.5, 4.0]
