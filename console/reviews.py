"""Reviews: claiming a dossier, answering, taking back, finishing, and what comes of two that differ.

Each round is blind: a review holds the answers of one person over what the machine found, and no
round shows another's. Only the senior round sees both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from console.answers import (
    Answer,
    DismissalReason,
    FieldAnswer,
    FindingAnswer,
    PagesAnswer,
    Target,
    apply_answers,
    machine_value,
)
from console.database import Unit
from console.dossiers import DossierShelf
from console.roles import Role
from console.schema import AnswerRow, DossierRow, Review
from console.sessions import Viewer
from console.settings import ConsoleSettings
from console.states import ROUND_OF, Decision, Round, State
from pipeline.kept import KeptDossier
from pipeline.model.finding import Finding, Severity
from pipeline.scoring import LACKING

_LONGEST_PAUSE = 600.0
"""Seconds between two answers that still count as work on the second."""


class ReviewRefused(Exception):
    """What was asked cannot be done now; `key` names the message to show."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class Standing:
    """A review and the answers that stand in it, by target."""

    review: Review
    answers: Mapping[str, Answer]


def round_for(row: DossierRow, viewer: Viewer, session: Session) -> Round | None:
    """The round that `viewer` could take of the dossier now; None when it is not theirs to take."""
    wanted = ROUND_OF.get(State(row.state))
    if wanted is None or (wanted is Round.SENIOR and viewer.role is not Role.SENIOR):
        return None
    earlier = session.scalars(
        select(Review.reviewer_id).where(
            Review.window_id == row.window_id,
            Review.dossier_id == row.dossier_id,
            Review.state == "finished",
        )
    )
    return None if viewer.user_id in set(earlier) else wanted


def claim(unit: Unit, settings: ConsoleSettings, row: DossierRow, viewer: Viewer) -> Review:
    """The dossier, held for `viewer` until the lease ends. Raises `ReviewRefused`."""
    wanted = round_for(row, viewer, unit.session)
    if wanted is None:
        raise ReviewRefused("refused.not_yours")
    taken = unit.session.execute(
        update(DossierRow)
        .where(
            DossierRow.window_id == row.window_id,
            DossierRow.dossier_id == row.dossier_id,
            DossierRow.state == row.state,
            or_(
                DossierRow.claimed_by.is_(None),
                DossierRow.claimed_by == viewer.user_id,
                DossierRow.claim_until < unit.now,
            ),
        )
        .values(claimed_by=viewer.user_id, claim_until=unit.now + 60 * settings.lease_minutes)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined] # a cursor result
        raise ReviewRefused("refused.claimed")
    mine = None
    for review in _open_reviews(unit.session, row):
        if review.reviewer_id == viewer.user_id and review.round == wanted:
            mine = review
        else:
            review.state = "abandoned"
    if mine is None:
        mine = Review(
            window_id=row.window_id,
            dossier_id=row.dossier_id,
            round=str(wanted),
            reviewer_id=viewer.user_id,
            state="open",
            started_at=unit.now,
            touched_at=unit.now,
            finished_at=None,
        )
        unit.session.add(mine)
        unit.record(
            viewer.username,
            "claim",
            window_id=row.window_id,
            dossier_id=row.dossier_id,
            round=str(wanted),
        )
    unit.session.flush()
    return mine


def release(unit: Unit, row: DossierRow, viewer: Viewer) -> None:
    """Gives a claimed dossier back; the answers so far stay with the review for when it is taken again."""
    if row.claimed_by == viewer.user_id:
        row.claimed_by, row.claim_until = None, 0.0
        unit.record(viewer.username, "release", window_id=row.window_id, dossier_id=row.dossier_id)


def _open_reviews(session: Session, row: DossierRow) -> Sequence[Review]:
    return session.scalars(
        select(Review).where(
            Review.window_id == row.window_id,
            Review.dossier_id == row.dossier_id,
            Review.state == "open",
        )
    ).all()


def open_review(session: Session, row: DossierRow, viewer: Viewer, now: float) -> Standing | None:
    """The viewer's own open review while their lease runs; None otherwise."""
    if row.claimed_by != viewer.user_id or row.claim_until < now:
        return None
    for review in _open_reviews(session, row):
        if review.reviewer_id == viewer.user_id:
            return Standing(review, standing_answers(session, review.id))
    return None


def standing_answers(session: Session, review_id: int) -> dict[str, Answer]:
    """The answers of a review that stand, by target."""
    rows = session.scalars(
        select(AnswerRow)
        .where(AnswerRow.review_id == review_id, AnswerRow.ended_at.is_(None))
        .order_by(AnswerRow.id)
    )
    return {row.target: as_answer(row) for row in rows}


def as_answer(row: AnswerRow) -> Answer:
    return Answer(row.target, row.answer, row.value, row.reason, row.note)


