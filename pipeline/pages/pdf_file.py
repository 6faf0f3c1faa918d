"""Opens PDF files, and says in a clerk's words why one cannot be opened."""

import mmap
import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import MaterialRefused
from pipeline.pages import reasons

_LINEARISED_LENGTH = re.compile(rb"/Linearized\b[^>]{0,200}?/L\s+(\d+)")
_START_OF_XREF = re.compile(rb"startxref\s+\d+")
_OBJECT = re.compile(rb"[\r\n]\d+ \d+ obj\b")


def open_pdf(path: Path) -> Any:
    """The `pypdfium2.PdfDocument` at `path`, its form fields ready to be drawn.

    An empty user password opens. Raises `MaterialRefused` for a file that is cut off, encrypted,
    damaged, or holds only an XFA form.
    """
    _require_end(path)
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise MaterialRefused(_why(error.err_code, path)) from error
    if document.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
        document.close()
        raise MaterialRefused(reasons.XFA_ONLY)
    if document.get_formtype() == pdfium.FORMTYPE_ACRO_FORM:
        document.init_forms()
    return document


def _why(code: int | None, path: Path) -> str:
    """The reason, by the file rather than by PDFium's code alone: that is the code of an earlier file
    where a file without pages sets none."""
    if b"/Encrypt" in path.read_bytes():
        if code == pdfium.FPDF_ERR_PASSWORD:
            return reasons.ENCRYPTED
        if code == pdfium.FPDF_ERR_SECURITY:
            return reasons.UNKNOWN_ENCRYPTION
    return reasons.NO_PAGES if _has_no_pages(path) else reasons.CORRUPT


def _has_no_pages(path: Path) -> bool:
    try:
        with pikepdf.open(path) as document:
            return len(document.pages) == 0
    except (pikepdf.PdfError, OSError, ValueError):
        return False


def _require_end(path: Path) -> None:
    """Raises `MaterialRefused` when the file's end is missing.

    PDFium rebuilds what it finds of a file that was cut off and shows the pages that are left;
    a dossier must not be judged by half a paper.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            whole = _ends(data)
    except (OSError, ValueError) as error:
        raise MaterialRefused(reasons.UNREADABLE_FILE) from error
    if not whole:
        raise MaterialRefused(reasons.TRUNCATED)


def _ends(data: mmap.mmap) -> bool:
    linearised = _LINEARISED_LENGTH.search(data[:2048])
    if linearised and int(linearised[1]) > len(data) + 2:
        return False
    end = data.rfind(b"%%EOF")
    if end < 0:  # some writers lose the last line; what points to the table must be there
        return _START_OF_XREF.search(data[-1024:]) is not None
    return _OBJECT.search(data, end) is None
