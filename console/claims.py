"""The next dossier for a reviewer, claimed for them."""

from console import reviews
from console.context import Console
from console.queue import next_dossier
from console.schema import DossierRow
from console.sessions import Viewer

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
        console.preparer.wake()
        return row
    return None
