"""Picture files, made here, opened as a worker opens uploads."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from pipeline.errors import MaterialRefused
from pipeline.pages import PageLimits, open_material, reasons
from tests.pipeline.opening import open_pages, refusal

RED_BGR = [0, 0, 255]
WHITE = [255, 255, 255]


def quartered(mode: str = "RGB", size: tuple[int, int] = (80, 60)) -> Image.Image:
    """White, with a red (in greys: dark) top left quarter, so that turning it shows."""
    image = Image.new("RGB", size, "white")
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def noisy(size: tuple[int, int] = (600, 400)) -> Image.Image:
    values = np.random.default_rng(3).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(values)


def save(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize(
    ("name", "mode", "options"),
    [
        ("a.jpg", "RGB", {"quality": 95}),
        ("a.jpeg", "RGB", {"quality": 95, "progressive": True}),
        ("a.JPG", "CMYK", {"quality": 95}),
        ("a.png", "RGB", {}),
        ("a.png", "P", {}),
        ("a.webp", "RGB", {"lossless": True}),
        ("a.bmp", "RGB", {}),
        ("a.tif", "RGB", {"compression": "tiff_lzw"}),
        ("a.tiff", "CMYK", {}),
    ],
)
def test_colours_come_through(
    tmp_path: Path, name: str, mode: str, options: dict[str, object]
) -> None:
    (page,) = open_pages(save(tmp_path / name, quartered(mode), **options))
    assert page.image.shape == (60, 80, 3)
    assert (page.width, page.height) == (80, 60)
    assert page.image[10, 10].tolist() == pytest.approx(RED_BGR, abs=12)
    assert page.image[50, 70].tolist() == pytest.approx(WHITE, abs=12)
    assert page.image.flags.c_contiguous


@pytest.mark.parametrize(("name", "mode"), [("a.jpg", "L"), ("a.png", "1"), ("a.tif", "L")])
def test_greys_come_through(tmp_path: Path, name: str, mode: str) -> None:
    image = Image.new("L", (80, 60), 255)
    image.paste(0, (0, 0, 40, 30))
    (page,) = open_pages(save(tmp_path / name, image.convert(mode)))
    assert page.image[10, 10].max() < 10
    assert page.image[50, 70].min() > 245


def test_fax_coded_tiff(tmp_path: Path) -> None:
    image = quartered("1", (400, 300))
    (page,) = open_pages(save(tmp_path / "a.tif", image, compression="group4"))
    assert page.image[290, 390].tolist() == WHITE


def test_heic(tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    pillow_heif.from_pillow(quartered("RGB", (128, 96))).save(path, quality=95)
    (page,) = open_pages(path)
    assert (page.width, page.height) == (128, 96)
    assert page.image[20, 20].tolist() == pytest.approx(RED_BGR, abs=25)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif"])
def test_exif_orientation_is_applied_once(tmp_path: Path, name: str, orientation: int) -> None:
    """The stored pixels are turned so that applying the tag gives the upright picture back."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = quartered() if undo is None else quartered().transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, object] = {"exif": exif}
    if name == "a.jpg":
        options["quality"] = 95
    (page,) = open_pages(save(tmp_path / name, stored, **options))
    assert (page.width, page.height) == (80, 60)
    assert page.image[10, 10].tolist() == pytest.approx(RED_BGR, abs=25)
    assert page.image[50, 70].tolist() == pytest.approx(WHITE, abs=25)


def test_transparency_is_shown_on_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 20, 20))
    (page,) = open_pages(save(tmp_path / "a.png", image))
    assert page.image[10, 10].tolist() == [255, 0, 0]
    assert page.image[30, 30].tolist() == WHITE


def test_sixteen_bit_greys_keep_their_shades(tmp_path: Path) -> None:
    """Clipping 16 bits to 8 would turn every grey white and lose the text."""
    values = np.full((40, 40), 65535, dtype=np.uint16)
    values[:20, :20] = 20000
    for name in ("a.png", "a.tif"):
        (page,) = open_pages(save(tmp_path / name, Image.fromarray(values)))
        assert page.image[10, 10].tolist() == pytest.approx([78, 78, 78], abs=1)
        assert page.image[30, 30].tolist() == WHITE


def test_every_page_of_a_tiff(tmp_path: Path) -> None:
    frames = [Image.new("L", (50 + i, 40), 60 * i) for i in range(4)]
    path = save(tmp_path / "a.tif", frames[0], save_all=True, append_images=frames[1:])
    pages = open_pages(path)
    assert [(page.number, page.width) for page in pages] == [(1, 50), (2, 51), (3, 52), (4, 53)]
    assert [int(page.image[5, 5, 0]) for page in pages] == [0, 60, 120, 180]
    assert refusal(path, PageLimits(max_pages=3)) == reasons.too_many_pages(4, 3)


