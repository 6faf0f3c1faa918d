"""Reads `window.toml`."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import UnusableIntake
from pipeline.model.declaration import Window

_UNTOUCHED = "没有读取任何申报，也没有改动任何文件。"
_FIX = "请补全 window.toml：id、notice、opens_on、closes_on，日期写成 2022-12-27 的形式。"


def read_window(folder: Path) -> Window:
    """The intake window that `folder` is of.

    Raises `UnusableIntake` when `window.toml` is absent, unreadable or incomplete.
    """
    path = folder / "window.toml"
    if not folder.is_dir():
        raise _unusable(f"受理文件夹不存在：{folder.name}", "请检查路径。")
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise _unusable("受理文件夹中没有 window.toml。", _FIX) from error
    except UnicodeDecodeError as error:
        raise _unusable("window.toml 不是 UTF-8 编码。", "请另存为 UTF-8。") from error
    except OSError as error:
        raise _unusable("window.toml 无法读取。", "请检查文件权限。") from error
    except tomllib.TOMLDecodeError as error:
        raise _unusable(f"window.toml 格式有误：{error}", _FIX) from error
    known = {name: content[name] for name in Window.model_fields if name in content}
    try:
        window = Window.model_validate(known)
    except ValidationError as error:
        keys = "、".join(str(item["loc"][0]) for item in error.errors())
        raise _unusable(f"window.toml 缺少以下项，或其写法有误：{keys}。", _FIX) from error
    if window.closes_on < window.opens_on:
        raise _unusable("window.toml 中 closes_on 早于 opens_on。", _FIX)
    return window


def _unusable(message: str, next_step: str) -> UnusableIntake:
    return UnusableIntake(message, untouched=_UNTOUCHED, next_step=next_step)