def check_answer(kept: KeptDossier, findings: Iterable[Finding], answer: Answer) -> None:
    """Raises `ReviewRefused` or `InvalidValue` when the answer cannot be given to this dossier."""
    try:
        target = Target.parse(answer.target)
    except ValueError as error:
        raise ReviewRefused("refused.target") from error
    if target.kind == "finding":
        known = {str(Target.of_finding(f)) for f in findings}
        if answer.target not in known or answer.answer not in set(FindingAnswer):
            raise ReviewRefused("refused.target")
        dismissed = answer.answer == FindingAnswer.DISMISSED
        if dismissed and answer.reason not in set(DismissalReason):
            raise ReviewRefused("refused.reason")
        return
    if target.kind == "pages":
        if answer.answer not in set(PagesAnswer) or not answer.value:
            raise ReviewRefused("refused.target")
        return
    documents = {d.document_id for d in kept.facts.documents}
    if target.first not in documents or answer.answer not in set(FieldAnswer):
        raise ReviewRefused("refused.target")
    apply_answers(kept.facts, [answer])


def give_answer(
    unit: Unit,
    settings: ConsoleSettings,
    row: DossierRow,
    standing: Standing,
    kept: KeptDossier,
    viewer: Viewer,
    answer: Answer,
) -> None:
    """Keeps an answer in place of the one that stood; the lease begins anew."""
    review = unit.session.get_one(Review, standing.review.id)
    _end(unit, review.id, answer.target)
    unit.session.add(
        AnswerRow(
            review_id=review.id,
            target=answer.target,
            answer=answer.answer,
            value=answer.value,
            machine_value=machine_value(kept.facts, Target.parse(answer.target)),
            reason=answer.reason,
            note=answer.note,
            seconds=round(min(unit.now - review.touched_at, _LONGEST_PAUSE), 1),
            at=unit.now,
            ended_at=None,
        )
    )
    review.touched_at = unit.now
    unit.session.get_one(DossierRow, (row.window_id, row.dossier_id)).claim_until = (
        unit.now + 60 * settings.lease_minutes
    )
    unit.record(
        viewer.username,
        "answer",
        window_id=row.window_id,
        dossier_id=row.dossier_id,
        round=review.round,
        target=answer.target,
        answer=answer.answer,
        reason=answer.reason,
    )


def _end(unit: Unit, review_id: int, target: str) -> None:
    unit.session.execute(
        update(AnswerRow)
        .where(
            AnswerRow.review_id == review_id,
            AnswerRow.target == target,
            AnswerRow.ended_at.is_(None),
        )
        .values(ended_at=unit.now)
    )


def last_answer(session: Session, standing: Standing) -> AnswerRow | None:
    """The answer given last that still stands: what an undo takes back."""
    return session.scalar(
        select(AnswerRow)
        .where(AnswerRow.review_id == standing.review.id, AnswerRow.ended_at.is_(None))
        .order_by(AnswerRow.id.desc())
        .limit(1)
    )


def answer_before(session: Session, row: AnswerRow) -> AnswerRow | None:
    """The answer to the same target that `row` replaced; what stands again when it is taken back."""
    return session.scalar(
        select(AnswerRow)
        .where(
            AnswerRow.review_id == row.review_id,
            AnswerRow.target == row.target,
            AnswerRow.id < row.id,
            AnswerRow.ended_at == row.at,
        )
        .order_by(AnswerRow.id.desc())
        .limit(1)
    )


