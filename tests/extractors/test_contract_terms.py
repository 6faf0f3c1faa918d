"""Terms of contracts in the words of real ones: lengths, renewals, ticks behind or in brackets."""

import pytest

from extractors.terms import find_length
from extractors.textrun import TextRun
from pipeline.model.reading import PageReading
from pipeline.model.values import PartialDate
from tests.extractors.drawn_pages import Drawing
from tests.extractors.test_labour_contract import EMPLOYER, FIXED, OPEN, TASK, contract, read


def run_of(text: str) -> TextRun:
    page: PageReading = _page(text)
    return TextRun.of_line(page, page.lines[0])


def _page(text: str) -> PageReading:
    drawing = Drawing()
    drawing.write(10, 20, text)
    return drawing.page()


@pytest.mark.parametrize(
    ("text", "months"),
    [("合同期限为三年", 36), ("期限:叁年", 36), ("聘期为5年", 60), ("合同期限三(3)年", 36), ("合同期限为十二个月", 12),
     ("合同期限三个月以上不满一年的,试用期不得超过一个月", None), ("试用期限三个月", None), ("期限三年,期限五年", None)],
)  # fmt: skip
def test_lengths_in_words(text: str, months: int | None) -> None:
    found = find_length(run_of(text))
    assert (found.months if found else None) == months


@pytest.mark.parametrize(
    ("first", "length", "last"),
    [("2022-07-01", "期限三年", "2025-06-30"), ("2020-02-29", "期限一年", "2021-02-27"),
     ("2022-01-31", "期限一个月", "2022-02-27"), ("2022-12-15", "期限两年", "2024-12-14")],
)  # fmt: skip
def test_the_last_day_by_the_length(first: str, length: str, last: str) -> None:
    found = find_length(run_of(length))
    assert found is not None
    assert found.last_day(PartialDate(first)) == last


def test_a_term_of_years_from_a_day_on_ends_the_day_before() -> None:
    fields, extraction = read(contract("第一条 合同期限为三年，自2022年7月1日起。"))
    assert (fields["term_kind"], fields["starts_on"]) == ("fixed", "2022-07-01")
    assert fields["ends_on"] == "2025-06-30"
    ends = next(f for f in extraction.fields if f.name == "ends_on")
    assert ends.repairs == ("期限推算",)
    assert ends.confidence < 0.8


def test_a_renewal_that_carries_on_moves_the_end_only() -> None:
    fields, extraction = read(
        contract(
            FIXED,
            end=("甲方（盖章）：    乙方（签字）：林样例", "2022年6月20日    2022年6月20日",
                 "劳动合同续订", "经双方协商同意续订劳动合同，续订期限自2025年7月1日起至2028年6月30日止。"),
        )
    )  # fmt: skip
    assert (fields["starts_on"], fields["ends_on"]) == ("2022-07-01", "2028-06-30")
    assert "renewed=true" in extraction.traits


def test_an_empty_renewal_form_changes_nothing() -> None:
    fields, _ = read(
        contract(
            FIXED,
            end=("甲方（盖章）：    乙方（签字）：林样例", "2022年6月20日    2022年6月20日",
                 "劳动合同续订", "续订期限自___年___月___日起至___年___月___日止。"),
        )
    )  # fmt: skip
    assert (fields["starts_on"], fields["ends_on"]) == ("2022-07-01", "2025-06-30")


@pytest.mark.parametrize(
    ("line", "kind"),
    [("合同期限类型：固定期限☑ 无固定期限□ 以完成一定工作任务为期限□", "fixed"),
     ("合同期限类型：固定期限□ 无固定期限√ 以完成一定工作任务为期限□", "open_ended"),
     ("合同期限类型：（√）固定期限 （ ）无固定期限 （ ）以完成一定工作任务为期限", "fixed"),
     ("合同期限类型：【】固定期限 【■】无固定期限", None)],
)  # fmt: skip
def test_boxes_behind_their_options_and_ticks_in_brackets(line: str, kind: str | None) -> None:
    fields, _ = read(contract("第一条 " + line, "自2022年7月1日起。"))
    if kind is not None:
        assert fields["term_kind"] == kind


def test_a_tick_behind_an_option_is_never_the_next_ones() -> None:
    fields, _ = read(contract("第一条 合同期限：固定期限☑　无固定期限□"))
    assert fields.get("term_kind") == "fixed"


def test_dates_in_cells_of_their_own_with_a_lost_dash() -> None:
    head = (f"甲方：{EMPLOYER}", "乙方：林样例", "合同起始日：2019-11-01", "合同终止日：202410-31")
    fields, extraction = read(contract("双方订立本合同。", head=head))
    assert (fields["starts_on"], fields["ends_on"]) == ("2019-11-01", "2024-10-31")
    assert next(f for f in extraction.fields if f.name == "ends_on").repairs == ("日期分隔符",)


def test_a_contract_signed_by_a_sentence() -> None:
    fields, _ = read(contract(FIXED, end=("本合同由甲乙双方于2022年6月20日在成都市签订。",)))
    assert fields["signed_on"] == "2022-06-20"


def test_appointed_until_retirement_is_open_ended() -> None:
    fields, _ = read(contract("（一）本合同为聘用至退休的合同，自2022年7月1日起。"))
    assert (fields["term_kind"], fields["starts_on"]) == ("open_ended", "2022-07-01")
    assert "ends_on" not in fields


def test_the_number_still_chooses_among_unticked_options() -> None:
    fields, _ = read(contract("按下列第1种方式确定劳动合同期限：", FIXED, OPEN, TASK))
    assert fields["term_kind"] == "fixed"


def test_boxes_that_all_look_empty_leave_the_one_option_that_is_filled_in() -> None:
    fields, _ = read(
        contract(
            "☐有固定期限：____年__月__日至____年__月__日；",
            "□无固定期限：自2021年3月1日起；",
            "□以完成一定工作任务为期限。",
        )
    )
    assert (fields["term_kind"], fields["starts_on"]) == ("open_ended", "2021-03-01")


def test_the_number_of_the_next_paragraph_is_no_part_of_a_date() -> None:
    fields, _ = read(
        contract("1.1 合同类型：固定期限劳动合同", "1.2 合同起止：2022/07/01—2025/06/30", "1.3 试用期：2022/07/01—2022/09/30")
    )  # fmt: skip
    assert (fields["starts_on"], fields["ends_on"]) == ("2022-07-01", "2025-06-30")
