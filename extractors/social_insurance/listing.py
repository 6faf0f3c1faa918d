"""The months that a paper lists, in whatever form: tables of rows, grids, cards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.social_insurance.cards import months_of_cards
from extractors.social_insurance.grids import find_grids, months_of_grids
from extractors.social_insurance.monthtable import MonthTable, month_tables
from extractors.social_insurance.relations import with_related_payers
from extractors.social_insurance.rows import Paper, months_of_table
from extractors.social_insurance.statuses import insurance_of
from extractors.social_insurance.summaries import Summary
from extractors.social_insurance.units import find_units, with_current_unit, with_only_unit
from extractors.tables import sheet_of
from pipeline.model.document import ContributionMonth
from pipeline.model.reading import PageReading

_LIST = re.compile(r"明细|缴费记录|缴费情况|缴费信息")


@dataclass(frozen=True, slots=True)
class Listed:
    """The months listed on a paper. `by_rows`: as a table with a row a month; `has_form`: a table or
    a grid is there, whether or not its months could be read."""

    months: list[ContributionMonth]
    by_rows: bool
    has_form: bool


def list_months(pages: Sequence[PageReading], summary: Summary) -> Listed:
    """The months by the first form that gives any: tables of rows, grids, cards."""
    sheets = [sheet_of(page) for page in pages]
    tables = month_tables(sheets)
    units = find_units(pages, sheets)
    paper = Paper(units.payers, units.evidence, summary.insurance, units.doubted)
    found = [m for table in tables for m in months_of_table(table, _narrowed(paper, table))]
    grids = find_grids(sheets) if not found else []
    if grids:
        found = with_only_unit(months_of_grids(grids), pages)
    if not found:
        found = months_of_cards(pages, summary.insurance)
    found = with_current_unit(with_related_payers(found, sheets), pages)
    return Listed(found, bool(tables), bool(tables or grids))


def _narrowed(paper: Paper, table: MonthTable) -> Paper:
    """The paper with the insurance that the words just above this table name, when they name one:
    from the heading of its list on (失业保险缴费明细), where there is one."""
    lines = table.caption.splitlines()[-6:]
    heading = max((i for i, line in enumerate(lines) if _LIST.search(line)), default=0)
    said = {insurance for line in lines[heading:] if (insurance := insurance_of(line))}
    return replace(paper, insurance=said.pop()) if len(said) == 1 else paper
