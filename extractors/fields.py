"""Fields put together: candidates in, the first that its grammar accepts out, with evidence."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from extractors import schooling
from extractors.confidence import Grammar, field_confidence
from extractors.dates import dates_in, find_dates
from extractors.folding import is_han
from extractors.labels import Value
from extractors.names import (
    ends_like_institution,
    is_plausible_name,
    parse_institution,
    parse_major,
    parse_name,
    simplified,
)
from extractors.numbers import (
    ReadNumber,
    parse_certification_number,
    parse_id_number,
    parse_verification_code,
)
from extractors.strays import has_broken_row, without_strays
from extractors.surnames import surname_prefers_second
from extractors.textrun import TextRun
from pipeline.model.document import Extraction, Field, FieldValue, Unreadable


@dataclass(frozen=True, slots=True)
class Parsed:
    """A value that its grammar accepted. `part` is where in the candidate it stands (all of it if None)."""

    value: FieldValue
    grammar: Grammar
    repairs: tuple[str, ...] = ()
    part: TextRun | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """Text that may be the value of a field, and how sure it is that it belongs to it (0–1)."""

    run: TextRun
    certainty: float = 1.0


Parser = Callable[[TextRun], Parsed | None]


def from_values(values: Iterable[Value]) -> list[Candidate]:
    """Labelled values as candidates, in the order given."""
    return [Candidate(value.run, value.certainty) for value in values]


def first_blocks(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, and behind them what of each stands before the first gap in its row.

    For numbers: a date or a signature may stand in the same row with no label of its own.
    """
    whole = list(candidates)
    cut = []
    for candidate in whole:
        run = candidate.run.compact()
        gap = next((i for i in range(1, len(run)) if run.gap_before(i) >= _APART), None)
        if gap is not None:
            cut.append(Candidate(run[:gap], round(candidate.certainty - 0.03, 3)))
    return whole + cut


_APART = 0.8


@dataclass(slots=True)
class FieldSheet:
    """Collects the fields of one paper; the first candidate that can be read wins.

    A field for which candidates were found but none could be read becomes `Unreadable`; one
    without any candidate is left out.
    """

    fields: dict[str, Field] = field(default_factory=dict)
    unreadable: dict[str, Unreadable] = field(default_factory=dict)
    traits: list[str] = field(default_factory=list)

    def take(
        self, name: str, candidates: Iterable[Candidate], parser: Parser, reason: str
    ) -> Field | None:
        """Fills `name` from the first readable candidate; `reason` (Chinese) if none is readable.

        A person's name with a character that was hardly read is none, and only another print of the
        same name may stand for it.
        """
        if name in self.fields:
            return self.fields[name]
        seen = [candidate for candidate in candidates if candidate.run.text.strip()]
        doubted: Field | None = None
        for candidate in seen:
            made = build_field(name, candidate, parser)
            if made is None or (doubted is not None and not _may_be_same(made, doubted)):
                continue
            if name in _PERSONS and made.confidence < _NOT_READ:
                doubted = doubted or made
                continue
            if made.may_be:
                made = _surer_print(made, (build_field(name, other, parser) for other in seen))
            self.fields[name] = made
            self.unreadable.pop(name, None)
            return made
        if seen and name not in self.unreadable:
            raw, evidence = seen[0].run.raw, seen[0].run.evidence()
            if doubted is not None:
                raw, evidence = doubted.raw, doubted.evidence
            self.unreadable[name] = Unreadable(name=name, reason=reason, raw=raw, evidence=evidence)
        return None

    def put(self, made: Field | None) -> None:
        """Sets a field that was built elsewhere, unless it is there already."""
        if made is not None and made.name not in self.fields:
            self.fields[made.name] = made
            self.unreadable.pop(made.name, None)

    def replace(self, made: Field) -> None:
        self.fields[made.name] = made

    def drop(self, name: str, reason: str) -> None:
        """Turns a field that the rest of the paper contradicts into an unreadable one."""
        gone = self.fields.pop(name, None)
        if gone is not None:
            self.unreadable[name] = Unreadable(
                name=name, reason=reason, raw=gone.raw, evidence=gone.evidence
            )

    def text(self, name: str) -> str | None:
        """The value of a field as text, or None when it was not read."""
        found = self.fields.get(name)
        return found.value if found and isinstance(found.value, str) else None

    def extraction(self) -> Extraction:
        return Extraction(
            fields=tuple(self.fields.values()),
            unreadable=tuple(self.unreadable.values()),
            traits=tuple(self.traits),
        )


