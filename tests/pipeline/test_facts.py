from collections.abc import Sequence
from itertools import permutations

import pytest

from pipeline.facts import build_document, find_repeated_pages, gather_facts, merge_months
from pipeline.model.document import (
    ContributionMonth,
    Document,
    DocumentReading,
    Evidence,
    Extraction,
    Field,
    MonthStatus,
)
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import Line, MaterialReading, PageReading
from pipeline.model.values import Month

PAID, UNPAID, LATE, UNKNOWN = MonthStatus
BOX = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def evidence(page: int = 1) -> Evidence:
    return Evidence(page=page, box=BOX, raw="202207")


def row(
    status: MonthStatus, month: str = "2022-07", *, payer: str = "", confidence: float = 0.9,
    insurance: str = "养老",
) -> ContributionMonth:  # fmt: skip
    return ContributionMonth(
        month=Month(month), status=status, payer=payer, confidence=confidence, insurance=insurance,
        evidence=(evidence(),),
    )  # fmt: skip


def proof(
    file: str, rows: Sequence[ContributionMonth], printed_on: str | None = None,
    province: str = "四川",
) -> Document:  # fmt: skip
    fields = [Field(name="months", value=tuple(rows), raw="", confidence=0.9, evidence=(evidence(),)),
              Field(name="province", value=province, raw=province, confidence=0.9, evidence=(evidence(),))]  # fmt: skip
    if printed_on:
        fields.append(
            Field(
                name="printed_on", value=printed_on, raw="", confidence=0.9, evidence=(evidence(),)
            )
        )
    page = PageReading(number=1, width=10, height=10, upright_width=10, upright_height=10)
    part = DocumentReading(kind=DocumentKind.SOCIAL_INSURANCE, kind_confidence=1.0, pages=(page,))
    return build_document(file, part, Extraction(fields=tuple(fields)))


def statuses(*documents: Document) -> dict[str, MonthStatus]:
    return {str(m.row.month): m.row.status for m in merge_months(documents)}


def page(
    number: int, *lines: str, picture: str = "", source: str = "ocr", blank: bool = False
) -> PageReading:
    made = tuple(
        Line(
            text=t,
            rect=(0, 20 * i, 100, 20 * i + 18),
            confidence=0.9,
            spans=tuple((0.0, 1.0) for _ in t),
        )
        for i, t in enumerate(lines)
    )
    return PageReading(
        number=number, width=10, height=10, upright_width=10, upright_height=10, lines=made,
        picture=picture, source=source, is_blank=blank,
    )  # fmt: skip


class TestDocuments:
    def part(self, *pages: PageReading) -> DocumentReading:
        return DocumentReading(kind=DocumentKind.ID_CARD, kind_confidence=0.9, pages=pages)

    def test_the_id_is_the_same_in_every_run_and_differs_by_file_and_pages(self) -> None:
        one = build_document("materials/林样例.pdf", self.part(page(1)), Extraction())
        assert (
            one.document_id
            == build_document("materials/林样例.pdf", self.part(page(1)), Extraction()).document_id
        )
        others = {
            build_document("materials/林样例.pdf", self.part(page(2)), Extraction()).document_id,
            build_document("materials/b.pdf", self.part(page(1)), Extraction()).document_id,
        }
        assert one.document_id not in others
        assert "林" not in one.document_id

    def test_pages_of_both_sources_are_mixed(self) -> None:
        made = build_document(
            "a.pdf", self.part(page(1), page(2, source="text")), Extraction(traits=("a=b",))
        )
        assert (made.source, made.pages, made.traits) == ("mixed", (1, 2), ("a=b",))


