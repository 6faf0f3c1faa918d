"""Real pages through the real engine: seconds."""

import hashlib
from importlib import metadata
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from fixtures.factory.damage import Damage, apply
from fixtures.factory.fonts import bundled_fonts
from fixtures.factory.papers import PAPERS, make_style
from fixtures.factory.people import invent
from fixtures.factory.raster import draw
from fixtures.factory.variants import VARIANTS
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import LineSource, MaterialReading
from pipeline.reading import Engine, Strength, read_material, reading_version
from pipeline.reading.frames import find_upright
from pipeline.reading.lines import Reader
from pipeline.reading.pixels import line_height
from pipeline.settings import Settings

pytestmark = pytest.mark.live
SIZE = (1100, 700)
TEXT = (
    ("姓名：欧阳赟喆", (80, 80)),
    ("性别：男", (700, 80)),
    ("于二〇〇九年九月至二〇一三年六月在本校学习", (80, 200)),
    ("证书编号：999991201305001234", (80, 320)),
    ("2022-07 已缴 4071.00", (80, 440)),
)


def serif(size: int) -> ImageFont.FreeTypeFont:
    """The Song typeface of the fixtures, taken from its package without importing that."""
    inside = "mplfonts/fonts/SourceHanSerifSC-Regular.otf"
    return ImageFont.truetype(str(metadata.distribution("mplfonts").locate_file(inside)), size)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture(scope="module")
def font() -> ImageFont.FreeTypeFont:
    return serif(36)


@pytest.fixture(scope="module")
def page(font: ImageFont.FreeTypeFont) -> np.ndarray:
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    for text, place in TEXT:
        draw.text(place, text, font=font, fill="black")
    draw.line([(60, 420), (1000, 420)], fill="black", width=2)
    return np.asarray(image)[:, :, ::-1].copy()


def read(engine: Engine, folder: Path, image: np.ndarray) -> MaterialReading:
    file = folder / "page.png"
    cv2.imwrite(str(file), image)
    kept: dict[str, bytes] = {}

    def put(data: bytes, suffix: str) -> str:
        key = hashlib.sha256(data).hexdigest() + suffix
        kept[key] = data
        return key

    reading = read_material(file, sha256="0" * 64, settings=Settings(), engine=engine, put_blob=put)
    assert all(found.picture in kept for found in reading.pages)
    return reading


def plain(reading: MaterialReading) -> list[str]:
    return [line.text.replace(" ", "") for line in reading.pages[0].lines]


WANTED = [text.replace(" ", "") for text, _ in TEXT]


def test_an_upright_page_is_read_in_order_with_its_rare_names(
    engine: Engine, tmp_path: Path, page: np.ndarray
) -> None:
    reading = read(engine, tmp_path, page)
    assert plain(reading) == WANTED
    found = reading.pages[0]
    assert found.rotation == 0
    assert any(abs(rule.y0 - 421) < 3 and rule.x1 - rule.x0 > 800 for rule in found.rules)
    assert reading == read(engine, tmp_path, page)


@pytest.mark.parametrize(("turns", "rotation"), [(1, 90), (2, 180), (3, 270)])
def test_a_turned_page_is_read_and_its_boxes_lie_in_the_upload(
    engine: Engine, tmp_path: Path, page: np.ndarray, turns: int, rotation: int
) -> None:
    found = read(engine, tmp_path, np.rot90(page, turns).copy()).pages[0]
    assert found.rotation == rotation
    assert [line.text.replace(" ", "") for line in found.lines] == WANTED
    upright = read(engine, tmp_path, page).pages[0]
    corner = upright.quad(upright.lines[0].rect)[0]
    width, height = SIZE
    expected = {
        90: (corner[1], width - corner[0]),
        180: (width - corner[0], height - corner[1]),
        270: (height - corner[1], corner[0]),
    }[rotation]
    assert found.quad(found.lines[0].rect)[0] == pytest.approx(expected, abs=12)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_the_lines_of_a_turned_page_are_as_high_as_those_of_the_upright_one(
    engine: Engine, page: np.ndarray, turns: int
) -> None:
    upright = find_upright(page, engine)
    turned = find_upright(np.rot90(page, turns).copy(), engine)
    assert line_height(turned.boxes) == pytest.approx(line_height(upright.boxes), abs=4)


