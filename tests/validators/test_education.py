"""Schooling on the papers against the declared one."""

import pytest

from pipeline.model.finding import Outcome, Severity
from tests.validators.cases import (
    CLEAN,
    DEGREE_NUMBER,
    DIPLOMA_NUMBER,
    SCHOOL,
    Dossier,
    Paper,
    bachelor,
    codes_of,
    college,
    findings_of,
    master,
    only,
    secondary,
)

COMPARED = [
    ("EDUCATION_LEVEL_MISMATCH", "education_record", "level", "大学专科"),
    ("DEGREE_MISMATCH", "degree_certificate", "degree", "硕士"),
    ("INSTITUTION_MISMATCH", "diploma", "institution", "巴蜀工程学院"),
    ("GRADUATION_DATE_MISMATCH", "education_record", "graduated_on", "2020-06-30"),
    ("DIPLOMA_NUMBER_MISMATCH", "diploma", "diploma_number", "992011201905009876"),
    ("DEGREE_NUMBER_MISMATCH", "degree_certificate", "degree_number", "9920142019009999"),
]


@pytest.mark.parametrize(("code", "paper", "field", "value"), COMPARED)
def test_another_value_on_a_paper_is_a_mismatch(
    code: str, paper: str, field: str, value: str
) -> None:
    assert code not in codes_of(bachelor())
    finding = only(bachelor().put(paper, **{field: value}), code)
    assert (finding.severity, finding.outcome) == (Severity.BLOCKING, Outcome.MISMATCH)
    assert finding.observed == value and finding.declared and finding.evidence
    assert finding.counterfactual


@pytest.mark.parametrize(("code", "paper", "field", "value"), COMPARED)
def test_another_value_read_unsurely_is_for_review(
    code: str, paper: str, field: str, value: str
) -> None:
    finding = only(bachelor().put(paper, 0.5, **{field: value}), code)
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)


@pytest.mark.parametrize(("code", "paper", "field", "value"), COMPARED)
def test_a_value_unread_on_all_its_papers_cannot_be_determined(
    code: str, paper: str, field: str, value: str
) -> None:
    dossier = bachelor()
    for name, held in dossier.papers.items():
        if field in held.fields and held.kind not in ("achievement",):
            dossier.blur(name, field)
    finding = only(dossier, code)
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)
    assert "未能读出" in finding.message and finding.evidence


@pytest.mark.parametrize(("code", "paper", "field", "value"), COMPARED)
def test_a_value_unread_on_one_of_several_papers_is_borne_by_the_others(
    code: str, paper: str, field: str, value: str
) -> None:
    if field in ("degree", "degree_number"):
        return
    assert code not in codes_of(bachelor().blur(paper, field))


def test_major_mismatch_is_for_review_and_directions_are_the_same_major() -> None:
    assert only(bachelor().put("diploma", major="市场营销"), "MAJOR_MISMATCH").severity == "review"
    assert "MAJOR_MISMATCH" not in codes_of(bachelor().put("diploma", major="信息安全（网络方向）"))
    assert "MAJOR_MISMATCH" not in codes_of(bachelor().put("diploma", major="信息安全专业"))


@pytest.mark.parametrize(
    ("printed", "severity"),
    [
        ("2019-06", None),
        ("2019-06-30", None),
        ("2019-06-28", Severity.REVIEW),
        ("2019-07-01", Severity.BLOCKING),
        ("2018-06-30", Severity.BLOCKING),
    ],
)
def test_graduation_by_day_month_and_year(printed: str, severity: Severity | None) -> None:
    dossier = bachelor().put("diploma", graduated_on=printed)
    found = [f.severity for f in findings_of(dossier) if f.code == "GRADUATION_DATE_MISMATCH"]
    assert found == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("printed", "severity"),
    [
        (f"{SCHOOL}（江南校区）", None),
        (f"{SCHOOL}(Shuchuan University)", None),
        (f"{SCHOOL}信息学院", Severity.REVIEW),
        (f"{SCHOOL}（远山）", Severity.REVIEW),
        ("蜀川理工", Severity.REVIEW),
        ("蜀川财经大学", Severity.BLOCKING),
    ],
)
def test_schools_by_campus_college_and_truncation(printed: str, severity: str | None) -> None:
    dossier = bachelor().put("diploma", institution=printed)
    found = [f.severity for f in findings_of(dossier) if f.code == "INSTITUTION_MISMATCH"]
    assert found == ([severity] if severity else [])


