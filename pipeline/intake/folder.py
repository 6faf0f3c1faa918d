"""Takes in a whole intake folder, one dossier at a time."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UnusableIntake
from pipeline.intake.declaration import FILE, read_declaration
from pipeline.intake.materials import collect_materials
from pipeline.intake.names import declared_path, is_noise, to_nfc, why_unsafe_id
from pipeline.intake.registers import Registers, read_registers
from pipeline.intake.sheet import LABELS, Sheet, open_sheet
from pipeline.intake.window import read_window
from pipeline.intake.wording import unknown_keys
from pipeline.model.declaration import Declaration, DeclaredMaterial
from pipeline.model.dossier import Dossier, Intake, IntakeError, IntakeNote


def load_intake(folder: Path, *, max_file_bytes: int | None = None) -> Intake:
    """The whole intake folder, dossiers by id. For large windows see `iter_dossiers`.

    Every error names the dossier, the file, the row and the key, and costs only what it names.
    Raises `UnusableIntake` only when `window.toml` or the dossiers folder cannot be used.
    """
    window = read_window(folder)
    dossiers: list[Dossier] = []
    errors: list[IntakeError] = []
    for taken in iter_dossiers(folder, max_file_bytes=max_file_bytes):
        if isinstance(taken, Dossier):
            dossiers.append(taken)
        else:
            errors.append(taken)
    dossiers.sort(key=lambda dossier: dossier.dossier_id)
    return Intake(window=window, dossiers=tuple(dossiers), errors=tuple(errors))


def iter_dossiers(
    folder: Path, *, max_file_bytes: int | None = None, only: frozenset[str] | None = None
) -> Iterator[Dossier | IntakeError]:
    """The dossiers of an intake folder and what could not be taken in, as they are read.

    First those declared in a sheet, in its order, then those with a `declaration.json`, by name.
    A dossier's files are hashed when it is reached; only ids and registers are held in memory. A
    file over `max_file_bytes` is put aside. With `only`, other dossiers are passed over, and so
    are errors that name one of them. Raises `UnusableIntake` at once when there is no
    dossiers folder. Nothing is ever written to the folder.
    """
    root = folder.absolute() / "dossiers"
    if not root.is_dir():
        raise UnusableIntake(
            "受理文件夹中没有 dossiers 文件夹。",
            untouched="没有读取任何申报，也没有改动任何文件。",
            next_step="请把每份申报放在 dossiers/申报编号/ 下。",
        )
    return _iterate(folder.absolute(), root, max_file_bytes, only)


def list_dossier_ids(folder: Path) -> list[str]:
    """The ids of all dossier folders of an intake folder, in order. Reads no file."""
    return sorted(_list_folders(folder.absolute() / "dossiers").by_id)


def count_dossiers(folder: Path) -> int:
    """How many folders lie in the dossiers folder. Raises `UnusableIntake` when there is none."""
    try:
        with os.scandir(folder / "dossiers") as scan:
            return sum(1 for entry in scan if entry.is_dir(follow_symlinks=False))
    except OSError as error:
        raise UnusableIntake(
            "受理文件夹中没有 dossiers 文件夹，或无法读取。",
            untouched="没有读取任何申报，也没有改动任何文件。",
            next_step="请把每份申报放在 dossiers/申报编号/ 下。",
        ) from error


@dataclass(slots=True)
class _Folders:
    """The dossier folders by id; each is removed when its dossier has been dealt with."""

    by_id: dict[str, str]
    errors: list[IntakeError]


def _iterate(
    folder: Path, root: Path, max_file_bytes: int | None, only: frozenset[str] | None
) -> Iterator[Dossier | IntakeError]:
    registers = read_registers(folder)
    yield from registers.errors
    folders = _list_folders(root)
    known = frozenset(folders.by_id) if only is not None else frozenset()
    for taken in _taken(folder, root, folders, only):
        if isinstance(taken, IntakeError):
            is_other = taken.dossier_id in known and taken.dossier_id not in (only or ())
            if not is_other:
                yield taken
        elif only is None or to_nfc(taken.declaration.dossier_id) in only:
            yield _dossier(taken, registers, max_file_bytes)


def _taken(
    folder: Path, root: Path, folders: "_Folders", only: frozenset[str] | None
) -> Iterator["_Declared | IntakeError"]:
    """Everything declared, without a look at the files that were uploaded."""
    yield from folders.errors
    sheet = open_sheet(folder)
    if isinstance(sheet, IntakeError):
        yield sheet
    elif sheet is not None:
        yield from _from_sheet(sheet, root, folders)
    for dossier_id, name in folders.by_id.items():
        if only is None or dossier_id in only:
            yield from _from_json(root / name, dossier_id)


def _list_folders(root: Path) -> _Folders:
    """Every dossier folder under `root`, by name; what is none is an error, never followed."""
    folders = _Folders({}, [])
    try:
        with os.scandir(root) as scan:
            entries = sorted(scan, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        raise UnusableIntake(
            "dossiers 文件夹无法读取。", next_step="请检查文件夹权限和磁盘后重试。"
        ) from error
    for entry in entries:
        shown = to_nfc(entry.name)
        if is_noise(entry.name) or entry.name.startswith("."):
            continue
        message = None
        if entry.is_symlink():
            message = "是快捷方式（符号链接），未读取。请放入文件夹本身。"
        elif not entry.is_dir(follow_symlinks=False):
            message = (
                "不是文件夹，未读取。每份申报应是一个以申报编号命名的文件夹（压缩包请先解压）。"
            )
        elif refusal := why_unsafe_id(entry.name):
            message = refusal
        elif shown in folders.by_id:
            message = "与另一文件夹的名称只有编码形式不同，未读取。请改名或合并。"
        if message is None:
            folders.by_id[shown] = entry.name
        else:
            folders.errors.append(
                IntakeError(dossier_id=shown, file=f"dossiers/{shown}", message=message)
            )
    return folders


@dataclass(frozen=True, slots=True)
class _Declared:
    """A declaration and the folder it belongs to."""

    declaration: Declaration
    folder: Path
    file: str
    row: int | None = None
    notes: tuple[IntakeNote, ...] = ()


def _from_sheet(sheet: Sheet, root: Path, folders: _Folders) -> Iterator[_Declared | IntakeError]:
    """The sheet's declarations with their folders; whatever has a row is struck off `folders`."""
    for row in sheet.rows():
        if isinstance(row, IntakeError):
            yield row
            continue
        if row.dossier_id is None or row.dossier_id not in sheet.counts:
            yield from row.errors
            continue
        name = folders.by_id.get(row.dossier_id)
        message = None
        if sheet.counts[row.dossier_id] > 1:
            message = "申报编号在表中出现多次，均未读取。请只保留一行。"
        elif name is None:
            message = f"表中有这一行，但 dossiers 中没有名为“{row.dossier_id}”的文件夹。请补上文件夹或删去这一行。"
        elif os.path.lexists(root / name / FILE):
            message = (
                "申报表中有这一行，文件夹中又有 declaration.json，无法确定用哪一个。请只保留一处。"
            )
        if message is not None:
            yield IntakeError(
                dossier_id=row.dossier_id,
                file=sheet.file,
                row=row.number,
                key=LABELS["dossier_id"],
                message=message,
            )
        yield from row.errors
        if message is None and name is not None and row.declaration is not None:
            yield _Declared(row.declaration, root / name, sheet.file, row.number, row.notes)
    for dossier_id in sheet.counts:
        folders.by_id.pop(dossier_id, None)


