"""Rulebooks from TOML: one `Rulebook`, or one error that says what is wrong and where."""

import hashlib
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from validators.parameters import field_name
from validators.rulebook_model import Rulebook

__all__ = [
    "DEFAULT_RULEBOOK",
    "Rulebook",
    "RulebookError",
    "builtin_rulebook",
    "builtin_rulebooks",
    "load_rulebook",
    "parse_rulebook",
]

DEFAULT_RULEBOOK = Path(__file__).parent / "rulebooks" / "sichuan-2022.toml"


class RulebookError(ValueError):
    """A rulebook does not load; the message names the file's key and what is wrong with it."""


def parse_rulebook(text: str) -> Rulebook:
    """The rulebook written in `text` (TOML). Raises `RulebookError`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"not valid TOML: {error}") from error
    parameters = data.pop("parameters", [])
    if not isinstance(parameters, list):
        raise RulebookError("parameters: must be a list of tables ([[parameters]])")
    values: dict[str, Any] = {}
    for item in parameters:
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or field_name(name) in values:
            raise RulebookError(f"parameters: a name is missing or there twice: {name!r}")
        values[field_name(name)] = item.get("value")
    head = data.pop("rulebook", {})
    digest = hashlib.sha256(text.encode()).hexdigest()
    try:
        return Rulebook.model_validate(
            {**head, **data, "parameter_list": parameters, "parameters": values, "sha256": digest}
        )
    except ValidationError as error:
        raise RulebookError(_explain(error, data)) from error


def load_rulebook(source: str | Path) -> Rulebook:
    """The rulebook of a file (`Path`), of a TOML text, or of a built-in name such as `sichuan-2022`.

    Raises `RulebookError` when it does not load and `OSError` when the file cannot be read.
    """
    if isinstance(source, Path):
        return parse_rulebook(source.read_text(encoding="utf-8"))
    if "\n" not in source:
        return builtin_rulebook(source)
    return parse_rulebook(source)


@lru_cache(maxsize=8)
def builtin_rulebook(name: str = "sichuan-2022") -> Rulebook:
    """A rulebook that comes with the product, by its id."""
    if name not in builtin_rulebooks():
        raise RulebookError(f"no rulebook {name!r}; there are {', '.join(builtin_rulebooks())}")
    return load_rulebook(DEFAULT_RULEBOOK.with_name(f"{name}.toml"))


def builtin_rulebooks() -> tuple[str, ...]:
    """Ids of the rulebooks that come with the product, in order."""
    return tuple(sorted(path.stem for path in DEFAULT_RULEBOOK.parent.glob("*.toml")))


def _explain(error: ValidationError, data: dict[str, Any]) -> str:
    lines = []
    for item in error.errors():
        place = list(item["loc"])
        named = _entry_name(data, place)
        where = ".".join(str(step) for step in place) or "rulebook"
        lines.append(f"{where}{named}: {item['msg']}")
    return "\n".join(lines)


def _entry_name(data: dict[str, Any], place: list[int | str]) -> str:
    """The code, clause or id of the list entry the error is in, in brackets."""
    if len(place) < 2 or not isinstance(place[1], int):
        return ""
    entries = data.get(str(place[0]))
    if not isinstance(entries, list) or place[1] >= len(entries):
        return ""
    entry = entries[place[1]]
    name = next((entry[key] for key in ("code", "clause", "id", "level") if key in entry), None)
    return f" [{name}]" if name else ""
