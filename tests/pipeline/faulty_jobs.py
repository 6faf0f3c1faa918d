"""Jobs for worker processes that go wrong in every way a native library can."""

import ctypes
import os
import time

from pipeline.errors import StoreError
from pipeline.workers import ReadOutcome, ReadRequest, read_one


def double(number: int) -> int:
    return 2 * number


def crash(_request: object) -> None:
    ctypes.string_at(0)


def hang(_request: object) -> None:
    while True:
        time.sleep(3600)


def raise_with_data(_request: object) -> None:
    raise ValueError("张三 510102199001011234")


def report_full_disk(_request: object) -> None:
    raise StoreError("no space left")


def worker_pid(_request: object) -> int:
    return os.getpid()


def read_or_fall_over(request: ReadRequest) -> ReadOutcome:
    """Reads a file, but crashes or hangs on those whose names say so."""
    if "crash" in request.path.name:
        crash(request)
    if "hang" in request.path.name:
        hang(request)
    return read_one(request)
