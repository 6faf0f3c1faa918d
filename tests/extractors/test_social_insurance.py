from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.places import province_of
from extractors.registry import extract_raw
from extractors.social_insurance import extract_social_insurance
from extractors.social_insurance.headers import Role, role_of
from extractors.social_insurance.payers import find_payers, payer_of
from extractors.social_insurance.provinces import province_of_title
from extractors.social_insurance.statuses import amount_of, status_of, worn_state_of
from extractors.social_insurance.summaries import summarise
from pipeline.model.document import ContributionMonth, Extraction, MonthStatus
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import Doubt, Segment
from tests.extractors.drawn_pages import (
    SICHUAN_COLUMNS,
    Drawing,
    SichuanRow,
    paper,
    sichuan_page,
)

PAYER = "四川云岚样例信息技术有限公司"
PAID, UNPAID, LATE, UNKNOWN = MonthStatus


def read(*pages: Drawing, turn: float = 0.0) -> Extraction:
    drawn = [page.page(i, turn=turn) for i, page in enumerate(pages, start=1)]
    return extract_social_insurance(paper(DocumentKind.SOCIAL_INSURANCE, drawn))


def months_of(extraction: Extraction) -> tuple[ContributionMonth, ...]:
    found = next((f for f in extraction.fields if f.name == "months"), None)
    assert found is None or isinstance(found.value, tuple)
    return found.value if found else ()  # type: ignore[return-value]


def statuses(extraction: Extraction) -> dict[str, MonthStatus]:
    return {str(m.month): m.status for m in months_of(extraction)}


def values(extraction: Extraction) -> dict[str, object]:
    return {f.name: f.value for f in extraction.fields}


def year_rows() -> list[SichuanRow]:
    return [SichuanRow(f"2022{m:02d}") for m in range(1, 13)]


def table(
    columns: Sequence[float],
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    title: str,
    *more: str,
) -> Drawing:
    page = Drawing()
    page.write(842, 60, title, size=34, centred=True)
    for i, text in enumerate(more):
        page.write(60, 120 + 40 * i, text)
    for x, text in zip(columns, header, strict=True):
        page.write(x, 300, text, centred=True)
    for i, row in enumerate(rows):
        for x, text in zip(columns, row, strict=True):
            page.write(x, 340 + 40 * i, text, centred=True)
    return page


