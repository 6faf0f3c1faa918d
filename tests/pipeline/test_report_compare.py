"""Two values side by side: what is marked."""

import pytest

from pipeline.model.finding import Finding, Outcome, Severity
from pipeline.report.compare import Piece, compare, compare_sides


def finding(outcome: Outcome) -> Finding:
    return Finding(
        code="RECORD_VALIDITY_UNKNOWN", severity=Severity.NOTICE, outcome=outcome, clause="六(一)",
        message="备案表未印有效期", subject="valid_until", declared="2023-01-13", observed="2022-09-26",
    )  # fmt: skip


def test_the_characters_that_differ_are_marked() -> None:
    left, right = compare("成都市苍穹信息", "成都市苍弯信息")
    assert left is not None and right is not None
    assert [p.text for p in left if p.differs] == ["穹"]
    assert [p.text for p in right if p.differs] == ["弯"]


@pytest.mark.parametrize("outcome", [Outcome.CANNOT_DETERMINE, Outcome.NOT_SUBMITTED])
def test_two_dates_that_are_not_compared_are_not_marked(outcome: Outcome) -> None:
    """The day of application stands beside the day of update: no character of either is wrong."""
    sides = compare_sides(finding(outcome))
    assert sides == ((Piece("2023-01-13", False),), (Piece("2022-09-26", False),))


def test_a_mismatch_is_marked() -> None:
    left, _ = compare_sides(finding(Outcome.MISMATCH))
    assert left is not None and any(piece.differs for piece in left)
