"""The queue of a window: filters, search, what is left, and the next dossier for a reviewer."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from console.roles import Role
from console.sampling import Progress, progress
from console.schema import DossierRow, Review, User, WindowRow
from console.sessions import Viewer
from console.states import State

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue shows. Empty means no filter; `mine` only what the viewer may take."""

    state: str = ""
    route: str = ""
    code: str = ""
    level: str = ""
    search: str = ""
    mine: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class QueueRow:
    dossier: DossierRow
    holder: str
    """Who has claimed it, while the lease runs."""
    reasons: tuple[str, ...]
    code: str
    """Of the finding that is the first reason; empty when a value that was read unsurely is."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: tuple[QueueRow, ...]
    total: int
    pages: int


def window_list(session: Session) -> Sequence[WindowRow]:
    """All windows, newest first."""
    return session.scalars(select(WindowRow).order_by(WindowRow.opens_on.desc())).all()


def view_queue(
    session: Session, window_id: str, filters: Filters, viewer: Viewer, now: float
) -> QueuePage:
    """One page of the queue: likeliest to change by a person's answer first, decided ones last."""
    ids = _filtered(select(DossierRow.dossier_id), window_id, filters, viewer, now)
    total = session.scalar(ids.with_only_columns(func.count())) or 0
    number = max(1, min(filters.page, -(-total // PAGE_ROWS) or 1))
    page = ids.order_by(*_ORDER).limit(PAGE_ROWS).offset((number - 1) * PAGE_ROWS)
    wanted = session.scalars(page).all()  # ids first: sorting whole rows costs much more
    found = session.scalars(
        select(DossierRow).where(
            DossierRow.window_id == window_id, DossierRow.dossier_id.in_(wanted)
        )
    )
    by_id = {row.dossier_id: row for row in found}
    rows = [by_id[dossier_id] for dossier_id in wanted]
    holders = _names(session, {r.claimed_by for r in rows if r.claimed_by and r.claim_until > now})
    return QueuePage(
        rows=tuple(
            QueueRow(
                r,
                holders.get(r.claimed_by or 0, "") if r.claim_until > now else "",
                tuple(r.reasons.split("\n")) if r.reasons else (),
                r.codes.split(",")[1] if r.blocking or r.review else "",
            )
            for r in rows
        ),
        total=total,
        pages=-(-total // PAGE_ROWS) or 1,
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """What is left of a window, by state and by route, and how far the sampling is."""

    states: dict[str, int]
    routes: dict[str, int]
    samples: Progress


def count_window(session: Session, window_id: str) -> Counts:
    """The counts above the queue."""
    return Counts(
        states=count_by(session, window_id, DossierRow.state),
        routes=count_by(session, window_id, DossierRow.route),
        samples=progress(session, window_id),
    )


def count_by(
    session: Session, window_id: str, column: InstrumentedAttribute[str]
) -> dict[str, int]:
    """How many dossiers of the window have each value of a column."""
    found = session.execute(
        select(column, func.count()).where(DossierRow.window_id == window_id).group_by(column)
    )
    return {str(value): number for value, number in found}


_ORDER = (DossierRow.place, DossierRow.dossier_id)


def _filtered(
    query: Select[str], window_id: str, filters: Filters, viewer: Viewer, now: float
) -> Select[str]:
    query = query.where(DossierRow.window_id == window_id)
    if filters.state:
        query = query.where(DossierRow.state == filters.state)
    if filters.route:
        query = query.where(DossierRow.route == filters.route)
    if filters.level:
        query = query.where(DossierRow.applied_level == filters.level)
    if filters.code:
        query = query.where(DossierRow.codes.contains(f",{filters.code},", autoescape=True))
    for word in filters.search.split()[:4]:
        query = query.where(
            or_(
                DossierRow.dossier_id.contains(word, autoescape=True),
                DossierRow.name.contains(word, autoescape=True),
                DossierRow.employer.contains(word, autoescape=True),
            )
        )
    return query.where(free_for(viewer, window_id, now)) if filters.mine else query


def free_for(viewer: Viewer, window_id: str, now: float) -> ColumnElement[bool]:
    """Dossiers that the viewer may take now: their turn, nobody's lease, not seen by them before."""
    states = [State.WAITING, State.SECOND]
    if viewer.role is Role.SENIOR:
        states.append(State.SENIOR)
    seen = select(Review.dossier_id).where(
        Review.window_id == window_id,
        Review.reviewer_id == viewer.user_id,
        Review.state == "finished",
    )
    return and_(
        DossierRow.state.in_([str(s) for s in states]),
        or_(
            DossierRow.claimed_by.is_(None),
            DossierRow.claim_until < now,
            DossierRow.claimed_by == viewer.user_id,
        ),
        DossierRow.dossier_id.not_in(seen),
    )


def next_dossier(session: Session, window_id: str, viewer: Viewer, now: float) -> DossierRow | None:
    """The dossier the viewer should take next: one they hold already, else the first of the queue."""
    held = select(DossierRow).where(
        DossierRow.claimed_by == viewer.user_id,
        DossierRow.claim_until >= now,
        DossierRow.window_id == window_id,
    )
    mine = session.scalars(held.limit(1)).first()
    if mine is not None:
        return mine
    free = (
        select(DossierRow)
        .where(
            DossierRow.window_id == window_id,
            free_for(viewer, window_id, now),
        )
        .order_by(*_ORDER)
        .limit(1)
    )
    return session.scalars(free).first()


def _names(session: Session, ids: set[int | None]) -> dict[int, str]:
    if not ids:
        return {}
    found = session.execute(select(User.id, User.display_name).where(User.id.in_(ids)))
    return {row.id: row.display_name for row in found}


@dataclass(frozen=True, slots=True)
class PastReview:
    review: Review
    dossier: DossierRow


def history(session: Session, window_id: str, viewer: Viewer, limit: int = 200) -> list[PastReview]:
    """The viewer's own reviews of the window, newest first."""
    rows = session.execute(
        select(Review, DossierRow)
        .join(
            DossierRow,
            (DossierRow.window_id == Review.window_id)
            & (DossierRow.dossier_id == Review.dossier_id),
        )
        .where(Review.window_id == window_id, Review.reviewer_id == viewer.user_id)
        .order_by(Review.touched_at.desc())
        .limit(limit)
    )
    return [PastReview(review, dossier) for review, dossier in rows]
