"""Contribution papers of other layouts: units named in a summary, forms of one whole year, cut names."""

from extractors.social_insurance.payers import find_payers
from pipeline.model.document import MonthStatus
from tests.extractors.drawn_pages import SichuanRow, sichuan_page
from tests.extractors.test_social_insurance import months_of, read, table

COLUMNS = (90, 260, 470, 700)


def test_units_named_in_the_summary_with_their_number_in_brackets() -> None:
    rows = [("2022", f"{m}", "3301998877", "已到账") for m in (10, 11, 12)]
    header = ("年", "月", "单位编号", "缴费状况")
    page = table(COLUMNS, header, rows, "浙江省社会保险参保证明（个人专用）")
    page.write(100, 180, "企业职工基本养老保险")
    page.write(400, 180, "参保缴费")
    page.write(600, 180, "越江样例软件（上城）有限公司（3301998877）")
    assert {m.payer for m in months_of(read(page))} == {"越江样例软件（上城）有限公司"}


def test_words_of_the_cell_before_are_no_part_of_a_unit() -> None:
    text = "险种参保状态参保单位（名称（单位编号））失业保险参保缴费越江样例软件有限公司（3301998877）出具"
    assert [(p.number, p.name) for p in find_payers(text)] == [
        ("3301998877", "越江样例软件有限公司")
    ]


def test_a_form_of_one_year_with_months_as_rows() -> None:
    rows = [(f"{m:02d}", "3579", "△" if m == 8 else "●", "3579") for m in range(1, 13)]
    header = ("月份", "缴费基数", "缴费情况", "备注")
    page = table(COLUMNS, header, rows, "河南省社会保险个人权益记录单", "（2022）")
    found = {str(m.month): m.status for m in months_of(read(page))}
    assert found == {
        f"2022-{m:02d}": MonthStatus.UNPAID if m == 8 else MonthStatus.PAID for m in range(1, 13)
    }


def test_rows_of_months_without_a_year_are_left_unread() -> None:
    rows = [(f"{m:02d}", "3579", "●", "3579") for m in range(1, 13)]
    header = ("月份", "缴费基数", "缴费情况", "备注")
    page = table(COLUMNS, header, rows, "个人权益记录单")
    assert months_of(read(page)) == ()


def test_a_unit_whose_name_a_seal_cut_short_is_not_given() -> None:
    rows = [SichuanRow(f"2022{m:02d}") for m in range(1, 13)]
    page = sichuan_page(rows, note=False)
    page.write(60, 1000, "说明：1. 表中“单位编号”对应的单位名称为：5101000234: 四川云岚")
    page.write(60, 1040, "2. 本证明采用电子验证方式，不再加盖红色公章。")
    found = months_of(read(page))
    assert {(m.status, m.payer) for m in found} == {(MonthStatus.PAID, "")}


def test_a_grid_whose_year_stands_in_the_brackets_of_its_title() -> None:
    columns = (90, 260, *(400 + 80 * i for i in range(12)))
    header = ("险种", "缴费基数", *(f"{m:02d}月" for m in range(1, 13)))
    signs = ("●", "●", "●", "△", "●", "●", "●", "●", "●", "●", "●", "-")
    page = table(
        columns, header, [("基本养老保险", "5200", *signs)], "河南省社会保险个人权益记录单", "（2022）"
    )  # fmt: skip
    found = {str(m.month): m.status for m in months_of(read(page))}
    assert len(found) == 12
    assert (found["2022-04"], found["2022-11"]) == (MonthStatus.UNPAID, MonthStatus.PAID)


def test_the_unit_above_the_rows_of_a_screen_paid_the_newest_month_only() -> None:
    rows = [(f"2022{m:02d}", "企业养老", "9100", "足额缴费") for m in (10, 11, 12)]
    header = ("缴费年月", "险种", "缴费基数", "缴费标志")
    page = table(COLUMNS, header, rows, "社会保险个人权益记录")
    page.write(100, 180, "单位名称：成都样例云岚科技有限公司")
    assert [m.payer for m in months_of(read(page))] == ["", "", "成都样例云岚科技有限公司"]


def test_two_units_above_the_rows_tell_nothing_of_who_paid() -> None:
    rows = [(f"2022{m:02d}", "企业养老", "9100", "足额缴费") for m in (11, 12)]
    header = ("缴费年月", "险种", "缴费基数", "缴费标志")
    page = table(COLUMNS, header, rows, "社会保险个人权益记录")
    page.write(100, 150, "单位名称：成都样例云岚科技有限公司")
    page.write(100, 180, "单位名称：成都样例青岚数据有限公司")
    assert {m.payer for m in months_of(read(page))} == {""}


def test_the_insured_person_of_a_screen() -> None:
    rows = [(f"2022{m:02d}", "企业养老", "9100", "足额缴费") for m in (11, 12)]
    header = ("缴费年月", "险种", "缴费基数", "缴费标志")
    page = table(COLUMNS, header, rows, "社保查询")
    page.write(100, 150, "参保人：林样例")
    assert next(f.value for f in read(page).fields if f.name == "name") == "林样例"


def test_the_label_of_the_next_cell_is_no_part_of_a_name() -> None:
    rows = [(f"2022{m:02d}", "企业养老", "9100", "足额缴费") for m in (11, 12)]
    header = ("费款所属期", "险种类型", "缴费基数", "缴费标志")
    page = table(COLUMNS, header, rows, "个人参保证明（实缴明细）")
    for x, text in ((100, "姓名"), (180, "林样例"), (250, "建账时间"), (360, "201908")):
        page.write(x, 180, text)
    assert next(f.value for f in read(page).fields if f.name == "name") == "林样例"
