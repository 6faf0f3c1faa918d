"""One page read through the engine: find it upright, find its lines, read them."""

from dataclasses import dataclass

import numpy as np

from pipeline.model.reading import Line, Matrix
from pipeline.pages import OpenedPage
from pipeline.reading.crops import bounds
from pipeline.reading.engine import Boxes, Engine, Image
from pipeline.reading.frames import Rotation, Upright, find_upright
from pipeline.reading.layered import layer_characters, read_layered
from pipeline.reading.lines import Reader
from pipeline.reading.order import covered_by, reading_order, without_duplicates
from pipeline.reading.pixels import evened, has_seal, is_faint, line_height, smoothed, without_red
from pipeline.reading.tiles import detect_tiled

_SIDE = 1280
_ALREADY_READ = 0.3
_SURE_RED = 0.8


@dataclass(frozen=True, slots=True)
class PageText:
    """The lines of a page in its upright frame, with the upright picture they were read from.

    `differs` says where the text layer and the picture disagree, `remarks` what else a person
    should know (both Chinese).
    """

    image: Image
    to_upload: Matrix
    rotation: Rotation
    skew: float
    lines: tuple[Line, ...] = ()
    differs: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read_page(page: OpenedPage, engine: Engine) -> PageText:
    """Everything that reads as text on one opened page."""
    upright = find_upright(page.image, engine)
    characters = layer_characters(page, upright.to_upload)
    lines: list[Line] = []
    differs: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    if len(upright.boxes) or characters:
        sheets = prepare(upright)
        black = with_missed(detect_tiled(sheets[0], engine, _SIDE), upright.boxes)
        if characters:
            layered = read_layered(sheets[0], black, characters, page, engine)
            lines, differs = layered.lines, tuple(layered.differs)
            if not layered.trusted:
                remarks = ("文字层与页面图像不相符，已按页面图像识读",)
        else:
            reader = Reader(sheets[0], engine)
            lines = [line for box in black if (line := reader.read(box))]
        for sheet in sheets[1:]:
            lines += read_rest(sheet, lines, engine)
    return PageText(
        image=upright.image,
        to_upload=upright.to_upload,
        rotation=upright.rotation,
        skew=upright.skew,
        lines=reading_order(without_duplicates(lines)),
        differs=differs,
        remarks=remarks,
    )


def prepare(upright: Upright) -> list[Image]:
    """The pictures that a page is read from: without red ink first, and with it when there is any."""
    image = evened(upright.image) if is_faint(upright.image) else upright.image
    clear = smoothed(image, line_height(upright.boxes))
    return [without_red(clear), clear] if has_seal(clear) else [clear]


def with_missed(boxes: Boxes, probe: Boxes) -> Boxes:
    """Boxes with those of the probe that were found at its scale only (e.g. a line under a grey seal)."""
    known = [bounds(box) for box in boxes]
    missed = [box for box in probe if not covered_by(bounds(box), known, _ALREADY_READ)]
    return np.concatenate([boxes, np.stack(missed)]) if missed else boxes


def read_rest(sheet: Image, lines: list[Line], engine: Engine) -> list[Line]:
    """Lines that show only with the red ink (titles, numbers, seals), where nothing was read yet."""
    reader = Reader(sheet, engine)
    known = [line.rect for line in lines]
    rest = []
    for box in detect_tiled(sheet, engine, _SIDE):
        if covered_by(bounds(box), known, _ALREADY_READ):
            continue
        line = reader.read(box)
        if line is not None and line.confidence >= _SURE_RED:
            rest.append(line)
    return rest
