"""The notice's rules over the facts of one dossier: findings, eligibility, contributions.

Pure functions of case and rulebook. Nothing here opens a picture, a store or a network.
"""

from validators.eligibility import assess_eligibility
from validators.engine import CHECKS, run_checks
from validators.materials import required_materials
from validators.rulebook import (
    DEFAULT_RULEBOOK,
    RulebookError,
    builtin_rulebook,
    builtin_rulebooks,
    load_rulebook,
    parse_rulebook,
)
from validators.rulebook_model import Rulebook
from validators.summary import summarise_contributions
from validators.window import is_exempt, required_window

__all__ = [
    "CHECKS",
    "DEFAULT_RULEBOOK",
    "Rulebook",
    "RulebookError",
    "assess_eligibility",
    "builtin_rulebook",
    "builtin_rulebooks",
    "is_exempt",
    "load_rulebook",
    "parse_rulebook",
    "required_materials",
    "required_window",
    "run_checks",
    "summarise_contributions",
]
