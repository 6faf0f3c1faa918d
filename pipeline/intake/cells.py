"""What a person types into a cell, as the contract's values.

Every function takes a `Cell` and returns the value, or raises `ValueError` with a Chinese message
that says what is the matter and what to do. None guesses: what could mean two things is refused.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.model.values import Month, PartialDate

BLANKS = frozenset({"", "无", "暂无", "/", "\\", "-", "--", "—", "——", "空", "n/a", "null", "none"})

ERROR_VALUES = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?(?:[ T]00:00(?::00)?)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_EXACT_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `shows_day` is false for a spreadsheet date that its format shows as a month.

    `is_typed`: the cell is known to hold text as it was typed (a text cell of a spreadsheet); in a
    CSV nobody can tell.
    """

    value: str | int | float | date | None
    shows_day: bool = True
    is_typed: bool = False

    @property
    def text(self) -> str:
        """The cell as text, composed, without the marks that force a spreadsheet to keep text."""
        if self.value is None:
            return ""
        text = unicodedata.normalize("NFC", str(self.value)).strip()
        if text.startswith('="') and text.endswith('"'):
            text = text[2:-1]
        return text.removeprefix("'").removeprefix("`").strip()

    @property
    def is_blank(self) -> bool:
        return self.text.lower() in BLANKS


def parse_text(cell: Cell) -> str:
    """Free text, as it stands."""
    if isinstance(cell.value, float):
        raise ValueError("应为文字，单元格里却是小数。请把单元格设为文本格式后重新填写。")
    return cell.text


def parse_number(cell: Cell) -> str:
    """An identity or certificate number, without spaces; the letters in capitals.

    A spreadsheet keeps 15 digits of a number and shows the rest as zeros: what went through that is
    lost, and is refused.
    """
    lost = "被表格软件当作数字处理，可能已丢失位数。请把该列设为文本格式，按原件重新填写。"
    if isinstance(cell.value, float):
        raise ValueError(f"号码{lost}")
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell.text)).upper()
    if isinstance(cell.value, int) and len(text) > _EXACT_DIGITS:
        raise ValueError(f"号码{lost}")
    if _SCIENTIFIC.fullmatch(text) or re.fullmatch(r"\d+\.\d*", text):
        raise ValueError(f"号码{lost}")
    return text


def parse_dossier_id(cell: Cell) -> str:
    """A dossier id: text as it stands, or a whole number."""
    if isinstance(cell.value, float):
        raise ValueError("编号被表格软件当作小数处理。请把该列设为文本格式，重新填写。")
    return cell.text


def parse_id_number(cell: Cell) -> str:
    """An ID number. One that ends in 000 and fails its check digit has lost its last three digits."""
    text = parse_number(cell)
    if len(text) == 18 and text.isdecimal() and text.endswith("000") and not _checks(text):
        raise ValueError(
            "号码末三位为 000 且校验位不符，可能被表格软件丢失了位数。请设为文本格式，按原件重新填写。"
        )
    return text


def _checks(number: str) -> bool:
    """ISO 7064 MOD 11-2, as GB 11643 uses it."""
    return sum(int(digit) << (17 - i) for i, digit in enumerate(number)) % 11 == 1


def may_have_lost_digits(cell: Cell) -> bool:
    """Whether a long certificate number out of a CSV ends in the zeros that a spreadsheet leaves.

    One number in a thousand ends so by right: worth a look, no error.
    """
    text = re.sub(r"\s", "", cell.text)
    return not cell.is_typed and len(text) > _EXACT_DIGITS and text.endswith("000")


def parse_partial_date(cell: Cell) -> PartialDate:
    """A date, with or without its day."""
    if isinstance(cell.value, date):
        day = cell.value.day if cell.shows_day else None
        return _checked_date(cell.value.year, cell.value.month, day)
    if isinstance(cell.value, float):
        raise ValueError("日期被表格软件当作小数处理，2019.10 与 2019.1 无法区分。请写成 2019-10。")
    text = unicodedata.normalize("NFKC", cell.text).replace(" 00:00:00", "")
    text = re.sub(r"\s", "", text)
    if re.fullmatch(r"\d{4}\.1", text) and not cell.is_typed:
        raise ValueError("日期可能是 1 月，也可能是丢了末位 0 的 10 月。请写成 2019-10 的形式。")
    match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        raise ValueError("日期写法无法识别。请写成 2019-06-30 或 2019-06。")
    return _checked_date(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)