def undo(unit: Unit, row: DossierRow, standing: Standing, viewer: Viewer) -> str:
    """Takes the last answer back and returns its target. Raises `ReviewRefused` when there is none."""
    last = last_answer(unit.session, standing)
    if last is None:
        raise ReviewRefused("refused.nothing_to_undo")
    before = answer_before(unit.session, last)
    last.ended_at = unit.now
    if before is not None:
        before.ended_at = None
    unit.record(
        viewer.username,
        "undo",
        window_id=row.window_id,
        dossier_id=row.dossier_id,
        target=last.target,
    )
    return last.target


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What still needs a person: findings (targets) and fields (targets)."""

    findings: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.findings, *self.fields)


def outstanding(
    findings: Iterable[Finding],
    answers: Mapping[str, Answer],
    round_: Round,
    unsure: Iterable[str],
) -> Outstanding:
    """What the review lacks before it can be finished.

    The first round answers every blocking and review finding and every unsure value the decision
    rests on; the second only blocking findings; the senior only what the two saw differently,
    which is again among the blocking ones.
    """
    wanted = (
        (Severity.BLOCKING,)
        if round_ is not Round.FIRST
        else (
            Severity.BLOCKING,
            Severity.REVIEW,
        )
    )
    open_findings = tuple(
        str(Target.of_finding(f))
        for f in findings
        if f.severity in wanted and str(Target.of_finding(f)) not in answers
    )
    fields = tuple(t for t in unsure if t not in answers) if round_ is Round.FIRST else ()
    return Outstanding(open_findings, fields)


@dataclass(frozen=True, slots=True)
class Result:
    """What one review says of each blocking finding, by target."""

    blocking: Mapping[str, FindingAnswer]


def result_of(shelf: DossierShelf, blob: str, answers: Mapping[str, Answer]) -> Result:
    """Upheld, dismissed or asked back, for each finding that blocks before or after the answers.

    A finding that a correction makes go counts as dismissed: two people must have seen to it.
    """
    before = shelf.assess(blob).findings
    after = shelf.assess(blob, answers.values()).findings
    still = {str(Target.of_finding(f)) for f in after}
    said: dict[str, FindingAnswer] = {}
    for finding in (*before, *after):
        if finding.severity is Severity.BLOCKING:
            target = str(Target.of_finding(finding))
            if target not in still:
                said[target] = FindingAnswer.DISMISSED
            elif target in answers:
                said[target] = FindingAnswer(answers[target].answer)
    return Result(said)


def finish(
    unit: Unit,
    shelf: DossierShelf,
    row: DossierRow,
    standing: Standing,
    viewer: Viewer,
    *,
    unsure: Iterable[str],
) -> State:
    """Ends the review and moves the dossier on. Raises `ReviewRefused` while something is outstanding."""
    round_ = Round(standing.review.round)
    findings = shelf.assess(row.kept, standing.answers.values()).findings
    if outstanding(findings, standing.answers, round_, unsure).all:
        raise ReviewRefused("refused.outstanding")
    review = unit.session.get_one(Review, standing.review.id)
    review.state, review.finished_at, review.touched_at = "finished", unit.now, unit.now
    held = unit.session.get_one(DossierRow, (row.window_id, row.dossier_id))
    held.claimed_by, held.claim_until = None, 0.0
    mine = result_of(shelf, row.kept, standing.answers)
    state = _next_state(unit.session, shelf, row, round_, mine)
    held.state = str(state)
    if state is State.DECIDED:
        deciding = deciding_answers(unit.session, row, round_, standing.answers)
        held.outcome = str(decide(shelf, row.kept, deciding))
        held.decided_at = unit.now
    unit.record(
        viewer.username,
        "finish",
        window_id=row.window_id,
        dossier_id=row.dossier_id,
        round=str(round_),
        state=str(state),
        outcome=held.outcome or "",
    )
    return state


def deciding_answers(
    session: Session, row: DossierRow, last: Round, answers: Mapping[str, Answer]
) -> Mapping[str, Answer]:
    """The answers that the dossier is decided by, when the round `last` ended with `answers`.

    Two who agree: the first's, which say more. A senior's: their own, and what the first said of
    matters that were not in dispute and change no fact.
    """
    if last is Round.FIRST:
        return answers
    review = finished_review(session, row, Round.FIRST)
    first = standing_answers(session, review.id) if review else {}
    if last is Round.SECOND:
        return first
    return {t: a for t, a in first.items() if not a.changes_facts} | dict(answers)


def _next_state(
    session: Session, shelf: DossierShelf, row: DossierRow, round_: Round, mine: Result
) -> State:
    if round_ is Round.SENIOR:
        return State.DECIDED
    if round_ is Round.FIRST:
        needs_two = any(a is not FindingAnswer.ASK for a in mine.blocking.values())
        return State.SECOND if needs_two else State.DECIDED
    first = finished_review(session, row, Round.FIRST)
    if first is None:
        return State.SENIOR
    theirs = result_of(shelf, row.kept, standing_answers(session, first.id))
    return State.DECIDED if theirs == mine else State.SENIOR


def finished_review(session: Session, row: DossierRow, round_: Round) -> Review | None:
    """The finished review of that round over the dossier's present report."""
    return session.scalar(
        select(Review)
        .where(
            Review.window_id == row.window_id,
            Review.dossier_id == row.dossier_id,
            Review.round == str(round_),
            Review.state == "finished",
        )
        .order_by(Review.id.desc())
        .limit(1)
    )


def decide(shelf: DossierShelf, blob: str, answers: Mapping[str, Answer]) -> Decision:
    """What the answers come to: back to the applicant, conditions not met, or on to the panel."""
    after = shelf.assess(blob, answers.values()).findings
    upheld = [
        f
        for f in after
        if (given := answers.get(str(Target.of_finding(f))))
        and given.answer == FindingAnswer.UPHELD
    ]
    asked = any(a.answer in (FindingAnswer.ASK, FieldAnswer.ORIGINAL) for a in answers.values())
    if asked or any(f.code in LACKING for f in upheld):
        return Decision.RETURNED
    if any(f.severity is Severity.BLOCKING for f in upheld):
        return Decision.NOT_MET
    return Decision.PASSED


def decided_answers(session: Session, row: DossierRow) -> Mapping[str, Answer]:
    """The answers that a decided dossier rests on; empty when no person had to answer."""
    for round_ in (Round.SENIOR, Round.SECOND, Round.FIRST):
        review = finished_review(session, row, round_)
        if review is not None:
            return deciding_answers(session, row, round_, standing_answers(session, review.id))
    return {}