class TestSichuanForm:
    def test_amounts_are_paid_blanks_are_unpaid(self) -> None:
        rows = year_rows()
        rows[8].base = None
        found = statuses(read(sichuan_page(rows)))
        assert found == {f"2022-{m:02d}": UNPAID if m == 9 else PAID for m in range(1, 13)}

    def test_particulars_payer_base_and_place(self) -> None:
        page = sichuan_page(year_rows())
        number = "510102199203072346"
        page.misread("社会保障号码：510102199203072345", f"社会保障号码：{number}")
        extraction = read(page)
        fields = values(extraction)
        assert fields["name"] == "林样例"
        assert fields["id_number"] == number
        assert fields["province"] == "四川"
        assert fields["printed_on"] == "2022-12-28"
        assert fields["verification_code"] == "ab12cd34ef56"
        first = months_of(extraction)[0]
        assert (first.payer, first.base, first.place, first.insurance) == (
            PAYER,
            "4071.00",
            "成都市高新区",
            "养老",
        )
        assert first.evidence[0].page == 1
        assert "202201" in first.evidence[0].raw
        assert "proof=months" in extraction.traits
        assert "form=sichuan" in extraction.traits

    @pytest.mark.parametrize("turn", [-1.5, -0.6, 0.6, 1.5])
    def test_a_slanted_page_keeps_its_rows(self, turn: float) -> None:
        rows = year_rows()
        rows[4].base = None
        assert statuses(read(sichuan_page(rows), turn=turn)) == statuses(read(sichuan_page(rows)))

    def test_two_employers_by_number_and_a_wrapped_note(self) -> None:
        rows = year_rows()
        for row in rows[6:]:
            row.number = "510100077777"
        page = sichuan_page(rows, note=False)
        page.write(
            60, 1000, "说明：1. 表中“单位编号”对应的单位名称为：5101000234: 四川云岚样例信息技术有"
        )
        page.write(60, 1030, "限公司, 5101000")
        page.write(60, 1060, "77777: 成都川西样例科技有限责任公司。")
        payers = [m.payer for m in months_of(read(page))]
        assert payers == [PAYER] * 6 + ["成都川西样例科技有限责任公司"] * 6

    def test_a_number_that_the_note_lacks_gives_no_name(self) -> None:
        rows = year_rows()
        rows[3].number = "510144488811"
        found = months_of(read(sichuan_page(rows)))[3]
        assert (found.status, found.payer) == (PAID, "")
        assert found.confidence < months_of(read(sichuan_page(year_rows())))[3].confidence

    def test_rows_over_two_pages_without_a_second_header(self) -> None:
        first = sichuan_page(
            [SichuanRow(f"2021{m:02d}") for m in range(1, 13)],
            note=False,
            period="2021年01月至2022年12月",
        )
        rows = year_rows()
        rows[10].base = None
        found = statuses(read(first, sichuan_page(rows, header=False)))
        assert len(found) == 24
        assert [m for m, s in found.items() if s is not PAID] == ["2022-11"]

    def test_months_of_the_period_that_no_page_shows_are_unknown(self) -> None:
        found = statuses(read(sichuan_page(year_rows()[:8], period="2022年01月至2022年12月")))
        assert [m for m, s in found.items() if s is UNKNOWN] == [
            "2022-09",
            "2022-10",
            "2022-11",
            "2022-12",
        ]

    def test_newest_month_first(self) -> None:
        assert len(statuses(read(sichuan_page(year_rows()[::-1])))) == 12

    def test_ruled_columns(self) -> None:
        page = sichuan_page(year_rows())
        for x in (150, 300, 420, 525, 635, 745, 855, 965, 1075, 1185, 1320):
            page.rules.append(Segment(x0=x, y0=370, x1=x, y1=900))
        assert set(statuses(read(page)).values()) == {PAID}


class TestMessyReadings:
    def test_months_with_letters_in_place_of_digits(self) -> None:
        page = sichuan_page(year_rows())
        page.misread("202203", "2O22O3")
        page.misread("202205", "20220S")
        found = months_of(read(page))
        assert len(found) == 12
        assert found[2].confidence < found[1].confidence

    def test_a_month_lost_between_its_neighbours_is_settled_by_them(self) -> None:
        page = sichuan_page(year_rows())
        page.lose("202210")
        found = months_of(read(page))
        assert [m.status for m in found] == [PAID] * 12
        assert found[9].confidence < found[8].confidence

    def test_a_month_misread_as_another_is_settled_by_its_neighbours(self) -> None:
        page = sichuan_page(year_rows())
        page.misread("202207", "202201")
        assert statuses(read(page)) == {f"2022-{m:02d}": PAID for m in range(1, 13)}

    def test_cells_read_as_one_box_are_parted_by_columns(self) -> None:
        page = sichuan_page([SichuanRow("202201", base=4071), *year_rows()[1:]])
        page.merge("4071.00", "651.36")
        page.merge("缴费基数", "单位缴纳", "个人缴纳")
        first = months_of(read(page))[0]
        assert (first.status, first.base) == (PAID, "4071.00")

    def test_a_whole_row_read_as_one_box(self) -> None:
        page = sichuan_page([SichuanRow("202201", base=4071.5), *year_rows()[1:]])
        page.merge("202201", "5101000234", "企业养老", "4071.50", "651.44", "325.72")
        first = months_of(read(page))[0]
        assert (first.status, first.base, first.payer) == (PAID, "4071.50", PAYER)

    def test_something_unreadable_in_the_amounts_is_unknown_not_unpaid(self) -> None:
        rows = year_rows()
        rows[8].base = None
        page = sichuan_page(rows)
        page.write(SICHUAN_COLUMNS[3], 460 + 34 * 8, "心伞专", confidence=0.4, centred=True)
        assert statuses(read(page))["2022-09"] is UNKNOWN

    def test_a_seal_over_blank_amounts_is_unknown(self) -> None:
        rows = year_rows()
        rows[8].base = None
        page = sichuan_page(rows)
        page.write(SICHUAN_COLUMNS[4], 460 + 34 * 8 + 20, "社会保险事业", size=60, centred=True)
        assert statuses(read(page))["2022-09"] is UNKNOWN

    def test_a_proof_whose_amounts_were_not_detected_at_all_says_nothing(self) -> None:
        rows = year_rows()
        for row in rows:
            row.base = None
            row.number = row.place = ""
        assert set(statuses(read(sichuan_page(rows))).values()) == {UNKNOWN}

    def test_a_lost_decimal_point_is_put_back_by_the_personal_part(self) -> None:
        page = sichuan_page(year_rows())
        page.misread("4071.00", "407100")
        assert months_of(read(page))[0].base == "4071.00"

    def test_one_wrong_digit_in_the_unit_number_still_finds_its_only_neighbour(self) -> None:
        page = sichuan_page(year_rows())
        page.misread("5101000234", "5101000284")
        assert months_of(read(page))[0].payer == PAYER

    @settings(max_examples=12, deadline=None)
    @given(st.data())
    def test_losing_cells_never_turns_paid_into_unpaid(self, data: st.DataObject) -> None:
        rows = [SichuanRow(f"2022{m:02d}", base=4000 + m) for m in range(1, 7)]
        page = sichuan_page(rows, period="2022年01月至2022年06月")
        i = data.draw(st.integers(0, 5))
        cells = [f"{4001.0 + i:.2f}", f"{(4001 + i) * 0.16:.2f}", f"{(4001 + i) * 0.08:.2f}"]
        for text in data.draw(st.lists(st.sampled_from(cells), max_size=2, unique=True)):
            page.lose(text)
        assert set(statuses(read(page)).values()) == {PAID}


