"""A pool of worker processes in which a crash or a hang costs one job only."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as JobTimeoutError
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from pebble import ProcessExpired, ProcessPool

from pipeline.errors import ChuheError, StoreError
from pipeline.workers import WorkerSetup, limit_processor_time, start_worker

_OUT_OF_TIME = 24
"""SIGXCPU: the processor time is used up."""


@dataclass(frozen=True, slots=True)
class JobFailed:
    """Why a job gave no result: `timeout`, `crash` (its process died) or `error` (it raised).

    `detail` is the class of the error or the exit code: never a message, which could hold data.
    """

    why: str
    detail: str


@dataclass(frozen=True, slots=True)
class JobDone:
    tag: Any
    outcome: Any


class WorkerPool:
    """Processes with one engine each; finished jobs arrive in `completed`, whatever became of them."""

    def __init__(self, setup: WorkerSetup) -> None:
        self.completed: SimpleQueue[JobDone] = SimpleQueue()
        self.size = setup.settings.workers
        self._cpu_seconds = setup.settings.file_cpu_seconds
        self._pool = ProcessPool(
            max_workers=setup.settings.workers,
            max_tasks=setup.settings.worker_files,
            initializer=start_worker,
            initargs=(setup,),
            context=multiprocessing.get_context("spawn"),
        )

    def submit(
        self, job: Callable[[Any], Any], request: object, *, tag: object, seconds: float
    ) -> None:
        """Runs `job(request)` in a worker, ended for good after `seconds` of wall time, or after
        the processor time that the settings allow."""
        args = (job, request, self._cpu_seconds)
        future = self._pool.schedule(_limited, args=args, timeout=seconds)
        future.add_done_callback(lambda done: self.completed.put(JobDone(tag, _outcome_of(done))))

    def close(self, *, wait: bool = True) -> None:
        """Ends the workers: after their jobs when `wait`, else at once."""
        if wait:
            self._pool.close()
        else:
            self._pool.stop()
        self._pool.join()


def _limited(job: Callable[[Any], Any], request: object, cpu_seconds: int) -> Any:
    limit_processor_time(cpu_seconds)
    return job(request)


def _outcome_of(future: Future[Any]) -> Any:
    try:
        return future.result()
    except JobTimeoutError:
        return JobFailed("timeout", "")
    except ProcessExpired as expired:
        if expired.exitcode == -_OUT_OF_TIME:
            return JobFailed("timeout", "")
        return JobFailed("crash", str(expired.exitcode))
    except StoreError as error:
        return error
    except ChuheError as error:
        return JobFailed("error", error.code)
    except MemoryError:
        return JobFailed("memory", "")
    except Exception as error:  # noqa: BLE001 - the process boundary
        return JobFailed("error", type(error).__name__)