class TestMonths:
    def test_papers_that_agree_give_the_surest_row(self) -> None:
        merged = merge_months(
            [proof("a", [row(PAID, confidence=0.8)]), proof("b", [row(PAID, confidence=0.95)])]
        )
        assert [m.row.confidence for m in merged] == [0.95]
        assert merged[0].province == "四川"

    def test_a_row_that_was_read_outweighs_one_that_was_not(self) -> None:
        assert statuses(
            proof("a", [row(UNKNOWN, confidence=0.99)]), proof("b", [row(UNPAID, confidence=0.7)])
        ) == {"2022-07": UNPAID}

    def test_a_contradiction_is_unknown(self) -> None:
        assert statuses(proof("a", [row(PAID)]), proof("b", [row(UNPAID)])) == {"2022-07": UNKNOWN}

    def test_a_contradiction_printed_on_one_day_is_unknown(self) -> None:
        papers = [proof("a", [row(PAID)], "2022-12-01"), proof("b", [row(UNPAID)], "2022-12-01")]
        assert statuses(*papers) == {"2022-07": UNKNOWN}

    def test_the_paper_printed_later_counts(self) -> None:
        early, later = (
            proof("a", [row(UNPAID)], "2022-08-01"),
            proof("b", [row(PAID)], "2022-12-28"),
        )
        assert statuses(early, later) == statuses(later, early) == {"2022-07": PAID}

    def test_late_on_one_paper_is_late(self) -> None:
        assert statuses(proof("a", [row(PAID, confidence=0.99)]), proof("b", [row(LATE)])) == {
            "2022-07": LATE
        }

    def test_a_month_blank_for_one_unit_and_paid_by_another(self) -> None:
        rows = [row(UNPAID, payer="甲样例有限公司"), row(PAID, payer="乙样例有限公司")]
        merged = merge_months([proof("a", rows)])
        assert (merged[0].row.status, merged[0].row.payer) == (PAID, "乙样例有限公司")

    def test_blank_at_one_provinces_office_and_paid_at_anothers_is_paid(self) -> None:
        papers = [proof("a", [row(UNPAID)], province="河南"), proof("b", [row(PAID)])]
        merged = merge_months(papers)
        assert [(m.row.status, m.province) for m in merged] == [(PAID, "四川")]

    def test_a_row_that_names_the_payer_is_taken_before_a_slightly_surer_one(self) -> None:
        papers = [
            proof("a", [row(PAID, confidence=0.97)]),
            proof("b", [row(PAID, payer="甲样例有限公司", confidence=0.93)]),
        ]
        assert [m.row.payer for m in merge_months(papers)] == ["甲样例有限公司"]
        unsure = proof("b", [row(PAID, payer="甲样例有限公司", confidence=0.6)])
        assert [m.row.payer for m in merge_months([papers[0], unsure])] == [""]

    def test_pension_decides(self) -> None:
        rows = [row(UNPAID, insurance="失业"), row(PAID), row(PAID, "2022-08", insurance="医疗")]
        assert statuses(proof("a", rows)) == {"2022-07": PAID}

    def test_the_order_of_papers_does_not_matter(self) -> None:
        papers = [
            proof("a", [row(PAID), row(UNPAID, "2022-08")], "2022-09-01"),
            proof("b", [row(UNKNOWN), row(PAID, "2022-08")], "2022-12-01"),
            proof("c", [row(LATE, confidence=0.5), row(PAID, "2022-09")], "2022-12-01"),
        ]
        assert len({tuple(sorted(statuses(*order).items())) for order in permutations(papers)}) == 1

    def test_months_stand_in_order(self) -> None:
        rows = [row(PAID, f"2022-{m:02d}") for m in (12, 3, 7)]
        assert list(statuses(proof("a", rows))) == ["2022-03", "2022-07", "2022-12"]


class TestRepeatedPages:
    TEXT = (
        "四川省社会保险个人参保证明",
        "参保人姓名：林样例 社会保障号码：11010519491231002X",
        "打印时间：2022年12月28日",
    )

    def repeated(self, *readings: tuple[str, PageReading]) -> tuple[tuple[str, str], ...]:
        found: dict[str, MaterialReading] = {}
        for file, one in readings:
            before = found[file].pages if file in found else ()
            found[file] = MaterialReading(sha256="0", pages=(*before, one))
        return find_repeated_pages(found)

    def test_the_same_picture(self) -> None:
        assert self.repeated(("a", page(1, picture="x")), ("b", page(1, picture="x"))) == (
            ("a#1", "b#1"),
        )

    def test_the_same_text_read_a_little_differently(self) -> None:
        other = (self.TEXT[0].replace("证明", "証明"), *self.TEXT[1:])
        assert self.repeated(("a", page(1, *self.TEXT)), ("b", page(1, *other))) == (
            ("a#1", "b#1"),
        )

    def test_three_copies_are_paired_with_the_first(self) -> None:
        copies = [(f, page(1, *self.TEXT)) for f in "abc"]
        assert self.repeated(*copies) == (("a#1", "b#1"), ("a#1", "c#1"))

    @pytest.mark.parametrize("other", ["2022年12月29日", "2022年11月28日"])
    def test_another_number_is_another_page(self, other: str) -> None:
        text = (*self.TEXT[:2], f"打印时间：{other}")
        assert self.repeated(("a", page(1, *self.TEXT)), ("b", page(1, *text))) == ()

    def test_short_and_blank_pages_are_not_compared_by_text(self) -> None:
        assert self.repeated(("a", page(1, "第 1 页")), ("b", page(1, "第 1 页"))) == ()
        assert (
            self.repeated(
                ("a", page(1, picture="x", blank=True)), ("b", page(1, picture="x", blank=True))
            )
            == ()
        )

    def test_facts_hold_all_of_it(self) -> None:
        readings = {
            f: MaterialReading(sha256="0", pages=(page(1, *self.TEXT),)) for f in ("a", "b")
        }
        facts = gather_facts((proof("a", [row(PAID)]),), (), readings)
        assert facts.repeated_pages == (("a#1", "b#1"),)
        assert [m.row.status for m in facts.months] == [PAID]
