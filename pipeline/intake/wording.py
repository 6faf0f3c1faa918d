"""Pydantic's errors, in a clerk's words: which key, what is the matter, what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from pipeline.model.declaration import Declaration

_EXPECTED = {
    "submitted_on": "日期，写成 2023-01-10",
    "channel": "provincial 或 local",
    "applied_level": "员级、助理级 或 中级",
    "education.level": "中专、大学专科、大学本科、第二学士学位、硕士研究生 或 博士研究生",
    "education.degree": "null、学士、硕士 或 博士",
    "education.foreign": "true 或 false",
    "employment.status": "employed、dispatched 或 freelance",
    "contributions.first_month": "月份，写成 2022-07",
    "contributions.last_month": "月份，写成 2022-12",
    "person.former_names": '一组名字，写成 ["…"]',
    "materials": '一组材料，写成 [{"file": "materials/01.pdf"}]',
}
_DATES = frozenset(
    {
        "person.birth_date",
        "education.enrolled_on",
        "education.graduated_on",
        "education.degree_awarded_on",
        "employment.security_work_since",
    }
)


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """What is the matter with one key; `message` never repeats the declared value."""

    key: str
    message: str


def key_problems(error: ValidationError, labels: Mapping[str, str]) -> Iterator[KeyProblem]:
    """One problem a key. `labels` gives the name a key bears in the file, where it has another."""
    seen: set[str] = set()
    for item in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in item["loc"])
        if key not in seen:
            seen.add(key)
            yield KeyProblem(labels.get(key, key), _message(item["type"], key, labels))


def _message(kind: str, key: str, labels: Mapping[str, str]) -> str:
    name = labels.get(key, key)
    if kind == "missing":
        return f"缺少必填项“{name}”。请补填。"
    if kind == "string_too_short":
        return f"必填项“{name}”是空的。请补填。"
    expected = _EXPECTED.get(key)
    if key in _DATES:
        expected = "真实存在的日期，写成 2019-06-30 或 2019-06"
    if expected is None and kind in ("string_type", "string_sub_type"):
        expected = "带引号的文字（号码也要加引号，否则可能丢失位数）"
    if expected is None and kind in ("model_type", "dict_type", "model_attributes_type"):
        expected = "一组带名称的项，写成 {…}"
    return f"“{name}”的写法有误：应为{expected or '约定的格式'}。请改正。"


def unknown_keys(declaration: Declaration) -> Iterator[str]:
    """The keys of a declaration that the contract does not know, as paths."""
    yield from _extras(declaration, "")


def _extras(model: BaseModel, prefix: str) -> Iterator[str]:
    yield from (f"{prefix}{name}" for name in (model.model_extra or {}))
    for name in type(model).model_fields:
        yield from _inside(getattr(model, name), f"{prefix}{name}")


def _inside(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from _extras(value, f"{path}.")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _inside(item, f"{path}[{index}]")
