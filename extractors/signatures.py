"""What the foot of a paper shows: whether something was written or stamped where it belongs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from extractors.folding import compact
from extractors.layout import horizontal_overlap, row_runs, text_lines
from extractors.textrun import TextRun
from pipeline.model.document import Evidence
from pipeline.model.reading import PageReading, Rect, SigningPlace, join_rects

_SIGN_PLACE = re.compile(
    r"(?:乙方|承诺人|本人|劳动者|受聘人员?|申报人|申请人|负责人|签字|签名)(?:\((?:签字|签名|签章|签字或盖章|签名或盖章|手写签名|签字按手印|签字、按手印)[^)]*\)|签字|签名)?[:)]\s*(?P<value>.*)"
)
_SIGN_WORD = re.compile(r"签字|签名|承诺人")
_SEAL_WORD = re.compile(r"(?:专用章|公章|印章|合同章|人事章|行政章)")
_SEAL_PRINTED = re.compile(
    r"[(（][^()（）]*(?:盖章|公章|签章|印章)[^()（）]*[)）]|盖章|加盖[^。,，;]{0,6}公章|公章处|不再加盖[^。]*章"
)
_STAMP_PLACE = re.compile(r"签字|签名|盖章|签章|公章|承诺人|[(（][章印][)）]")
_NOT_WRITTEN = re.compile(
    r"[甲乙丙]方|单位|代表人|负责人|代理人|签字|签名|签章|盖章|公章|日期|时间|电话|地址|条|款|[,。;、]|★"
)
"""What stands below a place to sign and is printed there."""
_BELOW = 4.5
"""How far below its place, in line heights, a signature may stand."""
_UNDER, _LONGEST_NAME = 2.5, 12
"""How far under a room, in line heights, a name may stand, and how many characters it may have."""
_DATE_PARTS = re.compile(r"[0-9年月日\s./\-:_]|日期")
_OWN = re.compile(r"乙方|承诺人|本人|劳动者|受聘|职工|员工|申报人|申请人|个人")
"""The person whose paper it is; others (负责人, 甲方代表) sign for a unit."""
_NAMED = re.compile(r"签字|签名|签章")

Seen = Literal["present", "blank", "unclear"]


@dataclass(frozen=True, slots=True)
class Signature:
    """What was seen where a paper is to be signed: `seen`, where, and the text that was read there."""

    seen: Seen
    evidence: tuple[Evidence, ...]
    raw: str


def signature_traits(pages: Sequence[PageReading]) -> list[str]:
    """`signature=present|blank|unclear` where a place to sign is printed, `seal=present` where the text
    of a seal was read, or where a round seal stands beside a place to sign or to stamp. A square seal
    or a pale one may not be found, so its absence here means nothing."""
    traits: list[str] = []
    signature = signature_of(pages)
    if signature is not None:
        traits.append(f"signature={signature.seen}")
    if any(_is_stamped(page) for page in pages):
        traits.append("seal=present")
    return traits


def signature_of(pages: Sequence[PageReading]) -> Signature | None:
    """What stands where the paper is to be signed; None when it has no such place.

    The picture decides where it was looked at. Of several places those of the person whose paper it is
    count, and of these one that is written on; a paper is blank only when all of them are.
    """
    places = [(page, place) for page in pages for place in page.signing_places]
    named = [each for each in places if _NAMED.search(each[1].label)] or places[-1:]
    own = [each for each in named if _OWN.search(each[1].label)] or named
    if not own:
        return _signature_read(pages)
    for page, place in reversed(own):
        if place.state == "written":
            return Signature("present", *_shown(page, place, place.strokes or place.room))
    page, place = own[-1]
    is_bare = all(each.state == "empty" and not _is_name_near(on, each) for on, each in own)
    seen: Seen = "blank" if is_bare else "unclear"
    return Signature(seen, *_shown(page, place, join_rects((place.label_rect, place.room))))


def _is_name_near(page: PageReading, place: SigningPlace) -> bool:
    """True when something that is no date and no other label was read further along the row of an empty
    place, or under it: some sign there."""
    _, top, right, bottom = place.room
    left = place.label_rect[0]
    height = place.label_rect[3] - place.label_rect[1]
    for line in text_lines(page):
        x, y = line.centre
        beside = top <= y <= bottom and x > right
        under = bottom < y <= bottom + _UNDER * height and left <= x <= right
        rest = _DATE_PARTS.sub("", compact(line.text))
        if (beside or under) and 2 <= len(rest) <= _LONGEST_NAME and not _NOT_WRITTEN.search(rest):
            return True
    return False


def _shown(page: PageReading, place: SigningPlace, rect: Rect) -> tuple[tuple[Evidence, ...], str]:
    """The evidence of a place, and the text that was read in it (its label where there is none)."""
    x0, y0, x1, y1 = rect
    inside = [
        line.text[i]
        for line in page.lines
        if y0 <= line.centre[1] <= y1
        for i, (left, right) in enumerate(line.spans)
        if x0 <= (left + right) / 2 <= x1
    ]
    raw = "".join(inside) or place.label
    return (Evidence(page=page.number, box=page.quad(rect), raw=raw),), raw


def _signature_read(pages: Sequence[PageReading]) -> Signature | None:
    """What was read at the last place to sign, where no picture was looked at."""
    found: TextRun | None = None
    place: TextRun | None = None
    for page in pages:
        for run in row_runs(page):
            match = run.search(_SIGN_PLACE)
            if match and _SIGN_WORD.search(run.text):
                value = match.group("value")
                rest = _DATE_PARTS.sub("", value.text)
                place = match.group()
                found = value if rest else _written_below(page, match.group()) or value[:0]
    if found is None or place is None:
        return None
    shown = found or place
    return Signature("present" if found else "blank", shown.evidence(), shown.raw)


def _is_stamped(page: PageReading) -> bool:
    if any(_is_seal(line.text) for line in page.lines):
        return True
    places = [line.rect for line in page.lines if _STAMP_PLACE.search(line.text)]
    return any(_is_beside(seal.rect, place) for seal in page.seals for place in places)


def _is_beside(seal: Rect, place: Rect) -> bool:
    """True when a seal stands no further from a place than it is high."""
    x0, y0, x1, y1 = place
    reach = seal[3] - seal[1]
    level = seal[1] - reach <= y1 and seal[3] + reach >= y0
    return level and seal[0] - reach <= x1 and seal[2] + reach >= x0


def _written_below(page: PageReading, place: TextRun) -> TextRun | None:
    """What was written in the column of a place to sign, under it."""
    around = join_rects(line.rect_of(a, b) for _, line, a, b in place.slices())
    height = around[3] - around[1]
    column = (around[0] - height, around[1], around[2] + 2 * height, around[3])
    for line in text_lines(page):
        is_below = around[3] - 0.3 * height <= line.rect[1] <= around[3] + _BELOW * height
        if not is_below or horizontal_overlap(line.rect, column) < 0.6:
            continue
        run = TextRun.of_line(page, line).compact()
        if len(_DATE_PARTS.sub("", run.text)) >= 2 and not _NOT_WRITTEN.search(run.text):
            return run
    return None


def _is_seal(text: str) -> bool:
    return _SEAL_WORD.search(_SEAL_PRINTED.sub("", text)) is not None
