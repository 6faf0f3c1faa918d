"""Continuity, lag, late payment, proof, province, payer."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model.finding import Outcome, Severity
from pipeline.model.values import Month
from tests.validators.cases import (
    AGENCY,
    CLEAN,
    UNIT,
    Dossier,
    bachelor,
    codes_of,
    dispatched,
    findings_of,
    freelancer,
    master,
    month_row,
    only,
    rows,
    rulebook,
)
from validators import required_window, summarise_contributions
from validators.contributions import is_truly_absent
from validators.rulebook import Rulebook

OTHER = "成都青梧信息技术有限公司"


def reading(**values: object) -> Rulebook:
    """The rulebook under another reading of its parameters."""
    book = rulebook()
    return book.model_copy(update={"parameters": book.parameters.model_copy(update=values)})


@pytest.mark.parametrize(
    ("applied", "first", "last"),
    [
        ("2023-01-10", "2022-07", "2022-12"),
        ("2022-12-27", "2022-06", "2022-11"),
        ("2023-01-31", "2022-07", "2022-12"),
    ],
)
def test_the_window_is_the_six_months_before(applied: str, first: str, last: str) -> None:
    case = bachelor().declare("", submitted_on=applied).case()
    assert required_window(case, rulebook()) == Month.span(Month(first), Month(last))


def test_the_other_reading_includes_the_month_of_application() -> None:
    book = reading(contributions_window="including_application_month")
    months = required_window(bachelor().declare("", submitted_on="2023-01-31").case(), book)
    assert (months[0], months[-1], len(months)) == ("2022-08", "2023-01", 6)


def test_masters_at_the_lower_level_and_doctors_are_exempt_and_nobody_else() -> None:
    exempt = {
        name for name, made in CLEAN.items() if not required_window(made().case(), rulebook())
    }
    assert exempt == {"master", "doctor", "foreign_master"}


def test_second_bachelors_are_exempt_only_under_the_other_reading() -> None:
    dossier = bachelor().declare("education", level="第二学士学位")
    assert required_window(dossier.case(), rulebook())
    assert not required_window(dossier.case(), reading(contributions_second_bachelor_exempt=True))


def test_an_exempt_applicant_is_not_asked_even_when_a_paper_is_there() -> None:
    dossier = master().change_month("2022-09", status="unpaid").change_month("2022-12", payer=OTHER)
    assert codes_of(dossier) == set()
    assert codes_of(master().remove("social_insurance")) == set()


def test_an_unpaid_month_is_a_gap_with_the_month_that_would_close_it() -> None:
    finding = only(bachelor().change_month("2022-09", status="unpaid"), "CONTRIBUTIONS_GAP")
    assert (finding.severity, finding.outcome) == (Severity.BLOCKING, Outcome.MISMATCH)
    assert finding.observed == "2022-09" and finding.clause == "六(二)"
    assert finding.counterfactual == "若2022-09已缴，则不提出"
    assert [e.raw for e in finding.evidence] == ["2022-09"]


def test_two_unpaid_months_are_one_gap_and_both_would_have_to_be_paid() -> None:
    dossier = bachelor().change_month("2022-08", status="unpaid")
    dossier.change_month("2022-10", status="unpaid")
    finding = only(dossier, "CONTRIBUTIONS_GAP")
    assert finding.observed == "2022-08、2022-10"
    assert finding.counterfactual == "若2022-08、2022-10已缴，则不提出"


def test_paying_the_older_month_is_enough_when_the_newest_may_still_be_posted() -> None:
    dossier = bachelor().change_month("2022-10", status="unpaid")
    dossier.change_month("2022-12", status="unpaid")
    assert only(dossier, "CONTRIBUTIONS_GAP").counterfactual == "若2022-10已缴，则不提出"


def test_an_unpaid_month_read_unsurely_is_for_review() -> None:
    dossier = bachelor().change_month("2022-09", status="unpaid", confidence=0.5)
    finding = only(dossier, "CONTRIBUTIONS_GAP")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)


def test_months_outside_the_window_do_not_matter() -> None:
    assert not codes_of(bachelor().change_month("2022-05", status="unpaid"))


def test_only_the_newest_month_missing_is_for_review() -> None:
    for status in ("unpaid", None):
        finding = only(
            bachelor().change_month("2022-12", status=status), "CONTRIBUTIONS_LATEST_PENDING"
        )
        assert finding.severity is Severity.REVIEW
        assert "2022-06至2022-11" in finding.message
        assert finding.counterfactual == "若2022-12已缴，则不提出"
        assert "CONTRIBUTIONS_GAP" not in codes_of(
            bachelor().change_month("2022-12", status=status)
        )


def test_the_newest_month_is_a_gap_without_six_paid_months_before_or_without_lag() -> None:
    short = bachelor().set_months(*rows("2022-07", "2022-11"))
    assert "CONTRIBUTIONS_GAP" in codes_of(short)
    dossier = bachelor().change_month("2022-12", status="unpaid")
    assert "CONTRIBUTIONS_GAP" in codes_of(dossier, reading(contributions_posting_lag_months=0))


def test_two_newest_months_missing_are_a_gap() -> None:
    dossier = bachelor().set_months(*rows("2022-01", "2022-10"))
    assert "CONTRIBUTIONS_GAP" in codes_of(dossier)


def test_a_month_without_row_on_a_text_layer_was_not_shown() -> None:
    dossier = bachelor().change_month("2022-09", status=None)
    dossier.papers["social_insurance"].source = "text"
    finding = only(dossier, "CONTRIBUTIONS_GAP")
    assert (finding.severity, finding.outcome) == (Severity.BLOCKING, Outcome.NOT_SUBMITTED)


def test_a_missing_row_between_close_rows_is_absent_and_one_with_room_may_be_unread() -> None:
    months = [m for m in Month.span(Month("2022-01"), Month("2022-12")) if m != "2022-09"]
    close = [month_row(m, top=300 + 40 * i) for i, m in enumerate(months)]
    dossier = bachelor().set_months(*close)
    assert is_truly_absent(dossier.case(), Month("2022-09"))
    assert only(dossier, "CONTRIBUTIONS_GAP").severity is Severity.BLOCKING
    spaced = bachelor().set_months(
        *(month_row(m, top=300 + 40 * Month(m).ordinal % 1000) for m in months)
    )
    finding = only(spaced, "CONTRIBUTIONS_GAP")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)


def test_a_month_that_could_not_be_read_is_unproven_and_no_gap() -> None:
    dossier = bachelor().change_month("2022-10", status="unknown")
    finding = only(dossier, "CONTRIBUTIONS_UNPROVEN")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)
    assert "2022-10" in finding.message
    assert "CONTRIBUTIONS_GAP" not in codes_of(dossier)


@pytest.mark.parametrize(
    ("proof", "word"),
    [
        ("range_only", "起止区间"),
        ("count_only", "累计月数"),
        ("medical_only", "医疗保险"),
        ("fund_only", "住房公积金"),
        ("none", "未能读出"),
    ],
)
def test_a_paper_without_months_proves_nothing(proof: str, word: str) -> None:
    dossier = bachelor().set_months()
    dossier.papers["social_insurance"].traits = [f"proof={proof}"]
    finding = only(dossier, "CONTRIBUTIONS_UNPROVEN")
    assert word in finding.message and finding.evidence
    assert not codes_of(dossier) & {"CONTRIBUTIONS_GAP", "PAYER_MISMATCH"}


def test_another_insurance_alone_proves_nothing() -> None:
    dossier = bachelor().set_months(*rows("2022-01", "2022-12", insurance="失业"))
    assert "失业" in only(dossier, "CONTRIBUTIONS_UNPROVEN").message


def test_late_payment_counts_and_is_told() -> None:
    dossier = bachelor().change_month("2022-08", status="late")
    assert only(dossier, "CONTRIBUTIONS_LATE_PAID").severity is Severity.REVIEW
    assert codes_of(dossier) == {"CONTRIBUTIONS_LATE_PAID"}
    assert not codes_of(bachelor().change_month("2022-03", status="late"))


def test_all_insurances_under_the_other_reading() -> None:
    book = reading(contributions_insurance_kinds="all")
    pension = rows("2022-01", "2022-12")
    others = [
        *rows("2022-01", "2022-12", insurance="失业"),
        *rows("2022-01", "2022-12", insurance="工伤"),
    ]
    assert not codes_of(bachelor().set_months(*pension, *others), book)
    assert "CONTRIBUTIONS_GAP" in codes_of(bachelor().set_months(*pension, *others[:-2]), book)
    assert "CONTRIBUTIONS_UNPROVEN" in codes_of(bachelor(), book)


# --- declared months


def test_declared_months_that_the_paper_does_not_bear_are_for_review() -> None:
    dossier = bachelor().declare("contributions", first_month="2021-10")
    finding = only(dossier, "CONTRIBUTIONS_DECLARED_MISMATCH")
    assert finding.severity is Severity.REVIEW and "2021-10至2021-12" in finding.message
    assert not codes_of(bachelor().declare("contributions", first_month="2022-03"))
    assert not codes_of(bachelor().declare("contributions", first_month="2022-09"))


def test_a_month_of_the_window_is_told_once() -> None:
    dossier = bachelor().change_month("2022-09", status="unpaid")
    assert codes_of(dossier) == {"CONTRIBUTIONS_GAP"}


# --- province


def test_paid_in_another_province() -> None:
    dossier = bachelor().put("social_insurance", province="浙江")
    dossier.set_months(*rows("2022-01", "2022-12", place=""))
    finding = only(dossier, "CONTRIBUTIONS_OUTSIDE_PROVINCE")
    assert finding.severity is Severity.BLOCKING
    assert finding.clause == "六(二)、八(三)"
    assert "2022-07至2022-12" in finding.message and finding.observed == "浙江"


def test_some_months_of_the_window_paid_elsewhere_by_their_place() -> None:
    dossier = bachelor().change_month("2022-08", place="重庆市渝北区")
    assert "2022-08" in only(dossier, "CONTRIBUTIONS_OUTSIDE_PROVINCE").message


def test_a_province_read_unsurely_is_for_review() -> None:
    dossier = bachelor().put("social_insurance", 0.5, province="浙江")
    dossier.set_months(*rows("2022-01", "2022-12", place=""))
    assert only(dossier, "CONTRIBUTIONS_OUTSIDE_PROVINCE").severity is Severity.REVIEW


def test_a_paper_that_names_no_place_cannot_tell() -> None:
    dossier = bachelor().put("social_insurance", province=None)
    dossier.set_months(*rows("2022-01", "2022-12", place=""))
    finding = only(dossier, "CONTRIBUTIONS_OUTSIDE_PROVINCE")
    assert finding.outcome is Outcome.CANNOT_DETERMINE
    assert not codes_of(dossier.set_months(*rows("2022-01", "2022-12", place="成都市本级")))


# --- payer


@pytest.mark.parametrize(
    ("payer", "severity"),
    [
        (UNIT, None),
        ("四川砺盾网络安全技术有限责任公司", None),
        ("砺盾网络安全技术（四川）有限公司", None),
        (f"{UNIT}（510100123456）", None),
        (f"{UNIT}（一）", None),
        (f"{UNIT}成都分公司", Severity.REVIEW),
        ("四川砺盾信息技术有限公司", Severity.REVIEW),
        ("砺盾网络安全", Severity.REVIEW),
        ("四川砺盾网络安全技术", Severity.REVIEW),
        ("四川砺盾网络安全技术股份有限公司", Severity.REVIEW),
        ("北京砺盾网络安全技术有限公司", Severity.BLOCKING),
        (OTHER, Severity.BLOCKING),
    ],
)
def test_the_unit_that_paid_last(payer: str, severity: Severity | None) -> None:
    dossier = bachelor().change_month("2022-12", payer=payer)
    found = [f for f in findings_of(dossier) if f.code == "PAYER_MISMATCH"]
    assert [f.severity for f in found] == ([severity] if severity else [])
    if severity is Severity.BLOCKING:
        assert found[0].counterfactual == f"若2022-12由“{UNIT}”缴纳，则不提出"
        assert found[0].observed == payer and found[0].declared == UNIT


def test_only_the_last_payer_decides() -> None:
    dossier = bachelor()
    for month in ("2022-07", "2022-08", "2022-09"):
        dossier.change_month(month, payer=OTHER)
    assert "PAYER_MISMATCH" not in codes_of(dossier)


def test_a_payer_read_unsurely_is_for_review() -> None:
    dossier = bachelor().change_month("2022-12", payer=OTHER, confidence=0.5)
    assert only(dossier, "PAYER_MISMATCH").severity is Severity.REVIEW


def test_a_payer_that_is_not_printed_cannot_be_compared() -> None:
    finding = only(bachelor().change_month("2022-12", payer=""), "PAYER_MISMATCH")
    assert finding.outcome is Outcome.CANNOT_DETERMINE


def test_agency_or_host_may_pay_for_dispatched_workers_by_the_parameter() -> None:
    assert not codes_of(dispatched())
    assert not codes_of(dispatched().set_months(*rows("2022-01", "2022-12")).declare(
        "contributions", payer=UNIT))  # fmt: skip
    host_only = reading(dispatch_applying_unit="host")
    assert "PAYER_MISMATCH" in codes_of(dispatched(), host_only)
    agency_only = reading(dispatch_applying_unit="agency")
    paid_by_host = dispatched().set_months(*rows("2022-01", "2022-12"))
    assert "PAYER_MISMATCH" in codes_of(paid_by_host, agency_only)
    assert "PAYER_MISMATCH" not in codes_of(dispatched(), agency_only)


def test_the_agency_may_be_known_from_the_agreement_only() -> None:
    assert "PAYER_MISMATCH" not in codes_of(
        dispatched().declare("employment", dispatch_agency=None)
    )


def test_a_declared_payer_that_is_another_unit() -> None:
    dossier = bachelor().declare("contributions", payer=OTHER)
    assert only(dossier, "CONTRIBUTIONS_DECLARED_MISMATCH").severity is Severity.REVIEW


# --- freelancers


def test_a_freelancer_paid_for_by_a_unit() -> None:
    dossier = freelancer().set_months(*rows("2022-01", "2022-12", payer=OTHER))
    finding = only(dossier, "FREELANCER_HAS_EMPLOYER")
    assert (finding.severity, finding.clause) == (Severity.BLOCKING, "五(一)")
    unsure = freelancer().set_months(*rows("2022-01", "2022-12", payer=OTHER, confidence=0.4))
    assert only(unsure, "FREELANCER_HAS_EMPLOYER").severity is Severity.REVIEW


@pytest.mark.parametrize("payer", ["", "灵活就业人员", "李清源", "个人缴费"])
def test_a_freelancer_who_pays_alone(payer: str) -> None:
    assert "FREELANCER_HAS_EMPLOYER" not in codes_of(
        freelancer().set_months(*rows("2021-01", "2022-12", payer=payer))
    )


# --- the summary in the report


def test_the_summary_names_months_run_and_last_payer() -> None:
    dossier = (
        bachelor().change_month("2022-04", status="unpaid").change_month("2022-12", payer=OTHER)
    )
    told = summarise_contributions(dossier.case(), rulebook())
    assert told.continuous_months == 8 and told.last_payer == OTHER
    assert len(told.required) == 6 and len(told.months) == 12
    assert told.months[0].evidence[0].document_id == "d-social_insurance"


def test_the_summary_of_nothing() -> None:
    told = summarise_contributions(bachelor().remove("social_insurance").case(), rulebook())
    assert (told.continuous_months, told.last_payer, told.months) == (0, None, ())


def test_months_after_the_application_do_not_count() -> None:
    dossier = bachelor().set_months(*rows("2022-01", "2022-12"), month_row("2023-02", payer=OTHER))
    assert summarise_contributions(dossier.case(), rulebook()).last_payer == UNIT
    assert AGENCY not in str(findings_of(dossier))


STATUSES = st.sampled_from(["paid", "unpaid", "late", "unknown", None])
_RANK = {Severity.BLOCKING: 100, Severity.REVIEW: 1, Severity.NOTICE: 0}


def _weight(dossier: Dossier) -> int:
    codes = ("CONTRIBUTIONS_GAP", "CONTRIBUTIONS_LATEST_PENDING", "CONTRIBUTIONS_UNPROVEN")
    return sum(_RANK[f.severity] for f in findings_of(dossier) if f.code in codes)


@settings(max_examples=60, deadline=None)
@given(
    statuses=st.lists(STATUSES, min_size=12, max_size=12),
    month=st.integers(1, 12),
    source=st.sampled_from(["text", "ocr"]),
)
def test_a_further_paid_month_never_makes_it_worse(
    statuses: list[str | None], month: int, source: str
) -> None:
    dossier = bachelor()
    dossier.papers["social_insurance"].source = source
    for number, status in enumerate(statuses, start=1):
        dossier.change_month(f"2022-{number:02d}", status=status)
    better = dossier.copy().change_month(f"2022-{month:02d}", status="paid")
    assert _weight(better) <= _weight(dossier)


@settings(max_examples=40, deadline=None)
@given(st.dates(date(2022, 1, 1), date(2024, 12, 31)))
def test_the_window_always_ends_before_the_month_of_application(applied: date) -> None:
    case = bachelor().declare("", submitted_on=applied.isoformat()).case()
    months = required_window(case, rulebook())
    assert len(months) == 6
    assert months[-1].plus(1) == Month.of(applied.year, applied.month)
