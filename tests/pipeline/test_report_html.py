"""The HTML report: everything inside, everything escaped, every link leading somewhere."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from pipeline.model.acceptance import Acceptance
from pipeline.model.finding import Finding, FindingEvidence, Outcome, Severity
from pipeline.model.report import Report, Route
from pipeline.report import html as report_html
from pipeline.report.html import render_report
from pipeline.report.views import wanted_cuts
from tests.pipeline.report_sample import CLAUSES, DECLARATION, DRAWN, pictures, sample_report

Drawn = dict[tuple[str, int], bytes]
VOID = {"meta", "br", "link", "img", "input", "hr"}


ACCEPTED = Acceptance.fixed(0.8)


class Outline(HTMLParser):
    """Ids, links, tags left open and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.unlabelled: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag in ("a", "use"):
            self.links.append(given.get("href") or "")
        elif given.get("href") or given.get("src"):
            self.sources.append(given.get("href") or given.get("src") or "")
        if tag == "svg" and not given.get("aria-label"):
            self.unlabelled.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def outline(page: str) -> Outline:
    parsed = Outline()
    parsed.feed(page)
    parsed.close()
    assert parsed.open == []
    return parsed


def render(report: Report, found: Callable[[str, int], bytes | None]) -> str:
    return render_report(
        report, declaration=DECLARATION, clauses=CLAUSES, pictures=found, acceptance=ACCEPTED
    )


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return pictures()


@pytest.fixture(scope="module")
def page(drawn: Drawn) -> str:
    return render(sample_report(), lambda file, number: drawn.get((file, number)))


def test_nothing_outside_the_file_is_named(page: str) -> None:
    parsed = outline(page)
    assert all(source.startswith("data:image/") for source in parsed.sources)
    assert all(link.startswith("#") for link in parsed.links)
    assert "script" not in parsed.tags
    assert not re.search(r"https?:|//\w|@import|url\(", re.sub(r"base64,[\w+/=]+", "", page))


def test_every_page_picture_stands_in_the_file_once(page: str) -> None:
    pictures = re.findall(r"base64,[\w+/=]+", page)
    assert len(pictures) == len(set(pictures)) == len(DRAWN)


def test_the_page_itself_forbids_everything_from_outside(page: str) -> None:
    assert "default-src 'none'; img-src data:" in page


def test_every_link_leads_to_a_place_in_the_page(page: str) -> None:
    parsed = outline(page)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {link[1:] for link in parsed.links} <= set(parsed.ids)


def test_every_picture_says_what_it_shows(page: str) -> None:
    assert outline(page).unlabelled == []


def test_links_still_lead_somewhere_when_no_picture_is_there() -> None:
    bare = render(sample_report(), lambda _file, _number: None)
    parsed = outline(bare)
    assert {link[1:] for link in parsed.links} <= set(parsed.ids)
    assert bare.count("本页图像缺失，无法显示") == len(DRAWN)
    assert "data:image" not in bare


def test_bytes_that_are_no_picture_count_as_missing() -> None:
    assert "本页图像缺失，无法显示" in render(sample_report(), lambda _f, _n: b"not a picture")


def test_title_holds_only_the_dossier_id(page: str) -> None:
    match = re.search(r"<title>(.*?)</title>", page)
    assert match
    assert match[1] == "初核报告 2022H2-000001"
    assert '<html lang="zh-CN">' in page


def test_route_is_told_by_word_and_sign_as_well_as_colour(page: str) -> None:
    assert '<span class="tag incomplete"><span aria-hidden="true">↩</span> 需补材料</span>' in page


def test_blocking_findings_come_first_and_keep_the_others_after(page: str) -> None:
    text = "".join(outline(page).text)
    titles = ["毕业证书编号不一致", "社保缴费不连续", "材料无法读取", "材料类别与申报所填不同"]
    places = [text.index(f"{number}. {title}") for number, title in enumerate(titles, start=1)]
    assert places == sorted(places)


def test_a_finding_shows_both_values_with_the_difference_marked(page: str) -> None:
    assert "99001120190500012<mark>3</mark>" in page
    assert "99001120190500012<mark>8</mark>" in page


def test_a_finding_shows_clause_sentence_and_counterfactual(page: str) -> None:
    text = "".join(outline(page).text)
    assert "依据 六(二)：提供申报前在我省连续缴纳6个月" in text
    assert "何时不再提出：若 2022-09 已缴" in text
    assert "依据 六(一)" in text
    assert "依据 五(二)" in text


def test_a_finding_shows_a_cut_of_each_evidence_linked_to_its_box(page: str) -> None:
    card = page[page.index('id="f1"') : page.index('id="f2"')]
    assert card.count('<use href="#i') == 2
    assert 'href="#f1-0"' in card
    assert 'href="#f1-1"' in card
    assert '<g class="box finding" id="f1-0">' in page


