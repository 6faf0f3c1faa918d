"""The next dossier for a reviewer: claimed for them, and its pictures made ready."""

from console import reviews
from console.context import Console
from console.queue import next_dossier
from console.schema import DossierRow
from console.sessions import Viewer
from console.views import Pages
from pipeline.kept import KeptDossier

_READY, _READY_NEXT = 4, 2
"""Pages made ready of the dossier at hand and of the next one: more are seldom looked at."""
_TRIES = 5
"""Another reviewer may be quicker, so a few dossiers are tried."""


def claim_next(console: Console, viewer: Viewer, window_id: str) -> DossierRow | None:
    """Claims the first dossier that the viewer may take; None when there is none."""
    for _ in range(_TRIES):
        with console.database.write() as unit:
            row = next_dossier(unit.session, window_id, viewer, unit.now)
            if row is None:
                return None
            try:
                reviews.claim(unit, console.settings, row, viewer)
            except reviews.ReviewRefused:
                continue
            return row
    return None


def make_ready(console: Console, row: DossierRow, viewer: Viewer) -> None:
    """Has the pictures of this dossier made ready, and the first ones of the viewer's next."""
    kept = console.dossiers.kept(row.kept)
    console.warmer.ask(kept, pages_by_need(kept)[:_READY])
    with console.database.read() as session:
        following = next_dossier(
            session, row.window_id, viewer, console.database.clock(), besides=row.dossier_id
        )
    if following is not None:
        kept = console.dossiers.kept(following.kept)
        console.warmer.ask(kept, pages_by_need(kept)[:_READY_NEXT])


def pages_by_need(kept: KeptDossier) -> list[int]:
    """The dossier's pages, those first that findings speak of."""
    index = Pages.of(kept).index
    spoken_of = [
        index[place]
        for finding in kept.report.findings
        for evidence in finding.evidence
        if (place := (evidence.file, evidence.page or 0)) in index
    ]
    return list(dict.fromkeys((*spoken_of, *range(len(kept.pages)))))