class TestQueryTables:
    HEADER = ("缴费月份", "单位名称", "缴费基数", "单位缴费金额", "个人缴费金额", "实收时间")
    COLUMNS = (120, 480, 820, 980, 1160, 1400)

    def row(self, month: str, arrived: str) -> tuple[str, ...]:
        return (month, "成都川西样例科技有限公司", "4071", "651.36", "325.68", arrived)

    def chengdu(self, *rows: tuple[str, ...]) -> Extraction:
        return read(
            table(
                self.COLUMNS,
                self.HEADER,
                rows,
                "成都市社会保险个人缴费明细",
                "险种类型：企业职工基本养老保险",
            )
        )

    def test_arrival_long_after_the_month_is_late(self) -> None:
        found = self.chengdu(
            self.row("202207", "2022-07-25"), self.row("202208", "2022-09-02"),
            self.row("202209", "2022-12-25"), self.row("202210", ""),
        )  # fmt: skip
        assert list(statuses(found).values()) == [PAID, PAID, LATE, UNKNOWN]
        assert months_of(found)[0].payer == "成都川西样例科技有限公司"
        assert values(found)["province"] == "四川"

    def test_rows_of_each_insurance_stay_apart(self) -> None:
        header = ("费款所属期", "险种类型", "缴费基数", "个人应缴", "缴费标志", "经办机构")
        rows = [
            (
                month,
                kind,
                "4071",
                "325.68",
                "已实缴" if (month, kind[0]) != ("202208", "失") else "未到账",
                "长沙市",
            )
            for month in ("202207", "202208")
            for kind in ("企业职工基本养老保险", "失业保险", "工伤保险", "城镇职工基本医疗保险")
        ]
        found = months_of(read(table(self.COLUMNS, header, rows, "个人参保证明（实缴明细）")))
        assert [(str(m.month), m.insurance, m.status) for m in found] == [
            ("2022-07", "养老", PAID), ("2022-07", "失业", PAID), ("2022-07", "工伤", PAID),
            ("2022-08", "养老", PAID), ("2022-08", "失业", UNPAID), ("2022-08", "工伤", PAID),
        ]  # fmt: skip

    def test_year_and_month_in_two_columns(self) -> None:
        header = ("年", "月", "单位编号", "参保地", "缴费基数(元)", "缴费状况")
        rows = [
            ("2022", f"{m:02d}", "330100998877", "杭州市", "4071", "已到账") for m in (12, 11, 10)
        ]
        page = table(self.COLUMNS, header, rows, "浙江省社会保险参保证明（个人专用）")
        page.write(60, 700, "单位编号对应单位明细：330100998877：杭州川西样例科技有限公司")
        found = months_of(read(page))
        assert [(str(m.month), m.status, m.payer) for m in found] == [
            (f"2022-{m}", PAID, "杭州川西样例科技有限公司") for m in (10, 11, 12)
        ]

    def test_a_grid_of_signs(self) -> None:
        columns = (80, *(200 + 100 * i for i in range(12)))
        rows = [
            ("2021", *["●"] * 12),
            ("2022", "●", "●", "△", "", "O", "○", "●", "-", "", "", "", ""),
        ]
        header = ("年度", *map(str, range(1, 13)))
        found = statuses(read(table(columns, header, rows, "河南省社会保险个人权益记录单")))
        assert [found[f"2021-{m:02d}"] for m in range(1, 13)] == [PAID] * 12
        assert [s for m, s in found.items() if m > "2022"] == [
            PAID, PAID, UNPAID, UNKNOWN, UNKNOWN, UNKNOWN, PAID, UNPAID,
        ]  # fmt: skip