def test_a_school_that_was_renamed_is_for_review() -> None:
    dossier = bachelor().put_everywhere(institution="成都信息工程学院")
    dossier.declare("education", institution="成都信息工程大学")
    found = [f for f in findings_of(dossier) if f.code == "INSTITUTION_MISMATCH"]
    assert found and {f.severity for f in found} == {Severity.REVIEW}


def test_a_number_printed_in_groups_is_the_same_number() -> None:
    grouped = "9920 1120 1905 0001 23"
    assert "DIPLOMA_NUMBER_MISMATCH" not in codes_of(
        bachelor().put("education_record", diploma_number=grouped)
    )


def test_a_look_alike_digit_is_a_mismatch_only_when_read_with_certainty() -> None:
    other = DIPLOMA_NUMBER[:-1] + "8"
    sure = only(bachelor().put("diploma", 0.97, diploma_number=other), "DIPLOMA_NUMBER_MISMATCH")
    unsure = only(bachelor().put("diploma", 0.90, diploma_number=other), "DIPLOMA_NUMBER_MISMATCH")
    assert (sure.severity, unsure.severity) == (Severity.BLOCKING, Severity.REVIEW)


def test_without_a_declared_degree_number_certificate_and_report_are_compared() -> None:
    dossier = bachelor().declare("education", degree_number=None)
    report = Paper("degree_report", {"degree": "学士", "degree_number": DEGREE_NUMBER})
    assert "DEGREE_NUMBER_MISMATCH" not in codes_of(dossier.copy().add("report", report))
    report.fields["degree_number"] = "9920142019999999"
    assert "DEGREE_NUMBER_MISMATCH" in codes_of(dossier.add("report", report))


def test_the_bachelors_papers_of_a_master_are_no_mismatch() -> None:
    dossier = master()
    earlier = bachelor().papers
    for name in ("diploma", "degree_certificate", "education_record"):
        dossier.add(f"earlier_{name}", earlier[name])
        dossier.put(
            f"earlier_{name}",
            **({"birth_date": "1992-03-08"} if "birth_date" in earlier[name].fields else {}),
        )
    assert not {f.code for f in findings_of(dossier)}


@pytest.mark.parametrize("conclusion", ["结业", "肄业", "在籍"])
def test_who_did_not_graduate_is_told(conclusion: str) -> None:
    finding = only(bachelor().put("diploma", conclusion=conclusion), "NOT_GRADUATED")
    assert finding.severity is Severity.BLOCKING and conclusion in finding.message


def test_an_unsure_conclusion_is_for_review() -> None:
    dossier = bachelor().put("diploma", 0.5, conclusion="结业")
    assert only(dossier, "NOT_GRADUATED").severity is Severity.REVIEW


def test_a_conclusion_nowhere_read_is_for_review() -> None:
    dossier = bachelor()
    for paper in ("diploma", "education_record", "education_query"):
        dossier.put(paper, conclusion=None)
    assert only(dossier, "NOT_GRADUATED").outcome is Outcome.CANNOT_DETERMINE


def test_an_enrolment_report_in_place_of_the_record_is_no_record() -> None:
    dossier = bachelor().add("enrolment", Paper("enrolment_report"))
    assert "NOT_GRADUATED" not in codes_of(dossier)
    assert {"NOT_GRADUATED", "MATERIAL_MISSING"} <= codes_of(dossier.remove("education_record"))


