"""The notice as data: clauses, rules, conditions, exemptions, parameters, materials, weights.

Nothing of one notice stands in code: checks ask a `Rulebook`, and a new notice is a new TOML file.
"""

import string
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Literal, Self

from pydantic import Field as PydanticField
from pydantic import model_validator

from pipeline.model.base import Frozen
from pipeline.model.declaration import Degree, EducationLevel, EmploymentStatus, TitleLevel
from pipeline.model.finding import Outcome, Severity
from pipeline.model.kinds import FIELD_NAMES, DocumentKind
from pipeline.model.values import Month
from validators.catalogue import CATALOGUE, FALLS_BACK
from validators.parameters import Parameter, Parameters


class Clause(Frozen):
    """One clause of the notice: the id that findings cite, and what it says in our own words."""

    id: str = PydanticField(min_length=1)
    sentence: str = PydanticField(min_length=1)


class Message(Frozen):
    """How one variant of a finding is worded; what is not given is the rule's own."""

    text: str = PydanticField(min_length=1)
    severity: Severity | None = None
    outcome: Outcome = Outcome.MISMATCH
    clause: str | None = None

    @property
    def words(self) -> set[str]:
        """The placeholders of the text."""
        return {name for _, name, _, _ in string.Formatter().parse(self.text) if name is not None}


class Rule(Frozen):
    """One finding code: clause, severity, wording, what clears it, an example and its opposite."""

    code: str
    clauses: tuple[str, ...] = PydanticField(min_length=1)
    severity: Severity
    title: str = PydanticField(min_length=1)
    when: str = PydanticField(min_length=1)
    clears: str = PydanticField(min_length=1)
    example: str = PydanticField(min_length=1)
    counter_example: str = PydanticField(min_length=1)
    part: str
    costs: dict[Severity, int] = PydanticField(default_factory=dict)
    messages: dict[str, Message]

    @property
    def clause(self) -> str:
        """The clauses as a finding cites them."""
        return "、".join(self.clauses)

    def message(self, variant: str) -> Message:
        """How the variant is worded, or what speaks for it in an older rulebook."""
        known = variant in self.messages
        return self.messages[variant if known else FALLS_BACK[self.code, variant]]

    @model_validator(mode="after")
    def _wording(self) -> Self:
        variants = CATALOGUE.get(self.code)
        if variants is None:
            raise ValueError(f"no check raises the code {self.code!r}")
        needed = {v for v in variants if (self.code, v) not in FALLS_BACK}
        if not needed <= set(self.messages) <= set(variants):
            raise ValueError(f"{self.code} needs the messages {sorted(variants)}")
        for variant, message in self.messages.items():
            if strange := message.words - set(variants[variant]):
                raise ValueError(f"{self.code}.{variant} uses unknown words {sorted(strange)}")
        return self


class Schooling(Frozen):
    """One schooling that a condition accepts. What is left out is not asked for."""

    education: tuple[EducationLevel, ...] = ()
    degree: Degree | None = None
    study_forms: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.education and self.degree is None:
            raise ValueError("a schooling names an education level, a degree, or both")
        return self


class ConditionRule(Frozen):
    """One way to a level: a schooling, full months of security work, achievements."""

    clause: str
    level: TitleLevel
    schooling: tuple[Schooling, ...] = PydanticField(min_length=1)
    months: int = PydanticField(ge=0)
    needs_achievements: bool
    graduated_from: Month | None = None
    graduated_to: Month | None = None
    bars_levels: tuple[TitleLevel, ...] = ()
    """Levels that may not be initially recognised later by whoever took this condition."""


class Exemption(Frozen):
    """Who need not prove contributions: by education level or degree, for which levels."""

    clause: str
    levels: tuple[TitleLevel, ...] = PydanticField(min_length=1)
    education: tuple[EducationLevel, ...] = ()
    degrees: tuple[Degree, ...] = ()
    when_parameter: str | None = None
    """Holds only while this yes-or-no parameter is true."""


