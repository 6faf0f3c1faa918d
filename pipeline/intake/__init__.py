"""From an intake folder to dossiers: what was declared, and the files that came with it."""

from pipeline.intake.folder import count_dossiers, iter_dossiers, list_dossier_ids, load_intake
from pipeline.intake.window import read_window

__all__ = ["count_dossiers", "iter_dossiers", "list_dossier_ids", "load_intake", "read_window"]
