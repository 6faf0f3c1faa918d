"""Screens that list months as cards or lines (`2022年11月 已缴费`), of wallets and apps (2.3)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

from extractors.confidence import Grammar, field_confidence
from extractors.dates import parse_date
from extractors.employers import clean_employer, ends_like_employer, parse_employer
from extractors.folding import compact
from extractors.layout import rows_of, text_lines
from extractors.months import find_months, find_periods, read_month_number
from extractors.social_insurance.headers import Role, role_of
from extractors.social_insurance.monthkeys import is_years_off
from extractors.social_insurance.namesakes import (
    DOUBTED_NAME,
    MENDED,
    PrintedName,
    elected_names,
)
from extractors.social_insurance.payers import clean_unit_name
from extractors.social_insurance.rows import COUNTED, DOUBT, LATE_AFTER_MONTHS, PAYER_DOUBTED
from extractors.social_insurance.statuses import (
    MEDICAL,
    PENSION,
    amount_of,
    insurance_of,
    status_of,
)
from extractors.social_insurance.words import spaced_run
from extractors.textrun import TextRun
from extractors.unit_names import UNSURE
from pipeline.model.document import ContributionMonth, Evidence, MonthStatus
from pipeline.model.reading import PageReading, join_rects
from pipeline.model.values import Month

_NO_ANCHOR = re.compile(
    r"打印|查询(?:时间|日期)|更新|截[至止]|出生|首次|参保(?:日期|时间)|有效期|累计|起始|开始|终止|结束|参工|参加工作|到账|实收|入账|发布|共\d|建账"
)
_INSURANCE = re.compile(r"(?:企业职工|城镇职工)?(?:基本)?(?:养老|失业|工伤)(?:保险)?")
_YEAR = re.compile(r"((?:19|20)\d{2})年(?:度)?(?![\d一二三四五六七八九十])")
_MONTH_HEAD = re.compile(r"\s*(?:19|20)\d{2}\s?[-年./]?\s?(?:1[0-2]|0?[1-9])(?!\d)\s?月?份?")
_MONTH_START = re.compile(r"(\d{1,2})月(?:份)?(?!\d)")
_SELF = "灵活就业"
_UNIT = re.compile(
    r"(?:参保单位名称|单位名称|缴费单位(?:名称)?|参保单位|所属单位|工作单位|单位(?=[::\s]))"
    r"(?!编号|代码|缴|部分|应|实)[::]?\s*(?P<value>[^\d¥.]{4,})"
)
_BASE = re.compile(r"(?:月?缴费基数|基数|缴费工资)[^\d]{0,4}(?P<value>[\d,.]+)")
_PLACE = re.compile(r"(?:参保地|缴费地|参保机构|经办机构|参保区县)[::]?\s*(?P<value>.{2,})")
_ARRIVAL = re.compile(
    r"(?:到[账帐](?:日期|时间)|实收(?:时间|日期)|入[账帐](?:日期|时间)|缴费日期)[::]?\s*(?P<value>.+)"
)
_PAYMENT = re.compile(
    r"(?:个人|单位|实缴|缴费|到账|实收|月缴)(?:缴纳|缴费|应缴|实缴|部分|交|缴)?(?:金额|额)?[::\s¥为]*(?P<value>-?[\d,]+\.\d{2})"
)
_LABELLED = re.compile(
    r"(?:编号|名称|基数|金额|日期|时间|状态|标志|险种|类型|参保地|机构|月份)[::]?"
)
_FOOT = re.compile(
    r"温馨提示|说明:|注:|没有更多|已经到底|到底了|返回|打印时间|查询时间|查看更多|加载更多"
)
_HALF_PERIOD = re.compile(r"\d\s*月?(?:份)?\s*(?:至|到|-|—|~|～)$")
"""A row that ends with the first half of a period, which the next row goes on with; a lone dash in
place of a value (`实收时间 —`) is no such half."""
_LONGEST_CARD = 8
_ENOUGH_CARDS = 4
_INFERRED = 0.9
_YEARS_OFF = 60
"""Months between a card and every other one from which it is a misread year."""


@dataclass(frozen=True, slots=True, eq=False)
class _Card:
    """The rows that belong to one month; the first one names it."""

    month: Month
    rows: tuple[TextRun, ...]
    page: PageReading
    is_inferred: bool = False
    """The month is the one that the cards around it leave open."""


def months_of_cards(pages: Sequence[PageReading], insurance: str) -> list[ContributionMonth]:
    """The months of all cards, page after page. `insurance`: what the paper as a whole is of.

    A card without a status word or an amount is `unknown`; when all are, the months stand in some
    other text and there are no cards. Cards of insurances that do not count
    (生育, 公积金; 医疗 unless the paper is of nothing else) are left out.
    """
    found = [(m, card) for page in pages for card in _cards(page) for m in _months(card, insurance)]
    known = any(m.status is not MonthStatus.UNKNOWN for m, _ in found)
    return _with_elected_units(found) if known else []


def _with_elected_units(
    found: Sequence[tuple[ContributionMonth, "_Card"]],
) -> list[ContributionMonth]:
    """The months with the names of their units as all cards of one unit together have them; without a
    payer where they leave a character of it open."""
    months = [month for month, _ in found]
    prints = [(i, p) for i, (m, card) in enumerate(found) if (p := _print_of(card, m.payer))]
    for elected in elected_names([printed for _, printed in prints]):
        name = clean_unit_name(elected.text) if elected.is_settled else ""
        for i in (prints[k][0] for k in elected.prints):
            worth = MENDED if compact(name) != compact(months[i].payer) else 1.0
            worth *= DOUBTED_NAME if elected.weakest < UNSURE else 1.0
            months[i] = months[i].model_copy(
                update={"payer": name, "confidence": round(months[i].confidence * worth, 4)}
            )
    return months


def _print_of(card: "_Card", payer: str) -> PrintedName | None:
    """The payer as the card prints it; None where it stands there in pieces, or not as it was read."""
    run = TextRun.join(card.rows).compact()
    start = run.text.find(compact(payer)) if payer else -1
    return PrintedName.of_run(run[start : start + len(compact(payer))]) if start >= 0 else None


def _cards(page: PageReading) -> list[_Card]:
    rows = [spaced_run(page, row) for row in rows_of(text_lines(page))]
    cards: list[tuple[Month, list[TextRun]]] = []
    year: int | None = None
    before = ""
    for row in rows:
        heading = _YEAR.search(row.text)
        goes_on = _HALF_PERIOD.search(before) is not None
        month = None if goes_on else _anchor(row.text, year)
        before = row.text
        if heading and not _NO_ANCHOR.search(row.text):
            year = int(heading[1])
        if month is not None:
            cards.append((month, [row]))
        elif heading and len(row.text) <= 10:
            cards.append((Month.of(int(heading[1]), 1), []))
        elif cards:
            cards[-1][1].append(row)
    kept = [(month, rows) for month, rows in _without_footer(cards) if rows]
    return [
        _Card(month, tuple(rows), page, is_inferred=is_inferred)
        for month, rows, is_inferred in _with_lost_months(_in_order(kept))
    ]


def _with_lost_months(
    cards: Sequence[tuple[Month, list[TextRun]]],
) -> Iterator[tuple[Month, list[TextRun], bool]]:
    """The cards; one that holds the rows of two, the second of which begins with a status as the others
    do, is two where the run of months leaves one between (its month was not detected)."""
    usual = median(len(rows) for _, rows in cards) if cards else 0
    for i, (month, rows) in enumerate(cards):
        step = cards[i + 1][0].ordinal - month.ordinal if i + 1 < len(cards) else 0
        half = len(rows) // 2
        is_double = len(cards) >= _ENOUGH_CARDS and abs(step) == 2 and len(rows) == 2 * usual
        if is_double and status_of(_without_labels(rows[half].text)) is not None:
            yield month, rows[:half], False
            yield month.plus(step // 2), rows[half:], True
        else:
            yield month, rows, False


def _in_order(cards: Sequence[tuple[Month, list[TextRun]]]) -> list[tuple[Month, list[TextRun]]]:
    """The cards; a month that breaks the run of those around it in one digit is the one they leave
    open, and another that lies years off is left out."""
    months = [month for month, _ in cards]
    steps = [b.ordinal - a.ordinal for a, b in pairwise(months)]
    down, up = steps.count(-1), steps.count(1)
    if max(down, up) * 2 < len(steps) or len(cards) < 4:
        return list(cards)
    direction = 1 if up > down else -1
    kept: list[tuple[Month, list[TextRun]]] = []
    for i, (month, rows) in enumerate(cards):
        before = months[i - 1].plus(direction) if i else None
        after = months[i + 1].plus(-direction) if i + 1 < len(cards) else None
        is_off = all(abs(month.ordinal - m.ordinal) > _YEARS_OFF for m in months if m != month)
        ends = before if after is None else after if before is None else None
        if before == after and before is not None and _one_digit_off(month, before):
            month = before
        elif ends is not None and is_years_off(month, ends):
            month = ends
        elif is_off:
            continue
        kept.append((month, rows))
    return kept


def _one_digit_off(month: Month, expected: Month) -> bool:
    return sum(a != b for a, b in zip(month, expected, strict=True)) == 1


def _without_footer(
    cards: Sequence[tuple[Month, list[TextRun]]],
) -> list[tuple[Month, list[TextRun]]]:
    """The cards with the last one no longer than the longest before it: a footer is no card."""
    longest = max((len(rows) for _, rows in cards[:-1]), default=0) or _LONGEST_CARD
    kept: list[tuple[Month, list[TextRun]]] = []
    for month, rows in cards:
        end = next((i for i, row in enumerate(rows) if i and _FOOT.search(row.text)), len(rows))
        kept.append((month, rows[: min(end, longest)]))
    return kept


def _anchor(text: str, year: int | None) -> Month | None:
    """The month that a row opens a card for, or None."""
    if find_periods(text):
        return None
    months = find_months(text)
    if len(months) == 1:
        return months[0].month if _opens(text[: months[0].start]) else None
    start = _MONTH_START.match(text)
    number = read_month_number(start[1]) if start and not months else None
    return Month.of(year, number) if year and number else None


def _opens(before: str) -> bool:
    """True when what stands before a month leaves it the head of its row: nothing, an insurance, or
    a label of months (费款所属期)."""
    if _NO_ANCHOR.search(before):
        return False
    rest = _INSURANCE.sub("", before).strip(" :·-|")
    role = role_of(rest) if rest else None
    return not rest or (role is not None and role[0] is Role.MONTH)


def _months(card: _Card, insurance: str) -> list[ContributionMonth]:
    """The card's month of the insurance that decides: 养老 when the card names it, else the first of
    失业 and 工伤 that it names, else the paper's own."""
    by_insurance: dict[str, list[TextRun]] = {}
    shared: list[TextRun] = []
    for row in card.rows:
        named = insurance_of(row.text)
        if named:
            by_insurance.setdefault(named, []).append(row)
        else:
            shared.append(row)
    if not by_insurance:
        return (
            [_month(card, insurance, shared, card.rows)]
            if insurance in (*COUNTED, MEDICAL, "")
            else []
        )
    counted = next((name for name in COUNTED if name in by_insurance), None)
    if counted is None and insurance == MEDICAL and MEDICAL in by_insurance:
        counted = MEDICAL
    if counted is None:
        return []
    lone = len(by_insurance) == 1
    rows = [*by_insurance[counted], *shared] if lone else by_insurance[counted]
    return [_month(card, counted, rows, card.rows)]


