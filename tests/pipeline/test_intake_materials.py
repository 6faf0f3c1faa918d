"""The uploads of one dossier: what is taken, what is put aside and why."""

import hashlib
import os
import unicodedata
import zipfile
from pathlib import Path

import pytest

from pipeline.intake.materials import collect_materials
from pipeline.pages import reasons

PDF = b"%PDF-1.4 content"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "A-1" / "materials").mkdir(parents=True)
    return tmp_path / "A-1"


def reason_of(folder: Path, name: str) -> str:
    found = {item.file: item.reason for item in collect_materials(folder).quarantined}
    return found[f"materials/{name}"]


def test_hash_size_and_order(folder: Path) -> None:
    data = os.urandom(3_000_000)
    for name in ("b.pdf", "a.PDF", "证书.jpeg"):
        (folder / "materials" / name).write_bytes(data)
    materials = collect_materials(folder).materials
    assert [item.file for item in materials] == [
        "materials/a.PDF",
        "materials/b.pdf",
        "materials/证书.jpeg",
    ]
    assert {item.sha256 for item in materials} == {hashlib.sha256(data).hexdigest()}
    assert {item.size for item in materials} == {3_000_000}


def test_names_that_differ_by_normal_form_only_do_not_collide(folder: Path) -> None:
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "É.pdf")
        (folder / "materials" / name).write_bytes(PDF + form.encode())
    collected = collect_materials(folder)
    files = [item.file for item in collected.materials]
    assert sorted(files) == ["materials/É.pdf", "materials/É~2.pdf"]
    assert len({item.sha256 for item in collected.materials}) == 2
    assert len(collected.notes) == 1


def test_links_and_special_files_are_put_aside(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.pdf").write_bytes(PDF)
    (folder / "materials" / "file.pdf").symlink_to(outside / "secret.pdf")
    (folder / "materials" / "folder").symlink_to(outside)
    os.mkfifo(folder / "materials" / "pipe.pdf")
    collected = collect_materials(folder)
    assert collected.materials == []
    assert [item.file for item in collected.quarantined] == [
        "materials/file.pdf",
        "materials/folder",
        "materials/pipe.pdf",
    ]
    assert "快捷方式" in collected.quarantined[0].reason
    assert collected.quarantined[2].reason == reasons.NOT_A_FILE


def test_linked_materials_folder_is_not_entered(folder: Path, tmp_path: Path) -> None:
    (folder / "materials").rmdir()
    (tmp_path / "01.pdf").write_bytes(PDF)
    (folder / "materials").symlink_to(tmp_path)
    collected = collect_materials(folder)
    assert collected.materials == []
    assert collected.quarantined[0].file == "materials"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"bad\xff.pdf", "bad\ufffd.pdf"),
        (b"a\x07.pdf", "a\ufffd.pdf"),
        (b"a\n.pdf", "a\ufffd.pdf"),
        ("a\u202egpj.pdf".encode(), "a\ufffdgpj.pdf"),
        (b"materials\\01.pdf", "materials\\01.pdf"),
    ],
)
def test_unsafe_names_are_put_aside_under_a_name_that_can_be_shown(
    folder: Path, name: bytes, shown: str
) -> None:
    with open(os.path.join(os.fsencode(folder / "materials"), name), "wb") as file:  # noqa: PTH118, PTH123
        file.write(PDF)
    assert "请改名" in reason_of(folder, shown)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"", reasons.EMPTY),
        ("a.docx", None, reasons.OFFICE),
        ("a.zip", b"PK\x03\x04rest", reasons.ARCHIVE),
        ("a.txt", b"text", reasons.UNSUPPORTED),
        ("a.html", b"<html></html>", reasons.WEB_PAGE),
        ("scan", PDF, reasons.wrong_extension("", "PDF")),
        ("a.exe", b"MZ" + b"x" * 100, reasons.UNSUPPORTED),
    ],
)
def test_what_cannot_be_read_is_put_aside_with_the_reason(
    folder: Path, name: str, content: bytes | None, reason: str
) -> None:
    path = folder / "materials" / name
    if content is None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", "x")
    else:
        path.write_bytes(content)
    assert reason_of(folder, name) == reason


def test_too_large_is_put_aside_unread(folder: Path) -> None:
    with (folder / "materials" / "a.pdf").open("wb") as file:
        file.truncate(2**30)
    (entry,) = collect_materials(folder, max_file_bytes=2**20).quarantined
    assert entry.reason == reasons.too_large(2**30, 2**20)


def test_leftovers_of_systems_and_programmes_are_ignored_with_one_note(folder: Path) -> None:
    for name in ("Thumbs.db", ".DS_Store", "~$合同.pdf", "._01.pdf", "desktop.ini"):
        (folder / "materials" / name).write_bytes(b"x")
    collected = collect_materials(folder)
    assert not collected.materials
    assert not collected.quarantined
    (note,) = collected.notes
    assert "5 个" in note.message


def test_endless_depth_and_number_are_bounded(folder: Path) -> None:
    deep = folder / "materials"
    for _ in range(20):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.pdf").write_bytes(PDF)
    collected = collect_materials(folder)
    assert collected.materials == []
    assert "层数" in collected.quarantined[0].reason


def test_no_materials_folder(folder: Path) -> None:
    (folder / "materials").rmdir()
    (note,) = collect_materials(folder).notes
    assert "没有任何材料" in note.message
