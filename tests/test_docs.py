"""What the product offers is what the documentation says: commands, settings, fields, findings."""

import re
from pathlib import Path

import pytest
import typer.main

from console.settings import ConsoleSettings
from pipeline.cli import app
from pipeline.model.kinds import FIELD_NAMES, DocumentKind
from pipeline.settings import Settings
from validators.rulebook import DEFAULT_RULEBOOK, load_rulebook

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_command_and_option_is_documented() -> None:
    text = page("commands.md")
    group = typer.main.get_command(app)
    commands = group.commands  # type: ignore[attr-defined] # a click group
    for name, command in commands.items():
        assert f"`chuhe {name}" in text, name
        section = text.split(f"`chuhe {name}", 1)[1].split("\n## ", 1)[0]
        parts = [command, *getattr(command, "commands", {}).values()]
        for parameter in [p for part in parts for p in part.params]:
            if parameter.param_type_name == "option" and "--help" not in parameter.opts:
                assert f"`{parameter.opts[0]}`" in section, parameter.opts
    assert set(re.findall(r"^## `chuhe (\w+)", text, re.M)) == set(commands)


def test_every_setting_is_documented_with_its_default() -> None:
    text = page("settings.md")
    known = {
        **Settings.model_fields,
        **{f"console_{n}": f for n, f in ConsoleSettings.model_fields.items()},
    }
    for name, setting in known.items():
        row = next((r for r in text.splitlines() if f"`CHUHE_{name.upper()}`" in r), None)
        assert row is not None, name
        is_plain = isinstance(setting.default, (str, int, float)) and setting.default != ""
        if setting.default_factory is None and is_plain:
            assert str(setting.default).removesuffix(".0") in row, name
    documented = {n.lower() for n in re.findall(r"`CHUHE_(\w+)`", text)}
    assert documented == set(known)


def test_every_field_is_documented() -> None:
    text = page("report.md")
    for kind in DocumentKind:
        assert f"`{kind}`" in text, kind
        for name in FIELD_NAMES[kind]:
            assert f"`{name}`" in text, name


def test_every_finding_is_documented_with_its_clause() -> None:
    text = page("findings.md")
    for rule in load_rulebook(DEFAULT_RULEBOOK).rules:
        row = next((r for r in text.splitlines() if f"`{rule.code}`" in r), None)
        assert row is not None and rule.clause in row, rule.code


def test_every_rulebook_parameter_is_documented() -> None:
    text = page("rulebook.md")
    for name in load_rulebook(DEFAULT_RULEBOOK).parameter_names:
        assert f"`{name}`" in text, name


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_names_the_two_commands(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "make demo" in text and "make test" in text
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(r"^demo:", makefile, re.M) and re.search(r"^test:", makefile, re.M)


def test_links_between_pages_lead_somewhere() -> None:
    for path in [*ROOT.glob("README*.md"), *DOCS.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name} -> {target}"
