"""Required materials by status, level and schooling; unreadable, unknown, repeated ones."""

import pytest

from pipeline.model.dossier import Quarantined
from pipeline.model.finding import Outcome, Severity
from tests.validators.cases import (
    CLEAN,
    Paper,
    bachelor,
    codes_of,
    college,
    dispatched,
    doctor,
    findings_of,
    foreign_master,
    freelancer,
    master,
    only,
    rulebook,
    secondary,
)
from validators import required_materials


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_every_required_paper_is_missed_when_it_is_gone(name: str) -> None:
    whole = CLEAN[name]()
    for rule in required_materials(whole.case(), rulebook()):
        dossier = CLEAN[name]()
        dossier.remove(*(key for key, paper in whole.papers.items() if paper.kind in rule.any_of))
        missing = [f for f in findings_of(dossier) if f.code == "MATERIAL_MISSING"]
        assert rule.id in {f.subject for f in missing}, rule.id
        for finding in missing:
            assert finding.severity is Severity.BLOCKING
            assert finding.outcome is Outcome.NOT_SUBMITTED


@pytest.mark.parametrize(
    ("name", "asked", "not_asked"),
    [
        (
            "bachelor",
            {"degree_certificate", "achievement", "social_insurance"},
            {"dispatch_agreement"},
        ),
        ("college", {"education_record", "education_query"}, {"degree_certificate"}),
        ("secondary", {"diploma", "achievement"}, {"education_record", "education_query"}),
        ("master", {"education_record", "diploma"}, {"social_insurance", "achievement"}),
        ("master_intermediate", {"social_insurance", "achievement"}, set()),
        ("doctor", {"degree_certificate", "doctor_record"}, {"diploma", "social_insurance"}),
        ("dispatched", {"dispatch_agreement", "labour_contract"}, set()),
        (
            "freelancer",
            {"integrity_pledge", "social_insurance"},
            {"labour_contract", "recommendation", "dispatch_agreement"},
        ),
        (
            "foreign_master",
            {"foreign_certification"},
            {"diploma", "education_record", "education_query", "degree_certificate"},
        ),
    ],
)
def test_who_is_asked_for_what(name: str, asked: set[str], not_asked: set[str]) -> None:
    ids = {rule.id for rule in required_materials(CLEAN[name]().case(), rulebook())}
    assert asked <= ids and not ids & not_asked


def test_a_degree_that_is_declared_is_to_be_shown_whatever_the_level() -> None:
    dossier = college().declare("education", degree="学士")
    assert "MATERIAL_MISSING" in codes_of(dossier)


@pytest.mark.parametrize("kind", ["education_certification", "foreign_certification"])
def test_other_certifications_stand_for_the_record(kind: str) -> None:
    dossier = bachelor().remove("education_record")
    assert "MATERIAL_MISSING" in codes_of(dossier)
    dossier.add("other", Paper(kind, {"name": "李清源"}))
    assert "MATERIAL_MISSING" not in codes_of(dossier)


def test_a_doctor_may_show_the_degree_report_for_the_record() -> None:
    dossier = doctor().remove("education_record", "diploma")
    report = Paper("degree_report", {"name": "李清源", "degree": "博士"})
    assert "MATERIAL_MISSING" in codes_of(dossier)
    assert "MATERIAL_MISSING" not in codes_of(dossier.add("report", report))
    assert "MATERIAL_MISSING" in codes_of(master().remove("education_record").add("r", report))


def _shut(dossier, file: str = "materials/09.pdf", kind: str | None = None):  # type: ignore[no-untyped-def]
    dossier.quarantined.append(Quarantined(file=file, reason="文件设有打开密码"))
    if kind:
        dossier.declared["materials"].append({"file": file, "declared_kind": kind})
    return dossier