class MaterialRule(Frozen):
    """A required material: any paper of `any_of` will do, for those it is asked of."""

    id: str
    label: str
    clause: str
    any_of: tuple[DocumentKind, ...] = PydanticField(min_length=1)
    statuses: tuple[EmploymentStatus, ...] = tuple(EmploymentStatus)
    education: tuple[EducationLevel, ...] = tuple(EducationLevel)
    or_degree_declared: bool = False
    """Also asked of whoever declares a degree, whatever the education level."""
    foreign: bool | None = None
    """True: only of foreign schooling; False: only of domestic; None: of both."""
    not_for_conditions: tuple[str, ...] = ()
    """Not asked when the applied level is reached by one of these conditions."""
    only_contributions: bool = False
    """Asked only of those who are not exempt from contributions."""
    only_achievements: bool = False
    """Asked only where the condition needs achievements."""
    essential: tuple[str, ...] = ()
    """When none of these fields was read on any such paper, the paper counts as unreadable."""

    @model_validator(mode="after")
    def _essential_are_fields(self) -> Self:
        known = {name for kind in self.any_of for name in FIELD_NAMES[kind]}
        if strange := set(self.essential) - known:
            raise ValueError(f"{self.id}: {sorted(strange)} are no fields of {self.any_of}")
        return self


class ContributionRule(Frozen):
    """Basic social insurance: how many months in a row, and which clause asks."""

    clause: str
    months: int = PydanticField(ge=0)
    insurances: tuple[str, ...] = PydanticField(min_length=1)
    """The deciding insurance first; the others count under the other reading."""


class MajorRule(Frozen):
    clause: str
    levels: tuple[TitleLevel, ...]
    needs: Literal["major", "major_or_work"]


class Majors(Frozen):
    """Majors in tiers. Advisory: a major of neither list is for a person to judge."""

    matching: tuple[str, ...]
    close: tuple[str, ...]
    matching_words: tuple[str, ...] = ()
    """Words that make any major holding them one of the first tier; likewise the second."""
    close_words: tuple[str, ...] = ()
    work_words: tuple[str, ...]
    caution: str


class Institution(Frozen):
    """Names that one school has borne, oldest first."""

    names: tuple[str, ...] = PydanticField(min_length=2)


class StudyRule(Frozen):
    """What is plausible for a level: ages in years, length of study in months."""

    level: EducationLevel
    youngest_at_graduation: int
    shortest_months: int
    longest_months: int


class RecordRule(Frozen):
    """From which age on a record that prints no expiry is for review, in months."""

    clause: str
    review_after_months: int = PydanticField(ge=1)


class CodeRule(Frozen):
    """Hosts (with all below them) that codes on papers of the state may lead to; none: not looked at."""

    official_hosts: tuple[str, ...] = ()


class SanctionRule(Frozen):
    clause: str
    years: int = PydanticField(ge=0)


class Province(Frozen):
    """The province whose units and contributions count."""

    name: str
    division: str = PydanticField(pattern=r"^\d{2}$")
    places: tuple[str, ...]


class ReadingTrust(Frozen):
    """From which confidence on a value that differs is held to be read right."""

    trusted_confidence: float = PydanticField(ge=0, le=1)
    certain_confidence: float = PydanticField(ge=0, le=1)
    """Asked for where the difference could be a misreading: look-alike characters only."""
    soft_birth_dates_before: Month
    """Certificates of before this month may bear another birth date: for review."""


class ScorePartRule(Frozen):
    name: str
    label: str
    max: int = PydanticField(ge=0)


class ScoreRule(Frozen):
    """Weights: parts that add up to 100, and what a finding costs by severity."""

    parts: tuple[ScorePartRule, ...]
    costs: dict[Severity, int]

    @model_validator(mode="after")
    def _hundred(self) -> Self:
        if sum(part.max for part in self.parts) != 100:
            raise ValueError("the parts of the score add up to 100")
        if set(self.costs) != set(Severity) or self.costs[Severity.NOTICE] != 0:
            raise ValueError("every severity has a cost, and a notice costs nothing")
        if any(cost < 0 for cost in self.costs.values()):
            raise ValueError("a cost is not negative")
        return self


