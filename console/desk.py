"""A dossier on a reviewer's desk: who may see what of it now, and the page as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import reviews, views
from console.answers import Answer, Target
from console.context import Console
from console.masking import OPEN, Mask, mask_of
from console.pictures import Veil, as_report_page
from console.reviews import Standing
from console.roles import Role
from console.schema import DossierRow, Reveal, Review
from console.sessions import Viewer
from console.states import ROUND_OF, Round, State
from pipeline.assess import Assessment
from pipeline.kept import KeptDossier
from pipeline.model.finding import Finding, Severity
from pipeline.report.crops import upright_size


@dataclass(frozen=True, slots=True)
class Desk:
    """One dossier as `viewer` has it before them. `standing` is their open review, if any."""

    row: DossierRow
    kept: KeptDossier
    standing: Standing | None
    answers: Mapping[str, Answer]
    mask: Mask
    can_take: bool
    others: Mapping[str, tuple[tuple[str, Answer], ...]]
    """For the senior round: what the two said, by target."""

    @property
    def round(self) -> Round:
        return Round(self.standing.review.round) if self.standing else Round.FIRST

    @property
    def wanted(self) -> tuple[Severity, ...]:
        """Severities that the round must answer."""
        if self.round is Round.FIRST:
            return (Severity.BLOCKING, Severity.REVIEW)
        return (Severity.BLOCKING,)

    @property
    def unsure(self) -> tuple[str, ...]:
        return reviews.unsure_targets(self.kept) if self.round is Round.FIRST else ()


def open_desk(console: Console, row: DossierRow, viewer: Viewer) -> Desk:
    """The dossier as the viewer may see it: their own answers; what was decided once it is decided."""
    kept = console.dossiers.kept(row.kept)
    now = console.database.clock()
    with console.database.read() as session:
        standing = reviews.open_review(session, row, viewer, now)
        mask = OPEN if is_revealed(session, row, viewer, now) else mask_of(kept)
        others: Mapping[str, tuple[tuple[str, Answer], ...]] = {}
        if standing is not None:
            answers = standing.answers
            if standing.review.round == Round.SENIOR:
                others = _others(session, row)
        elif row.state == State.DECIDED:
            answers = reviews.decided_answers(session, row)
        else:
            answers = _own_answers(session, row, viewer)
        can_take = standing is None and _can_take(session, row, viewer, now)
    return Desk(row, kept, standing, answers, mask, can_take, others)


def is_revealed(session: Session, row: DossierRow, viewer: Viewer, now: float) -> bool:
    """True while what is masked is shown to the viewer."""
    found = session.get(Reveal, (viewer.user_id, row.window_id, row.dossier_id))
    return found is not None and found.until > now


def veil_for(console: Console, row: DossierRow, viewer: Viewer) -> Veil:
    """What is covered on pictures that the viewer is shown of this dossier."""
    with console.database.read() as session:
        revealed = is_revealed(session, row, viewer, console.database.clock())
    return Veil(is_open=revealed, with_names=viewer.role is Role.PANEL)


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


def describe_desk(console: Console, desk: Desk) -> dict[str, Any]:
    """What the templates of the dossier page are filled with."""
    kept, answers, mask = desk.kept, desk.answers, desk.mask
    assessed = console.dossiers.assess(desk.row.kept, answers.values())
    rulebook = console.dossiers.rulebook(kept)
    unsure = desk.unsure if desk.standing else ()
    findings = views.view_findings(
        kept, assessed, answers, rulebook, mask, wanted=desk.wanted if desk.standing else ()
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
        "gone": [(f.code, mask(f.message)) for f in views.gone_findings(kept, assessed)],
        "papers": papers,
        "grid": grid,
        "left": left if desk.standing else None,
        "pages": [
            (number, *upright_size(as_report_page(p)), p.file, p.page)
            for number, p in enumerate(kept.pages)
        ],
        "quarantined": kept.report.quarantined,
        "mask": mask,
        "turn": str(ROUND_OF.get(State(desk.row.state), "")),
    }
