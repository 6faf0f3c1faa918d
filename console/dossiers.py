"""Dossiers as the console holds them: what was kept, its rulebook, and the checks run again."""

import contextlib
from collections.abc import Iterable

from console.answers import Answer, Target, apply_answers
from console.grouping import grouping_in, unpack_grouping
from console.shelf import Shelf
from console.values import InvalidValue
from pipeline.assess import Assessment, assess_case
from pipeline.dossier import regroup
from pipeline.errors import StoreError
from pipeline.kept import KeptDossier, unpack_kept
from pipeline.rulebooks import Rulebook, parse_rulebook
from pipeline.scoring import unsure_values
from pipeline.store.blobs import BlobStore
from pipeline.workers import unpack_reading


class DossierShelf:
    """Dossiers by their blob, the `size` used last in memory, and what the checks say of them
    after a person's answers."""

    def __init__(self, blobs: BlobStore, *, size: int = 96) -> None:
        self._blobs = blobs
        self._kept: Shelf[str, KeptDossier] = Shelf(size)
        self._regrouped: Shelf[tuple[str, str], KeptDossier] = Shelf(48)
        self._rulebooks: Shelf[str, Rulebook] = Shelf(8)
        self._assessed: Shelf[tuple[str, tuple[Answer, ...]], Assessment] = Shelf(256)
        self._unsure: Shelf[tuple[str, str], tuple[str, ...]] = Shelf(256)

    def kept(self, blob: str) -> KeptDossier:
        """The dossier of that blob. Raises `StoreError` when the blob is gone."""
        return self._kept.get(blob, lambda: unpack_kept(self._read(blob)))

    def load(self, blob: str) -> bool:
        """Has in memory what opening the dossier needs; nothing when its blob is gone. True when
        it was not there before."""
        if blob in self._kept:
            return False
        with contextlib.suppress(StoreError):
            self.kept(blob)
            self.unsure(blob)
        return True

    def grouped(self, blob: str, answers: Iterable[Answer]) -> KeptDossier:
        """The dossier with its pages put together as the answers say, and its facts read from
        that; as it was kept when they say nothing of it. Raises `InvalidValue`."""
        packed = grouping_in(answers)
        if not packed:
            return self.kept(blob)
        return self._regrouped.get((blob, packed), lambda: self._regroup(blob, packed))

    def _regroup(self, blob: str, packed: str) -> KeptDossier:
        kept, wanted = self.kept(blob), unpack_grouping(packed)
        if not set(wanted) <= set(kept.readings):
            raise InvalidValue("value.pages")
        readings = {file: unpack_reading(self._read(kept.readings[file])) for file in wanted}
        try:
            return regroup(kept, readings, wanted)
        except ValueError as error:
            raise InvalidValue("value.pages") from error

    def rulebook(self, kept: KeptDossier) -> Rulebook:
        """The rulebook that the dossier was checked with."""
        blob = kept.rulebook
        return self._rulebooks.get(blob, lambda: parse_rulebook(self._read(blob).decode()))

    def assess(self, blob: str, answers: Iterable[Answer] = ()) -> Assessment:
        """What the checks say of the dossier with `answers` applied to its facts."""
        given = tuple(sorted((a for a in answers if a.changes_facts), key=lambda a: a.target))

        def make() -> Assessment:
            kept = self.grouped(blob, given)
            if not given:
                return _as_reported(kept)
            case = kept.case(apply_answers(kept.facts, given))
            return assess_case(case, self.rulebook(kept), kept.acceptance)

        return self._assessed.get((blob, given), make)

    def unsure(self, blob: str, answers: Iterable[Answer] = ()) -> tuple[str, ...]:
        """Targets of the values the decision rests on that no paper bears with an accepted
        confidence: what sends a dossier to review. Each is asked on the paper it was read best on.
        """
        given = tuple(answers)

        def make() -> tuple[str, ...]:
            kept = self.grouped(blob, given)
            found = unsure_values(kept.case(), kept.acceptance, self.rulebook(kept))
            return tuple(
                str(
                    Target("month", value.document_id, value.month)
                    if value.month
                    else Target("field", value.document_id, value.field)
                )
                for value in found
            )

        return self._unsure.get((blob, grouping_in(given)), make)

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
