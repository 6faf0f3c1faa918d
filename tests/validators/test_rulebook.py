"""The notice as data: what loads, what does not, and that no rule lives in code."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

import validators
from pipeline.model.declaration import TitleLevel
from pipeline.model.finding import Severity
from pipeline.model.values import Month
from tests.validators.cases import (
    bachelor,
    codes_of,
    credit_code,
    findings_of,
    only,
    rows,
    rulebook,
    secondary,
)
from validators import (
    assess_eligibility,
    builtin_rulebook,
    builtin_rulebooks,
    load_rulebook,
    parse_rulebook,
    required_window,
)
from validators.catalogue import CATALOGUE
from validators.rulebook import DEFAULT_RULEBOOK, RulebookError

TEXT = DEFAULT_RULEBOOK.read_text(encoding="utf-8")
CODE = Path(validators.__file__).parent


def block(code: str) -> str:
    start = TEXT.index(f'[[rules]]\ncode = "{code}"')
    return TEXT[start : TEXT.find("\n[[rules]]", start + 5)]


def changed(code: str, pattern: str, replacement: str) -> str:
    whole = block(code)
    part = re.sub(pattern, replacement, whole, count=1, flags=re.M)
    assert part != whole
    return TEXT.replace(whole, part)


def test_the_notice_has_every_code_and_clause() -> None:
    book = rulebook()
    assert {rule.code for rule in book.rules} == set(CATALOGUE)
    assert [c.clause for c in book.conditions] == [f"三({n})" for n in "一二三四五六"]
    assert len(book.parameter_names) == 8
    assert all(book.sentence(clause) for rule in book.rules for clause in rule.clauses)
    assert book.fingerprint.startswith("sichuan-2022@")


def test_every_way_to_name_a_rulebook_gives_the_same() -> None:
    assert (
        load_rulebook(DEFAULT_RULEBOOK) == builtin_rulebook("sichuan-2022") == parse_rulebook(TEXT)
    )
    assert load_rulebook("sichuan-2022") == load_rulebook(TEXT)
    assert set(builtin_rulebooks()) == {"sichuan-2022", "guangdong-2026-example"}


@pytest.mark.parametrize(
    ("pattern", "replacement", "word"),
    [
        (r"^clauses = .*\n", "", "clauses"),
        (r"^clauses = .*", "clauses = []", "clauses"),
        (r"^clauses = .*", 'clauses = ["九"]', "九"),
        (r"^example = .*\n", "", "example"),
        (r"^counter_example = .*\n", "", "counter_example"),
        (r"^counter_example = .*", 'counter_example = ""', "counter_example"),
        (r"^part = .*", 'part = "luck"', "luck"),
        (r"^doubtful = .*\n", "", "messages"),
        (r"与申报的“\{declared\}”", "与申报的“{wanted}”", "wanted"),
        (r'^code = "NAME_MISMATCH"', 'code = "NAME_ODD"', "NAME_ODD"),
        (r"^severity = .*", 'severity = "grave"', "severity"),
    ],
)
def test_a_rule_that_is_not_whole_does_not_load(pattern: str, replacement: str, word: str) -> None:
    with pytest.raises(RulebookError, match=word):
        parse_rulebook(changed("NAME_MISMATCH", pattern, replacement))


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('clause = "三(四)"\nlevel', 'clause = "三(九)"\nlevel', "三\\(九\\)"),
        (
            'value = "before_application_month"\nreadings',
            'value = "whenever"\nreadings',
            "readings",
        ),
        ('name = "tenure.counting"', 'name = "tenure.guessing"', "tenure_guessing|Extra"),
        ('label = "文件状况"\nmax = 5', 'label = "文件状况"\nmax = 6', "100"),
        ('renewal_clause = "三-末"', 'renewal_clause = "三-首"', "三-首"),
        ('essential = ["name", "id_number", "birth_date"]', 'essential = ["mood"]', "mood"),
        ("[score.costs]\nblocking = 12", "[score.costs]\nblocking = -1", "negative"),
        (
            'when_parameter = "contributions.second',
            'when_parameter = "contributions.first',
            "yes-or-no",
        ),
        ("months = 12\nneeds", 'months = "a year"\nneeds', "三\\(一\\)"),
        ("[rulebook]", "[rulebook", "TOML"),
        ("[rulebook]", "[rulebook]\nmood = 1", "mood"),
    ],
)
def test_a_notice_that_is_not_whole_does_not_load(old: str, new: str, word: str) -> None:
    assert old in TEXT
    with pytest.raises(RulebookError, match=word):
        parse_rulebook(TEXT.replace(old, new, 1))


def test_a_parameter_needs_both_readings() -> None:
    start = TEXT.index('    { value = "application_date"')
    one = TEXT[:start] + TEXT[TEXT.index('    { value = "window_close"') :]
    with pytest.raises(RulebookError, match=r"parameter_list|readings"):
        parse_rulebook(one)


def test_unknown_rulebooks_are_named_with_those_there_are() -> None:
    with pytest.raises(RulebookError, match="sichuan-2022"):
        builtin_rulebook("atlantis")


def test_another_text_has_another_fingerprint() -> None:
    other = parse_rulebook(TEXT + "\n# a remark\n")
    assert other.fingerprint != rulebook().fingerprint


# --- another notice, other outcomes


OTHER = builtin_rulebook("guangdong-2026-example")


def test_another_notice_asks_other_months_of_another_province() -> None:
    case = bachelor().case()
    months = required_window(case, OTHER)
    assert (months[0], months[-1], len(months)) == (Month("2022-02"), Month("2023-01"), 12)
    finding = only(
        bachelor().set_months(*rows("2022-01", "2023-01")), "CONTRIBUTIONS_OUTSIDE_PROVINCE", OTHER
    )
    assert finding.clause == "第四条" and "广东" in finding.message


def test_a_dossier_that_is_clean_there() -> None:
    dossier = bachelor().put("social_insurance", province="广东")
    dossier.set_months(*rows("2022-01", "2023-01", place="广州市天河区"))
    code = credit_code("91440100MA6C0A1B")
    dossier.declare("employment", employer_uscc=code).put("labour_contract", employer_uscc=code)
    dossier.window = dossier.window.model_copy(update={"opens_on": date(2023, 1, 1)})
    assert codes_of(dossier, OTHER) == set()
    assert codes_of(dossier) >= {"CONTRIBUTIONS_OUTSIDE_PROVINCE", "EMPLOYER_OUTSIDE_PROVINCE"}
    part_time = (
        dossier.copy().put_everywhere(study_form="函授").declare("education", study_form="函授")
    )
    assert "NO_CLAUSE_MET" in codes_of(part_time, OTHER)
    assert "NO_CLAUSE_MET" not in codes_of(part_time)
    unknown = dossier.copy().put_everywhere(study_form="函授").declare("education", study_form=None)
    assert "NO_CLAUSE_MET" in codes_of(unknown, OTHER)
    for paper in ("diploma", "education_record", "education_query"):
        unknown.put(paper, study_form=None)
    assert assess_eligibility(unknown.case(), OTHER).met is None


def test_a_level_that_the_notice_does_not_have() -> None:
    told = assess_eligibility(secondary().case(), OTHER)
    assert told.met is False and len(told.conditions) == 4
    assert "NO_CLAUSE_MET" in codes_of(secondary(), OTHER)


def test_a_rule_that_the_notice_does_not_have_is_silent() -> None:
    assert OTHER.rule("PAYER_MISMATCH") is None
    dossier = bachelor().change_month("2022-12", payer="成都青梧信息技术有限公司")
    assert "PAYER_MISMATCH" in codes_of(dossier)
    assert "PAYER_MISMATCH" not in codes_of(dossier, OTHER)


def test_changing_the_text_changes_severity_wording_and_months() -> None:
    milder = parse_rulebook(
        changed("PAYER_MISMATCH", r'^severity = "blocking"', 'severity = "review"')
    )
    dossier = bachelor().change_month("2022-12", payer="成都青梧信息技术有限公司")
    assert only(dossier, "PAYER_MISMATCH", milder).severity is Severity.REVIEW
    longer = parse_rulebook(
        TEXT.replace(
            'clause = "三(三)"\nlevel = "助理级"\nmonths = 12',
            'clause = "三(三)"\nlevel = "助理级"\nmonths = 60',
        )
    )
    assert "TENURE_SHORT" in codes_of(bachelor(), longer)
    assert findings_of(bachelor()) == ()


def test_no_check_names_a_province_level_schooling_or_clause() -> None:
    """Words of one notice may stand in rulebooks only (geography and closed values apart)."""
    allowed = {"places.py", "catalogue.py"}
    words = re.compile(
        r"三\([一-六]\)|六\([一-四]\)|八\([一-四]\)|四川|网信|初定|" + "|".join(TitleLevel)
    )
    for path in CODE.rglob("*.py"):
        if path.name in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and "\n" not in node.value
            ):
                if _is_docstring(path, node):
                    continue
                assert not words.search(node.value), (path.name, node.lineno, node.value)


def _is_docstring(path: Path, node: ast.Constant) -> bool:
    line = path.read_text(encoding="utf-8").splitlines()[node.lineno - 1].strip()
    return line.startswith('"""')