def test_no_page_of_a_cut_tiff_goes_missing_unsaid(tmp_path: Path) -> None:
    """Pillow warns of the cut directory and goes on with the pages that are left."""
    frames = [noisy((60, 50)) for _ in range(3)]
    path = save(tmp_path / "a.tif", frames[0], save_all=True, append_images=frames[1:])
    data = path.read_bytes()
    outcomes = set()
    for lost in range(1, len(data) - 200, 997):
        path.write_bytes(data[:-lost])
        try:
            with open_material(path) as material:
                drawn = len(list(material))
                assert drawn + len(material.problems) == 3
                outcomes.add("page named")
        except MaterialRefused as refused:
            assert refused.message in (reasons.TRUNCATED, reasons.CORRUPT)
            outcomes.add("refused")
    assert outcomes == {"page named", "refused"}


def test_odd_metadata_is_no_reason_to_refuse(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", noisy(), exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x05\x00")
    assert len(open_pages(path)) == 1


def test_animated_webp_gives_its_first_picture_and_says_so(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (50, 40), c) for c in ("red", "blue")]
    path = save(tmp_path / "a.webp", frames[0], save_all=True, append_images=frames[1:])
    with open_material(path) as material:
        (page,) = list(material)
        assert "2" in material.notes[0]
    assert page.image[5, 5].tolist() == pytest.approx(RED_BGR, abs=12)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.bmp", "a.tif", "a.heic"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.97])
def test_cut_off_pictures_are_refused_not_half_read(
    tmp_path: Path, name: str, share: float
) -> None:
    path = tmp_path / name
    if name == "a.heic":
        pillow_heif.from_pillow(noisy()).save(path, quality=90)
    else:
        save(path, noisy())
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert refusal(path) in (reasons.TRUNCATED, reasons.CORRUPT)


@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_whose_tail_was_zeroed_is_refused(tmp_path: Path, progressive: bool) -> None:
    """libjpeg fills the missing half with grey and reports success."""
    path = save(tmp_path / "a.jpg", noisy(), progressive=progressive)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + b"\0" * (len(data) - len(data) // 2))
    assert refusal(path) == reasons.TRUNCATED


def test_bytes_after_the_end_of_a_jpeg_do_no_harm(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", noisy())
    path.write_bytes(path.read_bytes() + b"trailer of a phone" * 50)
    assert len(open_pages(path)) == 1


def test_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.touch()
    assert refusal(path) == reasons.EMPTY


def test_all_zeros(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\0" * 10_000)
    assert refusal(path) == reasons.BLANK_BYTES


def test_too_large_is_not_opened(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", noisy())
    assert refusal(path, PageLimits(max_file_bytes=1000)).startswith("文件过大")


def test_decompression_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1_000_000)
    path = tmp_path / "bomb.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )
    assert refusal(path).startswith("图像尺寸过大（60000×60000")


def test_very_large_photo_is_read_smaller_and_says_so(tmp_path: Path) -> None:
    image = quartered("RGB", (9000, 6000))
    for name, options in (("a.jpg", {}), ("a.png", {"compress_level": 1})):
        (page,) = open_pages(save(tmp_path / name, image, **options))
        assert (page.width, page.height) == (4500, 3000)
        assert "9000×6000" in page.notes[0]
        assert page.image[100, 100].tolist() == pytest.approx(RED_BGR, abs=12)
        assert page.image[2900, 4400].tolist() == pytest.approx(WHITE, abs=12)


def test_long_screenshot_keeps_its_width(tmp_path: Path) -> None:
    (page,) = open_pages(save(tmp_path / "a.png", Image.new("L", (1440, 30_000), 255)))
    assert (page.width, page.height, page.notes) == (1440, 30_000, ())


@pytest.mark.parametrize("name", ["a.jpg", "a.pdf", "a.heic", "a"])
def test_extension_that_contradicts_the_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    noisy().save(path, "PNG")
    assert refusal(path) == reasons.wrong_extension(path.suffix, "PNG 图片")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, reasons.OFFICE),
        ("a.rar", b"Rar!\x1a\x07\x00" + b"x" * 100, reasons.ARCHIVE),
        ("a.pdf", b"\xef\xbb\xbf<!DOCTYPE html><html></html>", reasons.WEB_PAGE),
        ("a.jpg", b'{"error": "not found"}', reasons.WEB_PAGE),
        ("a.jpg", b"\x13\x37" * 500, reasons.CORRUPT),
        ("a.gif", b"GIF89a" + b"x" * 100, reasons.UNSUPPORTED),
        ("a.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"x" * 64, reasons.UNSUPPORTED),
    ],
)
def test_other_content(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path) == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (["OFD.xml", "Doc_0/Document.xml"], reasons.OFD),
        (["[Content_Types].xml", "word/document.xml"], reasons.OFFICE),
        (["01.pdf", "02.jpg"], reasons.ARCHIVE),
    ],
)
def test_what_a_zip_holds(tmp_path: Path, inside: list[str], expected: str) -> None:
    import zipfile

    path = tmp_path / "a.pdf"
    with zipfile.ZipFile(path, "w") as archive:
        for name in inside:
            archive.writestr(name, "x")
    assert refusal(path) == expected


def test_links_are_not_followed(tmp_path: Path) -> None:
    target = save(tmp_path / "real.png", noisy())
    link = tmp_path / "link.png"
    link.symlink_to(target)
    assert refusal(link) == reasons.NOT_A_FILE
