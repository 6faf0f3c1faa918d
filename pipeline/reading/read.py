"""One page read through the engine: find it upright, find its lines, read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.model.reading import Line, Matrix, Turned
from pipeline.pages import OpenedPage
from pipeline.reading.crops import bounds, cut
from pipeline.reading.engine import Boxes, Engine, Image
from pipeline.reading.frames import Rotation, Upright, find_upright, is_strip
from pipeline.reading.layered import layer_characters, read_layered
from pipeline.reading.lines import Reader
from pipeline.reading.order import covered_by, reading_order, without_duplicates
from pipeline.reading.pixels import (
    detection_side,
    evened,
    is_faint,
    line_height,
    smoothed,
    without_red,
)
from pipeline.reading.rings import Ring, find_rings
from pipeline.reading.stamps import lift_seals
from pipeline.reading.techniques import ALL, Techniques
from pipeline.reading.tiles import detect_tiled
from pipeline.reading.turned import Region, find_turned

_ALREADY_READ = 0.3
_SURE_RED = 0.8
_TRIED = 12
_MUST_BRING = 1.1


Treatment = Callable[[Image], Image]


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
    turned: tuple[Turned, ...] = ()
    lines: tuple[Line, ...] = ()
    rings: tuple[Ring, ...] = ()
    differs: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read_page(page: OpenedPage, engine: Engine, techniques: Techniques = ALL) -> PageText:
    """Everything that reads as text on one opened page."""
    upright = find_upright(
        page.image,
        engine,
        turns=techniques.turns,
        levels=techniques.levels and not page.text_layer,
    )
    plain = PageText(
        image=upright.image,
        to_upload=upright.to_upload,
        rotation=upright.rotation,
        skew=upright.skew,
    )
    characters = layer_characters(page, upright.to_upload)
    if not (len(upright.boxes) or characters):
        return plain
    rings = find_rings(upright.image) if techniques.seals else ()
    side = detection_side(upright.image, upright.boxes)
    sheets, views = prepare(upright, rings, engine, side, techniques)
    black = detect_tiled(sheets[0], engine, side, tiles=techniques.tiles)
    if len(sheets) == 1:
        black = with_missed(black, upright.boxes)
    if characters:
        layered = read_layered(sheets[0], black, characters, page, engine, shown=upright.image)
        text = replace(
            plain, rings=rings, lines=tuple(layered.lines), differs=tuple(layered.differs)
        )
        if not layered.trusted:
            text = replace(text, remarks=("文字层与页面图像不相符，已按页面图像识读",))
    else:
        seals = tuple(ring.rect for ring in rings)
        reader = Reader(sheets[0], engine, others=views, seals=seals, techniques=techniques)
        text, region = read_picture(replace(plain, rings=rings), black, reader)
        if region is not None:
            sheets = [region.turn(sheet) for sheet in sheets]
            upright = replace(upright, boxes=region.turn_boxes(upright.boxes))
    lines = list(text.lines)
    for sheet in sheets[1:]:
        strip = techniques.tiles and is_strip(sheet.shape[1], sheet.shape[0])
        coloured = detect_tiled(sheet, engine, side) if strip else upright.boxes
        lines += read_rest(sheet, outside(coloured, text.rings), lines, engine, techniques)
    return replace(text, lines=reading_order(without_duplicates(lines)))


def read_picture(page: PageText, boxes: Boxes, reader: Reader) -> tuple[PageText, Region | None]:
    """The page with what reads in the boxes, and the region of it that had to be turned for that."""
    read = [reader.read(box) for box in boxes]
    region = None
    if reader.techniques.regions:
        region = find_turned(reader.image, boxes, read, reader.engine)
    if region is None:
        return replace(page, lines=tuple(line for line in read if line)), None
    turned = replace(
        reader, image=region.turn(reader.image), others=tuple(map(region.turn, reader.others))
    )
    again = [line for box, line in zip(boxes, read, strict=True) if not region.holds(box)]
    again += [turned.read(box) for box in region.detect(turned.image, reader.engine)]
    return replace(
        page,
        image=region.turn(page.image),
        turned=(region.lead_back(page.to_upload),),
        rings=region.turn_rings(page.rings),
        lines=tuple(line for line in again if line),
    ), region


def outside(boxes: Boxes, rings: Sequence[Ring]) -> Boxes:
    """The boxes whose middle lies in no seal: what else stands there is the seal's own text."""
    kept = [box for box in boxes if not any(ring.holds(bounds(box)) for ring in rings)]
    return np.stack(kept) if kept else boxes[:0]