class TestScreens:
    def wallet(
        self, entries: Sequence[tuple[str, str]], title: str = "养老保险参保信息"
    ) -> Drawing:
        page = Drawing(width=1080, height=2400)
        page.write(60, 160, title, size=40)
        page.write(60, 230, "参保地", size=34)
        page.write(640, 230, "四川省成都市", size=34)
        for i, (month, status) in enumerate(entries):
            y = 340 + 200 * i
            page.write(60, y, month, size=40)
            page.write(850, y, status, size=36)
            page.write(60, y + 60, "单位名称", size=30)
            page.write(400, y + 60, "成都川西样例科技有限公司", size=30)
            page.write(60, y + 110, "缴费基数", size=30)
            page.write(800, y + 110, "4071.00", size=30)
        page.write(60, 2300, "温馨提示：以上信息仅供参考，已到账数据以经办机构为准", size=26)
        return page

    def test_cards_of_months(self) -> None:
        entries = [
            ("2022年12月", "已缴费"),
            ("2022年11月", "未缴费"),
            ("2022年10月", "补缴"),
            ("2022年9月", ""),
        ]
        extraction = read(self.wallet(entries))
        assert statuses(extraction) == {
            "2022-09": UNKNOWN, "2022-10": LATE, "2022-11": UNPAID, "2022-12": PAID,
        }  # fmt: skip
        first = months_of(extraction)[-1]
        assert (first.payer, first.base) == ("成都川西样例科技有限公司", "4071.00")
        assert values(extraction)["province"] == "四川"

    @pytest.mark.parametrize(("status", "told"), [("已缴费", PAID), ("未缴费", UNPAID)])
    def test_a_card_whose_month_was_not_detected_is_the_one_between(
        self, status: str, told: MonthStatus
    ) -> None:
        months = ["2022年12月", "2022年11月", "2022年10月", "2022年9月", "2022年8月", "2022年7月"]
        page = self.wallet([(m, status if m == "2022年10月" else "已缴费") for m in months])
        page.lose("2022年10月")
        found = {str(m.month): m for m in months_of(read(page))}
        assert {m: row.status for m, row in found.items()} == {
            f"2022-{n:02d}": told if n == 10 else PAID for n in range(7, 13)
        }
        assert found["2022-10"].confidence < found["2022-09"].confidence

    def test_two_cards_whose_months_were_not_detected_are_not_guessed(self) -> None:
        page = self.wallet([(f"2022年{month}月", "已缴费") for month in range(12, 5, -1)])
        page.lose("2022年10月")
        page.lose("2022年9月")
        assert {m[5:] for m in statuses(read(page))} == {"12", "11", "08", "07", "06"}

    @pytest.mark.parametrize(("chance", "payer"), [(0.9, "成都川西样例科技有限公司"), (0.4, "")])
    def test_the_unit_of_cards_is_what_all_of_them_say(self, chance: float, payer: str) -> None:
        page = self.wallet([(f"2022年{month}月", "已缴费") for month in (12, 11, 10)])
        page.misread("成都川西样例科技有限公司", "成都用西样例科技有限公司")
        for i, line in enumerate(page.lines):
            at = 2 if line.text.startswith("成都") else None
            if at is not None:
                is_odd = line.text[at] == "用"
                score, other = (0.5, "川") if is_odd else (chance, "用")
                page.lines[i] = line.model_copy(
                    update={
                        "scores": tuple(score if k == at else 1.0 for k in range(len(line.text))),
                        "doubts": (Doubt(at=at, others=other, chances=(1 - score,)),),
                    }
                )
        assert {m.payer for m in months_of(read(page))} == {payer}

    def test_who_pays_alone_may_stand_beside_the_month(self) -> None:
        page = Drawing(width=1080, height=2400)
        page.write(100, 80, "养老保险缴费记录", size=60)
        page.write(60, 150, "四川省成都市", size=30)
        page.write(60, 300, "2022-12灵活就业人员（个人缴费）", size=40)
        page.write(60, 360, "养老保险", size=36)
        page.write(850, 360, "实缴", size=36)
        (month,) = months_of(read(page))
        assert (month.status, month.payer) == (PAID, "灵活就业人员（个人缴费）")

    def test_overlapping_screens_are_one_row_a_month(self) -> None:
        upper = self.wallet([("2022年12月", "已缴费"), ("2022年11月", "已缴费")])
        lower = self.wallet([("2022年11月", "已缴费"), ("2022年10月", "已缴费")])
        assert list(statuses(read(upper, lower))) == ["2022-10", "2022-11", "2022-12"]
        assert len(months_of(read(upper, lower))) == 3

    def test_screens_that_contradict_each_other_leave_the_month_open(self) -> None:
        found = read(
            self.wallet([("2022年11月", "已缴费")]), self.wallet([("2022年11月", "未缴费")])
        )
        assert statuses(found) == {"2022-11": UNKNOWN}

    def test_medical_months_keep_their_insurance(self) -> None:
        page = self.wallet([("2022年12月", "已缴费")], title="职工基本医疗保险缴费记录")
        extraction = read(page)
        assert {m.insurance for m in months_of(extraction)} == {"医疗"}
        assert "proof=medical_only" in extraction.traits

    def test_a_housing_fund_screen_has_no_months(self) -> None:
        extraction = read(self.wallet([("2022年12月", "已缴费")], title="住房公积金缴存明细"))
        assert months_of(extraction) == ()
        assert "proof=fund_only" in extraction.traits


