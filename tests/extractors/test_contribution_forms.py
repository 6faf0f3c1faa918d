"""Forms of other provinces and screens: grids of years, relations, single-month periods, refunds."""

import pytest

from extractors.social_insurance.provinces import province_of_title
from extractors.social_insurance.statuses import state_of, status_of
from extractors.social_insurance.summaries import summarise
from pipeline.model.document import MonthStatus
from tests.extractors.drawn_pages import Drawing, SichuanRow, sichuan_page
from tests.extractors.test_social_insurance import months_of, read, statuses, table, values

PAID, UNPAID, LATE, UNKNOWN = MonthStatus
UNIT = "样例数据科技（郑州）有限公司"


def year_grid(page: Drawing, y: float, year: str, signs: list[str], bases: list[str]) -> None:
    """A block of a year: the year beside the headings, a row of signs, a row of bases."""
    for i in range(12):
        page.write(300 + 90 * i, y, f"{i + 1:02d}", centred=True)
        page.write(300 + 90 * i, y + 40, signs[i], centred=True)
        page.write(300 + 90 * i, y + 80, bases[i], size=16, centred=True)
    page.write(150, y, f"{year}年", centred=True)
    page.write(150, y + 40, "缴费情况", centred=True)
    page.write(150, y + 80, "缴费基数", centred=True)


def henan() -> Drawing:
    page = Drawing()
    page.write(842, 60, "河南省社会保险个人权益记录单", size=34, centred=True)
    page.write(80, 130, "姓名")
    page.write(180, 130, "林样例")
    page.write(80, 170, "单位名称")
    page.write(220, 170, UNIT)
    page.write(900, 170, "险种类型")
    page.write(1040, 170, "企业职工基本养老保险")
    year_grid(page, 300, "2022", ["●"] * 7 + ["△"] + ["●"] * 3 + ["-"], ["4071"] * 11 + [""])
    year_grid(page, 460, "2021", ["-"] * 6 + ["●"] * 6, [""] * 6 + ["3579"] * 6)
    page.write(80, 640, "说明：●表示已经实缴，△表示欠费，○表示外地转入，-表示未制定计划。")
    return page


class TestGridsOfYears:
    def test_each_year_has_its_own_block_of_signs_and_bases(self) -> None:
        found = {str(m.month): m for m in months_of(read(henan()))}
        assert [m for m, row in found.items() if row.status is PAID and m < "2022"] == [
            f"2021-{m:02d}" for m in range(7, 13)
        ]
        assert found["2022-08"].status is UNPAID
        assert (found["2022-07"].base, found["2021-12"].base) == ("4071", "3579")
        assert found["2022-12"].status is UNPAID

    def test_the_one_unit_of_its_particulars_paid_what_was_paid(self) -> None:
        found = {str(m.month): m.payer for m in months_of(read(henan()))}
        assert (found["2022-07"], found["2022-08"]) == (UNIT, "")

    def test_headings_that_were_not_read_leave_their_columns_in_place(self) -> None:
        page = henan()
        for heading in ("03", "07", "10"):
            page.lose(heading)
        assert statuses(read(page)) == statuses(read(henan()))

    def test_a_sign_that_was_not_seen_is_unknown(self) -> None:
        page = henan()
        page.lose("△")
        assert statuses(read(page))["2022-08"] is UNKNOWN


