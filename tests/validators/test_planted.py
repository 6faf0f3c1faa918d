"""The factory's dossiers, read without a fault: planted problems are found, clean ones stay clean."""

import pytest

from fixtures.factory.plan import PROBLEMS
from pipeline.model.finding import Severity
from tests.validators.cases import rulebook
from tests.validators.planted import PLANTERS, case_of, plan
from validators import run_checks
from validators.catalogue import CATALOGUE

CLEAN = 24
PER_CODE = 2


@pytest.mark.parametrize("seed", range(CLEAN))
def test_a_clean_dossier_has_nothing_to_look_at(seed: int) -> None:
    """Contracts of the factory may cover less time than was worked; that alone is for review."""
    for finding in run_checks(case_of(plan(f"facts/clean/{seed}")), rulebook()):
        if finding.code != "TENURE_UNPROVEN":
            assert finding.severity is Severity.NOTICE, finding.message


@pytest.mark.parametrize("seed", range(PER_CODE))
@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_a_planted_problem_is_found(code: str, seed: int) -> None:
    draft = plan(f"facts/{code}/{seed}", code)
    found = {finding.code for finding in run_checks(case_of(draft), rulebook())}
    assert {planted.code for planted in draft.planted} <= found


def test_every_code_of_the_catalogue_can_be_planted() -> None:
    assert len(PLANTERS) == 3 and set(PROBLEMS) == set(CATALOGUE)
