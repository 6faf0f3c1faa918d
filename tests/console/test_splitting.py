"""Papers put together by hand: cut marks and kinds, and the dossier processed again from there."""

import re

import pytest
from sqlalchemy import select

from console.answers import PAGES
from console.grouping import Mark, groups_from_marks, pack_grouping, told, unpack_grouping
from console.schema import AnswerRow
from console.values import InvalidValue
from pipeline.model.document import PageGroup
from pipeline.model.kinds import DocumentKind as Kind
from tests.console.conftest import Browser, Office, OpenOffice
from tests.console.make_window import LUMPED
from tests.console.test_review import finish, path, row, take


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office(with_lumped=True)


def cut(browser: Browser, office: Office, **more: str) -> "object":
    """Marks the recommendation's second page as a pledge that begins there."""
    kept = office.console.dossiers.kept(row(office, LUMPED).kept)
    number = next(i for i, p in enumerate(kept.pages) if p.page == 2)
    marks = marked(browser.client.get(path(LUMPED, "pages")).text)
    marks |= {f"cut-{number}": "1", f"kind-{number}": "integrity_pledge"}
    return browser.post(path(LUMPED, "pages"), **marks, **more)


def marked(text: str) -> dict[str, str]:
    """What the form of the page would send as it stands."""
    fields = dict.fromkeys(re.findall(r'type="hidden" name="(cut-\d+)"', text), "1")
    fields |= dict.fromkeys(re.findall(r'name="(cut-\d+)" value="1" checked', text), "1")
    for name, options in re.findall(r'<select name="(kind-\d+)".*?>(.*?)</select>', text, re.S):
        fields[name] = re.findall(r'value="(\w+)" selected', options)[0]
    return fields


def test_cutting_a_paper_in_two_shows_what_changes_before_it_is_kept(office: Office) -> None:
    browser = take(office, LUMPED)
    shown = cut(browser, office)
    assert shown.status_code == 200 and 'id="trial"' in shown.text  # type: ignore[attr-defined]
    assert "将不再提出" in shown.text and "未见诚信承诺书" in shown.text  # type: ignore[attr-defined]
    with office.console.database.read() as session:
        assert not session.scalars(select(AnswerRow)).all()


def test_a_dossier_of_many_pages_sends_as_many_marks(office: Office) -> None:
    browser = take(office, LUMPED)
    many = {f"kind-{n}": "unknown" for n in range(100, 400)}
    assert cut(browser, office, **many).status_code == 200  # type: ignore[attr-defined]


def test_the_dossier_is_processed_again_from_the_papers_as_cut(office: Office) -> None:
    browser = take(office, LUMPED)
    assert cut(browser, office, confirm="1").status_code == 303  # type: ignore[attr-defined]
    with office.console.database.read() as session:
        answer = session.scalars(select(AnswerRow)).one()
    assert (answer.target, answer.answer) == (PAGES, "regrouped")
    page = browser.client.get(path(LUMPED)).text
    assert "已按人工分件" in page and "因更正不再提出" in page
    kept = office.console.dossiers.kept(row(office, LUMPED).kept)
    name = kept.dossier.declaration.person.name
    grouped = office.console.dossiers.grouped(row(office, LUMPED).kept, [_answer(answer)])
    pledge = next(d for d in grouped.facts.documents if d.kind is Kind.INTEGRITY_PLEDGE)
    assert (pledge.pages, pledge.text("name")) == ((2,), name)
    assert kept.report.route == "incomplete", "the machine's report stays as it was written"


def _answer(given: AnswerRow) -> "object":
    from console.reviews import as_answer

    return as_answer(given)


def test_undo_puts_the_papers_back(office: Office) -> None:
    browser = take(office, LUMPED)
    cut(browser, office, confirm="1")
    shown = browser.post(path(LUMPED, "undo"), swap=True).text  # type: ignore[attr-defined]
    assert 'id="trial"' in shown and "将出现" in shown
    after = browser.post(path(LUMPED, "undo"), swap=True, confirm="1").text  # type: ignore[attr-defined]
    assert "已按人工分件" not in after


