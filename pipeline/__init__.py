"""Chuhe: from an intake folder to reports with evidence."""

__version__ = "0.1.0"
