"""Pages read by Tesseract (chi_sim), in the shape that our classifier and extractors take."""

import csv
import re
import shutil
import subprocess
from collections import defaultdict

import cv2
import numpy as np

from pipeline.model.reading import Line, PageReading, Rect, join_rects
from pipeline.pages import OpenedPage
from pipeline.reading.codes import read_codes
from pipeline.reading.engine import Image
from pipeline.reading.rules import find_rules

_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"}


def is_installed() -> bool:
    """True when Tesseract is here with its simplified Chinese."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
    return "chi_sim" in listed.stdout.split()


def read_with_tesseract(page: OpenedPage) -> PageReading:
    """The reading of a page, turned as Tesseract's own orientation detection says.

    Ruled lines and codes are given as ours: only the text differs.
    """
    turn = _turn(page.image)
    image = np.asarray(cv2.rotate(page.image, _TURNS[turn]), np.uint8) if turn else page.image
    lines = _lines(_run(image, "--psm", "3", "-l", "chi_sim", "tsv"))
    return PageReading(
        number=page.number,
        width=image.shape[1],
        height=image.shape[0],
        upright_width=image.shape[1],
        upright_height=image.shape[0],
        lines=lines,
        rules=find_rules(image),
        codes=read_codes(page.image),
        is_blank=not lines,
    )


def _run(image: Image, *options: str) -> str:
    _, png = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    done = subprocess.run(
        ["tesseract", "stdin", "stdout", "--dpi", "200", *options],
        input=png.tobytes(), capture_output=True, check=False, env=_ENVIRONMENT,
    )  # fmt: skip
    return done.stdout.decode("utf-8", "replace")


def _turn(image: Image) -> int:
    """Clockwise quarter turn in degrees that makes the page upright, 0 where none is told."""
    told = re.search(r"Rotate: (\d+)", _run(image, "--psm", "0", "-l", "osd"))
    turn = int(told[1]) if told else 0
    return turn if turn in _TURNS else 0


def _lines(table: str) -> tuple[Line, ...]:
    """Lines from Tesseract's table of words; a word's width is shared out among its characters."""
    words: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and (row["text"] or "").strip():
            words[row["block_num"], row["par_num"], row["line_num"]].append(row)
    return tuple(_line(line) for line in words.values())


def _line(words: list[dict[str, str]]) -> Line:
    text = ""
    spans: list[tuple[float, float]] = []
    rects: list[Rect] = []
    scores: list[float] = []
    for word in words:
        left, top = float(word["left"]), float(word["top"])
        wide, high = float(word["width"]), float(word["height"])
        rects.append((left, top, left + wide, top + high))
        chars = word["text"].strip()
        step = wide / len(chars)
        if text and text[-1].isascii() and chars[0].isascii():
            text += " "
            spans.append((spans[-1][1], left))
        spans += [(left + i * step, left + (i + 1) * step) for i in range(len(chars))]
        text += chars
        scores.append(max(0.0, float(word["conf"])) / 100)
    return Line(
        text=text,
        rect=join_rects(rects),
        confidence=round(float(np.mean(scores)), 4),
        spans=tuple(spans),
    )
