"""居民身份证 (identity card), either side or both: printed labels, and what the number itself says."""

import re
from collections.abc import Mapping, Sequence

from extractors import card_validity
from extractors.confidence import Grammar, field_confidence
from extractors.dates import find_dates
from extractors.fields import (
    Candidate,
    FieldSheet,
    Parsed,
    build_field,
    date_parser,
    from_values,
    gender_parser,
    given,
    id_number_parser,
    lowered,
    name_parser,
)
from extractors.folding import close_han, fold, is_han
from extractors.labels import Label, Value, label_values
from extractors.layout import pages_blocks, text_lines
from extractors.numbers import ReadNumber, raw_id_number, restore_id_number
from extractors.strays import has_broken_row, without_strays
from extractors.textrun import TextRun
from pipeline.model.checksums import id_number_birth_date, id_number_gender
from pipeline.model.document import DocumentReading, Extraction, Field, Unreadable
from pipeline.model.reading import LineSource
from pipeline.model.values import PartialDate

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
    sheet.take("name", _names(values["name"]), name_parser, "姓名无法辨认")
    sheet.take("gender", from_values(values["gender"]), gender_parser, "性别无法辨认")
    births = from_values(values["birth_date"])
    sheet.take("birth_date", births, _birth_parser, "出生日期无法辨认")
    addresses = from_values(values["address"]) or _unlabelled_address(values)
    address = sheet.take("address", addresses, _address_parser, "住址无法辨认")
    if address is not None and _goes_on_below(address, values["address"], values["id_number"]):
        sheet.replace(lowered(address, _CUT_SHORT))
    _take_number(sheet, from_values(values["id_number"]), text)
    sheet.take("issuer", from_values(values["issuer"]), _issuer_parser, "签发机关无法辨认")
    _take_validity(sheet, from_values(values["valid"]), text)
    _check_against_number(sheet)
    _check_places(sheet)
    return sheet.extraction()


def _birth_parser(run: TextRun) -> Parsed | None:
    """The birth date; a card always prints the day."""
    parsed = date_parser(run)
    return parsed if parsed and PartialDate(str(parsed.value)).has_day else None


def _names(values: Sequence[Value]) -> list[Candidate]:
    """The name, and before it the name with the line that carries it on: long ones are broken."""
    found = []
    for value in values:
        page, last, _, _ = value.run.slices()[-1]
        if len(value.run.compact()) < _LONG_NAME:
            continue
        for line in text_lines(page):
            height = min(last.height, line.height)
            if (
                -0.4 * height <= line.rect[1] - last.rect[3] <= 0.9 * height
                and abs(line.rect[0] - value.run.glyphs[0].rect[0]) <= 1.3 * height
                and max(last.height, line.height) <= 1.35 * height
                and re.fullmatch(r"[^\x00-\x7f男女]{2,}", line.text.strip())
            ):
                run = TextRun.join((value.run, TextRun.of_line(page, line)))
                found.append(Candidate(run, value.certainty))
                break
    return found + from_values(values)


_LONG_NAME = 5
"""A name of fewer characters fills no line of the card."""


def _address_parser(run: TextRun) -> Parsed | None:
    """The address. One that ends in a bare figure may have lost the 号 behind it."""
    run = without_strays(run)
    text = close_han(fold(run.text)).strip(" :;.,★☆")
    number = run.search(r"公民身份|身份号码")
    if number is not None:
        return _address_parser(run[: number.start])
    han = sum(1 for character in text if is_han(character))
    if han < 5 or re.search(r"[a-z]|[A-Z]$", text) is not None or has_broken_row(run):
        return None
    is_whole = not (text[-1].isdigit() or run.has_lost_inside() or run.has_lost_start())
    return Parsed(text, Grammar.FREE if is_whole else Grammar.DOUBTFUL, part=run)


def _unlabelled_address(values: Mapping[str, Sequence[Value]]) -> list[Candidate]:
    """Where the label 住址 was not read: the lines under the birth date, in the column of the name."""
    if not values["name"] or not values["id_number"]:
        return []
    name, number = values["name"][0].run, values["id_number"][0].hit.run
    page, line, start, _ = name.slices()[0]
    left, top = line.spans[start][0], line.rect[3]
    bottom = number.slices()[0][1].rect[1]
    lines = [
        each
        for each in text_lines(page)
        if number.slices()[0][0] is page
        and abs(each.rect[0] - left) <= 1.2 * line.height
        and top + 2 * line.height < each.centre[1] < bottom
        and sum(map(is_han, each.text)) >= 2
        and not find_dates(each.text)
    ]
    run = TextRun.of_lines(page, sorted(lines, key=lambda each: each.centre[1]))
    return [Candidate(run, 0.88)] if run and not run.text[-1].isdigit() else []


_CUT_SHORT = 0.7


