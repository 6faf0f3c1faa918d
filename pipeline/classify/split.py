"""Pages of one material → documents: continued papers joined, several papers in one file told apart."""

import re
from collections import Counter
from dataclasses import dataclass, field

from extractors.folding import compact
from extractors.layout import text_lines
from pipeline.classify.pages import ACCEPTED, PageKind
from pipeline.classify.pieces import pieces_of
from pipeline.model.document import DocumentReading
from pipeline.model.kinds import DocumentKind as Kind
from pipeline.model.reading import MaterialReading, PageReading

_LONG = {
    Kind.SOCIAL_INSURANCE,
    Kind.LABOUR_CONTRACT,
    Kind.DISPATCH_AGREEMENT,
    Kind.RECOMMENDATION,
    Kind.INTEGRITY_PLEDGE,
    Kind.ACHIEVEMENT,
    Kind.EDUCATION_RECORD,
    Kind.FOREIGN_CERTIFICATION,
}
_CONTRACTS = {Kind.LABOUR_CONTRACT, Kind.DISPATCH_AGREEMENT}
_CERTIFICATES = {
    Kind.DIPLOMA: r"准予(?:毕业|结业|肄业)|成绩合格",
    Kind.DEGREE_CERTIFICATE: r"授予.{1,14}学位|学位条例|学位法",
}
"""The part of a certificate that only one half of a two-page spread bears."""
_RECORDS = {
    Kind.EDUCATION_RECORD,
    Kind.EDUCATION_QUERY,
    Kind.EDUCATION_CERTIFICATION,
    Kind.DEGREE_REPORT,
    Kind.ENROLMENT_REPORT,
    Kind.FOREIGN_CERTIFICATION,
}
_PAGE_NUMBER = re.compile(
    r"第([0-9一二三四五六七八九十]{1,3})页|^([0-9]{1,2})/[0-9]{1,2}页?$|^[-—–·]([0-9]{1,2})[-—–·]$"
)
_CLOSING = re.compile(
    r"[甲乙丙]方|法定|代表人|负责人|委托代理人|签订|签署|日期|时间|签字|签名|签章|盖章|公章|手印|或|[0-9年月日〇○零一二三四五六七八九十.:;,/()_-]"
)
_FEW, _NAMES_LENGTH = 60, 8
"""Characters of a page that holds the end of a signature block alone, and of the names in it."""
_TITLE = 0.3
_TITLE_ENDS = re.compile(
    r"^(?!附|第|[(]?[一二三四五六七八九十0-9]+[)、.．]).{0,30}(?:书|证|表|单|函|报告|证明|意见|合同|协议|总结|材料|清单|通知|说明)(?:\([^)]{1,12}\))?$"
)
_PROOF_ENDS = re.compile(
    r"^(?!附|第|[(]?[一二三四五六七八九十0-9]+[)、.．]).{0,30}(?:证书?|证明书?|奖状|聘书|总结|报告|感谢信|通知书|表彰决定)(?:\([^)]{1,12}\))?$"
)
_BARE = re.compile(r"([0-9]{1,2})")
_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九十")}
_MAYBE = 0.5
"""A page may be taken for the kind of the paper before it when that kind has this share of its best weight."""


@dataclass(slots=True)
class _Draft:
    """A document being put together."""

    kind: Kind
    pages: list[PageKind] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(page.text for page in self.pages)


def split_material(reading: MaterialReading) -> tuple[DocumentReading, ...]:
    """The documents of a material in page order; no page is lost, and each is in one document, unless
    several papers lie on it.

    Kinds are decided page by page, then pages that carry on the paper before them are joined to it.
    A material that was put aside has no pages and gives no documents.
    """
    drafts: list[_Draft] = []
    for page in (piece for scan in reading.pages for piece in pieces_of(scan)):
        before = next((d for d in reversed(drafts) if d.kind is not Kind.BLANK), None)
        if before is not None and page.kind is not Kind.BLANK and _continues(before, page):
            before.pages.append(page)
        else:
            drafts.append(_Draft(page.kind, [page]))
    shared = Counter(tuple(p.page.number for p in draft.pages) for draft in drafts)
    seen: Counter[tuple[int, ...]] = Counter()
    documents = []
    for draft in drafts:
        pages = tuple(p.page.number for p in draft.pages)
        seen[pages] += 1
        documents.append(_document(draft, seen[pages] if shared[pages] > 1 else 0))
    return tuple(documents)


def _document(draft: _Draft, piece: int) -> DocumentReading:
    own = [page for page in draft.pages if page.kind is draft.kind]
    anchors = dict.fromkeys(name for page in own for name in page.anchors)
    return DocumentReading(
        kind=draft.kind,
        kind_confidence=max(page.confidence for page in own or draft.pages),
        anchors=tuple(anchors),
        pages=tuple(page.page for page in draft.pages),
        piece=piece,
    )


def _continues(before: _Draft, page: PageKind) -> bool:
    """True when the page carries on the paper before it."""
    if page.page.number == before.pages[-1].page.number:
        return False  # a page is cut only where one paper ends and another begins
    number = page_number(page.page)
    if number == 1:
        return False
    if page.kind is before.kind:
        return _same_paper(before, page, number)
    if before.kind not in _LONG:
        return False
    if page.kind is Kind.UNKNOWN:
        return _carries_on(before, page, number)
    own = page.weights.get(page.kind, 0.0)
    theirs = page.weights.get(before.kind, 0.0)
    return not page.opens and theirs >= max(_MAYBE * own, 1.0)