def test_papers_that_stay_as_they_are_are_no_answer(office: Office) -> None:
    browser = take(office, LUMPED)
    marks = marked(browser.client.get(path(LUMPED, "pages")).text)
    same = browser.post(path(LUMPED, "pages"), confirm="1", **marks)
    assert same.status_code == 422 and 'id="problem"' in same.text  # type: ignore[attr-defined]


def test_a_cut_that_clears_a_blocking_finding_needs_two_and_is_hidden_from_the_second(
    office: Office,
) -> None:
    first = take(office, LUMPED)
    cut(first, office, confirm="1")
    assert finish(first, LUMPED) == 303
    assert row(office, LUMPED).state == "second"
    second = take(office, LUMPED, "reviewer2")
    page = second.client.get(path(LUMPED)).text
    assert "已按人工分件" not in page and "诚信承诺书" in page
    assert second.client.get(path(LUMPED, "pages")).text.count("checked") == first_cuts(office)
    cut(second, office, confirm="1")
    assert finish(second, LUMPED) == 303
    assert (row(office, LUMPED).state, row(office, LUMPED).outcome) == ("decided", "passed")


def first_cuts(office: Office) -> int:
    """How many marks the machine's own papers mean, beside those of first pages."""
    kept = office.console.dossiers.kept(row(office, LUMPED).kept)
    return len(kept.facts.documents) - len({p.file for p in kept.pages})


def test_the_senior_is_told_how_each_put_the_papers_together(office: Office) -> None:
    first = take(office, LUMPED)
    cut(first, office, confirm="1")
    finish(first, LUMPED)
    second = take(office, LUMPED, "reviewer2")
    target = "finding:MATERIAL_MISSING:" + _subject(office)
    second.post(path(LUMPED, "answer"), target=target, answer="upheld")
    assert finish(second, LUMPED) == 303
    assert row(office, LUMPED).state == "senior"
    senior = take(office, LUMPED, "senior")
    assert "第2页 诚信承诺书" in senior.client.get(path(LUMPED)).text


def _subject(office: Office) -> str:
    kept = office.console.dossiers.kept(row(office, LUMPED).kept)
    return next(f.subject for f in kept.report.findings if f.code == "MATERIAL_MISSING")


def test_nobody_cuts_without_the_claim(office: Office) -> None:
    browser = office.sign_in("reviewer")
    assert browser.client.get(path(LUMPED, "pages")).status_code == 409


def test_a_kind_that_is_none_is_refused(office: Office) -> None:
    browser = take(office, LUMPED)
    answer = browser.post(path(LUMPED, "pages"), **{"cut-0": "1", "kind-0": "passport"})
    assert answer.status_code == 422  # type: ignore[attr-defined]


def test_a_page_without_a_mark_goes_on_with_the_paper_before_the_blank_one() -> None:
    marks = (
        Mark(0, 1, begins=False, kind=Kind.LABOUR_CONTRACT),
        Mark(1, 2, begins=True, kind=Kind.BLANK),
        Mark(2, 3, begins=False, kind=Kind.UNKNOWN),
        Mark(3, 4, begins=True, kind=Kind.DIPLOMA),
    )
    assert groups_from_marks(marks) == (
        PageGroup(pages=(1, 3), kind=Kind.LABOUR_CONTRACT),
        PageGroup(pages=(2,), kind=Kind.BLANK),
        PageGroup(pages=(4,), kind=Kind.DIPLOMA),
    )


def test_a_grouping_is_written_and_read_back() -> None:
    grouping = {
        "材料/一.pdf": (
            PageGroup(pages=(1, 2, 3), kind=Kind.DIPLOMA),
            PageGroup(pages=(4,), kind=Kind.UNKNOWN),
        )
    }
    assert unpack_grouping(pack_grouping(grouping)) == grouping
    assert told(pack_grouping(grouping)).startswith("材料/一.pdf：第1–3页 毕业证书、第4页 ")
    with pytest.raises(InvalidValue):
        unpack_grouping('{"a": [{"pages": [], "kind": "diploma"}]}')