class TestPeriodsOfOthers:
    def hunan(self) -> Drawing:
        columns = (140, 400, 640, 860, 1060, 1300, 1500)
        header = (
            "费款所属期",
            "险种类型",
            "缴费基数",
            "单位应缴",
            "个人应缴",
            "缴费标志",
            "到账日期",
        )
        rows = [
            (
                f"2022{m:02d}",
                "企业职工基本养老保险",
                "4071",
                "651.36",
                "325.68",
                "正常",
                f"2022{m:02d}15",
            )
            for m in range(1, 7)
        ]
        page = table(columns, header, rows, "个人参保证明（实缴明细）")
        page.write(60, 120, "参保关系")
        page.write(60, 160, "统一社会信用代码")
        page.write(400, 160, "单位名称")
        page.write(900, 160, "险种")
        page.write(1200, 160, "起止时间")
        page.write(60, 200, "91430100MA4R000012")
        page.write(400, 200, "长沙样例信息技术有限公司")
        page.write(900, 200, "企业职工基本养老保险")
        page.write(1200, 200, "2018-03至2022-12")
        page.write(60, 250, "缴费明细")
        return page

    def test_the_period_of_a_relation_is_not_that_of_the_list(self) -> None:
        found = statuses(read(self.hunan()))
        assert found == {f"2022-{m:02d}": PAID for m in range(1, 7)}

    def test_its_unit_is_the_payer(self) -> None:
        assert {m.payer for m in months_of(read(self.hunan()))} == {"长沙样例信息技术有限公司"}

    @pytest.mark.parametrize(
        ("text", "announces"),
        [("(二)2022年01月至2022年12月 的参保缴费明细", True), ("出具证明前24个月缴费情况(2021年01月-2022年12月)", True),
         ("查询区间:202201-202212", True), ("2018-03至2022-12 在职 缴费明细", False),
         ("起止时间 2018年03月至2022年12月 劳务派遣关系 缴费明细", False)],
    )  # fmt: skip
    def test_what_announces_a_list(self, text: str, announces: bool) -> None:
        assert (summarise(text).detail_period is not None) is announces


class TestListsOfPeriods:
    COLUMNS = (120, 480, 820, 980, 1160, 1400)
    HEADER = ("序号", "单位名称", "险种", "起始年月", "截止年月", "缴费状态")

    def row(self, first: str, last: str, status: str = "正常缴费") -> tuple[str, ...]:
        return ("1", "南京样例科技有限公司", "企业养老", first, last, status)

    def test_periods_of_one_month_are_months(self) -> None:
        rows = [self.row(f"2022-{m:02d}", f"2022-{m:02d}") for m in range(1, 7)]
        rows[3] = self.row("2022-04", "2022-04", "未缴")
        page = table(self.COLUMNS, self.HEADER, rows, "江苏省社会保险权益记录单")
        expected = {f"2022-{m:02d}": UNPAID if m == 4 else PAID for m in range(1, 7)}
        assert statuses(read(page)) == expected

    def test_longer_ones_prove_no_month(self) -> None:
        rows = [self.row("2021-01", "2021-12"), self.row("2022-01", "2022-06")]
        page = table(self.COLUMNS, self.HEADER, rows, "江苏省社会保险权益记录单")
        extraction = read(page)
        assert months_of(extraction) == ()

    def test_a_cell_with_a_period_of_one_month(self) -> None:
        header = ("费款所属期", "单位名称", "险种类型", "缴费基数", "个人缴费", "缴费状态")
        rows = [
            (
                f"2022{m:02d}-2022{m:02d}",
                "南京样例科技有限公司",
                "企业养老",
                "4071",
                "325.68",
                "已到账",
            )
            for m in range(1, 7)
        ]
        page = table(self.COLUMNS, header, rows, "江苏省社会保险权益记录单")
        assert set(statuses(read(page)).values()) == {PAID}


