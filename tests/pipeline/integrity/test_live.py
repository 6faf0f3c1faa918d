"""Uploads through the real engine: what is noticed, and that nothing of a marked file is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.factory import tampering
from fixtures.factory.canvas import Canvas
from fixtures.factory.pdf import write_pdf
from pipeline.integrity.marks import MARKED
from pipeline.model.reading import CueKind, MaterialReading
from pipeline.reading import Engine, read_material
from pipeline.settings import Settings

pytestmark = pytest.mark.live
FONT = "NotoSansSC"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    yield Engine()


def read(path: Path, engine: Engine) -> tuple[MaterialReading, list[bytes]]:
    kept: list[bytes] = []

    def put(data: bytes, suffix: str) -> str:
        kept.append(data)
        return f"{len(kept)}{suffix}"

    return read_material(path, sha256="0", settings=Settings(), engine=engine, put_blob=put), kept


def sheet(*lines: str) -> Canvas:
    canvas = Canvas(420, 300)
    for i, text in enumerate(lines):
        canvas.text(40, 40 + 40 * i, text, font=FONT, size=14)
    return canvas


def test_a_marked_page_stops_its_file_and_nothing_of_it_is_kept(
    tmp_path: Path, engine: Engine
) -> None:
    path = tmp_path / "marked.pdf"
    write_pdf([sheet("项目验收报告", "第一页没有标志"), sheet("机密★10年", "第二页的内容")], path)
    reading, kept = read(path, engine)
    assert reading.quarantine_reason == MARKED and "密级标志" in MARKED
    assert reading.pages == () and kept == [] and reading.notes == ()


def test_an_appended_edit_is_noticed_and_changes_nothing_that_is_read(
    tmp_path: Path, engine: Engine
) -> None:
    path = tmp_path / "paper.pdf"
    write_pdf([sheet("证书编号：992011201905000123", "姓名：李清源")], path)
    before, kept = read(path, engine)
    assert before.cues == () and len(kept) == 1 and before.pages[0].likeness
    tampering.date_later(path)
    after, _ = read(path, engine)
    assert [cue.kind for cue in after.cues] == [CueKind.FILE_EDITED]
    assert after.pages[0].lines == before.pages[0].lines
