"""Pages of picture files: JPEG, PNG, WebP, BMP, TIFF, HEIC."""

import mmap
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageFile, ImageOps

from pipeline.errors import MaterialRefused
from pipeline.pages import reasons
from pipeline.pages.formats import Format
from pipeline.pages.page import OpenedPage, PageLimits, PageProblem, Picture, as_picture

_PILLOW_NAMES = {
    Format.JPEG: "JPEG",
    Format.PNG: "PNG",
    Format.WEBP: "WEBP",
    Format.BMP: "BMP",
    Format.TIFF: "TIFF",
    Format.HEIC: "HEIF",
}

_UNDECODABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    AttributeError,
    AssertionError,
    MemoryError,
    UserWarning,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise on hostile files, found by its own fuzzing reports and ours."""

_KEPT_PIXELS = 40_000_000
_KEPT_SHORT_SIDE = 1500


class ImageSource:
    """An open picture file; several pages only when it is a multi-page TIFF."""

    def __init__(self, path: Path, kind: Format, limits: PageLimits) -> None:
        self._path = path
        self._kind = kind
        self._limits = limits
        self.notes: tuple[str, ...] = ()
        if kind is Format.HEIC:
            _register_heif()
        _require_whole(path, kind)
        self.page_count = self._count_pages()

    def _count_pages(self) -> int:
        try:
            with _warnings_of(self._kind), self._open() as image:
                self._require_pixels(image)
                frames = int(getattr(image, "n_frames", 1))
        except _UNDECODABLE as error:
            raise MaterialRefused(_why(error)) from error
        if self._kind is not Format.TIFF:
            if frames > 1 and self._kind is not Format.JPEG:
                self.notes = (f"图片含 {frames} 帧，只读取主图（第一帧）。",)
            return 1
        if frames > self._limits.max_pages:
            raise MaterialRefused(reasons.too_many_pages(frames, self._limits.max_pages))
        return frames

    def draw(self, number: int) -> OpenedPage | PageProblem:
        """Page `number` decoded; one bad page of several is a problem, a lone one refuses the file."""
        try:
            with _warnings_of(self._kind), self._open() as image:
                if number > 1:
                    image.seek(number - 1)
                self._require_pixels(image)
                picture, notes = _decode(image)
        except _UNDECODABLE as error:
            if self.page_count > 1:
                return PageProblem(number, _why(error))
            raise MaterialRefused(_why(error)) from error
        height, width = picture.shape[:2]
        return OpenedPage(number, width, height, picture, notes=notes)

    def close(self) -> None:
        """Nothing stays open between pages."""

    def _open(self) -> Image.Image:
        # Pillow's own bomb check warns first and fails late; `_require_pixels` stands in its place.
        Image.MAX_IMAGE_PIXELS = None
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        return Image.open(self._path, formats=[_PILLOW_NAMES[self._kind]])

    def _require_pixels(self, image: Image.Image) -> None:
        width, height = image.size
        if width < 1 or height < 1:
            raise MaterialRefused(reasons.CORRUPT)
        if width * height > self._limits.max_pixels:
            raise MaterialRefused(reasons.too_many_pixels(width, height, self._limits.max_pixels))


def _decode(image: Image.Image) -> tuple[Picture, tuple[str, ...]]:
    """The picture with its orientation applied, made smaller when very large, and notes on it."""
    factor = _reduction(*image.size)
    notes: tuple[str, ...] = ()
    if factor > 1:
        notes = (f"原图 {image.width}×{image.height} 像素，已按 1/{factor} 缩小读取。",)
        wanted = (image.width // factor, image.height // factor)
        image.draft(None, wanted)  # JPEG decodes straight to a smaller size; others ignore it
    before = image.size
    image.load()
    if factor > 1 and image.size == before and before[0] > wanted[0] * 1.5:
        image = image.reduce(factor)
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except _UNDECODABLE:
        notes += ("图片的方向标记（EXIF）已损坏，未使用。",)
    return _to_bgr(image), notes


def _reduction(width: int, height: int) -> int:
    """By what whole factor a picture is made smaller: 1 unless its decoded size would burden memory.

    Long screenshots keep the width that their text needs.
    """
    factor = 1
    while (
        width * height / factor**2 > _KEPT_PIXELS
        and min(width, height) / (factor * 2) >= _KEPT_SHORT_SIDE
    ):
        factor *= 2
    return factor


def _to_bgr(image: Image.Image) -> Picture:
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return as_picture(cv2.cvtColor(_to_eight_bits(image), cv2.COLOR_GRAY2BGR))
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, rgba).convert("RGB")
    if image.mode in ("1", "L"):
        return as_picture(cv2.cvtColor(np.asarray(image.convert("L")), cv2.COLOR_GRAY2BGR))
    return as_picture(cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2BGR))


def _to_eight_bits(image: Image.Image) -> Picture:
    """A grey picture of more than 8 bits, scaled by the depth its values use (8, 12 or 16 bits)."""
    values = np.asarray(image).astype(np.float32)
    top = float(values.max(initial=0.0))
    depth = next((d for d in (255.0, 4095.0, 65535.0) if top <= d), max(top, 1.0))
    return as_picture(np.clip(values * (255.0 / depth) + 0.5, 0, 255).astype(np.uint8))


def _why(error: BaseException) -> str:
    if isinstance(error, MaterialRefused):
        return error.message
    cut = isinstance(error, UserWarning) or "truncated" in str(error).lower()
    return reasons.TRUNCATED if cut else reasons.CORRUPT


@contextmanager
def _warnings_of(kind: Format) -> Iterator[None]:
    """Quiet about odd metadata; but a TIFF whose directory runs past its end has lost pages.

    Pillow only warns of that and goes on with the pages that are left.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        if kind is Format.TIFF:
            for start in ("Corrupt EXIF data", "Tag data larger than file", "Truncated File Read"):
                warnings.filterwarnings("error", message=start, category=UserWarning)
        yield


def _register_heif() -> None:
    import pillow_heif  # loads libheif: only when a HEIC comes

    pillow_heif.register_heif_opener(thumbnails=False)


def _require_whole(path: Path, kind: Format) -> None:
    """Raises `MaterialRefused` when the container's own structure says that its end is missing.

    Decoders fill what is missing with grey and say nothing (libjpeg does so for a file whose tail
    was zeroed by a broken upload); half a page must not be taken for a page.
    """
    checks = {Format.JPEG: _jpeg_ends, Format.PNG: _png_ends, Format.WEBP: _webp_ends}
    check = checks.get(kind)
    if check is None:
        return
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            whole = check(data)
    except (OSError, ValueError) as error:
        raise MaterialRefused(reasons.UNREADABLE_FILE) from error
    if not whole:
        raise MaterialRefused(reasons.TRUNCATED)


def _jpeg_ends(data: mmap.mmap) -> bool:
    """Whether an end marker follows the first scan (ITU-T T.81 B.1)."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            at += 1
            continue
        marker = data[at + 1]
        if marker == 0xDA:
            return data.rfind(b"\xff\xd9", at) > at
        if marker in (0xFF, 0x01, 0x00) or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def _png_ends(data: mmap.mmap) -> bool:
    at = 8
    while at + 12 <= len(data):
        if data[at + 4 : at + 8] == b"IEND":
            return True
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    return False


def _webp_ends(data: mmap.mmap) -> bool:
    return int.from_bytes(data[4:8], "little") + 8 <= len(data) + 1
