"""The employer's opinion (推荐意见), 五(二): whom it recommends, and whether it does."""

import re
from collections.abc import Sequence

from extractors.choices import choose, find_options
from extractors.closing import closing_employers, take_closing_date
from extractors.confidence import Grammar, field_confidence
from extractors.fields import FieldSheet
from extractors.layout import page_paragraphs
from extractors.parties import label, labelled, whole_text
from extractors.people import dotted_first, people_named, person_parser
from extractors.signatures import signature_traits
from extractors.textrun import RunMatch, TextRun
from extractors.unit_fields import take_unit
from pipeline.model.document import DocumentReading, Extraction, Field, Unreadable

POSITIVE, NEGATIVE = "同意推荐", "不同意推荐"

_NAME_LABELS = ("姓名", "被推荐人", "被推荐人姓名", "推荐对象", "申报人", "申报人姓名")
_EMPLOYER_LABELS = (
    "推荐单位", "推荐单位(盖章)", "推荐单位(公章)", "单位名称", "工作单位", "所在单位", "单位(盖章)", "单位(公章)",
    "用人单位", "用人单位(盖章)", "申报单位", "推荐单位名称", "单位盖章", "申报单位(盖章)",
)  # fmt: skip
_NEGATIVE = re.compile(
    r"不同意(?:推荐|申报|其|上报|该|[。;]|$)|不宜推荐|不予(?:推荐|同意)|暂缓(?:推荐|申报)|暂不(?:同意|推荐|予)|不推荐|不建议推荐"
)
_POSITIVE = re.compile(
    r"(?<!不)(?<!否)同意(?:予以)?(?:推荐|申报|其|上报|该同志)|(?<!不)予以推荐|特此推荐|(?<!不)建议推荐|特(?:予|此)?推荐|现推荐|郑重推荐|(?<!不)(?<!暂缓)(?<!暂不)推荐(?:该同志|其|申报|参加)"
    r"|(?:意见|研究|审核|审查|决定)[^。;]{0,8}[:,]?(?<!不)同意(?=[。;]|$)"
    r"|(?:兹|特|拟|决定|单位|公司|现|予以)推荐[^,。;关于意见]{2,16}?(?:同志)?(?:申报|参加|参评|为)"
)
_OPTIONS = {
    NEGATIVE: re.compile(r"不同意推荐|不同意"),
    POSITIVE: re.compile(r"(?<!不)同意推荐|(?<!不)同意"),
}

_LABELS = (
    label("name", _NAME_LABELS, strict=True),
    label("employer", _EMPLOYER_LABELS, wraps=True),
)


def extract_recommendation(document: DocumentReading) -> Extraction:
    """Fields of `recommendation`. Both opinions printed and neither ticked: the conclusion stays unread."""
    sheet = FieldSheet()
    pages = document.pages
    text = whole_text(pages)
    values = labelled(pages, _LABELS)
    names = dotted_first([*values["name"], *people_named(text)])
    sheet.take("name", names, person_parser, "被推荐人姓名未能识别")
    employers = [*values["employer"], *closing_employers(pages)]
    take_unit(sheet, "employer", employers, "推荐单位名称未能识别")
    _conclusion(sheet, text, [run for page in pages for run in page_paragraphs(page)])
    take_closing_date(sheet, "dated_on", pages)
    sheet.traits.extend(signature_traits(pages))
    return sheet.extraction()


def _conclusion(sheet: FieldSheet, text: TextRun, paragraphs: Sequence[TextRun]) -> None:
    """`paragraphs` are asked too, because the cell of a form breaks its sentence (同意推 / 荐)."""
    options = [o for o in find_options(text.text, _OPTIONS) if o.is_ticked is not None]
    if {o.key for o in options} == {POSITIVE, NEGATIVE}:
        choice = choose(text.text, options)
        if choice is None:
            _unread(sheet, text[options[0].start : options[-1].start + 5])
        else:
            _put(sheet, choice.option.key, text[choice.option.start : choice.option.start + 5])
        return
    negative = text.search(_NEGATIVE)
    positive = text.search(_POSITIVE)
    elsewhere = None if negative else _first(paragraphs, _NEGATIVE)
    if not (negative or positive or elsewhere):
        positive = _first(paragraphs, _POSITIVE)
    if elsewhere:
        _put(sheet, NEGATIVE, elsewhere.group())
    elif (
        negative
        and positive
        and "/" in text.text[min(negative.start, positive.start) : max(negative.end, positive.end)]
    ):
        _unread(sheet, negative.group())
    elif negative:
        _put(sheet, NEGATIVE, negative.group())
    elif positive:
        _put(sheet, POSITIVE, positive.group())


def _first(runs: Sequence[TextRun], pattern: re.Pattern[str]) -> RunMatch | None:
    return next((found for run in runs if (found := run.search(pattern))), None)


def _put(sheet: FieldSheet, value: str, run: TextRun) -> None:
    sheet.put(
        Field(
            name="conclusion",
            value=value,
            raw=run.raw,
            confidence=field_confidence(run.confidence, 0.97, Grammar.CLOSED),
            evidence=run.evidence(),
        )
    )


def _unread(sheet: FieldSheet, run: TextRun) -> None:
    sheet.unreadable["conclusion"] = Unreadable(
        name="conclusion",
        reason="同意与不同意均有印制，选择未能识别",
        raw=run.raw,
        evidence=run.evidence(),
    )
