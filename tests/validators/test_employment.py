"""Contract, unit, dispatch, credit code, and the employer's papers."""

import pytest

from pipeline.model.finding import Outcome, Severity
from tests.validators.cases import (
    AGENCY,
    UNIT,
    USCC,
    Paper,
    bachelor,
    codes_of,
    credit_code,
    dispatched,
    findings_of,
    freelancer,
    only,
    rulebook,
)

OTHER = "成都青梧信息技术有限公司"


@pytest.mark.parametrize(
    ("employer", "severity"),
    [
        ("四川砺盾网络安全技术有限责任公司", None),
        (f"{UNIT}绵阳分公司", Severity.REVIEW),
        ("四川砺盾", Severity.REVIEW),
        (OTHER, Severity.BLOCKING),
    ],
)
def test_the_contract_is_with_the_declared_unit(employer: str, severity: Severity | None) -> None:
    dossier = bachelor().put("labour_contract", employer=employer)
    found = [f for f in findings_of(dossier) if f.code == "EMPLOYER_MISMATCH"]
    assert [f.severity for f in found] == ([severity] if severity else [])
    assert all(f.clause == "六(三)" and f.evidence for f in found)


def test_an_employer_read_unsurely_or_not_at_all_is_for_review() -> None:
    unsure = bachelor().put("labour_contract", 0.5, employer=OTHER)
    assert only(unsure, "EMPLOYER_MISMATCH").outcome is Outcome.CANNOT_DETERMINE
    unread = bachelor().blur("labour_contract", "employer")
    assert only(unread, "EMPLOYER_MISMATCH").outcome is Outcome.CANNOT_DETERMINE


def test_an_older_contract_with_another_unit_is_no_matter() -> None:
    older = Paper(
        "labour_contract",
        {
            "employer": OTHER,
            "employee": "李清源",
            "starts_on": "2017-01-01",
            "ends_on": "2019-07-31",
        },
    )
    assert not codes_of(bachelor().add("older", older))


def test_the_agencys_contract_of_a_dispatched_worker() -> None:
    assert "EMPLOYER_MISMATCH" not in codes_of(dispatched())
    assert "EMPLOYER_MISMATCH" not in codes_of(dispatched().put("labour_contract", employer=UNIT))
    assert "EMPLOYER_MISMATCH" in codes_of(dispatched().put("labour_contract", employer=OTHER))


def test_a_recommendation_of_another_unit_is_for_review() -> None:
    finding = only(bachelor().put("recommendation", employer=OTHER), "EMPLOYER_MISMATCH")
    assert (finding.severity, finding.clause) == (Severity.REVIEW, "五(二)")
    assert "EMPLOYER_MISMATCH" not in codes_of(dispatched().put("recommendation", employer=AGENCY))


def test_a_contract_with_another_credit_code_is_for_review() -> None:
    other = credit_code("91510100MA6D1B2C")
    finding = only(bachelor().put("labour_contract", employer_uscc=other), "EMPLOYER_MISMATCH")
    assert finding.severity is Severity.REVIEW and finding.observed == other


# --- term


@pytest.mark.parametrize(
    ("starts", "ends", "kind", "variant"),
    [
        ("2019-08-01", "2023-01-09", "fixed", "止于"),
        ("2023-01-11", "2026-01-10", "fixed", "开始于"),
        ("2019-08-01", "2023-01-10", "fixed", None),
        ("2019-08-01", "2023-01", "fixed", None),
        ("2020-01-01", None, "open_ended", None),
        ("2020-01-01", None, "task", None),
    ],
)
def test_the_contract_covers_the_application_day(
    starts: str, ends: str | None, kind: str, variant: str | None
) -> None:
    dossier = bachelor().put("labour_contract", starts_on=starts, ends_on=ends, term_kind=kind)
    found = [f for f in findings_of(dossier) if f.code == "CONTRACT_NOT_IN_FORCE"]
    assert len(found) == (variant is not None)
    for finding in found:
        assert finding.severity is Severity.BLOCKING
        assert finding.counterfactual is not None and variant in finding.counterfactual  # type: ignore[operator]


def test_a_term_that_was_not_read_cannot_be_told() -> None:
    dossier = bachelor().put("labour_contract", ends_on=None)
    finding = only(dossier, "CONTRACT_NOT_IN_FORCE")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)
    unsure = bachelor().put("labour_contract", 0.4, ends_on="2022-12-31")
    assert only(unsure, "CONTRACT_NOT_IN_FORCE").severity is Severity.REVIEW


def test_an_open_ended_contract_without_a_start_counts_from_its_signing() -> None:
    dossier = bachelor().put(
        "labour_contract", starts_on=None, ends_on=None, term_kind="open_ended"
    )
    assert "CONTRACT_NOT_IN_FORCE" in codes_of(dossier)
    signed = dossier.put("labour_contract", signed_on="2019-08-01")
    assert "CONTRACT_NOT_IN_FORCE" not in codes_of(signed)


def test_a_renewal_covers_what_the_first_contract_does_not() -> None:
    dossier = bachelor().put("labour_contract", ends_on="2022-07-31")
    renewal = Paper("labour_contract", {"starts_on": "2022-08-01", "ends_on": "2025-07-31",
                                        "employer": UNIT, "employee": "李清源"})  # fmt: skip
    assert "CONTRACT_NOT_IN_FORCE" in codes_of(dossier)
    assert not codes_of(dossier.add("renewal", renewal))


