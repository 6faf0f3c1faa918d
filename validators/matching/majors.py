"""Majors: the same major differently written, and how near one is to network security."""

import re
from collections.abc import Iterable
from enum import StrEnum

from rapidfuzz import fuzz

from validators.matching.characters import differs_only_in_lookalikes, fold, simplified
from validators.matching.verdict import SAME, Verdict, alias, different, doubtful, lookalike

_BRACKETS = str.maketrans("〔【[（]】〕）", "(((())))")
_BRACKETED = re.compile(r"\([^()]*\)")
_CODE = re.compile(r"^\d{4,6}[A-Z]{0,2}")


class MajorTier(StrEnum):
    """How near a major is to the field; advisory."""

    MATCHING = "相符"
    CLOSE = "相近"
    OTHER = "其他"


def fold_major(major: str) -> str:
    """The major without code, bracketed direction, or the word 专业."""
    text = _CODE.sub("", fold(major).upper().translate(_BRACKETS))
    bare = _BRACKETED.sub("", text) or text
    return bare.removesuffix("专业")


def compare_majors(declared: str, observed: str) -> Verdict:
    """How the major on a paper stands to the declared one."""
    if fold(declared) == fold(observed):
        return SAME
    want, seen = fold_major(declared), fold_major(observed)
    if want == seen:
        return alias("仅括注、代码或“专业”二字不同")
    if simplified(want) == simplified(seen):
        return alias("仅繁简写法不同")
    if differs_only_in_lookalikes(want, seen):
        return lookalike("仅形近字不同，可能是读取所致")
    short, long = sorted((want, seen), key=len)
    if len(short) >= 3 and short in long:
        return doubtful("一方包含另一方，可能是方向或简称")
    return different(f"专业名称相似度{round(fuzz.ratio(want, seen))}%")


def major_tier(
    major: str,
    matching: Iterable[str],
    close: Iterable[str],
    *,
    matching_words: Iterable[str] = (),
    close_words: Iterable[str] = (),
) -> MajorTier:
    """The tier of a major: named in a list, holding a listed word, or with a listed direction."""
    bare = fold_major(major)
    inside = fold(major).translate(_BRACKETS)
    near = list(matching)
    if bare in near or any(f"({name}" in inside for name in near):
        return MajorTier.MATCHING
    if any(word in inside for word in matching_words):
        return MajorTier.MATCHING
    if bare in set(close) or any(word in bare for word in close_words):
        return MajorTier.CLOSE
    return MajorTier.OTHER
