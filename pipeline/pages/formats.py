"""What type a file is, told by its first bytes, and which types are accepted."""

import re
import zipfile
from enum import StrEnum
from pathlib import Path

from pipeline.errors import MaterialRefused
from pipeline.pages import reasons

HEAD_BYTES = 4096


class Format(StrEnum):
    """An accepted type; the value is what a clerk calls it."""

    PDF = "PDF"
    JPEG = "JPEG 图片"
    PNG = "PNG 图片"
    WEBP = "WebP 图片"
    BMP = "BMP 图片"
    TIFF = "TIFF 图片"
    HEIC = "HEIC 图片"


EXTENSIONS: dict[str, Format] = {
    ".pdf": Format.PDF,
    ".jpg": Format.JPEG,
    ".jpeg": Format.JPEG,
    ".jpe": Format.JPEG,
    ".jfif": Format.JPEG,
    ".png": Format.PNG,
    ".webp": Format.WEBP,
    ".bmp": Format.BMP,
    ".dib": Format.BMP,
    ".tif": Format.TIFF,
    ".tiff": Format.TIFF,
    ".heic": Format.HEIC,
    ".heif": Format.HEIC,
}

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_TEXT = re.compile(rb"\s*(<!doctype|<html|<\?xml|<svg|\{|\[)", re.IGNORECASE)
_OFFICE_PARTS = ("word/", "xl/", "ppt/", "[Content_Types].xml", "content.xml")


def sniff(head: bytes) -> Format | None:
    """The accepted type that the first bytes say, or None. A PDF may have junk before its header."""
    if head.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Format.WEBP
    if head.startswith((b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")):
        return Format.TIFF
    if head[4:8] == b"ftyp":
        return Format.HEIC if _heic_brands(head) else None
    if head.startswith(b"BM") and len(head) >= 26 and head[6:10] == b"\0\0\0\0":
        return Format.BMP
    return Format.PDF if b"%PDF-" in head[:1024] else None


def _heic_brands(head: bytes) -> bool:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    if major in (b"avif", b"avis"):
        return False
    brands = {major} | {head[i : i + 4] for i in range(16, size - 3, 4)}
    return bool(brands & _HEIC_BRANDS)


def require_format(path: Path, head: bytes) -> Format:
    """The accepted type of the file at `path` beginning with `head`.

    Raises `MaterialRefused` when the content is of no accepted type, or of another type than the
    extension says.
    """
    found = sniff(head)
    if found is None:
        raise MaterialRefused(_why_unsupported(path, head))
    if EXTENSIONS.get(path.suffix.lower()) != found:
        raise MaterialRefused(reasons.wrong_extension(path.suffix.lower(), found.value))
    return found


def _why_unsupported(path: Path, head: bytes) -> str:
    if not head.strip(b"\0"):
        return reasons.BLANK_BYTES
    if head.startswith(b"PK\x03\x04"):
        return _why_zip(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return reasons.OFFICE
    if head.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        return reasons.ARCHIVE
    if _TEXT.match(head.removeprefix(b"\xef\xbb\xbf")):
        return reasons.WEB_PAGE
    if path.suffix.lower() in EXTENSIONS:
        return reasons.CORRUPT
    return reasons.UNSUPPORTED


def _why_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:2000]
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return reasons.ARCHIVE
    if any(name.lower().split("/")[-1] == "ofd.xml" for name in names):
        return reasons.OFD
    if any(name.startswith(_OFFICE_PARTS) for name in names):
        return reasons.OFFICE
    return reasons.ARCHIVE
