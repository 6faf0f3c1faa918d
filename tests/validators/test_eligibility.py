"""Conditions, tenure, registers, window."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.declaration import PriorRecognition, Sanction
from pipeline.model.finding import Outcome, Severity
from tests.validators.cases import (
    CLEAN,
    ID_NUMBER,
    Dossier,
    bachelor,
    codes_of,
    college,
    doctor,
    findings_of,
    freelancer,
    master,
    month_row,
    only,
    rulebook,
    secondary,
)
from validators import assess_eligibility
from validators.tenure import full_months, months_later

MET = {
    "bachelor": "三(三)",
    "master": "三(四)",
    "master_intermediate": "三(五)",
    "doctor": "三(六)",
    "college": "三(二)",
    "secondary": "三(一)",
    "dispatched": "三(三)",
    "freelancer": "三(三)",
    "foreign_master": "三(四)",
}


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_the_condition_that_is_met(name: str) -> None:
    told = assess_eligibility(CLEAN[name]().case(), rulebook())
    assert told.met is True and len(told.conditions) == 6
    own = [c.clause for c in told.conditions if c.met and c.level == told.applied_level]
    assert own == [MET[name]]
    assert all(c.reasons for c in told.conditions)


def test_the_highest_level_is_told_when_a_lower_one_was_asked_for() -> None:
    told = assess_eligibility(master().case(), rulebook())
    assert (told.applied_level, told.highest_level_met) == ("助理级", "中级")
    asked_more = assess_eligibility(bachelor().declare("", applied_level="中级").case(), rulebook())
    assert (asked_more.met, asked_more.highest_level_met) == (False, "助理级")


# --- tenure


@pytest.mark.parametrize(
    ("start", "until", "months"),
    [
        ("2022-01-10", "2023-01-10", 12),
        ("2022-01-11", "2023-01-10", 11),
        ("2022-01-31", "2022-02-28", 1),
        ("2020-02-29", "2021-02-28", 12),
        ("2023-01-10", "2023-01-10", 0),
        ("2023-02-10", "2023-01-10", 0),
    ],
)
def test_full_months(start: str, until: str, months: int) -> None:
    assert full_months(date.fromisoformat(start), date.fromisoformat(until)) == months


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(0, 200))
def test_months_are_full_on_the_day_they_are_reached_and_not_before(day: date, months: int) -> None:
    reached = months_later(day, months)
    assert full_months(day, reached) >= months
    if months:
        before = date.fromordinal(reached.toordinal() - 1)
        assert full_months(day, before) < months


@pytest.mark.parametrize(
    ("since", "applied", "short"),
    [
        ("2022-01-10", "2023-01-10", False),
        ("2022-01-11", "2023-01-10", True),
        ("2022-03-01", "2023-01-10", True),
        ("2019-08-01", "2023-01-10", False),
    ],
)
def test_twelve_full_months_for_a_bachelor(since: str, applied: str, short: bool) -> None:
    dossier = _since(bachelor(), since).declare("", submitted_on=applied)
    found = [f for f in findings_of(dossier) if f.code == "TENURE_SHORT"]
    assert len(found) == short
    assert ("NO_CLAUSE_MET" in codes_of(dossier)) is short


def _since(dossier: Dossier, day: str) -> Dossier:
    return dossier.declare("employment", security_work_since=day).put(
        "labour_contract", starts_on=day
    )


def test_a_short_tenure_names_the_day_on_which_it_is_reached() -> None:
    finding = only(_since(bachelor(), "2022-03-01"), "TENURE_SHORT")
    assert (finding.severity, finding.clause) == (Severity.BLOCKING, "三(三)")
    assert "10个足月" in finding.message and "2023-03-01" in finding.message
    assert finding.counterfactual is not None
    assert finding.counterfactual.startswith("满12个月的日期为2023-03-01")


def test_tenure_counts_from_graduation_when_work_began_before() -> None:
    dossier = bachelor().put_everywhere(graduated_on="2022-06-30", degree_awarded_on="2022-06-30")
    dossier.declare("education", graduated_on="2022-06-30", degree_awarded_on="2022-06-30")
    dossier.declare("employment", security_work_since="2019-08-01")
    assert "自2022-06-30起算" in only(dossier, "TENURE_SHORT").message


def test_the_papers_graduation_counts_when_it_is_not_the_declared_one() -> None:
    dossier = bachelor().put_everywhere(graduated_on="2022-06-30")
    assert {"GRADUATION_DATE_MISMATCH", "TENURE_SHORT"} <= codes_of(dossier)


def test_tenure_may_be_counted_to_the_close_of_the_window() -> None:
    dossier = _since(bachelor(), "2022-01-20")
    assert "TENURE_SHORT" in codes_of(dossier)
    book = rulebook()
    later = book.model_copy(
        update={
            "parameters": book.parameters.model_copy(update={"tenure_counting": "window_close"})
        }
    )
    assert "TENURE_SHORT" not in codes_of(dossier, later)
    still = only(_since(bachelor(), "2022-03-01"), "TENURE_SHORT", later)
    assert still.counterfactual is not None and "受理截止日" in still.counterfactual


def test_a_day_that_is_not_printed_leaves_the_tenure_open_at_its_edge() -> None:
    dossier = _since(bachelor(), "2022-01")
    assert not codes_of(dossier) & {"TENURE_SHORT", "NO_CLAUSE_MET"}
    told = assess_eligibility(dossier.case(), rulebook())
    assert told.met is None
    assert any("未印日" in reason for c in told.conditions for reason in c.reasons)


def test_thirty_six_months_for_college_and_for_the_higher_level_of_a_master() -> None:
    for made in (college, lambda: master("中级")):
        assert "TENURE_SHORT" in codes_of(_since(made(), "2020-01-11"))
        assert "TENURE_SHORT" not in codes_of(_since(made(), "2020-01-10"))


def test_masters_at_the_lower_level_and_doctors_need_no_months() -> None:
    for made in (master, doctor):
        assert not codes_of(_since(made(), "2023-01-09"))


def test_months_that_contract_and_contributions_do_not_bear_out() -> None:
    dossier = bachelor().put("labour_contract", starts_on="2022-04-01")
    dossier.set_months(*(month_row(f"2022-{m:02d}") for m in range(5, 13)))
    finding = only(dossier, "TENURE_UNPROVEN")
    assert finding.severity is Severity.REVIEW and "9个足月" in finding.message
    assert "TENURE_UNPROVEN" not in codes_of(bachelor())
    assert "TENURE_UNPROVEN" not in codes_of(
        dossier.set_months(*(month_row(f"2022-{m:02d}") for m in range(1, 13)))
    )


def test_a_freelancer_is_borne_out_by_contributions() -> None:
    assert "TENURE_UNPROVEN" not in codes_of(freelancer())
    dossier = freelancer().set_months(
        *(month_row(f"2022-{m:02d}", payer="灵活就业人员") for m in range(6, 13))
    )
    assert "TENURE_UNPROVEN" in codes_of(dossier)


# --- conditions


@pytest.mark.parametrize(
    "dossier",
    [
        college().declare("", applied_level="中级"),
        secondary().declare("", applied_level="助理级"),
        bachelor().declare("", applied_level="中级"),
        bachelor().declare("education", degree=None, degree_number=None),
        master("中级").declare("education", degree=None),
    ],
)
def test_a_level_that_no_condition_gives(dossier: Dossier) -> None:
    finding = only(dossier, "NO_CLAUSE_MET")
    assert (finding.severity, finding.clause) == (Severity.BLOCKING, "三")
    assert "要求" in finding.message
    assert assess_eligibility(dossier.case(), rulebook()).met is False


def test_the_level_that_would_be_met_is_the_counterfactual() -> None:
    dossier = bachelor().declare("", applied_level="中级")
    assert only(dossier, "NO_CLAUSE_MET").counterfactual == "若申报助理级，则不提出"


def test_a_schooling_that_the_papers_contradict_meets_no_condition() -> None:
    dossier = bachelor().put_everywhere(level="大学专科")
    assert {"EDUCATION_LEVEL_MISMATCH", "NO_CLAUSE_MET"} <= codes_of(dossier)


def test_a_schooling_that_could_not_be_read_leaves_the_condition_open() -> None:
    dossier = bachelor().blur("degree_certificate", "degree")
    told = assess_eligibility(dossier.case(), rulebook())
    assert told.met is None
    assert "NO_CLAUSE_MET" not in codes_of(dossier)
    assert only(dossier, "DEGREE_MISMATCH").outcome is Outcome.CANNOT_DETERMINE


def test_missing_achievements_leave_the_condition_open() -> None:
    told = assess_eligibility(bachelor().remove("achievement").case(), rulebook())
    assert told.met is None
    assert any("未见业绩证明" in r for c in told.conditions for r in c.reasons)


def test_a_single_degree_doctor_needs_no_schooling_and_a_single_degree_master_does() -> None:
    for level, expected in (("博士", True), ("硕士", False)):
        made = doctor() if level == "博士" else master("中级")
        made.declare("education", level="大学本科", degree=level)
        told = assess_eligibility(made.case(), rulebook())
        assert told.met is expected


# --- registers


def _recognised(dossier: Dossier, decided: str, clause: str = "三(四)") -> Dossier:
    dossier.prior.append(
        PriorRecognition(
            id_number=dossier.declared["person"]["id_number"],
            level="助理级",
            clause=clause,
            decided_on=date.fromisoformat(decided),
        )
    )
    return dossier


@pytest.mark.parametrize("clause", ["三(四)", "三（四）", "三 (四)"])
def test_recognised_by_the_direct_way_and_asking_for_the_next_level(clause: str) -> None:
    dossier = _recognised(master("中级"), "2020-01-15", clause)
    finding = only(dossier, "PRIOR_RECOGNITION_BARS")
    assert (finding.severity, finding.clause) == (Severity.BLOCKING, "三(四)")
    assert "NO_CLAUSE_MET" in codes_of(dossier)


def test_recognised_by_another_way_or_asking_for_the_same_level_is_no_bar() -> None:
    assert "PRIOR_RECOGNITION_BARS" not in codes_of(
        _recognised(master("中级"), "2020-01-15", "三(三)")
    )
    assert "PRIOR_RECOGNITION_BARS" not in codes_of(_recognised(master(), "2020-01-15"))
    other = master("中级")
    other.prior.append(
        PriorRecognition(
            id_number=ID_NUMBER, level="助理级", clause="三(四)", decided_on=date(2020, 1, 15)
        )
    )
    assert "PRIOR_RECOGNITION_BARS" not in codes_of(other)


def test_a_doctorate_since_lifts_the_bar() -> None:
    assert not codes_of(_recognised(doctor(), "2016-01-15"))
    assert "PRIOR_RECOGNITION_BARS" in codes_of(_recognised(doctor(), "2020-01-15"))


def test_a_masters_degree_since_may_lift_it() -> None:
    finding = only(_recognised(master("中级"), "2018-01-15"), "PRIOR_RECOGNITION_BARS")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)


@pytest.mark.parametrize(
    ("established", "raised"),
    [("2020-01-10", False), ("2020-01-11", True), ("2022-12-01", True), ("2019-05-20", False)],
)
def test_three_years_from_the_day_it_was_established(established: str, raised: bool) -> None:
    dossier = bachelor()
    dossier.sanctions.append(
        Sanction(id_number=ID_NUMBER, established_on=date.fromisoformat(established), reason="登记")
    )
    assert ("SANCTION_IN_FORCE" in codes_of(dossier)) is raised
    if raised:
        finding = only(dossier, "SANCTION_IN_FORCE")
        assert finding.severity is Severity.BLOCKING and finding.clause == "八(四)"


def test_a_sanction_of_somebody_else_is_no_matter() -> None:
    dossier = bachelor()
    dossier.sanctions.append(
        Sanction(id_number="510102199411060045", established_on=date(2022, 12, 1), reason="登记")
    )
    assert not codes_of(dossier)


# --- window


@pytest.mark.parametrize(
    ("applied", "raised"),
    [("2022-12-26", True), ("2022-12-27", False), ("2023-01-31", False), ("2023-02-01", True)],
)
def test_applied_within_the_window(applied: str, raised: bool) -> None:
    dossier = bachelor().declare("", submitted_on=applied)
    dossier.papers["social_insurance"].months = [
        month_row(f"{y}-{m:02d}") for y in (2022, 2023) for m in range(1, 13)
    ]
    assert ("SUBMITTED_OUTSIDE_WINDOW" in codes_of(dossier)) is raised
    if raised:
        assert only(dossier, "SUBMITTED_OUTSIDE_WINDOW").severity is Severity.BLOCKING


def test_the_local_channel_has_its_own_dates() -> None:
    dossier = bachelor().declare("", submitted_on="2023-02-01", channel="local")
    assert "SUBMITTED_OUTSIDE_WINDOW" not in codes_of(dossier)