# --- numbers and their parts


def _renumber(dossier: Dossier, diploma: str | None = None, degree: str | None = None) -> Dossier:
    if diploma:
        dossier.put_everywhere(diploma_number=diploma).declare("education", diploma_number=diploma)
    if degree:
        dossier.put_everywhere(degree_number=degree).declare("education", degree_number=degree)
    return dossier


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("992011201805000123", "年份"),
        ("992011201906000123", "层次码"),
        ("992015201905000123", "办学类型"),
        ("99201120190500", "位"),
    ],
)
def test_parts_of_a_diploma_number_that_contradict_the_paper(number: str, word: str) -> None:
    finding = only(_renumber(bachelor(), diploma=number), "CERTIFICATE_NUMBER_INCONSISTENT")
    assert finding.severity is Severity.REVIEW and word in finding.message


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("9920132019000456", "级别码"),
        ("9920142017000456", "年份"),
        ("9933142019000456", "院校代码"),
    ],
)
def test_parts_of_a_degree_number_that_contradict_the_paper(number: str, word: str) -> None:
    finding = only(_renumber(bachelor(), degree=number), "CERTIFICATE_NUMBER_INCONSISTENT")
    assert word in finding.message


@pytest.mark.parametrize(
    "degree", ["9920142019E00456", "C9920142019000456", "Z9920142019000456", "9920142019S00456"]
)
def test_older_forms_of_degree_numbers_contradict_nothing(degree: str) -> None:
    assert "CERTIFICATE_NUMBER_INCONSISTENT" not in codes_of(_renumber(bachelor(), degree=degree))


def test_self_study_numbers_are_read_by_their_own_form() -> None:
    dossier = bachelor().put("education_record", education_type="自学考试")
    good = _renumber(dossier.copy(), diploma="65510101191123456")
    assert "CERTIFICATE_NUMBER_INCONSISTENT" not in codes_of(good)
    bad = _renumber(dossier.copy(), diploma="66510101191123456")
    assert "CERTIFICATE_NUMBER_INCONSISTENT" in codes_of(bad)


def test_numbers_of_secondary_schools_and_of_before_2002_have_no_parts() -> None:
    assert "CERTIFICATE_NUMBER_INCONSISTENT" not in codes_of(
        _renumber(secondary(), diploma="川毕字第00012号")
    )
    old = _renumber(bachelor(), diploma="学字第990123号", degree="992014990456")
    old.put_everywhere(graduated_on="1999-06-30", degree_awarded_on="1999-06-30")
    old.declare("education", graduated_on="1999-06-30", degree_awarded_on="1999-06-30")
    assert "CERTIFICATE_NUMBER_INCONSISTENT" not in codes_of(old)


# --- validity of the record


@pytest.mark.parametrize(
    ("until", "raised"), [("2023-01-09", True), ("2023-01-10", False), ("2023-01", False)]
)
def test_a_record_with_a_printed_expiry(until: str, raised: bool) -> None:
    dossier = bachelor().put("education_record", valid_until=until)
    codes = codes_of(dossier)
    assert ("RECORD_EXPIRED" in codes) is raised
    assert "RECORD_VALIDITY_UNKNOWN" not in codes


def test_a_record_read_unsurely_as_expired_is_for_review() -> None:
    dossier = bachelor().put("education_record", 0.5, valid_until="2022-12-01")
    assert only(dossier, "RECORD_EXPIRED").severity is Severity.REVIEW


@pytest.mark.parametrize(
    ("updated", "severity"),
    [
        ("2022-12-20", Severity.NOTICE),
        ("2022-07-10", Severity.NOTICE),
        ("2022-07-09", Severity.REVIEW),
        ("2022-03-26", Severity.REVIEW),
    ],
)
def test_a_record_without_expiry_is_a_notice_and_old_ones_are_for_review(
    updated: str, severity: Severity
) -> None:
    dossier = bachelor().put("education_record", valid_until=None, updated_on=updated)
    finding = only(dossier, "RECORD_VALIDITY_UNKNOWN")
    assert (finding.severity, finding.outcome) == (severity, Outcome.CANNOT_DETERMINE)


