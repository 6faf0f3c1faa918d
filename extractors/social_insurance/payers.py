"""Names of the paying units: the Sichuan form and its kin print only unit numbers in the rows and
say in a note which number is which unit (domain facts, section 2.1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from extractors.employers import (
    ends_like_employer,
    even_brackets,
    with_whole_form,
    without_stray_end,
)
from extractors.months import LOOKALIKES, as_digits, fold_width
from extractors.unit_words import with_known_places

_ANCHOR = re.compile(r"对应的?单位(?:名称|明细)(?:如下|为)?|单位编号对应|单位名称为")
_END = re.compile(
    r"(?<!\d)[2２二][.．、,，]\s*(?:本证明|本表|该证明|此证明|本凭证)|本证明采用|打印时间|打印日期"
)
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z(（〔\[])[0-9{re.escape(''.join(LOOKALIKES))}]{{6,20}}(?![0-9A-Za-z])"
)
_LABELLED_PAIR = re.compile(
    r"单位编号[:]?(?P<number>\d{6,20})[,;、]?(?:对应)?(?:的)?单位名称[:为]?"
    r"(?P<name>[^,;。\d]{4,60}?)(?=[,;。\d]|单位编号|打印|$)"
)
_BRACKETED_PAIR = re.compile(
    r"(?P<name>[^,;:。0-9]{4,80}(?:公司|中心|院|所|学校|大学|局|厅|部|会|厂|行|社|处)(?:\([^()0-9]{1,10}\))?)"
    r"\((?P<number>\d{6,20})\)"
)
_CELL_WORDS = re.compile(
    r"参保缴费|暂停缴费(?:\(中断\))?|正常(?:参保|缴费)?|终止参保|未参保|中断|单位编号\)*|参保单位|"
    r"(?:养老|失业|工伤|医疗|生育)保险|参保状态|险种"
)
_EDGES = " \t\r\n,，、;；。.:：“”\"'‘’★☆*"
_CODE_SUFFIX = re.compile(r"[（(〔\[]\s*[0-9A-Z]{6,20}\s*[)）〕\]]\s*$")
_ALONE = re.compile(r"灵活就业(?:人员)?(?:\s?[(（][^()（）]{1,12}[)）])?")
"""Who pays alone, in place of a unit: what follows the bracket is none of it."""
_LABEL_BEHIND = re.compile(r"(?:授权|验证|校验|查验|防伪)码$|(?:打印|出具|查询|制表)(?:时间|日期)$")
"""A label that stood behind the name without a full stop between."""
_SEAL_LETTERS = re.compile(r"(?<=公司)[0-9A-Za-z]{1,2}$")
"""What a piece of a seal beside the name was taken for."""
_LABEL = re.compile(r"^(?:参保|缴费|所属|工作)?单位(?:名称?|全称)?[:：]?(?=.{4})")
"""A unit's own label that was read as one with its name (also cut short)."""
_ENOUGH_DIGITS, _MOST_LOST = 8, 3
"""A number of which the last digits were not seen is told by so many, where so few are missing."""
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Payer:
    """A paying unit: its number at the insurer and its name. `start`, `end`: where the name stands."""

    number: str
    name: str
    start: int
    end: int


def find_payers(text: str, printed: str | None = None) -> tuple[Payer, ...]:
    """The `number: name` pairs of the note, in order; line breaks may fall anywhere.

    `text` is the whole paper, page after page; `printed` the same, character by character, before
    widths were folded. Empty when there is no such note.
    """
    for anchor in _ANCHOR.finditer(_without_breaks(text)[0]):
        found = _pairs(text, printed, anchor.end())
        if found:
            return found
    return _labelled_pairs(text, printed) or _bracketed_pairs(text, printed)


def more_prints(text: str, printed: str | None, payers: Sequence[Payer]) -> tuple[Payer, ...]:
    """Other prints of the units that `payers` give, each with its number behind it or labelled."""
    numbers = {payer.number for payer in payers}
    others = (*_labelled_pairs(text, printed), *_bracketed_pairs(text, printed))
    apart = [o for o in others if all(o.end <= p.start or p.end <= o.start for p in payers)]
    return tuple(other for other in apart if other.number in numbers)


def _bracketed_pairs(text: str, printed_text: str | None) -> tuple[Payer, ...]:
    """Units of a summary that prints each as `name（number）` (浙江).

    Words of the cell before may stand right before the name: it begins behind the last of them.
    """
    compact, places = _without_breaks(text)
    payers = []
    for match in _BRACKETED_PAIR.finditer(compact):
        start = match.start("name")
        before = [m.end() for m in _CELL_WORDS.finditer(match["name"])]
        start += max(before, default=0)
        name = compact[start : match.end("name")]
        if len(_HAN.findall(name)) >= 4 and ends_like_employer(name):
            first, after = places[start], places[match.end("name") - 1] + 1
            printed = "".join((printed_text or text)[first:after].split())
            payers.append(
                Payer(as_digits(match["number"])[0], clean_unit_name(printed), first, after)
            )
    return tuple(payers)


