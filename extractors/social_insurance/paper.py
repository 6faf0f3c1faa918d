"""Proofs of social insurance: person, province, and the months one by one (六(二))."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extractors.closing import closing_date
from extractors.confidence import Grammar
from extractors.fields import (
    Candidate,
    FieldSheet,
    Parsed,
    date_parser,
    from_values,
)
from extractors.folding import compact
from extractors.labels import Label, Value, label_values
from extractors.layout import pages_run, rows_of, text_lines
from extractors.months import FoundPeriod
from extractors.social_insurance.listing import Listed, list_months
from extractors.social_insurance.merging import merge_rows
from extractors.social_insurance.outliers import not_after, within_period
from extractors.social_insurance.person import read_person
from extractors.social_insurance.place import read_province
from extractors.social_insurance.placed import with_settled_places
from extractors.social_insurance.statuses import HOUSING_FUND, MEDICAL
from extractors.social_insurance.summaries import Summary, summarise
from extractors.social_insurance.units import paid_by_units
from extractors.social_insurance.words import spaced_pages
from extractors.textrun import TextRun
from pipeline.model.document import (
    ContributionMonth,
    DocumentReading,
    Evidence,
    Extraction,
    Field,
    MonthStatus,
    Unreadable,
)
from pipeline.model.reading import PageReading
from pipeline.model.values import Month, PartialDate

_LABELS = (
    Label("name", ("参保人姓名", "参保人员姓名", "人员姓名", "姓名", "参保人", "被保险人"), below=True),
    Label(
        "id_number",
        ("社会保障号码", "社会保障号", "公民身份号码", "居民身份证号码", "身份证号码", "身份证号",
         "证件号码", "公民身份证号码", "身份证件号码"),
    ),
    Label(
        "verification_code",
        ("验证码", "校验码", "授权码", "表单验证号码", "查验码", "验证号码", "防伪码"),
    ),
    Label(
        "place",
        ("参保地", "参保地区", "缴费地", "参保地点", "参(缴)保地", "参保经办机构", "经办机构", "参保机构",
         "参保区县", "参保城市", "参保统筹区", "统筹区", "社保机构", "参保所在地", "缴费地区", "社保所在地", "参保地市",
         "参保省市", "所在城市", "参保行政区划", "行政区划"),
        below=False,
    ),
    Label(
        "printed_on",
        ("打印时间", "打印日期", "查询时间", "查询日期", "出具日期", "出具时间", "制表日期",
         "开具日期", "开具时间", "生成时间", "生成日期", "证明日期", "下载时间", "制表时间", "信息更新日期", "更新日期", "更新时间", "数据更新时间", "截至日期"),
    ),
)  # fmt: skip
_STOPS = (
    "性别", "个人编号", "民族", "出生日期", "证件类型", "单位名称", "参保状态", "人员状态", "打印人",
    "打印机构", "有效期至", "用途", "年龄", "手机号", "社保卡号", "参工时间", "单位:元",
    "社保电脑号", "电脑号", "险种类型", "参保险种", "险种", "经办机构", "参保单位",
    "建账时间", "建账日期", "当前单位名称", "当前单位编号", "经办机构名称", "单位编号",
)  # fmt: skip
_CODE = re.compile(
    r"(?:验证码|校验码|授权码|表单验证号码|查验码|验证号码|防伪码)(?:为)?[::]?(?P<code>[0-9A-Za-z]{6,32})(?=进行|验证|登录|[,。;)])"
)
_STAMP = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[-./年]\s?(?P<month>\d{1,2})\s?[-./月]\s?"
    r"(?P<day>\d{2}|\d(?!\d))\s?日?(?=\D|$|\d{1,2}:\d{2})"
)
_WORN_STAMP = re.compile(
    r"(?<!\d)(?P<year>20\d{2})[-./年]?(?P<month>0[1-9]|1[0-2])[-./月]?(?P<day>[0-3]\d)日?(?=\D|$)"
)
"""A date of eight digits of which a separator was lost."""
_HARDLY, _WHOLE = 0.5, 0.98
_PERIOD_COLUMNS = re.compile(
    r"(?:起始|开始)(?:年月|时间|日期|月份).{0,40}?(?:截止|终止|结束)(?:年月|时间|日期|月份)"
)
_LONGEST_PERIOD = 240
_UNSEEN = 0.9

_FORMS = (
    ("sichuan", re.compile(r"四川省社会保险|四川省.{0,8}参保证明")),
    ("chengdu", re.compile(r"成都市?社会保险|成都.{0,6}社保|成都人社")),
    ("national", re.compile(r"国家社会保险公共服务平台|掌上12333|si\.12333")),
    ("wallet", re.compile(r"电子社保卡|支付宝|微信")),
    ("zhejiang", re.compile(r"浙江省社会保险|zjzwfw")),
    ("henan", re.compile(r"河南省社会保险")),
    ("hunan", re.compile(r"智慧人社|湖南省")),
    ("hubei", re.compile(r"湖北省社会保险|hb12333")),
    ("shenzhen", re.compile(r"深圳市社会保险")),
    ("guangdong", re.compile(r"广东省社会保险|粤人社")),
    ("jiangsu", re.compile(r"江苏省社会保险")),
    ("beijing", re.compile(r"北京市社会保险|北京通")),
)


def extract_social_insurance(document: DocumentReading) -> Extraction:
    """Fields `name`, `id_number`, `province`, `months`, `printed_on`, `verification_code`.

    Months are one row each as printed, each with its insurance: 养老 (and 失业, 工伤 where the paper has
    rows of theirs); 医疗 only where the paper is of nothing else. A range, a count or a housing-fund
    paper never becomes months. Traits: `proof` (months, range_only, count_only,
    medical_only, fund_only, none), `form`, `covers` (first..last month of the list), `range`, `count`.
    """
    run = spaced_pages(document.pages)
    summary = summarise(run.text)
    found = list_months(document.pages, summary)
    listed = replace(found, months=within_period(found.months, summary.detail_period))
    months = with_settled_places(listed.months)
    sheet = FieldSheet()
    values = label_values(document.pages, _LABELS, stops=_STOPS)
    read_person(sheet, values, document.pages)
    _printed_on(sheet, values["printed_on"], document.pages, is_letter=not months)
    _code(sheet, values["verification_code"], document.pages)
    months = not_after(months, sheet.text("printed_on"))
    read_province(sheet, values["place"], document.pages, run, months)
    if summary.insurance == HOUSING_FUND or not months:
        months = []
    else:
        months = paid_by_units(merge_rows([*months, *_not_printed(listed, summary, run)]))
        sheet.put(_months_field(months))
    if not months and summary.insurance not in (MEDICAL, HOUSING_FUND):
        _months_unread(sheet, listed, summary, run)
    sheet.traits.extend(_traits(document.pages, run, summary, months))
    return sheet.extraction()


def _months_unread(sheet: FieldSheet, listed: Listed, summary: Summary, run: TextRun) -> None:
    """A paper that announces or rules a list of months of which none could be read."""
    period = summary.detail_period
    if period or listed.has_form:
        sheet.unreadable["months"] = Unreadable(
            name="months",
            reason="缴费明细的月份未能识别",
            evidence=_where(run, period) if period else (),
        )


def _not_printed(listed: Listed, summary: Summary, run: TextRun) -> list[ContributionMonth]:
    """Months of the stated period without a row: they may stand on a page that is not here."""
    period = summary.detail_period
    if period is None or not listed.by_rows or period.length > _LONGEST_PERIOD:
        return []
    printed = {m.month for m in listed.months}
    inside = [m for m in printed if period.first <= m <= period.last]
    if len(inside) * 2 < len(printed):
        return []
    kinds = Counter(m.insurance for m in listed.months).most_common(1)
    return [
        ContributionMonth(
            month=month,
            status=MonthStatus.UNKNOWN,
            insurance=kinds[0][0],
            confidence=_UNSEEN,
            evidence=_where(run, period),
        )
        for month in Month.span(period.first, period.last)
        if month not in printed
    ]


def _where(run: TextRun, period: FoundPeriod) -> tuple[Evidence, ...]:
    return run[period.start : period.end].evidence()


def _months_field(months: Sequence[ContributionMonth]) -> Field | None:
    """The months as one field; its confidence is that of the least sure month."""
    if not months:
        return None
    evidence = tuple(dict.fromkeys(m.evidence[0] for m in months))
    return Field(
        name="months",
        value=tuple(months),
        raw=" ".join(e.raw for e in evidence)[:2000],
        confidence=min(m.confidence for m in months),
        evidence=evidence,
    )


def _printed_on(
    sheet: FieldSheet, values: Sequence[Value], pages: Sequence[PageReading], *, is_letter: bool
) -> None:
    """The labelled date of printing or asking; else the date that closes a letter."""
    rows = [TextRun.of_lines(p, row) for p in pages for row in rows_of(text_lines(p))]
    marked = [
        Candidate(r, 0.95)
        for r in rows
        if re.search(r"(?:打印|查询|出具|更新|开具)(?:时间|日期)", compact(r.text))
    ]
    candidates = [*from_values(values), *marked]
    sheet.take("printed_on", candidates, _printed_parser, "打印时间未能识别")
    if is_letter:
        sheet.take("printed_on", closing_date(pages), date_parser, "打印时间未能识别")


def _printed_parser(run: TextRun) -> Parsed | None:
    """The day of a date that a time of day may follow, with or without a space."""
    folded = run.folded()
    stamp = folded.search(_STAMP) or folded.search(_WORN_STAMP)
    if stamp:
        text = "-".join(stamp.match[g].zfill(2) for g in ("year", "month", "day"))
        try:
            return Parsed(str(PartialDate(text)), Grammar.CLOSED, part=stamp.group())
        except ValueError:
            return None
    return date_parser(run)


def _code(sheet: FieldSheet, values: Sequence[Value], pages: Sequence[PageReading]) -> None:
    """A labelled code on its own, or one inside a sentence, where a line may break within it."""
    alone = [Candidate(v.run.compact(), v.certainty) for v in values]
    inside = [Candidate(match.group("code")) for match in pages_run(pages).finditer(_CODE)]
    sheet.take("verification_code", [*alone, *inside], _code_parser, "验证码未能识别")


def _code_parser(run: TextRun) -> Parsed | None:
    """A code; None where a character of it was hardly read, or where it is of odd length (as no form's
    codes are) and one was read with any doubt: then one was lost."""
    found = re.fullmatch(r"[0-9A-Za-z]{6,32}", run.text.strip("。,;."))
    weakest = min((g.line.scores[g.index] for g in run.glyphs if g.line.scores), default=1.0)
    if found is None or weakest < (_WHOLE if len(found[0]) % 2 else _HARDLY):
        return None
    return Parsed(found[0], Grammar.FORMED)


def _traits(
    pages: Sequence[PageReading],
    run: TextRun,
    summary: Summary,
    months: Sequence[ContributionMonth],
) -> list[str]:
    traits = [f"proof={_proof(summary, months, run.text)}"]
    form = next((name for name, pattern in _FORMS if pattern.search(run.text)), None)
    if form:
        traits.append(f"form={form}")
    if months:
        first, last = min(m.month for m in months), max(m.month for m in months)
        traits.append(f"covers={first}..{last}")
    traits.extend(f"range={p.first}..{p.last}" for p in summary.ranges[:1])
    if summary.count is not None:
        traits.append(f"count={summary.count}")
    if any(page.rules for page in pages):
        traits.append("ruled=true")
    return traits


def _proof(summary: Summary, months: Sequence[ContributionMonth], text: str) -> str:
    """What kind of proof of continuity the paper is."""
    if summary.insurance == MEDICAL:
        return "medical_only"
    if summary.insurance == HOUSING_FUND:
        return "fund_only"
    if months:
        return "months"
    if summary.detail_period or summary.ranges or _PERIOD_COLUMNS.search(text):
        return "range_only"
    return "count_only" if summary.count is not None else "none"
