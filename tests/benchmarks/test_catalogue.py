"""The benchmark of the catalogue: trimmed dossiers still have their problem, and no other."""

from pathlib import Path

import pytest

from benchmarks.catalogue import measure, raised, row_of, seeds_of
from benchmarks.catalogue_window import HARD, CataloguePlan, _hard, made_catalogue
from fixtures.factory.plan import PROBLEMS
from fixtures.factory.trim import trim
from fixtures.factory.truth import Planted
from pipeline.model.finding import Severity
from tests.validators.cases import rulebook
from tests.validators.planted import case_of, plan
from validators import run_checks

FOLLOW = {"MATERIAL_MISSING", "NO_CLAUSE_MET", "TENURE_UNPROVEN"}
"""What a dossier is told when papers were left out of it."""


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_what_is_left_of_a_dossier_still_has_its_problem_and_no_other(code: str) -> None:
    draft = plan(f"trimmed/{code}", code)
    trim(draft)
    assert len(draft.orders) <= 5
    findings = run_checks(case_of(draft), rulebook())
    planted = {p.code for p in draft.planted}
    assert planted <= {f.code for f in findings}
    graver = {f.code for f in findings if f.severity is not Severity.NOTICE}
    assert graver - planted - FOLLOW <= {"DIPLOMA_NUMBER_MISMATCH"}  # what an edit makes good


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("code", sorted(HARD))
def test_a_true_difference_of_one_look_alike_character_is_for_a_person(
    code: str, seed: int
) -> None:
    draft = _hard("x1", f"facts/{code}/{seed}", HARD[code])
    found = [f for f in run_checks(case_of(draft), rulebook()) if f.code == code]
    assert found and all(f.severity is not Severity.NOTICE for f in found)


def test_a_planted_way_of_sharing_is_found_only_in_its_own_finding() -> None:
    planted = Planted(code="SHARED_ACROSS_DOSSIERS", note="look")
    told = {"code": planted.code, "severity": "review", "subject": "number:diploma_number"}
    assert raised(planted, [told]) == ""
    assert raised(planted, [told | {"subject": "page:a.pdf#1"}]) == "review"
    assert row_of(planted) == "SHARED_ACROSS_DOSSIERS, look"
    assert seeds_of("6000-6002") == (6000, 6001, 6002) and seeds_of("7,9") == (7, 9)


def test_a_window_is_made_once_and_measured_as_far_as_there_are_reports(tmp_path: Path) -> None:
    asked = CataloguePlan(
        (6000, 6001), each=1, clean=0, codes=frozenset(["SHARED_ACROSS_DOSSIERS"])
    )
    window = made_catalogue(asked, tmp_path)
    written = {p: p.read_bytes() for p in sorted(window.rglob("*")) if p.is_file()}
    made_catalogue(asked, tmp_path)
    assert {p: p.read_bytes() for p in sorted(window.rglob("*")) if p.is_file()} == written
    assert measure(tmp_path).unreported == 14
