"""居民身份证 (identity card), either side or both: printed labels, and what the number itself says."""

import re

from extractors.confidence import Grammar, field_confidence
from extractors.dates import find_date_range, find_dates
from extractors.fields import (
    Candidate,
    FieldSheet,
    Parsed,
    date_parser,
    from_values,
    gender_parser,
    given,
    id_number_parser,
    name_parser,
)
from extractors.folding import close_han, fold, is_han
from extractors.labels import Label, label_values
from extractors.layout import pages_blocks
from extractors.numbers import raw_id_number
from extractors.textrun import TextRun
from pipeline.model.checksums import id_number_birth_date, id_number_gender
from pipeline.model.document import DocumentReading, Extraction, Field, Unreadable
from pipeline.model.reading import LineSource

LABELS = (
    Label("name", ("姓名",), below=False),
    Label("gender", ("性别", "性別", "性剐"), below=False),
    Label("nation", ("民族", "民旅"), below=False),
    Label("birth_date", ("出生", "出生日期"), below=False),
    Label("address", ("住址", "住地", "往址"), wraps=True, below=False),
    Label("id_number", ("公民身份号码", "公民身份证号码", "身份号码", "身份证号码")),
    Label("issuer", ("签发机关",), wraps=True, below=False),
    Label("valid", ("有效期限", "有效期"), below=False),
)
_NUMBER = r"(?<![0-9])[1-9OIlZSB][0-9OoQDIl|ZSBGb]{16}[0-9XxOoQDIl×ZSB](?![0-9A-Za-z])"
_SURE = 0.84
_CONTRADICTED = 0.7


def extract_id_card(document: DocumentReading) -> Extraction:
    """Fields of an identity card; the side that is not there gives none."""
    sheet = FieldSheet()
    values = label_values(document.pages, LABELS, stops=("居民身份证", "中华人民共和国"))
    text = pages_blocks(document.pages)
    sheet.take("name", from_values(values["name"]), name_parser, "姓名无法辨认")
    sheet.take("gender", from_values(values["gender"]), gender_parser, "性别无法辨认")
    sheet.take("birth_date", from_values(values["birth_date"]), date_parser, "出生日期无法辨认")
    sheet.take("address", from_values(values["address"]), _address_parser, "住址无法辨认")
    _take_number(sheet, from_values(values["id_number"]), text)
    sheet.take("issuer", from_values(values["issuer"]), _issuer_parser, "签发机关无法辨认")
    _take_validity(sheet, from_values(values["valid"]), text)
    _check_against_number(sheet)
    return sheet.extraction()


def _address_parser(run: TextRun) -> Parsed | None:
    text = close_han(fold(run.text)).strip(" :;.,★☆")
    number = run.search(r"公民身份|身份号码")
    if number is not None:
        return _address_parser(run[: number.start])
    han = sum(1 for character in text if is_han(character))
    is_clean = han >= 5 and re.search(r"[a-z]|[A-Z]$", text) is None
    return Parsed(text, Grammar.FREE) if is_clean else None


def _issuer_parser(run: TextRun) -> Parsed | None:
    text = close_han(fold(run.text)).strip(" :;.,★☆")
    return Parsed(text, Grammar.FREE) if text.endswith(("局", "分局", "厅")) else None


def _take_number(sheet: FieldSheet, labelled: list[Candidate], text: TextRun) -> None:
    """The number beside its label, else the only string on the paper with the form of one."""
    loose = [Candidate(match.group(), 0.95) for match in text.finditer(_NUMBER)]
    sheet.take("id_number", labelled + loose, id_number_parser, "身份证号无法辨认或校验位不符")
    missing = sheet.unreadable.get("id_number")
    if missing is None:
        return
    for candidate in labelled + loose:
        number = raw_id_number(candidate.run.text)
        if number is None:
            continue
        if all(line.source is LineSource.TEXT_LAYER for _, line, _, _ in candidate.run.slices()):
            sheet.put(_as_printed(candidate, number))
        else:
            sheet.unreadable["id_number"] = missing.model_copy(
                update={"reason": "身份证号校验位不符，无法确认是否误读", "raw": number}
            )
        return


def _as_printed(candidate: Candidate, number: str) -> Field:
    """A number whose check fails, from a text layer: it is what the paper says."""
    run = candidate.run
    confidence = field_confidence(run.confidence, candidate.certainty, Grammar.LOOSE)
    return Field(
        name="id_number", value=number, raw=run.raw, confidence=confidence, evidence=run.evidence()
    )


def _take_validity(sheet: FieldSheet, labelled: list[Candidate], text: TextRun) -> None:
    """有效期限: two dates, or a date and 长期 (`valid_to` is then the word 长期)."""
    candidates = labelled or [
        Candidate(match.group(), 0.9)
        for match in text.finditer(r"[0-9]{4}[.][0-9]{2}[.][0-9]{2}[-—–~至]+(?:[0-9.]{10}|长期)")
    ]
    for candidate in candidates:
        run = candidate.run.compact()
        ends = find_date_range(run.text)
        always = run.search(r"长期|长\.?期")
        if ends is not None:
            parts = [(str(end.value), run[end.start : end.end]) for end in ends]
        elif always is not None and find_dates(run.text[: always.start]):
            first = find_dates(run.text[: always.start])[0]
            parts = [(str(first.value), run[first.start : first.end]), ("长期", always.group())]
        else:
            continue
        for name, (value, part) in zip(("valid_from", "valid_to"), parts, strict=True):
            known = given(Parsed(value, Grammar.CLOSED))
            sheet.take(name, [Candidate(part, candidate.certainty)], known, "")
        return
    if labelled:
        run = labelled[0].run
        for name in ("valid_from", "valid_to"):
            sheet.unreadable[name] = Unreadable(
                name=name, reason="有效期限无法辨认", raw=run.raw, evidence=run.evidence()
            )


def _check_against_number(sheet: FieldSheet) -> None:
    """Birth date and gender against the checked number: agreement raises, contradiction lowers.

    A print that could not be read, or was read with little certainty, gives way to what the number
    says (domain facts §4); a clear print that differs is kept as printed, with less confidence.
    """
    number = sheet.fields.get("id_number")
    if number is None or not isinstance(number.value, str) or number.confidence < _SURE:
        return
    born = id_number_birth_date(number.value)
    said = {"birth_date": str(born) if born else None, "gender": id_number_gender(number.value)}
    for name, value in said.items():
        printed = sheet.fields.get(name)
        if value is None:
            continue
        if printed is None:
            if "name" in sheet.fields or name in sheet.unreadable:
                sheet.put(_from_number(name, value, number))
        elif printed.value == value:
            lifted = field_confidence(printed.confidence, 1.0, Grammar.CHECKED)
            sheet.replace(printed.model_copy(update={"confidence": lifted}))
        elif printed.confidence < _SURE:
            sheet.replace(_from_number(name, value, number))
        else:
            lowered = round(printed.confidence * _CONTRADICTED, 4)
            sheet.replace(printed.model_copy(update={"confidence": lowered}))


def _from_number(name: str, value: str, number: Field) -> Field:
    return Field(
        name=name,
        value=value,
        raw=number.raw,
        confidence=round(number.confidence * 0.95, 4),
        evidence=number.evidence,
        repairs=("取自公民身份号码",),
    )