def test_a_leaning_noisy_page_is_straightened(
    engine: Engine, tmp_path: Path, page: np.ndarray
) -> None:
    turn = cv2.getRotationMatrix2D((550, 350), 6.0, 0.85)
    leaning = cv2.warpAffine(page, turn, SIZE, borderValue=(255, 255, 255)).astype(np.float64)
    grain = np.random.default_rng(1).normal(0, 12, leaning.shape)
    noisy = np.clip(leaning * 0.5 + 60 + grain, 0, 255).astype(np.uint8)
    assert plain(read(engine, tmp_path, noisy)) == WANTED


def test_print_under_a_red_seal_is_read(engine: Engine, tmp_path: Path, page: np.ndarray) -> None:
    ink = np.full_like(page, 255)
    cv2.circle(ink, (420, 330), 110, (60, 50, 210), 8)
    cv2.putText(ink, "*", (370, 400), cv2.FONT_HERSHEY_SIMPLEX, 5, (60, 50, 210), 14)
    stamped = np.minimum(page, ink)
    assert set(WANTED) <= set(plain(read(engine, tmp_path, stamped)))


def test_print_under_a_seal_in_a_grey_copy_is_read_and_the_seal_is_told(
    engine: Engine, tmp_path: Path, page: np.ndarray
) -> None:
    ink = np.full_like(page, 255)
    cv2.circle(ink, (420, 330), 110, (125, 125, 125), 8)
    cv2.putText(ink, "*", (370, 400), cv2.FONT_HERSHEY_SIMPLEX, 5, (125, 125, 125), 14)
    stamped = cv2.cvtColor(np.minimum(page, ink), cv2.COLOR_BGR2GRAY)
    reading = read(engine, tmp_path, stamped)
    assert set(WANTED) <= set(plain(reading))
    (seal,) = reading.pages[0].seals
    assert seal.ink == "grey"
    assert seal.rect == pytest.approx((303, 213, 537, 447), abs=12)


@pytest.mark.parametrize(
    ("ink", "name"), [((205, 50, 60), "red"), ((60, 70, 190), "blue"), ((125, 125, 125), "grey")]
)
def test_the_text_along_the_rim_of_a_seal_is_read(
    engine: Engine, tmp_path: Path, ink: tuple[int, int, int], name: str
) -> None:
    text, radius, middle = "岷屏样例信息技术有限公司", 150, (450, 400)
    sheet = Image.new("RGB", (900, 800), "white")
    ImageDraw.Draw(sheet).text((80, 80), "与印章无关的一行文字", font=serif(30), fill="black")
    pen = ImageDraw.Draw(sheet)
    pen.ellipse([v - radius for v in middle] + [v + radius for v in middle], outline=ink, width=6)
    for i, char in enumerate(text):
        angle = -120 + 240 * i / (len(text) - 1)
        glyph = Image.new("RGBA", (2 * radius, 2 * radius), (*ink, 0))
        ImageDraw.Draw(glyph).text((radius, 34), char, font=serif(36), fill=ink, anchor="mm")
        turned = glyph.rotate(-angle, Image.Resampling.BICUBIC)
        sheet.paste(turned, (middle[0] - radius, middle[1] - radius), turned)
    reading = read(engine, tmp_path, np.asarray(sheet)[:, :, ::-1].copy())
    (seal,) = reading.pages[0].seals
    assert (seal.ink, seal.text) == (name, text)
    assert seal.confidence > 0.8
    assert "岷屏" not in "".join(plain(reading))


def test_a_strip_longer_than_ten_thousand_pixels_is_read_once(
    engine: Engine, tmp_path: Path, font: ImageFont.FreeTypeFont
) -> None:
    image = Image.new("RGB", (640, 10_400), "white")
    draw = ImageDraw.Draw(image)
    wanted = [f"第{i:03d}号记录已缴" for i in range(100, 164)]
    for i, text in enumerate(wanted):
        draw.text((60, 60 + i * 160), text, font=font, fill="black")
    assert plain(read(engine, tmp_path, np.asarray(image)[:, :, ::-1].copy())) == wanted


