"""When one character is a slip of reading, when it is for a person to look at, and when it differs."""

import pytest

from pipeline.model.finding import Outcome, Severity
from tests.validators.cases import DIPLOMA_NUMBER, UNIT, bachelor, codes_of, findings_of, only
from validators.matching.words import breaks_a_word


def test_one_character_read_badly_that_other_papers_bear_out_reads_differently() -> None:
    """石枰 was read as 石秤 on a worn diploma while record and query said 石枰: a notice, no doubt."""
    school = bachelor().put("diploma", 0.70, institution="蜀川理工大字")
    assert only(school, "INSTITUTION_MISMATCH").severity is Severity.NOTICE
    name = only(bachelor().put("diploma", 0.70, name="李清原"), "NAME_MISMATCH")
    assert name.severity is Severity.NOTICE and name.outcome is Outcome.CANNOT_DETERMINE
    assert "其他材料与申报一致" in name.message and len(name.evidence) > 2
    letter = bachelor().put("recommendation", 0.5, name="李清原")
    assert only(letter, "RECOMMENDATION_NEGATIVE").severity is Severity.NOTICE
    payer = bachelor().change_month("2022-12", payer=UNIT.replace("砺", "励"), confidence=0.8)
    assert only(payer, "PAYER_MISMATCH").severity is Severity.NOTICE


def test_the_same_character_is_told_when_no_other_paper_bears_it_out() -> None:
    everywhere = bachelor().put_everywhere(name="李清原").put("labour_contract", employee="李清原")
    everywhere.put("diploma", 0.70, name="李清原")
    assert "NAME_MISMATCH" in codes_of(everywhere)


def test_a_wholly_other_name_read_badly_is_still_told() -> None:
    finding = only(bachelor().put("diploma", 0.70, name="王建国"), "NAME_MISMATCH")
    assert finding.severity is Severity.REVIEW


def test_one_proof_alone_with_another_character_is_a_notice_unless_it_was_read_with_certainty() -> (
    None
):
    """季 was read as 手 on one proof of contributions, against six papers."""
    alone = only(bachelor().put("social_insurance", 0.90, name="李清手"), "NAME_MISMATCH")
    assert alone.severity is Severity.NOTICE
    certain = only(bachelor().put("social_insurance", 0.99, name="李清手"), "NAME_MISMATCH")
    assert certain.severity is Severity.BLOCKING
    alike = only(bachelor().put("social_insurance", 0.99, name="李情源"), "NAME_MISMATCH")
    assert alike.severity is Severity.REVIEW
    payer = bachelor().change_month("2022-12", payer=UNIT.replace("砺", "励"), confidence=0.99)
    assert only(payer, "PAYER_MISMATCH").severity is Severity.BLOCKING


def test_a_character_that_breaks_a_common_word_of_a_school_is_a_slip_without_another_paper() -> (
    None
):
    """中心 was read as 中必 on the only paper of a 中专 graduate that bears the school."""
    school = "蜀栖县职业教育中心学校"
    dossier = bachelor().declare("education", institution=school).put_everywhere(institution=school)
    for paper in ("education_record", "education_query", "degree_certificate"):
        dossier.remove(paper)
    dossier.put("diploma", 0.86, institution="蜀栖县职业教育中必学校")
    slip = only(dossier, "INSTITUTION_MISMATCH")
    assert slip.severity is Severity.NOTICE and "其他材料" not in slip.message
    dossier.put("diploma", 0.99, institution="蜀栖县职业教育中必学校")
    assert only(dossier, "INSTITUTION_MISMATCH").severity is Severity.REVIEW
    dossier.put("diploma", 0.86, institution="蜀柄县职业教育中心学校")
    assert only(dossier, "INSTITUTION_MISMATCH").severity is not Severity.NOTICE
    person = bachelor().declare("person", name="李大学").put_everywhere(name="李太学")
    told = [f for f in findings_of(person) if f.code == "NAME_MISMATCH"]
    assert told and all(f.severity is not Severity.NOTICE for f in told)


def test_a_label_read_into_a_name_is_a_slip_however_surely_it_was_read() -> None:
    """签字 beside the signature: 林霖 was read as 签林霖 on a contract's signing page."""
    dossier = bachelor().put("labour_contract", 0.99, employee="签李清源")
    assert only(dossier, "NAME_MISMATCH").severity is Severity.NOTICE
    dossier.put("labour_contract", 0.99, employee="章李清源")
    assert only(dossier, "NAME_MISMATCH").severity is Severity.REVIEW


