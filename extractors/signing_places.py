"""Where papers are signed: the printed words that ask for a signature, and the room they leave for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from extractors.folding import is_han
from extractors.layout import row_runs, vertical_overlap
from extractors.textrun import TextRun
from pipeline.model.reading import PageReading, Rect, join_rects

_SIGN = re.compile(r"签字|签名|签章|(?<=\()签(?![订约署发收])")
_ROLE = re.compile(
    r"(?:[甲乙丙]方|承诺人|本人|劳动者|受聘人员?|受聘方|职工|员工|申报人|申请人|负责人|代表人?|代理人|经办人|推荐人|个人|派遣人员)"
)
_BARE = re.compile(r"承诺人(?:姓名)?:")
_SELF = re.compile(r"(?:亲笔|手写)?签[字名]人?(?:\([^()]*\))?:?")
_NO_SPACE_FOR_IT = re.compile(r"[之后的或并及和盖时前日,，。;、]")
"""What follows the word in a sentence, where nobody is asked to sign."""
_STOPS = ":,，。;、"
_LONGEST = 26
_LIMIT = re.compile(
    r"(?:19|20)\d{2}|\d{1,2}月|年\d{0,2}月|[0-9]{4}|日期|时间|单位|[盖公印]章|\(章|[甲乙丙]方|联系|电话|身份证|职务|签[字名]|法定|授权"
)
"""Print that ends the room of a signature in its row."""
_HEADED = re.compile(r"[^:]{2,8}:")
_GAP = 1.2
_REACH = 10.0
"""How far a room reaches to the right where nothing is printed, in ems."""
_SLACK, _COLON = 0.1, 0.7
"""Where the room begins behind the label, in ems: a colon may stand there that was not read."""
_ABOVE, _BELOW = 0.9, 1.0
_DOWN = 3.5


@dataclass(frozen=True, slots=True, eq=False)
class PlaceToSign:
    """A printed label that asks for a signature, and its room (upright frame).

    `em` is the size of the label's print in pixels. `beside` is the room to the right of the label,
    `under` the one below it; `is_named` is false where only 承诺人： stands, which may be answered in print.
    """

    label: TextRun
    beside: Rect
    under: Rect
    em: float
    is_named: bool

    @property
    def rect(self) -> Rect:
        return join_rects(line.rect_of(a, b) for _, line, a, b in self.label.slices())


def places_to_sign(page: PageReading) -> tuple[PlaceToSign, ...]:
    """The places to sign of a page, in reading order."""
    rows = row_runs(page)
    found: list[PlaceToSign] = []
    for at, row in enumerate(rows):
        spans = list(_labels(row))
        if not spans and at >= len(rows) // 2:
            spans = [(m.start, m.end, False) for m in row.finditer(_BARE) if _begins(row, m.start)]
        found += [_place(page, row, start, end, is_named=named) for start, end, named in spans]
    return tuple(found)


def _labels(row: TextRun) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each label of the row that asks for a signature."""
    text = row.text
    done = 0
    for word in _SIGN.finditer(text):
        if word.start() < done:
            continue
        end = _end(text, word.start(), word.end())
        start = _start(row, word.start(), done)
        if end is None or not _asks(row, start, end, word[0]):
            continue
        done = end
        roles = list(_ROLE.finditer(text, start, end))
        yield (roles[0].start() if roles else start), end, True


def _end(text: str, start: int, end: int) -> int | None:
    """The end of the label whose word stands at `start:end`, its bracket and colon included."""
    opened = text.rfind("(", 0, start) > text.rfind(")", 0, start)
    if text[end : end + 1] == "人":
        end += 1
    if opened or text[end : end + 1] == "(":
        closed = text.find(")", end)
        if opened and not end <= closed <= end + 14:
            return end  # the signature stands on the bracket
        if end <= closed <= end + 14:
            end = closed + 1
    return end + 1 if text[end : end + 1] == ":" else end


def _start(row: TextRun, word: int, least: int) -> int:
    start = word
    while start > least and word - start < _LONGEST:
        if row.text[start - 1] in _STOPS or row.gap_before(start) >= _GAP:
            break
        start -= 1
    return start


def _begins(row: TextRun, at: int) -> bool:
    return at == 0 or row.gap_before(at) >= _GAP


def _asks(row: TextRun, start: int, end: int, word: str) -> bool:
    """True for the words of a form, false inside a sentence (自双方签字之日起)."""
    label = row.text[start:end]
    role = _ROLE.search(label)
    if word == "签章" and role is None:
        return False
    is_cut = re.search(rf"{_ROLE.pattern}\((?:亲笔|手写)?签[字名]?$", label) is not None
    if not label.endswith((":", ")")) and not is_cut:
        is_plain = re.fullmatch(rf"{_ROLE.pattern}?(?:亲笔|手写)?签[字名]人?", label)
        if not is_plain or (end < len(row) and row.gap_before(end) < _GAP):
            return False
    if not label.endswith(":") and _NO_SPACE_FOR_IT.match(row.text[end : end + 1]):
        return False
    return role is not None or _SELF.fullmatch(label.strip("()")) is not None


def _place(page: PageReading, row: TextRun, start: int, end: int, *, is_named: bool) -> PlaceToSign:
    label = row[start:end]
    x0, top, x1, bottom = join_rects(line.rect_of(a, b) for _, line, a, b in label.slices())
    em = _em(label)
    limit = min(x1 + _REACH * em, float(page.upright_width))
    for at in range(end, len(row)):
        is_headed = row.gap_before(at) >= _GAP and _HEADED.match(row.text, at)
        if is_headed or _LIMIT.match(row.text, at):
            limit = min(limit, row.glyphs[at].rect[0] - 0.1 * em)
            break
    begins = x1 + (_SLACK if label.text.endswith(":") else _COLON) * em
    band = (x0, top, x1, bottom)
    for rule in page.rules:
        upright = rule.x1 - rule.x0 < rule.y1 - rule.y0
        wall = (rule.x0, rule.y0, rule.x1, rule.y1)
        if upright and rule.x0 >= x1 and vertical_overlap(band, wall) > 0.5:
            limit = min(limit, rule.x0 - 0.1 * em)
    middle = (top + bottom) / 2
    return PlaceToSign(
        label=label,
        beside=(
            begins,
            max(0.0, middle - (0.5 + _ABOVE) * em),
            max(begins, limit),
            min(middle + (0.5 + _BELOW) * em, float(page.upright_height)),
        ),
        under=(
            max(0.0, x0 - em),
            middle + 0.6 * em,
            min(x1 + 2 * em, float(page.upright_width)),
            min(middle + (0.6 + _DOWN) * em, float(page.upright_height)),
        ),
        em=em,
        is_named=is_named,
    )


def _em(label: TextRun) -> float:
    """The size of the label's print: the pitch of its ideographs, no more than its box is high."""
    widths = [
        glyph.rect[2] - glyph.rect[0]
        for glyph in label.glyphs
        if is_han(glyph.line.text[glyph.index])
    ]
    heights = [glyph.line.height for glyph in label.glyphs]
    return max(4.0, min(median(widths or heights), median(heights)))