def test_an_empty_page_is_blank(engine: Engine, tmp_path: Path) -> None:
    grain = np.random.default_rng(2).normal(245, 3, (900, 640, 3))
    reading = read(engine, tmp_path, np.clip(grain, 0, 255).astype(np.uint8))
    assert reading.pages[0].is_blank
    assert reading.pages[0].lines == ()


def test_a_file_that_is_no_picture_is_put_aside(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "page.jpg"
    file.write_bytes(b"not a picture")
    reading = read_material(
        file, sha256="0" * 64, settings=Settings(), engine=engine, put_blob=lambda *_: ""
    )
    assert reading.quarantine_reason
    assert reading.pages == ()


def pdf_of(path: Path, printed: str, shown: str, hidden: str = "") -> None:
    """A born-digital page that says `printed` in its layer and shows `shown` in that place."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet = canvas.Canvas(str(path), pagesize=(420, 300))
    sheet.setFont("STSong-Light", 16)
    sheet.drawString(40, 240, "姓名 张㛃·买买提")
    sheet.drawString(40, 200, "学校名称 样例大学")
    sheet.drawString(40, 160, "毕业日期")
    sheet.drawString(150, 160, printed)
    if shown != printed:
        cover = Image.new("RGB", (800, 120), "white")
        ImageDraw.Draw(cover).text((10, 10), shown, font=serif(80), fill="black")
        sheet.drawImage(ImageReader(cover), 145, 154, 160, 24)
    if hidden:
        sheet.setFillColorRGB(1, 1, 1)
        sheet.drawString(40, 80, hidden)
    sheet.save()


def read_pdf(engine: Engine, file: Path) -> MaterialReading:
    return read_material(
        file, sha256="0" * 64, settings=Settings(), engine=engine, put_blob=lambda *_: ""
    )


def test_a_text_layer_gives_its_characters_where_the_page_agrees(
    engine: Engine, tmp_path: Path
) -> None:
    pdf_of(tmp_path / "a.pdf", "2019年06月30日", "2019年06月30日")
    found = read_pdf(engine, tmp_path / "a.pdf").pages[0]
    assert found.text_layer_differs == ()
    assert found.source == "text"
    assert "张㛃·买买提" in found.text
    assert "2019年06月30日" in found.text


def test_red_print_of_a_text_layer_is_on_the_page(engine: Engine, tmp_path: Path) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(420, 300))
    sheet.setFillColorRGB(0.75, 0.1, 0.1)
    sheet.setFont("STSong-Light", 40)
    sheet.drawString(120, 220, "荣誉证书")
    sheet.setFillColorRGB(0, 0, 0)
    sheet.setFont("STSong-Light", 16)
    sheet.drawString(40, 160, "林样例同志荣获优秀防守队员称号")
    sheet.save()
    found = read_pdf(engine, tmp_path / "a.pdf").pages[0]
    assert found.text_layer_differs == ()
    assert "荣誉证书" in found.text


def test_the_page_wins_where_its_text_layer_says_something_else(
    engine: Engine, tmp_path: Path
) -> None:
    pdf_of(tmp_path / "a.pdf", "2019年06月30日", "2018年06月30日", hidden="看不见的文字")
    found = read_pdf(engine, tmp_path / "a.pdf").pages[0]
    assert "2018年06月30日" in found.text
    assert "2019年06月30日" not in found.text
    assert "看不见的文字" not in found.text
    assert len(found.text_layer_differs) == 2
    changed = next(line for line in found.lines if "2018" in line.text)
    assert changed.source is LineSource.OCR


def test_a_lone_ideograph_under_a_watermark_says_nothing_of_the_layer(
    engine: Engine, tmp_path: Path
) -> None:
    """A 日 under the letters of a watermark was called a difference of layer and page."""
    pdf_of(tmp_path / "a.pdf", "日", "学信")
    assert read_pdf(engine, tmp_path / "a.pdf").pages[0].text_layer_differs == ()


def test_characters_have_scores_and_alternatives(engine: Engine, page: np.ndarray) -> None:
    found = engine.recognise(page[70:135, 60:420], Strength.SMALL)
    assert found.text == "姓名：欧阳赟喆"
    assert all(0 < glyph.confidence <= 1 for glyph in found.glyphs)
    assert [glyph.centre for glyph in found.glyphs] == sorted(g.centre for g in found.glyphs)


def test_the_reading_version_follows_the_settings_that_steer_reading() -> None:
    assert reading_version(Settings()) == reading_version(Settings())
    assert reading_version(Settings(pdf_dpi=300)) != reading_version(Settings(pdf_dpi=200))
    assert reading_version(Settings(workers=1)) == reading_version(Settings(workers=2))


@pytest.mark.parametrize(
    "name",
    [
        "王𬴊",
        "陈𬱖宁",
        "林㛃",
        "何忞远",
        "周骥",
        "郑頔",
        "唐𠮷",
        "何㳘",
        "许㴋",
        "赵䒟宁",
        "冮明",
        "李勠",
    ],
)
def test_a_rare_character_of_a_name_is_read_or_said_to_be_possible(
    engine: Engine, name: str
) -> None:
    """Read small, as in a form at 150 dpi; 骥 and 頔 are what the rare ones were taken for."""
    image = Image.new("RGB", (200, 60), "white")
    ImageDraw.Draw(image).text((12, 12), name, font=serif(26), fill="black")
    pixels = cv2.GaussianBlur(np.asarray(image)[:, :, ::-1], (0, 0), 0.8)
    box = np.array(
        [[9, 9], [20 + 26 * len(name), 9], [20 + 26 * len(name), 47], [9, 47]], np.float32
    )
    line = Reader(np.ascontiguousarray(pixels), engine).read(box)
    assert line is not None and len(line.text) == len(name)
    ways = [{char} for char in line.text]
    for doubt in line.doubts:
        ways[doubt.at] |= set(doubt.others)
    assert all(char in way for char, way in zip(name, ways, strict=True))
    wrong = [s for s, read, char in zip(line.scores, line.text, name, strict=True) if read != char]
    assert not any(score > 0.8 for score in wrong)


@pytest.mark.parametrize(
    "text",
    [
        "吉林",
        "赵吉祥",
        "江流",
        "王哲",
        "程天子",
        "媛媛",
        "理工",
        "企业养老",
        "云岫大学",
        "张骞",
        "钟文暨",
    ],
)
def test_what_rare_characters_look_like_is_read_for_what_it_is(engine: Engine, text: str) -> None:
    image = Image.new("RGB", (200, 60), "white")
    ImageDraw.Draw(image).text((12, 12), text, font=serif(26), fill="black")
    pixels = cv2.GaussianBlur(np.asarray(image)[:, :, ::-1], (0, 0), 0.8)
    right = 20 + 26 * len(text)
    box = np.array([[9, 9], [right, 9], [right, 47], [9, 47]], np.float32)
    line = Reader(np.ascontiguousarray(pixels), engine).read(box)
    assert line is not None and line.text == text
    assert min(line.scores) > 0.6


def test_a_photo_taken_aslant_is_levelled_and_its_boxes_lie_in_the_upload(
    engine: Engine, tmp_path: Path, font: ImageFont.FreeTypeFont
) -> None:
    wanted = [f"第{i}行参保记录：{2010 + i}-0{i}已缴" for i in range(1, 10)]
    sheet = Image.new("RGB", (900, 1200), "white")
    draw = ImageDraw.Draw(sheet)
    for i, text in enumerate(wanted):
        left, right = text[:10], text[10:]
        draw.text((60, 60 + 110 * i), left, font=font, fill="black")
        draw.text((600, 60 + 110 * i), right, font=font, fill="black")
    size = (1100, 1400)
    corners = np.array([[80, 60], [1000, 210], [1010, 1180], [70, 1340]], np.float32)
    paper = np.array([[0, 0], [900, 0], [900, 1200], [0, 1200]], np.float32)
    seen = cv2.getPerspectiveTransform(paper, corners)
    photo = cv2.warpPerspective(
        np.asarray(sheet)[:, :, ::-1].copy(), seen, size, borderValue=(90, 110, 130)
    )
    found = read(engine, tmp_path, photo).pages[0]
    rows = [line.text.replace(" ", "") for line in found.lines]
    assert ["".join(rows[i : i + 2]) for i in range(0, len(rows), 2)] == wanted
    last = found.quad(found.lines[-2].rect)
    place = cv2.perspectiveTransform(np.array([[[60.0, 60 + 110 * 8]]]), seen)[0, 0]
    assert last[0] == pytest.approx(tuple(place), abs=14)


def test_a_card_upside_down_beside_an_upright_one_is_read_in_its_own_turn(
    engine: Engine, tmp_path: Path
) -> None:
    upright = [
        "姓名样例甲",
        "性别女民族汉",
        "住址四川省成都市样例街一号",
        "公民身份号码510101199001011234",
    ]
    turned = [
        "签发机关成都市公安局样例分局",
        "有效期限2015.03.02-2035.03.02",
        "中华人民共和国居民身份证",
    ]
    halves = []
    for texts in (upright, turned):
        half = Image.new("RGB", (900, 560), "white")
        for i, text in enumerate(texts):
            ImageDraw.Draw(half).text((120, 60 + 110 * i), text, font=serif(34), fill="black")
        halves.append(np.asarray(half)[:, :, ::-1])
    page = np.vstack([halves[0], halves[1][::-1, ::-1]]).copy()
    found = read(engine, tmp_path, page).pages[0]
    assert {line.text.replace(" ", "") for line in found.lines} == {*upright, *turned}
    assert len(found.turned) == 1
    place = {line.text[:2]: found.quad(line.rect)[0] for line in found.lines}
    assert place["姓名"] == pytest.approx((120, 60), abs=14)
    assert place["签发"] == pytest.approx((900 - 120, 1120 - 60), abs=14)


def test_labels_and_number_of_a_card_upside_down_belong_to_it(
    engine: Engine, tmp_path: Path
) -> None:
    """A number of 1, 6 and 9 reads well on its head, and short labels stand apart."""
    rng = Random(9050)
    style = make_style(rng, bundled_fonts())
    applicant = invent(rng)
    copied = PAPERS[DocumentKind.ID_CARD]["a4_copy"].build(applicant, rng, style)
    paper = VARIANTS["lower_card_turned"](copied, style)
    sheet, _ = apply(draw(paper.canvases[0], 150), Damage(("scan",)), rng)
    found = read(engine, tmp_path, np.asarray(sheet)[:, :, ::-1].copy()).pages[0]
    assert len(found.turned) == 1
    said = "".join(line.text.replace(" ", "") for line in found.lines)
    for text in ("姓名", applicant.name, "住址", "公民身份号码", applicant.id_number):
        assert text in said


def test_a_signature_is_told_where_it_belongs_also_on_a_turned_page(
    engine: Engine, tmp_path: Path, page: np.ndarray, font: ImageFont.FreeTypeFont
) -> None:
    image = Image.fromarray(page[:, :, ::-1])
    pen = ImageDraw.Draw(image)
    pen.text((80, 560), "承诺人（签字）：", font=font, fill="black")
    pen.line(
        [(390, 610), (430, 540), (470, 620), (500, 550), (560, 615)], fill=(30, 50, 150), width=5
    )
    signed = np.asarray(image)[:, :, ::-1].copy()
    found = read(engine, tmp_path, np.rot90(signed, 2).copy()).pages[0]
    (place,) = found.signing_places
    assert (place.state, place.ink) == ("written", "blue")
    assert place.strokes is not None
    (x0, y0), _, (x1, y1), _ = found.quad(place.strokes)
    width, height = SIZE
    assert (width - x0, height - y0) == pytest.approx((388, 540), abs=14)
    assert (width - x1, height - y1) == pytest.approx((562, 620), abs=14)
