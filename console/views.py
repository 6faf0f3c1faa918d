"""What the dossier page shows, piece by piece: plain data for the templates, no markup."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from console.answers import Answer, Target, machine_value
from console.covering import area_of
from console.masking import DOT, ID_FIELDS, Mask
from console.telling import Sentence, Teller
from console.values import choices
from pipeline.assess import Assessment
from pipeline.kept import KeptDossier, KeptPage
from pipeline.model.document import Document, Evidence
from pipeline.model.finding import Finding, FindingEvidence, Severity
from pipeline.model.kinds import FIELD_NAMES, DocumentKind
from pipeline.model.reading import Quad
from pipeline.report.compare import Piece, compare_sides
from pipeline.rulebooks import cited_clauses

MOST_EVIDENCE = 6
_WIDE = 9.0
"""Width over height of a box from which its picture takes the whole width."""
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Place:
    """A box on a page picture: `page` counts the dossier's pages from 0, `area` is `x0 y0 x1 y1`
    in pixels of the upright page, `box` the corners in pixels of the upload for a crop's address."""

    page: int
    area: str
    box: str
    caption: str
    kind: str
    raw: str

    @property
    def is_wide(self) -> bool:
        """True for a row or a line: too long to be read beside another."""
        x0, y0, x1, y1 = map(float, self.area.split() or "0000")
        return x1 - x0 > _WIDE * (y1 - y0) > 0


@dataclass(frozen=True, slots=True)
class AnswerView:
    answer: str
    value: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class FindingView:
    target: str
    code: str
    number: int
    severity: str
    outcome: str
    message: Sentence
    declared: tuple[Piece, ...] | None
    observed: tuple[Piece, ...] | None
    clauses: tuple[tuple[str, str], ...]
    counterfactual: Sentence
    places: tuple[Place, ...]
    answer: AnswerView | None
    has_appeared: bool
    needs_person: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    target: str
    name: str
    value: str
    raw: str
    confidence: int | None
    is_low: bool
    unreadable: str
    repairs: tuple[str, ...]
    place: Place | None
    answer: AnswerView | None
    choices: tuple[str, ...]
    alternatives: tuple[str, ...]
    is_secret: bool
    needs_person: bool


@dataclass(frozen=True, slots=True)
class PaperView:
    document_id: str
    kind: str
    file: str
    pages: tuple[int, ...]
    page_numbers: tuple[int, ...]
    confidence: int
    fields: tuple[FieldView, ...]
    absent: tuple[FieldView, ...]
    findings: int
    gravest: str
    """The gravest severity of a finding that speaks of the paper first; empty without any."""
    waiting: int


@dataclass(frozen=True, slots=True)
class MonthView:
    """One month of the grid. `target` is empty for a month that no paper shows."""

    month: str
    target: str
    status: str
    payer: str
    payer_number: int
    confidence: int
    is_required: bool
    is_payer_change: bool
    opens_window: bool
    closes_window: bool
    place: Place | None
    answer: AnswerView | None
    needs_person: bool


@dataclass(frozen=True, slots=True)
class GridView:
    years: tuple[tuple[str, tuple[MonthView | None, ...]], ...]
    payers: tuple[str, ...]
    required: tuple[MonthView, ...]
    document_id: str
    """The paper on which a month that is not shown would be entered; empty without any."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The dossier's pages by file and number."""

    kept: KeptDossier
    index: Mapping[tuple[str, int], int]

    @classmethod
    def of(cls, kept: KeptDossier) -> "Pages":
        return cls(kept, {(p.file, p.page): i for i, p in enumerate(kept.pages)})

    def find(self, file: str, page: int | None) -> tuple[int, KeptPage] | None:
        number = self.index.get((file, page or 0))
        return None if number is None else (number, self.kept.pages[number])

    def place(self, file: str, page: int | None, box: Quad | None, *, caption: str = "",
              kind: str = "", raw: str = "") -> Place | None:  # fmt: skip
        """Where a box is; None when its page is not among the dossier's."""
        found = self.find(file, page)
        if found is None:
            return None
        number, there = found
        if box is None:
            return Place(number, "", "", caption, kind, raw)
        area = area_of(there, box)
        return Place(
            page=number,
            area=" ".join(f"{v:.0f}" for v in area),
            box=",".join(f"{v:g}" for point in box for v in point),
            caption=caption,
            kind=kind,
            raw=raw,
        )


