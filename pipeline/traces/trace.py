"""The traces of one dossier: keys under which the same thing in another person's dossier is found.

A key is a hash, so the index of a window holds no name and no number.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.model.declaration import Declaration
from pipeline.model.document import Document
from pipeline.model.dossier import Dossier, Facts
from pipeline.model.finding import FindingEvidence
from pipeline.model.kinds import KIND_LABELS, DocumentKind
from pipeline.model.reading import MaterialReading, PageReading
from pipeline.model.shared import SharedKind
from pipeline.traces.sketch import digit_runs, packed, plain, sketch
from validators.matching.characters import fold
from validators.matching.numbers import fold_number

_K = DocumentKind
_OF_UNIT = frozenset(
    [_K.DISPATCH_AGREEMENT, _K.INTEGRITY_PLEDGE, _K.RECOMMENDATION, _K.ACHIEVEMENT]
)
_NUMBERS = {
    "diploma_number": "毕业证书编号",
    "degree_number": "学位证书编号",
    "certification_number": "认证书编号",
}
_CODE = "verification_code"
_READ_WELL = 0.8
"""A number or code read below this confidence leaves no trace: it could be a neighbour's misread."""
_ENOUGH_TEXT = 30
_LONG_NUMBER = re.compile(r"(?<!\d)\d{5}[\dA-Z]*(?=[^\dA-Z]|$)")
_PERSONAL = 15
_LETTER_KEYS = 3
_OWN = ("employee", "employee_id_number", "employer", "name")
"""Values that differ between two people's copies of one text."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One thing of a dossier. `mark` is what two things under one key are compared by ("": nothing)."""

    kind: SharedKind
    key: str
    what: str
    subject: str
    evidence: tuple[FindingEvidence, ...] = ()
    mark: str = ""
    is_of_unit: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """All traces of a dossier, with whose it is. `person` and `unit` are hashes ("": no unit)."""

    person: str
    unit: str
    traces: tuple[Trace, ...] = field(default=())


def traces_of(dossier: Dossier, facts: Facts, readings: Mapping[str, MaterialReading]) -> Left:
    """What the dossier leaves in its window's index; the same dossier leaves the same."""
    declaration = dossier.declaration
    unit = declaration.employment.employer
    found: dict[tuple[str, str], Trace] = {}
    for trace in (
        *_files(dossier, facts, readings),
        *_pages(facts, readings),
        *_numbers(declaration, facts),
        *_codes(facts),
        *_texts(declaration, facts, readings),
    ):
        found.setdefault((trace.kind, trace.key), trace)
    return Left(
        person=_hash("person", fold_number(declaration.person.id_number)),
        unit=_hash("unit", fold(unit)) if unit else "",
        traces=tuple(found.values()),
    )


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _files(
    dossier: Dossier, facts: Facts, readings: Mapping[str, MaterialReading]
) -> Iterator[Trace]:
    for material in dossier.materials:
        reading = readings.get(material.file)
        if reading is None or all(page.is_blank for page in reading.pages):
            continue
        yield Trace(
            SharedKind.FILE,
            _hash("file", material.sha256),
            f"文件“{material.file}”",
            subject=f"file:{material.file}",
            evidence=(FindingEvidence(file=material.file),),
            is_of_unit=_is_of_unit(d for d in facts.documents if d.file == material.file),
        )


def _is_of_unit(documents: Iterator[Document]) -> bool:
    kinds = {document.kind for document in documents}
    return bool(kinds) and kinds <= _OF_UNIT


def _pages(facts: Facts, readings: Mapping[str, MaterialReading]) -> Iterator[Trace]:
    for file in sorted(readings):
        for page in readings[file].pages:
            if page.is_blank:
                continue
            owners = (d for d in facts.documents if d.file == file and page.number in d.pages)
            is_of_unit = _is_of_unit(owners)
            for key, mark in _page_keys(page):
                yield Trace(
                    SharedKind.PAGE,
                    key,
                    f"文件“{file}”第{page.number}页",
                    subject=f"page:{file}#{page.number}",
                    evidence=(FindingEvidence(file=file, page=page.number),),
                    mark=mark,
                    is_of_unit=is_of_unit,
                )