def _month(
    card: _Card, insurance: str, rows: Sequence[TextRun], whole: Sequence[TextRun]
) -> ContributionMonth:
    status, decisive = _status(card.month, rows or whole)
    payer, unit_reading = _payer(whole)
    base = next((m["value"] for r in whole if (m := _BASE.search(r.text))), "")
    place = next((m["value"] for r in whole if (m := _PLACE.search(r.text))), "")
    reading = min(card.rows[0].confidence, decisive.confidence if decisive else 1.0)
    doubt = DOUBT if unit_reading < PAYER_DOUBTED else 1.0
    doubt *= _INFERRED if card.is_inferred else 1.0
    return ContributionMonth(
        month=card.month,
        status=status,
        payer=payer,
        base=str(amount_of(base) or ""),
        insurance=insurance or PENSION,
        place=place,
        confidence=field_confidence(reading, doubt if insurance else 0.9, Grammar.CLOSED),
        evidence=_evidence(card, whole),
    )


def _status(month: Month, rows: Sequence[TextRun]) -> tuple[MonthStatus, TextRun | None]:
    """What the rows say: a status word first, then an amount that was paid."""
    said = [(s, row) for row in rows if (s := status_of(_without_labels(row.text)))]
    late = any(_is_late(month, row.text) for row in rows)
    kinds = {s for s, _ in said}
    if MonthStatus.LATE in kinds or (late and kinds <= {MonthStatus.PAID}):
        return MonthStatus.LATE, next((r for _, r in said), rows[0])
    if len(kinds) == 1:
        return said[0]
    if len(kinds) > 1:
        return MonthStatus.UNKNOWN, said[0][1]
    for row in rows:
        payment = _PAYMENT.search(row.text)
        amount = amount_of(payment["value"]) if payment else None
        if amount is not None and amount > Decimal(0):
            return MonthStatus.PAID, row
    return MonthStatus.UNKNOWN, None