class Rulebook(Frozen):
    """A notice as data. `sha256` is of the file's text and stands in every report."""

    id: str
    title: str
    notice: str
    issuer: str
    issued_on: date
    effective_from: date
    effective_to: date | None = None
    sha256: str
    province: Province
    levels: tuple[TitleLevel, ...]
    """Lowest first."""
    clauses: tuple[Clause, ...]
    reading: ReadingTrust
    parameter_list: tuple[Parameter, ...]
    parameters: Parameters
    conditions: tuple[ConditionRule, ...] = PydanticField(min_length=1)
    renewal_clause: str
    """The clause by which a higher schooling allows to be recognised again."""
    contributions: ContributionRule
    exemptions: tuple[Exemption, ...] = ()
    materials: tuple[MaterialRule, ...]
    major_rules: tuple[MajorRule, ...]
    majors: Majors
    institutions: tuple[Institution, ...] = ()
    study: tuple[StudyRule, ...] = ()
    record: RecordRule
    sanction: SanctionRule
    codes: CodeRule = CodeRule()
    score: ScoreRule
    rules: tuple[Rule, ...]

    @property
    def fingerprint(self) -> str:
        """Id and the start of the file's sha256, as provenance prints them."""
        return f"{self.id}@{self.sha256[:12]}"

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters as the file writes them."""
        return tuple(parameter.name for parameter in self.parameter_list)

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.code: rule for rule in self.rules}

    @cached_property
    def _sentences(self) -> dict[str, str]:
        return {clause.id: clause.sentence for clause in self.clauses}

    def rule(self, code: str) -> Rule | None:
        """The rule of that code, or None when this notice does not have it."""
        return self._rules.get(code)

    def sentence(self, clause: str) -> str | None:
        """What the clause says, or None when the notice has no such clause."""
        return self._sentences.get(clause)

    def rank(self, level: TitleLevel) -> int:
        """Place of the level, 0 for the lowest."""
        return self.levels.index(level)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _no_repeats("clause", (clause.id for clause in self.clauses))
        _no_repeats("rule", (rule.code for rule in self.rules))
        _no_repeats("condition", (condition.clause for condition in self.conditions))
        _no_repeats("material", (material.id for material in self.materials))
        known = {clause.id for clause in self.clauses}
        for where, clause in self._cited():
            if clause not in known:
                raise ValueError(f"{where} cites the clause {clause!r}, which is not in the notice")
        parts = {part.name for part in self.score.parts}
        for rule in self.rules:
            if rule.part not in parts:
                raise ValueError(f"{rule.code} belongs to no part of the score: {rule.part!r}")
        for condition in self.conditions:
            if condition.level not in self.levels:
                raise ValueError(f"{condition.clause} gives a level the notice does not have")
        switches = self.parameters.switches
        for exemption in self.exemptions:
            name = exemption.when_parameter
            if name is not None and name not in switches:
                raise ValueError(f"{name!r} is not a yes-or-no parameter")
        return self

    def _cited(self) -> Iterable[tuple[str, str]]:
        for rule in self.rules:
            yield from ((rule.code, clause) for clause in rule.clauses)
            for variant, message in rule.messages.items():
                if message.clause:
                    yield f"{rule.code}.{variant}", message.clause
        yield from (("a condition", condition.clause) for condition in self.conditions)
        yield from (("an exemption", exemption.clause) for exemption in self.exemptions)
        yield from (("a material", material.clause) for material in self.materials)
        yield from (("a major rule", rule.clause) for rule in self.major_rules)
        yield from ((f"parameter {item.name}", item.clause) for item in self.parameter_list)
        yield "contributions", self.contributions.clause
        yield "record", self.record.clause
        yield "sanction", self.sanction.clause
        yield "renewal_clause", self.renewal_clause
        for material in self.materials:
            yield from ((material.id, clause) for clause in material.not_for_conditions)


def _no_repeats(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for item in ids:
        if item in seen:
            raise ValueError(f"the {what} {item!r} is there twice")
        seen.add(item)
