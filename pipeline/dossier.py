"""The whole way of one dossier, after its materials were read."""

from collections.abc import Mapping
from dataclasses import dataclass

from extractors.registry import extract
from pipeline.assess import assess_case
from pipeline.classify import group_material, split_material
from pipeline.facts import build_document, gather_facts, merge_months
from pipeline.integrity.notices import add_notices
from pipeline.kept import KeptDossier
from pipeline.model.acceptance import Acceptance
from pipeline.model.declaration import Window
from pipeline.model.document import Document, DocumentReading, PageGroup
from pipeline.model.dossier import Case, Dossier, Facts, Quarantined
from pipeline.model.reading import MaterialReading
from pipeline.model.report import Provenance, Report
from pipeline.model.shared import Shared
from pipeline.report.build import build_report
from validators import Rulebook


@dataclass(frozen=True, slots=True)
class Engines:
    """What read the materials: named in every report."""

    version: str
    engine: str
    models: Mapping[str, str]


Grouping = Mapping[str, tuple[PageGroup, ...]]
"""Materials, by file, whose pages a person put together as papers."""


def extract_facts(dossier: Dossier, readings: Mapping[str, MaterialReading]) -> Facts:
    """The facts of a dossier: classify → split → extract. Sees no declaration."""
    documents: list[Document] = []
    quarantined = list(dossier.quarantined)
    for material in dossier.materials:
        reading = readings[material.file]
        if reading.quarantine_reason is not None:
            quarantined.append(Quarantined(file=material.file, reason=reading.quarantine_reason))
            continue
        documents += _extract_parts(material.file, split_material(reading), reading)
    return gather_facts(tuple(documents), tuple(quarantined), readings)


def _extract_parts(
    file: str, parts: tuple[DocumentReading, ...], reading: MaterialReading
) -> tuple[Document, ...]:
    found = [build_document(file, part, extract(part)) for part in parts]
    return add_notices(found, reading)


def regroup(
    kept: KeptDossier, readings: Mapping[str, MaterialReading], by_hand: Grouping
) -> KeptDossier:
    """The kept dossier, the materials in `by_hand` extracted anew from papers as a person put
    them together.

    `readings` holds the stored reading of each of them: nothing is read again, what other
    materials say stays, and so does the report that was written. Raises `ValueError` for groups
    that are not a material's pages.
    """
    documents: list[Document] = []
    for material in kept.dossier.materials:
        file = material.file
        if file in by_hand:
            reading = readings[file]
            documents += _extract_parts(file, group_material(reading, by_hand[file]), reading)
        else:
            documents += [d for d in kept.facts.documents if d.file == file]
    known = tuple(documents)
    facts = kept.facts.model_copy(update={"documents": known, "months": merge_months(known)})
    return kept.model_copy(update={"facts": facts})


def process_dossier(
    dossier: Dossier,
    readings: Mapping[str, MaterialReading],
    *,
    window: Window,
    rulebook: Rulebook,
    engines: Engines,
    acceptance: Acceptance,
) -> Report:
    """The report of one dossier: facts → findings → eligibility → score → route.

    `readings` holds one reading per material, by `Material.file`. Pure: the same input gives the
    same report.
    """
    return report_facts(
        dossier,
        extract_facts(dossier, readings),
        readings,
        window=window,
        rulebook=rulebook,
        engines=engines,
        acceptance=acceptance,
    )


def report_facts(
    dossier: Dossier,
    facts: Facts,
    readings: Mapping[str, MaterialReading],
    *,
    window: Window,
    rulebook: Rulebook,
    engines: Engines,
    acceptance: Acceptance,
    shared: tuple[Shared, ...] = (),
) -> Report:
    """The report of a dossier whose facts are known; `shared` is what others of its window have too."""
    case = Case(
        facts=facts,
        declaration=dossier.declaration,
        window=window,
        prior_recognitions=dossier.prior_recognitions,
        sanctions=dossier.sanctions,
        shared=shared,
    )
    assessed = assess_case(case, rulebook, acceptance)
    return build_report(
        window=window,
        dossier=dossier,
        facts=facts,
        findings=assessed.findings,
        eligibility=assessed.eligibility,
        contributions=assessed.contributions,
        score=assessed.score,
        route=assessed.route,
        route_reasons=assessed.route_reasons,
        readings=readings,
        provenance=Provenance(
            version=engines.version,
            rulebook=rulebook.fingerprint,
            engine=engines.engine,
            models=dict(sorted(engines.models.items())),
            inputs={m.file: m.sha256 for m in dossier.materials},
        ),
    )
