"""Proofs of achievement (业绩证明), 六(四): an open vocabulary, so few fields and no judgement."""

import re
from collections.abc import Sequence

from extractors.closing import closing_employers
from extractors.confidence import Grammar, field_confidence
from extractors.employers import employer_parser
from extractors.fields import Candidate, FieldSheet, Parsed, name_parser
from extractors.layout import rows_of, text_lines
from extractors.months import find_periods
from extractors.parties import labelled, whole_text
from extractors.textrun import TextRun
from pipeline.model.document import DocumentReading, Extraction, Field
from pipeline.model.reading import PageReading

_TITLE_WORD = re.compile(
    r"证明|证书|报告|总结|奖状|合同|任务书|验收|专利|著作权|通知书|荣誉|聘书|漏洞|感谢信|表彰|鉴定"
)
_TITLE_LABELS = ("项目名称", "成果名称", "软件名称", "发明名称", "课题名称", "报告名称", "系统名称")
_NAME_LABELS = (
    "姓名", "参与人", "参与人员", "完成人", "主要完成人", "获奖者", "获奖人", "发现者", "贡献者", "持证人", "证书持有人",
    "项目负责人", "本人姓名", "申报人", "人员姓名", "提交者", "报送者",
)  # fmt: skip
_NAMES = (
    r"(?:兹证明|证明|兹有|现证明)[,，:]?(?:我单位|本单位|我司|本公司|我院)?(?:职工|员工|工作人员)?(?P<value>[^,，。;:()0-9的在于系为]{2,15}?)(?:同志|先生|女士|[(（,，]|(?:在|于|自|系|作为|担任|参与|参加|负责))",
    r"授予(?P<value>[^,，。;:()0-9的]{2,15}?)(?:同志|先生|女士|同学)?[\"“]",
    r"(?P<value>[^,，。;:()0-9的]{2,15}?)(?:同志|先生|女士)(?:[,，]|在|于|参与|负责|担任|作为|荣获|系)",
)
_ROLE_LABELS = (
    "担任角色",
    "角色",
    "本人角色",
    "承担角色",
    "岗位",
    "职责",
    "承担工作",
    "项目角色",
    "担任职务",
    "项目职务",
)
_ROLES = (
    r"(?:担任|作为|任)(?P<value>[^,，。;:()]{2,16}?)(?=[,，。;(]|一职|职务|参与|负责|全程|完成)",
)
_PERIOD_LABELS = (
    "项目时间",
    "起止时间",
    "时间",
    "项目周期",
    "实施时间",
    "工作时间",
    "起止日期",
    "项目起止时间",
    "参与时间",
)
_ISSUER_LABELS = (
    "发证单位", "颁发单位", "出具单位", "证明单位", "证明单位(盖章)", "发证机关", "授予单位", "单位(盖章)", "单位(公章)",
    "颁发机构", "发证机构", "出具单位(盖章)", "单位名称",
)  # fmt: skip


def extract_achievement(document: DocumentReading) -> Extraction:
    """Fields of `achievement`: title, name, role, period (`YYYY-MM..YYYY-MM`), issuer."""
    sheet = FieldSheet()
    pages = document.pages
    text = whole_text(pages)
    _title(sheet, pages)
    sentences = [Candidate(m.group("value"), 0.94) for p in _NAMES for m in text.finditer(p)]
    cells = labelled(pages, _NAME_LABELS, wraps=False)
    sheet.take("name", [*cells, *sentences], _person_parser, "人员姓名未能识别")
    roles = [Candidate(m.group("value"), 0.93) for p in _ROLES for m in text.finditer(p)]
    sheet.take(
        "role",
        [*labelled(pages, _ROLE_LABELS, strict=True), *roles],
        _role_parser,
        "承担角色未能识别",
    )
    _period(sheet, text)
    issuers = [*labelled(pages, _ISSUER_LABELS), *closing_employers(pages)]
    sheet.take("issuer", issuers, employer_parser, "出具单位未能识别")
    return sheet.extraction()


def _person_parser(run: TextRun) -> Parsed | None:
    return None if employer_parser(run) else name_parser(run)


def _role_parser(run: TextRun) -> Parsed | None:
    role = run.text.strip(' ,，。.:;"“”_')
    return (
        Parsed(role, Grammar.FREE)
        if 2 <= len(role) <= 24 and not re.search(r"\d{4}", role)
        else None
    )


def _title(sheet: FieldSheet, pages: Sequence[PageReading]) -> None:
    """A named project, work or award; else the heading of the paper."""
    for candidate in labelled(pages, _TITLE_LABELS):
        if 3 <= len(candidate.run.text.strip()) <= 80:
            sheet.put(_title_field(candidate.run, candidate.certainty))
            return
    for page in pages[:1]:
        rows = [TextRun.of_lines(page, row).compact() for row in rows_of(text_lines(page))]
        tall = max((line.height for line in text_lines(page)), default=0.0)
        for run in rows[:6]:
            height = max(g.line.height for g in run.glyphs) if run else 0.0
            if 3 <= len(run) <= 50 and (_TITLE_WORD.search(run.text) or height >= 0.95 * tall):
                sheet.put(_title_field(run, 0.93))
                return


def _title_field(run: TextRun, certainty: float) -> Field:
    return Field(
        name="title",
        value=run.compact().text.strip("《》:,，。"),
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
                value=f"{found[0].first}..{found[0].last}",
                raw=run.raw,
                confidence=field_confidence(run.confidence, 0.95, Grammar.CLOSED),
                evidence=run.evidence(),
                repairs=found[0].repairs,
            )
        )
