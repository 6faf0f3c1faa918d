"""What a run says of itself: progress, chunks that are done, log lines, notes in the ledger."""

import logging
import time
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import replace

from pipeline.model.dossier import IntakeError
from pipeline.progress import Progress, ProgressListener, be_silent
from pipeline.report.summary import Unreported
from pipeline.running.outcome import ChunkResult, RunPart
from pipeline.store.runs import RunLedger

log = logging.getLogger("chuhe.run")

_NOTE_SECONDS = 2.0
"""How often a run writes down how far it is."""


class Telling:
    """The numbers of one run, and what could not be taken in or reported."""

    def __init__(
        self,
        ledger: RunLedger,
        window_id: str,
        *,
        total: int,
        chunk_dossiers: int,
        part: RunPart | None,
    ) -> None:
        self.window_id = window_id
        self.run_id = part.run_id if part else 0
        self.progress = Progress(dossiers_total=total)
        self.listener: ProgressListener = be_silent
        self.errors: list[IntakeError] = []
        self.ocr_seconds = self.worker_seconds = 0.0
        self.chunks: list[Future[ChunkResult]] = [
            Future() for _ in range(-(-total // chunk_dossiers))
        ]
        self._ledger = ledger
        self._part = part
        self._chunk_dossiers = chunk_dossiers
        self._ended: dict[int, list[int]] = {}
        self._noted_at = 0.0
        self._reasons: dict[str, list[str]] = {}

    # --- the run ---------------------------------------------------------------------------

    def begin(self) -> None:
        if self._part is None:
            self.run_id = self._ledger.begin(self.window_id, self.progress)

    def end(self) -> None:
        """Notes that the run has ended; of a part, that is for whoever holds it to say."""
        if self._part is None:
            self._ledger.update(self.run_id, self.progress, state="done")

    def settle(self, error: BaseException | None = None) -> None:
        """Ends the wait of whoever waits for a chunk; with `error`, that is what they get."""
        for index, future in enumerate(self.chunks):
            if future.done():
                continue
            if error is not None:
                future.set_exception(error)
            else:
                self._settle(index)

    def count(self, **more: int) -> None:
        """Adds to the numbers of the progress, and tells whoever listens."""
        changed = {name: getattr(self.progress, name) + by for name, by in more.items()}
        self.progress = replace(self.progress, **changed)
        self.listener(self.progress)
        if self._part is None and time.monotonic() - self._noted_at > _NOTE_SECONDS:
            self._noted_at = time.monotonic()
            self._ledger.update(self.run_id, self.progress)

    # --- dossiers --------------------------------------------------------------------------

    def chunk_of(self, place: int) -> int:
        """The chunk that the dossier at `place` (from 0) of the run belongs to."""
        return min(place // self._chunk_dossiers, max(len(self.chunks) - 1, 0))

    def dossier_ended(self, chunk: int, *, reported: bool) -> None:
        counts = self._ended.setdefault(chunk, [0, 0])
        counts[0 if reported else 1] += 1
        self.count(dossiers_done=1)
        if sum(counts) == self._chunk_dossiers and chunk < len(self.chunks):
            self._settle(chunk)

    def take_error(self, error: IntakeError, chunk: int) -> None:
        """Keeps an intake error; a dossier with several of them is unreported once."""
        part = self._part
        if part is not None and part.number > 0 and error.dossier_id not in part.dossier_ids:
            return  # what concerns the whole folder is said once, by the first part
        self.errors.append(error)
        self._ledger.note(self.run_id, "error", error.dossier_id, error.model_dump_json())
        if error.dossier_id is None:
            return
        if error.dossier_id not in self._reasons:
            self.dossier_ended(chunk, reported=False)
        self.leave_unreported(error.dossier_id, error.message)

    def leave_unreported(self, dossier_id: str, reason: str) -> None:
        self.log("dossier unreported", dossier_id)
        self._reasons.setdefault(dossier_id, []).append(reason)
        body = Unreported(dossier_id=dossier_id, reason=reason).model_dump_json()
        self._ledger.note(self.run_id, "unreported", dossier_id, body)

    @property
    def unreported(self) -> Iterable[Unreported]:
        """The dossiers without a report, by id, each with all its reasons."""
        for dossier_id, reasons in sorted(self._reasons.items()):
            yield Unreported(dossier_id=dossier_id, reason="；".join(reasons))

    def log(self, message: str, dossier_id: str, **more: object) -> None:
        """Writes a line on a dossier: never a name, a number or a file name."""
        said = {"window_id": self.window_id, "run_id": self.run_id, "dossier_id": dossier_id}
        log.info(message, extra={**said, **more})

    def _settle(self, chunk: int) -> None:
        reported, unreported = self._ended.get(chunk, [0, 0])
        if not self.chunks[chunk].done():
            self.chunks[chunk].set_result(
                ChunkResult(chunk, reported + unreported, reported, unreported)
            )
