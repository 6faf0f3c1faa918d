"""PDFs that were changed after they were produced, and those that only look so."""

import io
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import Random

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from fixtures.factory import tampering
from fixtures.factory.canvas import Canvas
from fixtures.factory.pdf import write_pdf, write_scan_pdf
from pipeline.integrity.inspect import inspect_pdf
from pipeline.integrity.revisions import find_edits
from pipeline.integrity.signatures import find_signatures
from pipeline.model.reading import CueKind, PageReading
from pipeline.pages import open_material

NUMBER = "992011201905000123"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A born-digital page with a number on it."""
    canvas = Canvas(595, 842)
    canvas.text(60, 120, "证书编号", font="NotoSansSC", size=12)
    canvas.text(160, 120, NUMBER, font="NotoSansSC", size=12, field="number")
    path = tmp_path / "paper.pdf"
    write_pdf([canvas], path)
    return path


RECT = (160.0, 120.0, 290.0, 133.0)


def cues(path: Path, *, source: str = "text") -> list[CueKind]:
    with open_material(path) as opened:
        pages = [
            PageReading(
                number=p.number, width=p.width, height=p.height, upright_width=p.width,
                upright_height=p.height, source=source,  # type: ignore[arg-type] # one of its words
            )
            for p in opened
        ]  # fmt: skip
    before = path.read_bytes()
    found = [cue.kind for cue in inspect_pdf(path, pages)]
    assert path.read_bytes() == before
    return found


def test_an_untouched_file_says_nothing(paper: Path) -> None:
    assert cues(paper) == []


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda p: tampering.overlay(p, 1, RECT, "1"), [CueKind.OVERLAY]),
        (lambda p: tampering.append_edit(p, 1, RECT, "1"), [CueKind.FILE_EDITED, CueKind.OVERLAY]),
        (tampering.date_later, [CueKind.FILE_EDITED]),
        (tampering.sign_wrongly, [CueKind.SIGNATURE_BROKEN]),
    ],
)
def test_a_changed_file_says_how(
    paper: Path, change: Callable[[Path], None], kinds: list[CueKind]
) -> None:
    change(paper)
    assert cues(paper) == kinds


def test_the_box_of_an_overlay_is_where_the_value_stands(paper: Path) -> None:
    tampering.overlay(paper, 1, RECT, "1")
    page = PageReading(
        number=1, width=595, height=842, upright_width=1, upright_height=1, source="text"
    )
    (cue,) = inspect_pdf(paper, [page])
    assert cue.box is not None
    (x0, y0), (x1, y1) = cue.box[0], cue.box[2]
    assert 155 < x0 < 170 and 115 < y0 < 130 and x1 > 200 and y1 > y0


def test_shading_under_text_is_no_overlay(tmp_path: Path) -> None:
    canvas = Canvas(595, 842)
    canvas.rect(150, 110, 150, 30, fill=(240, 240, 240))
    canvas.text(160, 120, NUMBER, font="NotoSansSC", size=12)
    path = tmp_path / "shaded.pdf"
    write_pdf([canvas], path)
    assert cues(path) == []


PICTURE = Image.new("RGB", (60, 12), "white")
SEAL = Image.new("RGBA", (60, 60), (200, 0, 0, 0))


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A page that is one picture, as scanners give it."""
    path = tmp_path / "scan.pdf"
    write_scan_pdf([Image.new("RGB", (827, 1169), (245, 243, 240))], path, dpi=100)
    return path


def test_a_picture_over_text_and_anything_over_a_scan_is_advice(paper: Path, scan: Path) -> None:
    tampering.lay_picture(paper, 1, RECT, PICTURE)
    assert cues(paper) == [CueKind.PATCH]
    tampering.lay_picture(scan, 1, RECT, PICTURE)
    assert cues(scan, source="ocr") == [CueKind.PATCH]


def test_a_patch_over_a_scan_is_advice(scan: Path) -> None:
    tampering.overlay(scan, 1, RECT, "1")
    assert cues(scan, source="ocr") == [CueKind.PATCH]


def test_what_shows_through_and_what_covers_nothing_is_no_patch(paper: Path, scan: Path) -> None:
    for path, source in ((paper, "text"), (scan, "ocr")):
        tampering.lay_picture(path, 1, (150.0, 100.0, 210.0, 160.0), SEAL)
        assert cues(path, source=source) == []
    tampering.lay_picture(paper, 1, (400.0, 500.0, 460.0, 580.0), PICTURE)  # a photograph
    assert cues(paper) == []


def test_a_page_of_many_pieces_is_how_scanners_compress(scan: Path) -> None:
    for row in range(12):
        tampering.lay_picture(scan, 1, (100, 50 + 40 * row, 300, 80 + 40 * row), PICTURE)
    assert cues(scan, source="ocr") == []


def test_dates_of_scans_say_nothing(paper: Path) -> None:
    tampering.date_later(paper)
    assert cues(paper, source="ocr") == []