def _surer_print(made: Field, prints: Iterable[Field | None]) -> Field:
    """The field as another print of it on the paper was read more surely, where that is one of the
    readings that `made` itself leaves open."""
    ways = [p for p in prints if p and p.value in made.may_be and p.confidence > made.confidence]
    best = max(ways, key=lambda way: way.confidence, default=None)
    if best is None:
        return made
    return best.model_copy(update={"repairs": (*best.repairs, REPAIR_PRINT)})


REPAIR_PRINT = "按本件另一处印文更正一字"


def _may_be_same(made: Field, doubted: Field) -> bool:
    """True when a value can be what a doubted reading stands for: as long, and one character off."""
    one, other = str(made.value), str(doubted.value)
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 1


_READINGS_DIFFER = 0.82
_PERSONS = {"name", "employee"}
_NOT_READ = 0.38
"""A person's name less sure than that is another name five times in six (of 12 on drawn papers): no
value is better."""


def build_field(name: str, candidate: Candidate, parser: Parser) -> Field | None:
    """The field, from the candidate as read or, failing that, as the second recogniser read it.

    When both readings are possible and differ, a checksum decides; without one the confidence falls.
    """
    run = candidate.run
    parsed, other = parser(run), run.alternative()
    second = parser(other) if other is not None else None
    extra: tuple[str, ...] = ()
    doubt = 1.0
    if parsed is None:
        if second is None:
            return None
        parsed, extra = second, ("采用第二次识别结果",)
    elif second is not None and second.value != parsed.value:
        if second.grammar is Grammar.CHECKED and parsed.grammar is not Grammar.CHECKED:
            parsed, extra = second, ("采用第二次识别结果",)
        elif name in _PERSONS and surname_prefers_second(str(parsed.value), str(second.value)):
            parsed, extra, doubt = second, ("采用第二次识别结果", "姓氏"), _READINGS_DIFFER
        elif parsed.grammar is not Grammar.CHECKED:
            doubt = _READINGS_DIFFER
    where = parsed.part or run
    evidence = where.evidence() or run.evidence()
    if not evidence:
        return None
    repairs = (*extra, *parsed.repairs)
    return Field(
        name=name,
        value=parsed.value,
        raw=where.raw,
        confidence=field_confidence(
            _reading_of(where, parsed.grammar),
            candidate.certainty * doubt,
            parsed.grammar,
            repaired=bool(repairs),
        ),
        evidence=evidence,
        repairs=repairs,
        may_be=_ways(where, parsed.value) if name in _WORDINGS else (),
    )


_WORDINGS = _PERSONS | {"employer", "agency", "host", "institution"}
_MOST_WAYS = 4
_LEAST_SHARE = 0.1
"""What another character must be likely for, as a share of the one that was taken."""


def _ways(where: TextRun, value: FieldValue) -> tuple[str, ...]:
    """The values that differ from `value` in one character that was read unsurely, likeliest first."""
    run = where.compact()
    if not isinstance(value, str) or len(run) != len(value):
        return ()
    ways = [
        value[:i] + other + value[i + 1 :]
        for i, other, share in run.others()
        if share >= _LEAST_SHARE and run.text[i] == value[i] and is_han(other)
    ]
    return tuple(dict.fromkeys(ways))[:_MOST_WAYS]


def _reading_of(where: TextRun, grammar: Grammar) -> float:
    """How surely the characters were read.

    Free text is as sure as its weakest character: a name of which one is doubtful is another name,
    however well the rest of its line reads. Forms with a grammar bear a part of that doubt.
    """
    if grammar in _FREE:
        return min(where.confidence, where.weakest)
    return min(where.confidence, (1 + where.weakest) / 2)


_FREE = {Grammar.FREE, Grammar.DOUBTFUL, Grammar.LOOSE}


def lowered(field: Field, factor: float) -> Field:
    """The field with so much less confidence."""
    return field.model_copy(update={"confidence": round(field.confidence * factor, 4)})


def given(parsed: Parsed) -> Parser:
    """A parser for a value that was parsed already: it accepts any run as its place."""

    def parser(_: TextRun) -> Parsed | None:
        return parsed

    return parser


def name_parser(run: TextRun) -> Parsed | None:
    """A person's name. None when a character at its end was seen but not recognised.

    A character in another size may be of a seal, or of a signature: it stays, and leaves a doubt.
    """
    name = parse_name(run.spaced_words())
    if name is None or run.has_lost_end():
        return None
    is_even = len(without_strays(run)) == len(run)
    is_whole = is_plausible_name(name) and is_even and not run.has_lost_start()
    return Parsed(name, Grammar.FREE if is_whole else Grammar.DOUBTFUL, part=run)


def gender_parser(run: TextRun) -> Parsed | None:
    """男 or 女."""
    gender = schooling.parse_gender(run.text)
    return Parsed(gender, Grammar.CLOSED) if gender else None