def test_a_file_handed_in_as_the_missing_kind_is_unreadable_and_not_missing() -> None:
    dossier = _shut(bachelor().remove("labour_contract"), kind="labour_contract")
    finding = only(dossier, "MATERIAL_UNREADABLE")
    assert (finding.severity, finding.outcome) == (Severity.BLOCKING, Outcome.CANNOT_DETERMINE)
    assert "打开密码" in finding.message and "劳动" in finding.message
    assert "MATERIAL_MISSING" not in codes_of(dossier)


def test_a_shut_file_of_no_told_kind_may_be_the_missing_one() -> None:
    dossier = _shut(bachelor().remove("labour_contract"))
    finding = only(dossier, "MATERIAL_MISSING")
    assert "materials/09.pdf" in finding.message and "可能在其中" in finding.message
    assert only(dossier, "MATERIAL_UNREADABLE").severity is Severity.REVIEW


def test_a_shut_file_of_another_kind_is_not_taken_for_the_missing_one() -> None:
    dossier = _shut(bachelor().remove("labour_contract"), kind="achievement")
    assert "materials/09.pdf" not in only(dossier, "MATERIAL_MISSING").message


def test_a_shut_file_beside_a_whole_dossier_is_for_review() -> None:
    assert only(_shut(bachelor()), "MATERIAL_UNREADABLE").severity is Severity.REVIEW


def test_a_file_of_blank_pages_counts_as_unreadable_and_a_blank_back_does_not() -> None:
    blank = Paper("blank", file="materials/20.pdf")
    dossier = bachelor().add("blank", blank)
    assert "空白" in only(dossier, "MATERIAL_UNREADABLE").message
    beside = bachelor()
    beside.papers["diploma"].file = "materials/20.pdf"
    assert not codes_of(beside.add("blank", blank))


def test_a_paper_of_which_nothing_essential_was_read_is_unreadable() -> None:
    dossier = bachelor()
    for name in list(dossier.papers["labour_contract"].fields):
        dossier.blur("labour_contract", name)
    findings = [f for f in findings_of(dossier) if f.code == "MATERIAL_UNREADABLE"]
    assert [f.severity for f in findings] == [Severity.BLOCKING]
    assert "字迹模糊" in findings[0].message


def test_a_file_that_is_not_what_it_was_handed_in_as() -> None:
    dossier = bachelor()
    dossier.papers["diploma"].file = "materials/02.pdf"
    dossier.declared["materials"] = [
        {"file": "materials/02.pdf", "declared_kind": "labour_contract"}
    ]
    finding = only(dossier, "MATERIAL_KIND_DIFFERS")
    assert finding.severity is Severity.NOTICE and finding.observed == "毕业证书"
    dossier.declared["materials"] = [{"file": "materials/02.pdf", "declared_kind": "diploma"}]
    assert not codes_of(dossier)
    dossier.declared["materials"] = [{"file": "materials/02.pdf", "declared_kind": None}]
    assert not codes_of(dossier)


def test_equal_pages_are_told_once_per_group() -> None:
    dossier = bachelor()
    dossier.repeated = [("a.pdf#1", "b.pdf#1"), ("a.pdf#1", "c.pdf#2"), ("d.pdf#1", "e.pdf#1")]
    found = [f for f in findings_of(dossier) if f.code == "MATERIAL_REPEATED"]
    assert len(found) == 2 and found[0].severity is Severity.NOTICE
    assert {(e.file, e.page) for e in found[0].evidence} == {
        ("a.pdf", 1),
        ("b.pdf", 1),
        ("c.pdf", 2),
    }


def test_a_page_of_no_known_kind_is_for_review() -> None:
    finding = only(bachelor().add("picture", Paper("unknown")), "MATERIAL_UNKNOWN")
    assert (finding.severity, finding.outcome) == (Severity.REVIEW, Outcome.CANNOT_DETERMINE)


def test_nothing_is_asked_of_those_it_is_not_asked_of() -> None:
    for made in (secondary, dispatched, freelancer, foreign_master):
        assert "MATERIAL_MISSING" not in codes_of(made())
