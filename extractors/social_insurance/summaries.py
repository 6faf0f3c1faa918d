"""What a paper proves when it does not list months: a range, a count, another insurance (2.5)."""

import re
from dataclasses import dataclass

from extractors.months import FoundPeriod, find_periods
from extractors.social_insurance.statuses import (
    HOUSING_FUND,
    INJURY,
    MEDICAL,
    PENSION,
    UNEMPLOYMENT,
)

_COUNTED_WORDS = re.compile(r"养老|失业|工伤|社会保险|社保")
_MEDICAL_WORDS = re.compile(r"医疗保险|医保|生育保险")
_FUND_WORDS = re.compile(r"公积金")
_COUNT = re.compile(
    r"(?:累计|实际|合计|共)?(?:缴费|缴纳|参保|缴存)?(?:年限|月数|月份数)(?:\(个?月?\))?[::]?\s*(?:共计?)?(?P<a>\d{1,3})(?!\d)"
    r"|(?:累计|共计?|连续|养老|合计)[^\d]{0,10}?(?P<b>\d{1,3})个?月(?!\d)"
    r"|缴费月份[^\d]{0,6}(?P<c>\d{1,2})\(月\)"
)
_DETAIL = re.compile(
    r"(?:\s?[)\]]\s?|\s?的|\s?期间)*(?:个人|本人|历年|社会保险|社保|基本|养老保险|职工|企业|参保|实缴|险种|缴费|缴纳)*"
    r"(?:明细|记录|情况|历年)"
)
"""Right behind a period: words that announce a list of its months. Other words between them, or the
end of its line, mean that the period is another one's (起止时间 of an insured relation)."""
_NAMED_BY = (
    (PENSION, re.compile("养老")),
    (UNEMPLOYMENT, re.compile("失业")),
    (INJURY, re.compile("工伤")),
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the text of a paper says as a whole. `detail_period` is the period of its month list."""

    insurance: str
    detail_period: FoundPeriod | None
    ranges: tuple[FoundPeriod, ...]
    count: int | None


def summarise(text: str) -> Summary:
    """The summary of a paper's whole (compact) text.

    `insurance` is 养老 when pension is named or only 社会保险 in general; 失业 or 工伤 when only that
    one is; 医疗 or 公积金 when the paper is of nothing that counts; "" when nothing is named.
    """
    periods = find_periods(text)
    detail = next(
        (p for p in periods if _DETAIL.match(text, p.end) or _heads_list(text, p)),
        None,
    )
    count = _COUNT.search(text)
    return Summary(
        insurance=_insurance(text),
        detail_period=detail,
        ranges=tuple(p for p in periods if p is not detail),
        count=int(count["a"] or count["b"] or count["c"]) if count else None,
    )


def _heads_list(text: str, period: FoundPeriod) -> bool:
    """True when the words just before the period announce a list of months."""
    return (
        re.search(
            r"(?:明细|缴费情况|缴费记录|查询(?:时段|期间|区间|范围)|时间段)[(:\s]*$",
            text[: period.start],
        )
        is not None
    )


def _insurance(text: str) -> str:
    named = [name for name, pattern in _NAMED_BY if pattern.search(text)]
    if PENSION in named:
        return PENSION
    if len(named) == 1:
        return named[0]
    if _MEDICAL_WORDS.search(text) and not named:
        return MEDICAL
    if _FUND_WORDS.search(text) and not _COUNTED_WORDS.search(text):
        return HOUSING_FUND
    return PENSION if _COUNTED_WORDS.search(text) else ""
