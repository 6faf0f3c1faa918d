"""What reading noticed about the files, and state-secret marks."""

import pytest

from pipeline.model.dossier import Quarantined
from pipeline.model.finding import Outcome, Severity
from tests.validators.cases import Paper, bachelor, codes_of, dispatched, findings_of, only

NOTICED = [
    ("file_edited", "FILE_EDITED", Severity.REVIEW),
    ("text_layer_differs", "TEXT_LAYER_DIFFERS", Severity.REVIEW),
    ("signature_broken", "SIGNATURE_BROKEN", Severity.REVIEW),
    ("signature_unverifiable", "SIGNATURE_BROKEN", Severity.NOTICE),
    ("code_differs", "CODE_DIFFERS", Severity.REVIEW),
    ("image_edit_suspected", "IMAGE_EDIT_SUSPECTED", Severity.REVIEW),
    ("state_secret_mark", "STATE_SECRET_MARK", Severity.BLOCKING),
]


@pytest.mark.parametrize(("trait", "code", "severity"), NOTICED)
def test_what_was_noticed_about_a_paper(trait: str, code: str, severity: Severity) -> None:
    assert code not in codes_of(bachelor())
    finding = only(bachelor().mark("diploma", f"{trait}=第3行"), code)
    assert finding.severity is severity and "第3行" in finding.message
    assert finding.evidence[0].document_id == "d-diploma"


def test_several_notices_of_one_kind_are_one_finding_with_every_page() -> None:
    dossier = bachelor().mark(
        "diploma", "text_layer_differs=1:2022-12", "text_layer_differs=2:2022-11"
    )
    finding = only(dossier, "TEXT_LAYER_DIFFERS")
    assert finding.outcome is Outcome.CANNOT_DETERMINE
    assert "第1页“2022-12”；第2页“2022-11”" in finding.message
    assert [e.page for e in finding.evidence] == [1, 2]


def test_a_file_put_aside_for_a_mark_is_told_as_such() -> None:
    dossier = bachelor()
    dossier.quarantined.append(
        Quarantined(file="materials/12.pdf", reason="页面带有密级标志，已停止处理。")
    )
    finding = only(dossier, "STATE_SECRET_MARK")
    assert (finding.severity, finding.clause) == (Severity.BLOCKING, "五(一)")
    other = bachelor()
    other.quarantined.append(Quarantined(file="materials/12.pdf", reason="文件损坏"))
    assert "STATE_SECRET_MARK" not in codes_of(other)


def test_a_roster_of_workers_names_the_applicant_among_others() -> None:
    roster = dispatched().put("dispatch_agreement", employee="陈望舒、李清源、王晓丽")
    assert "NAME_MISMATCH" not in codes_of(roster)
    without = dispatched().put("dispatch_agreement", employee="陈望舒、王晓丽")
    assert only(without, "NAME_MISMATCH").severity is Severity.REVIEW


def test_two_papers_with_one_notice_are_two_findings() -> None:
    dossier = bachelor().add("more", Paper("achievement", traits=["file_edited=增量更新"]))
    dossier.mark("diploma", "file_edited=增量更新")
    assert sum(f.code == "FILE_EDITED" for f in findings_of(dossier)) == 2


def test_a_code_that_leads_to_no_official_host_is_told_with_the_host_only() -> None:
    dossier = bachelor().mark("education_record", "code_host=1:chsi.example.invalid")
    finding = only(dossier, "CODE_DIFFERS")
    assert "chsi.example.invalid" in finding.message and finding.severity is Severity.REVIEW
    for host in ("www.chsi.com.cn", "chsi.com.cn", "rst.sc.gov.cn"):
        official = bachelor().mark("education_record", f"code_host=1:{host}")
        assert "CODE_DIFFERS" not in codes_of(official)
    assert "CODE_DIFFERS" in codes_of(
        bachelor().mark("education_record", "code_host=1:notchsi.com.cn")
    )


def test_a_notice_on_a_value_leads_to_the_value() -> None:
    dossier = bachelor().mark("diploma", "image_edit_suspected=1#diploma_number:此处底纹比周围平滑")
    finding = only(dossier, "IMAGE_EDIT_SUSPECTED")
    assert finding.evidence[0].field == "diploma_number" and finding.evidence[0].box is not None


def test_a_marked_file_is_not_asked_for_again() -> None:
    dossier = bachelor().remove("achievement")
    dossier.quarantined.append(
        Quarantined(file="materials/12.pdf", reason="页面带有密级标志，已停止处理。")
    )
    assert "MATERIAL_UNREADABLE" not in codes_of(dossier)
    assert {"STATE_SECRET_MARK", "MATERIAL_MISSING"} <= codes_of(dossier)