def view_findings(
    kept: KeptDossier,
    assessed: Assessment,
    answers: Mapping[str, Answer],
    tell: Teller,
    *,
    wanted: Iterable[Severity] = (Severity.BLOCKING, Severity.REVIEW),
) -> tuple[FindingView, ...]:
    """The findings as they stand after the answers, gravest first; those that appeared are marked."""
    pages = Pages.of(kept)
    needed = set(wanted)
    before = {str(Target.of_finding(f)) for f in kept.report.findings}
    ordered = sorted(assessed.findings, key=lambda f: _SEVERITIES.index(f.severity))
    views = []
    for number, finding in enumerate(ordered, start=1):
        target = str(Target.of_finding(finding))
        answer = answers.get(target)
        views.append(
            _finding(
                pages, finding, number, tell,
                answer=answer,
                has_appeared=target not in before,
                needs_person=finding.severity in needed and answer is None,
            )
        )  # fmt: skip
    return tuple(views)


def gone_findings(kept: KeptDossier, assessed: Assessment) -> tuple[Finding, ...]:
    """Findings of the machine that the answers made go."""
    after = {str(Target.of_finding(f)) for f in assessed.findings}
    return tuple(f for f in kept.report.findings if str(Target.of_finding(f)) not in after)


def _finding(
    pages: Pages,
    finding: Finding,
    number: int,
    tell: Teller,
    *,
    answer: Answer | None,
    has_appeared: bool,
    needs_person: bool,
) -> FindingView:
    declared, observed = compare_sides(finding)
    rulebook, mask = tell.rulebook, tell.mask
    places = (_evidence(pages, e, mask) for e in finding.evidence[:MOST_EVIDENCE])
    return FindingView(
        target=str(Target.of_finding(finding)),
        code=finding.code,
        number=number,
        severity=str(finding.severity),
        outcome=str(finding.outcome),
        message=tell(finding),
        declared=_pieces(declared, finding.declared, mask),
        observed=_pieces(observed, finding.observed, mask),
        clauses=tuple((c, rulebook.sentence(c) or "") for c in cited_clauses(finding.clause)),
        counterfactual=tell.cite(finding.counterfactual),
        places=tuple(p for p in places if p is not None),
        answer=view_answer(answer, mask),
        has_appeared=has_appeared,
        needs_person=needs_person,
    )


def _pieces(
    pieces: tuple[Piece, ...] | None, whole: str | None, mask: Mask
) -> tuple[Piece, ...] | None:
    """The pieces masked; where two ID numbers differ, what differs stays to be seen."""
    if pieces is None or whole is None or mask(whole) == whole:
        return pieces
    if len(pieces) == 1:
        return (Piece(mask(whole), pieces[0].differs),)
    return tuple(p if p.differs else Piece(DOT * len(p.text), False) for p in pieces)


def _evidence(pages: Pages, evidence: FindingEvidence, mask: Mask) -> Place | None:
    kinds = {d.document_id: str(d.kind) for d in pages.kept.facts.documents}
    return pages.place(
        evidence.file,
        evidence.page,
        evidence.box,
        caption=evidence.field or "",
        kind=kinds.get(evidence.document_id or "", ""),
        raw=mask(evidence.raw),
    )


def view_answer(answer: Answer | None, mask: Mask) -> AnswerView | None:
    if answer is None:
        return None
    return AnswerView(answer.answer, mask(answer.value), answer.reason, mask(answer.note))


def view_papers(
    kept: KeptDossier,
    assessed: Assessment,
    answers: Mapping[str, Answer],
    unsure: Sequence[str],
    mask: Mask,
    *,
    has_values: bool = True,
) -> tuple[PaperView, ...]:
    """The papers with every field: what the machine read, and what was answered."""
    pages = Pages.of(kept)
    about = [(e.document_id, f.severity) for f in assessed.findings for e in f.evidence[:1]]
    views = []
    said = _texts_by_field(kept)
    for document in kept.facts.documents:
        fields = tuple(_fields(kept, pages, document, answers, unsure, mask, said))
        shown = tuple(f for f in fields if f.confidence is not None or f.unreadable or f.answer)
        numbers = [pages.index[(document.file, n)] for n in document.pages
                   if (document.file, n) in pages.index]  # fmt: skip
        views.append(
            PaperView(
                document_id=document.document_id,
                kind=str(document.kind),
                file=document.file,
                pages=tuple(numbers),
                page_numbers=document.pages,
                confidence=_percent(document.kind_confidence),
                fields=shown,
                absent=tuple(f for f in fields if f not in shown) if has_values else (),
                findings=len(grave := [s for d, s in about if d == document.document_id]),
                gravest=str(min(grave, key=_SEVERITIES.index)) if grave else "",
                waiting=sum(f.needs_person for f in fields),
            )
        )
    return tuple(views)


