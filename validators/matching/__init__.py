"""Do two written values mean the same? Verdicts a clerk would agree with, each with its reason."""

from validators.matching.institutions import compare_institutions
from validators.matching.majors import compare_majors, major_tier
from validators.matching.names import compare_names
from validators.matching.numbers import compare_id_numbers, compare_numbers
from validators.matching.units import compare_units
from validators.matching.verdict import Likeness, Verdict

__all__ = [
    "Likeness",
    "Verdict",
    "compare_id_numbers",
    "compare_institutions",
    "compare_majors",
    "compare_names",
    "compare_numbers",
    "compare_units",
    "major_tier",
]
