"""Which of several printed options was chosen: a ticked box, or a number written into a blank.

The mere presence of an option's text never counts: forms print all of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

TICKED = "☑☒√✓✔■▣⊠◼◾●◉⬛"
EMPTY = "□☐◻◽▢○◯口囗"
_NUMERALS = {
    **{str(i): i for i in range(1, 10)},
    **{c: i for i, c in enumerate("一二三四五六七八九", start=1)},
    **{c: i for i, c in enumerate("①②③④⑤⑥⑦⑧⑨", start=1)},
    **{c: i for i, c in enumerate("ABCD", start=1)},
    **{c: i for i, c in enumerate("ⅠⅡⅢⅣ", start=1)},
}
_NUMBER = "[" + re.escape("".join(_NUMERALS)) + "]"
_WRITTEN = re.compile(
    rf"(?:下列|以下|下述|如下|选择|按|采用|采取|执行|符合)[^。;]{{0,8}}?第[\s_(（]*(?P<n>{_NUMBER})[\s_)）]*[种项款条类]"
)
_MARK = rf"[(（【\[]?[{TICKED}{EMPTY}][)）】\]]?|[(（]\s*[)）]"
_BEFORE = re.compile(
    rf"(?P<mark>{_MARK})?[\s_]*"
    rf"(?:[(（]?(?P<n>{_NUMBER})[)）]?[.、．,，:：)）]?)?[\s_]*(?P<late>{_MARK})?[\s_]*$"
)
_BEHIND = re.compile(
    rf"(?:劳动合同|合同|期限|劳动|的|为)*[:：]?[\s_]*(?P<mark>{_MARK})(?=[\s_]*(?:$|[,，;；。、]|[^\d.、]))"
)


@dataclass(frozen=True, slots=True)
class Option:
    """An option as printed: what it stands for, where its text begins, its number, its mark."""

    key: str
    start: int
    number: int | None
    is_ticked: bool | None
    """True or False when a box stands before it, None when none was read."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen option, and how it was told: `number`, `tick`, or `others` (all other boxes are empty)."""

    option: Option
    how: str


def find_options(text: str, patterns: Mapping[str, re.Pattern[str]]) -> tuple[Option, ...]:
    """Every printed option, in order: each place where one of the patterns matches.

    Boxes stand before their options or behind them, on one paper all alike: behind, when the first
    option has none before it and the last one has one behind it.
    """
    places = sorted(
        ((match.start(), match.end(), key) for key, pattern in patterns.items()
         for match in pattern.finditer(text)),
    )  # fmt: skip
    found = [_option(text, start, key) for start, _, key in places]
    behind = [_BEHIND.match(text, end) for _, end, _ in places]
    if found and found[0].is_ticked is None and behind[-1] is not None:
        found = [
            replace(option, is_ticked=_is_ticked(match["mark"]) if match else None)
            for option, match in zip(found, behind, strict=True)
        ]
    return tuple(found)


def _option(text: str, start: int, key: str) -> Option:
    before = _BEFORE.search(text, max(0, start - 8), start)
    mark = (before["mark"] or before["late"]) if before else None
    number = before["n"] if before else None
    return Option(
        key=key,
        start=start,
        number=_NUMERALS[number] if number else None,
        is_ticked=None if mark is None else _is_ticked(mark),
    )


def _is_ticked(mark: str) -> bool:
    return any(c in TICKED for c in mark)


def choose(text: str, options: Sequence[Option]) -> Choice | None:
    """The one option that was chosen by a tick, or else by the number in the blank before them.

    None when nothing was chosen, when the choice was not read, or when two ways disagree.
    """
    ticked = [o for o in options if o.is_ticked]
    by_tick = ticked[0] if len({o.key for o in ticked}) == 1 else None
    if len({o.key for o in ticked}) > 1:
        return None
    by_number = _by_number(text, options)
    if by_tick and by_number and by_tick.key != by_number.key:
        return None
    if by_tick:
        return Choice(by_tick, "tick")
    if by_number:
        return Choice(by_number, "number")
    by_others = _only_one_not_empty(options)
    return Choice(by_others, "others") if by_others else None


def _only_one_not_empty(options: Sequence[Option]) -> Option | None:
    """The option whose box was not read, when every other kind's box was read and is empty."""
    empty = {o.key for o in options if o.is_ticked is False}
    rest = [o for o in options if o.key not in empty]
    return rest[0] if len(empty) >= 2 and len({o.key for o in rest}) == 1 else None


def _by_number(text: str, options: Sequence[Option]) -> Option | None:
    """The option that bears the number in `第__种`; counted off when the options bear none."""
    if not options:
        return None
    written = list(_WRITTEN.finditer(text, 0, options[-1].start))
    if not written:
        return None
    number = _NUMERALS[written[-1]["n"]]
    numbered = [o for o in options if o.number == number]
    if len({o.key for o in numbered}) == 1:
        return numbered[0]
    firsts = list({o.key: o for o in reversed(options)}.values())[::-1]
    bare = all(o.number is None for o in options)
    return firsts[number - 1] if bare and number <= len(firsts) else None
