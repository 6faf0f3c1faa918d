"""Labour contracts (劳动合同) and employment contracts of public institutions (聘用合同), 六(三)."""

import re
from collections.abc import Sequence

from extractors.confidence import Grammar
from extractors.contract_terms import read_term
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
from extractors.folding import is_han
from extractors.layout import text_lines
from extractors.numbers import parse_id_number, parse_uscc
from extractors.parties import label, labelled, lettered_parties, whole_text
from extractors.people import person_parser
from extractors.signatures import signature_traits
from extractors.textrun import TextRun
from extractors.unit_fields import take_unit
from pipeline.model.document import DocumentReading, Extraction, Field
from pipeline.model.reading import PageReading

_EMPLOYER_LABELS = (
    "甲方(用人单位)", "甲方(用人单位名称)", "甲方(用人单位全称)", "甲方(聘用单位)", "甲方(聘用单位名称)",
    "聘用单位(甲方)", "用人单位(甲方)", "甲方(单位)", "甲方(单位名称)", "甲方单位名称", "甲方名称",
    "用人单位名称", "聘用单位名称", "用人单位", "聘用单位", "甲方(公司)", "甲方(公司名称)", "甲方(聘用方)", "聘用方(甲方)",
    "聘用方", "甲方(雇主)",
)  # fmt: skip
_EMPLOYEE_LABELS = (
    "乙方(劳动者)", "乙方(劳动者姓名)", "乙方(受聘人员)", "乙方(受聘人)", "乙方(受聘者)", "受聘人员(乙方)",
    "受聘人(乙方)", "劳动者(乙方)", "乙方(员工)", "乙方(职工)", "乙方(员工姓名)", "乙方(姓名)", "乙方姓名",
    "受聘人员姓名", "劳动者姓名", "员工姓名", "受聘人员", "受聘人", "劳动者", "乙方(受聘方)", "受聘方(乙方)", "受聘方",
    "乙方(雇员)", "乙方(员工姓名)", "乙方(聘用人员)",
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
    r"乙方(?:同意)?(?:担任|任)[\"“]?(?P<value>[^,，。;:\"”]{2,22}?)[\"”]?(?=[,，。;])",
    r"(?:担任|从事|聘(?:用|任)乙方(?:在|为|到|担任)|安排乙方(?:在|从事|担任|到))[\"“]?(?P<value>[^,，。;:\"”]{2,25}?)[\"”]?(?:岗位|工作岗位|职务|一职|工作)(?=[,，。;(的工]|$)",
)
_CERTAIN = 0.995
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
    r"[甲乙]方(?:代表|单位)?:?\(?(?:盖章|公章|签章|签字|签名|印章)|(?:单位|受聘人员?|劳动者)\(?(?:盖章|公章|签字|签名|签章)"
)
_SIGNED_IN_SENTENCE = re.compile(
    r"(?:于|在)(?P<value>[12一二].{3,4}年.{1,3}月.{1,3}[日号])[^。;:]{0,12}?(?:签订|签署|订立)"
    r"|(?:签订|签署|订立)(?:于|时间为|日期为)(?P<late>[12一二].{3,4}年.{1,3}月.{1,3}[日号])"
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
    """Fields of `labour_contract`.

    Traits: `form` (聘用合同 or 劳动合同), and what the signature block shows (see `signature_traits`).
    """
    sheet = FieldSheet()
    pages = document.pages
    text = whole_text(pages)
    values = labelled(pages, _LABELS)
    _parties(sheet, pages, values)
    _numbers(sheet, values, text)
    read_term(sheet, text, values["starts"], values["ends"])
    _position(sheet, values, text)
    _signed_on(sheet, values, pages, text)
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
    name = run.text.strip(' ,，、。.:;"“”_')
    if name.count("(") != name.count(")"):
        name = name.strip("()")
    name = re.sub(r"(?:岗位|工作岗位)$", "", name)
    name = re.sub(r"^[^()]{2,8}\((?:岗位|人员)类(?:别|型)\)", "", name)
    if not 2 <= len(name) <= 25 or _NOT_A_POSITION.search(name) or re.search(r"[。;:]|\d{4}", name):
        return None
    return Parsed(name, Grammar.FREE)


def _signed_on(
    sheet: FieldSheet, values: Values, pages: Sequence[PageReading], text: TextRun
) -> None:
    """The date of signing: labelled, or that of the signature block (the later of two), or said in a
    sentence."""
    sheet.take("signed_on", values["signed"], date_parser, "签订日期未能识别")
    if "signed_on" not in sheet.fields:
        sheet.put(_latest_date(_lines_to_sign(pages), sheet.text("ends_on")))
    said = [
        Candidate(m.group("value" if m.has("value") else "late"), 0.93)
        for m in text.finditer(_SIGNED_IN_SENTENCE)
    ]
    sheet.take("signed_on", said, date_parser, "签订日期未能识别")


def _lines_to_sign(pages: Sequence[PageReading]) -> list[TextRun]:
    """The lines from the last place to sign on: one line a run, because two dates stand side by side."""
    lines = [TextRun.of_line(page, line).compact() for page in pages for line in text_lines(page)]
    places = [i for i, run in enumerate(lines) if run.search(_SIGN_BLOCK)]
    if not places:
        return []
    start = next((i for i in places if i > 0.4 * len(lines)), places[-1])
    return lines[start:]


def _latest_date(lines: Sequence[TextRun], ends_on: str | None) -> Field | None:
    """The later of the dates beside the signatures, when a day is printed.

    Of two dates that differ in one digit only, one that was not read for certain gives way,
    and so does one after the contract's last day: nobody signs then, so a digit of it is misread.
    """
    dates = [(d, r) for line in lines for d, r in dates_in(line) if d.value.has_day]
    if ends_on is not None:
        dates = [(d, r) for d, r in dates if str(d.value) <= ends_on] or dates
    if not dates:
        return None
    sure = [(d, r) for d, r in dates if _weakest_digit(r) >= _CERTAIN]
    if sure and all(_differ_in_one(d.value, s.value) for d, _ in dates for s, _ in sure):
        dates = sure
    _, run = max(dates, key=lambda item: item[0].value)
    certainty = 0.97 if len({d.value for d, _ in dates}) == 1 else 0.9
    return build_field("signed_on", Candidate(run, certainty), date_parser)


def _weakest_digit(run: TextRun) -> float:
    """The lowest score of a run's digits (1 where there are none)."""
    return min(
        (g.line.scores[g.index] for g in run.glyphs if g.line.scores and not is_han(g.line.text[g.index])),
        default=1.0,
    )  # fmt: skip


def _differ_in_one(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 1