def _from_json(folder: Path, dossier_id: str) -> Iterator[_Declared | IntakeError]:
    path = folder / FILE
    if not os.path.lexists(path):
        message = "没有申报数据：文件夹中没有 declaration.json，申报表中也没有这一编号的行。请补上其中之一。"
        yield IntakeError(dossier_id=dossier_id, file=FILE, message=message)
        return
    declaration = read_declaration(path, dossier_id)
    if isinstance(declaration, list):
        yield from declaration
    elif to_nfc(declaration.dossier_id) != dossier_id:
        yield IntakeError(
            dossier_id=dossier_id,
            file=FILE,
            key="dossier_id",
            message="dossier_id 与文件夹名不一致。请核对是否放错了文件夹。",
        )
    else:
        yield _Declared(declaration, folder, FILE)


def _dossier(
    declared: _Declared, registers: Registers, max_file_bytes: int | None
) -> Dossier | IntakeError:
    try:
        return _taken_in(declared, registers, max_file_bytes)
    except OSError:
        return IntakeError(
            dossier_id=to_nfc(declared.declaration.dossier_id),
            file="materials",
            message="文件夹无法读取。请检查文件夹权限和磁盘后重试。",
        )


def _taken_in(declared: _Declared, registers: Registers, max_file_bytes: int | None) -> Dossier:
    collected = collect_materials(declared.folder, max_file_bytes)
    present = {item.file for item in collected.materials}
    present |= {item.file for item in collected.quarantined}
    materials, listed = _declared_materials(declared.declaration, present)
    declaration = declared.declaration.model_copy(
        update={"dossier_id": to_nfc(declared.declaration.dossier_id), "materials": materials}
    )
    where = declared.file if declared.row is None else f"{declared.file} 第 {declared.row} 行"
    unknown = [
        IntakeNote(where=where, message=f"未知的项“{key}”已保留，不参与核对。")
        for key in unknown_keys(declared.declaration)
    ]
    id_number = declaration.person.id_number
    notes = [*unknown, *declared.notes, *listed, *_strays(declared.folder), *collected.notes]
    return Dossier(
        dossier_id=declaration.dossier_id,
        declaration=declaration,
        materials=tuple(collected.materials),
        quarantined=tuple(collected.quarantined),
        notes=tuple(notes),
        prior_recognitions=registers.recognitions_of(id_number),
        sanctions=registers.sanctions_of(id_number),
    )


def _declared_materials(
    declaration: Declaration, present: set[str]
) -> tuple[tuple[DeclaredMaterial, ...], list[IntakeNote]]:
    """The declared list of files with safe paths only, and a note for each that leads nowhere."""
    kept: list[DeclaredMaterial] = []
    notes: list[IntakeNote] = []
    for index, item in enumerate(declaration.materials):
        where = f"{FILE}: materials[{index}].file"
        path = declared_path(item.file)
        if path is None:
            message = "文件路径指向申报文件夹之外，或含有控制字符，已忽略这一项。请写成 materials/文件名。"
            notes.append(IntakeNote(where=where, message=message))
            continue
        kept.append(item.model_copy(update={"file": path}))
        if path not in present:
            message = f"申报清单中的“{path}”不在文件夹中。请核对是否漏传或改名。"
            notes.append(IntakeNote(where=where, message=message))
    return tuple(kept), notes


def _strays(folder: Path) -> list[IntakeNote]:
    """A note for each entry beside `materials`, which is not read."""
    with os.scandir(folder) as scan:
        names = sorted(entry.name for entry in scan)
    message = "不在 materials 文件夹内，未读取。如是申报材料，请移入 materials。"
    return [
        IntakeNote(where=to_nfc(name), message=message)
        for name in names
        if name not in (FILE, "materials") and not is_noise(name) and not name.startswith(".")
    ]
