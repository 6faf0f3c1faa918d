"""Schools: campuses, historical names, independent colleges, foreign names in brackets."""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from validators.matching.characters import differs_only_in_lookalikes, fold, simplified
from validators.matching.verdict import SAME, Verdict, alias, different, doubtful, lookalike

_BRACKETS = str.maketrans("〔【[（]】〕）", "(((())))")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_TAIL = re.compile(
    r"(?<=大学|学院)(?:研究生院|研究生部|教务处|继续教育学院|网络教育学院|成人教育学院)$"
)
_CAMPUS = re.compile(r"(?:校区|学区|校部|本部)$")


def compare_institutions(
    declared: str, observed: str, renamed: Iterable[Sequence[str]] = ()
) -> Verdict:
    """How the school on a paper stands to the declared one.

    `renamed` holds, per school, the names it has borne.
    """
    want, seen = _fold(declared), _fold(observed)
    if want == seen:
        return SAME
    bare_want, bare_seen = _without_brackets(want), _without_brackets(seen)
    if bare_want == bare_seen:
        return _brackets(want, seen)
    if any(bare_want in names and bare_seen in names for names in renamed):
        return doubtful("两个校名为同一学校先后使用的名称")
    if _TAIL.sub("", bare_want) == _TAIL.sub("", bare_seen):
        return alias("仅多写或少写了校内办学单位")
    if simplified(bare_want) == simplified(bare_seen):
        return alias("仅繁简写法不同")
    if differs_only_in_lookalikes(bare_want, bare_seen):
        return lookalike("仅形近字不同，可能是读取所致")
    short, long = sorted((bare_want, bare_seen), key=len)
    if len(short) >= 4 and long.startswith(short):
        return _prefixed(short, long)
    return different(f"校名相似度{round(fuzz.ratio(bare_want, bare_seen))}%")


def _fold(name: str) -> str:
    return fold(name).upper().translate(_BRACKETS)


def _without_brackets(name: str) -> str:
    bare = _BRACKETED.sub("", name)
    return bare or name


def _brackets(want: str, seen: str) -> Verdict:
    inside = [*_BRACKETED.findall(want), *_BRACKETED.findall(seen)]
    if all(_CAMPUS.search(text) or text.isascii() for text in inside):
        return alias("仅校区或外文名的括注不同")
    return doubtful("括注不同，可能是不同的校区或分校")


def _prefixed(short: str, long: str) -> Verdict:
    if not short.endswith(("大学", "学院", "学校")):
        return doubtful("一方的校名不完整，可能被截断")
    rest = long[len(short) :]
    if _CAMPUS.search(rest):
        return alias("仅多写或少写了校区")
    if rest.endswith("学院"):
        return doubtful("一方多出学院名称，可能是独立学院，也可能是校内学院")
    return doubtful("一方的校名多出一段，需核对")