class TestProofsWithoutMonths:
    def test_a_range_with_a_count_proves_no_month(self) -> None:
        page = table(
            (200, 600, 1000), ("险种", "起止年月", "月数"), [("养老保险", "201807-202212", "54")],
            "广东省社会保险参保证明",
        )  # fmt: skip
        extraction = read(page)
        assert months_of(extraction) == ()
        assert {"proof=range_only", "range=2018-07..2022-12"} <= set(extraction.traits)
        assert values(extraction)["province"] == "广东"

    def test_a_letter_that_names_a_period(self) -> None:
        page = Drawing(width=1190, height=1684)
        page.write(595, 120, "成都市社会保险参保证明", size=34, centred=True)
        page.write(120, 240, "兹证明林样例，女，公民身份号码510102199203072345，于2022-01至")
        page.write(80, 280, "2022-12在我市参加企业职工基本养老保险、失业保险、工伤保险。")
        page.write(800, 500, "2023年01月08日")
        extraction = read(page)
        assert months_of(extraction) == ()
        assert "proof=range_only" in extraction.traits
        assert values(extraction)["printed_on"] == "2023-01-08"
        assert values(extraction)["name"] == "林样例"

    def test_a_count_alone(self) -> None:
        page = Drawing(width=750, height=1300)
        for i, (label, value) in enumerate(
            (
                ("参保日期", "2022.05"),
                ("累计缴费月数", "8"),
                ("缴费状态", "正常"),
                ("养老缴存", "正常"),
            )
        ):
            page.write(40, 200 + 80 * i, label, size=28)
            page.write(480, 200 + 80 * i, value, size=28)
        extraction = read(page)
        assert months_of(extraction) == ()
        assert {"proof=count_only", "count=8"} <= set(extraction.traits)

    def test_an_empty_paper(self) -> None:
        extraction = read(Drawing())
        assert extraction.fields == ()
        assert extraction.traits == ("proof=none",)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        *((w, PAID) for w in ("实缴", "已实缴", "已缴", "已缴费", "已到账", "到账", "正常", "正常缴费", "正常应缴", "足额缴费", "●", "√", "是")),
        *((w, UNPAID) for w in ("未缴", "未到账", "欠费", "欠缴", "△", "应缴未缴", "中断", "暂停缴费（中断）", "终止")),
        *((w, LATE) for w in ("补缴", "补收", "一次性补缴", "已补缴")),
        *((w, UNKNOWN) for w in ("转入", "外地转入", "退费", "冲销", "○")),
        ("企业养老", None), ("4071.00", None), ("", None),
    ],
)  # fmt: skip
def test_words_of_status(word: str, status: MonthStatus | None) -> None:
    assert status_of(word) == status


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("足颜缴费", PAID), ("足新缴费", PAID), ("正京缴费", PAID), ("暂亭缴费", UNPAID),
        ("足新维费", None), ("应缴费额", None), ("企业养老", None), ("缴费", None), ("", None),
    ],
)  # fmt: skip
def test_a_state_with_one_misread_character_is_told_where_all_words_near_it_agree(
    word: str, status: MonthStatus | None
) -> None:
    assert worn_state_of(word) == status