def _labelled_pairs(text: str, printed_text: str | None) -> tuple[Payer, ...]:
    """Pairs in which each number and each name has its own label (深圳)."""
    compact, places = _without_breaks(text)
    payers = []
    for match in _LABELLED_PAIR.finditer(compact):
        name, start = _trimmed(compact, *match.span("name"))
        if len(_HAN.findall(name)) >= 2:
            first, after = places[start], places[start + len(name) - 1] + 1
            printed = "".join((printed_text or text)[first:after].split())
            payers.append(
                Payer(as_digits(match["number"])[0], clean_unit_name(printed), first, after)
            )
    return tuple(payers)


def _pairs(text: str, printed_text: str | None, anchor_end: int) -> tuple[Payer, ...]:
    compact, places = _without_breaks(text)
    end = _END.search(compact, anchor_end)
    stop = end.start() if end else len(compact)
    numbers = [
        m for m in _NUMBER.finditer(compact, anchor_end, stop) if sum(map(str.isdigit, m[0])) >= 5
    ]
    payers = []
    for i, match in enumerate(numbers):
        limit = numbers[i + 1].start() if i + 1 < len(numbers) else stop
        sentence = compact.find("。", match.end(), limit)
        ends = _at_next_label(compact, match.end(), sentence if sentence >= 0 else limit)
        name, start = _trimmed(compact, match.end(), ends)
        if len(_HAN.findall(name)) >= 2:
            last = start + len(name) - 1
            digits = as_digits(match[0])[0]
            first, after = places[start], places[last] + 1
            printed = "".join((printed_text or text)[first:after].split())
            payers.append(Payer(digits, clean_unit_name(printed), first, after))
        if sentence >= 0:
            break
    return tuple(payers)


def _at_next_label(text: str, start: int, end: int) -> int:
    """Where the label behind a unit's name begins (or, where it is not known, ends) that follows it
    without a full stop (…有限公司授权码:); the end where there is none."""
    while start < end and text[start] in _EDGES:
        start += 1
    colon = text.find(":", start, end)
    label = _LABEL_BEHIND.search(text, start, colon) if colon >= 0 else None
    return label.start() if label else colon if colon >= 0 else end


def _without_breaks(text: str) -> tuple[str, list[int]]:
    """`text` half-width and without white space, and where each of its characters stood."""
    places = [i for i, c in enumerate(text) if not c.isspace()]
    return fold_width("".join(text[i] for i in places)).replace("，", ","), places


def _trimmed(text: str, start: int, end: int) -> tuple[str, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return text[start:end], start


def clean_unit_name(name: str) -> str:
    """A unit's name without the number that some forms print behind it; its brackets as printed,
    full-width where a reading mixes both."""
    alone = _ALONE.match(name)
    if alone:
        return even_brackets(alone[0])
    bare = _SEAL_LETTERS.sub("", _LABEL.sub("", _CODE_SUFFIX.sub("", name).strip(_EDGES)))
    return _with_place(with_whole_form(without_stray_end(even_brackets(bare))))


def _with_place(name: str) -> str:
    """The name with a misread place in it put right, its brackets as they were."""
    folded = fold_width(name)
    placed = with_known_places(folded)
    return "".join(a if b == c else c for a, b, c in zip(name, folded, placed, strict=True))


def payer_of(number: str, payers: Sequence[Payer]) -> Payer | None:
    """The unit that a row's number means: the same number, the only one that begins with what was read
    of it, or the only one a single digit away when no two units of the note are that near each other.
    None when that does not settle it."""
    digits = as_digits(re.sub(r"\s", "", number))[0]
    exact = next((p for p in payers if p.number == digits), None)
    if exact or not digits:
        return exact
    if len(digits) >= _ENOUGH_DIGITS:
        begun = [p for p in payers if p.number.startswith(digits)]
        if len({p.number for p in begun}) == 1 and len(begun[0].number) - len(digits) <= _MOST_LOST:
            return begun[0]
    near = {p.name: p for p in payers if Levenshtein.distance(p.number, digits) <= 1}
    close_pair = any(
        a.name != b.name and Levenshtein.distance(a.number, b.number) <= 2
        for a in payers
        for b in payers
    )
    return next(iter(near.values())) if len(near) == 1 and not close_pair else None
