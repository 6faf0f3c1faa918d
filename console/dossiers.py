"""Dossiers as the console holds them: what was kept, its rulebook, and the checks run again."""

from collections.abc import Iterable

from console.answers import Answer, apply_answers
from console.shelf import Shelf
from pipeline.assess import Assessment, assess_case
from pipeline.errors import StoreError
from pipeline.kept import KeptDossier, unpack_kept
from pipeline.rulebooks import Rulebook, parse_rulebook
from pipeline.store.blobs import BlobStore


class DossierShelf:
    """Dossiers by their blob, and what the checks say of them after a person's answers."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._kept: Shelf[str, KeptDossier] = Shelf(96)
        self._rulebooks: Shelf[str, Rulebook] = Shelf(8)
        self._assessed: Shelf[tuple[str, tuple[Answer, ...]], Assessment] = Shelf(256)

    def kept(self, blob: str) -> KeptDossier:
        """The dossier of that blob. Raises `StoreError` when the blob is gone."""
        return self._kept.get(blob, lambda: unpack_kept(self._read(blob)))

    def rulebook(self, kept: KeptDossier) -> Rulebook:
        """The rulebook that the dossier was checked with."""
        blob = kept.rulebook
        return self._rulebooks.get(blob, lambda: parse_rulebook(self._read(blob).decode()))

    def assess(self, blob: str, answers: Iterable[Answer] = ()) -> Assessment:
        """What the checks say of the dossier with `answers` applied to its facts."""
        given = tuple(sorted((a for a in answers if a.changes_facts), key=lambda a: a.target))

        def make() -> Assessment:
            kept = self.kept(blob)
            if not given:
                return _as_reported(kept)
            case = kept.case(apply_answers(kept.facts, given))
            return assess_case(case, self.rulebook(kept), kept.accepted_confidence)

        return self._assessed.get((blob, given), make)

    def _read(self, blob: str) -> bytes:
        data = self._blobs.get(blob)
        if data is None:
            raise StoreError(
                f"a blob of the store is gone: {blob[:12]}…",
                untouched="Nothing was changed.",
                next_step="Put the blobs folder back, or run the window again.",
            )
        return data


def _as_reported(kept: KeptDossier) -> Assessment:
    report = kept.report
    return Assessment(
        findings=report.findings,
        eligibility=report.eligibility,
        contributions=report.contributions,
        score=report.score,
        route=report.route,
        route_reasons=report.route_reasons,
    )
