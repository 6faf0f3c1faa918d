"""Values that were read, each beside what stands on the paper: what calibration is fitted on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.accuracy import damage_class, folded
from benchmarks.recorded import Recorded
from extractors.calibration import GROUP_OF, MONTHS, FieldGroup
from extractors.registry import extract_raw
from extractors.signs import PaperSigns, Signs
from fixtures.factory.truth import TrueDocument, TrueMaterial
from pipeline.classify import split_material
from pipeline.model.document import ContributionMonth, DocumentReading, Field, MonthStatus
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import MaterialReading


@dataclass(frozen=True, slots=True)
class Judged:
    """One value. `weight` is 1, and for a contribution month its share of its paper's months."""

    dossier: str
    kind: DocumentKind
    name: str
    damage: str
    is_held_out: bool
    signs: Signs
    is_right: bool
    weight: float = 1.0

    @property
    def group(self) -> FieldGroup:
        return GROUP_OF[self.name]


def judged_values(dossiers: Iterable[Recorded]) -> Iterator[Judged]:
    """The values that the extractors read with their raw scores, judged by the truth.

    Values that the truth says nothing of are left out, and so are fields that were not read.
    """
    for one in dossiers:
        for material in one.truth.materials:
            reading = one.readings.get(material.file)
            if reading is not None and reading.quarantine_reason is None:
                yield from _of_material(one.truth.dossier_id, material, reading)


def _of_material(
    dossier: str, material: TrueMaterial, reading: MaterialReading
) -> Iterator[Judged]:
    papers = [(paper, extract_raw(paper)) for paper in split_material(reading)]
    for true in material.documents:
        found: dict[str, tuple[DocumentReading, Field]] = {}
        for paper, extraction in papers:
            numbers = {page.number for page in paper.pages}
            if paper.kind == true.kind and numbers & set(true.pages):
                for field in extraction.fields:
                    found.setdefault(field.name, (paper, field))
        for name, (paper, field) in found.items():
            if name in true.fields:
                for signs, is_right, weight in _judge(true, paper, field):
                    yield Judged(
                        dossier, true.kind, name, damage_class(material), true.held_out,
                        signs, is_right, weight,
                    )  # fmt: skip


def _judge(
    true: TrueDocument, paper: DocumentReading, field: Field
) -> Iterator[tuple[Signs, bool, float]]:
    signs = PaperSigns(paper)
    if not isinstance(field.value, tuple):
        is_right = folded(field.value) == folded(_plain(true, field.name))
        yield (
            signs.of(field.confidence, field.evidence, repaired=bool(field.repairs)),
            is_right,
            1.0,
        )
        return
    rows = [row for row in field.value if row.status is not MonthStatus.UNKNOWN]
    for row in rows:
        verdict = _is_true_row(true, row)
        yield signs.of(row.confidence, row.evidence, repaired=False), verdict, 1 / len(rows)


def _plain(true: TrueDocument, name: str) -> str | bool:
    value = true.fields[name]
    if isinstance(value, tuple):
        raise TypeError(f"{name} is a table in the truth and one value in the extraction")
    return value


def _is_true_row(true: TrueDocument, row: ContributionMonth) -> bool:
    """Status and payer as printed; a row that names no payer is not wrong for that."""
    said = true.fields[MONTHS]
    if not isinstance(said, tuple):
        return False
    return any(
        month.month == row.month
        and month.insurance == row.insurance
        and month.status == row.status
        and (not row.payer or folded(row.payer) == folded(month.payer))
        for month in said
    )


def spread_of(values: Sequence[Judged]) -> float:
    """By how much the variance of the error rate exceeds that of independent values (at least 1)."""
    total = sum(v.weight for v in values)
    rate = sum(v.weight for v in values if not v.is_right) / total
    if not 0 < rate < 1:
        return 1.0
    residue: defaultdict[str, float] = defaultdict(float)
    for value in values:
        residue[value.dossier] += value.weight * ((not value.is_right) - rate)
    return max(1.0, sum(r * r for r in residue.values()) / (total * rate * (1 - rate)))
