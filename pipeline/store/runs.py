"""Runs as the store knows them: how far they are, what failed, and who works on which chunk."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, and_, func, or_, select, update
from sqlalchemy.orm import Session

from pipeline.progress import Progress
from pipeline.store.database import store_session
from pipeline.store.schema import StoredChunk, StoredProblem, StoredReport, StoredRun


@dataclass(frozen=True, slots=True)
class Chunk:
    """Dossiers that one machine works on together."""

    run_id: int
    number: int
    dossier_ids: tuple[str, ...]
    attempts: int


class RunLedger:
    """What is written down of runs. Safe for several processes and machines."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- runs ------------------------------------------------------------------------------

    def begin(self, window_id: str, progress: Progress) -> int:
        """The id of a new run."""
        now = time.time()
        run = StoredRun(
            window_id=window_id,
            state="running",
            started_at=now,
            updated_at=now,
            **asdict(progress),
        )
        with store_session(self._engine) as session:
            session.add(run)
            session.flush()
            return run.id

    def update(self, run_id: int, progress: Progress, *, state: str = "running") -> None:
        with store_session(self._engine) as session:
            session.execute(
                update(StoredRun)
                .where(StoredRun.id == run_id)
                .values(state=state, updated_at=time.time(), **asdict(progress))
            )

    def end(self, run_id: int, state: str) -> None:
        with store_session(self._engine) as session:
            _sum_chunks(session, run_id)
            session.execute(
                update(StoredRun)
                .where(StoredRun.id == run_id)
                .values(state=state, updated_at=time.time())
            )

    def find(self, run_id: int) -> StoredRun | None:
        with store_session(self._engine) as session:
            return session.get(StoredRun, run_id)

    def latest(self, window_id: str) -> StoredRun | None:
        query = select(StoredRun).where(StoredRun.window_id == window_id)
        with store_session(self._engine) as session:
            return session.scalars(query.order_by(StoredRun.id.desc()).limit(1)).first()

    # --- what failed -----------------------------------------------------------------------

    def note(self, run_id: int, kind: str, dossier_id: str | None, body: str) -> None:
        """Keeps an intake error or an unreported dossier, as JSON."""
        with store_session(self._engine) as session:
            session.add(StoredProblem(run_id=run_id, kind=kind, dossier_id=dossier_id, body=body))

    def problems(self, run_id: int, kind: str) -> list[str]:
        query = select(StoredProblem.body).where(
            StoredProblem.run_id == run_id, StoredProblem.kind == kind
        )
        with store_session(self._engine) as session:
            return list(session.scalars(query.order_by(StoredProblem.id)))

    def slowest(self, window_id: str, run_id: int, count: int) -> list[tuple[str, float]]:
        """Dossier ids and worker seconds, the slowest first."""
        query = (
            select(StoredReport.dossier_id, StoredReport.seconds)
            .where(
                StoredReport.window_id == window_id,
                StoredReport.run_id == run_id,
                StoredReport.seconds.is_not(None),
            )
            .order_by(StoredReport.seconds.desc(), StoredReport.dossier_id)
            .limit(count)
        )
        with store_session(self._engine) as session:
            return [(dossier_id, float(s or 0)) for dossier_id, s in session.execute(query)]

    # --- chunks ----------------------------------------------------------------------------

    def plan(self, run_id: int, chunks: Sequence[Sequence[str]]) -> None:
        """Writes down the chunks of a run, all waiting."""
        with store_session(self._engine) as session:
            session.add_all(
                StoredChunk(
                    run_id=run_id,
                    number=number,
                    dossier_ids=json.dumps(list(ids)),
                    state="waiting",
                    holder="",
                    lease_until=0.0,
                    attempts=0,
                    counts="",
                )
                for number, ids in enumerate(chunks)
            )

    def take(self, run_id: int, holder: str, seconds: float) -> Chunk | None:
        """A chunk that nobody works on, held for `seconds`; None when there is none just now.

        A chunk whose holder has not said for too long that it lives is nobody's.
        """
        with store_session(self._engine) as session:
            now = _clock(session)
            free = or_(
                StoredChunk.state == "waiting",
                and_(StoredChunk.state == "taken", StoredChunk.lease_until < now),
            )
            query = select(StoredChunk).where(StoredChunk.run_id == run_id, free)
            query = query.order_by(StoredChunk.number).limit(1).with_for_update(skip_locked=True)
            found = session.scalars(query).first()
            if found is None:
                return None
            taken = session.execute(
                update(StoredChunk)
                .where(
                    StoredChunk.run_id == run_id,
                    StoredChunk.number == found.number,
                    StoredChunk.attempts == found.attempts,
                    free,
                )
                .values(
                    state="taken",
                    holder=holder,
                    lease_until=now + seconds,
                    attempts=StoredChunk.attempts + 1,
                )
                .execution_options(synchronize_session=False)
            )
            if taken.rowcount != 1:  # type: ignore[attr-defined] # a cursor result
                return None
            ids = tuple(json.loads(found.dossier_ids))
            return Chunk(run_id, found.number, ids, found.attempts + 1)

    def hold(self, chunk: Chunk, holder: str, seconds: float, progress: Progress) -> bool:
        """Holds a chunk for longer and notes how far it is. False when somebody else has it by now."""
        with store_session(self._engine) as session:
            until = _clock(session) + seconds
            return self._change(session, chunk, holder, progress, lease_until=until)

    def finish(self, chunk: Chunk, holder: str, progress: Progress) -> bool:
        """Marks a chunk done. False when somebody else has it by now."""
        with store_session(self._engine) as session:
            return self._change(session, chunk, holder, progress, state="done")

    def _change(
        self, session: Session, chunk: Chunk, holder: str, progress: Progress, **values: object
    ) -> bool:
        """Changes a chunk that is still the holder's, and with it the numbers of its run."""
        changed = session.execute(
            update(StoredChunk)
            .where(
                StoredChunk.run_id == chunk.run_id,
                StoredChunk.number == chunk.number,
                StoredChunk.holder == holder,
                StoredChunk.state == "taken",
            )
            .values(counts=json.dumps(asdict(progress)), **values)
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined] # a cursor result
            return False
        _sum_chunks(session, chunk.run_id)
        return True

    def unfinished(self, run_id: int) -> int:
        """How many chunks of a run are not done."""
        query = select(func.count()).where(
            StoredChunk.run_id == run_id, StoredChunk.state != "done"
        )
        with store_session(self._engine) as session:
            return int(session.scalar(query) or 0)

    def chunks(self, run_id: int) -> Iterator[StoredChunk]:
        query = select(StoredChunk).where(StoredChunk.run_id == run_id)
        with store_session(self._engine) as session:
            yield from session.scalars(query.order_by(StoredChunk.number))


def _sum_chunks(session: Session, run_id: int) -> None:
    """Sets the numbers of a run that machines share to the sum over its chunks.

    A sum and not an addition: a chunk that changed hands is counted once.
    """
    query = select(StoredChunk.counts).where(StoredChunk.run_id == run_id, StoredChunk.counts != "")
    told = [json.loads(counts) for counts in session.scalars(query)]
    if not told:
        return
    names = [name for name in Progress.__slots__ if name != "dossiers_total"]
    values = {name: sum(counts[name] for counts in told) for name in names}
    session.execute(
        update(StoredRun).where(StoredRun.id == run_id).values(updated_at=time.time(), **values)
    )


def _clock(session: Session) -> float:
    """Seconds since 1970 by the database where it is a server, else by this machine."""
    if session.get_bind().dialect.name == "postgresql":
        return float(session.scalar(select(func.extract("epoch", func.clock_timestamp()))) or 0.0)
    return time.time()
