"""Jobs that stand for reading in runs over simulated uploads."""

import os
import time

import numpy as np

from benchmarks.simulated import reading_in, unpack_stub
from pipeline import workers
from pipeline.workers import READING_SUFFIX, ReadOutcome, ReadRequest

PAGE_STEPS = "CHUHE_BENCHMARK_PAGE_STEPS"
_IN, _OUT, _WIDE = 288, 64, 10_000


class Layer:
    """One layer of a convolutional network over a picture, as the matrix product it is done by.

    Its picture does not fit into a core's own cache, as those of a text detector do not.
    """

    def __init__(self) -> None:
        rng = np.random.default_rng(1)
        self._weights = rng.standard_normal((_OUT, _IN), dtype=np.float32)
        self._picture = rng.standard_normal((_IN, _WIDE), dtype=np.float32)

    def step(self, steps: int) -> None:
        """Does the layer so many times: the same work however long it takes."""
        for _ in range(steps):
            np.maximum(self._weights @ self._picture, 0)


def steps_in(seconds: float) -> int:
    """How many steps this machine does in so much processor time, just now."""
    layer, steps = Layer(), 0
    layer.step(5)
    began = time.process_time()
    while time.process_time() < began + 2:
        layer.step(5)
        steps += 5
    return max(1, round(steps * seconds / (time.process_time() - began)))


_layer: list[Layer] = []


def read_as_long(request: ReadRequest) -> ReadOutcome:
    """What the upload carries, after as many steps a page as the environment says."""
    started = time.perf_counter()
    data = request.path.read_bytes()
    pages = len(unpack_stub(data, request.sha256).pages)
    if not _layer:
        _layer.append(Layer())
    _layer[0].step(pages * int(os.environ[PAGE_STEPS]))
    blob = workers._this_worker().blobs.put(reading_in(data), READING_SUFFIX)
    return ReadOutcome(blob, pages, time.perf_counter() - started, 0.0)
