"""Labour dispatch agreements (劳务派遣协议), 六(三): agency, host, workers, term.

Which party is the agency is said by a bracketed role, a label or a definition, never by 甲 or 乙
(domain facts, section 3.2). Where nothing says it, both stay unread.
"""

import re
from collections.abc import Sequence

from extractors.confidence import Grammar, field_confidence
from extractors.contract_terms import put_end_by_length
from extractors.employers import employer_parser
from extractors.fields import Candidate, FieldSheet, build_field, date_parser
from extractors.names import parse_name
from extractors.parties import Party, label, labelled, lettered_parties, whole_text
from extractors.people import person_parser
from extractors.rosters import roster_rows
from extractors.signatures import signature_traits
from extractors.tables import evidence_of
from extractors.terms import Term, find_length, first_start, first_term
from extractors.textrun import TextRun
from extractors.unit_fields import take_unit
from pipeline.model.document import DocumentReading, Extraction, Field, Unreadable
from pipeline.model.reading import PageReading

_AGENCY = "agency"
_HOST = "host"
_ROLE_LABELS = {
    _AGENCY: ("劳务派遣单位", "派遣单位", "劳务派遣公司", "派遣公司", "派遣方", "劳务派遣方", "派遣机构",
              "劳务派遣单位名称", "派遣单位名称", "用人单位(派遣单位)", "劳务派遣单位(用人单位)"),
    _HOST: ("用工单位", "实际用工单位", "接受单位", "接受劳务派遣单位", "用工方", "用工单位名称", "要派单位",
            "劳务用工单位", "接收单位", "接收方", "接受方"),
}  # fmt: skip
_ROLE_WORDS = {
    _AGENCY: re.compile(
        r"(?<!接受)(?<!接收)(?:劳务)?派[遣出](?:单位|公司|方|机构)|劳务公司|劳务派遣$|^派遣"
    ),
    _HOST: re.compile(r"用工|接[受收](?:劳务)?派遣|接[受收](?:单位|方)|要派"),
}
_WORKER_ROLE = re.compile(r"劳动者|员工|派遣人员|被派遣")
_ROLE_TEXT = {
    _AGENCY: r"(?:劳务派遣单位|派遣单位|劳务派遣公司|派遣公司|派遣方|派遣机构|具有劳务派遣(?:经营)?资质)",
    _HOST: r"(?:实际用工单位|用工单位|用工方|接受劳务派遣的单位|要派单位)",
}
_IS = r"(?:系|为|是|作为|即|指|,以下简称|\(以下简称)"
_DUTIES = (
    (_AGENCY, r"(?P<letter>[甲乙丙])方(?:已|依法)?(?:持有|取得|具有|具备)[^。;]{0,14}?劳务派遣(?:经营)?(?:许可|资质)"),
    (_AGENCY, r"(?P<letter>[甲乙丙])方(?:根据|按照|应|将|负责|同意|依据)?[^。;,甲乙丙]{0,16}?(?:向|为)[甲乙丙]方(?:派遣|派出|提供劳务派遣)"),
    (_AGENCY, r"(?:委托|聘请|选择)(?P<letter>[甲乙丙])方(?:向[甲乙丙]方|为[甲乙丙]方|为其)?(?:派遣|派出|提供劳务派遣|作为劳务派遣)"),
    (_HOST, r"(?P<letter>[甲乙丙])方[^。;甲乙丙]{0,24}?使用[甲乙丙]方(?:所)?派遣"),
    (_HOST, r"由[甲乙丙]方向(?P<letter>[甲乙丙])方(?:派遣|派出|提供劳务派遣)"),
    (_HOST, r"(?P<letter>[甲乙丙])方接受[甲乙丙]方(?:的)?(?:劳务)?派遣"),
)  # fmt: skip
_CALLED = re.compile(
    r"(?P<value>[^,，。;:()]{4,40})\((?:以下|下)?(?:简)?称(?:为)?[\"“'‘]?(?P<role>[^()\"”'’]{2,14})[\"”'’]?\)"
)
_WORKER_LABELS = (
    "派遣员工姓名", "派遣人员姓名", "被派遣劳动者姓名", "劳动者姓名", "丙方(劳动者)", "丙方(被派遣劳动者)",
    "被派遣劳动者", "被派遣人员", "派遣员工", "派遣人员", "被派遣员工", "丙方(派遣员工)", "员工姓名",
)  # fmt: skip
_BEFORE_NAME = re.compile(r"(?:协议|合同)书?|[由与和]|[甲乙丙]方")
_WORKERS = (
    r"(?:被派遣|派遣)(?:劳动者|员工|人员)(?:姓名)?(?:为|是|:)?(?P<value>[^,。;:()0-9]{2,15}?)(?=[,(]|等|身份证|公民身份|同志)",
    r"(?:派遣|派出)(?!方|单位|公司|机构)(?P<value>(?:(?!派遣)[^,。;:()0-9]){2,15}?)(?:同志|[,(](?:男|女|身份证|公民身份))",
)
_TERM_HEADS = (
    re.compile(r"(?:协议|合同|本协议|本合同)(?:的)?(?:有效)?期限?(?:为|自|:|是)?"),
    re.compile(r"派遣(?:的)?期限"),
)
_UNCLEAR = "派遣单位与用工单位的角色未写明，无法确定"

