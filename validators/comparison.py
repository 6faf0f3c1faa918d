"""One value over declaration and papers: who agrees, who differs, who could not be read.

What could not be read is never a mismatch. A value that differs is a mismatch only when it was
read well enough: above the rulebook's trusted confidence, or, where look-alike characters alone
differ, above its certain confidence.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from pipeline.model.document import Document, Field, Unreadable
from pipeline.model.finding import Finding, FindingEvidence, Severity
from validators.findings import field_evidence, found, joined, label_of, unreadable_evidence
from validators.matching.characters import (
    differing,
    differs_only_in_lookalikes,
    fold,
    is_rare,
)
from validators.matching.verdict import Likeness, Verdict
from validators.matching.words import breaks_a_word, has_label_beside
from validators.rulebook_model import Rulebook

Compare = Callable[[str, str], Verdict]

_ENOUGH = 2
"""Papers that must bear a value before one that differs by a character stands alone."""
_LONG = 16
READ_DIFFERENTLY = "read_differently"
"""The variant for a slip of reading: a notice in every rulebook."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A value as one paper gives it."""

    document: Document
    field: Field

    @property
    def text(self) -> str:
        return str(self.field.value)

    @property
    def evidence(self) -> tuple[FindingEvidence, ...]:
        return tuple(field_evidence(self.document, self.field))


@dataclass(frozen=True, slots=True)
class Seen:
    """All that papers say of one value. `carriers` are the papers that should bear it."""

    carriers: tuple[Document, ...]
    observations: tuple[Observation, ...]
    unread: tuple[tuple[Document, Unreadable], ...]

    def best(self, rulebook: Rulebook) -> Observation | None:
        """The well-read observation with the highest confidence, or None."""
        trusted = [o for o in self.observations if is_trusted(rulebook, o.field)]
        return max(trusted, key=lambda o: o.field.confidence, default=None)


def look_for(documents: Iterable[Document], *names: str) -> Seen:
    """What `documents` say of the fields called `names` (one value under several names)."""
    carriers = tuple(documents)
    return Seen(
        carriers=carriers,
        observations=tuple(
            Observation(document, field)
            for document in carriers
            for name in names
            if (field := document.field(name)) and isinstance(field.value, str) and field.value
        ),
        unread=tuple(
            (document, unreadable)
            for document in carriers
            for name in names
            if (unreadable := document.could_not_read(name))
        ),
    )


def is_trusted(rulebook: Rulebook, field: Field) -> bool:
    """True when the value was read well enough to speak against the declaration."""
    return field.confidence >= rulebook.reading.trusted_confidence


