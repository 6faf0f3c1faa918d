"""Simulated windows: dossiers whose readings are generated, so that everything but OCR is real.

An upload is a stub that begins like a PDF and carries its own reading. The real intake takes it in
and hashes it; `unpack_stub` gives the reading that a run then checks, reports and keeps.
"""

import itertools
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import fixtures.factory.window as factory
from fixtures.factory.canvas import Canvas
from fixtures.factory.fonts import bundled_fonts
from fixtures.factory.papers.registry import Paper
from fixtures.factory.plan import Order, Pool, deal_codes, plan_dossier
from fixtures.factory.readings import reading_of
from pipeline.model.checksums import id_number_check_digit
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import Line, MaterialReading, PageReading
from pipeline.workers import unpack_reading

_HEAD = b"%PDF-1.4\n% simulated\n"
_ENGINE = "simulated"
_OWN_NUMBERS = ("verification_code", "diploma_number", "degree_number", "certification_number")
_PROSE = re.compile(r"(?!.*(?:推荐|同意|承诺|甲方|乙方|合同|协议))[^\d:：]{10,128}")
"""A line that no field, no label and no word of a title stands in."""
_FIRST_PLACE, _PLACES = 0xE000, 2048
_WHOLE = 5
"""Every which model keeps all its papers."""
_CHARACTERS = 2999
"""How many characters a place can be filled with; a prime."""
_PLACE = re.compile("[\ue000-\ue7ff]")
_GIVEN = "安宝川丹恩帆广海佳凯岚明南欧培勤然松彤薇溪雅泽卓博楚栋峰歌禾锦康朗铭宁鹏"

Pictures = Callable[[DocumentKind, int, Canvas], str]
"""(kind, page, drawing) → the blob key of the picture that stands for the page."""


def no_pictures(_kind: DocumentKind, _page: int, _canvas: Canvas) -> str:
    """No picture: reports say that it is missing."""
    return ""


@dataclass(frozen=True, slots=True)
class SimulatedFile:
    """One upload: its name below `materials/`, its bytes, and how many pages it has."""

    name: str
    data: bytes
    pages: int


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
    """A dossier as the factory planned it: what the simulated ones are varied from.

    `papers` are kinds and readings as JSON; in letters and contracts some characters are places
    (private-use characters) that each dossier fills in its own way.
    """

    declared: dict[str, Any]
    papers: tuple[tuple[str, str, int], ...]
    """(kind, reading as JSON, pages)"""
    codes: tuple[str, ...]
    """Verification codes that are printed on the papers."""

    @property
    def numbers(self) -> tuple[str, ...]:
        education = self.declared["education"]
        own = filter(None, (education["diploma_number"], education["degree_number"]))
        return (*own, *self.codes)


def begin_window(intake: Path, window_id: str = "2022H2") -> None:
    """Writes `window.toml`; the dossiers folder is empty."""
    (intake / "dossiers").mkdir(parents=True)
    (intake / "window.toml").write_text(
        f'id = "{window_id}"\nnotice = "川网办通〔2022〕91号"\n'
        "opens_on = 2022-12-27\ncloses_on = 2023-01-31\n",
        encoding="utf-8",
    )


