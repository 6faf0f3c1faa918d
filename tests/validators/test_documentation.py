"""The pages on findings and rulebooks say what the rulebooks say."""

import re
import tomllib
from pathlib import Path

from tests.validators.cases import rulebook
from validators import builtin_rulebooks
from validators.rulebook import DEFAULT_RULEBOOK

DOCS = Path(__file__).resolve().parents[2] / "docs"
SEVERITIES = {"blocking": "阻断", "review": "复核", "notice": "提示"}


def test_the_table_of_findings_is_the_rulebooks() -> None:
    rows = {
        match[1]: match[0]
        for match in re.finditer(
            r"^\| `([A-Z_]+)` \|.*$", (DOCS / "findings.md").read_text("utf-8"), re.M
        )
    }
    assert set(rows) == {rule.code for rule in rulebook().rules}
    for rule in rulebook().rules:
        row = rows[rule.code]
        for text in (rule.title, rule.clause, rule.when, rule.clears):
            assert text in row, (rule.code, text)
        for message in rule.messages.values():
            assert SEVERITIES[message.severity or rule.severity] in row, rule.code


def test_every_parameter_stands_with_its_value_and_readings() -> None:
    text = (DOCS / "rulebook.md").read_text("utf-8")
    for parameter in rulebook().parameter_list:
        row = next(line for line in text.splitlines() if line.startswith(f"| `{parameter.name}`"))
        assert f"| {parameter.clause} |" in row
        for reading in parameter.readings:
            value = reading.value
            told = str(value).lower() if isinstance(value, bool) else str(value)
            assert f"`{told}`" in row, (parameter.name, told)


def test_every_table_of_a_rulebook_is_explained() -> None:
    text = (DOCS / "rulebook.md").read_text("utf-8")
    data = tomllib.loads(DEFAULT_RULEBOOK.read_text("utf-8"))
    for name, value in data.items():
        table = f"[[{name}]]" if isinstance(value, list) and isinstance(value[0], dict) else name
        assert table in text, table
    for name in builtin_rulebooks():
        assert f"`{name}`" in text
