"""Pages made ready before somebody asks for them, by one process of low priority.

The console tells it which dossiers people have before them and which come next in each queue; it
makes the covered pages of those in that order, and forgets the dossiers touched longest ago.
"""

import logging
import multiprocessing
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import or_, select

from console.database import Database
from console.dossiers import DossierShelf
from console.preparing import Wanted, prepare_pages
from console.schema import DossierRow, WindowRow
from console.states import State

_OPENED, _NEXT = 10, 4
"""Pages of a dossier that is on a desk, and of one in the queue: further ones are seldom looked at."""
_LISTENS_EVERY, _LOOKS_EVERY = 0.5, 20.0
"""Seconds between two looks at the queue: the least, and the most."""
_LOADED = 40
"""Dossiers, the first that are wanted, that the console itself has in memory before they are opened."""
_PAUSE = 0.1
"""Seconds between two such dossiers, in which the console answers people."""
_KEPT_TIMES = 5
"""So many times as many dossiers as are made ready may lie on disk."""
_PATIENCE = 10.0
"""Seconds that the process may take to end."""
_STARTS = 4
"""The process is started again when it ends by itself, so often in all."""

log = logging.getLogger(__name__)


class Preparer:
    """The process that makes pages ready, and the thread that tells it which. Nothing runs before
    `start`, and nothing at all when `ahead`, the dossiers of each queue made ready, is 0."""

    def __init__(
        self, database: Database, dossiers: DossierShelf, location: str, state: Path, *, ahead: int
    ) -> None:
        self._database = database
        self._dossiers = dossiers
        self._location = location
        self._state = state
        self._ahead = ahead
        self._woken = threading.Event()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._ahead and self._thread is None:
            self._thread = threading.Thread(target=self._tell, name="preparer", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Says that the queue or somebody's desk is not what it was; never waits."""
        self._woken.set()

    def close(self) -> None:
        """Ends thread and process after the page it is at."""
        self._ending.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _tell(self) -> None:
        for _ in range(_STARTS):
            process, outlet = self._start_process()
            try:
                self._tell_one(process, outlet)
            except OSError:
                log.warning("the process that prepares pages ended by itself")
            finally:
                outlet.close()  # which ends the process
                process.join(_PATIENCE)
                process.kill()
            if self._ending.is_set():
                return

    def _start_process(self) -> tuple[BaseProcess, Connection]:
        context = multiprocessing.get_context("spawn")
        inlet, outlet = context.Pipe(duplex=False)
        process = context.Process(
            target=prepare_pages, args=(inlet, self._location, self._state), daemon=True
        )
        process.start()
        inlet.close()
        return process, outlet

    def _tell_one(self, process: BaseProcess, outlet: Connection) -> None:
        told: Wanted = ()
        while not self._ending.is_set() and process.is_alive():
            wanted = self._wanted()
            if wanted != told:
                outlet.send((wanted, _KEPT_TIMES * self._ahead))
                told = wanted
            for blob in list(dict.fromkeys(blob for blob, _ in wanted))[:_LOADED]:
                if self._dossiers.load(blob) and self._ending.wait(_PAUSE):
                    break
                if self._woken.is_set():  # the process hears of it first
                    break
            self._woken.wait(_LOOKS_EVERY)
            self._ending.wait(_LISTENS_EVERY)
            self._woken.clear()

    def _wanted(self) -> Wanted:
        """The first pages of what is on desks, the head of each queue, then further pages of what
        is on desks."""
        now = self._database.clock()
        turn = [str(s) for s in State if s is not State.DECIDED]
        is_free = or_(DossierRow.claimed_by.is_(None), DossierRow.claim_until < now)
        with self._database.read() as session:
            held = session.scalars(
                select(DossierRow.kept)
                .where(DossierRow.claimed_by.is_not(None), DossierRow.claim_until >= now)
                .order_by(DossierRow.claim_until.desc())
            ).all()
            queues = [
                session.scalars(
                    select(DossierRow.kept)
                    .where(DossierRow.window_id == window, DossierRow.state.in_(turn), is_free)
                    .order_by(DossierRow.place, DossierRow.dossier_id)
                    .limit(self._ahead)
                ).all()
                for window in session.scalars(select(WindowRow.window_id)).all()
            ]
        free = [blob for queue in queues for blob in queue]
        first = [(blob, _NEXT) for blob in (*held, *free)]
        return (*first, *((blob, _OPENED) for blob in held))