def test_the_lost_points_name_their_findings(page: str) -> None:
    part = page[page.index('id="score"') : page.index('id="documents"')]
    assert '<a href="#f1">1. 毕业证书编号不一致</a>' in part
    assert "−18" in part


def test_a_part_of_the_score_bears_the_rulebooks_word_or_its_own(page: str) -> None:
    part = page[page.index('id="score"') : page.index('id="documents"')]
    assert '<th scope="row">身份</th>' in part
    assert '<th scope="row">学历学位</th>' in part


def test_a_month_without_a_row_is_shown_as_missing_in_the_required_window(page: str) -> None:
    grid = page[page.index('class="grid"') : page.index('class="months"')]
    assert grid.count('class="none required"') == 1
    assert grid.count("opens") == 1
    assert grid.count("closes") == 1
    assert grid.count("⇄") == 1
    assert "材料中没有这个月的记录" in page


def test_a_required_month_shows_its_row_and_links_what_else_proves_it(page: str) -> None:
    table = page[page.index('class="months"') : page.index('id="score"')]
    assert table.count('<use href="#i') == 5
    assert table.count("另见 1") == 5
    assert 'href="#m2022-12-1"' in table


def test_an_exempt_applicant_gets_no_required_window(drawn: Drawn) -> None:
    report = sample_report()
    exempt = report.model_copy(
        update={
            "contributions": report.contributions.model_copy(
                update={"required": (), "months": (), "continuous_months": 0, "last_payer": None}
            )
        }
    )
    page = render(exempt, lambda file, number: drawn.get((file, number)))
    assert "本申报不需要社保材料" in page
    assert 'class="grid"' not in page


def test_unread_fields_say_why_and_show_their_place(page: str) -> None:
    row = page[page.index('id="d0-birth_date"') : page.index('id="d0-institution"')]
    assert "未能读出" in row
    assert "印章遮挡，两次读取不一致" in row
    assert '<use href="#i' in row


def test_values_from_outside_are_escaped(drawn: Drawn) -> None:
    nasty = '<script>alert("x")</script>{{ 7 * 7 }}'
    report = sample_report()
    finding = Finding(
        code="NAME_MISMATCH",
        severity=Severity.BLOCKING,
        outcome=Outcome.MISMATCH,
        clause=nasty,
        message=nasty,
        declared=nasty,
        observed=nasty + "!",
        evidence=(FindingEvidence(file=nasty, page=3, raw=nasty, field=nasty),),
        counterfactual=nasty,
    )
    document = report.documents[0].model_copy(
        update={
            "fields": {
                "name": report.documents[0].fields["name"].model_copy(update={"value": nasty})
            },
            "anchors": (nasty,),
        }
    )
    page = render(
        report.model_copy(update={"findings": (finding,), "documents": (document,)}),
        lambda file, number: drawn.get((file, number)),
    )
    parsed = outline(page)
    assert "script" not in parsed.tags
    assert "".join(parsed.text).count("{{ 7 * 7 }}") >= 6


def test_a_report_without_findings_says_so(drawn: Drawn) -> None:
    clean = sample_report().model_copy(
        update={"findings": (), "route": Route.CLEARED, "route_reasons": ()}
    )
    text = "".join(outline(render(clean, lambda f, n: drawn.get((f, n)))).text)
    assert "没有需要指出的事项" in text
    assert "初核未见问题" in text


def test_a_page_beyond_the_limit_is_named_but_not_embedded(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_html, "MOST_PAGES", 1)
    report = sample_report()
    bare = report.contributions.model_copy(update={"required": (), "months": ()})
    plain = report.model_copy(update={"findings": (), "contributions": bare})
    with_cuts = len(wanted_cuts(plain, ACCEPTED))
    assert 1 <= with_cuts < len(DRAWN)
    page = render(plain, lambda file, number: drawn.get((file, number)))
    assert page.count("为控制文件大小，本页未附图像") == len(DRAWN) - with_cuts
    assert page.count('class="page"') == len(DRAWN)


def test_pages_of_which_cuts_are_shown_are_embedded_beyond_the_limit(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_html, "MOST_BYTES", 1)
    page = render(sample_report(), lambda file, number: drawn.get((file, number)))
    assert "为控制文件大小，本页未附图像" not in page


def test_each_picture_is_asked_for_once(drawn: Drawn) -> None:
    asked: list[tuple[str, int]] = []

    def found(file: str, number: int) -> bytes | None:
        asked.append((file, number))
        return drawn.get((file, number))

    render(sample_report(), found)
    assert sorted(asked) == sorted(DRAWN)


def test_same_input_same_text(page: str, drawn: Drawn) -> None:
    assert render(sample_report(), lambda file, number: drawn.get((file, number))) == page
