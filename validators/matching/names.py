"""Personal names: dots, spaces, rare characters, placeholders, former names."""

from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from validators.matching.characters import (
    DOTS,
    differing,
    fold,
    is_placeholder,
    is_rare,
    look_alike,
    simplified,
)
from validators.matching.verdict import SAME, Verdict, alias, different, doubtful

_LABELS = frozenset(
    [
        "姓名",
        "性别",
        "民族",
        "出生",
        "出生日期",
        "住址",
        "身份证",
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "证件号码",
        "社会保障号码",
        "参保人",
        "参保人姓名",
        "单位",
        "学历",
        "学位",
        "专业",
        "层次",
        "毕业",
        "院校",
        "学校名称",
        "证书编号",
        "甲方",
        "乙方",
        "劳动者",
        "签字",
        "盖章",
        "同志",
        "先生",
        "女士",
    ]
)


def fold_name(name: str) -> str:
    """The name with one kind of dot, no spaces, one width, capitals for Latin letters."""
    return "".join("·" if c in DOTS else c for c in fold(name)).strip("·").upper()


def compare_names(declared: str, observed: str, former_names: Iterable[str] = ()) -> Verdict:
    """How the name on a paper stands to the declared one."""
    want, seen = fold_name(declared), fold_name(observed)
    if want == seen:
        return SAME
    if want.replace("·", "") == seen.replace("·", ""):
        return alias("仅间隔符写法不同")
    if not seen or seen in _LABELS:
        return doubtful("读出的内容像是栏目名称，不是姓名")
    if any(fold_name(name) == seen for name in former_names):
        return doubtful("与申报的曾用名相同，需查看曾用名证明")
    if simplified(want) == simplified(seen):
        return doubtful("仅繁简或异体写法不同")
    return _unequal(want.replace("·", ""), seen.replace("·", ""))


def _unequal(want: str, seen: str) -> Verdict:
    parts = differing(want, seen)
    if all(_is_masked(a, b) for a, b in parts) and len(want) == len(seen):
        return doubtful("部分字符被遮盖或未能显示，其余相同")
    if all(_rare_on_either_side(a, b) for a, b in parts):
        return doubtful("差异处为生僻字，可能是系统替代或读取所致")
    if all(len(a) == len(b) and _all_look_alike(a, b) for a, b in parts):
        return doubtful("差异处为形近字，可能是读取所致")
    distance = Levenshtein.distance(want, seen)
    return different(f"{max(len(want), len(seen))}字中有{distance}处不同")


def _is_masked(one: str, other: str) -> bool:
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(is_placeholder(a) or is_placeholder(b) for a, b in pairs)


def _rare_on_either_side(one: str, other: str) -> bool:
    """Both sides as long, or one character lost, and every difference touches a rare character."""
    if abs(len(one) - len(other)) > 1 and not all(is_rare(c) or c == "?" for c in one + other):
        return False
    if len(one) == len(other):
        return all(is_rare(a) or is_rare(b) for a, b in zip(one, other, strict=True))
    return any(is_rare(c) or is_placeholder(c) for c in one + other)


def _all_look_alike(one: str, other: str) -> bool:
    return all(look_alike(a, b) for a, b in zip(one, other, strict=True))
