"""Reviewing: corrections tried on the checks, undo, leases, four eyes, the senior."""

import re

import pytest
from sqlalchemy import select

from console.schema import AnswerRow, DossierRow, Review
from tests.console.conftest import WINDOW, Browser, Office

NUMBER = "2022H2-000002"  # the diploma's number was read with an 8 for a 3
GAP = "2022H2-000003"
MISSING = "2022H2-000004"
UNSURE = "2022H2-000005"
NAME = "2022H2-000007"
RIGHT_NUMBER = "992011201905000123"


def path(dossier: str, *more: str) -> str:
    return "/".join([f"/w/{WINDOW}/d/{dossier}", *more])


def row(office: Office, dossier: str) -> DossierRow:
    with office.console.database.read() as session:
        return session.get_one(DossierRow, (WINDOW, dossier))


def finding(office: Office, dossier: str, code: str) -> str:
    kept = office.console.dossiers.kept(row(office, dossier).kept)
    found = next(f for f in kept.report.findings if f.code == code)
    return f"finding:{found.code}:{found.subject}"


def take(office: Office, dossier: str, name: str = "reviewer") -> Browser:
    browser = office.sign_in(name)
    assert browser.post(path(dossier, "claim")).status_code == 303  # type: ignore[attr-defined]
    return browser


def say(browser: Browser, dossier: str, target: str, answer: str, **more: str) -> str:
    given = browser.post(path(dossier, "answer"), swap=True, target=target, answer=answer, **more)
    assert given.status_code == 200, given.text  # type: ignore[attr-defined]
    text: str = given.text  # type: ignore[attr-defined]
    return text


def finish(browser: Browser, dossier: str) -> int:
    status: int = browser.post(path(dossier, "finish")).status_code  # type: ignore[attr-defined]
    return status


def number_field(office: Office) -> str:
    kept = office.console.dossiers.kept(row(office, NUMBER).kept)
    diploma = next(d for d in kept.facts.documents if d.kind == "diploma")
    return f"field:{diploma.document_id}:diploma_number"


def test_a_correction_shows_what_it_does_before_it_is_saved(office: Office) -> None:
    browser = take(office, NUMBER)
    target = number_field(office)
    shown = say(browser, NUMBER, target, "corrected", value=RIGHT_NUMBER)
    assert 'id="trial"' in shown and "将不再提出" in shown and "毕业证书编号不一致" in shown
    with office.console.database.read() as session:
        assert not session.scalars(select(AnswerRow)).all()
    saved = say(browser, NUMBER, target, "corrected", value=RIGHT_NUMBER, confirm="1")
    assert 'id="trial"' not in saved and "因更正不再提出" in saved
    with office.console.database.read() as session:
        answer = session.scalars(select(AnswerRow)).one()
    assert (answer.value, answer.machine_value) == (RIGHT_NUMBER, "992011201905000128")


def test_undo_shows_what_comes_back_before_it_is_done(office: Office) -> None:
    browser = take(office, NUMBER)
    say(browser, NUMBER, number_field(office), "corrected", value=RIGHT_NUMBER, confirm="1")
    shown = browser.post(path(NUMBER, "undo"), swap=True).text  # type: ignore[attr-defined]
    assert 'id="trial"' in shown and "将出现" in shown
    after = browser.post(path(NUMBER, "undo"), swap=True, confirm="1").text  # type: ignore[attr-defined]
    assert "因更正不再提出" not in after
    nothing = browser.post(path(NUMBER, "undo"), swap=True)
    assert nothing.status_code == 422  # type: ignore[attr-defined]


def test_undo_brings_back_the_answer_that_was_replaced(office: Office) -> None:
    browser = take(office, NUMBER)
    target = finding(office, NUMBER, "DIPLOMA_NUMBER_MISMATCH")
    say(browser, NUMBER, target, "upheld")
    office.clock.now += 5
    say(browser, NUMBER, target, "dismissed", reason="explained")
    browser.post(path(NUMBER, "undo"), swap=True)
    with office.console.database.read() as session:
        standing = session.scalars(select(AnswerRow).where(AnswerRow.ended_at.is_(None))).one()
    assert standing.answer == "upheld"


@pytest.mark.parametrize(
    ("answer", "value"),
    [("corrected", ""), ("corrected", "三月"), ("corrected", "510***84"), ("nonsense", "x")],
)
def test_what_is_no_value_of_the_field_is_refused(office: Office, answer: str, value: str) -> None:
    browser = take(office, NUMBER)
    target = number_field(office).replace("diploma_number", "graduated_on")
    given = browser.post(
        path(NUMBER, "answer"), swap=True, target=target, answer=answer, value=value, confirm="1"
    )
    assert given.status_code == 422 and 'id="problem"' in given.text  # type: ignore[attr-defined]