def _fields(
    kept: KeptDossier,
    pages: Pages,
    document: Document,
    answers: Mapping[str, Answer],
    unsure: Sequence[str],
    mask: Mask,
    said: Mapping[str, set[str]],
) -> Iterable[FieldView]:
    for name in FIELD_NAMES[document.kind]:
        if name == "months":
            continue
        field, unread = document.field(name), document.could_not_read(name)
        evidence = field.evidence if field else unread.evidence if unread else ()
        target = Target("field", document.document_id, name)
        answer = answers.get(str(target))
        value = machine_value(kept.facts, target)
        yield FieldView(
            target=str(target),
            name=name,
            value=mask(value),
            raw=mask(field.raw if field else unread.raw if unread else ""),
            confidence=_percent(field.confidence) if field else None,
            is_low=field is not None and not kept.accepts(document.kind, name, field.confidence),
            unreadable=unread.reason if unread and not field else "",
            repairs=field.repairs if field else (),
            place=_first_place(pages, document, evidence),
            answer=view_answer(answer, mask),
            choices=choices(document.kind, name),
            alternatives=_shown_alternatives(said, name, value, mask),
            is_secret=name in ID_FIELDS and not mask.is_open,
            needs_person=str(target) in unsure and answer is None,
        )


def alternatives(kept: KeptDossier, name: str, value: str) -> tuple[str, ...]:
    """What other papers say of the same field, at most five; never what was declared."""
    return _besides(_texts_by_field(kept).get(name, frozenset()), value)


def _besides(texts: Iterable[str], value: str) -> tuple[str, ...]:
    return tuple(sorted(text for text in texts if text and text != value))[:5]


def _texts_by_field(kept: KeptDossier) -> dict[str, set[str]]:
    """What papers of a known kind say, by field."""
    said: dict[str, set[str]] = {}
    for document in kept.facts.documents:
        if document.kind is not DocumentKind.UNKNOWN:
            for field in document.fields:
                said.setdefault(field.name, set()).add(document.text(field.name) or "")
    return said


def _shown_alternatives(
    said: Mapping[str, set[str]], name: str, value: str, mask: Mask
) -> tuple[str, ...]:
    if name in ID_FIELDS and not mask.is_open:
        return ()
    return tuple(mask(v) for v in _besides(said.get(name, ()), value))


def _first_place(pages: Pages, document: Document, evidence: Sequence[Evidence]) -> Place | None:
    if not evidence:
        return pages.place(document.file, document.pages[0], None) if document.pages else None
    return pages.place(document.file, evidence[0].page, evidence[0].box)


def _percent(confidence: float) -> int:
    return int(confidence * 100 + 1e-9)


def view_grid(
    kept: KeptDossier, assessed: Assessment, answers: Mapping[str, Answer],
    unsure: Sequence[str], mask: Mask,
) -> GridView:  # fmt: skip
    """The months by year, at most twelve years, with the machine's rows under the answers."""
    pages = Pages.of(kept)
    documents = {d.document_id: d for d in kept.facts.documents}
    shown = assessed.contributions
    rows = {m.month: m for m in shown.months}
    required = set(shown.required)
    months = sorted({*rows, *required})
    payers = tuple(dict.fromkeys(m.payer for _, m in sorted(rows.items()) if m.payer))
    cells: dict[str, MonthView] = {}
    previous = ""
    insurance = [d for d in documents.values() if d.kind is DocumentKind.SOCIAL_INSURANCE]
    for month in months:
        row = rows.get(month)
        document = documents.get(row.evidence[0].document_id) if row and row.evidence else None
        holder = document or (insurance[0] if insurance else None)
        target = str(Target("month", holder.document_id, month)) if holder else ""
        payer = row.payer if row else ""
        place = None
        if row and row.evidence and document:
            first = row.evidence[0]
            place = pages.place(document.file, first.page, first.box)
        cells[month] = MonthView(
            month=month,
            target=target,
            status=str(row.status) if row else "none",
            payer=mask(payer),
            payer_number=payers.index(payer) + 1 if payer else 0,
            confidence=_percent(row.confidence) if row else 0,
            is_required=month in required,
            is_payer_change=bool(payer and previous and payer != previous),
            opens_window=month in required and month.plus(-1) not in required,
            closes_window=month in required and month.plus(1) not in required,
            place=place,
            answer=view_answer(answers.get(target), mask),
            needs_person=target in unsure and target not in answers,
        )
        previous = payer or previous
    years = sorted({m[:4] for m in months})[-12:]
    return GridView(
        years=tuple(
            (year, tuple(cells.get(f"{year}-{n:02d}") for n in range(1, 13))) for year in years
        ),
        payers=tuple(mask(p) for p in payers),
        required=tuple(cells[m] for m in sorted(required)),
        document_id=insurance[0].document_id if insurance else "",
    )
