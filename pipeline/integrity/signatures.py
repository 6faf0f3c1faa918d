"""Digital signatures of PDFs, validated offline by pyHanko: whole, broken, or not to be verified here.

Seals of Chinese authorities are often SM2 (GB/T 32918) or of makers whose roots no trust list holds:
what cannot be verified here is told as such and is no sign against the paper.
"""

import io
import logging
import warnings
from collections.abc import Iterator
from typing import Any

from pipeline.model.reading import Cue, CueKind

_STATE_ALGORITHMS = "1.2.156.10197."
"""Object identifiers of SM2, SM3 and SM4 begin so (GM/T 0006)."""
_KNOWN_FORMATS = frozenset(
    ["/adbe.pkcs7.detached", "/adbe.pkcs7.sha1", "/ETSI.CAdES.detached", "/ETSI.RFC3161"]
)


def find_signatures(data: bytes) -> Iterator[Cue]:
    """One cue for every signature that is not whole, or that cannot be verified on this machine."""
    if b"/ByteRange" not in data:
        return
    from pyhanko.pdf_utils.reader import PdfFileReader  # slow to import, and few files are signed

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        signatures = list(reader.embedded_signatures)
    except Exception:  # noqa: BLE001 - a hostile file fails in pyHanko in any way it likes
        yield _unverifiable("签名的格式无法识别")
        return
    for signature in signatures:
        yield from _verdict(signature)


def _verdict(signature: Any) -> Iterator[Cue]:
    if _format_of(signature) not in _KNOWN_FORMATS:
        yield _unverifiable("签名的格式不是通用格式，需用签章软件验证")
        return
    if _is_of_state_algorithms(signature):
        yield _unverifiable("签名采用国密算法，需用签章软件验证")
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of old algorithms; the verdict says what matters
            status = _validate(signature)
    except Exception as error:  # noqa: BLE001 - likewise
        yield _unverifiable(f"验证未能完成（{type(error).__name__}）")
        return
    if not status.intact:
        yield _broken("签名之后，被签名的内容有改动")
    elif not status.valid:
        yield _broken("签名值与证书不符")
    elif _is_changed_since(status):
        yield _broken("签名之后，文件又追加了超出许可的改动")
    elif not status.trusted:
        yield _unverifiable("签名完好，但签发机构不在本机的信任名单内")


def _format_of(signature: Any) -> str:
    return str(signature.sig_object.get("/SubFilter", ""))


def _validate(signature: Any) -> Any:
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(allow_fetching=False, revocation_mode="soft-fail")
    if _format_of(signature) == "/ETSI.RFC3161":
        return validate_pdf_timestamp(signature, context)
    return validate_pdf_signature(signature, context)


def _is_changed_since(status: Any) -> bool:
    from pyhanko.sign.diff_analysis import ModificationLevel

    return bool(status.modification_level == ModificationLevel.OTHER)


def _is_of_state_algorithms(signature: Any) -> bool:
    try:
        info = signature.signer_info
        named = [
            info["digest_algorithm"]["algorithm"].dotted,
            info["signature_algorithm"]["algorithm"].dotted,
        ]
        key = signature.signer_cert.public_key["algorithm"]
        named.append(str(getattr(key["parameters"].chosen, "dotted", "")))
    except Exception:  # noqa: BLE001 - likewise: what cannot be parsed is told by the validation
        return False
    return any(name.startswith(_STATE_ALGORITHMS) for name in named)


def _broken(text: str) -> Cue:
    return Cue(kind=CueKind.SIGNATURE_BROKEN, text=text)


def _unverifiable(text: str) -> Cue:
    return Cue(kind=CueKind.SIGNATURE_UNVERIFIABLE, text=text)
