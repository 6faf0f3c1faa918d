"""Proofs of achievement (业绩证明), 六(四): an open vocabulary, so few fields and no judgement."""

import re
from collections.abc import Sequence
from statistics import median

from extractors.closing import closing_employers
from extractors.confidence import Grammar, field_confidence
from extractors.fields import Candidate, FieldSheet, Parsed
from extractors.folding import compact
from extractors.layout import text_lines
from extractors.months import find_periods
from extractors.names import parse_name
from extractors.parties import label, labelled, whole_text
from extractors.people import dotted_first, people_named, person_parser
from extractors.rosters import RosterRow, roster_rows
from extractors.tables import Piece, confidence_of, evidence_of, text_of
from extractors.textrun import TextRun
from extractors.unit_fields import take_unit
from extractors.unit_lines import without_rims
from pipeline.model.document import DocumentReading, Extraction, Field
from pipeline.model.reading import Line, PageReading

_TITLE_WORD = re.compile(
    r"证明|证书|报告|总结|奖状|合同|任务书|验收|专利|著作权|通知书|荣誉|聘书|漏洞|感谢信|表彰|鉴定"
)
_NOT_A_TITLE = re.compile(
    r"专用|章$|编号|[:：]|^\d|^[(（]?[一二三四五六七八九十]+[)）]?[、.．]|^第.{1,6}号|^No"
)
_LARGER = 1.15
_CLEAR = 0.8
"""A heading is printed large: what was read of it with less certainty is a seal's or a stain's."""
_TITLE_LABELS = (
    "项目名称",
    "成果名称",
    "软件名称",
    "发明名称",
    "课题名称",
    "报告名称",
    "系统名称",
    "漏洞名称",
    "专利名称",
    "实用新型名称",
    "作品名称",
    "论文题目",
    "论文名称",
    "奖项名称",
    "荣誉名称",
    "获奖项目",
    "标准名称",
)
_NAME_LABELS = (
    "姓名", "参与人", "参与人员", "完成人", "主要完成人", "获奖者", "获奖人", "发现者", "贡献者", "持证人", "证书持有人",
    "项目负责人", "本人姓名", "申报人", "人员姓名", "提交者", "报送者", "发明人", "设计人", "获奖个人", "作者", "第一作者",
    "学员姓名", "获证人", "发现人", "漏洞发现者", "漏洞提交者",
)  # fmt: skip
_ROLE_LABELS = (
    "担任角色", "角色", "本人角色", "承担角色", "岗位", "职责", "承担工作", "项目角色", "担任职务", "项目职务",
)  # fmt: skip
_ROLES = (
    r"(?:担任|作为|(?<!责)任)(?P<value>[^,，。;:()]{2,16}?)(?=[,，。;(]|一职|职务|参与|负责(?!人)|全程|完成)",
    r"(?:本人|现|在)[^。;]{0,40}?从事(?P<value>[^,，。;:()]{2,16}?)(?:工作|岗位)(?=[,。;]|自[12]\d{3}年|$)",
)
_ISSUER_LABELS = (
    "发证单位", "颁发单位", "出具单位", "证明单位", "证明单位(盖章)", "发证机关", "授予单位", "单位(盖章)", "单位(公章)",
    "颁发机构", "发证机构", "出具单位(盖章)", "单位名称",
)  # fmt: skip
_AWARD = r"(?:评为|评选为|荣获|获得|授予|荣膺|获)[^,。;“\"《]{0,14}?[“\"《](?P<value>[^”\"》]{2,40})[”\"》]"
_PROJECT = (
    r"(?:参与|参加|承担|负责|完成|主持)(?:了)?[“\"《]?"
    r"(?P<value>[^,。;:”\"》]{4,40}?(?:项目|工程|课题))(?=[,。;的”\"》担中]|工作)"
)

_LABELS = (
    label("title", _TITLE_LABELS, wraps=True),
    label("name", _NAME_LABELS, strict=True),
    label("role", _ROLE_LABELS, strict=True),
    label("issuer", _ISSUER_LABELS, wraps=True),
)


