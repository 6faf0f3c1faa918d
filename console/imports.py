"""Taking the reports of runs into the queue: every window that the store holds reports of."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from console.answers import FindingAnswer
from console.context import Console
from console.database import Unit
from console.sampling import draw_samples
from console.schema import AnswerRow, DossierRow, Review, Sample, WindowRow
from console.states import Decision, State, effect_of
from pipeline.errors import StoreError
from pipeline.kept import KeptDossier
from pipeline.model.finding import Severity
from pipeline.model.report import Route
from pipeline.store.schema import StoredReport

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """How many dossiers came in, changed, stayed, or could not be taken (older reports).

    A report that was written again and says the same counts as one that stayed.
    """

    added: int
    changed: int
    unchanged: int
    without_facts: int


def import_reports(console: Console, actor: str) -> Imported:
    """Brings the queue up to date with the store.

    A dossier whose report says something else starts anew: its open reviews are closed, its
    answers stay on record, and it waits for a first review again. What people did goes on where
    the report was written again and says the same, as after an upgrade.
    """
    with console.database.read() as session:
        known = {
            (row.window_id, row.dossier_id): (row.input_key, row.kept)
            for row in session.execute(
                select(
                    DossierRow.window_id,
                    DossierRow.dossier_id,
                    DossierRow.input_key,
                    DossierRow.kept,
                )
            )
        }
        stored = session.execute(
            select(
                StoredReport.window_id,
                StoredReport.dossier_id,
                StoredReport.input_key,
                StoredReport.kept,
            ).order_by(StoredReport.window_id, StoredReport.dossier_id)
        ).all()
        dismissed = dismissals(session)
    wanted = [r for r in stored if r.kept and known.get((r[0], r[1])) != (r.input_key, r.kept)]
    added = changed = same = 0
    for start in range(0, len(wanted), _BATCH):
        loaded = [(r, console.dossiers.kept(r.kept)) for r in wanted[start : start + _BATCH]]
        with console.database.write() as unit:
            for row, kept in loaded:
                before = known.get((row.window_id, row.dossier_id))
                if before is not None:
                    console.prepared.drop(before[1])
                if before is not None and _says_the_same(console, before[1], kept):
                    same += 1
                    _renew(unit, kept, row.kept, row.input_key)
                    continue
                added, changed = added + (before is None), changed + (before is not None)
                _take_in(console, unit, kept, row.kept, row.input_key, dismissed)
            unit.record(actor, "import", dossiers=len(loaded))
    console.preparer.wake()
    lacking = sum(1 for r in stored if not r.kept)
    return Imported(added, changed, len(stored) - len(wanted) - lacking + same, lacking)


def _says_the_same(console: Console, blob: str, kept: KeptDossier) -> bool:
    """True when a person has before them in `kept` just what they had in the dossier of `blob`."""
    try:
        before = console.dossiers.kept(blob)
    except StoreError:
        return False
    return _said(before) == _said(kept)


def _said(kept: KeptDossier) -> tuple[object, ...]:
    report = kept.report
    return (
        kept.facts, kept.dossier.declaration, kept.pages, kept.acceptance, kept.rulebook,
        report.findings, report.route, report.route_reasons, report.score, report.eligibility,
        report.contributions,
    )  # fmt: skip


def _renew(unit: Unit, kept: KeptDossier, blob: str, input_key: str) -> None:
    row = unit.session.get_one(DossierRow, (kept.window.id, kept.dossier.dossier_id))
    row.kept, row.input_key = blob, input_key


def _take_in(
    console: Console,
    unit: Unit,
    kept: KeptDossier,
    blob: str,
    input_key: str,
    dismissed: dict[str, tuple[int, int]],
) -> None:
    session, window = unit.session, _window_row(console, unit, kept)
    dossier_id = kept.dossier.dossier_id
    _close_old(session, window.window_id, dossier_id, unit.now)
    report = kept.report
    held = report.route is not Route.CLEARED
    person = kept.dossier.declaration.person
    session.merge(
        DossierRow(
            window_id=window.window_id,
            dossier_id=dossier_id,
            input_key=input_key,
            kept=blob,
            name=person.name,
            employer=kept.dossier.declaration.employment.employer or "",
            applied_level=report.eligibility.applied_level,
            route=str(report.route),
            score=report.score.total,
            blocking=sum(f.severity is Severity.BLOCKING for f in report.findings),
            review=sum(f.severity is Severity.REVIEW for f in report.findings),
            codes=",".join(["", *dict.fromkeys(f.code for f in report.findings), ""]),
            reasons="\n".join(report.route_reasons),
            effect=effect_of(kept, dismissed),
            state=str(State.WAITING if held else State.DECIDED),
            outcome=None if held else str(Decision.PASSED),
            decided_at=None if held else unit.now,
            claimed_by=None,
            claim_until=0.0,
        )
    )
    draw_samples(session, kept, window)


def _window_row(console: Console, unit: Unit, kept: KeptDossier) -> WindowRow:
    window = kept.window
    row = unit.session.get(WindowRow, window.id)
    if row is None:
        row = WindowRow(
            window_id=window.id,
            notice=window.notice,
            opens_on=window.opens_on.isoformat(),
            closes_on=window.closes_on.isoformat(),
            sample_dossiers=console.settings.sample_dossiers,
            sample_fields=console.settings.sample_fields,
            imported_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
    row.imported_at = unit.now
    return row


def _close_old(session: Session, window_id: str, dossier_id: str, now: float) -> None:
    """Ends what was decided about an earlier report of the dossier; nothing of it is deleted."""
    for review in session.scalars(
        select(Review).where(Review.window_id == window_id, Review.dossier_id == dossier_id)
    ):
        review.state = "abandoned" if review.state == "open" else "superseded"
        review.touched_at = now
    session.execute(
        delete(Sample).where(
            Sample.window_id == window_id,
            Sample.dossier_id == dossier_id,
            Sample.answer.is_(None),
        )
    )


def dismissals(session: Session) -> dict[str, tuple[int, int]]:
    """Finding code → (dismissed, decided), over every answer that stands."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    rows = session.execute(
        select(AnswerRow.target, AnswerRow.answer, func.count())
        .where(AnswerRow.ended_at.is_(None), AnswerRow.target.like("finding:%"))
        .group_by(AnswerRow.target, AnswerRow.answer)
    )
    for target, answer, number in rows:
        code = target.split(":", 2)[1]
        counts[code][1] += number
        counts[code][0] += number if answer == FindingAnswer.DISMISSED else 0
    return {code: (gone, all_) for code, (gone, all_) in counts.items()}
