"""Rulebooks for the layers above: what they may load, without reaching into the checks."""

from validators.rulebook import Rulebook, RulebookError, parse_rulebook

__all__ = ["Rulebook", "RulebookError", "parse_rulebook"]
