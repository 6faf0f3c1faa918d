"""Labour contracts (劳动合同) and employment contracts of public institutions (聘用合同), 六(三)."""

import re
from collections.abc import Sequence

from extractors.choices import Choice, Option, choose, find_options
from extractors.confidence import Grammar, field_confidence
from extractors.dates import dates_in
from extractors.fields import (
    Candidate,
    FieldSheet,
    Parsed,
    build_field,
    date_parser,
    id_number_parser,
    number_parser,
)
from extractors.layout import text_lines
from extractors.numbers import parse_id_number, parse_uscc
from extractors.parties import label, labelled, lettered_parties, whole_text
from extractors.people import person_parser
from extractors.signatures import signature_traits
from extractors.terms import Term, first_start, first_term
from extractors.textrun import TextRun
from extractors.unit_fields import take_unit
from pipeline.model.document import DocumentReading, Extraction, Field, Unreadable
from pipeline.model.reading import PageReading

_EMPLOYER_LABELS = (
    "甲方(用人单位)", "甲方(用人单位名称)", "甲方(用人单位全称)", "甲方(聘用单位)", "甲方(聘用单位名称)",
    "聘用单位(甲方)", "用人单位(甲方)", "甲方(单位)", "甲方(单位名称)", "甲方单位名称", "甲方名称",
    "用人单位名称", "聘用单位名称", "用人单位", "聘用单位",
)  # fmt: skip
_EMPLOYEE_LABELS = (
    "乙方(劳动者)", "乙方(劳动者姓名)", "乙方(受聘人员)", "乙方(受聘人)", "乙方(受聘者)", "受聘人员(乙方)",
    "受聘人(乙方)", "劳动者(乙方)", "乙方(员工)", "乙方(职工)", "乙方(员工姓名)", "乙方(姓名)", "乙方姓名",
    "受聘人员姓名", "劳动者姓名", "员工姓名", "受聘人员", "受聘人", "劳动者",
)  # fmt: skip
_EMPLOYER_ROLE = re.compile(r"用人单位|聘用单位|用工方|雇主|单位|公司")
_EMPLOYEE_ROLE = re.compile(r"劳动者|受聘|员工|职工|雇员|个人")
_USCC_LABELS = ("统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码")
_ID_LABELS = (
    "居民身份证号码", "居民身份证号", "公民身份号码", "身份证号码", "身份证号", "有效身份证件号码", "身份证件号码",
    "证件号码", "身份证",
)  # fmt: skip
_POSITION_LABELS = (
    "岗位名称", "工作岗位", "聘用岗位", "岗位(工种)", "工作岗位(工种)", "从事岗位", "岗位", "职务", "职位", "受聘岗位",
)  # fmt: skip
_POSITIONS = (
    r"(?:工作岗位|岗位名称|聘用岗位|受聘岗位|工作内容|岗位)(?:\(工种\)|\(职务\))?(?:是|为|系)[:\"“]?(?P<value>[^,，。;:\"”]{2,30}?)(?=[,，。;\"”]|岗位职责|工作职责|职责|工作地点|岗位[,，。;(])",
    r"乙方(?:同意)?(?:到|在)(?:甲方)?(?P<value>[^,，。;:在到]{2,22}?)(?:岗位|职位)(?:上)?(?=工作|从事|任职|[,。;(])",
    r"(?:承担|负责)(?P<value>[^,，。;:]{2,22}?)岗位",
    r"(?:担任|从事|聘(?:用|任)乙方(?:在|为|到|担任)|安排乙方(?:在|从事|担任|到))[\"“]?(?P<value>[^,，。;:\"”]{2,25}?)[\"”]?(?:岗位|工作岗位|职务|一职|工作)(?=[,，。;(的工]|$)",
)
_TERM_HEAD = re.compile(r"(?:劳动合同|聘用合同|合同|聘用|聘期|聘用期|劳动关系)(?:的)?期限")
_NEXT_HEAD = re.compile(
    r"(?:[二三四]、|第[二三四]章|第[二三四五]条)[^。]{0,4}?(?:工作内容|工作地点|岗位|工作任务|劳动报酬|工作时间)|工作内容和工作地点"
)
_KINDS = {
    "open_ended": re.compile(r"无固定期限"),
    "fixed": re.compile(r"(?<!无)(?<!非)固定期限|有固定期限"),
    "task": re.compile(
        r"以完成[^。;:]{0,14}?任务为(?:劳动合同|合同|聘用)?期限|以完成一定工作任务|以完成一定的工作"
    ),
}
_CLAUSE_ENDS = 160
_START_LABELS = (
    "合同起始日",
    "合同起始日期",
    "起始日期",
    "合同开始日期",
    "合同生效日期",
    "聘用起始日期",
    "开始日期",
)
_END_LABELS = ("合同终止日", "合同终止日期", "终止日期", "合同到期日", "合同结束日期", "截止日期", "合同到期日期",
               "聘用终止日期", "结束日期")  # fmt: skip