def _without_labels(text: str) -> str:
    """The row without label words that themselves hold status words (实缴金额, 实收时间)."""
    return re.sub(r"[实应已]?[缴收到][账帐费]?(?:金额|日期|时间|基数)|正常参保", "", text)


def _is_late(month: Month, text: str) -> bool:
    match = _ARRIVAL.search(text)
    date = parse_date(match["value"]) if match else None
    return date is not None and date.value.month.ordinal - month.ordinal >= LATE_AFTER_MONTHS


def _payer(rows: Sequence[TextRun]) -> tuple[str, float]:
    """The unit's name, and how well its rows were read: labelled, or a row that is nothing else; it
    goes on in the next row when it does not end as units end."""
    for i, row in enumerate(rows):
        match = row.search(_UNIT)
        if not match or not re.search(r"[㐀-鿿]{2}", match.match["value"]):
            continue
        name = _printed(match.group("value"))
        if not ends_like_employer(clean_employer(name)) and i + 1 < len(rows):
            joined = clean_employer(name + _printed(rows[i + 1]))
            carried = not _LABELLED.search(rows[i + 1].text) and ends_like_employer(joined)
            name = joined if carried else name
        return clean_unit_name(name), row.confidence
    beside = _unit_beside_month(rows[0]) if rows else ""
    if beside:
        return beside, rows[0].confidence
    for i, row in enumerate(rows[1:], start=1):
        following = _printed(rows[i + 1]) if i + 1 < len(rows) else ""
        texts = [_printed(row), *(_printed(m.group()) for m in row.finditer(r"\S+"))]
        texts += [] if status_of(row.text) else [_printed(row) + following]
        for text in texts:
            alone = parse_employer(text)
            if alone and ends_like_employer(alone) and not _LABELLED.search(text):
                return clean_unit_name(alone), row.confidence
        if row.text.startswith(_SELF):
            return _printed(row), row.confidence
    return "", 1.0


def _unit_beside_month(row: TextRun) -> str:
    """The unit that stands in the row of the month itself, behind it; who pays alone has none."""
    month = _MONTH_HEAD.match(row.text)
    if not month:
        return ""
    rest = _printed(row[month.end() :])
    if rest.startswith(_SELF):
        return rest
    alone = parse_employer(rest) if rest else None
    is_unit = alone is not None and ends_like_employer(alone) and not _LABELLED.search(rest)
    return clean_unit_name(alone) if alone and is_unit else ""


def _printed(run: TextRun) -> str:
    """The run as printed, widths unfolded, without white space."""
    return "".join(run.raw.split())


def _evidence(card: _Card, rows: Sequence[TextRun]) -> tuple[Evidence, ...]:
    """One place around the whole card."""
    slices = [s for row in rows for s in row.slices()]
    rect = join_rects(line.rect_of(a, b) for _, line, a, b in slices)
    raw = " ".join(row.raw for row in rows)
    return (Evidence(page=card.page.number, box=card.page.quad(rect), raw=raw),)