def test_an_unreadable_date_of_the_record_is_for_review_and_an_absent_one_a_notice() -> None:
    absent = bachelor().put("education_record", valid_until=None, updated_on=None)
    assert only(absent, "RECORD_VALIDITY_UNKNOWN").severity is Severity.NOTICE
    unread = absent.blur("education_record", "updated_on")
    assert only(unread, "RECORD_VALIDITY_UNKNOWN").severity is Severity.REVIEW


def test_a_second_record_in_force_is_enough() -> None:
    dossier = bachelor().put("education_record", valid_until="2022-01-01")
    fields = dict(bachelor().papers["education_record"].fields)
    assert "RECORD_EXPIRED" not in codes_of(dossier.add("new", Paper("education_record", fields)))


# --- dates of study


@pytest.mark.parametrize(
    ("enrolled", "graduated", "word"),
    [
        ("2019-09", "2019-06-30", "不早于"),
        ("2008-09", "2019-06-30", "岁"),
        ("2018-09", "2019-06-30", "不少于"),
        ("2009-09", "2019-06-30", "不超过"),
        ("2010-09", "2013-06-30", "岁"),
    ],
)
def test_dates_of_study_that_cannot_be(enrolled: str, graduated: str, word: str) -> None:
    dossier = bachelor().put_everywhere(enrolled_on=enrolled, graduated_on=graduated)
    dossier.declare("education", graduated_on=graduated, enrolled_on=enrolled)
    finding = only(dossier, "STUDY_DATES_IMPLAUSIBLE")
    assert finding.severity is Severity.REVIEW and word in finding.message


def test_a_degree_long_after_graduation_is_for_review() -> None:
    dossier = bachelor().put("degree_certificate", degree_awarded_on="2022-06-30")
    dossier.declare("education", degree_awarded_on="2022-06-30")
    assert "相差36个月" in only(dossier, "STUDY_DATES_IMPLAUSIBLE").message


def test_self_study_has_no_term() -> None:
    dossier = bachelor().put_everywhere(enrolled_on="2018-09", education_type="自学考试")
    assert "STUDY_DATES_IMPLAUSIBLE" not in codes_of(dossier)


# --- near network security


def test_a_far_major_is_for_review_where_the_clause_asks_for_the_major() -> None:
    far = {"major": "市场营销"}
    dossier = master("中级").put_everywhere(**far).declare("education", **far)
    finding = only(dossier, "MAJOR_UNRELATED")
    assert finding.clause == "八(一)" and finding.severity is Severity.REVIEW
    lower = master().put_everywhere(**far).declare("education", **far)
    assert "MAJOR_UNRELATED" not in codes_of(lower)
    for name in ("declared", "contract"):
        if name == "declared":
            lower.declare("employment", position="行政专员")
        else:
            lower.put("labour_contract", position="行政专员")
    assert "MAJOR_UNRELATED" in codes_of(lower)


@pytest.mark.parametrize("major", ["网络空间安全", "计算机科学与技术（网络安全方向）", "软件工程"])
def test_near_majors_are_no_finding(major: str) -> None:
    dossier = master("中级").put_everywhere(major=major).declare("education", major=major)
    assert "MAJOR_UNRELATED" not in codes_of(dossier)


def test_a_college_diploma_is_not_asked_for_a_degree() -> None:
    assert not codes_of(college()) & {"DEGREE_MISMATCH", "DEGREE_NUMBER_MISMATCH"}


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_a_clean_dossier_has_no_finding(name: str) -> None:
    assert findings_of(CLEAN[name]()) == ()