_SIGNED_LABELS = (
    "签订日期",
    "签约日期",
    "签订时间",
    "签署日期",
    "合同签订日期",
    "签字日期",
    "签约时间",
)
_SIGN_BLOCK = re.compile(
    r"[甲乙]方\((?:盖章|公章|签章|签字|签名|签字或盖章|盖章或签字|印章)\)|(?:单位)\((?:盖章|公章)\)"
)

_LABELS = (
    label("employer", _EMPLOYER_LABELS, wraps=True),
    label("employee", _EMPLOYEE_LABELS),
    label("letter", ("甲方", "乙方"), strict=True, wraps=True),
    label("unit", ("单位名称", "企业名称", "单位全称"), strict=True),
    label("person", ("姓名",), strict=True),
    label("uscc", _USCC_LABELS),
    label("id", _ID_LABELS),
    label("starts", _START_LABELS),
    label("ends", _END_LABELS),
    label("position", _POSITION_LABELS, strict=True),
    label("signed", _SIGNED_LABELS),
)
Values = dict[str, list[Candidate]]


def extract_labour_contract(document: DocumentReading) -> Extraction:
    """Fields of `labour_contract`. The chosen option decides `term_kind`, never the text of the others.

    Traits: `form` (聘用合同 or 劳动合同), and what the signature block shows (see `signature_traits`).
    """
    sheet = FieldSheet()
    pages = document.pages
    text = whole_text(pages)
    values = labelled(pages, _LABELS)
    _parties(sheet, pages, values)
    _numbers(sheet, values, text)
    _term(sheet, text)
    _labelled_term(sheet, values)
    _position(sheet, values, text)
    _signed_on(sheet, values, pages)
    sheet.traits.append(f"form={'聘用合同' if '聘用合同' in text.text else '劳动合同'}")
    sheet.traits.extend(signature_traits(pages))
    return sheet.extraction()


def _parties(sheet: FieldSheet, pages: Sequence[PageReading], values: Values) -> None:
    """Employer and employee by label or bracketed role; bare letters only by what the value is."""
    parties = lettered_parties(pages)
    employers, employees = list(values["employer"]), list(values["employee"])
    employers += [p.value for p in parties if p.bracket and _EMPLOYER_ROLE.search(p.bracket)]
    employees += [p.value for p in parties if p.bracket and _EMPLOYEE_ROLE.search(p.bracket)]
    bare = [Candidate(p.value.run, 0.93) for p in parties if not p.bracket]
    bare += values["letter"]
    units, people = _in_form(values["unit"]), _in_form(values["person"])
    take_unit(sheet, "employer", [*employers, *bare, *units], "用人单位名称未能识别")
    sheet.take("employee", [*employees, *bare, *people], person_parser, "劳动者姓名未能识别")


