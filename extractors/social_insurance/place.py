"""Where a paper on contributions is from, as a field: by its title, labels, places, office, channel."""

from collections.abc import Callable, Sequence

from extractors.confidence import Grammar, field_confidence
from extractors.fields import FieldSheet
from extractors.folding import compact
from extractors.labels import Value
from extractors.layout import text_lines
from extractors.places import province_of
from extractors.social_insurance.provinces import (
    province_of_agency,
    province_of_place_line,
    province_of_places,
    province_of_platform,
    province_of_title,
)
from extractors.textrun import TextRun
from pipeline.model.document import ContributionMonth, Evidence, Field, Unreadable
from pipeline.model.reading import PageReading


def read_province(
    sheet: FieldSheet,
    values: Sequence[Value],
    pages: Sequence[PageReading],
    run: TextRun,
    months: Sequence[ContributionMonth],
) -> None:
    """From a title, else from the places of insurance, else from the office or the query channel."""
    _province_of_line(sheet, pages, province_of_title)
    named = [(p, value) for value in values if (p := province_of(compact(value.run.text)))]
    if len({p for p, _ in named}) == 1:
        province, value = named[0]
        sheet.put(
            _province_field(province, value.run.confidence, value.certainty, value.run.evidence())
        )
    placed = province_of_places(m.place for m in months)
    if placed:
        row = next(m for m in months if m.place)
        sheet.put(_province_field(placed, row.confidence, 1.0, row.evidence[:1]))
    if "province" not in sheet.fields and not named:
        _from_offices(sheet, pages, run)
    if "province" not in sheet.fields:
        sheet.unreadable["province"] = Unreadable(
            name="province",
            reason="印有不同省份的参保地" if named else "未见参保地、签发机构或查询渠道所属省份",
            evidence=named[0][1].run.evidence() if named else (),
        )


def _from_offices(sheet: FieldSheet, pages: Sequence[PageReading], run: TextRun) -> None:
    """The province of the office or hall that a line names, of a line that is a place, of the channel."""
    _province_of_line(sheet, pages, province_of_agency)
    _province_of_line(sheet, pages, province_of_place_line)
    channel = province_of_platform(run.text)
    if channel and run:
        sheet.put(_province_field(channel, run.confidence, 0.9, run[:1].evidence()))


def _province_of_line(
    sheet: FieldSheet, pages: Sequence[PageReading], read: Callable[[str], str | None]
) -> None:
    """The province that the first line names for which `read` finds one."""
    for page in pages:
        for line in text_lines(page):
            named = read(compact(line.text))
            if named:
                where = TextRun.of_line(page, line)
                sheet.put(_province_field(named, where.confidence, 1.0, where.evidence()))
                return


def _province_field(
    name: str, reading: float, certainty: float, evidence: tuple[Evidence, ...]
) -> Field:
    return Field(
        name="province",
        value=name,
        raw=evidence[0].raw,
        confidence=field_confidence(reading, certainty, Grammar.CLOSED),
        evidence=evidence[:1],
    )
