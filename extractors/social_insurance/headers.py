"""What the columns of a contribution table are, from the words above them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from extractors.folding import compact
from extractors.social_insurance.statuses import PENSION, UNEMPLOYMENT, insurance_of
from extractors.tables import Piece, stacks


class Role(Enum):
    """What a column holds."""

    MONTH = auto()
    YEAR = auto()
    MONTH_NUMBER = auto()
    FIRST_MONTH = auto()
    LAST_MONTH = auto()
    UNIT_NUMBER = auto()
    UNIT_NAME = auto()
    INSURANCE = auto()
    TYPE = auto()
    BASE = auto()
    UNIT_PART = auto()
    PERSON_PART = auto()
    AMOUNT = auto()
    STATUS = auto()
    ARRIVAL = auto()
    PLACE = auto()
    COUNT = auto()
    OTHER = auto()


AMOUNTS = (Role.BASE, Role.UNIT_PART, Role.PERSON_PART, Role.AMOUNT)

_WORDS: dict[Role, str] = {
    Role.MONTH: "缴费月份 缴费年月 缴费所属期 费款所属期 所属期 所属年月 所属月份 缴费期间 对应费款所属期 "
    "业务年月 年月 缴费时间 实缴月份 费款所属月 做账年月 月份",
    Role.YEAR: "年 年份 年度 缴费年度",
    Role.MONTH_NUMBER: "月",
    Role.FIRST_MONTH: "起始年月 开始年月 起始月份 缴费起始年月 起始时间 开始时间 缴费开始年月",
    Role.LAST_MONTH: "截止年月 终止年月 结束年月 截止月份 缴费截止年月 截止时间 终止时间 结束时间 缴费终止年月",
    Role.UNIT_NUMBER: "参保单位编号 单位编号 单位代码 单位编码 单位社保号 单位管理码 参保单位编码",
    Role.UNIT_NAME: "参保单位名称 单位名称 缴费单位 缴费单位名称 参保单位 工作单位 所在单位 单位",
    Role.INSURANCE: "险种类型 险种 险种名称 参保险种 保险类型 保险种类 险种类别",
    Role.TYPE: "类型 缴费类型 人员缴费类别 缴费人员类别 缴费类别 人员类别 养老类型 参保类型",
    Role.BASE: "缴费基数 月缴费基数 基数 缴费工资 申报工资 个人缴费基数 缴费工资基数 月缴费工资",
    Role.UNIT_PART: "单位缴纳 单位缴费 单位缴费金额 单位缴纳金额 单位应缴 单位实缴 单位交 单位缴 单位部分 "
    "单位缴费额 单位应缴金额 单位划转",
    Role.PERSON_PART: "个人缴纳 个人缴费 个人缴费金额 个人缴纳金额 个人应缴 个人实缴 个人交 个人缴 个人部分 "
    "个人缴费额 个人应缴金额",
    Role.AMOUNT: "缴费金额 实缴金额 月缴费额 金额 合计 应缴金额 缴费额 到账金额 实收金额",
    Role.STATUS: "缴费标志 缴费状态 缴费状况 到账情况 到账标志 状态 缴费情况 实缴标志 到账状态 缴费结果 "
    "缴纳状态 实缴状态 缴纳情况",
    Role.ARRIVAL: "实收时间 到账日期 到账时间 入账日期 实缴时间 实收日期 缴费日期 到账年月 入账时间 实缴日期",
    Role.PLACE: "参保地 缴费地 参保区县 参保经办机构 经办机构 缴费地区 参保机构 社保机构 参保地区 统筹区 "
    "参(缴)保地",
    Role.COUNT: "累计月数(个) 累计月数 月数 缴费月数 累计缴费月数 实际缴费月数",
    Role.OTHER: "备注 序号 单位缴费比例 个人缴费比例 缴费比例 比例 当前缴费状态 缴费标准 用途 滞纳金 利息",
}
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words.split()}
_UNITS = re.compile(r"\((?:元|个|月|%|单位:元)\)$")
_GROUP = re.compile(
    r"(?:\(?[一二三四五]\)?[、.]?)?(?:企业职工|城镇职工|城镇企业职工|职工|机关事业单位)?(?:基本)?"
    r"(养老|失业|工伤|医疗|生育)(?:保险)?(?:\(元\))?"
)
_INSURANCES = ("养老", "失业", "工伤", "医疗", "生育")
_GROUP_PREFIX = re.compile(r"^(?:基本)?(养老|失业|工伤|医疗|生育)(?:保险)?(?=.)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds, of which insurance ("" when of the whole row), and where."""

    role: Role
    insurance: str
    x0: float
    x1: float
    y: float
    height: float

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2


def is_group(text: str) -> bool:
    """True for a heading over several columns (养老保险), also with one character lost or misread."""
    return _GROUP.fullmatch(compact(text)) is not None or _worn_group(text) is not None