def extract_achievement(document: DocumentReading) -> Extraction:
    """Fields of `achievement`: title, name, role, period (as printed), issuer."""
    sheet = FieldSheet()
    pages = document.pages
    text = whole_text(pages)
    values = labelled(pages, _LABELS)
    _title(sheet, pages, values["title"], text)
    _from_roster(sheet, pages)
    names = dotted_first([*values["name"], *people_named(text)])
    sheet.take("name", names, person_parser, "人员姓名未能识别")
    roles = [Candidate(m.group("value"), 0.93) for p in _ROLES for m in text.finditer(p)]
    sheet.take("role", [*values["role"], *roles], _role_parser, "承担角色未能识别")
    _period(sheet, text)
    issuers = [*values["issuer"], *closing_employers(pages)]
    take_unit(sheet, "issuer", issuers, "出具单位未能识别")
    return sheet.extraction()


def _from_roster(sheet: FieldSheet, pages: Sequence[PageReading]) -> None:
    """Name and role from a roster that names one person only."""
    rows = roster_rows(pages)
    if len(rows) == 1:
        row = rows[0]
        sheet.put(_cell_field("name", row, (row.name,), parse_name(row.name.text)))
        duty = row.cell("分工", "角色", "职责", "承担", "职务", "岗位")
        sheet.put(_cell_field("role", row, duty, text_of(duty)))


def _cell_field(
    name: str, row: RosterRow, cell: tuple[Piece, ...], value: str | None
) -> Field | None:
    if not cell or not value:
        return None
    return Field(
        name=name,
        value=value,
        raw=text_of(cell),
        confidence=field_confidence(confidence_of(cell), 0.95, Grammar.FREE),
        evidence=(evidence_of(row.sheet, cell),),
    )


def _role_parser(run: TextRun) -> Parsed | None:
    role = run.text.strip(' ,，。.:;"“”_')
    if not 2 <= len(role) <= 24 or re.search(r"\d{4}|[。;:]", role):
        return None
    return Parsed(role, Grammar.FREE)


def _title(
    sheet: FieldSheet, pages: Sequence[PageReading], named: Sequence[Candidate], text: TextRun
) -> None:
    """A labelled name of the work; an award; the one project that a certificate speaks of; the heading."""
    for candidate in named:
        if 3 <= len(candidate.run.text.strip()) <= 80:
            sheet.put(_title_field(candidate.run, candidate.certainty))
            return
    award = text.search(_AWARD)
    if award:
        sheet.put(_title_field(award.group("value"), 0.93))
        return
    projects = {m.match["value"]: m.group("value") for m in text.finditer(_PROJECT)}
    if len(projects) == 1 and "证明" in text.text:
        sheet.put(_title_field(next(iter(projects.values())), 0.92))
        return
    heading = _heading(pages[0]) if pages else None
    if heading is not None:
        sheet.put(_title_field(heading, 0.93))


def _heading(page: PageReading) -> TextRun | None:
    """The highest line of the upper part that is printed larger than the text and says what paper it
    is; without one, the highest line."""
    lines = [
        line
        for line in without_rims(text_lines(page))
        if line.centre[1] < 0.6 * page.upright_height
        and line.confidence >= _CLEAR
        and 3 <= len(compact(line.text)) <= 40
        and not _NOT_A_TITLE.search(compact(line.text))
    ]
    if not lines:
        return None
    usual = median(map(_size, text_lines(page)))
    tall = max(map(_size, lines))
    worded = [line for line in lines if _TITLE_WORD.search(compact(line.text))]
    large = [line for line in worded if _size(line) >= min(_LARGER * usual, 0.85 * tall)]
    return TextRun.of_line(page, max(large or lines, key=_size))


def _size(line: Line) -> float:
    """The size of a line's print: the height of its box, unless it is higher for being aslant or curled
    than the pitch of its characters allows."""
    return min(line.height, 1.4 * (line.rect[2] - line.rect[0]) / len(line.text))


def _title_field(run: TextRun, certainty: float) -> Field:
    return Field(
        name="title",
        value="".join(run.raw.split()).strip("《》:,，。：“”"),
        raw=run.raw,
        confidence=field_confidence(run.confidence, certainty, Grammar.FREE),
        evidence=run.evidence(),
    )


def _period(sheet: FieldSheet, text: TextRun) -> None:
    found = find_periods(text.text)
    if found:
        run = text[found[0].start : found[0].end]
        sheet.put(
            Field(
                name="period",
                value="".join(run.raw.split()),
                raw=run.raw,
                confidence=field_confidence(run.confidence, 0.95, Grammar.CLOSED),
                evidence=run.evidence(),
                repairs=found[0].repairs,
            )
        )
