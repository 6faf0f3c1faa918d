"""When one character is a slip of reading, when it is for a person to look at, and when it differs."""

from pipeline.model.finding import Severity
from tests.validators.cases import DIPLOMA_NUMBER, bachelor, codes_of, findings_of, only


def test_one_character_read_badly_that_other_papers_bear_out_is_not_read() -> None:
    """石枰 was read as 石秤 on a worn diploma while record and query said 石枰."""
    school = bachelor().put("diploma", 0.70, institution="蜀川理工大学")
    assert "INSTITUTION_MISMATCH" not in codes_of(school)
    name = bachelor().put("diploma", 0.70, name="李清原")
    assert "NAME_MISMATCH" not in codes_of(name)
    letter = bachelor().put("recommendation", 0.5, name="李清原")
    assert "RECOMMENDATION_NEGATIVE" not in codes_of(letter)


def test_the_same_character_is_told_when_no_other_paper_bears_it_out() -> None:
    everywhere = bachelor().put_everywhere(name="李清原").put("labour_contract", employee="李清原")
    everywhere.put("diploma", 0.70, name="李清原")
    assert "NAME_MISMATCH" in codes_of(everywhere)


def test_a_wholly_other_name_read_badly_is_still_told() -> None:
    finding = only(bachelor().put("diploma", 0.70, name="王建国"), "NAME_MISMATCH")
    assert finding.severity is Severity.REVIEW


def test_one_proof_alone_with_another_character_is_for_review_and_with_certainty_a_mismatch() -> (
    None
):
    """季 was read as 手 on one proof of contributions, against six papers."""
    alone = only(bachelor().put("social_insurance", 0.90, name="李清手"), "NAME_MISMATCH")
    assert alone.severity is Severity.REVIEW and "仅此一份材料差一字" in alone.message
    certain = only(bachelor().put("social_insurance", 0.99, name="李清手"), "NAME_MISMATCH")
    assert certain.severity is Severity.BLOCKING


def test_a_look_alike_on_one_paper_alone_is_for_review_however_surely_it_was_read() -> None:
    """石枰 was read as 石秤 with 0.97 on one degree certificate, 尹蕾 as 尹蕾章 on one card."""
    dossier = bachelor().declare("education", institution="石枰工程学院")
    dossier.put_everywhere(institution="石枰工程学院")
    dossier.put("degree_certificate", 0.99, institution="石秤工程学院")
    assert only(dossier, "INSTITUTION_MISMATCH").severity is Severity.REVIEW
    longer = bachelor().put("id_card", 0.99, name="李清源章")
    assert only(longer, "NAME_MISMATCH").severity is Severity.REVIEW


def test_two_papers_with_the_other_character_do_not_stand_alone() -> None:
    dossier = bachelor().put("social_insurance", 0.90, name="李清手")
    dossier.put("diploma", 0.90, name="李清手")
    found = [f for f in findings_of(dossier) if f.code == "NAME_MISMATCH"]
    assert {f.severity for f in found} == {Severity.BLOCKING}


def test_numbers_are_never_forgiven_a_character() -> None:
    changed = DIPLOMA_NUMBER[:-1] + "8"
    dossier = bachelor().put("diploma", 0.70, diploma_number=changed)
    assert "DIPLOMA_NUMBER_MISMATCH" in codes_of(dossier)