def test_an_answer_to_what_is_not_there_is_refused(office: Office) -> None:
    browser = take(office, NUMBER)
    for target in ("finding:NAME_MISMATCH:x", "field:nowhere:name", "x", "month::"):
        given = browser.post(path(NUMBER, "answer"), swap=True, target=target, answer="upheld")
        assert given.status_code == 422, target  # type: ignore[attr-defined]


def test_nobody_answers_without_the_claim(office: Office) -> None:
    browser = office.sign_in("reviewer")
    target = finding(office, NUMBER, "DIPLOMA_NUMBER_MISMATCH")
    given = browser.post(path(NUMBER, "answer"), target=target, answer="upheld")
    assert given.status_code == 409  # type: ignore[attr-defined]


def test_a_claim_keeps_others_away_until_its_lease_ends(office: Office) -> None:
    first = take(office, NUMBER)
    say(first, NUMBER, finding(office, NUMBER, "DIPLOMA_NUMBER_MISMATCH"), "upheld")
    second = office.sign_in("reviewer2")
    refused = second.post(path(NUMBER, "claim"))
    assert refused.status_code == 409  # type: ignore[attr-defined]
    office.clock.now += 21 * 60
    assert second.post(path(NUMBER, "claim")).status_code == 303  # type: ignore[attr-defined]
    assert finish(first, NUMBER) == 409
    with office.console.database.read() as session:
        states = sorted(r.state for r in session.scalars(select(Review)))
    assert states == ["abandoned", "open"]


def test_the_likeliest_to_change_comes_first(office: Office) -> None:
    browser = office.sign_in("reviewer")
    went = browser.post(f"/w/{WINDOW}/next").headers["location"]  # type: ignore[attr-defined]
    assert went == path(NAME)
    with office.console.database.read() as session:
        rows = session.scalars(select(DossierRow).where(DossierRow.state == "waiting")).all()
    assert max(rows, key=lambda r: r.effect).effect == row(office, NAME).effect


def test_nothing_outstanding_is_left_behind(office: Office) -> None:
    browser = take(office, NUMBER)
    assert finish(browser, NUMBER) == 422


def test_a_review_finding_needs_one_person(office: Office) -> None:
    browser = take(office, NAME)
    target = finding(office, NAME, "NAME_MISMATCH")
    say(browser, NAME, target, "dismissed", reason="misread")
    kept = office.console.dossiers.kept(row(office, NAME).kept)
    card = next(d for d in kept.facts.documents if d.kind == "id_card")
    declared = kept.dossier.declaration.person.name
    say(browser, NAME, f"field:{card.document_id}:name", "corrected", value=declared, confirm="1")
    assert finish(browser, NAME) == 303
    assert (row(office, NAME).state, row(office, NAME).outcome) == ("decided", "passed")


def test_a_value_read_unsurely_must_be_looked_at(office: Office) -> None:
    browser = take(office, UNSURE)
    page = browser.client.get(path(UNSURE)).text
    needed = re.findall(r'data-target="(field:[^"]+)" data-needs', page)
    assert needed and all(target.endswith("graduated_on") for target in needed)
    assert finish(browser, UNSURE) == 422
    for target in needed:
        say(browser, UNSURE, target, "right", confirm="1")
    assert finish(browser, UNSURE) == 303
    assert row(office, UNSURE).outcome == "passed"


def test_two_must_agree_on_a_blocking_finding(office: Office) -> None:
    target = finding(office, GAP, "CONTRIBUTIONS_GAP")
    first = take(office, GAP)
    say(first, GAP, target, "upheld")
    assert finish(first, GAP) == 303
    assert row(office, GAP).state == "second"
    assert first.post(path(GAP, "claim")).status_code == 409  # type: ignore[attr-defined]
    second = take(office, GAP, "reviewer2")
    page = second.client.get(path(GAP)).text
    assert "a-upheld" not in page, "the second must not see the first's answer"
    say(second, GAP, target, "upheld")
    assert finish(second, GAP) == 303
    assert (row(office, GAP).state, row(office, GAP).outcome) == ("decided", "not_met")


def test_a_correction_that_clears_a_blocking_finding_needs_two_as_well(office: Office) -> None:
    first = take(office, NUMBER)
    say(first, NUMBER, number_field(office), "corrected", value=RIGHT_NUMBER, confirm="1")
    assert finish(first, NUMBER) == 303
    assert row(office, NUMBER).state == "second"
    second = take(office, NUMBER, "reviewer2")
    page = second.client.get(path(NUMBER)).text
    assert "因更正不再提出" not in page and RIGHT_NUMBER in page
    target = finding(office, NUMBER, "DIPLOMA_NUMBER_MISMATCH")
    say(second, NUMBER, target, "dismissed", reason="misread")
    assert finish(second, NUMBER) == 303
    assert row(office, NUMBER).outcome == "passed"


