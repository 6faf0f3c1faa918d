"""Score and route: what they are, and what can never happen to them."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model.acceptance import Acceptance
from pipeline.model.finding import Finding, Outcome, Severity
from pipeline.model.kinds import DocumentKind
from pipeline.model.report import Route
from pipeline.scoring import route_dossier, score_findings, unsure_values
from tests.validators.cases import (
    CLEAN,
    UNIT,
    Dossier,
    bachelor,
    findings_of,
    month_row,
    only,
    rulebook,
)
from validators import builtin_rulebook, required_materials, run_checks
from validators.catalogue import CATALOGUE

ACCEPTED = 0.8


def route_of(dossier: Dossier, accepted: float = ACCEPTED) -> tuple[Route, tuple[str, ...]]:
    case = dossier.case()
    return route_dossier(run_checks(case, rulebook()), case, rulebook(), Acceptance.fixed(accepted))


FINDINGS = st.builds(
    Finding,
    code=st.sampled_from(sorted(CATALOGUE)),
    severity=st.sampled_from(Severity),
    outcome=st.sampled_from(Outcome),
    clause=st.just("三"),
    message=st.just("与申报不一致"),
    subject=st.text(max_size=3),
)


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_a_clean_dossier_is_cleared_with_all_points(name: str) -> None:
    dossier = CLEAN[name]()
    assert route_of(dossier) == (Route.CLEARED, ())
    assert score_findings(findings_of(dossier), rulebook()).total == 100


@settings(max_examples=150, deadline=None)
@given(st.lists(FINDINGS, max_size=12), FINDINGS, st.integers(0, 12))
def test_a_further_finding_never_raises_the_score(
    findings: list[Finding], more: Finding, place: int
) -> None:
    for book in (rulebook(), builtin_rulebook("guangdong-2026-example")):
        before = score_findings(findings, book)
        after = score_findings([*findings[:place], more, *findings[place:]], book)
        assert after.total <= before.total
        assert 0 <= after.total <= 100


@settings(max_examples=100, deadline=None)
@given(st.lists(FINDINGS, max_size=12))
def test_every_lost_point_names_its_finding(findings: list[Finding]) -> None:
    score = score_findings(findings, rulebook())
    assert score.total == sum(part.points for part in score.parts)
    for part in score.parts:
        assert (part.points < part.max) == bool(part.findings)
        for index in part.findings:
            rule = rulebook().rule(findings[index].code)
            assert rule is not None and rule.part == part.name
            assert findings[index].severity is not Severity.NOTICE
            without = score_findings(findings[:index] + findings[index + 1 :], rulebook())
            assert without.total >= score.total


@settings(max_examples=60, deadline=None)
@given(st.lists(FINDINGS, max_size=10), st.randoms(use_true_random=False))
def test_the_score_does_not_depend_on_the_order(findings: list[Finding], random: object) -> None:
    turned = list(findings)
    random.shuffle(turned)  # type: ignore[attr-defined]
    one, other = score_findings(findings, rulebook()), score_findings(turned, rulebook())
    assert [p.points for p in one.parts] == [p.points for p in other.parts]


def test_a_notice_costs_nothing_and_clears() -> None:
    dossier = bachelor().put("education_record", valid_until=None)
    assert {f.severity for f in findings_of(dossier)} == {Severity.NOTICE}
    assert route_of(dossier)[0] is Route.CLEARED
    assert score_findings(findings_of(dossier), rulebook()).total == 100


def test_weights_come_from_the_rulebook() -> None:
    dossier = bachelor().change_month("2022-09", status="unpaid")
    parts = {p.name: p for p in score_findings(findings_of(dossier), rulebook()).parts}
    assert (parts["contributions"].points, parts["contributions"].max) == (0, 20)
    finding = only(dossier, "CONTRIBUTIONS_GAP")
    assert findings_of(dossier)[parts["contributions"].findings[0]] == finding


@pytest.mark.parametrize(
    ("change", "route"),
    [
        (lambda: bachelor().remove("diploma"), Route.INCOMPLETE),
        (lambda: bachelor().remove("diploma").put("id_card", name="王清源"), Route.INCOMPLETE),
        (lambda: bachelor().put("id_card", name="王清源"), Route.REVIEW),
        (lambda: bachelor().put("diploma", major="市场营销"), Route.REVIEW),
        (lambda: bachelor().put("id_card", 0.79, name="李清源"), Route.CLEARED),
        (lambda: bachelor().put("labour_contract", 0.79, employer=UNIT), Route.REVIEW),
        (lambda: bachelor().change_month("2022-09", confidence=0.79), Route.REVIEW),
        (lambda: bachelor().change_month("2022-02", confidence=0.2), Route.CLEARED),
        (lambda: bachelor().put("education_query", 0.3, institution="蜀川理工大学"), Route.CLEARED),
    ],
)
def test_routes(change: Callable[[], Dossier], route: Route) -> None:
    given_route, reasons = route_of(change())
    assert given_route is route
    assert bool(reasons) == (route is not Route.CLEARED)


def test_what_was_read_below_the_accepted_confidence_is_named() -> None:
    unsure = bachelor().put("labour_contract", 0.79, employer=UNIT)
    route, reasons = route_of(unsure)
    assert route is Route.REVIEW
    assert any("劳动（聘用）合同的用人单位" in reason and "0.79" in reason for reason in reasons)
    assert route_of(unsure, 0.7)[0] is Route.CLEARED


def test_a_name_is_as_sure_as_the_paper_that_bears_it_best() -> None:
    assert route_of(bachelor().put("id_card", 0.79, name="李清源"))[0] is Route.CLEARED


def test_thresholds_are_those_of_the_field() -> None:
    case = bachelor().put("labour_contract", 0.9, employer=UNIT).case()
    strict = Acceptance(otherwise=0.5, thresholds={"labour_contract.employer": 0.95})
    unsure = list(unsure_values(case, strict, rulebook()))
    assert [(value.kind, value.field) for value in unsure] == [
        (DocumentKind.LABOUR_CONTRACT, "employer")
    ]


def test_reasons_of_incomplete_dossiers_are_what_is_lacking() -> None:
    route, reasons = route_of(bachelor().remove("diploma", "id_card"))
    assert route is Route.INCOMPLETE
    assert len(reasons) == 2 and all("需补交" in reason for reason in reasons)


def test_a_condition_that_could_not_be_shown_is_never_cleared() -> None:
    dossier = bachelor().declare("employment", security_work_since="2022-01")
    assert findings_of(dossier) == ()
    assert route_of(dossier)[0] is Route.REVIEW


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_removing_a_required_paper_never_clears(name: str) -> None:
    whole = CLEAN[name]()
    kinds = {kind for rule in required_materials(whole.case(), rulebook()) for kind in rule.any_of}
    for key, paper in whole.papers.items():
        route, _ = route_of(CLEAN[name]().remove(key))
        if paper.kind in kinds:
            assert route is not Route.CLEARED, key


@settings(max_examples=40, deadline=None)
@given(
    changed=st.sampled_from(["diploma", "id_card", "labour_contract", "social_insurance"]),
    removed=st.sampled_from(sorted(bachelor().papers)),
    field=st.sampled_from(["name", "employee", "id_number", "institution", "employer"]),
)
def test_removing_a_paper_never_clears_a_dossier_that_was_not(
    changed: str, removed: str, field: str
) -> None:
    dossier = bachelor()
    if field in dossier.papers[changed].fields:
        dossier.put(changed, **{field: "无关内容"})
    if route_of(dossier)[0] is not Route.CLEARED:
        assert route_of(dossier.copy().remove(removed))[0] is not Route.CLEARED


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(["paid", "unpaid", "late", None]), min_size=12, max_size=12),
    st.integers(1, 12),
)
def test_a_further_paid_month_never_lowers_the_score(
    statuses: list[str | None], month: int
) -> None:
    dossier = bachelor()
    for number, status in enumerate(statuses, start=1):
        dossier.change_month(f"2022-{number:02d}", status=status)
    better = dossier.copy().change_month(f"2022-{month:02d}", status="paid")
    before = score_findings(findings_of(dossier), rulebook()).total
    assert score_findings(findings_of(better), rulebook()).total >= before


def test_all_checks_over_one_dossier_take_less_than_twenty_milliseconds() -> None:
    """Measured over many, on a machine that has other work: the mean counts."""
    dossiers = [made().case() for made in CLEAN.values()]
    dossiers.append(bachelor().set_months(month_row("2022-09", "unpaid")).case())
    for case in dossiers:
        run_checks(case, rulebook())
    started = time.process_time()
    for case in dossiers * 3:
        run_checks(case, rulebook())
    assert (time.process_time() - started) / (3 * len(dossiers)) < 0.020