class TestStates:
    HEADER = ("缴费月份", "单位名称", "缴费基数", "单位缴费", "个人缴费", "实收时间")
    COLUMNS = (120, 480, 820, 980, 1160, 1400)

    def rows(self) -> list[tuple[str, ...]]:
        return [
            (
                f"2022{m:02d}",
                "成都川西样例科技有限公司",
                "4071",
                "651.36",
                "325.68",
                f"2022-{m:02d}-15",
            )
            for m in range(1, 7)
        ]

    def read_rows(self, rows: list[tuple[str, ...]]) -> dict[str, MonthStatus]:
        return statuses(read(table(self.COLUMNS, self.HEADER, rows, "养老保险缴费明细")))

    def test_not_arrived_in_place_of_the_day_of_arrival_is_unpaid(self) -> None:
        rows = self.rows()
        rows[2] = ("202203", "", "", "", "", "未到账")
        assert self.read_rows(rows)["2022-03"] is UNPAID
        rows[2] = ("202203", "成都川西样例科技有限公司", "4071", "651.36", "325.68", "未到账")
        assert self.read_rows(rows)["2022-03"] is UNPAID

    def test_a_contribution_given_back_is_unknown(self) -> None:
        rows = self.rows()
        rows.insert(
            3, ("202203", "成都川西样例科技有限公司", "4071", "-651.36", "-325.68", "2022-05-15")
        )
        assert self.read_rows(rows)["2022-03"] is UNKNOWN

    def test_a_part_given_back_leaves_it_paid(self) -> None:
        rows = self.rows()
        rows.insert(
            3, ("202203", "成都川西样例科技有限公司", "", "-100.00", "-50.00", "2022-03-20")
        )
        assert self.read_rows(rows)["2022-03"] is PAID

    def test_a_row_at_the_very_edge_of_a_screen_is_not_unpaid_for_being_blank(self) -> None:
        rows = self.rows()
        rows[5] = ("202206", "成都川西样例科技有限公司", "", "", "", "")
        page = table(self.COLUMNS, self.HEADER, rows, "养老保险缴费明细")
        assert statuses(read(page))["2022-06"] is UNPAID
        page.height = round(page.lines[-1].rect[3]) + 1
        assert statuses(read(page))["2022-06"] is UNKNOWN

    def test_a_kind_alone_says_it_where_nothing_else_does(self) -> None:
        header = ("缴费月份", "单位名称", "缴费类型")
        rows = [(f"2022{m:02d}", "武汉样例科技有限公司", "正常应缴") for m in range(1, 5)]
        rows[1] = ("202202", "武汉样例科技有限公司", "补缴")
        page = table((120, 480, 900), header, rows, "湖北省社会保险参保证明（个人专用）")
        found = statuses(read(page))
        assert found == {"2022-01": PAID, "2022-02": LATE, "2022-03": PAID, "2022-04": PAID}

    @pytest.mark.parametrize(
        ("word", "status"),
        [("未补缴", UNPAID), ("待补缴", UNPAID), ("欠费未补缴", UNPAID), ("补缴", LATE), ("已补缴", LATE),
         ("退收", UNKNOWN), ("1", None)],
    )  # fmt: skip
    def test_words(self, word: str, status: MonthStatus | None) -> None:
        assert status_of(word) == status

    def test_a_one_is_paid_only_in_a_cell_of_states(self) -> None:
        assert (status_of("1"), state_of("1")) == (None, PAID)


class TestScreens:
    def cards(self, *months: tuple[str, str, str]) -> Drawing:
        page = Drawing(width=750, height=3000)
        page.write(375, 60, "养老保险缴费明细", size=34, centred=True)
        y = 200.0
        for month, word, arrived in months:
            page.write(40, y, month, size=30)
            page.write(620, y, word, size=26)
            page.write(40, y + 60, "单位名称")
            page.write(400, y + 60, "成都川西样例科技有限公司")
            page.write(40, y + 100, "实收时间")
            page.write(500, y + 100, arrived)
            y += 200
        return page

    def test_a_dash_in_a_card_is_no_half_of_a_period(self) -> None:
        page = self.cards(
            ("2022年11月", "实缴", "2022-11-12"), ("2022年10月", "未缴", "—"), ("2022年09月", "实缴", "2022-09-12")
        )  # fmt: skip
        assert statuses(read(page)) == {"2022-09": PAID, "2022-10": UNPAID, "2022-11": PAID}

    @pytest.mark.parametrize(
        "number",
        [
            "5104**********4540",
            "5104**☆*4540",
            "510***********454X",
            "5106*★★女☆食会0625",
            "5124°8389",
        ],
    )
    def test_the_name_over_a_masked_number(self, number: str) -> None:
        page = self.cards(("2022年11月", "实缴", "2022-11-12"))
        page.write(40, 110, "曾样例")
        page.write(40, 145, number)
        assert values(read(page))["name"] == "曾样例"