@pytest.mark.parametrize(
    ("declared", "observed", "breaks"),
    [
        ("蜀栖县职业教育中心学校", "蜀栖县职业教育中必学校", True),
        ("石枰工程学院", "石枰工程学阮", True),
        ("石枰工程学院", "石秤工程学院", False),
        ("石枰工业学院", "石枰工商学院", False),
        ("石枰职业技术学院", "石枰职业技师学院", False),
        ("成都盾山信息技术有限公司", "成都盾山信息枝术有限公司", True),
        ("成都盾山信息技术有限公司", "成都盾川信息技术有限公司", False),
        ("李中心", "李中必", True),
    ],
)
def test_which_characters_break_a_word(declared: str, observed: str, breaks: bool) -> None:
    assert breaks_a_word(declared, observed) is breaks


@pytest.mark.parametrize("confidence", [0.05, 0.5, 0.84, 0.86, 0.94, 0.95, 1.0])
@pytest.mark.parametrize(
    "name", ["李情源", "李清原", "李清手", "季清源", "李清源源", "李清", "王建国"]
)
def test_another_name_is_never_passed_over(name: str, confidence: float) -> None:
    for paper in ("diploma", "id_card", "education_record"):
        told = only(bachelor().put(paper, confidence, name=name), "NAME_MISMATCH")
        assert told.evidence and told.observed == name
        if confidence >= 0.95 or name == "王建国":
            assert told.severity is not Severity.NOTICE


def test_a_rare_character_that_papers_read_alike_is_one_doubt_with_all_its_places() -> None:
    """李𬱖 was read as 李颐 on every paper: eleven findings for one character."""
    dossier = bachelor().declare("person", name="李𬱖")
    dossier.put("achievement", name="李颐")
    dossier.put_everywhere(name="李颐").put("labour_contract", employee="李颐")
    doubt = only(dossier, "NAME_MISMATCH")
    assert doubt.severity is Severity.REVIEW and "、" in doubt.message
    named = {e.document_id for e in doubt.evidence}
    assert len(named) > 6 and "业绩证明" in doubt.message
    dossier.put("degree_certificate", name="李頔")
    found = [f for f in findings_of(dossier) if f.code == "NAME_MISMATCH"]
    assert len(found) == 2 and {f.observed for f in found} == {"李颐", "李頔"}


def test_another_name_for_certain_is_told_of_each_paper() -> None:
    dossier = bachelor().put("diploma", name="王建国").put("degree_certificate", name="王建国")
    found = [f for f in findings_of(dossier) if f.code == "NAME_MISMATCH"]
    assert [f.severity for f in found] == [Severity.BLOCKING] * 2


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


def test_a_name_that_may_be_the_declared_one_as_it_was_read_is_told_once() -> None:
    """王𬴊 was read as 王骥 on every paper, with 𬴊 as what it may be as well."""
    dossier = bachelor().declare("person", name="王𬴊")
    for paper in [p for p in dossier.papers if "name" in dossier.papers[p].fields]:
        dossier.put(paper, 0.6, name="王骥").leave_open(paper, "name", "王𬴊")
    dossier.put("labour_contract", 0.6, employee="王骥")
    dossier.leave_open("labour_contract", "employee", "王𬴊")
    finding = only(dossier, "NAME_MISMATCH")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)
    assert "申报所载在可能的读法之中" in finding.message
    files = {evidence.file for evidence in finding.evidence}
    assert any("diploma" in file for file in files) and any("contract" in file for file in files)
    dossier.put("id_card", 0.99, name="王𬴊").leave_open("id_card", "name")
    assert only(dossier, "NAME_MISMATCH").severity is Severity.NOTICE


def test_a_name_read_well_on_two_papers_is_for_review_although_it_may_be_the_declared_one() -> None:
    dossier = bachelor().put("diploma", 0.9, name="李清潭").leave_open("diploma", "name", "李清源")
    assert only(dossier, "NAME_MISMATCH").severity is Severity.NOTICE
    dossier.put("id_card", 0.9, name="李清潭").leave_open("id_card", "name", "李清源")
    assert only(dossier, "NAME_MISMATCH").severity is Severity.REVIEW
    dossier.put("id_card", 0.99, name="李清潭").leave_open("id_card", "name", "李清源")
    assert {f.severity for f in findings_of(dossier)} >= {Severity.BLOCKING}