def _in_form(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Names in the cells of a form whose party letters stand in a cell of their own; none when the
    form has several, since then it is not known whose they are."""
    names = {candidate.run.compact().text for candidate in candidates}
    return [Candidate(c.run, 0.9) for c in candidates] if len(names) == 1 else []


def _numbers(sheet: FieldSheet, values: Values, text: TextRun) -> None:
    codes = [*values["uscc"], *_bare_codes(text)]
    sheet.take("employer_uscc", codes, number_parser(parse_uscc), "统一社会信用代码未能识别")
    people = values["id"] + [
        Candidate(m.group(), 0.9)
        for m in text.finditer(r"(?<![0-9A-Z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
    ]
    unique = _one_number(people)
    sheet.take("employee_id_number", unique, id_number_parser, "劳动者身份证号码未能识别")


def _bare_codes(text: TextRun) -> list[Candidate]:
    """The one unit's code of the contract whose label could not be read; none when there are two."""
    codes = [
        m.group()
        for m in text.finditer(r"(?<![0-9A-Z])(?:1[12]|5[123]|9[123])[0-9A-Z]{16}(?![0-9A-Z])")
        if parse_uscc(m.group().text) and parse_id_number(m.group().text) is None
    ]
    return [Candidate(run, 0.9) for run in codes] if len({run.text for run in codes}) == 1 else []


def _one_number(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, unless they hold two different ID numbers (then whose is whose is not known:
    only those that a label names stand)."""
    numbers = {p.value for c in candidates if (p := id_number_parser(c.run))}
    return list(candidates) if len(numbers) <= 1 else [c for c in candidates if c.certainty > 0.9]


def _term(sheet: FieldSheet, text: TextRun) -> None:
    """Kind and dates of the term, from the section on it and the option chosen there."""
    section = _term_section(text)
    options = find_options(section.text, _KINDS)
    choice = choose(section.text, options)
    if choice is None:
        choice = _only_option(section, options)
    if choice is None:
        _without_choice(sheet, section, options)
        return
    option = choice.option
    run = _option_run(section, options, option)
    certainty = {"tick": 0.98, "number": 0.98, "only": 0.97, "others": 0.94, "filled": 0.9}[
        choice.how
    ]
    _put(sheet, "term_kind", option.key, section[option.start : option.start + 5], certainty)
    term = first_term(run) if option.key != "open_ended" else None
    term = term or first_start(run)
    if term:
        _put_term(sheet, term, certainty, with_end=option.key != "open_ended")
    elif option.key == "fixed":
        sheet.unreadable["ends_on"] = Unreadable(
            name="ends_on",
            reason="合同期限的起止日期未能识别",
            raw=run.text[:60],
            evidence=run[:30].evidence(),
        )


def _labelled_term(sheet: FieldSheet, values: Values) -> None:
    """First and last day in cells of their own; both of them make the term fixed."""
    sheet.take("starts_on", values["starts"], date_parser, "合同起始日未能识别")
    if sheet.text("term_kind") != "open_ended":
        sheet.take("ends_on", values["ends"], date_parser, "合同终止日未能识别")
    last = sheet.fields.get("ends_on")
    if last is not None and "starts_on" in sheet.fields and "term_kind" not in sheet.fields:
        sheet.put(last.model_copy(update={"name": "term_kind", "value": "fixed", "repairs": ()}))


def _term_section(text: TextRun) -> TextRun:
    """The text from the heading on the term to the next section; all of it when there is none."""
    head = next(
        (m for m in text.finditer(_TERM_HEAD) if find_options(text.text[m.start : m.start + 400], _KINDS)
         or first_term(text[m.start : m.start + 120])),
        None,
    )  # fmt: skip
    if head is None:
        return text
    after = text.search(_NEXT_HEAD, head.end)
    return text[head.start : min(after.start if after else len(text), head.start + 900)]


def _only_option(section: TextRun, options: Sequence[Option]) -> Choice | None:
    """A free-form contract names one kind; or of several kinds exactly one has its blanks filled."""
    kinds = {o.key for o in options}
    boxed = any(o.is_ticked is not None for o in options)
    if len(kinds) == 1 and not any(o.is_ticked is False for o in options):
        return Choice(options[0], "only")
    filled = [
        o for o in options
        if first_term(run := _option_run(section, options, o)) or first_start(run)
    ]  # fmt: skip
    if len({o.key for o in filled}) == 1 and not boxed:
        return Choice(filled[0], "filled")
    return None


def _without_choice(sheet: FieldSheet, section: TextRun, options: Sequence[Option]) -> None:
    """A term with no option at all is fixed when it has both ends; options without a choice are open."""
    if not options:
        term = first_term(section)
        if term:
            _put(sheet, "term_kind", "fixed", term.first_run, 0.95)
            _put_term(sheet, term, 0.97, with_end=True)
        return
    first = options[0]
    sheet.unreadable["term_kind"] = Unreadable(
        name="term_kind",
        reason="合同期限的选项未能识别",
        raw=section.text[first.start : first.start + 30],
        evidence=section[first.start : first.start + 5].evidence(),
    )


def _option_run(section: TextRun, options: Sequence[Option], option: Option) -> TextRun:
    """The option's own text: up to the next option of another kind."""
    following = [o.start for o in options if o.start > option.start and o.key != option.key]
    return section[option.start : min(following, default=len(section))]


def _put(sheet: FieldSheet, name: str, value: str, run: TextRun, certainty: float) -> None:
    evidence = run.evidence()
    if evidence:
        confidence = field_confidence(run.confidence, certainty, Grammar.CLOSED)
        sheet.put(
            Field(name=name, value=value, raw=run.raw, confidence=confidence, evidence=evidence)
        )


def _put_term(sheet: FieldSheet, term: Term, certainty: float, *, with_end: bool) -> None:
    sheet.put(build_field("starts_on", Candidate(term.first_run, certainty), date_parser))
    if with_end and term.last_run is not None:
        sheet.put(build_field("ends_on", Candidate(term.last_run, certainty), date_parser))


def _position(sheet: FieldSheet, values: Values, text: TextRun) -> None:
    sentences = [
        Candidate(m.group("value"), 0.96) for pattern in _POSITIONS for m in text.finditer(pattern)
    ]
    sheet.take("position", [*sentences, *values["position"]], _position_parser, "岗位未能识别")


_NOT_A_POSITION = re.compile(
    r"乙方|甲方|职责|要求|变更|调整|本合同|以下|上述|管理岗位|劳动|双方|根据"
)


def _position_parser(run: TextRun) -> Parsed | None:
    """A post's name: some words, no sentence."""
    name = run.text.strip(' ,，。.:;"“”_()')
    name = re.sub(r"(?:岗位|工作岗位)$", "", name)
    name = re.sub(r"^[^()]{2,8}\((?:岗位|人员)类(?:别|型)\)", "", name)
    if not 2 <= len(name) <= 25 or _NOT_A_POSITION.search(name) or re.search(r"[。;:]|\d{4}", name):
        return None
    return Parsed(name, Grammar.FREE)


def _signed_on(sheet: FieldSheet, values: Values, pages: Sequence[PageReading]) -> None:
    """The date of signing: labelled, or that of the signature block (the later of two)."""
    sheet.take("signed_on", values["signed"], date_parser, "签订日期未能识别")
    if "signed_on" in sheet.fields:
        return
    sheet.put(_latest_date(_lines_to_sign(pages)))


def _lines_to_sign(pages: Sequence[PageReading]) -> list[TextRun]:
    """The lines from the last place to sign on: one line a run, because two dates stand side by side."""
    lines = [TextRun.of_line(page, line).compact() for page in pages for line in text_lines(page)]
    places = [i for i, run in enumerate(lines) if run.search(_SIGN_BLOCK)]
    if not places:
        return []
    start = next((i for i in places if i > 0.4 * len(lines)), places[-1])
    return lines[start:]


def _latest_date(lines: Sequence[TextRun]) -> Field | None:
    """The later of the dates beside the signatures, when a day is printed."""
    dates = [(d, r) for line in lines for d, r in dates_in(line) if d.value.has_day]
    if not dates:
        return None
    _, run = max(dates, key=lambda item: item[0].value)
    certainty = 0.97 if len({d.value for d, _ in dates}) == 1 else 0.9
    return build_field("signed_on", Candidate(run, certainty), date_parser)