class TestProvinces:
    def test_a_unit_in_the_line_of_a_title_says_nothing(self) -> None:
        assert province_of_title("四川样例信息技术有限公司参保缴费明细表") is None

    def test_a_city_chosen_on_a_screen(self) -> None:
        page = TestScreens().cards(("2022年11月", "实缴", "2022-11-12"))
        page.write(40, 120, "参保城市")
        page.write(400, 120, "绵阳市")
        assert values(read(page))["province"] == "四川"

    def test_places_in_two_provinces_leave_it_open(self) -> None:
        page = TestScreens().cards(("2022年11月", "实缴", "2022-11-12"))
        page.write(40, 120, "参保地：四川省绵阳市")
        page.write(40, 150, "参保地：重庆市渝北区")
        extraction = read(page)
        assert "province" not in values(extraction)
        assert "不同省份" in next(u.reason for u in extraction.unreadable if u.name == "province")

    def test_a_paper_that_names_none_says_so(self) -> None:
        extraction = read(TestScreens().cards(("2022年11月", "实缴", "2022-11-12")))
        assert [u.name for u in extraction.unreadable] == ["province"]


def test_a_unit_misread_in_one_row_is_the_unit_around_it() -> None:
    header = ("缴费月份", "单位名称", "缴费基数", "个人缴费", "缴费状态")
    names = ["成都川西样例科技有限公司"] * 12
    names[5] = "成都川酉样例科技有限公司"
    rows = [(f"2022{m:02d}", names[m - 1], "4071", "325.68", "已到账") for m in range(1, 13)]
    page = table((120, 480, 820, 980, 1160), header, rows, "成都市社会保险个人参保缴费证明")
    assert {m.payer for m in months_of(read(page))} == {"成都川西样例科技有限公司"}


def test_another_unit_in_the_newest_month_stays_another_unit() -> None:
    header = ("缴费月份", "单位名称", "缴费基数", "个人缴费", "缴费状态")
    names = ["成都川西样例科技有限公司"] * 11 + ["成都川酉样例科技有限公司"]
    rows = [(f"2022{m:02d}", names[m - 1], "4071", "325.68", "已到账") for m in range(1, 13)]
    page = table((120, 480, 820, 980, 1160), header, rows, "成都市社会保险个人参保缴费证明")
    assert months_of(read(page))[-1].payer == "成都川酉样例科技有限公司"


def test_nobody_paid_an_unpaid_month_though_its_row_names_a_unit() -> None:
    rows = [SichuanRow(f"2022{m:02d}") for m in range(1, 13)]
    rows[6].base = None
    assert months_of(read(sichuan_page(rows)))[6].payer == ""


class TestHeadingsOfGroups:
    def test_a_group_heading_that_was_not_read_is_told_by_those_after_it(self) -> None:
        page = sichuan_page([SichuanRow(f"2022{m:02d}") for m in range(1, 13)])
        page.lose("养老保险")
        found = months_of(read(page))
        assert {(m.insurance, m.status, m.base) for m in found} == {("养老", PAID, "4071.00")}

    def test_a_group_heading_with_a_lost_character(self) -> None:
        page = sichuan_page([SichuanRow(f"2022{m:02d}") for m in range(1, 13)])
        page.misread("养老保险", "老保险")
        assert {m.insurance for m in months_of(read(page))} == {"养老"}

    def test_insurances_summed_up_above_a_list_do_not_name_it(self) -> None:
        page = sichuan_page([SichuanRow(f"2022{m:02d}") for m in range(1, 13)])
        page.lose("养老保险")
        page.lose("失业保险")
        assert {m.insurance for m in months_of(read(page))} == {"养老"}

    def test_the_heading_of_a_list_names_its_insurance(self) -> None:
        header = ("缴费月份", "单位名称", "缴费基数", "个人缴费", "缴费状态")
        rows = [
            (f"2022{m:02d}", "成都川西样例科技有限公司", "4071", "16.28", "已到账")
            for m in range(1, 5)
        ]
        page = table(
            (120, 480, 820, 980, 1160),
            header,
            rows,
            "成都社保查询",
            "养老保险　参保缴费",
            "失业保险缴费明细",
        )
        assert {m.insurance for m in months_of(read(page))} == {"失业"}


