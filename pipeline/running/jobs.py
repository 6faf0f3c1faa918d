"""The jobs of a run: sent to its pool of workers, tried once more when they fail, handled in turn."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pipeline.errors import MaterialChanged, StoreError
from pipeline.pool import JobDone, JobFailed, WorkerPool
from pipeline.workers import WorkerSetup

ATTEMPTS = 2
"""How often a file is tried before it is quarantined, and a dossier before it is unreported."""


@dataclass(frozen=True, slots=True)
class _Ticket:
    """A job on its way, and who is told what came of it."""

    job: Callable[[Any], Any]
    request: object
    then: Callable[[Any], None]
    attempt: int = 1


class Jobs:
    """Jobs for worker processes, which are started with the first of them. For one thread."""

    def __init__(self, setup: WorkerSetup) -> None:
        self._setup = setup
        self._pool: WorkerPool | None = None
        self._in_flight = 0

    def send(self, job: Callable[[Any], Any], request: object, then: Callable[[Any], None]) -> None:
        """Has a worker do `job(request)`; `then` gets what it returned, or a `JobFailed`."""
        self._send(_Ticket(job, request, then))

    def handle_surplus(self) -> None:
        """Handles what comes back until the workers have no more than enough to do."""
        while self._in_flight >= 4 * self._setup.settings.workers:
            self._handle_next()

    def handle_all(self) -> None:
        """Handles what comes back, also of the jobs that this sends, until nothing is on its way."""
        while self._in_flight:
            self._handle_next()

    def close(self, *, wait: bool) -> None:
        """Ends the workers: after their jobs when `wait`, else at once."""
        if self._pool is not None:
            self._pool.close(wait=wait)

    def _send(self, ticket: _Ticket) -> None:
        if self._pool is None:
            self._pool = WorkerPool(self._setup)
        self._in_flight += 1
        self._pool.submit(
            ticket.job, ticket.request, tag=ticket, seconds=self._setup.settings.file_seconds
        )

    def _handle_next(self) -> None:
        """Raises `StoreError` when a worker could not keep what it made."""
        assert self._pool is not None
        done: JobDone = self._pool.completed.get()
        self._in_flight -= 1
        if isinstance(done.outcome, StoreError):
            raise done.outcome
        ticket: _Ticket = done.tag
        failed = isinstance(done.outcome, JobFailed) and done.outcome.detail != MaterialChanged.code
        if failed and ticket.attempt < ATTEMPTS:
            self._send(replace(ticket, attempt=ticket.attempt + 1))
        else:
            ticket.then(done.outcome)
