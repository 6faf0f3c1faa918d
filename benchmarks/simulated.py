"""Simulated windows: dossiers whose readings are generated, so that everything but OCR is real.

An upload is a stub that begins like a PDF and carries its own reading. The real intake takes it in
and hashes it; `unpack_stub` gives the reading that a run then checks, reports and keeps.
"""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np

import fixtures.factory.window as factory
from fixtures.factory.fonts import bundled_fonts
from fixtures.factory.plan import Pool, deal_codes, plan_dossier
from fixtures.factory.readings import reading_of
from pipeline.model.checksums import id_number_check_digit
from pipeline.model.reading import MaterialReading
from pipeline.store.blobs import BlobStore
from pipeline.workers import pack_reading, unpack_reading

_HEAD = b"%PDF-1.4\n% simulated\n"


@dataclass(frozen=True, slots=True)
class SimulatedFile:
    """One upload: its name below `materials/` and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SimulatedDossier:
    """One dossier, ready to be written: its declaration (as JSON text) and its uploads."""

    dossier_id: str
    declaration: str
    files: tuple[SimulatedFile, ...]

    def write(self, intake: Path) -> None:
        folder = intake / "dossiers" / self.dossier_id / "materials"
        folder.mkdir(parents=True)
        (folder.parent / "declaration.json").write_text(self.declaration, encoding="utf-8")
        for file in self.files:
            (folder / file.name).write_bytes(file.data)


@dataclass(frozen=True, slots=True)
class _Model:
    """A dossier as the factory planned it: what the simulated ones are varied from."""

    declared: dict[str, Any]
    papers: tuple[tuple[str, str], ...]
    """(kind, reading as JSON)"""

    @property
    def numbers(self) -> tuple[str, ...]:
        education = self.declared["education"]
        return tuple(filter(None, (education["diploma_number"], education["degree_number"])))


def begin_window(intake: Path) -> None:
    """Writes `window.toml`; the dossiers folder is empty."""
    (intake / "dossiers").mkdir(parents=True)
    (intake / "window.toml").write_text(
        'id = "2022H2"\nnotice = "川网办通〔2022〕91号"\n'
        "opens_on = 2022-12-27\ncloses_on = 2023-01-31\n",
        encoding="utf-8",
    )


def simulate_dossiers(
    count: int, *, models: int = 40, seed: int = 1, picture: str = "", most_files: int = 100
) -> Iterator[SimulatedDossier]:
    """`count` dossiers, varied in their numbers from `models` that the factory planned.

    `picture` is the blob key that stands for the picture of every page. The same arguments give
    the same bytes.
    """
    planned = _plan(min(models, count), seed, picture, most_files)
    for number in range(1, count + 1):
        yield _vary(planned[(number - 1) % len(planned)], number, (number - 1) // len(planned))


def put_picture(blobs: BlobStore) -> str:
    """The blob key of a page picture as heavy as a real one: grey noise under black rows."""
    rng = np.random.default_rng(1)
    page = np.full((1600, 1131, 3), 244, np.uint8)
    for top in range(120, 1480, 46):
        page[top : top + 22, 110:1020] = rng.integers(30, 235, (22, 910, 1), dtype=np.uint8)
    data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
    return blobs.put(data, ".jpg")


def unpack_stub(data: bytes, sha256: str) -> MaterialReading:
    """The reading that a simulated upload carries. Raises `ValueError` for any other file."""
    if not data.startswith(_HEAD):
        raise ValueError("not a simulated upload")
    return unpack_reading(data[len(_HEAD) :]).model_copy(update={"sha256": sha256})


def _plan(models: int, seed: int, picture: str, most_files: int) -> list[_Model]:
    book = bundled_fonts()
    planned: list[_Model] = []
    for number, codes in enumerate(deal_codes(models, Random(f"{seed}/codes")), start=1):
        draft = plan_dossier(
            f"{factory.WINDOW_ID}-{number:06d}", f"{seed}/{number}", codes=codes,
            pool=Pool("all"), book=book, has_hints=True,
        )  # fmt: skip
        papers: list[tuple[str, str]] = []
        for order in draft.orders[:most_files]:
            paper = order.build(draft.style)
            pages = tuple(
                reading_of(canvas, n).model_copy(update={"picture": picture})
                for n, canvas in enumerate(paper.canvases, start=1)
            )
            reading = MaterialReading(sha256="0" * 64, pages=pages, engine="simulated")
            papers.append((str(paper.kind), reading.model_dump_json()))
        planned.append(_Model(draft.declared, tuple(papers)))
    return planned


def _vary(model: _Model, number: int, copy: int) -> SimulatedDossier:
    """The model under another dossier id and, from the second copy on, with other numbers."""
    dossier_id = f"{factory.WINDOW_ID}-{number:06d}"
    changes = {} if copy == 0 else dict(_changes(model, copy))
    declared = json.dumps({**model.declared, "dossier_id": dossier_id}, ensure_ascii=False)
    files = [
        SimulatedFile(
            f"{n:02d}-{kind}.pdf",
            _HEAD + pack_reading(_stamped(_replaced(reading, changes), dossier_id, n)),
        )
        for n, (kind, reading) in enumerate(model.papers, start=1)
    ]
    return SimulatedDossier(dossier_id, _replaced(declared, changes), tuple(files))


def _changes(model: _Model, copy: int) -> Iterator[tuple[str, str]]:
    old = model.declared["person"]["id_number"]
    if len(old) == 18 and old[14:17].isdigit():
        sequence = (int(old[14:17]) + 2 * copy) % 1000
        body = f"{old[:14]}{sequence:03d}"
        yield old, body + id_number_check_digit(body)
    for number in model.numbers:
        tail = number[-6:]
        if tail.isdigit():
            yield number, number[:-6] + f"{(int(tail) + copy) % 10**6:06d}"


def _replaced(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def _stamped(reading: str, dossier_id: str, number: int) -> MaterialReading:
    """The reading with a trace of where it belongs, so that no two uploads have the same bytes."""
    engine = f"simulated {dossier_id}/{number}"
    return MaterialReading.model_validate_json(reading).model_copy(update={"engine": engine})


def write_simulated(intake: Path, count: int, **more: Any) -> Path:
    """A whole simulated window below `intake`."""
    begin_window(intake)
    for dossier in itertools.islice(simulate_dossiers(count, **more), count):
        dossier.write(intake)
    return intake