def hunan(*rows: tuple[str, str, str]) -> Drawing:
    """Rows of month, state and day of arrival, on the same amounts."""
    return table(
        (150, 350, 550, 750, 950, 1150, 1400),
        ("费款所属期", "险种类型", "缴费基数", "单位应缴", "个人应缴", "缴费标志", "到账日期"),
        [
            (month, "企业职工基本养老保险", "8120", "1299.2", "649.6", state, arrival)
            for month, state, arrival in rows
        ],
        "个人参保证明（实缴明细）",
    )


def test_a_state_that_cannot_be_read_gives_way_to_the_day_on_which_the_money_came() -> None:
    page = hunan(
        ("202212", "足额缴费", "20221208"), ("202211", "足新维费", "20221116"),
        ("202210", "足新维费", ""), ("202209", "未新维费", "20220922"), ("202208", "足新维费", "20221116"),
    )  # fmt: skip
    found = months_of(read(page))
    assert {str(m.month)[5:]: m.status for m in found} == {
        "12": PAID, "11": PAID, "10": UNKNOWN, "09": UNKNOWN, "08": LATE,
    }  # fmt: skip
    sure, worn = (next(m for m in found if str(m.month)[5:] == n) for n in ("12", "11"))
    assert worn.confidence < sure.confidence


@pytest.mark.parametrize(("others", "status"), [("实大", PAID), ("实未", UNKNOWN), ("大", UNKNOWN)])
def test_a_state_is_what_its_doubtful_character_may_be_where_that_says_one_thing(
    others: str, status: MonthStatus
) -> None:
    page = hunan(("202212", "文缴", ""), ("202211", "实缴", ""))
    for i, line in enumerate(page.lines):
        if line.text == "文缴":
            doubt = Doubt(at=0, others=others, chances=(0.3,) * len(others))
            page.lines[i] = line.model_copy(update={"scores": (0.6, 0.9), "doubts": (doubt,)})
    assert statuses(read(page))["2022-12"] is status


def jiangsu(*rows: tuple[str, str, str, str]) -> Drawing:
    """Rows of number, unit, first and last month; the numbers' own heading was not detected."""
    return table(
        (150, 500, 900, 1100, 1300),
        ("", "单位名称", "起始年月", "截止年月", "缴费状态"),
        [(*row, "正常缴费") for row in rows],
        "江苏省社会保险权益记录单",
    )


def test_the_number_of_a_row_is_no_part_of_its_unit() -> None:
    rows = [(str(n), PAYER, f"2022-{n:02d}", f"2022-{n:02d}") for n in range(1, 13)]
    assert {m.payer for m in months_of(read(jiangsu(*rows)))} == {PAYER}


