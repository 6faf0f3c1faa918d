"""Names of persons, institutions and majors. Never a character class that excludes real people."""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

from extractors.folding import close_han, fold, is_han

_DASHES = "-‐‑–—"
_DOTS = "•・･‧∙⋅.．●｡。、"
_EDGE = "★☆ \t\u3000,，。.、:：;；·|_-—~～'\"`^*/\\()（）[]【】"
_NOT_A_NAME = (
    "姓名", "性别", "民族", "出生", "住址", "身份", "证件", "号码", "学校", "院校", "专业", "层次",
    "学历", "学位", "毕业", "入学", "日期", "编号", "证书", "单位", "公司", "签名", "签字", "盖章",
    "年龄", "籍贯", "研究生", "学生", "学员", "培养", "学习", "形式", "结论", "类别", "类型", "院系", "系所", "社会", "保障",
)  # fmt: skip
_CLOSED_VALUES = {"男", "女", "汉", "汉族", "毕业", "结业", "肄业", "本科", "专科", "照片"}
_FUNCTION_WORDS = "是的了着吗呢吧啊么个这那哪您"
_NUMBERED = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]")
"""The number of a clause or an item, which no name begins with."""
_FORMER = re.compile(r"[(（]?曾用名[:：]?\s*(?P<name>[^)）]+)[)）]?")
_INSTITUTION_ENDS = (
    "大学", "学院", "学校", "中学", "研究院", "研究所", "研究生院", "党校", "分校", "分院", "校区", "中心",
    "专科学校", "教育学院", "干部学院", "科学院", "工程院", "进修学校", "电大", "部", "所", "院", "校",
)  # fmt: skip
_BRACKETS = str.maketrans("()", "（）")
_ORIGIN = re.compile(r"系.{2,}人$")
"""Older papers go on with where their holder comes from: 系四川省成都市人."""


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified characters: names of schools in calligraphy are the same schools."""
    return str(_converter().convert(text))


def clean_name(text: str) -> str:
    """A person's name as it would be typed: dots as U+00B7, no inner spaces between ideographs."""
    text = fold(text)
    text = text.strip(_EDGE)
    text = "".join("·" if _is_dot(text, i) else c for i, c in enumerate(text))
    text = re.sub(r"\s*·[\s·]*", "·", text)
    return close_han(unicodedata.normalize("NFC", text)).strip(_EDGE)


def _is_dot(text: str, position: int) -> bool:
    """True for a dot in any of its forms, also for a dash between ideographs, where no name has one."""
    if text[position] in _DASHES:
        around = text[:position].rstrip()[-1:], text[position + 1 :].lstrip()[:1]
        return all(c and is_han(c) for c in around)
    return text[position] in _DOTS and _between_letters(text, position)


def _between_letters(text: str, position: int) -> bool:
    before, after = text[:position].rstrip(), text[position + 1 :].lstrip()
    return bool(before and after) and _is_letter(before[-1]) and _is_letter(after[0])


def _is_letter(character: str) -> bool:
    return is_han(character) or unicodedata.category(character)[0] in "LM"


def parse_name(text: str) -> str | None:
    """The name, or None when the text cannot be a person's name (digits, label words, masked).

    Takes any script and length from 2 characters up: dotted names, Ext-A/B ideographs, 〇,
    private-use characters, Latin names.
    """
    if _NUMBERED.match(text.strip()):
        return None
    name = clean_name(text)
    if not 2 <= len(name) <= 50 or name in _CLOSED_VALUES or any(w in name for w in _NOT_A_NAME):
        return None
    if not all(_is_letter(c) or c in "· -'" for c in name) or _ORIGIN.search(name):
        return None
    return name if sum(1 for c in name if _is_letter(c)) >= 2 else None


def is_plausible_name(name: str) -> bool:
    """False when the name holds a word that nobody is named by (是, 的 …): a look-alike was read."""
    return not any(character in _FUNCTION_WORDS for character in name)


def split_former_name(text: str) -> tuple[str, str | None]:
    """The text without a bracketed `(曾用名…)`, and that former name."""
    found = _FORMER.search(text)
    if not found:
        return text, None
    return text[: found.start()] + text[found.end() :], clean_name(found["name"])


def parse_institution(text: str) -> str | None:
    """The institution's name as printed, brackets full-width, or None when it cannot be one."""
    name = close_han(fold(text).strip(" \t,.:;·|_-—~*'\"。、，"))
    if any(is_han(c) for c in name):
        name = name.translate(_BRACKETS)
    name = re.sub(r"^（[^（）]{2,}）(?=.{4})", "", name)
    if not 4 <= len(name) <= 100 or re.search(r"[0-9]{3,}|[:;。]", name):
        return None
    return name if sum(1 for c in name if _is_letter(c)) >= len(name) * 0.7 else None


def ends_like_institution(name: str) -> bool:
    """True when the name ends in a word that institutions end in (大学, 学院, 学校 …)."""
    return re.sub(r"（[^）]*）$", "", name).endswith(_INSTITUTION_ENDS)


def parse_major(text: str) -> str | None:
    """The major as printed (brackets full-width, without its code or a trailing 专业), or None."""
    name = close_han(fold(text).strip(" \t,.:;·|_-—~*'\"。、，"))
    if any(is_han(c) for c in name):
        name = name.translate(_BRACKETS)
    name = re.sub(r"^(?:0(?![0-9])|[0-9]{4,8}[A-Z]{0,2})(?=[^0-9A-Z])", "", name)
    name = re.sub(r"(?<=.{2})专业$", "", name)
    name = re.sub(r"^[（]*专业[）]*[:：]", "", name)
    if not 2 <= len(name) <= 60 or re.search(r"[:;。]|[0-9]{7,}", name) or name in _CLOSED_VALUES:
        return None
    return name if sum(1 for c in name if _is_letter(c)) >= len(name) * 0.6 else None
