"""How a dossier's pages are put together as papers, when a person puts them together by hand.

A person marks the pages on which a paper begins and says its kind. A page without a mark goes on
with the paper before it; a blank page in between ends no paper.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from console.answers import PAGES, Answer
from console.values import InvalidValue
from pipeline.dossier import Grouping
from pipeline.kept import KeptDossier
from pipeline.model.document import PageGroup
from pipeline.model.dossier import Facts
from pipeline.model.kinds import KIND_LABELS, DocumentKind

_PACKED: TypeAdapter[dict[str, tuple[PageGroup, ...]]] = TypeAdapter(
    dict[str, tuple[PageGroup, ...]]
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person sees of one page: its number among the dossier's pages (from 0) and in its
    material (from 1), whether a paper begins on it, and of which kind that paper is."""

    number: int
    page: int
    begins: bool
    kind: DocumentKind


def grouping_of(facts: Facts) -> Grouping:
    """The groups that the facts' documents are, by material."""
    groups: dict[str, list[PageGroup]] = {}
    for document in facts.documents:
        groups.setdefault(document.file, []).append(
            PageGroup(pages=document.pages, kind=document.kind)
        )
    return {file: tuple(sorted(found, key=lambda g: g.pages[0])) for file, found in groups.items()}


def marks_of(kept: KeptDossier) -> tuple[tuple[str, tuple[Mark, ...]], ...]:
    """The pages of every material that was read, in order, with the marks that its papers mean."""
    groups = grouping_of(kept.facts)
    found: dict[str, list[Mark]] = {}
    for number, page in enumerate(kept.pages):
        group = next((g for g in groups.get(page.file, ()) if page.page in g.pages), None)
        if group is not None:
            begins = page.page == group.pages[0]
            found.setdefault(page.file, []).append(Mark(number, page.page, begins, group.kind))
    return tuple((file, tuple(marks)) for file, marks in found.items())


def groups_from_marks(marks: Iterable[Mark]) -> tuple[PageGroup, ...]:
    """The papers of one material. Its first page begins one whether it is marked or not."""
    papers: list[tuple[DocumentKind, list[int]]] = []
    for mark in marks:
        before = next((p for p in reversed(papers) if p[0] is not DocumentKind.BLANK), None)
        before = before or (papers[-1] if papers else None)
        if mark.begins or before is None:
            papers.append((mark.kind, [mark.page]))
        else:
            before[1].append(mark.page)
    return tuple(PageGroup(pages=tuple(pages), kind=kind) for kind, pages in papers)


def differing(wanted: Grouping, machine: Grouping) -> Grouping:
    """The materials of `wanted` whose papers are not the machine's."""
    return {file: groups for file, groups in wanted.items() if groups != machine.get(file)}


def pack_grouping(grouping: Grouping) -> str:
    """Canonical JSON: the same grouping, the same text."""
    plain = {f: [g.model_dump(mode="json") for g in groups] for f, groups in grouping.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def unpack_grouping(text: str) -> Grouping:
    """What `pack_grouping` wrote. Raises `InvalidValue`."""
    try:
        return _PACKED.validate_json(text)
    except ValidationError as error:
        raise InvalidValue("value.pages") from error


def grouping_in(answers: Iterable[Answer]) -> str:
    """The packed grouping that the answers hold; empty when they leave it to the machine."""
    return next((a.value for a in answers if a.target == PAGES), "")


def told(packed: str) -> str:
    """A packed grouping in Chinese, material by material: `a.pdf：第1–2页 毕业证书、第3页 学位证书`."""
    return "；".join(
        f"{file}：" + "、".join(f"第{_pages(g.pages)}页 {KIND_LABELS[g.kind]}" for g in groups)
        for file, groups in unpack_grouping(packed).items()
    )


def _pages(pages: tuple[int, ...]) -> str:
    first, last = pages[0], pages[-1]
    if len(pages) > 1 and last - first == len(pages) - 1:
        return f"{first}–{last}"
    return ",".join(map(str, pages))