def test_a_seals_letter_behind_the_last_month_of_a_period_is_none_of_it() -> None:
    rows = [(str(n), PAYER, f"2022-{n:02d}", f"2022-{n:02d}") for n in range(1, 12)]
    rows.append(("12", PAYER, "2022-12", "202212务"))
    assert statuses(read(jiangsu(*rows)))["2022-12"] is PAID


def test_a_last_month_that_lost_a_digit_is_the_first_where_every_row_is_one_month_long() -> None:
    rows = [(str(n), PAYER, f"2022-{n:02d}", f"2022-{n:02d}") for n in range(1, 12)]
    worn = ("12", PAYER, "2022-12", "20212务")
    assert statuses(read(jiangsu(*rows, worn)))["2022-12"] is PAID
    assert "2022-12" not in statuses(read(jiangsu(*rows, ("12", PAYER, "2022-12", "2021"))))
    longer = ("10", PAYER, "2022-10", "2022-11")
    assert "2022-12" not in statuses(read(jiangsu(*rows[:9], longer, worn)))


def test_a_unit_that_its_rows_do_not_agree_on_is_not_told() -> None:
    names = [PAYER, PAYER.replace("岚", "风"), PAYER.replace("岚", "凤"), PAYER.replace("岚", "夙")]
    page = jiangsu(
        *((str(n), name, f"2022-{n:02d}", f"2022-{n:02d}") for n, name in enumerate(names, start=1))
    )
    at = PAYER.index("岚")
    for i, line in enumerate(page.lines):
        if line.text in names:
            scores = tuple(0.4 if k == at else 1.0 for k in range(len(line.text)))
            page.lines[i] = line.model_copy(update={"scores": scores})
    found = months_of(read(page))
    assert [(m.status, m.payer) for m in found] == [(PAID, "")] * 4


@pytest.mark.parametrize(
    ("text", "amount"),
    [("4071.00", "4071.00"), ("4,071.00", "4071.00"), ("¥325.68", "325.68"), ("4O71.OO", "4071.00"),
     ("-325.68", "-325.68"), ("成都", None), ("", None), ("12:30", None), ("SOS", None)],
)  # fmt: skip
def test_amounts(text: str, amount: str | None) -> None:
    assert amount_of(text) == (None if amount is None else Decimal(amount))


def test_payers_of_a_note_with_codes_in_brackets() -> None:
    text = "单位名称为：5101001234：四川甲样例有限公司（510100123456），51010055555：乙样例（成都）有限公司。2.本证明采用"
    found = find_payers(text)
    assert [(p.number, p.name) for p in found] == [
        ("5101001234", "四川甲样例有限公司"), ("51010055555", "乙样例（成都）有限公司"),
    ]  # fmt: skip
    assert all(text[p.start : p.end].startswith(p.name[:4]) for p in found)


def test_a_name_ends_where_the_next_label_begins_though_no_full_stop_was_read() -> None:
    text = "单位编号对应单位明细：5101001234：甲样例（成都）有限公司授权码：S62KFRT7可登录省政务服务网验证"
    assert [p.name for p in find_payers(text)] == ["甲样例（成都）有限公司"]


def test_who_pays_alone_is_told_without_the_label_behind() -> None:
    text = "单位编号对应单位明细：510199000001：灵活就业人员（个人缴费）授权码：S62KFRT7可登录省政务服务网验证"
    assert [p.name for p in find_payers(text, text)] == ["灵活就业人员（个人缴费）"]


@pytest.mark.parametrize("stray", ["A", "保★", "★", "1"])
def test_pieces_of_a_seal_beside_a_name_are_none_of_it(stray: str) -> None:
    text = f"单位编号5101001234单位名称四川甲样例有限公司{stray}打印日期：2023年01月01日"
    assert [p.name for p in find_payers(text)] == ["四川甲样例有限公司"]


def test_a_number_whose_last_digits_were_not_seen_is_that_of_the_only_unit_it_begins() -> None:
    payers = find_payers(
        "对应的单位名称为：5101646969：甲样例有限公司，5101646801：乙样例有限公司。"
    )
    assert payer_of("51016469", payers) == payers[0]
    assert payer_of("5101646", payers) is None
    assert payer_of("510164", payers) is None