_LABELS = (
    *(
        label(
            f"{role} in bracket",
            [f"{letter}方({w})" for w in words for letter in "甲乙丙"]
            + [f"{w}({letter}方)" for w in words for letter in "甲乙丙"],
            wraps=True,
        )
        for role, words in _ROLE_LABELS.items()
    ),
    *(label(role, words, strict=True, wraps=True) for role, words in _ROLE_LABELS.items()),
    *(label(f"{letter}方", (f"{letter}方",), strict=True, wraps=True) for letter in "甲乙丙"),
    label("worker", _WORKER_LABELS, strict=True),
)
Values = dict[str, list[Candidate]]


def extract_dispatch_agreement(document: DocumentReading) -> Extraction:
    """Fields of `dispatch_agreement`; several workers of a roster are joined with 、."""
    sheet = FieldSheet()
    pages = document.pages
    text = whole_text(pages)
    parties = lettered_parties(pages)
    values = labelled(pages, _LABELS)
    for role in (_AGENCY, _HOST):
        take_unit(sheet, role, _named_by_role(values, parties, text, role), "单位名称未能识别")
    _drop_same(sheet)
    _other_party(sheet, parties)
    for role in (_AGENCY, _HOST):
        if role not in sheet.fields and role not in sheet.unreadable and parties:
            first = parties[0].value.run
            sheet.unreadable[role] = Unreadable(
                name=role, reason=_UNCLEAR, raw=first.raw, evidence=first.evidence()
            )
    _workers(sheet, pages, parties, values, text)
    _term_dates(sheet, text)
    sheet.traits.extend(signature_traits(pages))
    return sheet.extraction()


def _named_by_role(
    values: Values, parties: Sequence[Party], text: TextRun, role: str
) -> list[Candidate]:
    """Names that the paper itself puts in the role: by label, bracket, 以下简称, or definition."""
    found = list(values[f"{role} in bracket"])
    found += [p.value for p in parties if _ROLE_WORDS[role].search(p.bracket)]
    found += values[role]
    for match in text.finditer(_CALLED):
        if _ROLE_WORDS[role].search(match.match["role"]):
            found.append(Candidate(_after_label(match.group("value")), 0.96))
    found += [Candidate(m.group("value"), 0.95) for m in text.finditer(_defined(role))]
    letters = _letters_in_role(text, role)
    if len(letters) == 1:
        letter = letters.pop()
        found += [Candidate(p.value.run, 0.95) for p in parties if p.letter == letter]
        found += values[f"{letter}方"]
    return found


def _defined(role: str) -> str:
    """The pattern of a definition that gives the role a name (“派遣单位”是指……公司)."""
    return (
        rf"{_ROLE_TEXT[role]}[\"”]?,?(?:是指|系指|指的是|指|系|为|是)(?:本协议(?:中)?的)?"
        rf"(?P<value>[^,。;:甲乙丙]{{4,40}}?(?:公司|中心|学院|医院|局|院|所|厂)(?:[^,。;:甲乙丙]{{2,12}}?分公司)?)"
        rf"(?=[,。;()]|\()"
    )


def _after_label(run: TextRun) -> TextRun:
    """The run without the title or the joining word that stands before a name."""
    before = [m.end() for m in _BEFORE_NAME.finditer(run.text) if m.end() <= len(run) - 4]
    return run[max(before) :] if before else run