class TestCardsInOrder:
    def screen(self, *months: str) -> Drawing:
        return TestScreens().cards(*((month, "实缴", "") for month in months))

    def test_a_card_between_its_neighbours_misread_in_a_digit(self) -> None:
        found = statuses(
            read(self.screen("2022年11月", "2022年10月", "2022年03月", "2022年08月", "2022年07月"))
        )
        assert list(found) == [f"2022-{m:02d}" for m in range(7, 12)]

    def test_a_card_years_off_is_left_out_or_put_right(self) -> None:
        found = statuses(
            read(self.screen("2082年11月", "2022年10月", "2022年09月", "2022年08月", "2022年07月"))
        )
        assert list(found) == [f"2022-{m:02d}" for m in range(7, 12)]

    def test_a_month_without_a_card_stays_missing(self) -> None:
        found = statuses(
            read(self.screen("2022年12月", "2022年10月", "2022年09月", "2022年08月", "2022年07月"))
        )
        assert "2022-11" not in found and "2022-12" in found


def test_a_label_read_as_one_with_its_unit_is_no_part_of_it() -> None:
    header = ("缴费月份", "单位名称", "缴费基数", "个人缴费", "缴费状态")
    rows = [
        (f"2022{m:02d}", "单位名称：成都川西样例科技有限任公司", "4071", "325.68", "已到账")
        for m in range(1, 5)
    ]
    page = table((120, 480, 820, 980, 1160), header, rows, "成都市社会保险个人参保缴费证明")
    assert {m.payer for m in months_of(read(page))} == {"成都川西样例科技有限责任公司"}


def test_units_of_two_months_misread_between_others_are_the_unit_around_them() -> None:
    header = ("缴费月份", "单位名称", "缴费基数", "个人缴费", "缴费状态")
    names = ["成都川西样例科技有限公司"] * 12
    names[5] = names[6] = "成都川酉样例科技有限公司"
    rows = [(f"2022{m:02d}", names[m - 1], "4071", "325.68", "已到账") for m in range(1, 13)]
    page = table((120, 480, 820, 980, 1160), header, rows, "成都市社会保险个人参保缴费证明")
    assert {m.payer for m in months_of(read(page))} == {"成都川西样例科技有限公司"}


def test_a_sign_inside_a_units_name_in_the_first_row_is_a_stain() -> None:
    header = ("缴费月份", "单位名称", "缴费基数", "个人缴费", "缴费状态")
    names = ["成都川西样例5科技有限公司"] + ["成都川西样例科技有限公司"] * 11
    rows = [(f"2022{m:02d}", names[m - 1], "4071", "325.68", "已到账") for m in range(1, 13)]
    page = table((120, 480, 820, 980, 1160), header, rows, "成都市社会保险个人参保缴费证明")
    assert {m.payer for m in months_of(read(page))} == {"成都川西样例科技有限公司"}


def test_a_number_that_was_not_detected_is_that_of_the_only_unit() -> None:
    rows = [SichuanRow(f"2022{m:02d}") for m in range(1, 13)]
    page = sichuan_page(rows)
    page.lose("5101000234")
    assert {m.payer for m in months_of(read(page))} == {"四川云岚样例信息技术有限公司"}


def test_a_page_whose_lines_run_together_keeps_its_rows() -> None:
    """A photo from aside: rows slope by 0.016 at the top and by 0.004 at the foot."""
    page = sichuan_page([SichuanRow(f"2022{m:02d}") for m in range(1, 13)])
    for i, line in enumerate(page.lines):
        x, y = line.centre
        shift = (0.016 - 0.012 * y / page.height) * x
        x0, top, x1, bottom = line.rect
        page.lines[i] = line.model_copy(update={"rect": (x0, top + shift, x1, bottom + shift)})
    found = months_of(read(page))
    assert {(m.status, m.base, m.place) for m in found} == {(PAID, "4071.00", "成都市高新区")}
    assert len(found) == 12


