"""Which units a paper on contributions names, put right where they were read with doubt."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from extractors.employers import ends_like_employer, parse_employer
from extractors.labels import Label, label_values
from extractors.layout import pages_run
from extractors.social_insurance.payers import Payer, clean_unit_name, find_payers
from extractors.social_insurance.relations import numbered_units
from extractors.specks import without_specks
from extractors.tables import Sheet
from extractors.textrun import TextRun
from extractors.unit_names import UNSURE, mended_name
from pipeline.model.document import ContributionMonth, Evidence, MonthStatus
from pipeline.model.reading import PageReading

_UNIT = Label(
    "unit", ("单位名称", "参保单位名称", "参保单位", "缴费单位", "缴费单位名称", "工作单位"), wraps=True, below=False
)  # fmt: skip
_STOPS = (
    "险种类型",
    "险种",
    "参保险种",
    "参保状态",
    "单位编号",
    "单位代码",
    "统一社会信用代码",
    "性别",
    "姓名",
)
_ONLY = 0.9
_DOUBTED = 0.95
"""Below this a month's unit (or the month itself) was read with doubt."""
_ODD = 4
"""A unit is taken for a misreading of another that pays so many times as many months."""
_NEAR = 2


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a paper's note or list, by number, and where their names stand."""

    payers: tuple[Payer, ...]
    evidence: dict[str, tuple[Evidence, ...]]


def find_units(pages: Sequence[PageReading], sheets: Sequence[Sheet]) -> Units:
    """The units that a note or a table of units gives with their numbers; a name with a character in
    doubt that nothing settles is left out."""
    run = pages_run(without_specks(pages))
    printed = "".join(g.line.text[g.index] for g in run.glyphs)
    payers = find_payers(run.text, printed)
    if payers:
        known = [(_mended(payer, run), run[payer.start : payer.end]) for payer in payers]
        kept = [(payer, where) for payer, where in known if payer is not None]
        return Units(
            tuple(payer for payer, _ in kept),
            {payer.name: where.evidence() for payer, where in kept},
        )
    listed = numbered_units(sheets)
    return Units(
        tuple(payer for payer, _ in listed), {payer.name: (where,) for payer, where in listed}
    )


def _mended(payer: Payer, run: TextRun) -> Payer | None:
    mended = mended_name(run[payer.start : payer.end])
    if mended.weakest < UNSURE:
        return None
    return replace(payer, name=clean_unit_name(mended.text)) if mended.repairs else payer


def with_only_unit(
    months: Sequence[ContributionMonth], pages: Sequence[PageReading]
) -> list[ContributionMonth]:
    """The months of a form whose cells name no unit, paid by the one unit its particulars name."""
    unit = _only_unit(pages)
    if unit is None or any(month.payer for month in months):
        return list(months)
    return [
        unit.paying(month) if month.status is not MonthStatus.UNPAID else month for month in months
    ]


def with_current_unit(
    months: Sequence[ContributionMonth], pages: Sequence[PageReading]
) -> list[ContributionMonth]:
    """The months of a screen whose rows name no unit: the unit above them is the present one, so it
    paid the newest month; who paid the earlier ones the screen does not say."""
    unit = _only_unit(pages)
    newest = max((m.month for m in months if m.status is not MonthStatus.UNPAID), default=None)
    if unit is None or newest is None or any(month.payer for month in months):
        return list(months)
    return [
        unit.paying(month)
        if month.month == newest and month.status is not MonthStatus.UNPAID
        else month
        for month in months
    ]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit that the particulars of a paper name, and where."""

    name: str
    evidence: tuple[Evidence, ...]

    def paying(self, month: ContributionMonth) -> ContributionMonth:
        return month.model_copy(
            update={
                "payer": self.name,
                "confidence": round(month.confidence * _ONLY, 4),
                "evidence": (*month.evidence, *self.evidence),
            }
        )


def _only_unit(pages: Sequence[PageReading]) -> _Unit | None:
    """The one unit of the particulars; None when there are several or its name is in doubt."""
    values = label_values(pages, [_UNIT], stops=_STOPS)["unit"]
    named = {
        name: value.run
        for value in values
        if (name := parse_employer(value.run.raw)) and ends_like_employer(name)
    }
    if len(named) != 1:
        return None
    name, run = next(iter(named.items()))
    mended = mended_name(run)
    if mended.weakest < UNSURE:
        return None
    return _Unit(clean_unit_name(mended.text) if mended.repairs else name, run.evidence())


def paid_by_units(months: Sequence[ContributionMonth]) -> list[ContributionMonth]:
    """The months with their payers made even: nobody paid an unpaid month, and a unit that differs in
    a character or two from the one that pays nearly all others around it is that one."""
    paid = [m for m in months if m.payer and m.status is not MonthStatus.UNPAID]
    counts = Counter(m.payer for m in paid)
    found: list[ContributionMonth] = []
    for i, month in enumerate(months):
        if month.status is MonthStatus.UNPAID:
            found.append(month.model_copy(update={"payer": ""}))
            continue
        usual = _usual(month.payer, counts)
        if usual and (usual in _neighbours(months, i) or month.confidence < _DOUBTED):
            month = month.model_copy(
                update={"payer": usual, "confidence": round(month.confidence * _ONLY, 4)}
            )
        found.append(month)
    return found


def _usual(payer: str, counts: Counter[str]) -> str | None:
    """The payer of which this one is a misreading, or None."""
    near = [
        other
        for other, count in counts.items()
        if payer
        and other != payer
        and count >= _ODD * counts[payer]
        and abs(len(other) - len(payer)) <= 1
        and Levenshtein.distance(other, payer) <= _NEAR
    ]
    return near[0] if len(near) == 1 else None


def _neighbours(months: Sequence[ContributionMonth], i: int) -> set[str]:
    """The payers on both sides of a month; nothing at either end, where a new unit may begin."""
    if i == 0 or i + 1 == len(months):
        return set()
    return {months[i - 1].payer} & {months[i + 1].payer}
