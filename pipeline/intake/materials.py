"""Collects the uploads of one dossier, without ever following a link out of its folder."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.errors import MaterialRefused
from pipeline.intake.names import is_noise, to_nfc, why_unsafe
from pipeline.model.dossier import IntakeNote, Material, Quarantined
from pipeline.pages import reasons
from pipeline.pages.formats import EXTENSIONS, HEAD_BYTES, require_format

_MAX_DEPTH = 16
_MAX_FILES = 2000
_LINK = "是快捷方式（符号链接），未读取。请放入文件本身。"
_TOO_DEEP = f"文件夹层数超过 {_MAX_DEPTH} 层，其中的文件未读取。请减少层数。"
_TOO_MANY = f"一份申报的文件超过 {_MAX_FILES} 个，其余未读取。请只保留所需材料。"


@dataclass(slots=True)
class Collected:
    """The uploads of one dossier: taken in, put aside, and what a clerk should know."""

    materials: list[Material] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    notes: list[IntakeNote] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    """One entry below the dossier's folder; `names` lead to it. `refusal` when it is not entered."""

    path: Path
    names: tuple[str, ...]
    refusal: str | None = None


def collect_materials(folder: Path, max_file_bytes: int | None = None) -> Collected:
    """The uploads under `folder`/materials, by name, each with its SHA-256.

    Links, special files, unsafe names, empty, too large and unsupported files are put aside with a
    reason. Nothing is written; no link is followed.
    """
    collected = Collected()
    root = folder / "materials"
    if root.is_symlink():
        collected.quarantined.append(Quarantined(file="materials", reason=_LINK))
        return collected
    if not root.is_dir():
        collected.notes.append(
            IntakeNote(where="materials", message="没有 materials 文件夹，本申报没有任何材料。")
        )
        return collected
    ignored: list[str] = []
    taken: set[str] = set()
    for count, found in enumerate(_walk(root, ("materials",), ignored)):
        if count >= _MAX_FILES:
            collected.quarantined.append(Quarantined(file="materials", reason=_TOO_MANY))
            break
        _take(found, collected, taken, max_file_bytes)
    if ignored:
        names = "、".join(sorted(set(ignored))[:5])
        message = f"忽略了 {len(ignored)} 个系统临时文件（{names}）。"
        collected.notes.append(IntakeNote(where="materials", message=message))
    collected.materials.sort(key=lambda material: material.file)
    collected.quarantined.sort(key=lambda entry: entry.file)
    return collected


def _walk(folder: Path, names: tuple[str, ...], ignored: list[str]) -> Iterator[_Found]:
    """Every file and refused entry below `folder`, by the bytes of its name."""
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: os.fsencode(entry.name))
    except OSError:
        yield _Found(folder, names, reasons.UNREADABLE_FILE)
        return
    for entry in entries:
        path, inner = Path(entry.path), (*names, entry.name)
        if is_noise(entry.name):
            ignored.append(to_nfc(entry.name))
        elif entry.is_symlink():
            yield _Found(path, inner, _LINK)
        elif refusal := why_unsafe(entry.name):
            yield _Found(path, inner, refusal)
        elif not entry.is_dir(follow_symlinks=False):
            yield _Found(path, inner)
        elif len(inner) > _MAX_DEPTH:
            yield _Found(path, inner, _TOO_DEEP)
        else:
            yield from _walk(path, inner, ignored)


def _take(found: _Found, collected: Collected, taken: set[str], max_bytes: int | None) -> None:
    wanted = "/".join(to_nfc(name) for name in found.names)
    file = _free_name(wanted, taken)
    taken.add(file)
    if file != wanted:
        message = f"与另一文件的名称只有编码形式不同，报告中记作“{file}”。"
        collected.notes.append(IntakeNote(where=wanted, message=message))
    try:
        if found.refusal:
            raise MaterialRefused(found.refusal)
        digest, size = _read(found.path, max_bytes)
    except MaterialRefused as refused:
        collected.quarantined.append(Quarantined(file=file, reason=refused.message))
    except OSError:
        reason = reasons.UNREADABLE_FILE
        collected.quarantined.append(Quarantined(file=file, reason=reason))
    else:
        collected.materials.append(
            Material(file=file, path=str(found.path), sha256=digest, size=size)
        )


def _free_name(wanted: str, taken: set[str]) -> str:
    """`wanted`, or with ~2, ~3 … before its extension where a name is taken."""
    file, number = wanted, 1
    while file in taken:
        number += 1
        path = PurePosixPath(wanted)
        file = str(path.with_name(f"{path.stem}~{number}{path.suffix}"))
    return file


def _read(path: Path, max_bytes: int | None) -> tuple[str, int]:
    """SHA-256 and size of the regular file at `path`; raises `MaterialRefused` with the reason."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if not stat.S_ISREG(path.lstat().st_mode):  # a pipe or a device must not even be opened
        raise MaterialRefused(reasons.NOT_A_FILE)
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise MaterialRefused(reasons.NOT_A_FILE)
        if status.st_size == 0:
            raise MaterialRefused(reasons.EMPTY)
        if max_bytes is not None and status.st_size > max_bytes:
            raise MaterialRefused(reasons.too_large(status.st_size, max_bytes))
        if path.suffix.lower() not in EXTENSIONS:
            require_format(path, file.read(HEAD_BYTES))  # raises: says what the file is instead
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest(), status.st_size