def _worn_group(text: str) -> str | None:
    """The insurance of a heading of which one character was lost or misread (老保险), or None."""
    word = compact(text)
    if not 3 <= len(word) <= 5 or word in _ROLE_OF:
        return None
    near = [n for n in _INSURANCES if Levenshtein.distance(f"{n}保险", word, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else None


def role_of(text: str) -> tuple[Role, str] | None:
    """What a header label says: the role, and the insurance it names itself ("" for none).

    One misread character in four or more is tolerated when that leaves one reading only.
    """
    word = _UNITS.sub("", compact(text)).strip(":")
    if word in _ROLE_OF:
        return _ROLE_OF[word], ""
    prefix = _GROUP_PREFIX.match(word)
    if prefix and (found := role_of(word[prefix.end() :])):
        return found[0], prefix[1]
    if len(word) < 4:
        return None
    near = {
        role for known, role in _ROLE_OF.items()
        if len(known) >= 4 and Levenshtein.distance(known, word, score_cutoff=1) <= 1
    }  # fmt: skip
    return (near.pop(), "") if len(near) == 1 else None


def split_labels(piece: Piece) -> list[Piece]:
    """A header piece cut into the labels it holds, when several cells were read as one line."""
    if role_of(piece.text) or is_group(piece.text):
        return [piece]
    parts = _segment(piece.text)
    if parts is None:
        return [piece]
    bounds = [0]
    for part in parts:
        bounds.append(bounds[-1] + len(part))
    return [piece.part(a, b) for a, b in pairwise(bounds) if piece.text[a:b].strip()]


def _segment(text: str) -> list[str] | None:
    """`text` as a row of known labels and group headings, the longest first; None if it is not."""
    if not text.strip():
        return [text] if text else []
    for end in range(len(text), 0, -1):
        head = text[:end].strip()
        if len(head) >= 2 and (compact(head) in _ROLE_OF or is_group(head)):
            rest = _segment(text[end:])
            if rest is not None:
                return [text[:end], *rest]
    return None


def columns_of(header: Sequence[Piece]) -> list[Column]:
    """The columns that the pieces of a (one- or two-row) header name, left to right."""
    pieces = [part for piece in header for part in split_labels(piece)]
    groups = sorted((p for p in pieces if is_group(p.text)), key=lambda p: p.x)
    found: list[Column] = []
    for label, stack in stacks(pieces, is_group):
        role = role_of(label)
        if role:
            found.append(_column(role, stack))
            continue
        for piece in stack:
            single = role_of(piece.text)
            if single:
                found.append(_column(single, [piece]))
    if groups and not any(_is_under(column, groups) for column in found):
        found += [
            _column((Role.AMOUNT, insurance), [g]) for g in groups if (insurance := _named(g))
        ]
        groups = []
    return _with_groups(sorted(found, key=lambda c: c.x), groups)


def _is_under(column: Column, groups: Sequence[Piece]) -> bool:
    """True when a column's label stands in a row below the group headings."""
    return column.y > max(g.y + 0.6 * g.height for g in groups)


def _named(group: Piece) -> str:
    return insurance_of(group.text) or _worn_group(group.text) or ""


def _column(role: tuple[Role, str], stack: Sequence[Piece]) -> Column:
    return Column(
        role=role[0],
        insurance=role[1],
        x0=min(p.x0 for p in stack),
        x1=max(p.x1 for p in stack),
        y=sum(p.y for p in stack) / len(stack),
        height=stack[0].height,
    )


_GROUPED = (*AMOUNTS, Role.TYPE, Role.STATUS)


def _with_groups(columns: list[Column], groups: Sequence[Piece]) -> list[Column]:
    """Columns under group headings with the insurance of their group.

    A new group begins at a 类型, or at a column whose role the group already has.
    """
    if not groups:
        return columns
    names = [_named(g) for g in groups]
    runs: list[list[int]] = []
    reach = groups[0].x0 - 2.5 * (groups[0].x1 - groups[0].x0)
    for i, column in enumerate(columns):
        inside = column.role in _GROUPED or (column.role is Role.PLACE and _is_by_group(columns))
        if not inside or column.insurance or column.x1 < reach:
            continue
        roles = {columns[j].role for j in runs[-1]} if runs else set()
        if not runs or column.role in roles or (column.role is Role.TYPE and roles):
            runs.append([])
        runs[-1].append(i)
    result = list(columns)
    for run, name in zip(runs, _names_of_runs(columns, runs, groups, names), strict=True):
        for i in run:
            result[i] = replace(columns[i], insurance=name)
    return result


def _names_of_runs(
    columns: Sequence[Column], runs: Sequence[Sequence[int]], groups: Sequence[Piece],
    names: Sequence[str],
) -> list[str]:  # fmt: skip
    """The insurance of each run of columns: by the headings in order when there are as many, else each
    heading names the run nearest to it.

    A run left of the one of 失业 whose own heading was not read is that of 养老, which comes first on
    every form.
    """
    if len(runs) == len(groups):
        return list(names)
    middles = [sum(columns[i].x for i in run) / len(run) for run in runs]
    found = [""] * len(runs)
    for group, name in zip(groups, names, strict=True):
        nearest = min(range(len(runs)), key=lambda n: abs(middles[n] - group.x), default=None)
        if nearest is not None and not found[nearest]:
            found[nearest] = name
    if len(found) > 1 and not found[0] and found[1] == UNEMPLOYMENT and PENSION not in found:
        found[0] = PENSION
    return found


def _is_by_group(columns: Sequence[Column]) -> bool:
    """True when the form prints a place in each group (浙江), not one for the whole row."""
    return sum(1 for c in columns if c.role is Role.PLACE) > 1