def _same_paper(before: _Draft, page: PageKind, number: int | None) -> bool:
    """Whether a page of the same kind is the next page of the same paper, or another paper."""
    kind = page.kind
    if kind is Kind.ID_CARD:
        return not (_sides(before.text) & _sides(page.text))
    if kind in _CERTIFICATES:
        body = _CERTIFICATES[kind]
        return not (re.search(body, before.text) and re.search(body, page.text))
    if kind in _RECORDS:
        return not (_names_someone(before.text) and _names_someone(page.text))
    if kind in _CONTRACTS:
        return not (page.opens and _is_signed(before.text) and "甲方" in page.text[:200])
    if kind is Kind.SOCIAL_INSURANCE:
        return _same_proof(before, page, number)
    if kind is Kind.UNKNOWN:
        return False
    if number is not None and number > 1:
        return True
    return not (page.opens or (kind is Kind.ACHIEVEMENT and _proves_another(before, page)))


def _sides(text: str) -> set[str]:
    """The sides of an identity card that a text shows."""
    sides = set()
    if re.search(r"公民身份|住址|民族", text):
        sides.add("front")
    if re.search(r"签发机关|有效期", text):
        sides.add("back")
    return sides


def _names_someone(text: str) -> bool:
    return "姓名" in text


def _is_signed(text: str) -> bool:
    return re.search(r"(?:签字|盖章|签名|签章)", text) is not None


def _same_proof(before: _Draft, page: PageKind, number: int | None) -> bool:
    """Pages of one proof repeat its title and holder, or carry no title at all."""
    if number is not None and number > 1:
        return True
    if not page.opens:
        return True
    last = before.pages[-1]
    return (
        _proof_title(last.text) == _proof_title(page.text)
        and _holders(last.text) == _holders(page.text)
        and page_number(last.page) is not None
    )


def _proof_title(text: str) -> str:
    found = re.search(r"[\u4e00-\u9fff]{2,12}?(?:省|市|区|县)?社会保险[\u4e00-\u9fff]{0,12}", text)
    return found[0] if found else ""


def _holders(text: str) -> set[str]:
    return set(re.findall(r"(?<![0-9])[1-9][0-9]{16}[0-9X](?![0-9])", text))


def _carries_on(before: _Draft, page: PageKind, number: int | None) -> bool:
    """Whether a page of no kind goes on with a long paper: by its number, or by having no title."""
    if number is not None and number > 1:
        return True
    if page.weights.get(before.kind, 0.0) >= ACCEPTED / 3:
        return not _has_title(page)
    if _only_closes(page.text):
        return True
    return before.kind in _CONTRACTS and not _has_title(page) and _reads_like_clauses(page.text)


def _only_closes(text: str) -> bool:
    """True for the last lines of a signature block that ran over onto a page of their own."""
    rest = _CLOSING.sub("", text)
    return len(rest) < len(text) <= _FEW and len(rest) <= _NAMES_LENGTH


def _reads_like_clauses(text: str) -> bool:
    return (
        re.search(r"第[一二三四五六七八九十百]+条|甲方|乙方|双方|本合同|本协议", text) is not None
    )


def _has_title(page: PageKind) -> bool:
    """True when the page begins with a line in larger print that ends as titles of papers do."""
    return any(_TITLE_ENDS.search(text) for text in _large_lines(page))


def _proves_another(before: _Draft, page: PageKind) -> bool:
    """True when a proof of its own begins on the page: its title stands there, and stood nowhere
    before (the pages of one report may repeat theirs)."""
    return any(
        _PROOF_ENDS.search(text) is not None and text not in before.text
        for text in _large_lines(page)
    )


def _large_lines(page: PageKind) -> list[str]:
    """What the upper part of the page says in larger print."""
    lines = text_lines(page.page)
    usual = sorted(line.height for line in lines)[len(lines) // 2] if lines else 0.0
    upper = [line for line in lines if line.centre[1] <= _TITLE * page.page.upright_height]
    return [compact(line.text) for line in upper if line.height >= 1.2 * usual]


def page_number(page: PageReading) -> int | None:
    """The page number printed at the head or foot of a page; None when none is.

    第2页, 2/3 and - 2 - count at either end, a bare number only at the foot.
    """
    lines = text_lines(page)
    foot = [line for line in lines if line.centre[1] >= 0.88 * page.upright_height]
    head = [line for line in lines if line.centre[1] <= 0.09 * page.upright_height]
    for line in sorted(foot, key=lambda each: -each.centre[1]):
        found = _PAGE_NUMBER.search(compact(line.text)) or _BARE.fullmatch(compact(line.text))
        if found is not None:
            return _number(next(group for group in found.groups() if group is not None))
    for line in head:
        found = _PAGE_NUMBER.search(compact(line.text))
        if found is not None:
            return _number(next(group for group in found.groups() if group is not None))
    return None


def _number(digits: str) -> int:
    if digits.isdigit():
        return int(digits)
    tens, ten, units = digits.rpartition("十")
    first = (_NUMERALS.get(tens, 1) if tens else 1) * 10 if ten else 0
    return first + _NUMERALS.get(units, 0)
