"""What a run keeps of a dossier beside its report, so that a correction needs no reading.

Everything here is by value or by blob key; no path of the machine that ran it is kept.
"""

import zlib
from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from pipeline.model.acceptance import Acceptance
from pipeline.model.base import Frozen
from pipeline.model.declaration import Window
from pipeline.model.dossier import Case, Dossier, Facts
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import MaterialReading
from pipeline.model.report import Report
from pipeline.model.shared import Shared

KEPT_SUFFIX = ".kept"
RULEBOOK_SUFFIX = ".toml"


class KeptPage(Frozen):
    """One page of a material: its size in pixels of the upload, and the blob of its picture."""

    file: str
    page: int
    width: int
    height: int
    rotation: int
    picture: str


class KeptDossier(Frozen):
    """A dossier as it was checked: declaration, facts, pages, and the blobs of what was read.

    `readings` maps a material's file to the blob of its reading, `rulebook` is the blob of the
    rulebook's text. The report is the one that was written.
    """

    window: Window
    dossier: Dossier
    facts: Facts
    report: Report
    pages: tuple[KeptPage, ...]
    readings: dict[str, str]
    rulebook: str
    acceptance: Acceptance
    shared: tuple[Shared, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, said: Any) -> Any:
        """Dossiers kept by earlier versions name one confidence for every field."""
        if isinstance(said, dict) and "accepted_confidence" in said:
            said = dict(said)
            said["acceptance"] = {"otherwise": said.pop("accepted_confidence")}
        return said

    def case(self, facts: Facts | None = None) -> Case:
        """What the checks look at; with `facts`, as they would stand after a correction."""
        return Case(
            facts=facts or self.facts,
            declaration=self.dossier.declaration,
            window=self.window,
            prior_recognitions=self.dossier.prior_recognitions,
            sanctions=self.dossier.sanctions,
            shared=self.shared,
        )

    def accepts(self, kind: DocumentKind, name: str, confidence: float) -> bool:
        """True when a value of that field of such a paper, read so surely, needs no person."""
        return self.acceptance.accepts(kind, name, confidence)


def keep_dossier(
    *,
    dossier: Dossier,
    facts: Facts,
    report: Report,
    window: Window,
    readings: Mapping[str, MaterialReading],
    reading_blobs: Mapping[str, str],
    rulebook_blob: str,
    acceptance: Acceptance,
    shared: tuple[Shared, ...] = (),
) -> KeptDossier:
    """The dossier as it is kept, without the paths of its uploads."""
    materials = tuple(m.model_copy(update={"path": ""}) for m in dossier.materials)
    return KeptDossier(
        window=window,
        dossier=dossier.model_copy(update={"materials": materials}),
        facts=facts,
        report=report,
        pages=tuple(
            KeptPage(
                file=material.file,
                page=page.number,
                width=page.width,
                height=page.height,
                rotation=page.rotation,
                picture=page.picture,
            )
            for material in materials
            if material.file in readings
            for page in readings[material.file].pages
        ),
        readings=dict(reading_blobs),
        rulebook=rulebook_blob,
        acceptance=acceptance,
        shared=shared,
    )


def pack_kept(kept: KeptDossier) -> bytes:
    return zlib.compress(kept.model_dump_json(by_alias=True).encode(), 6)


def unpack_kept(data: bytes) -> KeptDossier:
    """The dossier that `pack_kept` wrote; raises `pydantic.ValidationError` for anything else."""
    return KeptDossier.model_validate_json(zlib.decompress(data))