def prepare(
    upright: Upright,
    rings: tuple[Ring, ...],
    engine: Engine,
    side: int,
    techniques: Techniques = ALL,
) -> tuple[list[Image], tuple[Image, ...]]:
    """The pictures that a page is read from, and those in which a doubtful line is read again.

    The former: without its seals first, and with them if it has any.
    """
    height = line_height(upright.boxes)

    def smooth(image: Image) -> Image:
        return smoothed(image, height)

    def even_smooth(image: Image) -> Image:
        return smoothed(evened(image), height)

    clear = smooth(upright.image)
    treat: Treatment = smooth
    faint = techniques.contrast and is_faint(clear, outside(upright.boxes, rings))
    if faint:
        treat = most_readable(upright.image, (smooth, evened, even_smooth), engine, side)
    whole = clear if treat is smooth else treat(upright.image)
    black = without_red(clear) if techniques.seals else None
    if black is not None:
        sheets = [black if treat is smooth else treat(black), whole]
        return sheets, (whole, upright.image)
    if techniques.seals and techniques.stamps and rings and not faint:
        lifted = lift_seals(clear, rings)
        return [lifted.clear, whole], (lifted.other, whole)
    return [whole], (upright.image,)


def most_readable(
    image: Image, treatments: Sequence[Treatment], engine: Engine, side: int
) -> Treatment:
    """The treatment after which most reads; the first unless another brings a tenth more.

    Faint copies gain by evening their light, dim photos often lose by it; no measure of the pixels
    told the two apart, trying does. What reads is the lines found, times what a dozen of them
    yield, and another dozen of the same page yields a few hundredths more or less.
    """

    def readable(treatment: Treatment) -> float:
        sheet = treatment(image)
        boxes = detect_tiled(sheet, engine, side)
        if not len(boxes):
            return 0.0
        sample = boxes[:: max(1, len(boxes) // _TRIED)][:_TRIED]
        found = [engine.recognise(cut(sheet, box)) for box in sample]
        return len(boxes) * sum(f.score**2 * len(f.glyphs) for f in found) / len(sample)

    best, *others = treatments
    most = readable(best) * _MUST_BRING
    for other in others:
        if (found := readable(other)) > most:
            best, most = other, found
    return best


def with_missed(boxes: Boxes, probe: Boxes) -> Boxes:
    """Boxes with those of the probe that were found at its scale only (e.g. a line under a grey seal)."""
    known = [bounds(box) for box in boxes]
    missed = [box for box in probe if not covered_by(bounds(box), known, _ALREADY_READ)]
    return np.concatenate([boxes, np.stack(missed)]) if missed else boxes


def read_rest(
    sheet: Image, boxes: Boxes, lines: list[Line], engine: Engine, techniques: Techniques = ALL
) -> list[Line]:
    """Lines that show only with the red ink (titles, numbers, seals), where nothing was read yet."""
    reader = Reader(sheet, engine, techniques=techniques)
    known = [line.rect for line in lines]
    rest = []
    for box in boxes:
        if covered_by(bounds(box), known, _ALREADY_READ):
            continue
        line = reader.read(box)
        if line is not None and line.confidence >= _SURE_RED:
            rest.append(line)
    return rest
