"""Figures of a window for the dashboard: each is a table first, and a chart of that table second."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.answers import DismissalReason, FieldAnswer, FindingAnswer
from console.pages import local_time
from console.queue import count_by
from console.schema import AnswerRow, DossierRow, Review, Sample
from console.states import Round

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)


@dataclass(frozen=True, slots=True)
class Day:
    """At the end of a day: how many were decided, and how many were left."""

    day: str
    decided: int
    left: int


@dataclass(frozen=True, slots=True)
class Wolf:
    """How a rule's findings were judged. `share` is dismissed ÷ judged."""

    code: str
    upheld: int
    dismissed: int
    asked: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def share(self) -> float:
        judged = self.upheld + self.dismissed
        return self.dismissed / judged if judged else 0.0


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """What people said of one field over all papers."""

    name: str
    right: int
    corrected: int
    other: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """With values accepted from `threshold` on: the share accepted, and how many of those are right."""

    threshold: float
    automation: float
    accuracy: float
    samples: int


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of work per finished review of a round."""

    round: str
    reviews: int
    mean: float
    middle: float


@dataclass(frozen=True, slots=True)
class Dashboard:
    days: tuple[Day, ...]
    routes: tuple[tuple[str, int], ...]
    outcomes: tuple[tuple[str, int], ...]
    codes: tuple[tuple[str, int], ...]
    wolves: tuple[Wolf, ...]
    fields: tuple[FieldRecord, ...]
    curve: tuple[CurvePoint, ...]
    pace: tuple[Pace, ...]
    total: int


def view_dashboard(session: Session, window_id: str) -> Dashboard:
    """All figures of the window."""
    total = (
        session.scalar(
            select(func.count()).select_from(DossierRow).where(DossierRow.window_id == window_id)
        )
        or 0
    )
    outcomes = count_by(session, window_id, DossierRow.state)
    decided = session.execute(
        select(DossierRow.outcome, func.count())
        .where(DossierRow.window_id == window_id, DossierRow.outcome.is_not(None))
        .group_by(DossierRow.outcome)
    )
    return Dashboard(
        days=burn_down(session, window_id, total),
        routes=tuple(sorted(count_by(session, window_id, DossierRow.route).items())),
        outcomes=(
            *((str(o), n) for o, n in decided),
            *((s, n) for s, n in sorted(outcomes.items()) if s != "decided"),
        ),
        codes=count_codes(session, window_id),
        wolves=crying_wolf(session, window_id),
        fields=field_records(session, window_id),
        curve=curve_of(session, window_id),
        pace=pace_of(session, window_id),
        total=total,
    )


def burn_down(session: Session, window_id: str, total: int) -> tuple[Day, ...]:
    """One entry a day on which something was decided, in China's days."""
    moments = session.scalars(
        select(DossierRow.decided_at).where(
            DossierRow.window_id == window_id, DossierRow.decided_at.is_not(None)
        )
    )
    counted = Counter(local_time(moment)[:10] for moment in moments)
    days, decided = [], 0
    for day in sorted(counted):
        decided += counted[day]
        days.append(Day(day, decided, total - decided))
    return tuple(days)


def count_codes(session: Session, window_id: str) -> tuple[tuple[str, int], ...]:
    """Finding codes of the machine's reports with the number of dossiers, most first."""
    counted: Counter[str] = Counter()
    for codes, number in session.execute(
        select(DossierRow.codes, func.count())
        .where(DossierRow.window_id == window_id)
        .group_by(DossierRow.codes)
    ):
        for code in filter(None, codes.split(",")):
            counted[code] += number
    return tuple(counted.most_common())


def _answers(session: Session, window_id: str, kind: str) -> Iterable[tuple[str, str, str, int]]:
    """(target, answer, reason, number) of the answers that stand in finished reviews."""
    rows = session.execute(
        select(AnswerRow.target, AnswerRow.answer, AnswerRow.reason, func.count())
        .join(Review, Review.id == AnswerRow.review_id)
        .where(
            Review.window_id == window_id,
            Review.state == "finished",
            AnswerRow.ended_at.is_(None),
            AnswerRow.target.like(f"{kind}:%"),
        )
        .group_by(AnswerRow.target, AnswerRow.answer, AnswerRow.reason)
    )
    yield from rows


def crying_wolf(session: Session, window_id: str) -> tuple[Wolf, ...]:
    """Rules by how often people dismissed their findings, those that cry wolf first."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for target, answer, reason, number in _answers(session, window_id, "finding"):
        code = target.split(":", 2)[1]
        said[code][answer] += number
        if answer == FindingAnswer.DISMISSED:
            reasons[code][reason] += number
    wolves = [
        Wolf(
            code=code,
            upheld=counts[FindingAnswer.UPHELD],
            dismissed=counts[FindingAnswer.DISMISSED],
            asked=counts[FindingAnswer.ASK],
            reasons=tuple((str(r), reasons[code][r]) for r in DismissalReason if reasons[code][r]),
        )
        for code, counts in said.items()
    ]
    return tuple(sorted(wolves, key=lambda w: (-w.share, -w.dismissed, w.code)))


def field_records(session: Session, window_id: str) -> tuple[FieldRecord, ...]:
    """Fields by how often they were corrected."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for kind in ("field", "month"):
        for target, answer, _, number in _answers(session, window_id, kind):
            name = "months" if kind == "month" else target.split(":", 2)[2]
            said[name][answer] += number
    records = [
        FieldRecord(
            name=name,
            right=counts[FieldAnswer.RIGHT],
            corrected=counts[FieldAnswer.CORRECTED],
            other=counts.total() - counts[FieldAnswer.RIGHT] - counts[FieldAnswer.CORRECTED],
        )
        for name, counts in said.items()
    ]
    return tuple(sorted(records, key=lambda r: (-r.corrected, r.name)))


def curve_of(session: Session, window_id: str) -> tuple[CurvePoint, ...]:
    """Accuracy against automation over the fields that were read blind."""
    read = session.execute(
        select(Sample.confidence, Sample.agrees).where(
            Sample.window_id == window_id, Sample.agrees.is_not(None)
        )
    ).all()
    points = []
    for threshold in THRESHOLDS:
        accepted = [agrees for confidence, agrees in read if confidence >= threshold]
        if accepted:
            right = sum(1 for agrees in accepted if agrees)
            points.append(
                CurvePoint(
                    threshold, len(accepted) / len(read), right / len(accepted), len(accepted)
                )
            )
    return tuple(points)


def pace_of(session: Session, window_id: str) -> tuple[Pace, ...]:
    """Time per decision, by round."""
    rows = session.execute(
        select(Review.round, func.sum(AnswerRow.seconds))
        .join(AnswerRow, AnswerRow.review_id == Review.id)
        .where(Review.window_id == window_id, Review.state == "finished")
        .group_by(Review.id, Review.round)
    ).all()
    by_round: dict[str, list[float]] = defaultdict(list)
    for round_, seconds in rows:
        by_round[round_].append(float(seconds))
    return tuple(
        Pace(str(r), len(by_round[r]), _mean(by_round[r]), median(by_round[r]))
        for r in Round
        if by_round[r]
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
