"""The OCR engine: PaddleOCR's detection and recognition modules on ONNX Runtime, one per process.

Detection and recognition are called separately, so that a known box can be read again with another
recogniser. PaddleOCR's modules prepare the pixels and run the models (the older PP-OCRv5, whose
description they would want, is run as it is); the recogniser's column probabilities are decoded
here (`pipeline.reading.ctc`), which keeps a score, a place and alternatives for every character.
Engines are never shared by threads.
"""

import logging
import os
import time
from collections.abc import Callable
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reading.ctc import Alphabet, Recognised, decode
from pipeline.reading.models import lay_models
from pipeline.reading.unlearned import unlearned

Image = NDArray[np.uint8]
"""(H, W, 3) uint8, BGR."""

Boxes = NDArray[np.float32]
"""(N, 4, 2) corners in pixels: top left, top right, bottom right, bottom left."""

_LEAST_WIDTH = 160
"""Least width in pixels of what the recognisers see (crops are 48 high); shorter crops are padded.

PaddleOCR's own 320 costs short cells twice the time and reads the same of them."""

_RUNTIME = {
    "intra_op_num_threads": 1,
    "inter_op_num_threads": 1,
    "enable_cpu_mem_arena": False,
    "enable_mem_pattern": False,
}


class Strength(StrEnum):
    """Which recogniser reads: tiny is four times as fast, small knows 18 708 characters (tiny 6 904).

    `MOBILE` is PP-OCRv5 mobile: 18 383 characters, learned from other pictures, so that it seldom
    takes a rare character for the same common one as PP-OCRv6 does.
    """

    TINY = "tiny"
    SMALL = "small"
    MOBILE = "mobile"


_DETECTOR = "PP-OCRv6_tiny_det"
_FIRST = {Strength.TINY: "PP-OCRv6_tiny_rec", Strength.SMALL: "PP-OCRv6_small_rec"}
_OTHER = "PP-OCRv5_mobile_rec"


def engine_name() -> str:
    """Name and versions of what reads, for provenance."""
    versions = [f"{name} {metadata.version(name)}" for name in ("paddleocr", "onnxruntime")]
    return f"PP-OCRv6 tiny+small, PP-OCRv5 mobile ({', '.join(versions)}, cpu, 1 thread)"


class Engine:
    """Finds lines of text and reads them. Slow to make (2–4 s): one per worker process.

    `models` is the folder where the weights are laid out (the user's cache when None).
    Raises `ModelsMissing`.
    """

    seconds: float
    """Seconds spent in the models since the engine was made (for benchmarks)."""

    def __init__(self, models: Path | None = None) -> None:
        self.seconds = 0.0
        folders = lay_models(models)
        os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        from paddleocr import TextDetection, TextRecognition  # slow, and reads the environment

        logging.getLogger("paddlex").setLevel(logging.ERROR)
        cv2.setNumThreads(1)

        def load(kind: Any, name: str) -> Any:
            module = kind(
                model_name=name,
                model_dir=str(folders[name]),
                engine="onnxruntime",
                engine_config=_RUNTIME,
                device="cpu",
            )
            return module.paddlex_predictor

        self._detector = load(TextDetection, _DETECTOR)
        firsts = {strength: load(TextRecognition, name) for strength, name in _FIRST.items()}
        self._prepare = firsts[Strength.SMALL].pre_tfs
        self._prepare["ReisizeNorm"].rec_image_shape = [3, 48, _LEAST_WIDTH]
        self._run = {strength: predictor.runner for strength, predictor in firsts.items()}
        self._run[Strength.MOBILE] = _runner(folders[_OTHER] / "inference.onnx")
        self._alphabets = {
            strength: Alphabet.of((*predictor.config["PostProcess"]["character_dict"], " "))
            for strength, predictor in firsts.items()
        }
        listed = (folders[_OTHER] / "characters.txt").read_text("utf-8").split("\n")
        self._alphabets[Strength.MOBILE] = Alphabet.of((*filter(None, listed), " "))
        self._known = {s: frozenset(a.characters) for s, a in self._alphabets.items()}
        self._unlearned = {
            strength: unlearned(strength.value, self._alphabets[strength].characters)
            for strength in (Strength.SMALL, Strength.MOBILE)
        }
        self._extended = {s: Alphabet.of(u.listed) for s, u in self._unlearned.items()}

    def detect(self, image: Image, side: int) -> Boxes:
        """Boxes of the lines of text, in pixels of `image`, looked for at `side` pixels at most.

        The picture is made smaller here by area, which averages noise away; the detector's own
        way of doing it keeps the noise.
        """
        started = time.perf_counter()
        height, width = image.shape[:2]
        scale = min(1.0, side / max(height, width))
        if scale < 1.0:
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        found = next(iter(self._detector(image, limit_side_len=side, limit_type="max")))
        polygons = np.asarray(found["dt_polys"], dtype=np.float32).reshape(-1, 4, 2)
        back = np.array([width / image.shape[1], height / image.shape[0]], dtype=np.float32)
        self.seconds += time.perf_counter() - started
        return polygons * back

    def recognise(
        self, crop: Image, strength: Strength = Strength.TINY, *, names: bool = False
    ) -> Recognised:
        """What stands on a crop of one upright line (an empty reading for an empty crop).

        With `names`, characters count that only names have and the recogniser never learned.
        """
        if crop.shape[0] < 2 or crop.shape[1] < 2:
            return Recognised(glyphs=(), score=0.0)
        started = time.perf_counter()
        probabilities, used = self.probabilities(crop, strength)
        alphabet = self._alphabets[strength]
        if names and strength in self._unlearned:
            probabilities = self._unlearned[strength].added(probabilities)
            alphabet = self._extended[strength]
        found = decode(probabilities, alphabet, used)
        self.seconds += time.perf_counter() - started
        return found

    def probabilities(self, crop: Image, strength: Strength) -> tuple[NDArray[np.float32], float]:
        """What a recogniser says of a crop, `(columns, classes)`, before anything is added to it;
        and the fraction of the columns that the crop fills (the rest is padding)."""
        prepared = self._prepare["ToBatch"](imgs=self._prepare["ReisizeNorm"](imgs=[crop]))
        probabilities = self._run[strength](x=prepared)[0][0]
        height, width = prepared[0].shape[2:]
        used = min(1.0, np.ceil(height * crop.shape[1] / crop.shape[0]) / width)
        return probabilities, float(used)

    def characters(self, strength: Strength) -> tuple[str, ...]:
        """What a recogniser lists: its class `i` is `characters[i - 1]`, class 0 is the blank."""
        return self._alphabets[strength].characters

    def knows(self, char: str, strength: Strength = Strength.SMALL) -> bool:
        """True when the recogniser has the character in its list, so that it could read it."""
        return char in self._known[strength]


def _runner(model: Path) -> Callable[..., Any]:
    """What runs a model as it lies, called like a runner of PaddleOCR's: a batch in, its outputs out."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    for name, value in _RUNTIME.items():
        setattr(options, name, value)
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return lambda x: session.run(None, {"x": x[0]})
