"""What papers say of a month's contribution, and amounts of money (domain facts, 2.4 and 2.7)."""

import re
from decimal import Decimal, InvalidOperation

from rapidfuzz.distance import Hamming

from extractors.folding import compact
from extractors.months import LOOKALIKES, as_digits
from pipeline.model.document import MonthStatus

PENSION, UNEMPLOYMENT, INJURY = "养老", "失业", "工伤"
MEDICAL, MATERNITY, HOUSING_FUND = "医疗", "生育", "公积金"

_INSURANCE_WORDS = (
    (HOUSING_FUND, re.compile("公积金")),
    (MEDICAL, re.compile("医疗|医保|大病")),
    (MATERNITY, re.compile("生育")),
    (PENSION, re.compile("养老")),
    (UNEMPLOYMENT, re.compile("失业")),
    (INJURY, re.compile("工伤")),
)

_SYMBOLS = {
    **dict.fromkeys(("●", "√", "✓", "✔", "☑", "是"), MonthStatus.PAID),
    **dict.fromkeys(("△", "▲", "×", "✗", "否"), MonthStatus.UNPAID),
    **dict.fromkeys(("○", "◯"), MonthStatus.UNKNOWN),
}
_REFUND = re.compile(r"退费|退款|退收|冲销|冲正|冲减")
_MARKS = ("1", "V", "v")
"""How a cell of states says `paid` besides words and signs: a code, a tick read as a letter."""
_LEAST_WORN = 4
_BLANKS = set("-－—–―/一")

_WORDS = (
    (MonthStatus.UNKNOWN, re.compile(r"转入|转出|转移|退费|退款|退收|冲销|冲正|冲减|缓缴|视同")),
    (MonthStatus.UNPAID, re.compile(r"(?:[未待应不]|尚未)补[缴交收]")),
    (MonthStatus.LATE, re.compile(r"补缴|补收|补交|补费|趸缴")),
    (
        MonthStatus.UNPAID,
        re.compile(
            r"未[实已]?[缴交到足]|未参保|未制定|欠[费缴]|中断|暂停|断缴|终止|停保|停缴|无缴费"
        ),
    ),
    (
        MonthStatus.PAID,
        re.compile(r"[已实][缴交到收]|到[账帐]|足额|正常|缴费成功|缴纳成功|成功"),
    ),
)


def insurance_of(text: str) -> str | None:
    """The insurance a text names (养老, 失业, 工伤, 医疗, 生育, 公积金), or None if none or several."""
    named = [name for name, pattern in _INSURANCE_WORDS if pattern.search(text)]
    return named[0] if len(named) == 1 else None


def status_of(text: str) -> MonthStatus | None:
    """The status that a word or sign says, or None when it says nothing of one.

    Transfers, refunds and deferrals are `unknown`: a person decides whether they count.
    """
    word = compact(text)
    if word in _SYMBOLS:
        return _SYMBOLS[word]
    return next((status for status, pattern in _WORDS if pattern.search(word)), None)


def state_of(text: str) -> MonthStatus | None:
    """The status that a cell of states says; there `1` means paid too (domain facts, 2.4)."""
    return MonthStatus.PAID if compact(text) in _MARKS else status_of(text)


_STATES = {
    **dict.fromkeys(
        ("足额缴费", "正常缴费", "正常应缴", "正常参保", "缴费成功", "缴纳成功", "已经到账", "实缴到账"),
        MonthStatus.PAID,
    ),
    **dict.fromkeys(
        ("暂停缴费", "停止缴费", "中断缴费", "终止缴费", "暂停参保", "终止参保", "尚未缴费", "应缴未缴", "尚未到账"),
        MonthStatus.UNPAID,
    ),
    **dict.fromkeys(("一次性补缴", "正常补缴", "补缴到账"), MonthStatus.LATE),
}  # fmt: skip
_CONTRARY = set("未停断欠退补缓转中暂终止无冲减趸不尚")


def worn_state_of(text: str) -> MonthStatus | None:
    """The status that a cell of states says of which one character in four or more was misread, where
    every word that it may be says the same (足颜缴费)."""
    word = compact(text)
    if len(word) < _LEAST_WORN:
        return None
    near = {s for known, s in _STATES.items() if Hamming.distance(known, word, pad=True) == 1}
    return near.pop() if len(near) == 1 else None


def is_illegible(text: str) -> bool:
    """True for a cell of which no more can be told than that nothing in it speaks against payment."""
    return not _CONTRARY & set(compact(text))


def is_refund(text: str) -> bool:
    """True when a word says that money was given back (退费, 冲销)."""
    return _REFUND.search(compact(text)) is not None


def is_dash(text: str) -> bool:
    """True for a cell in which only a dash or a stroke stands: printed, and empty."""
    word = compact(text)
    return bool(word) and set(word) <= _BLANKS


_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,4})?")


def amount_of(text: str) -> Decimal | None:
    """The amount in yuan that a cell holds, look-alikes put right; None when it is not an amount."""
    word = compact(text).strip("¥￥元").rstrip(".,")
    if sum(c.isdigit() for c in word) * 2 < len(word.replace(",", "").replace(".", "")):
        return None
    digits = as_digits(word)[0]
    if not _AMOUNT.fullmatch(digits):
        return None
    try:
        return Decimal(digits.replace(",", ""))
    except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
        return None


def is_numeric_place(text: str) -> bool:
    """True when a cell holds nothing but digits, their look-alikes and number punctuation."""
    return all(c.isdigit() or c in LOOKALIKES or c in ".,-¥￥元" for c in compact(text))


_PERSON_RATE = Decimal("0.08")


def person_share_fits(base: Decimal, person: Decimal) -> bool:
    """True when the personal part is 8 % of the base, to two cents (domain facts, section 2.7)."""
    return abs(base * _PERSON_RATE - person) <= Decimal("0.02")