def date_parser(run: TextRun) -> Parsed | None:
    """The only date of the candidate (the same date twice is one)."""
    found = dates_in(run)
    if not found or len({date.value for date, _ in found}) > 1:
        return None
    date, part = found[0]
    return Parsed(str(date.value), Grammar.CLOSED, date.repairs, part)


def first_date_parser(run: TextRun) -> Parsed | None:
    """The first date of the candidate."""
    found = dates_in(run)
    if not found:
        return None
    date, part = found[0]
    return Parsed(str(date.value), Grammar.CLOSED, date.repairs, part)


def institution_parser(run: TextRun) -> Parsed | None:
    """The name of an institution of this country: it ends in a word that institutions end in.

    Letters of a seal that stand in the row behind the whole name are no part of it. None when a
    character inside the name was not read.
    """
    head = _before_echo(run)
    part = without_strays(run if head is None else head)
    printed = parse_institution(part.text)
    if printed is None or part.has_lost_inside() or has_broken_row(part):
        return None
    name = printed if ends_like_institution(printed) else simplified(printed)
    if not ends_like_institution(name):
        return None
    repairs = () if name == printed else (REPAIR_TRADITIONAL,)
    return Parsed(name, _edge_grammar(part), repairs, part)


def _edge_grammar(run: TextRun) -> Grammar:
    """Free text is doubtful where a character before its first seems not to have been read."""
    return Grammar.DOUBTFUL if run.has_lost_start() else Grammar.FREE


REPAIR_TRADITIONAL = "繁体校名转为简体"


def _before_echo(run: TextRun) -> TextRun | None:
    """The part of a run that is a whole institution's name, when all that follows it in its row
    stands on lines of their own and is of a seal: its words, its star, letters of that same name.
    Else None."""
    slices = run.slices()
    if len(slices) < 2:
        return None
    page, line, start, end = slices[0]
    head = TextRun.of_line(page, line)[start:end]
    name = parse_institution(head.text)
    if name is None or not ends_like_institution(name):
        return None
    behind = [(other, other.text[a:b]) for _, other, a, b in slices[1:]]
    beside = all(
        min(other.rect[3], line.rect[3]) > max(other.rect[1], line.rect[1])
        or _SEAL_WORDS.fullmatch(text)
        for other, text in behind
    )
    apart = run.gap_before(len(head)) >= _SEAL_GAP
    of_seal = all(
        _SEAL_WORDS.fullmatch(text)
        or all(c in name for c in text if is_han(c))
        or (apart and len(text.strip()) <= 2)
        for _, text in behind
    )
    return head if beside and of_seal else None


_SEAL_GAP = 0.8
_SEAL_WORDS = re.compile(r".{0,6}(?:专用章|公章|印章|合同章|业务章|证明章|[★☆*]+)")


def major_parser(run: TextRun) -> Parsed | None:
    """A major, without letters of a seal in its row. None when a character inside it was not read."""
    part = without_strays(run)
    major = parse_major(part.text)
    if major is None or find_dates(major) or has_broken_row(part) or part.has_lost_inside():
        return None
    return Parsed(major, _edge_grammar(part), part=part)


def word_parser(parse: Callable[[str], str | None]) -> Parser:
    """A parser for a closed vocabulary of `extractors.schooling`."""

    def parser(run: TextRun) -> Parsed | None:
        word = parse(run.text)
        return Parsed(word, Grammar.CLOSED) if word else None

    return parser


def number_parser(parse: Callable[[str], ReadNumber | None]) -> Parser:
    """A parser for a number grammar of `extractors.numbers`."""

    def parser(run: TextRun) -> Parsed | None:
        number = parse(run.text)
        if number is None:
            return None
        grammar = Grammar.CHECKED if number.is_checked else Grammar.FORMED
        grammar = Grammar.LOOSE if number.is_loose else grammar
        grammar = Grammar.DOUBTFUL if number.is_ambiguous else grammar
        plain = run.compact()
        start = plain.text.find(number.value)
        part = plain[start : start + len(number.value)] if start >= 0 else None
        printed = "".join(part.raw.split()) if part is not None else number.value
        value = number.value if number.value.isalnum() and number.value.isascii() else printed
        return Parsed(value, grammar, number.repairs, part)

    return parser


id_number_parser = number_parser(parse_id_number)
verification_code_parser = number_parser(parse_verification_code)
certification_number_parser = number_parser(parse_certification_number)
level_parser = word_parser(schooling.parse_level)
degree_parser = word_parser(schooling.parse_degree)
education_type_parser = word_parser(schooling.parse_education_type)
study_form_parser = word_parser(schooling.parse_study_form)
conclusion_parser = word_parser(schooling.parse_conclusion)