def _checked_date(year: int, month: int, day: int | None) -> PartialDate:
    try:
        return PartialDate.of(year, month, day)
    except ValueError as error:
        raise ValueError("没有这一天，或年份不在 1900–2199 之间。请按原件核对日期。") from error


def parse_date(cell: Cell) -> str:
    """A whole date."""
    found = parse_partial_date(cell)
    if not found.has_day:
        raise ValueError("日期缺少“日”。请写成 2023-01-10。")
    return found


def parse_month(cell: Cell) -> Month:
    """A month; of a whole date, its month."""
    return parse_partial_date(cell).month


def parse_gender(cell: Cell) -> str:
    return _chosen(cell, {"男": "男", "女": "女", "男性": "男", "女性": "女"}, "男、女")


def parse_channel(cell: Cell) -> str:
    return _chosen(cell, _CHANNELS, "省级、地方（或 provincial、local）")


def parse_title_level(cell: Cell) -> str:
    """初级 is refused: it names two levels (员级, 助理级)."""
    return _chosen(cell, _TITLE_LEVELS, "员级、助理级、中级")


def parse_status(cell: Cell) -> str:
    return _chosen(
        cell, _STATUSES, "在职、劳务派遣、自由职业（或 employed、dispatched、freelance）"
    )


def parse_education_level(cell: Cell) -> str:
    """研究生 (master or doctor?) and 双学位 (which of two things?) are refused."""
    return _chosen(
        cell, _EDUCATION_LEVELS, "中专、大学专科、大学本科、第二学士学位、硕士研究生、博士研究生"
    )


def parse_degree(cell: Cell) -> str:
    """A degree, also where its field is written before it (工学学士)."""
    text = unicodedata.normalize("NFKC", cell.text).removesuffix("学位").removesuffix("专业")
    for degree in ("学士", "硕士", "博士"):
        if text.endswith(degree) and text.removesuffix(degree) not in ("副", "双", "名誉", "荣誉"):
            return degree
    raise ValueError(
        f"{_shown(cell)}不是可以识别的学位，只能填：学士、硕士、博士；没有学位的留空。"
    )


def parse_yes(cell: Cell) -> bool:
    return _chosen(cell, {"是": "1", "否": "", "true": "1", "false": ""}, "是、否") == "1"


def parse_names(cell: Cell) -> tuple[str, ...]:
    """Several names, parted by 、 or a comma or a semicolon; never by a middle dot or a space."""
    return tuple(part.strip() for part in re.split(r"[、，,；;]", cell.text) if part.strip())


def _chosen(cell: Cell, words: Mapping[str, str], allowed: str) -> str:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", cell.text)).lower()
    if text not in words:
        raise ValueError(f"{_shown(cell)}不在可填的范围内，只能填：{allowed}。")
    return words[text]


def _shown(cell: Cell) -> str:
    """The cell in quotes; a long one may be another column's personal data and is not repeated."""
    return f"“{cell.text}”" if len(cell.text) <= 8 else "所填内容"


_CHANNELS = {
    "provincial": "provincial",
    "省级": "provincial",
    "省级通道": "provincial",
    "省网信系统": "provincial",
    "local": "local",
    "地方": "local",
    "地方通道": "local",
    "市州": "local",
    "市(州)": "local",
    "属地": "local",
}
_TITLE_LEVELS = {
    "员级": "员级",
    "技术员": "员级",
    "助理级": "助理级",
    "助理": "助理级",
    "助理工程师": "助理级",
    "中级": "中级",
    "工程师": "中级",
}
_STATUSES = {
    "employed": "employed",
    "在职": "employed",
    "在职人员": "employed",
    "dispatched": "dispatched",
    "劳务派遣": "dispatched",
    "派遣": "dispatched",
    "劳务派遣人员": "dispatched",
    "freelance": "freelance",
    "自由职业": "freelance",
    "自由职业者": "freelance",
}
_EDUCATION_LEVELS = {
    "中专": "中专",
    "中等专业学校": "中专",
    "大学专科": "大学专科",
    "专科": "大学专科",
    "大专": "大学专科",
    "专科(高职)": "大学专科",
    "大学本科": "大学本科",
    "本科": "大学本科",
    "专升本": "大学本科",
    "第二学士学位": "第二学士学位",
    "第二学士": "第二学士学位",
    "硕士研究生": "硕士研究生",
    "硕士": "硕士研究生",
    "博士研究生": "博士研究生",
    "博士": "博士研究生",
}