def speaks_against(rulebook: Rulebook, field: Field, verdict: Verdict) -> bool:
    """True when the difference is a mismatch; False when a person must look first."""
    if verdict.likeness is Likeness.DIFFERENT:
        return is_trusted(rulebook, field)
    if verdict.likeness is Likeness.LOOKALIKE:
        return field.confidence >= rulebook.reading.certain_confidence
    return False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, and in which words a difference is told."""

    code: str
    declared: str | None
    compare: Compare
    subject: str
    different: str = "different"
    doubtful: str = "doubtful"
    unread: str | None = "unread"
    """The variant when no paper gives the value; None: then nothing is said."""
    is_wording: bool = False
    """A name of a person, school or unit: one character of it may be misread and nothing tells."""
    has_words: bool = False
    """A name of a school or unit, which common words make up in part."""
    witnesses: Seen | None = None
    """Papers that bear the same value beside those compared."""

    def may_agree(self, measure: str, field: Field) -> bool:
        """True when the pixels of a wording may be read as the measure as well."""
        return self.is_wording and any(self.compare(measure, way).agrees for way in field.may_be)


@dataclass(frozen=True, slots=True)
class Others:
    """What else the dossier says: papers that bear the declared value, read well, and papers read
    well that do not (the one in question among them)."""

    bearing: int
    differing: int
    is_misspelt: bool = False
    """The reading breaks a common word of the declared name: no school and no unit is called so."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """How a difference is told: in which words, and why."""

    variant: str
    reason: str
    is_mismatch: bool = False


_Told = tuple[Observation, _Judged]

Part = tuple[Comparison, Seen]
"""Papers, and how they are compared."""


def compare_papers(
    rulebook: Rulebook, comparison: Comparison, seen: Seen, also: Part | None = None
) -> Iterator[Finding]:
    """Findings where papers do not bear the declared value: one per paper that differs for certain,
    and one for papers whose doubtful readings are the same.

    Without a declared value the best-read paper is the measure for the others. `also`: papers that
    bear the same declared value and are compared in another way; doubts are told together.
    """
    best = seen.best(rulebook)
    measure = comparison.declared or (best.text if best else None)
    if measure is None:
        if comparison.declared is None and not seen.observations:
            return
        measure = seen.observations[0].text
    agreeing, told = _told(rulebook, comparison, seen, measure)
    context = [e for o in agreeing for e in o.evidence]
    more = _told(rulebook, *also, measure)[1] if also else []
    for group in _grouped([*told, *more]):
        yield from _difference(rulebook, comparison, measure, group, context)
    if not agreeing and not told and seen.carriers and comparison.unread:
        yield from _unread(rulebook, comparison, measure, seen)


def _told(
    rulebook: Rulebook, comparison: Comparison, seen: Seen, measure: str
) -> tuple[list[Observation], list[_Told]]:
    """Who bears the measure, and of the others how each is told."""
    verdicts = [(o, comparison.compare(measure, o.text)) for o in seen.observations]
    agreeing = [o for o, verdict in verdicts if verdict.agrees]
    apart = [(o, verdict) for o, verdict in verdicts if not verdict.agrees]
    trusted = [o for o, _ in apart if is_trusted(rulebook, o.field)]
    others = Others(_borne_out(rulebook, comparison, measure, agreeing), len(trusted))
    told = [(o, _judged(rulebook, comparison, measure, o, verdict, others)) for o, verdict in apart]
    return agreeing, told


_UNSETTLED = "个别字未能认定，申报所载在可能的读法之中"


def _judged(
    rulebook: Rulebook,
    comparison: Comparison,
    measure: str,
    observation: Observation,
    verdict: Verdict,
    others: Others,
) -> _Judged:
    field, reason = observation.field, verdict.reason
    is_sure = field.confidence >= rulebook.reading.certain_confidence
    if not is_sure and comparison.may_agree(measure, field):
        slip = reads_differently(rulebook, measure, observation.text, field.confidence, others)
        return _Judged(READ_DIFFERENTLY if slip else comparison.doubtful, _UNSETTLED)
    if comparison.is_wording and is_slight(measure, observation.text):
        if others.bearing >= _ENOUGH and has_label_beside(measure, observation.text):
            return _Judged(READ_DIFFERENTLY, "其他材料与申报一致，多出的字像是栏目文字")
        breaks = comparison.has_words and breaks_a_word(measure, observation.text)
        others = replace(others, is_misspelt=breaks)
        if reads_differently(rulebook, measure, observation.text, field.confidence, others):
            why = "其他材料与申报一致" if others.bearing else "读出的字在名称中不成词"
            return _Judged(READ_DIFFERENTLY, f"{why}，{reason}")
        looks_alike = differs_only_in_lookalikes(fold(measure), fold(observation.text))
        is_longer = others.differing == 1 and len(measure) != len(observation.text)
        if looks_alike and breaks:
            return _Judged(comparison.doubtful, reason)
        if others.bearing >= _ENOUGH and (looks_alike or is_longer):
            which = "仅此一份材料差一字，其余" if others.differing == 1 else "差一形近字，其他"
            return _Judged(comparison.doubtful, f"{which}材料与申报一致，{reason}")
    if speaks_against(rulebook, field, verdict):
        return _Judged(comparison.different, reason, is_mismatch=True)
    if verdict.likeness is Likeness.DIFFERENT:
        reason = f"读取把握不足（{field.confidence:.2f}），{reason}"
    return _Judged(comparison.doubtful, reason)


def reads_differently(
    rulebook: Rulebook, measure: str, observed: str, confidence: float, others: Others
) -> bool:
    """True when a name that differs in a character is rather a slip of reading than another name.

    Papers read well bear the declared one, and this one was read with doubt: below trust, or below
    certainty where it stands alone against two or where the character is a rare one. A character
    that breaks a common word of the name (中必学校) needs no other paper.
    """
    trust = rulebook.reading
    if confidence >= trust.certain_confidence:
        return False
    if others.is_misspelt:
        return True
    if not others.bearing:
        return False
    is_alone = others.differing == 1 and others.bearing >= _ENOUGH
    return confidence < trust.trusted_confidence or is_alone or _is_rare_part(measure, observed)


def _grouped(told: Iterable[_Told]) -> list[list[_Told]]:
    """Doubts about one and the same reading together; what differs for certain paper by paper."""
    groups: dict[tuple[str, str], list[_Told]] = {}
    for observation, judged in told:
        own = observation.document.document_id if judged.is_mismatch else ""
        groups.setdefault((judged.variant + own, fold(observation.text)), []).append(
            (observation, judged)
        )
    return list(groups.values())


def is_slight(declared: str, observed: str) -> bool:
    """True for one character more, less or other in a name, or two in a long one."""
    want, seen = fold(declared), fold(observed)
    allowed = 1 if len(want) < _LONG else 2
    return Levenshtein.distance(want, seen, score_cutoff=allowed) <= allowed


def _is_rare_part(declared: str, observed: str) -> bool:
    """True when what differs is a rare character of the declared value: recognisers guess at it."""
    parts = differing(fold(declared), fold(observed))
    return any(is_rare(c) for want, _ in parts for c in want)


def _borne_out(
    rulebook: Rulebook, comparison: Comparison, measure: str, agreeing: Sequence[Observation]
) -> int:
    """How many papers, read well, bear the value that the others are measured by."""
    if comparison.declared is None:
        return 0
    elsewhere = comparison.witnesses.observations if comparison.witnesses else ()
    also = [o for o in elsewhere if comparison.compare(measure, o.text).agrees]
    own = {o.document.document_id for o in (*agreeing, *also) if is_trusted(rulebook, o.field)}
    return len(own)


def _difference(
    rulebook: Rulebook,
    comparison: Comparison,
    measure: str,
    group: Sequence[_Told],
    context: Sequence[FindingEvidence],
) -> Iterator[Finding]:
    """One finding for papers that read the same; it goes by the first of them."""
    first, judged = group[0]
    papers = joined(dict.fromkeys(label_of(o.document) for o, _ in group))
    yield from found(
        rulebook,
        comparison.code,
        judged.variant,
        subject=f"{first.document.document_id}.{first.field.name}",
        declared=measure,
        observed=first.text,
        evidence=(*(e for o, _ in group for e in o.evidence), *context),
        counterfactual=f"若{papers}所载为“{measure}”，则不提出",
        severity=Severity.NOTICE if judged.variant == READ_DIFFERENTLY else None,
        paper=papers,
        reason=judged.reason,
    )


def _unread(
    rulebook: Rulebook, comparison: Comparison, measure: str, seen: Seen
) -> Iterator[Finding]:
    papers = joined(dict.fromkeys(label_of(document) for document in seen.carriers))
    reasons = dict.fromkeys(unreadable.reason for _, unreadable in seen.unread)
    yield from found(
        rulebook,
        comparison.code,
        comparison.unread or "unread",
        subject=comparison.subject,
        declared=measure,
        evidence=[e for d, u in seen.unread for e in unreadable_evidence(d, u)],
        paper=papers,
        reason=joined(reasons) or "材料中未找到该项",
    )
