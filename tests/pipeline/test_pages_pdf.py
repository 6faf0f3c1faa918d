"""PDF files, made here, opened as a worker opens uploads."""

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from pipeline.errors import MaterialRefused
from pipeline.pages import PageLimits, open_material, reasons
from pipeline.pages.page import Picture
from tests.pipeline.opening import open_pages, refusal

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))


def write_pdf(path: Path, *, pages: int = 1, size: tuple[float, float] = (595, 842)) -> Path:
    sheet = canvas.Canvas(str(path), pagesize=size)
    for number in range(1, pages + 1):
        sheet.setFont("STSong-Light", 14)
        sheet.drawString(100, size[1] - 142, "姓　　名 张㛃·买买提")
        sheet.drawString(300, size[1] - 142, "性别 男")
        sheet.drawString(100, size[1] - 192, f"第{number}页 2019-06-30")
        sheet.rect(90, size[1] - 242, 300, 150)
        sheet.line(90, size[1] - 152, 390, size[1] - 152)
        sheet.showPage()
    sheet.save()
    return path


def edit(path: Path, **page_keys: object) -> Path:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for key, value in page_keys.items():
            pdf.pages[0][f"/{key}"] = value
        pdf.save()
    return path


def photo(width: int = 900, height: int = 1200) -> Image.Image:
    noise = np.random.default_rng(7).integers(0, 255, (height // 8, width // 8, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height))


def jpeg_bytes(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def write_scan(path: Path, data: bytes, size: tuple[int, int], box: list[int]) -> Path:
    """A page that holds one JPEG stream as it is, whatever its bytes are."""
    pdf = pikepdf.new()
    stream = pdf.make_stream(data)
    for key, value in {
        "Type": pikepdf.Name.XObject,
        "Subtype": pikepdf.Name.Image,
        "Width": size[0],
        "Height": size[1],
        "ColorSpace": pikepdf.Name.DeviceRGB,
        "BitsPerComponent": 8,
        "Filter": pikepdf.Name.DCTDecode,
    }.items():
        stream[f"/{key}"] = value
    page = pdf.add_blank_page(page_size=(box[0], box[1]))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
    page.Contents = pdf.make_stream(f"q {box[0]} 0 0 {box[1]} 0 0 cm /Im0 Do Q".encode())
    pdf.save(path)
    return path


def is_dark(image: Picture, x: float, y: float) -> bool:
    height, width = image.shape[:2]
    x0, y0 = max(round(x) - 2, 0), max(round(y) - 2, 0)
    return bool(image[y0 : min(y0 + 5, height), x0 : min(x0 + 5, width)].min() < 128)


def test_born_digital_page_has_text_with_middle_dot_and_rare_character(tmp_path: Path) -> None:
    (page,) = open_pages(write_pdf(tmp_path / "a.pdf"))
    assert [line.text for line in page.text_layer] == [
        "姓　　名 张㛃·买买提",
        "性别 男",
        "第1页 2019-06-30",
    ]
    assert (page.width, page.height) == (1653, 2339)
    assert page.image.shape == (2339, 1653, 3)
    assert page.image.dtype == np.uint8
    for line in page.text_layer:
        assert len(line.boxes) == len(line.text)
        assert line.angle == 0
        assert not line.is_hidden


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_and_rules_stand_on_the_ink_of_turned_and_cropped_pages(
    tmp_path: Path, rotation: int
) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    edit(path, Rotate=rotation, MediaBox=[-10, -20, 595, 842], CropBox=[50, 100, 560, 800])
    (page,) = open_pages(path)
    expected = (1417, 1945) if rotation in (0, 180) else (1945, 1417)
    assert (page.width, page.height) == expected
    assert {line.angle for line in page.text_layer} == {rotation}
    for line in page.text_layer:
        x0, y0, x1, y1 = (round(v) for v in line.rect)
        assert page.image[y0:y1, x0:x1].min() < 128
        assert all(_is_within(box, line.rect) for box in line.boxes)
    assert len(page.table_rules) == 5
    for rule in page.table_rules:
        for share in (0.1, 0.5, 0.9):
            x = rule.x0 + share * (rule.x1 - rule.x0)
            y = rule.y0 + share * (rule.y1 - rule.y0)
            assert is_dark(page.image, x, y)


def _is_within(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return (
        outer[0] - 0.1 <= inner[0]
        and outer[1] - 0.1 <= inner[1]
        and inner[2] <= outer[2] + 0.1
        and inner[3] <= outer[3] + 0.1
    )


def test_invisible_layer_of_a_scanner_is_flagged(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    sheet = canvas.Canvas(str(path), pagesize=(595, 842))
    sheet.drawImage(ImageReader(photo()), 0, 0, 595, 842)
    sheet.setFont("STSong-Light", 14)
    text = sheet.beginText(100, 500)
    text.setTextRenderMode(3)
    text.textLine("扫描软件写的文字层")
    sheet.drawText(text)
    sheet.save()
    (page,) = open_pages(path)
    assert [(line.text, line.is_hidden) for line in page.text_layer] == [
        ("扫描软件写的文字层", True)
    ]
    assert page.image_areas == ((0.0, 0.0, 1653.0, 2339.0),)


def test_characters_beyond_the_basic_plane_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "rare.pdf"
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(400, 200))
    descendant = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType0,
        BaseFont=pikepdf.Name("/STSong-Light"),
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="GB1", Supplement=5),
        FontDescriptor=pikepdf.Dictionary(
            Type=pikepdf.Name.FontDescriptor,
            FontName=pikepdf.Name("/STSong-Light"),
            Flags=6,
            FontBBox=[-25, -254, 1000, 880],
            ItalicAngle=0,
            Ascent=752,
            Descent=-271,
            CapHeight=737,
            StemV=58,
        ),
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type0,
        BaseFont=pikepdf.Name("/STSong-Light"),
        Encoding=pikepdf.Name("/UniGB-UTF16-H"),
        DescendantFonts=[pdf.make_indirect(descendant)],
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    code = "张𠮷·三".encode("utf-16-be").hex()
    page.Contents = pdf.make_stream(f"BT /F1 24 Tf 50 100 Td <{code}> Tj ET".encode())
    pdf.save(path)
    (opened,) = open_pages(path)
    (line,) = opened.text_layer
    assert line.text == "张𠮷·三"
    assert len(line.boxes) == 4


def test_a_page_of_a_phone_scan_is_drawn_at_the_resolution_of_its_picture(tmp_path: Path) -> None:
    """A card scanned onto a page of its own size would be drawn too small to read at 200 dpi."""
    path = write_scan(
        tmp_path / "card.pdf", jpeg_bytes(photo(1600, 1000)), (1600, 1000), [243, 152]
    )
    (page,) = open_pages(path)
    assert (page.width, page.height) == (1600, 1001)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((3000, 4000), (3000, 4000)), ((300, 3000), (834, 8334)), ((1080, 10000), (2000, 18519))],
)
def test_huge_pages_are_drawn_smaller_but_long_ones_keep_their_width(
    tmp_path: Path, size: tuple[float, float], expected: tuple[int, int]
) -> None:
    (page,) = open_pages(write_pdf(tmp_path / "a.pdf", size=size))
    assert page.width == pytest.approx(expected[0], abs=2)
    assert page.height == pytest.approx(expected[1], abs=2)


def test_no_page_is_drawn_over_the_pixel_limit(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    (page,) = open_pages(path, PageLimits(max_pixels=500_000))
    assert 450_000 < page.width * page.height <= 500_000


def test_visible_annotations_are_drawn_and_placed(tmp_path: Path) -> None:
    """A seal is an annotation in genuine papers: it shows, and no text layer tells of it."""
    path = write_pdf(tmp_path / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        form = pdf.make_stream(b"1 0 0 rg 0 0 100 100 re f")
        form["/Type"] = pikepdf.Name.XObject
        form["/Subtype"] = pikepdf.Name.Form
        form["/BBox"] = [0, 0, 100, 100]
        pdf.pages[0].Annots = pikepdf.Array()
        for flags in (4, 2):
            pdf.pages[0].Annots.append(
                pdf.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name.Stamp,
                        Rect=[400, 100, 500, 200],
                        F=flags,
                        AP=pikepdf.Dictionary(N=form),
                    )
                )
            )
        pdf.save()
    (page,) = open_pages(path)
    (area,) = page.annotation_areas
    assert area == pytest.approx((1111.1, 1783.3, 1389.0, 2061.2), abs=1.5)
    middle = page.image[round((area[1] + area[3]) / 2), round((area[0] + area[2]) / 2)]
    assert middle.tolist() == [0, 0, 255]


def test_pages_come_one_at_a_time(tmp_path: Path) -> None:
    with open_material(write_pdf(tmp_path / "a.pdf", pages=3)) as material:
        assert len(material) == 3
        pages = iter(material)
        assert next(pages).text_layer[-1].text.startswith("第1页")
        assert next(pages).text_layer[-1].text.startswith("第2页")
        assert [page.number for page in material] == [1, 2, 3]


def test_too_many_pages(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", pages=4)
    assert refusal(path, PageLimits(max_pages=3)) == reasons.too_many_pages(4, 3)


def test_password_is_needed(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(encryption=pikepdf.Encryption(owner="o", user="u"))
    assert refusal(path) == reasons.ENCRYPTED


def test_a_file_without_pages_is_not_called_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        pdf.save(path)
    assert refusal(path) == reasons.NO_PAGES


def test_owner_password_alone_opens_text_and_scan(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    scan = write_scan(tmp_path / "b.pdf", jpeg_bytes(photo()), (900, 1200), [595, 842])
    for each in (path, scan):
        with pikepdf.open(each, allow_overwriting_input=True) as pdf:
            pdf.save(encryption=pikepdf.Encryption(owner="o", user=""))
    assert len(open_pages(path)[0].text_layer) == 3
    assert open_pages(scan)[0].image.std() > 10


def test_a_form_that_only_special_software_shows(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        xfa = pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=xfa)
        pdf.Root.NeedsRendering = True
        pdf.save()
    assert refusal(path) == reasons.XFA_ONLY


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_cut_off(tmp_path: Path, share: float) -> None:
    path = write_pdf(tmp_path / "a.pdf", pages=3)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert refusal(path) == reasons.TRUNCATED


def test_cut_off_in_a_later_revision_is_not_read_as_the_earlier_one(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    data = path.read_bytes() + b"\n7 0 obj\n<< /Type /Catalog /Pages 3 0 R >>\nendobj\n"
    path.write_bytes(data)
    assert refusal(path) == reasons.TRUNCATED


def test_cut_off_web_optimised_file_has_an_early_end_marker(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", pages=6)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(linearize=True)
    assert len(open_pages(path)) == 6
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.7)])
    assert refusal(path) == reasons.TRUNCATED


def test_junk_before_and_after_does_no_harm(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    path.write_bytes(b"\r\n\r\n" + path.read_bytes() + b"\0" * 5000)
    assert len(open_pages(path)) == 1


def test_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n" + b"garbage " * 100 + b"startxref\n5\n%%EOF")
    assert refusal(path) == reasons.CORRUPT


def test_pages_that_cannot_be_drawn_are_named_and_the_others_read(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", pages=3)
    cut = jpeg_bytes(photo())
    scan = write_scan(tmp_path / "b.pdf", cut[: len(cut) // 2], (900, 1200), [595, 842])
    with pikepdf.open(path, allow_overwriting_input=True) as pdf, pikepdf.open(scan) as broken:
        pdf.pages[1] = broken.pages[0]
        pdf.save()
    with open_material(path) as material:
        assert [page.number for page in material] == [1, 3]
        (problem,) = material.problems
    assert problem.number == 2
    assert str(problem).startswith("第 2 页：")
    assert refusal(scan) == reasons.NO_DRAWABLE_PAGE


def test_undecodable_scan_is_not_taken_for_a_blank_page(tmp_path: Path) -> None:
    junk = b"\xff\xd8" + b"\x00" * 4000 + b"\xff\xd9"
    path = write_scan(tmp_path / "b.pdf", junk, (900, 1200), [595, 842])
    assert refusal(path) == reasons.NO_DRAWABLE_PAGE


def test_a_page_that_is_white_on_purpose_is_a_page(tmp_path: Path) -> None:
    white = jpeg_bytes(Image.new("RGB", (900, 1200), "white"))
    path = write_scan(tmp_path / "b.pdf", white, (900, 1200), [595, 842])
    (page,) = open_pages(path)
    assert page.image.min() == 255


def test_reading_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf")
    path.chmod(0o444)
    before = path.read_bytes(), path.stat().st_mtime_ns
    open_pages(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_drawn_picture_shows_what_was_scanned(tmp_path: Path) -> None:
    image = Image.new("RGB", (1000, 1000), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 499, 499), fill=(200, 30, 10))
    path = write_scan(tmp_path / "b.pdf", jpeg_bytes(image), (1000, 1000), [360, 360])
    (page,) = open_pages(path)
    assert page.image[100, 100].tolist() == pytest.approx([10, 30, 200], abs=6)
    assert page.image[900, 900].tolist() == pytest.approx([255, 255, 255], abs=2)


def test_one_shape_that_means_several_characters_shares_its_box(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 100))
    meaning = pdf.make_stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"2 beginbfchar <41> <67099650516C53F8> <42> <2F00> endbfchar\n"
        b"endcmap end end"
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Courier,
        ToUnicode=meaning,
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    page.Contents = pdf.make_stream(b"BT /F1 20 Tf 50 50 Td (AB) Tj ET")
    pdf.save(path)
    (opened,) = open_pages(path)
    (line,) = opened.text_layer
    assert line.text == "有限公司\u4e00"  # the second is a Kangxi radical in the file
    lefts = [box[0] for box in line.boxes]
    assert lefts == sorted(set(lefts))
    assert lefts[4] - lefts[0] == pytest.approx(4 * (lefts[1] - lefts[0]), abs=0.1)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_files_end_in_pages_or_a_refusal(tmp_path: Path, seed: int) -> None:
    """Whatever bytes are changed: no other exception leaves the module, in reading or in closing."""
    random = np.random.default_rng(seed)
    path = write_pdf(tmp_path / "a.pdf", pages=2)
    data = bytearray(path.read_bytes())
    for at in random.integers(0, len(data), 12):
        data[at] = int(random.integers(0, 256))
    start = int(random.integers(0, len(data) - 60))
    del data[start : start + int(random.integers(0, 60))]
    path.write_bytes(data)
    try:
        with open_material(path) as material:
            drawn = [page.number for page in material]
            assert len(drawn) + len(material.problems) == len(material)
    except MaterialRefused as refused:
        assert refused.message