def _goes_on_below(address: Field, values: Sequence[Value], numbers: Sequence[Value]) -> bool:
    """True when a line between the address and the number, in the column of the address, was not taken
    for a part of it: the address may be longer than what was read."""
    if not values or not numbers:
        return False
    page, first, start, _ = values[0].run.slices()[0]
    last = max(line.rect[3] for _, line, _, _ in values[0].run.slices())
    number_page, number, _, _ = numbers[0].hit.run.slices()[0]
    taken = {raw for evidence in address.evidence if (raw := evidence.raw)}
    return number_page is page and any(
        last - 0.4 * first.height < line.centre[1] < number.rect[1]
        and first.spans[start][0] - 2.5 * first.height <= line.rect[0] <= first.rect[2]
        and sum(map(is_han, line.text)) >= 2
        and line.text not in taken
        and not re.search(r"签发|有效|公民|身份|\d{4}\.\d", line.text)
        and 0.7 <= line.height / max(1.0, first.height) <= 1.4
        for line in text_lines(page)
    )


def _issuer_parser(run: TextRun) -> Parsed | None:
    run = without_strays(run)
    text = close_han(fold(run.text)).strip(" :;.,★☆")
    if not text.endswith(("局", "分局", "厅")) or has_broken_row(run) or run.has_lost_inside():
        return None
    is_whole = not run.has_lost_start() and re.search(r"公安.{0,4}局$|公安.{0,8}分局$", text)
    return Parsed(text, Grammar.FREE if is_whole else Grammar.DOUBTFUL, part=run)


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
        restored = _restored(sheet, candidate.run, number)
        if restored is not None:
            known = given(Parsed(restored.value, Grammar.CHECKED, restored.repairs))
            sheet.put(build_field("id_number", candidate, known))
        elif all(line.source is LineSource.TEXT_LAYER for _, line, _, _ in candidate.run.slices()):
            sheet.put(_as_printed(candidate, number))
        else:
            sheet.unreadable["id_number"] = missing.model_copy(
                update={"reason": "身份证号校验位不符，无法确认是否误读", "raw": number}
            )
        return


def _restored(sheet: FieldSheet, run: TextRun, number: str) -> ReadNumber | None:
    """The number with one unsure digit put right by the birth date and the gender of the same card."""
    place = run.compact().search(r"[0-9A-Za-z|!×]{18}")
    if place is None:
        return None
    glyphs = place.group().glyphs
    unsure = [bool(g.line.scores) and g.line.scores[g.index] < _UNSURE_DIGIT for g in glyphs]
    born, gender = sheet.text("birth_date"), sheet.text("gender")
    return restore_id_number(number, unsure, born=born, gender=gender)


_UNSURE_DIGIT = 0.95


def _as_printed(candidate: Candidate, number: str) -> Field:
    """A number whose check fails, from a text layer: it is what the paper says."""
    run = candidate.run
    confidence = field_confidence(run.confidence, candidate.certainty, Grammar.LOOSE)
    return Field(
        name="id_number", value=number, raw=run.raw, confidence=confidence, evidence=run.evidence()
    )


def _take_validity(sheet: FieldSheet, labelled: list[Candidate], text: TextRun) -> None:
    """有效期限: two dates, or a date and 长期 (`valid_to` is then the word 长期)."""
    loose = [Candidate(match.group(), 0.9) for match in text.finditer(card_validity.FORM)]
    for candidate in labelled + loose:
        ends = card_validity.read_validity(candidate.run)
        if ends is None:
            continue
        for name, end in zip(("valid_from", "valid_to"), ends, strict=True):
            known = given(Parsed(end.value, end.grammar, end.repairs))
            sheet.take(name, [Candidate(end.part, candidate.certainty)], known, "")
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
            sheet.replace(lowered(printed, _CONTRADICTED))


_PLACES_DIFFER = 0.8


def _check_places(sheet: FieldSheet) -> None:
    """The issuing office bears the name of the district of the address: two prints of one name.

    Read alike, they bear each other out; where one character differs, both are in doubt.
    """
    address, issuer = sheet.fields.get("address"), sheet.fields.get("issuer")
    if address is None or issuer is None:
        return
    place = re.sub(r"公安(?:局|厅).*$", "", str(issuer.value))
    where = str(address.value)
    is_nearly_there = place not in where and any(
        sum(a != b for a, b in zip(place, where[i:], strict=False)) == 1
        for i in range(len(where) - len(place) + 1)
    )
    if len(place) >= 3 and is_nearly_there:
        for field in (address, issuer):
            sheet.replace(lowered(field, _PLACES_DIFFER))


def _from_number(name: str, value: str, number: Field) -> Field:
    return Field(
        name=name,
        value=value,
        raw=number.raw,
        confidence=round(number.confidence * 0.95, 4),
        evidence=number.evidence,
        repairs=("取自公民身份号码",),
    )