def with_doubt(page: Drawing, character: str, score: float) -> None:
    """Every print of the character on the page is read no surer than that."""
    for i, line in enumerate(page.lines):
        if character in line.text:
            scores = tuple(score if c == character else 1.0 for c in line.text)
            page.lines[i] = line.model_copy(update={"scores": scores})


@pytest.mark.parametrize(("score", "is_told"), [(0.95, True), (0.77, True), (0.7, False)])
def test_a_payer_of_the_note_is_told_as_surely_as_its_least_sure_character(
    score: float, is_told: bool
) -> None:
    page = sichuan_page(year_rows())
    with_doubt(page, "岚", score)
    first = months_of(read(page))[0]
    sure = months_of(read(sichuan_page(year_rows())))[0]
    assert first.payer == (PAYER if is_told else "")
    assert (first.confidence < sure.confidence) == (score < 0.8)


def test_prints_of_one_unit_that_agree_bear_each_other_out() -> None:
    page = sichuan_page(year_rows())
    page.write(60, 180, f"参保单位：{PAYER}（5101000234）")
    with_doubt(page, "岚", 0.67)
    assert {m.payer for m in months_of(read(page))} == {PAYER}


def test_a_row_whose_number_was_not_seen_is_not_of_the_only_unit_that_could_be_read() -> None:
    rows = year_rows()
    for row in rows[:6]:
        row.number = "510100077777"
    page = sichuan_page(rows, note=False)
    page.write(60, 1000, f"说明：1. 表中“单位编号”对应的单位名称为：5101000234: {PAYER},")
    page.write(60, 1030, "510100077777: 成都川西样例科技有限责任公司。")
    with_doubt(page, "岚", 0.4)
    page.lose("5101000234")
    payers = [m.payer for m in months_of(read(page))]
    assert payers == ["成都川西样例科技有限责任公司"] * 6 + [""] * 6


def test_a_worn_name_of_the_pension_insurance_is_still_its() -> None:
    page = hunan(("202202", "足额缴费", "20220216"), ("202201", "足额缴费", "20220114"))
    page.misread("企业职工基本养老保险", "企业职工基本养者保险")
    assert statuses(read(page)) == {"2022-01": PAID, "2022-02": PAID}


def test_near_unit_numbers_are_not_guessed_between() -> None:
    payers = find_payers(
        "对应的单位名称为：5101001234：甲样例有限公司，5101001235：乙样例有限公司。"
    )
    assert payer_of("5101001235", payers) == payers[1]
    assert payer_of("5101001236", payers) is None


@pytest.mark.parametrize(
    ("text", "province"),
    [("四川省本级", "四川"), ("成都市高新区", "四川"), ("绵阳市涪城区", "四川"), ("重庆市", "重庆"),
     ("广东省深圳市南山区", "广东"), ("双流区", "四川"), ("某地", None)],
)  # fmt: skip
def test_provinces_of_places(text: str, province: str | None) -> None:
    assert province_of(text) == province


def test_a_title_names_its_province_and_a_unit_does_not() -> None:
    assert province_of_title("成都市社会保险个人参保证明") == "四川"
    assert province_of_title("上海样例科技有限公司成都分公司") is None


@pytest.mark.parametrize(
    ("label", "role"),
    [("缴费月份", Role.MONTH), ("缴费基教", Role.BASE), ("养老缴费基数(元)", Role.BASE), ("实收时间", Role.ARRIVAL),
     ("单位", Role.UNIT_NAME), ("单位:元", None), ("四川省", None)],
)  # fmt: skip
def test_header_labels(label: str, role: Role | None) -> None:
    found = role_of(label)
    assert (found[0] if found else None) == role


def test_general_social_insurance_counts_as_pension_and_medical_alone_does_not() -> None:
    assert summarise("社会保险个人参保证明").insurance == "养老"
    assert summarise("城镇职工基本医疗保险参保缴费证明").insurance == "医疗"
    assert summarise("住房公积金缴存证明").insurance == "公积金"


def test_the_registry_reads_social_insurance() -> None:
    document = paper(DocumentKind.SOCIAL_INSURANCE, [sichuan_page(year_rows()).page()])
    assert extract_raw(document) == extract_social_insurance(document)
