"""Findings in English: complete, made of the words of the Chinese sentence, and masked like it."""

import re
import string

import pytest

from console.masking import OPEN, Mask
from console.pages import findings_in_english
from console.telling import Teller, english_sentence, read_back
from pipeline.model.finding import Finding
from tests.console.conftest import WINDOW, Office
from validators.catalogue import CATALOGUE
from validators.rulebook import DEFAULT_RULEBOOK, load_rulebook

RULEBOOK = load_rulebook(DEFAULT_RULEBOOK)
HAN = re.compile("[\u3400-\u9fff]")
ALSO = {"declared", "observed", "clause"}
"""Words that every sentence may use."""


def words_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def told(finding: Finding, mask: Mask = OPEN) -> str:
    return "".join(w.text for w in Teller(RULEBOOK, mask, "en")(finding))


@pytest.mark.parametrize("code", list(CATALOGUE))
def test_every_code_and_variant_is_told_in_english(code: str) -> None:
    assert code in findings_in_english()["title"]
    for variant, words in CATALOGUE[code].items():
        sentence = english_sentence(code, variant)
        assert sentence is not None, variant
        assert words_of(sentence) <= {*words, *ALSO}, variant
        assert not HAN.search(sentence)


def test_no_code_is_told_that_there_is_not() -> None:
    english = findings_in_english()
    assert set(english["title"]) == set(CATALOGUE)
    assert set(english["sentence"]) - {"compared"} <= set(CATALOGUE)


@pytest.mark.parametrize("code", list(CATALOGUE))
def test_a_sentence_of_the_rulebook_is_read_back_by_its_own_template(code: str) -> None:
    """Every variant, filled with words of its own, comes back as that variant and those words."""
    rule = RULEBOOK.rule(code)
    assert rule is not None
    for variant, message in rule.messages.items():
        filled = {name: f"<{name}>" for name in words_of(message.text)}
        finding = Finding(
            code=code,
            severity=rule.severity,
            outcome=message.outcome,
            clause=filled.get("clause", rule.clause),
            message=message.text.format(**filled),
            declared=filled.get("declared"),
            observed=filled.get("observed"),
        )
        wanted = english_sentence(code, variant)
        assert wanted is not None
        assert told(finding) == wanted.format(**{n: f"<{n}>" for n in words_of(wanted)}), variant


def test_months_kinds_and_known_reasons_are_english_and_names_stay() -> None:
    gap = Finding(
        code="CONTRIBUTIONS_GAP", severity="blocking", outcome="mismatch", clause="六(二)",
        message="规定的2022-07至2022-12中，2022-07至2022-09、2022-11未缴费，不连续。",
    )  # fmt: skip
    assert told(gap) == (
        "Of the required months 2022-07 to 2022-12, 2022-07 to 2022-09, 2022-11 were not paid."
    )
    name = Finding(
        code="NAME_MISMATCH", severity="blocking", outcome="mismatch", clause="五(一)",
        message="毕业证书的姓名为“李清沅”，与申报的“李清源”不一致（读取把握不足（0.62），仅形近字不同，可能是读取所致）。",
        declared="李清源", observed="李清沅",
    )  # fmt: skip
    said = Teller(RULEBOOK, OPEN, "en")(name)
    assert [w.text for w in said if w.is_chinese] == ["李清沅", "李清源"]
    assert told(name).startswith(
        "Diploma: the name is “李清沅”, not “李清源” as declared (not read surely (0.62), only"
    )


def test_what_is_not_known_stays_chinese_and_is_marked() -> None:
    other = Finding(
        code="NAME_MISMATCH", severity="review", outcome="mismatch", clause="五(一)",
        message="另一部规则里的另一句话。",
    )  # fmt: skip
    (said,) = Teller(RULEBOOK, OPEN, "en")(other)
    assert said.text == other.message and said.is_chinese
    assert Teller(RULEBOOK, OPEN, "zh")(other)[0].is_chinese is False


def test_an_english_sentence_is_masked_like_the_chinese_one() -> None:
    number = "510102199603080018"
    finding = Finding(
        code="ID_NUMBER_MISMATCH", severity="blocking", outcome="mismatch", clause="五(一)",
        message=f"居民身份证的公民身份号码为510102199603080026，与申报的{number}不一致（18位中有2位不同）。",
        declared=number, observed="510102199603080026",
    )  # fmt: skip
    said = told(finding, Mask(numbers=(number,)))
    assert number not in said and "510*************18" in said


def test_a_word_that_stands_twice_must_be_the_same() -> None:
    assert read_back("{n}个月；满{n}个月", "24个月；满24个月", {}) == {"n": "24"}
    assert read_back("{n}个月；满{n}个月", "24个月；满36个月", {}) is None


def test_the_english_page_of_a_dossier_speaks_english(office: Office) -> None:
    browser = office.sign_in("reviewer")
    browser.client.cookies.set("chuhe_language", "en")
    text = str(browser.client.get(f"/w/{WINDOW}/d/2022H2-000002").text)
    assert "Diploma number differs" in text
    messages = re.findall(r'<p class="message">(.*?)</p>', text, re.DOTALL)
    assert messages
    for message in messages:
        assert not HAN.search(re.sub(r'<span lang="zh-CN">.*?</span>', "", message)), message
    queue = str(browser.client.get(f"/w/{WINDOW}/queue").text)
    assert "Diploma number differs" in queue
