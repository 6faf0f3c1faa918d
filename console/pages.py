"""Templates and words: pages in Chinese first, in English by switch. Everything filled in is escaped."""

import json
import tomllib
from datetime import datetime, timedelta, timezone
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline import __version__
from pipeline.model.kinds import KIND_LABELS, DocumentKind
from pipeline.report import wording as reports

LANGUAGE_COOKIE = "chuhe_language"
LANGUAGES = ("zh", "en")
_HERE = Path(__file__).parent
_CHINESE = Markup(' lang="zh-CN"')
"""The attribute of what is Chinese on a page of another language."""
_CHINA = timezone(timedelta(hours=8))


@cache
def words(language: str) -> dict[str, Any]:
    """Every string of the console in that language, by `section.key`."""
    text = (_HERE / "wording" / f"{language}.toml").read_text(encoding="utf-8")
    sections: dict[str, dict[str, str]] = tomllib.loads(text)
    return {f"{s}.{k}": v for s, entries in sections.items() for k, v in entries.items()}


@cache
def findings_in_english() -> dict[str, Any]:
    """Titles, sentences and words of findings; in Chinese they are the report's own."""
    return tomllib.loads((_HERE / "wording" / "findings.en.toml").read_text(encoding="utf-8"))


def say(language: str, key: str, **values: object) -> str:
    """The string of `key`, its placeholders filled. Raises `KeyError` for a key that is not there."""
    text: str = words(language)[key]
    return text.format(**values) if values else text


def label(language: str, kind: str, value: object) -> str:
    """What people call a value of a closed set (`kind`: field, kind, finding, route …)."""
    text = str(value)
    if language == "en" and kind == "finding":
        return str(findings_in_english()["title"].get(text, text))
    if language == "en":
        return str(words("en").get(f"{kind}.{text}", text.replace("_", " ").lower()))
    match kind:
        case "field":
            return reports.field_label(text)
        case "kind":
            return KIND_LABELS[DocumentKind(text)]
        case "finding":
            return reports.finding_title(text)
        case "part":
            return reports.part_label(text)
        case _:
            return str(words("zh").get(f"{kind}.{text}", text))


def local_time(seconds: float | None) -> str:
    """A moment as people in China read it, to the minute."""
    if not seconds:
        return "—"
    return datetime.fromtimestamp(seconds, _CHINA).strftime("%Y-%m-%d %H:%M")


def narrow(text: str, width: int) -> str:
    """The text cut to `width` Latin letters; a Chinese character is as wide as two."""
    for end, character in enumerate(text):
        width -= 2 if character > "\u2e7f" else 1
        if width < 0:
            return text[: max(end - 1, 0)] + "…"
    return text


@cache
def keymap() -> tuple[dict[str, str], ...]:
    """The keys of the dossier page: key, action, where it works."""
    return tuple(json.loads((_HERE / "static" / "keymap.json").read_text(encoding="utf-8")))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["local_time"] = local_time
    made.filters["narrow"] = narrow
    made.globals.update(
        version=__version__,
        keymap=keymap,
        route_signs={str(k): v for k, v in reports.ROUTE_SIGNS.items()},
        severity_signs={str(k): v for k, v in reports.SEVERITY_SIGNS.items()},
        month_signs={str(k): v for k, v in reports.MONTH_SIGNS.items()},
    )
    return made


def render(template: str, *, language: str, **context: Any) -> str:
    """The template as text; `t` gives strings and `label` names values in `language`."""
    return (
        _environment()
        .get_template(template)
        .render(
            language=language,
            other_language="en" if language == "zh" else "zh",
            t=partial(say, language),
            label=partial(label, language),
            zh=_CHINESE if language != "zh" else "",
            comma="、" if language == "zh" else ", ",
            colon="：" if language == "zh" else ": ",
            **context,
        )
    )
