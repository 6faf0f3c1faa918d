"""Rulebooks for the layers above: what they may load, without reaching into the checks."""

from validators.clauses import cited_clauses
from validators.rulebook import Rulebook, RulebookError, parse_rulebook

__all__ = ["Rulebook", "RulebookError", "cited_clauses", "parse_rulebook"]
