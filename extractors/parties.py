"""The parties of an agreement: which organisation or person stands in which role, by printed words.

Party letters (甲方, 乙方) bind a name to a letter, never to a role: the role is what a bracket, a
label or a definition says (domain facts, section 3.2).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors.fields import Candidate
from extractors.labels import Label, label_values
from extractors.layout import pages_blocks, reading_order, row_runs
from extractors.specks import without_specks
from extractors.textrun import TextRun
from pipeline.model.reading import Line, PageReading

STOPS = (
    "法定代表人", "法定代表人(主要负责人)", "法定代表人(主要负责人)或委托代理人", "法定代表人或委托代理人",
    "主要负责人", "负责人", "委托代理人", "代理人", "统一社会信用代码", "社会信用代码", "注册地", "注册地址",
    "经营地", "经营地址", "联系电话", "联系方式", "联系人", "电话", "地址", "住所", "通讯地址", "邮编",
    "邮政编码", "性别", "居民身份证号码", "身份证号码", "身份证号", "户籍地址", "户口所在地", "经常居住地",
    "经常居住地(通讯地址)", "现住址", "家庭住址", "出生年月", "出生日期", "民族", "文化程度", "学历", "法人代表",
    "签订日期", "签约日期", "签订地点", "合同编号", "编号", "组织机构代码", "经济类型", "单位性质", "所属行业",
    "开户银行", "许可证编号", "劳务派遣经营许可证编号", "经营许可证编号",
    "申报日期", "申报职称", "申报级别", "申报专业", "现任岗位", "现任职务", "所学专业", "毕业院校", "专业技术职务",
    "职称", "单位电话", "合同起始日", "合同终止日", "合同起始日期", "合同终止日期", "合同期限", "工作岗位", "填表日期",
    "单位意见", "推荐意见", "参加工作时间", "政治面貌",
)  # fmt: skip
"""Labels that end a party's name."""

_LETTERED = re.compile(
    r"(?P<letter>[甲乙丙丁])方(?:单位)?(?:\((?P<bracket>[^)]{1,20})\))?(?:名称|姓名)?:(?P<value>[^:。;]{2,60})"
)
_BRACKET_FIRST = re.compile(
    r"(?P<bracket>[^,，。;:()]{2,12})\((?:以下简称)?[\"“]?(?P<letter>[甲乙丙丁])方[\"”]?\):(?P<value>[^:。;]{2,60})"
)
_DEFINED = re.compile(
    r"(?:^|[,，。;:\n]|(?<=\))[与和及]|由)(?P<value>[^,，。;:()\n]{4,40})\n?"
    r"\((?:以下|下)?(?:统称|简称|称)?(?:为)?[\"“]?(?P<letter>[甲乙丙丁])方[\"”]?\)"
)
"""`X（以下简称“甲方”）与Y（以下简称“乙方”）`, over broken lines."""
_NUMBERED = re.compile(
    r"\s*\d{1,2}(?:[.．]\d{1,2})*[、.．)）\s](?!\d{3})|\s*\d{1,2}[.．]\d{1,2}(?!\d)"
)
_NEXT_PARTY = re.compile(r"[甲乙丙丁]方(?:\(|:|单位)")


@dataclass(frozen=True, slots=True, eq=False)
class Party:
    """A name bound to a party letter, with what stands in brackets beside the letter ("" for nothing)."""

    letter: str
    bracket: str
    value: Candidate


def label(key: str, aliases: Iterable[str], *, strict: bool = False, wraps: bool = False) -> Label:
    """A label of agreements and letters, whose value never stands below it."""
    return Label(key, tuple(aliases), wraps=wraps, strict=strict, below=False)


def labelled(pages: Sequence[PageReading], labels: Sequence[Label]) -> dict[str, list[Candidate]]:
    """The values of each label (by its key), the surest first."""
    values = label_values(pages, labels, stops=STOPS)
    return {key: [Candidate(v.run, v.certainty) for v in found] for key, found in values.items()}


def lettered_parties(pages: Sequence[PageReading]) -> list[Party]:
    """Every `甲方（role）：name` and `role（甲方）：name`, in reading order.

    The value may hold more than the name (a parser takes what it accepts), and goes on in the next
    row when its own row ends with it.
    """
    found: list[Party] = []
    for page in pages:
        rows = row_runs(page)
        for i, row in enumerate(rows):
            for pattern in (_LETTERED, _BRACKET_FIRST):
                for match in row.finditer(pattern):
                    value = _upto_label(match.group("value"))
                    found.append(_party(match.match, value))
                    if match.end == len(row) and len(value) >= 8 and i + 1 < len(rows):
                        joined = TextRun.join((value, _upto_label(rows[i + 1])))
                        found.append(_party(match.match, joined))
    return [*found, *_defined_parties(pages)]


def _defined_parties(pages: Sequence[PageReading]) -> list[Party]:
    """The parties that the opening sentence binds to their letters."""
    return [
        Party(match.match["letter"], "", Candidate(match.group("value"), 0.94))
        for match in pages_blocks(pages).compact().finditer(_DEFINED)
    ]


def _party(match: re.Match[str], value: TextRun) -> Party:
    return Party(match["letter"], match["bracket"] or "", Candidate(value.strip("_ "), 0.97))


def _upto_label(run: TextRun) -> TextRun:
    """The run up to where the next label or party begins."""
    ends = [i for stop in STOPS if len(stop) >= 3 and (i := run.text.find(stop)) >= 0]
    party = _NEXT_PARTY.search(run.text)
    ends.extend([party.start()] if party else [])
    return run[: min(ends)] if ends else run


def whole_text(pages: Sequence[PageReading]) -> TextRun:
    """The paper's text as one compact run without the strokes of blanks to fill in.

    A number at the end of a line and the number of the next paragraph stay apart (`…2025/06/30`,
    `1.3 试用期`).
    """
    run = TextRun.join(
        part for page in without_specks(pages) for part in _parted(page, reading_order(page))
    ).compact()
    kept = [i for i, c in enumerate(run.text) if c not in "_＿"]
    return TextRun("".join(run.text[i] for i in kept), tuple(run.glyphs[i] for i in kept))


def _parted(page: PageReading, lines: Sequence[Line]) -> Iterator[TextRun]:
    """The lines, with a break behind one that ends in a digit before a numbered paragraph."""
    for line, following in zip(lines, (*lines[1:], None), strict=True):
        run = TextRun.of_line(page, line)
        ends = following is not None and line.text.rstrip()[-1:].isdigit()
        is_numbered = following is not None and _NUMBERED.match(following.text) is not None
        yield run.with_break() if ends and is_numbered else run
