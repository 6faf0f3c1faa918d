"""One page read through the engine: find it upright, find its lines, read them."""

from dataclasses import dataclass

from pipeline.model.reading import Line, Matrix
from pipeline.pages import OpenedPage
from pipeline.reading.engine import Engine, Image
from pipeline.reading.frames import Rotation, find_upright
from pipeline.reading.layered import layer_characters, read_layered
from pipeline.reading.lines import Reader
from pipeline.reading.order import reading_order, without_duplicates
from pipeline.reading.tiles import detect_tiled

_SIDE = 1280


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
    image = upright.image
    characters = layer_characters(page, upright.to_upload)
    differs: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    lines: list[Line] = []
    if len(upright.boxes) or characters:
        boxes = detect_tiled(image, engine, _SIDE)
        if characters:
            layered = read_layered(image, boxes, characters, page, engine)
            lines = layered.lines
            differs = tuple(layered.differs)
            if not layered.trusted:
                remarks = ("文字层与页面图像不相符，已按页面图像识读",)
        else:
            reader = Reader(image, engine)
            lines = [line for box in boxes if (line := reader.read(box))]
    return PageText(
        image=image,
        to_upload=upright.to_upload,
        rotation=upright.rotation,
        skew=upright.skew,
        lines=reading_order(without_duplicates(lines)),
        differs=differs,
        remarks=remarks,
    )
