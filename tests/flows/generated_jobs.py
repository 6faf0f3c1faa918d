"""Jobs over simulated uploads, for runs that are real in everything but OCR."""

import ctypes
import time

from benchmarks.simulated import unpack_stub
from pipeline import workers
from pipeline.store.blobs import BlobStore
from pipeline.workers import READING_SUFFIX, ReadOutcome, ReadRequest, pack_reading


def _blobs() -> BlobStore:
    return workers._this_worker().blobs


def read_generated(request: ReadRequest) -> ReadOutcome:
    """What a reader gives for a simulated upload."""
    workers._require_same(request)
    started = time.perf_counter()
    reading = unpack_stub(request.path.read_bytes(), request.sha256)
    blob = _blobs().put(pack_reading(reading), READING_SUFFIX)
    return ReadOutcome(blob, len(reading.pages), time.perf_counter() - started, 0.0)


def read_slowly(request: ReadRequest) -> ReadOutcome:
    """The same, after long enough for somebody to be killed meanwhile."""
    time.sleep(0.05)
    return read_generated(request)


def read_very_slowly(request: ReadRequest) -> ReadOutcome:
    """The same, after long enough for a server to start meanwhile."""
    time.sleep(0.5)
    return read_generated(request)


def read_or_misbehave(request: ReadRequest) -> ReadOutcome:
    """The same; files whose names say so crash, spin for ever or eat memory."""
    name = request.path.stem
    if "crash" in name:
        ctypes.string_at(0)
    while "spin" in name:
        pass
    if "eat" in name:
        held = []
        while True:
            held.append(bytearray(64 * 2**20))
    return read_generated(request)