def test_signature_and_seal_are_told_only_where_they_were_looked_for() -> None:
    assert "CONTRACT_UNSIGNED" not in codes_of(bachelor())
    finding = only(bachelor().mark("labour_contract", "signature=blank"), "CONTRACT_UNSIGNED")
    assert finding.severity is Severity.REVIEW and "未见签字" in finding.message
    for traits in (["signature=present"], ["signature=blank", "seal=present"], ["seal=present"]):
        assert "CONTRACT_UNSIGNED" not in codes_of(bachelor().mark("labour_contract", *traits))


# --- dispatch


def test_dispatch_parties_that_cannot_be_told() -> None:
    finding = only(dispatched().put("dispatch_agreement", host=None), "DISPATCH_PARTIES_UNCLEAR")
    assert finding.outcome is Outcome.CANNOT_DETERMINE and "用工单位" in finding.message


def test_dispatch_parties_that_are_not_the_applying_unit() -> None:
    dossier = dispatched().put("dispatch_agreement", host=OTHER)
    finding = only(dossier, "DISPATCH_PARTIES_UNCLEAR")
    assert finding.severity is Severity.REVIEW and OTHER in finding.message
    assert "DISPATCH_PARTIES_UNCLEAR" not in codes_of(dispatched())


# --- freelancers


def test_a_freelancer_with_a_contract_in_force() -> None:
    contract = bachelor().papers["labour_contract"]
    finding = only(freelancer().add("contract", contract), "FREELANCER_HAS_EMPLOYER")
    assert (finding.severity, finding.observed) == (Severity.BLOCKING, UNIT)


def test_a_freelancer_with_an_ended_or_unclear_contract() -> None:
    contract = bachelor().put("labour_contract", ends_on="2022-01-31").papers["labour_contract"]
    assert "FREELANCER_HAS_EMPLOYER" not in codes_of(freelancer().add("contract", contract))
    unclear = bachelor().put("labour_contract", ends_on=None).papers["labour_contract"]
    finding = only(freelancer().add("contract", unclear), "FREELANCER_HAS_EMPLOYER")
    assert finding.severity is Severity.REVIEW


# --- credit code


def test_a_declared_code_that_is_none() -> None:
    wrong = USCC[:17] + ("0" if USCC[17] != "0" else "1")
    dossier = bachelor().declare("employment", employer_uscc=wrong)
    dossier.put("labour_contract", employer_uscc=wrong)
    assert only(dossier, "USCC_INVALID").severity is Severity.REVIEW
    assert "USCC_INVALID" not in codes_of(bachelor().declare("employment", employer_uscc=None))


def test_a_code_on_the_contract_that_is_none_but_not_a_slip_of_reading() -> None:
    assert "USCC_INVALID" in codes_of(
        bachelor().put("labour_contract", employer_uscc="9151010012345678XX")
    )
    slip = USCC.replace("0", "8", 1)
    assert "USCC_INVALID" not in codes_of(bachelor().put("labour_contract", employer_uscc=slip))


@pytest.mark.parametrize(
    ("head", "raised"),
    [("91510100MA6C0A1B", False), ("91330100MA6C0A1B", True), ("91100000MA6C0A1B", True)],
)
def test_where_the_unit_is_registered(head: str, raised: bool) -> None:
    code = credit_code(head)
    dossier = bachelor().declare("employment", employer_uscc=code)
    dossier.put("labour_contract", employer_uscc=code)
    found = [f for f in findings_of(dossier) if f.code == "EMPLOYER_OUTSIDE_PROVINCE"]
    assert bool(found) is raised
    assert all(f.severity is Severity.REVIEW for f in found)


# --- recommendation and pledge


def test_a_unit_that_does_not_recommend() -> None:
    finding = only(
        bachelor().put("recommendation", conclusion="不同意推荐"), "RECOMMENDATION_NEGATIVE"
    )
    assert (finding.severity, finding.clause) == (Severity.BLOCKING, "五(二)")
    unsure = bachelor().put("recommendation", 0.3, conclusion="不同意推荐")
    assert only(unsure, "RECOMMENDATION_NEGATIVE").severity is Severity.REVIEW


def test_a_unit_that_recommends_someone_else() -> None:
    finding = only(bachelor().put("recommendation", name="陈望舒"), "RECOMMENDATION_NEGATIVE")
    assert finding.severity is Severity.BLOCKING and finding.observed == "陈望舒"
    assert "NAME_MISMATCH" not in codes_of(bachelor().put("recommendation", name="陈望舒"))


def test_a_recommendation_without_a_conclusion_that_could_be_read() -> None:
    dossier = bachelor().blur("recommendation", "conclusion")
    assert only(dossier, "RECOMMENDATION_NEGATIVE").outcome is Outcome.CANNOT_DETERMINE


@pytest.mark.parametrize(("signed", "raised"), [(True, False), (False, True), (None, False)])
def test_the_pledge_is_signed(signed: bool | None, raised: bool) -> None:
    dossier = bachelor().put("integrity_pledge", signed=signed)
    assert ("PLEDGE_UNSIGNED" in codes_of(dossier)) is raised


def test_the_rulebook_says_who_may_be_the_applying_unit() -> None:
    book = rulebook()
    host = book.model_copy(
        update={"parameters": book.parameters.model_copy(update={"dispatch_applying_unit": "host"})}
    )
    assert "DISPATCH_PARTIES_UNCLEAR" not in codes_of(dispatched(), host)
    agency = book.model_copy(
        update={
            "parameters": book.parameters.model_copy(update={"dispatch_applying_unit": "agency"})
        }
    )
    assert "DISPATCH_PARTIES_UNCLEAR" in codes_of(dispatched(), agency)
