"""Which units a paper on contributions names, put right where they were read with doubt."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Levenshtein

from extractors.employers import ends_like_employer, parse_employer
from extractors.folding import compact, is_han
from extractors.labels import Label, label_values
from extractors.layout import pages_run
from extractors.social_insurance.namesakes import DOUBTED_NAME, PrintedName, elected_names
from extractors.social_insurance.payers import Payer, clean_unit_name, find_payers, more_prints
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
_TOLD = 0.75
"""A character that one print alone shows, read no surer than that, leaves the name open. On 100 papers,
each damaged in one of the worst ways, 33 characters of units were read with 0.75 to 0.8, one of them
wrongly; of 26 with 0.7 to 0.75 three were wrong."""
_BORNE_OUT = 0.65
"""The same for one that several prints show alike."""


@dataclass(frozen=True, slots=True)
class Units:
    """The units of a paper's note or list, by number, and where their names stand. `doubted` are names
    with a character that was read with some doubt."""

    payers: tuple[Payer, ...]
    evidence: dict[str, tuple[Evidence, ...]]
    doubted: frozenset[str] = frozenset()


def find_units(pages: Sequence[PageReading], sheets: Sequence[Sheet]) -> Units:
    """The units that a note or a table of units gives with their numbers; a name with a character in
    doubt that nothing settles, no other print of it either, is "" (the unit is there all the same)."""
    run = pages_run(without_specks(pages))
    printed = "".join(g.line.text[g.index] for g in run.glyphs)
    payers = find_payers(run.text, printed)
    if payers:
        prints: dict[str, list[_Print]] = {}
        for payer in (*payers, *more_prints(run.text, printed, payers)):
            prints.setdefault(payer.number, []).append(_print(payer, run))
        told = {number: _told(same) for number, same in prints.items()}
        known = [each for each in told.values() if each is not None]
        return Units(
            tuple(Payer(number, each.name if each else "", 0, 0) for number, each in told.items()),
            {each.name: each.run.evidence() for each in known},
            frozenset(each.name for each in known if each.weakest < UNSURE),
        )
    listed = numbered_units(sheets)
    return Units(
        tuple(payer for payer, _ in listed), {payer.name: (where,) for payer, where in listed}
    )


@dataclass(frozen=True, slots=True)
class _Print:
    """One print of a unit's name. `weakest`: the lowest score of a character that nothing settles."""

    name: str
    run: TextRun
    weakest: float


def _print(payer: Payer, run: TextRun) -> _Print:
    where = _of_name(payer, run[payer.start : payer.end])
    mended = mended_name(where)
    name = clean_unit_name(mended.text) if mended.repairs else payer.name
    return _Print(name, where, mended.weakest)


def _of_name(payer: Payer, run: TextRun) -> TextRun:
    """The run without what was cleaned off the end of the name (a letter of a seal)."""
    kept = [i for i, c in enumerate(run.text) if not c.isspace()]
    bare = compact("".join(run.text[i] for i in kept))
    name = compact(payer.name)
    if len(bare) != len(kept) or not bare.startswith(name):
        return run
    return run[kept[0] : kept[len(name) - 1] + 1]


def _told(same: Sequence[_Print]) -> _Print | None:
    """The name that the prints of one unit tell, or None where they leave it open.

    Prints that agree bear each other out; others put each character to the vote. One that is far from
    the first holds words of its surroundings, and says nothing.
    """
    same = [each for each in same if Levenshtein.distance(each.name, same[0].name) <= _NEAR]
    best = max(same, key=lambda each: each.weakest)
    if best.weakest >= UNSURE or len(same) == 1:
        return best if best.weakest >= _TOLD else None
    if len({compact(each.name) for each in same}) == 1:
        return best if best.weakest >= _BORNE_OUT else None
    elected = elected_names([PrintedName.of_run(each.run) for each in same])
    if len(elected) != 1 or not elected[0].is_settled:
        return None
    return _Print(clean_unit_name(elected[0].text), best.run, elected[0].weakest)


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
    """A unit that the particulars of a paper name, where, and whether a character of it was read with
    some doubt."""

    name: str
    evidence: tuple[Evidence, ...]
    is_doubted: bool

    def paying(self, month: ContributionMonth) -> ContributionMonth:
        doubt = _ONLY * (DOUBTED_NAME if self.is_doubted else 1.0)
        return month.model_copy(
            update={
                "payer": self.name,
                "confidence": round(month.confidence * doubt, 4),
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
    if mended.weakest < _TOLD:
        return None
    name = clean_unit_name(mended.text) if mended.repairs else name
    return _Unit(name, run.evidence(), is_doubted=mended.weakest < UNSURE)


def paid_by_units(months: Sequence[ContributionMonth]) -> list[ContributionMonth]:
    """The months with their payers made even: nobody paid an unpaid month, and a unit that differs in
    a character or two from the one that pays the months on both sides is that one; at either end of
    the list, where a new unit may begin, only when its row was read with doubt or something that is
    no character of a name stands in it."""
    found = [
        m.model_copy(update={"payer": ""}) if m.status is MonthStatus.UNPAID else m for m in months
    ]
    counts = Counter(m.payer for m in found if m.payer)
    places = [i for i, m in enumerate(found) if m.payer]
    runs = [list(run) for _, run in groupby(places, key=lambda i: found[i].payer)]
    for n, run in enumerate(runs):
        payer = found[run[0]].payer
        sides = {found[runs[k][0]].payer for k in (n - 1, n + 1) if 0 <= k < len(runs)}
        for usual in sides:
            inside = 0 < n < len(runs) - 1 and len(sides) == 1
            doubted = all(found[i].confidence < _DOUBTED for i in run) or _is_stained(payer, usual)
            enough = counts[usual] > counts[payer] if inside else counts[usual] >= _ODD * len(run)
            if _is_near(payer, usual) and enough and (inside or doubted):
                for i in run:
                    found[i] = found[i].model_copy(
                        update={
                            "payer": usual, "confidence": round(found[i].confidence * _ONLY, 4),
                        }
                    )  # fmt: skip
    return found


def _is_near(payer: str, usual: str) -> bool:
    longer = max(len(payer), len(usual))
    return payer != usual and longer >= 8 and Levenshtein.distance(payer, usual) <= _NEAR


def _is_stained(payer: str, usual: str) -> bool:
    """True when only characters that are no ideographs stand in the payer's name besides the usual one's."""
    rest = list(payer)
    for character in usual:
        if character not in rest:
            return False
        rest.remove(character)
    return bool(rest) and not any(map(is_han, rest))