class TestUnknownForms:
    """Forms that no example of is at hand: months, province and payer where they are plainly printed."""

    def test_insurances_as_plain_columns_of_amounts(self) -> None:
        header = ("年月", "单位名称", "缴费基数", "养老保险", "医疗保险", "失业保险")
        rows = [
            (f"2022{m:02d}", "上海样例信息技术有限公司", "6000.00", "480.00", "120.00", "30.00")
            for m in range(7, 13)
        ]
        page = table((150, 400, 620, 840, 1060, 1300), header, rows, "上海市职工社会保险缴费情况")
        extraction = read(page)
        found = months_of(extraction)
        assert values(extraction)["province"] == "上海"
        assert {(m.status, m.insurance, m.base) for m in found} == {(PAID, "养老", "6000.00")}
        assert len(found) == 6

    def test_a_row_for_each_insurance(self) -> None:
        header = ("费款所属期", "单位名称", "险种", "缴费基数", "个人缴费", "缴费标志")
        rows = [
            (f"2022-{m:02d}", "济南样例科技有限公司", kind, "5000", "400.00", "已缴费")
            for m in range(7, 10)
            for kind in ("企业养老", "失业保险", "工伤保险")
        ]
        page = table(
            (150, 400, 700, 900, 1100, 1300), header, rows, "参保缴费证明", "参保地：山东省济南市"
        )
        extraction = read(page)
        pension = [m for m in months_of(extraction) if m.insurance == "养老"]
        assert values(extraction)["province"] == "山东"
        assert [(str(m.month), m.status) for m in pension] == [
            (f"2022-{m:02d}", PAID) for m in range(7, 10)
        ]

    def test_periods_with_a_count_prove_no_month(self) -> None:
        header = ("险种", "参保单位", "起始时间", "截止时间", "缴费月数")
        rows = [("企业职工基本养老保险", "重庆样例科技有限公司", "202107", "202212", "18")]
        extraction = read(
            table((150, 400, 700, 900, 1100), header, rows, "重庆市社会保险个人参保证明")
        )
        assert months_of(extraction) == ()
        assert "proof=range_only" in extraction.traits
        assert values(extraction)["province"] == "重庆"

    def test_months_under_the_heading_of_their_year(self) -> None:
        page = Drawing(width=750, height=1600)
        page.write(375, 60, "社保缴费记录", size=34, centred=True)
        page.write(40, 120, "成都市 · 养老保险")
        page.write(40, 160, "2022年", size=30)
        for i, month in enumerate((12, 11, 10, 9)):
            page.write(40, 240 + 140 * i, f"{month}月", size=30)
            page.write(600, 240 + 140 * i, "已到账")
            page.write(40, 290 + 140 * i, "四川云岚样例信息技术有限公司")
            page.write(520, 290 + 140 * i, "¥480.00")
        extraction = read(page)
        assert values(extraction)["province"] == "四川"
        assert [(str(m.month), m.status, m.payer) for m in months_of(extraction)] == [
            (f"2022-{m:02d}", PAID, "四川云岚样例信息技术有限公司") for m in range(9, 13)
        ]

    def test_two_overlapping_screens_of_one_list(self) -> None:
        """The card of 2022-09 is cut at the foot of the first screen and whole on the second."""
        first = TestScreens().cards(
            *((f"2022年{m:02d}月", "实缴", f"2022-{m:02d}-12") for m in (12, 11, 10))
        )
        first.write(40, 840, "2022年09月", size=30)
        second = Drawing(width=750, height=3000)
        for i, month in enumerate((10, 9, 8, 7)):
            second.write(40, 100 + 200 * i, f"2022年{month:02d}月", size=30)
            second.write(620, 100 + 200 * i, "未缴" if month == 8 else "实缴", size=26)
        found = statuses(read(first, second))
        assert found == {f"2022-{m:02d}": UNPAID if m == 8 else PAID for m in range(7, 13)}
