"""Names, ID numbers, birth dates, gender, the card's validity."""

import pytest

from pipeline.model.finding import Outcome, Severity
from tests.validators.cases import (
    ID_NUMBER,
    NAME,
    Paper,
    bachelor,
    codes_of,
    findings_of,
    freelancer,
    id_number,
    only,
)

OTHER_NUMBER = id_number("51010219941106004")


def test_another_name_on_a_paper_is_a_mismatch_with_both_values_and_every_place() -> None:
    finding = only(bachelor().put("diploma", name="王清源"), "NAME_MISMATCH")
    assert (finding.severity, finding.outcome) == (Severity.BLOCKING, Outcome.MISMATCH)
    assert (finding.declared, finding.observed) == (NAME, "王清源")
    assert finding.clause == "五(一)"
    files = {evidence.file for evidence in finding.evidence}
    assert any("diploma" in file for file in files) and any("id_card" in file for file in files)
    assert finding.evidence[0].raw == "王清源" and finding.evidence[0].box is not None
    assert finding.counterfactual == "若毕业证书所载为“李清源”，则不提出"


@pytest.mark.parametrize(
    ("declared", "printed"),
    [("阿依·古丽", "阿依•古丽"), ("阿依·古丽", "阿依古丽"), ("张三", "张　三"), ("李ＡＢ", "李AB")],
)
def test_dots_spaces_and_widths_make_no_other_name(declared: str, printed: str) -> None:
    dossier = bachelor().declare("person", name=declared).put_everywhere(name=printed)
    dossier.put("labour_contract", employee=printed)
    assert "NAME_MISMATCH" not in codes_of(dossier)


@pytest.mark.parametrize("printed", ["李淸源", "李清?", "李清*", "季清源", "李請源"])
def test_rare_masked_and_look_alike_characters_are_for_review(printed: str) -> None:
    finding = only(bachelor().put("diploma", name=printed), "NAME_MISMATCH")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)


def test_a_former_name_is_for_review() -> None:
    dossier = bachelor().declare("person", former_names=["王小溪"]).put("diploma", name="王小溪")
    assert only(dossier, "NAME_MISMATCH").severity is Severity.REVIEW


def test_a_name_read_unsurely_is_never_a_mismatch() -> None:
    finding = only(bachelor().put("diploma", 0.4, name="王玉兰"), "NAME_MISMATCH")
    assert finding.outcome is Outcome.CANNOT_DETERMINE
    assert "把握不足" in finding.message


def test_a_name_unread_on_one_paper_is_no_finding_but_unread_everywhere_is() -> None:
    assert "NAME_MISMATCH" not in codes_of(bachelor().blur("diploma", "name"))
    dossier = bachelor()
    for paper in dossier.papers:
        if "name" in dossier.papers[paper].fields:
            dossier.blur(paper, "name")
    dossier.blur("labour_contract", "employee")
    finding = only(dossier, "NAME_MISMATCH")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)
    assert "字迹模糊" in finding.message


def test_others_named_in_achievements_and_unit_pledges_are_not_blocking() -> None:
    dossier = bachelor().put("achievement", name="陈望舒").put("integrity_pledge", name="陈望舒")
    finding = only(dossier, "NAME_MISMATCH")
    assert finding.severity is Severity.REVIEW and "业绩" in finding.message


def test_a_freelancers_own_pledge_bears_the_own_name() -> None:
    assert "NAME_MISMATCH" in codes_of(freelancer().put("integrity_pledge", name="陈望舒"))


def test_a_declared_number_that_is_none_is_told_with_the_right_check_character() -> None:
    wrong = ID_NUMBER[:17] + ("1" if ID_NUMBER[17] != "1" else "2")
    dossier = bachelor().declare("person", id_number=wrong).put_everywhere(id_number=wrong)
    finding = only(dossier.put("labour_contract", employee_id_number=wrong), "ID_NUMBER_INVALID")
    assert finding.severity is Severity.BLOCKING
    assert "校验码" in finding.message and finding.evidence
    assert finding.counterfactual == f"若末位为{ID_NUMBER[17]}，则不提出"