def _page_keys(page: PageReading) -> Iterator[tuple[str, str]]:
    """(key, mark) of a page: by its very picture, and by its numbers with the look of the picture.

    Two scans are never the same to the pixel; a page of a form that was born digital is, wherever
    nobody's number stands on it (the clauses in the middle of a contract).
    """
    text = "".join(page.text.split())
    runs = sorted(set(_LONG_NUMBER.findall(text)))
    is_personal = any(len(run) >= _PERSONAL for run in runs)
    if page.picture and len(text) >= _ENOUGH_TEXT and (page.source != "text" or is_personal):
        yield _hash("picture", page.picture, text), ""
    if page.likeness and is_personal:
        yield _hash("numbers", *runs), page.likeness


def _numbers(declaration: Declaration, facts: Facts) -> Iterator[Trace]:
    """Certificate numbers, declared and printed; each value once with all its places."""
    education = declaration.education
    values: dict[tuple[str, str], list[FindingEvidence]] = {}
    for name, declared in (
        ("diploma_number", education.diploma_number),
        ("degree_number", education.degree_number),
    ):
        if declared:
            values.setdefault((name, _number_key(declared, education.institution)), [])
    for document in facts.documents:
        for name in _NUMBERS:
            found = document.field(name)
            if found is None or found.confidence < _READ_WELL or "*" in str(found.value):
                continue
            school = document.text("institution") or education.institution
            places = values.setdefault((name, _number_key(str(found.value), school)), [])
            places += _evidence(document, name)
    for (name, key), places in values.items():
        if key:
            yield Trace(
                SharedKind.NUMBER,
                _hash("number", name, key),
                _NUMBERS[name],
                subject=f"number:{name}",
                evidence=tuple(places),
            )


def _number_key(number: str, school: str) -> str:
    """The number; with its school where it follows no national scheme; "" when it says too little."""
    folded = fold_number(number)
    if len(folded) < 5:
        return ""
    return folded if len(folded) >= _PERSONAL else f"{folded}/{fold(school)}"


def _codes(facts: Facts) -> Iterator[Trace]:
    for document in facts.documents:
        found = document.field(_CODE)
        if found is None or found.confidence < _READ_WELL:
            continue
        code = fold_number(str(found.value))
        if len(code) >= 8 and "*" not in code:
            yield Trace(
                SharedKind.CODE,
                _hash("code", code),
                f"{KIND_LABELS[document.kind]}的在线验证码",
                subject=f"code:{document.document_id}",
                evidence=tuple(_evidence(document, _CODE)),
            )


def _texts(
    declaration: Declaration, facts: Facts, readings: Mapping[str, MaterialReading]
) -> Iterator[Trace]:
    person = declaration.person
    owned = (person.name, person.id_number, declaration.employment.employer or "")
    for document in facts.of_kind(_K.LABOUR_CONTRACT, _K.RECOMMENDATION):
        own = [str(f.value) for f in document.fields if f.name in _OWN]
        text = plain(_text_of(document, readings), (*owned, *own))
        marks = sketch(text)
        if not marks:
            continue
        if document.kind is _K.RECOMMENDATION:
            mark = packed(marks)
            for value in marks[:_LETTER_KEYS]:
                yield _text_trace(SharedKind.LETTER, document, f"{value:08x}", mark)
            continue
        dates = [document.text(name) or "" for name in ("starts_on", "ends_on", "signed_on")]
        if sum(map(bool, dates)) >= 2:
            mark = packed(marks, digit_runs(text))
            yield _text_trace(SharedKind.CONTRACT, document, "/".join(dates), mark)


def _text_trace(kind: SharedKind, document: Document, key: str, mark: str) -> Trace:
    return Trace(
        kind,
        _hash(kind, key),
        f"{KIND_LABELS[document.kind]}的正文",
        subject=f"{kind}:{document.document_id}",
        evidence=(
            FindingEvidence(
                document_id=document.document_id,
                file=document.file,
                page=document.pages[0] if document.pages else None,
            ),
        ),
        mark=mark,
        is_of_unit=True,
    )


def _text_of(document: Document, readings: Mapping[str, MaterialReading]) -> str:
    reading = readings.get(document.file)
    pages: Sequence[PageReading] = reading.pages if reading else ()
    return "\n".join(page.text for page in pages if page.number in document.pages)


def _evidence(document: Document, name: str) -> Iterator[FindingEvidence]:
    found = document.field(name)
    for place in found.evidence if found else ():
        yield FindingEvidence(
            document_id=document.document_id,
            file=document.file,
            page=place.page,
            box=place.box,
            raw=place.raw or (found.raw if found else ""),
            field=name,
        )
