"""From an intake folder to dossiers: what was declared, and the files that came with it."""

from pipeline.intake.folder import iter_dossiers, load_intake
from pipeline.intake.window import read_window

__all__ = ["iter_dossiers", "load_intake", "read_window"]
