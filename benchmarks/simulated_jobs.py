"""Jobs that stand for reading in runs over simulated uploads."""

import os
import time

from benchmarks.simulated import reading_in, unpack_stub
from pipeline import workers
from pipeline.workers import READING_SUFFIX, ReadOutcome, ReadRequest

PAGE_SECONDS = "CHUHE_BENCHMARK_PAGE_SECONDS"


def read_as_long(request: ReadRequest) -> ReadOutcome:
    """What the upload carries, after as much processor time a page as the environment says."""
    started = time.perf_counter()
    data = request.path.read_bytes()
    pages = len(unpack_stub(data, request.sha256).pages)
    until = time.process_time() + pages * float(os.environ[PAGE_SECONDS])
    while time.process_time() < until:
        sum(range(1000))
    blob = workers._this_worker().blobs.put(reading_in(data), READING_SUFFIX)
    return ReadOutcome(blob, pages, time.perf_counter() - started, 0.0)