def test_a_revision_that_only_adds_a_page_or_metadata_is_no_edit(paper: Path) -> None:
    data = paper.read_bytes()
    with pikepdf.open(paper) as pdf:
        root, size = pdf.trailer["/Root"].objgen, int(pdf.trailer["/Size"])
        body = pikepdf.Dictionary(dict(pdf.Root.items())).unparse().rstrip()
    changed = body[: body.rindex(b">>")] + b" /Lang (zh-CN) >>"
    more = tampering._append(data, {root[0]: (root[1], changed)}, root=root, size=size)
    assert list(find_edits(more, has_text=True)) == []


def test_a_second_empty_table_as_word_writes_it_is_no_edit(paper: Path) -> None:
    data = paper.read_bytes()
    start = int(data.rsplit(b"startxref", 1)[1].split()[0])
    more = data + b"xref\n0 0\ntrailer\n<< /Size 99 /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        start,
        len(data),
    )
    assert list(find_edits(more, has_text=True)) == []


def test_a_linearised_file_is_no_edit(paper: Path, tmp_path: Path) -> None:
    with pikepdf.open(paper) as pdf:
        pdf.save(tmp_path / "linear.pdf", linearize=True)
    assert cues(tmp_path / "linear.pdf") == []


def test_the_edited_text_layer_reads_otherwise(paper: Path) -> None:
    assert tampering.edit_text_layer(paper, Random(1))
    with open_material(paper) as opened:
        text = "".join(line.text for page in opened for line in page.text_layer)
    assert NUMBER not in text


# --- signatures --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> signers.SimpleSigner:
    """A signer of nobody, made for this run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SPECIMEN")])
    usage = x509.KeyUsage(True, True, *([False] * 7))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2022, 1, 1))
        .not_valid_after(datetime(2052, 1, 1))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("signer")
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    loaded = signers.SimpleSigner.load(str(folder / "key.pem"), str(folder / "cert.pem"))
    assert loaded is not None
    return loaded


def signed(data: bytes, signer: signers.SimpleSigner) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    append_signature_field(writer, SigFieldSpec("Signature1"))
    out = io.BytesIO()
    PdfSigner(PdfSignatureMetadata(field_name="Signature1"), signer=signer).sign_pdf(
        writer, output=out
    )
    return out.getvalue()


def test_a_whole_signature_of_an_unknown_issuer_cannot_be_verified_here(
    paper: Path, signer: signers.SimpleSigner
) -> None:
    data = signed(paper.read_bytes(), signer)
    assert list(find_edits(data, has_text=True)) == []
    (cue,) = find_signatures(data)
    assert cue.kind is CueKind.SIGNATURE_UNVERIFIABLE and "签名完好" in cue.text


def test_a_signed_file_that_was_changed_since_is_broken(
    paper: Path, signer: signers.SimpleSigner
) -> None:
    data = signed(paper.read_bytes(), signer)
    altered = data.replace(b"(anonymous)", b"(anonymouz)", 1)
    assert altered != data
    (cue,) = find_signatures(altered)
    assert cue.kind is CueKind.SIGNATURE_BROKEN
    paper.write_bytes(data)
    tampering.append_edit(paper, 1, RECT, "1")
    kinds = {c.kind for c in find_signatures(paper.read_bytes())}
    assert kinds == {CueKind.SIGNATURE_BROKEN}


def test_a_signature_by_state_algorithms_is_told_apart(
    paper: Path, signer: signers.SimpleSigner
) -> None:
    """The object identifiers of SM3 and SM2 in place of SHA-256 and RSA, as seals of the state have."""
    tampering.sign_wrongly(paper)
    data = paper.read_bytes()
    sha256, sm3 = bytes.fromhex("0609608648016503040201"), bytes.fromhex("06082a811ccf55018311")
    blob = tampering._SIGNATURE.read_bytes()
    assert sha256 in blob
    changed = blob.replace(sha256, sm3 + b"\x05")  # as long, so that nothing else moves
    altered = data.replace(blob.hex().encode(), changed.hex().encode())
    (cue,) = find_signatures(altered)
    assert cue.kind is CueKind.SIGNATURE_UNVERIFIABLE


def test_a_hostile_signature_is_data(paper: Path) -> None:
    tampering.sign_wrongly(paper)
    data = paper.read_bytes()
    blob = tampering._SIGNATURE.read_bytes().hex().encode()
    for broken in (
        data.replace(blob[:200], b"0" * 200),
        data[:-200] + b"%%EOF",
        b"/ByteRange %PDF",
    ):
        assert {c.kind for c in find_signatures(broken)} <= {
            CueKind.SIGNATURE_UNVERIFIABLE, CueKind.SIGNATURE_BROKEN,
        }  # fmt: skip


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch, paper: Path) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    tampering.sign_wrongly(paper)
    assert list(find_signatures(paper.read_bytes()))


def test_files_are_tampered_with_alike_each_time(paper: Path, tmp_path: Path) -> None:
    for change in (tampering.sign_wrongly, tampering.date_later,
                   lambda p: tampering.append_edit(p, 1, RECT, "1")):  # fmt: skip
        one, other = tmp_path / "one.pdf", tmp_path / "other.pdf"
        shutil.copy(paper, one)
        shutil.copy(paper, other)
        change(one)
        change(other)
        assert one.read_bytes() == other.read_bytes()