def test_disagreement_goes_to_the_senior_who_sees_both(office: Office) -> None:
    target = finding(office, GAP, "CONTRIBUTIONS_GAP")
    first = take(office, GAP)
    say(first, GAP, target, "upheld")
    finish(first, GAP)
    second = take(office, GAP, "reviewer2")
    say(second, GAP, target, "dismissed", reason="other_paper")
    assert finish(second, GAP) == 303
    assert row(office, GAP).state == "senior"
    third = office.sign_in("reviewer3")
    assert third.post(path(GAP, "claim")).status_code == 409  # type: ignore[attr-defined]
    senior = take(office, GAP, "senior")
    page = senior.client.get(path(GAP)).text
    assert "第一人" in page and "第二人" in page and "其他材料已证明" in page
    say(senior, GAP, target, "dismissed", reason="other_paper")
    assert finish(senior, GAP) == 303
    assert (row(office, GAP).state, row(office, GAP).outcome) == ("decided", "passed")


def test_a_missing_paper_sends_the_dossier_back(office: Office) -> None:
    target = finding(office, MISSING, "MATERIAL_MISSING")
    for name in ("reviewer", "reviewer2"):
        browser = take(office, MISSING, name)
        say(browser, MISSING, target, "upheld")
        assert finish(browser, MISSING) == 303
    assert row(office, MISSING).outcome == "returned"
    slip = office.sign_in("operator").client.get(f"/w/{WINDOW}/slips").text
    assert MISSING in slip and "诚信承诺书" in slip


def test_asking_the_applicant_needs_one_person_and_prints_what_was_asked(office: Office) -> None:
    browser = take(office, GAP)
    say(browser, GAP, finding(office, GAP, "CONTRIBUTIONS_GAP"), "ask", note="请提供九月缴费凭证")
    assert finish(browser, GAP) == 303
    assert row(office, GAP).outcome == "returned"
    slip = office.sign_in("operator").client.get(f"/w/{WINDOW}/slips").text
    assert "请提供九月缴费凭证" in slip


def test_a_month_can_be_corrected(office: Office) -> None:
    browser = take(office, GAP)
    kept = office.console.dossiers.kept(row(office, GAP).kept)
    paper = next(d for d in kept.facts.documents if d.kind == "social_insurance")
    shown = say(browser, GAP, f"month:{paper.document_id}:2022-09", "corrected", value="paid")
    assert 'id="trial"' in shown and "将不再提出" in shown


def test_decisions_and_views_are_in_the_ledger(office: Office) -> None:
    browser = take(office, GAP)
    browser.client.get(path(GAP))
    say(browser, GAP, finding(office, GAP, "CONTRIBUTIONS_GAP"), "ask")
    browser.client.get(f"/w/{WINDOW}/queue", params={"q": "张"})
    browser.client.get(path(GAP, "page", "0.jpg"))
    finish(browser, GAP)
    assert {"claim", "dossier.view", "answer", "search", "picture.view", "finish"} <= set(
        office.actions()
    )


def rewrite(office: Office, dossier: str, **changes: object) -> None:
    """Stores the dossier's report again as a later run would, with these changes to it."""
    from pipeline.kept import KEPT_SUFFIX, pack_kept
    from pipeline.store.schema import StoredReport

    kept = office.console.dossiers.kept(row(office, dossier).kept)
    report = kept.report.model_copy(update=changes)
    blob = office.console.blobs.put(
        pack_kept(kept.model_copy(update={"report": report})), KEPT_SUFFIX
    )
    with office.console.database.write() as unit:
        stored = unit.session.get_one(StoredReport, (WINDOW, dossier))
        stored.input_key, stored.kept = "written again", blob


def test_a_report_that_says_something_else_starts_the_dossier_anew(office: Office) -> None:
    from console.imports import import_reports

    browser = take(office, GAP)
    say(browser, GAP, finding(office, GAP, "CONTRIBUTIONS_GAP"), "ask")
    finish(browser, GAP)
    rewrite(office, GAP, route_reasons=("另一个理由",))
    taken = import_reports(office.console, "test")
    assert (taken.added, taken.changed, taken.unchanged) == (0, 1, 11)
    assert (row(office, GAP).state, row(office, GAP).outcome) == ("waiting", None)
    with office.console.database.read() as session:
        assert session.scalars(select(AnswerRow)).one().answer == "ask", "answers stay on record"
    assert import_reports(office.console, "test").unchanged == 12


def test_a_report_that_is_written_again_and_says_the_same_keeps_what_was_decided(
    office: Office,
) -> None:
    from console.imports import import_reports

    browser = take(office, GAP)
    say(browser, GAP, finding(office, GAP, "CONTRIBUTIONS_GAP"), "ask")
    finish(browser, GAP)
    kept = office.console.dossiers.kept(row(office, GAP).kept)
    provenance = kept.report.provenance.model_copy(update={"version": "a later one"})
    rewrite(office, GAP, provenance=provenance)
    taken = import_reports(office.console, "test")
    assert (taken.added, taken.changed, taken.unchanged) == (0, 0, 12)
    assert (row(office, GAP).state, row(office, GAP).outcome) == ("decided", "returned")
    after = office.console.dossiers.kept(row(office, GAP).kept)
    assert after.report.provenance.version == "a later one"
