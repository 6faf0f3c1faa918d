"""Reads one dossier's `declaration.json`."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.intake.wording import key_problems
from pipeline.model.declaration import Declaration, EmploymentStatus
from pipeline.model.dossier import IntakeError

FILE = "declaration.json"
_MAX_BYTES = 4 * 2**20
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WHOLE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_declaration(path: Path, dossier_id: str) -> Declaration | list[IntakeError]:
    """What `declaration.json` at `path` declares, or everything that is the matter with it."""
    content = _load(path)
    if isinstance(content, str):
        return [IntakeError(dossier_id=dossier_id, file=FILE, message=content)]
    built = build_declaration(content, {})
    if isinstance(built, Declaration):
        return built
    return [
        IntakeError(dossier_id=dossier_id, file=FILE, key=key, message=message)
        for key, message in built
    ]


def build_declaration(
    content: Mapping[str, Any], labels: Mapping[str, str]
) -> Declaration | list[tuple[str, str]]:
    """The declaration that `content` is, or (key, message) for each thing wrong with it."""
    if (key := _control_character(content)) is not None:
        return [(labels.get(key, key), f"“{labels.get(key, key)}”含有控制字符。请重新填写。")]
    problems = list(_strict(content, labels))
    try:
        declaration = Declaration.model_validate(content)
    except ValidationError as error:
        named = {key for key, _ in problems}
        found = [(p.key, p.message) for p in key_problems(error, labels) if p.key not in named]
        return problems + found
    problems += _agreeing(declaration, labels)
    return problems or declaration


def _control_character(value: Any, path: str = "") -> str | None:
    """The path of the first text that holds a character no spreadsheet or web page can show."""
    if isinstance(value, str):
        return path if _CONTROL.search(value) else None
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, (list, tuple)):
        items = enumerate(value)
    for name, item in items:
        if isinstance(name, str) and _CONTROL.search(name):
            return path or "项的名称"
        found = _control_character(item, f"{path}.{name}" if path else str(name))
        if found is not None:
            return found
    return None


def _strict(content: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What pydantic would quietly accept: a number for a date, a word for yes or no."""
    submitted = content.get("submitted_on")
    if submitted is not None and not (
        isinstance(submitted, str) and _WHOLE_DATE.fullmatch(submitted)
    ):
        key = labels.get("submitted_on", "submitted_on")
        yield key, f"“{key}”的写法有误：应为日期，写成 2023-01-10。请改正。"
    education = content.get("education")
    foreign = education.get("foreign", False) if isinstance(education, dict) else False
    if not isinstance(foreign, bool):
        key = labels.get("education.foreign", "education.foreign")
        yield key, f"“{key}”的写法有误：应为 true 或 false，不加引号。请改正。"


def _agreeing(declaration: Declaration, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What every declaration must satisfy beyond the form of single values."""

    def named(key: str) -> str:
        return labels.get(key, key)

    person, employment = declaration.person, declaration.employment
    if person.gender not in (None, "男", "女"):
        yield named("person.gender"), f"“{named('person.gender')}”只能填：男、女。请改正。"
    if (
        employment.status is not EmploymentStatus.FREELANCE
        and not (employment.employer or "").strip()
    ):
        key = named("employment.employer")
        yield key, f"缺少必填项“{key}”：只有自由职业者可以不填。请补填。"
    blank = {
        "person.name": person.name,
        "person.id_number": person.id_number,
        "education.institution": declaration.education.institution,
        "education.diploma_number": declaration.education.diploma_number,
    }
    for key, value in blank.items():
        if not value.strip():
            yield named(key), f"必填项“{named(key)}”是空的。请补填。"
    stated = declaration.contributions
    if stated is not None and stated.last_month < stated.first_month:
        key = named("contributions.last_month")
        yield key, f"“{key}”早于“{named('contributions.first_month')}”。请核对。"


def _load(path: Path) -> dict[str, Any] | str:
    """The file's object, or why it has none (Chinese)."""
    if path.is_symlink() or not path.is_file():
        return "declaration.json 不是普通文件，未读取。请放入文件本身。"
    try:
        if path.stat().st_size > _MAX_BYTES:
            return f"declaration.json 超过 {_MAX_BYTES // 2**20} MB，不像是申报数据。请检查。"
        text = path.read_bytes().decode("utf-8-sig")
        content = json.loads(
            text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant
        )
        json.dumps(content, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except UnicodeDecodeError:
        return "declaration.json 不是 UTF-8 编码。请另存为 UTF-8。"
    except json.JSONDecodeError as error:
        return (
            f"declaration.json 不是有效的 JSON（第 {error.lineno} 行第 {error.colno} 列附近）。"
            "请检查引号、逗号和括号。"
        )
    except _Repeated as error:
        return f"declaration.json 中“{error.key}”出现多次，无法确定用哪一个。请只保留一个。"
    except (ValueError, RecursionError):
        return "declaration.json 不是有效的 JSON。请重新导出。"
    except OSError:
        return "declaration.json 无法读取。请检查文件权限。"
    return content if isinstance(content, dict) else "declaration.json 的内容应为 {…}。请重新导出。"


class _Repeated(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Repeated(next(name for name in names if names.count(name) > 1))
    return built


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