@pytest.mark.parametrize("number", ["123", "51010219961308002X", "5101021996030800AX"])
def test_numbers_of_wrong_length_date_or_letters_are_invalid(number: str) -> None:
    assert "ID_NUMBER_INVALID" in codes_of(bachelor().declare("person", id_number=number))


def test_another_persons_number_is_a_mismatch() -> None:
    finding = only(bachelor().put("social_insurance", id_number=OTHER_NUMBER), "ID_NUMBER_MISMATCH")
    assert (finding.severity, finding.outcome) == (Severity.BLOCKING, Outcome.MISMATCH)
    assert finding.observed == OTHER_NUMBER


def test_a_number_that_differs_in_a_look_alike_digit_and_fails_its_check_is_for_review() -> None:
    misread = ID_NUMBER.replace("96", "98", 1)
    finding = only(bachelor().put("id_card", id_number=misread), "ID_NUMBER_MISMATCH")
    assert finding.severity is Severity.REVIEW
    assert "ID_NUMBER_INVALID" not in codes_of(bachelor().put("id_card", id_number=misread))


def test_a_masked_number_agrees_and_another_masked_number_does_not() -> None:
    masked = ID_NUMBER[:6] + "********" + ID_NUMBER[14:]
    assert "ID_NUMBER_MISMATCH" not in codes_of(
        bachelor().put("social_insurance", id_number=masked)
    )
    other = OTHER_NUMBER[:6] + "********" + OTHER_NUMBER[14:]
    assert "ID_NUMBER_MISMATCH" in codes_of(bachelor().put("social_insurance", id_number=other))


def test_an_invalid_number_on_a_paper_is_told_for_that_paper() -> None:
    finding = only(
        bachelor().put("labour_contract", employee_id_number="999999199603080021"),
        "ID_NUMBER_INVALID",
    )
    assert "劳动" in finding.message


def test_birth_dates_of_declaration_number_and_papers() -> None:
    assert only(bachelor().put("education_record", birth_date="1995-03-08"), "BIRTH_DATE_MISMATCH")
    declared = [
        f
        for f in findings_of(bachelor().declare("person", birth_date="1995-03-08"))
        if f.code == "BIRTH_DATE_MISMATCH"
    ]
    assert {f.subject.split(".")[0] for f in declared} >= {"declaration", "d-id_card"}
    assert "BIRTH_DATE_MISMATCH" not in codes_of(bachelor().put("diploma", birth_date="1996-03"))


def test_old_certificates_with_another_birth_date_are_for_review() -> None:
    dossier = bachelor().put("diploma", birth_date="1996-03-18", graduated_on="1999-06-30")
    (finding,) = [f for f in findings_of(dossier) if f.code == "BIRTH_DATE_MISMATCH"]
    assert finding.severity is Severity.REVIEW


def test_without_a_declared_birth_date_the_number_is_the_measure() -> None:
    dossier = bachelor().declare("person", birth_date=None)
    assert "BIRTH_DATE_MISMATCH" not in codes_of(dossier)
    assert "BIRTH_DATE_MISMATCH" in codes_of(dossier.put("id_card", birth_date="1996-04-08"))


def test_gender_of_declaration_number_and_papers() -> None:
    assert "GENDER_MISMATCH" not in codes_of(bachelor())
    assert only(bachelor().put("education_record", gender="男"), "GENDER_MISMATCH")
    assert "GENDER_MISMATCH" in codes_of(bachelor().declare("person", gender="男"))
    assert "GENDER_MISMATCH" not in codes_of(bachelor().blur("id_card", "gender"))


@pytest.mark.parametrize(
    ("until", "raised"),
    [("2023-01-09", True), ("2023-01-10", False), ("长期", False), ("2030-05-01", False)],
)
def test_the_card_is_in_force_on_the_application_day(until: str, raised: bool) -> None:
    dossier = bachelor().put("id_card", valid_to=until)
    assert ("ID_CARD_EXPIRED" in codes_of(dossier)) is raised


def test_one_card_in_force_is_enough() -> None:
    dossier = bachelor().put("id_card", valid_to="2022-01-01")
    assert only(dossier, "ID_CARD_EXPIRED").severity is Severity.REVIEW
    dossier.add("new_card", Paper("id_card", {"valid_to": "2040-01-01"}))
    assert "ID_CARD_EXPIRED" not in codes_of(dossier)
