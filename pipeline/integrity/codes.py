"""What a QR or PDF417 code says beside what is printed on its paper.

A payload is a key to personal data: it is compared here and goes no further. Only the host of a
link, or the name of the value that differs, is told.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from pipeline.model.document import Document
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import Code
from validators.matching import Likeness, compare_names
from validators.matching.characters import differs_only_in_lookalikes

_K = DocumentKind
_OF_STATE = frozenset(
    [_K.EDUCATION_RECORD, _K.EDUCATION_QUERY, _K.EDUCATION_CERTIFICATION, _K.DEGREE_REPORT,
     _K.FOREIGN_CERTIFICATION, _K.SOCIAL_INSURANCE]
)  # fmt: skip
"""Papers whose codes lead to the issuer's own verification."""
_READ_WELL = 0.8
_BETWEEN = re.compile(r"[\n\r;；,，|&\t]+")
_LABELLED = re.compile(r"^\s*([^:：=]{2,12})[:：=]\s*(.+?)\s*$")
_LABELS = {
    "姓名": "name", "证书编号": "diploma_number", "毕业证书编号": "diploma_number",
    "学位证书编号": "degree_number", "在线验证码": "verification_code", "验证码": "verification_code",
    "vcode": "verification_code", "性别": "gender", "学校名称": "institution", "毕业院校": "institution",
    "院校名称": "institution", "学位授予单位": "institution", "专业": "major", "专业名称": "major",
    "身份证号": "id_number", "身份证号码": "id_number", "社会保障号码": "id_number",
    "公民身份号码": "id_number",
}  # fmt: skip
_TOLD = {
    "name": "姓名", "diploma_number": "证书编号", "degree_number": "学位证书编号",
    "verification_code": "验证码", "gender": "性别", "institution": "院校", "major": "专业",
    "id_number": "身份号码",
}  # fmt: skip
_NUMBERS = ("diploma_number", "degree_number", "verification_code", "id_number")


def official_part(document: Document, code: Code) -> str | None:
    """The host that the code on a paper of the state leads to; None when it is no link."""
    if document.kind not in _OF_STATE:
        return None
    text = code.payload.strip()
    if not re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]*://", text):
        return None
    return (urlsplit(text).hostname or "").lower() or None


def compare_code(document: Document, code: Code) -> Iterator[str]:
    """`field:what` for every value that the code says otherwise than the print, if it was read well."""
    if document.kind not in _OF_STATE:
        return
    said = dict(_said(code.payload))
    for name, value in said.items():
        printed = document.field(name)
        if printed is None or not isinstance(printed.value, str) or printed.confidence < _READ_WELL:
            continue
        if (
            name == "name"
            and compare_names(value, printed.value).likeness is not Likeness.DIFFERENT
        ):
            continue  # a rare, hidden or look-alike character of a name is not told by print
        if not _agree(_fold(value), _fold(printed.value), is_number=name in _NUMBERS):
            yield f"{name}:二维码所载的{_TOLD[name]}与印刷的不同"


def _said(payload: str) -> Iterator[tuple[str, str]]:
    """(field, value) of what a payload says under a label it bears."""
    text = payload.strip()
    if "://" in text[:12]:
        pairs = parse_qsl(urlsplit(text).query)
    else:
        matches = (_LABELLED.match(part) for part in _BETWEEN.split(text))
        pairs = [(m[1], m[2]) for m in matches if m]
    for label, value in pairs:
        name = _LABELS.get("".join(unicodedata.normalize("NFKC", label).split()))
        if name and value and "*" not in value:
            yield name, value


def _fold(value: str) -> str:
    folded = unicodedata.normalize("NFKC", value).upper()
    return re.sub(r"[\s\-·•.()]", "", folded)


def _agree(said: str, printed: str, *, is_number: bool) -> bool:
    """One look-alike character may be a slip of reading; a name inside a longer one is the same."""
    if said == printed or differs_only_in_lookalikes(said, printed, at_most=1):
        return True
    return not is_number and (said in printed or printed in said)
