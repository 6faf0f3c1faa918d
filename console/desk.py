"""A dossier on a reviewer's desk: who may see what of it now, and the page as it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import reviews, views
from console.answers import PAGES, Answer, Target
from console.context import Console
from console.covering import Veil, as_report_page
from console.grouping import grouping_in, told
from console.masking import OPEN, Mask, mask_of
from console.reviews import Standing
from console.schema import DossierRow, Reveal, Review
from console.sessions import Viewer
from console.states import ROUND_OF, Round, State
from console.telling import Teller
from console.views import FindingView, GridView, PaperView, Place
from pipeline.assess import Assessment
from pipeline.kept import KeptDossier
from pipeline.model.document import Document
from pipeline.model.finding import Finding, Severity
from pipeline.report.crops import upright_size


@dataclass(frozen=True, slots=True)
class Desk:
    """One dossier as `viewer` has it before them. `standing` is their open review, if any.

    `kept` has its pages put together as the answers say; `unsure` are the values to be looked at.
    """

    row: DossierRow
    kept: KeptDossier
    standing: Standing | None
    answers: Mapping[str, Answer]
    mask: Mask
    can_take: bool
    others: Mapping[str, tuple[tuple[str, Answer], ...]]
    """For the senior round: what the two said, by target."""
    unsure: tuple[str, ...]

    @property
    def round(self) -> Round:
        return Round(self.standing.review.round) if self.standing else Round.FIRST

    @property
    def wanted(self) -> tuple[Severity, ...]:
        """Severities that the round must answer."""
        if self.round is Round.FIRST:
            return (Severity.BLOCKING, Severity.REVIEW)
        return (Severity.BLOCKING,)


def open_desk(console: Console, row: DossierRow, viewer: Viewer) -> Desk:
    """The dossier as the viewer may see it: their own answers; what was decided once it is decided."""
    now = console.database.clock()
    with console.database.read() as session:
        standing = reviews.open_review(session, row, viewer, now)
        revealed = is_revealed(session, row, viewer, now)
        others: Mapping[str, tuple[tuple[str, Answer], ...]] = {}
        answers = seen_answers(session, row, viewer, standing)
        if standing is not None and standing.review.round == Round.SENIOR:
            others = _others(session, row)
        can_take = standing is None and _can_take(session, row, viewer, now)
    kept = console.dossiers.grouped(row.kept, answers.values())
    machine = console.dossiers.kept(row.kept)
    is_first = standing is not None and standing.review.round == Round.FIRST
    return Desk(
        row=row,
        kept=kept,
        standing=standing,
        answers=answers,
        mask=OPEN if revealed else mask_of(machine, also=kept.facts.documents),
        can_take=can_take,
        others=others,
        unsure=console.dossiers.unsure(row.kept, answers.values()) if is_first else (),
    )


def seen_answers(
    session: Session, row: DossierRow, viewer: Viewer, standing: Standing | None
) -> Mapping[str, Answer]:
    """The answers that the viewer may see: their own; what was decided once it is decided."""
    if standing is not None:
        return standing.answers
    if row.state == State.DECIDED:
        return reviews.decided_answers(session, row)
    return _own_answers(session, row, viewer)


def is_revealed(session: Session, row: DossierRow, viewer: Viewer, now: float) -> bool:
    """True while what is masked is shown to the viewer."""
    found = session.get(Reveal, (viewer.user_id, row.window_id, row.dossier_id))
    return found is not None and found.until > now


def veil_for(console: Console, row: DossierRow, viewer: Viewer) -> Veil:
    """What is covered on pictures that the viewer is shown of this dossier."""
    now = console.database.clock()
    with console.database.read() as session:
        revealed = is_revealed(session, row, viewer, now)
        standing = reviews.open_review(session, row, viewer, now)
        answers = seen_answers(session, row, viewer, standing)
    return Veil(is_open=revealed, also=_regrouped(console, row, answers))


def panel_veil(console: Console, row: DossierRow) -> Veil:
    """What is covered on pictures that the panel is shown of a decided dossier."""
    with console.database.read() as session:
        answers = reviews.decided_answers(session, row)
    return Veil(with_names=True, also=_regrouped(console, row, answers))


def _regrouped(
    console: Console, row: DossierRow, answers: Mapping[str, Answer]
) -> tuple[Document, ...]:
    """The papers as the answers put them together; none when they leave it to the machine."""
    if not grouping_in(answers.values()):
        return ()
    return console.dossiers.grouped(row.kept, answers.values()).facts.documents


def _can_take(session: Session, row: DossierRow, viewer: Viewer, now: float) -> bool:
    held = row.claimed_by not in (None, viewer.user_id) and row.claim_until > now
    return not held and reviews.round_for(row, viewer, session) is not None


def _own_answers(session: Session, row: DossierRow, viewer: Viewer) -> Mapping[str, Answer]:
    review = session.scalar(
        select(Review)
        .where(
            Review.window_id == row.window_id,
            Review.dossier_id == row.dossier_id,
            Review.reviewer_id == viewer.user_id,
            Review.state == "finished",
        )
        .order_by(Review.id.desc())
        .limit(1)
    )
    return reviews.standing_answers(session, review.id) if review else {}


def _others(session: Session, row: DossierRow) -> Mapping[str, tuple[tuple[str, Answer], ...]]:
    said: dict[str, list[tuple[str, Answer]]] = {}
    for round_ in (Round.FIRST, Round.SECOND):
        review = reviews.finished_review(session, row, round_)
        if review is not None:
            for target, answer in reviews.standing_answers(session, review.id).items():
                said.setdefault(target, []).append((str(round_), answer))
    return {target: tuple(both) for target, both in said.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """What an answer, or taking one back, would do to the findings."""

    appearing: tuple[Finding, ...]
    going: tuple[Finding, ...]
    route_before: str
    route_after: str
    score_before: int
    score_after: int

    @property
    def is_nothing(self) -> bool:
        return not self.appearing and not self.going and self.route_before == self.route_after


def change_between(before: Assessment, after: Assessment) -> Change:
    """Which findings appear and go between two assessments, and what becomes of route and score."""
    old = {str(Target.of_finding(f)): f for f in before.findings}
    new = {str(Target.of_finding(f)): f for f in after.findings}
    return Change(
        appearing=tuple(f for t, f in new.items() if t not in old),
        going=tuple(f for t, f in old.items() if t not in new),
        route_before=str(before.route),
        route_after=str(after.route),
        score_before=before.score.total,
        score_after=after.score.total,
    )


def first_page(findings: Sequence[FindingView], grid: GridView, papers: Sequence[PaperView]) -> int:
    """The page that the desk opens on: that of the first item that needs a person, or else of the
    first item of all."""
    items: list[tuple[bool, Place | None]] = [
        (f.needs_person, f.places[0] if f.places else None) for f in findings
    ]
    items += [(m.needs_person, m.place) for m in grid.required]
    items += [(f.needs_person, f.place) for p in papers for f in (*p.fields, *p.absent)]
    wanted = [place for needed, place in items if needed] or [place for _, place in items]
    return wanted[0].page if wanted and wanted[0] is not None else 0


def describe_desk(console: Console, desk: Desk, language: str) -> dict[str, Any]:
    """What the templates of the dossier page are filled with, findings told in `language`."""
    kept, answers, mask = desk.kept, desk.answers, desk.mask
    assessed = console.dossiers.assess(desk.row.kept, answers.values())
    tell = Teller(console.dossiers.rulebook(kept), mask, language)
    unsure = desk.unsure
    findings = views.view_findings(
        kept, assessed, answers, tell, wanted=desk.wanted if desk.standing else ()
    )
    papers = views.view_papers(kept, assessed, answers, unsure, mask)
    grid = views.view_grid(kept, assessed, answers, unsure, mask)
    left = reviews.outstanding(assessed.findings, answers, desk.round, desk.unsure)
    return {
        "desk": desk,
        "row": desk.row,
        "declaration": kept.dossier.declaration,
        "assessed": assessed,
        "findings": findings,
        "gone": [(f.code, tell(f)) for f in views.gone_findings(kept, assessed)],
        "papers": papers,
        "grid": grid,
        "regrouped": PAGES in answers,
        "PAGES": PAGES,
        "told": told,
        "left": left if desk.standing else None,
        "pages": [
            (number, *upright_size(as_report_page(p)), p.file, p.page)
            for number, p in enumerate(kept.pages)
        ],
        "opens_on": first_page(findings, grid, papers),
        "quarantined": kept.report.quarantined,
        "mask": mask,
        "tell": tell,
        "turn": str(ROUND_OF.get(State(desk.row.state), "")),
    }
