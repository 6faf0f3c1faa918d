"""Names with one given character drawn and damaged, and what the recognisers say of it.

The typefaces are the two designs of the pinned font wheel that hold ideographs beyond the basic
plane, and every other family among the system's fonts that holds enough of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import cv2
import numpy as np
from fontTools.ttLib import TTCollection, TTFont, TTLibError
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from fixtures.factory.fonts import face
from fixtures.factory.names import COMMON_SURNAMES, GIVEN
from pipeline.reading.engine import Engine, Strength

Pixels = NDArray[np.uint8]
Logs = NDArray[np.float32]

RECOGNISERS = (Strength.SMALL, Strength.MOBILE)
_DESIGNS = {"Noto Sans SC": "NotoSansSC", "Noto Serif SC": "NotoSerifSC"}
_SAME_DESIGNS = ("Noto S", "Source Han", "DejaVu", "LXGW WenKai Mono")
"""Families that are the same design under other names, or hold no ideographs."""
_SUFFIXES = frozenset({".ttf", ".otf", ".ttc"})
_LEAST_SHARE = 0.25
"""A typeface that holds fewer of the wanted characters is not used."""
_SIZES = (20, 22, 25, 25, 28, 29, 33, 38)
"""Pixels an em: print of 10 to 14 points at 150 to 200 dpi."""
_LEADS = (("姓名：", ""), ("", ""), ("", ""), ("", ""), ("学生", ""), ("", "同志"))
_LEAST = 1e-30
_BESIDE = 1
"""So many columns of other characters are kept of each line."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """One design: its family name, its file, and the code points it holds."""

    family: str
    path: str
    index: int
    holds: frozenset[int]


@dataclass(frozen=True, slots=True)
class Line:
    """A crop of one line and where the character stands in it, in fractions of its width."""

    pixels: Pixels
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Look:
    """What one recogniser says of a character: the logarithms of the anchors' probabilities in its
    column and in some beside it, and the likeliest two characters."""

    here: Logs
    beside: Logs
    likeliest: tuple[str, ...]


def typefaces(characters: Sequence[str], folders: Iterable[Path]) -> tuple[Typeface, ...]:
    """The designs that hold enough of `characters`, one a family, by family name."""
    found = {family: (face(name).path, 0) for family, name in _DESIGNS.items()}
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES):
            for family, index in _families(path):
                if not family.startswith(_SAME_DESIGNS):
                    found.setdefault(family, (str(path), index))
    made = [
        Typeface(family, path, index, frozenset(TTFont(path, fontNumber=index).getBestCmap()))
        for family, (path, index) in sorted(found.items())
    ]
    least = _LEAST_SHARE * len(characters)
    return tuple(t for t in made if sum(ord(char) in t.holds for char in characters) >= least)


def _families(path: Path) -> Iterator[tuple[str, int]]:
    try:
        fonts = TTCollection(str(path)).fonts if path.suffix.lower() == ".ttc" else [TTFont(path)]
    except TTLibError:
        return
    for index, font in enumerate(fonts):
        if "cmap" in font and font.getBestCmap():
            yield str(font["name"].getBestFamilyName() or path.stem), index


@cache
def _font(path: str, index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=index, layout_engine=ImageFont.Layout.BASIC)


def draw_line(typeface: Typeface, char: str, rng: Random) -> Line:
    """A name with `char` in it as it comes off a scanner, cropped as the detector would."""
    size = rng.choice(_SIZES)
    font = _font(typeface.path, typeface.index, size)
    lead, tail = rng.choice(_LEADS)
    given, shape = rng.choice(GIVEN), rng.random()
    before = lead + rng.choice(COMMON_SURNAMES) + (given if 0.3 <= shape < 0.72 else "")
    after = (given if shape >= 0.72 else "") + tail
    before, after = (
        "".join(c for c in part if ord(c) in typeface.holds) for part in (before, after)
    )
    text, at = before + char + after, len(before)
    edges = [size + font.getlength(text[:i]) for i in (0, at, at + 1, len(text))]
    picture = Image.new("RGB", (round(edges[-1]) + size, 3 * size), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((size, size), text, font=font, fill=(rng.randint(0, 40),) * 3)
    damaged = _damaged(np.asarray(picture)[:, :, ::-1], size, rng)
    x0, y0, x1, y1 = draw.textbbox((size, size), text, font=font)
    margins = [rng.uniform(0.02, 0.22) * size for _ in range(4)]
    x0, y0 = max(0, int(x0 - margins[0])), max(0, int(y0 - margins[1]))
    x1, y1 = int(x1 + margins[2]), int(y1 + margins[3])
    left, right = ((edge - x0) / (x1 - x0) for edge in edges[1:3])
    return Line(np.ascontiguousarray(damaged[y0:y1, x0:x1]), left, right)


def _damaged(pixels: Pixels, size: int, rng: Random) -> Pixels:
    """Three in four blurred, paler and grainy, three in five through a JPEG; then as pages are read."""
    picture = pixels.astype(np.float32)
    if rng.random() < 0.75:
        blur = rng.uniform(0.35, 0.9) * size / 27
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), dtype=np.float32)
        picture = (picture - 255) * rng.uniform(0.7, 1.0) + rng.uniform(240, 255)
        noise = np.random.default_rng(rng.getrandbits(32))
        grain = noise.normal(0, rng.uniform(1, 7), picture.shape[:2])
        picture = picture + grain[:, :, None].astype(np.float32)
    made = np.clip(picture, 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        quality = [cv2.IMWRITE_JPEG_QUALITY, rng.randint(60, 90)]
        stored = cv2.imencode(".jpg", made, quality)[1]
        made = np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR), dtype=np.uint8)
    return np.asarray(cv2.GaussianBlur(made, (0, 0), max(0.3, 0.0375 * size)), dtype=np.uint8)


def look(
    engine: Engine, strength: Strength, line: Line, *, anchors: NDArray[np.intp], rng: Random
) -> Look:
    """What a recogniser says of the character of `line` in the column where it is least blank."""
    rows, used = engine.probabilities(line.pixels, strength)
    columns = len(rows) * used
    first = max(0, int(line.left * columns))
    end = min(len(rows), max(first + 1, int(np.ceil(line.right * columns))))
    best = first + int(rows[first:end, 0].argmin())
    others = [i for i in range(len(rows)) if not first - 1 <= i <= end]
    beside = rng.sample(others, min(_BESIDE, len(others)))
    logs = np.log(np.maximum(rows[:, anchors], _LEAST)).astype(np.float32)
    characters = engine.characters(strength)
    ranked = [int(i) for i in np.argsort(-rows[best])[:3] if i]
    return Look(logs[best], logs[beside], tuple(characters[i - 1] for i in ranked[:2]))
