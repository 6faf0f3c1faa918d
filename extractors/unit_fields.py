"""A unit's name as a field: of several prints of it on one paper, the one that the others bear out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from extractors.confidence import Grammar
from extractors.employers import employer_parser
from extractors.fields import Candidate, FieldSheet, Parsed, build_field, given
from extractors.folding import compact
from extractors.unit_lines import with_lines_below

_SAME_NAME = 2
"""Two prints that differ in no more characters are prints of one name."""
_SHORTEST_ALIKE = 8
_NOT_SURE = "单位名称中有字未能确认"


@dataclass(frozen=True, slots=True, eq=False)
class _Print:
    """A name as one place of the paper has it."""

    candidate: Candidate
    parsed: Parsed
    lines: frozenset[int]

    @property
    def key(self) -> str:
        """The name with brackets of one width."""
        return compact(str(self.parsed.value))


def take_unit(sheet: FieldSheet, name: str, candidates: Iterable[Candidate], reason: str) -> None:
    """Fills `name` from the first readable candidate, or from another print of the same name that
    more places bear out or that was read for certain where the first is doubtful; a name with a
    character in doubt that nothing settles is right half of the time, and is not given."""
    whole = with_lines_below(candidates)
    prints = [p for candidate in whole if (p := _print(candidate)) is not None]
    chosen = _borne_out(prints)
    if chosen is not None:
        sheet.put(build_field(name, chosen.candidate, given(chosen.parsed)))
    sheet.take(name, whole, employer_parser, reason)
    first = next((p for p in prints if p.parsed.value == sheet.text(name)), None)
    if chosen is None and first is not None and first.parsed.grammar is Grammar.DOUBTFUL:
        sheet.drop(name, _NOT_SURE)


def _print(candidate: Candidate) -> _Print | None:
    parsed = employer_parser(candidate.run) if candidate.run.text.strip() else None
    if parsed is None:
        return None
    return _Print(candidate, parsed, frozenset(id(g.line) for g in candidate.run.glyphs))


def _borne_out(prints: Sequence[_Print]) -> _Print | None:
    """The print to take when the first one's name is printed more than once; None when it is not."""
    if not prints:
        return None
    lead = prints[0]
    alike = _in_different_lines([p for p in prints if _is_same_name(lead.key, p.key)])
    if len(alike) < 2:
        return None
    counts = Counter(p.key for p in alike)
    best = max(
        alike,
        key=lambda p: (counts[p.key], p.parsed.grammar.value, p.candidate.certainty),
    )
    if counts[best.key] > 1:
        return _Print(best.candidate, replace(best.parsed, grammar=Grammar.CHECKED), best.lines)
    return best if lead.parsed.grammar is Grammar.DOUBTFUL else None


def _in_different_lines(prints: Sequence[_Print]) -> list[_Print]:
    """The prints without those that stand on the lines of one before them."""
    kept: list[_Print] = []
    for each in prints:
        if not any(each.lines & other.lines for other in kept):
            kept.append(each)
    return kept


def _is_same_name(one: str, other: str) -> bool:
    if one == other:
        return True
    short = min(len(one), len(other)) < _SHORTEST_ALIKE
    return not short and Levenshtein.distance(one, other) <= _SAME_NAME