def simulate_dossiers(
    count: int,
    *,
    models: int = 40,
    seed: int = 1,
    pictures: Pictures | None = None,
    most_files: int = 100,
) -> Iterator[SimulatedDossier]:
    """`count` dossiers, varied in names, numbers and wording from `models` that the factory planned.

    No two of them share a file, a number or a code, as no two honest people do; employers they
    share. With `most_files`, each but every fifth model has so many of its files at most, of any
    kind. `pictures` gives the blob key of a page's picture. The same arguments give the same bytes.
    """
    planned = _plan(min(models, count), seed, pictures or no_pictures, most_files)
    for number in range(1, count + 1):
        yield _vary(planned[(number - 1) % len(planned)], number, (number - 1) // len(planned))


def unpack_stub(data: bytes, sha256: str) -> MaterialReading:
    """The reading that a simulated upload carries. Raises `ValueError` for any other file."""
    return unpack_reading(reading_in(data)).model_copy(update={"sha256": sha256})


def as_stub(pages: Iterable[PageReading], mark: str) -> bytes:
    """An upload that carries these pages; another `mark` makes it a file of other bytes."""
    reading = MaterialReading(sha256="0" * 64, pages=tuple(pages), engine=f"{_ENGINE} {mark}")
    return _HEAD + zlib.compress(reading.model_dump_json().encode(), 1)


def read_pages(paper: Paper, seed: str) -> tuple[PageReading, ...]:
    """The pages of a paper as a recogniser gives them, each with a look of its own."""
    return tuple(
        _as_read(reading_of(canvas, n), Random(f"{seed}/{n}"))
        for n, canvas in enumerate(paper.canvases, start=1)
    )


def reading_in(data: bytes) -> bytes:
    """The packed reading that a simulated upload carries; its `sha256` is left open."""
    if not data.startswith(_HEAD):
        raise ValueError("not a simulated upload")
    return data[len(_HEAD) :]


def _plan(models: int, seed: int, pictures: Pictures, most_files: int) -> list[_Model]:
    book = bundled_fonts()
    planned: list[_Model] = []
    for number, codes in enumerate(deal_codes(models, Random(f"{seed}/codes")), start=1):
        draft = plan_dossier(
            f"{factory.WINDOW_ID}-{number:06d}", f"{seed}/{number}", codes=codes,
            pool=Pool("all"), book=book, has_hints=True,
        )  # fmt: skip
        papers: list[tuple[str, str, int]] = []
        printed: list[str] = []
        for order in _some(draft.orders, most_files, number, seed):
            paper = order.build(draft.style)
            printed += _numbers_on(paper)
            pages = tuple(
                _as_read(reading_of(canvas, n), Random(f"{seed}/{number}/{len(papers)}/{n}"))
                .model_copy(update={"picture": pictures(paper.kind, n, canvas)})
                for n, canvas in enumerate(paper.canvases, start=1)
            )  # fmt: skip
            pages = tuple(_with_places(page) for page in pages)
            reading = MaterialReading(sha256="0" * 64, pages=pages, engine=_ENGINE)
            papers.append((str(paper.kind), reading.model_dump_json(), len(pages)))
        planned.append(_Model(draft.declared, tuple(papers), tuple(dict.fromkeys(printed))))
    return planned


def _some(orders: Sequence[Order], most: int, number: int, seed: int) -> Iterator[Order]:
    """At most `most` of a model's papers, in their order; all of them for every fifth model."""
    places = list(range(len(orders)))
    if number % _WHOLE:
        places = sorted(Random(f"{seed}/{number}/files").sample(places, min(most, len(places))))
    return (orders[i] for i in places)


def _as_read(page: PageReading, rng: Random) -> PageReading:
    """A perfect reading with what a recogniser adds: a score for each character, a page's look."""
    lines = tuple(
        line.model_copy(
            update={
                "scores": (scores := tuple(round(rng.uniform(0.96, 1.0), 4) for _ in line.text)),
                "confidence": round(sum(scores) / len(scores), 4),
            }
        )
        for line in page.lines
    )
    return page.model_copy(update={"lines": lines, "likeness": f"{rng.getrandbits(64):016x}"})


def _numbers_on(paper: Paper) -> Iterator[str]:
    """The numbers and codes that are this paper's own, as it prints them (maybe in groups)."""
    text = "\n".join(
        line.text for n, c in enumerate(paper.canvases, 1) for line in reading_of(c, n).lines
    )
    for name in _OWN_NUMBERS:
        value = paper.truth.get(name)
        if isinstance(value, str):
            yield value
            grouped = r"[\s-]*".join(re.escape(character) for character in value)
            yield from (match[0] for match in re.finditer(grouped, text))


def _with_places(page: PageReading) -> PageReading:
    """The page with the last half of every line of plain prose left open, and of its longest line
    the last two characters: no two people's letters read alike, no two pages are one."""
    prose = [i for i, line in enumerate(page.lines) if _PROSE.fullmatch(line.text)]
    kept = {i: len(page.lines[i].text) // 2 for i in prose}
    if not prose and page.lines:
        longest = max(range(len(page.lines)), key=lambda i: len(page.lines[i].text))
        kept = {longest: max(1, len(page.lines[longest].text) - 2)}
    lines: list[Line] = []
    place = _FIRST_PLACE
    for i, line in enumerate(page.lines):
        if i in kept:
            opened = [chr(place + n) for n in range(len(line.text) - kept[i])]
            place = min(place + len(opened), _FIRST_PLACE + _PLACES - 128)
            line = line.model_copy(update={"text": line.text[: kept[i]] + "".join(opened)})
        lines.append(line)
    return page.model_copy(update={"lines": tuple(lines)})


def _vary(model: _Model, number: int, copy: int) -> SimulatedDossier:
    """The model under another dossier id and, from the second copy on, with other numbers."""
    dossier_id = f"{factory.WINDOW_ID}-{number:06d}"
    changes = {} if copy == 0 else dict(_changes(model, copy))
    declared = json.dumps({**model.declared, "dossier_id": dossier_id}, ensure_ascii=False)
    random = Random(dossier_id)
    curve = (random.randrange(_CHARACTERS), random.randrange(_CHARACTERS))
    files = []
    for n, (kind, reading, pages) in enumerate(model.papers, start=1):
        text = _replaced(reading, changes).replace(_ENGINE, f"{_ENGINE} {dossier_id}/{n}")
        packed = zlib.compress(_PLACE.sub(lambda found: _filled(found[0], curve), text).encode(), 1)
        files.append(SimulatedFile(f"{n:02d}-{kind}.pdf", _HEAD + packed, pages))
    return SimulatedDossier(dossier_id, _replaced(declared, changes), tuple(files))


def _filled(place: str, curve: tuple[int, int]) -> str:
    """The character that a dossier puts in a place; two dossiers agree in one place at most, unless
    they have the same curve, which among 100 000 of 40 models hardly any do."""
    number = ord(place) - _FIRST_PLACE
    return chr(0x4E00 + (curve[0] * (number + 1) + curve[1]) % _CHARACTERS)


def _changes(model: _Model, copy: int) -> Iterator[tuple[str, str]]:
    person = model.declared["person"]
    old = person["id_number"]
    if len(old) == 18 and old[14:17].isdigit():
        sequence = (int(old[14:17]) + 2 * copy) % 1000
        day = (int(old[12:14]) + copy // 500) % 28 + 1
        body = f"{old[:12]}{day:02d}{sequence:03d}"
        yield old, body + id_number_check_digit(body)
    for number in model.numbers:
        yield number, _turned(number, copy)
    name = person["name"]
    yield (
        name,
        name[0]
        + "".join(_GIVEN[(copy // len(_GIVEN) ** i) % len(_GIVEN)] for i in range(len(name) - 1)),
    )


def _turned(number: str, by: int) -> str:
    """The number with its last digits, at most six, turned on by `by`."""
    places = [i for i, c in enumerate(number) if c.isdigit()][-6:]
    value = (int("".join(number[i] for i in places) or "0") + by) % 10 ** len(places)
    characters = list(number)
    for i, digit in zip(places, f"{value:0{len(places)}d}" if places else "", strict=True):
        characters[i] = digit
    return "".join(characters)


def _replaced(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def write_simulated(intake: Path, count: int, **more: Any) -> Path:
    """A whole simulated window below `intake`."""
    begin_window(intake)
    for dossier in itertools.islice(simulate_dossiers(count, **more), count):
        dossier.write(intake)
    return intake