def _letters_in_role(text: TextRun, role: str) -> set[str]:
    """Party letters that a definition or a duty puts in the role; several mean it is not clear."""
    defined = {
        m.match["letter"]
        for pattern in (
            rf"(?P<letter>[甲乙丙])方{_IS}[^。;甲乙丙]{{0,24}}?{_ROLE_TEXT[role]}",
            rf"{_ROLE_TEXT[role]}[\"”]?(?:是指|系指|{_IS})[^。;甲乙丙]{{0,16}}?(?P<letter>[甲乙丙])方",
            rf"(?P<letter>[甲乙丙])方\({_ROLE_TEXT[role]}",
            rf"{_ROLE_TEXT[role]}[\"”]?(?:是指|系指|指)[^。;“”\"甲乙丙]{{0,60}}?即(?:为)?(?:本(?:合同|协议)中?的?)?(?P<letter>[甲乙丙])方",
        )
        for m in text.finditer(pattern)
    }
    if defined:
        return defined
    return {
        m.match["letter"]
        for duty, pattern in _DUTIES
        if duty == role
        for m in text.finditer(pattern)
    }


def _drop_same(sheet: FieldSheet) -> None:
    """One organisation cannot be both; then neither is known."""
    if sheet.text(_AGENCY) and sheet.text(_AGENCY) == sheet.text(_HOST):
        for role in (_AGENCY, _HOST):
            sheet.drop(role, _UNCLEAR)


def _other_party(sheet: FieldSheet, parties: Sequence[Party]) -> None:
    """The role that the paper leaves out, when it says the other one's and has one more unit as party:
    an agreement on dispatch is between an agency and a host."""
    known = [role for role in (_AGENCY, _HOST) if role in sheet.fields]
    if len(known) != 1 or any(role in sheet.unreadable for role in (_AGENCY, _HOST)):
        return
    name = sheet.text(known[0])
    units = [(p, str(parsed.value)) for p in parties if (parsed := employer_parser(p.value.run))]
    letters = {p.letter for p, unit in units if unit == name}
    others = [(p, unit) for p, unit in units if unit != name and p.letter not in letters]
    if len(letters) == 1 and len({unit for _, unit in others}) == 1:
        missing = _HOST if known[0] == _AGENCY else _AGENCY
        take_unit(sheet, missing, [Candidate(others[0][0].value.run, 0.92)], "单位名称未能识别")


def _workers(
    sheet: FieldSheet,
    pages: Sequence[PageReading],
    parties: Sequence[Party],
    values: Values,
    text: TextRun,
) -> None:
    """The dispatched workers: a roster, a labelled name, a third party, or a name in a sentence."""
    sheet.put(_roster(pages))
    named = [p.value for p in parties if _WORKER_ROLE.search(p.bracket)]
    named += values["worker"]
    named += [Candidate(m.group("value"), 0.92) for p in _WORKERS for m in text.finditer(p)]
    sheet.take("employee", named, person_parser, "被派遣人员姓名未能识别")


def _roster(pages: Sequence[PageReading]) -> Field | None:
    """The names of a roster; only those with a full ID number where the others' are masked."""
    rows = roster_rows(pages)
    rows = [r for r in rows if r.has_full_number] or rows
    if not rows:
        return None
    reading = min(r.name.confidence for r in rows)
    return Field(
        name="employee",
        value="、".join(str(parse_name(r.name.text)) for r in rows),
        raw="、".join(r.name.text for r in rows),
        confidence=field_confidence(reading, 0.98, Grammar.FREE),
        evidence=tuple(evidence_of(r.sheet, [r.name]) for r in rows),
    )


def _term_dates(sheet: FieldSheet, text: TextRun) -> None:
    """The agreement's own term, else that of the dispatch; its last day by a length in words."""
    term = _term(text)
    if term is not None and term.last_run is not None:
        sheet.put(build_field("starts_on", Candidate(term.first_run, 0.97), date_parser))
        sheet.put(build_field("ends_on", Candidate(term.last_run, 0.97), date_parser))
        return
    for head in _TERM_HEADS:
        for match in text.finditer(head):
            near = text[match.start : match.start + 60]
            start = first_start(near)
            if start is not None and find_length(near) is not None:
                sheet.put(build_field("starts_on", Candidate(start.first_run, 0.95), date_parser))
                put_end_by_length(sheet, near)
                return


def _term(text: TextRun) -> Term | None:
    """The agreement's own term, else that of the dispatch."""
    for head in _TERM_HEADS:
        for match in text.finditer(head):
            term = first_term(text[match.start : match.start + 90])
            if term is not None:
                return term
    return first_term(text)
