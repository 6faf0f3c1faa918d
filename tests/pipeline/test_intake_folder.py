"""Whole intake folders, made here: what is taken in, what is refused, and that nothing else suffers."""

import hashlib
import json
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UnusableIntake
from pipeline.intake import iter_dossiers, load_intake
from pipeline.model.declaration import Channel, EmploymentStatus, TitleLevel
from pipeline.model.dossier import Dossier, IntakeError

WINDOW = """
id = "2022H2"
notice = "川网办通〔2022〕91号"
opens_on = 2022-12-27
closes_on = 2023-01-31
"""
PDF = b"%PDF-1.4 content"


def declared(dossier_id: str) -> dict[str, Any]:
    return {
        "dossier_id": dossier_id,
        "submitted_on": "2023-01-10",
        "channel": "provincial",
        "applied_level": "助理级",
        "person": {"name": "阿依·古丽", "id_number": "51010219960308001X"},
        "education": {
            "level": "大学本科",
            "degree": "学士",
            "institution": "样张大学",
            "major": "信息安全",
            "graduated_on": "2019-06-30",
            "diploma_number": "999991201905000001",
        },
        "employment": {
            "status": "employed",
            "employer": "四川样张网络有限公司",
            "position": "网络安全工程师",
            "security_work_since": "2019-08",
        },
    }


Add = Callable[..., Path]


@pytest.fixture
def intake(tmp_path: Path) -> Path:
    folder = tmp_path / "2022H2"
    (folder / "dossiers").mkdir(parents=True)
    (folder / "window.toml").write_text(WINDOW, "utf-8")
    return folder


@pytest.fixture
def add(intake: Path) -> Add:
    def make(name: str, /, *, declare: bool = True, **changes: Any) -> Path:
        folder = intake / "dossiers" / name
        (folder / "materials").mkdir(parents=True)
        if declare:
            content = declared(name) | changes
            (folder / "declaration.json").write_text(json.dumps(content), "utf-8")
        return folder

    return make


def only_error(folder: Path) -> IntakeError:
    (error,) = load_intake(folder).errors
    return error


def test_a_dossier_with_its_files(intake: Path, add: Add) -> None:
    folder = add("2022H2-000001")
    (folder / "materials" / "02.pdf").write_bytes(PDF)
    (folder / "materials" / "社保").mkdir()
    (folder / "materials" / "社保" / "01.JPG").write_bytes(b"\xff\xd8\xff")
    taken = load_intake(intake)
    assert taken.errors == ()
    assert taken.window.id == "2022H2"
    (dossier,) = taken.dossiers
    assert dossier.declaration.channel is Channel.PROVINCIAL
    assert dossier.declaration.applied_level is TitleLevel.ASSISTANT
    assert dossier.declaration.employment.status is EmploymentStatus.EMPLOYED
    assert [item.file for item in dossier.materials] == [
        "materials/02.pdf",
        "materials/社保/01.JPG",
    ]
    assert dossier.materials[0].size == len(PDF)
    assert dossier.materials[0].sha256 == hashlib.sha256(PDF).hexdigest()
    assert Path(dossier.materials[1].path).read_bytes() == b"\xff\xd8\xff"
    assert dossier.quarantined == ()
    assert dossier.notes == ()


def test_declaration_with_byte_order_mark(intake: Path, add: Add) -> None:
    path = add("A-1") / "declaration.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(load_intake(intake).dossiers) == 1


def test_unknown_keys_are_kept_and_reported(intake: Path, add: Add) -> None:
    person = declared("A-1")["person"] | {"phone": "0000"}
    add("A-1", person=person, remark="x")
    (dossier,) = load_intake(intake).dossiers
    assert dossier.declaration.person.model_extra == {"phone": "0000"}
    assert [note.message for note in dossier.notes] == [
        "未知的项“remark”已保留，不参与核对。",
        "未知的项“person.phone”已保留，不参与核对。",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"[]", "{…}"),
        (b"\xc4\xe3\xba\xc3", "UTF-8"),
        (b'{"a": 1, "a": 2}', "多次"),
        (b'{"a": NaN}', "JSON"),
        (b'{"a": "\\ud800"}', "JSON"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_a_broken_declaration_costs_its_own_dossier_only(
    intake: Path, add: Add, content: bytes, words: str
) -> None:
    add("A-1")
    add("A-3")
    (add("A-2") / "declaration.json").write_bytes(content)
    taken = load_intake(intake)
    assert [dossier.dossier_id for dossier in taken.dossiers] == ["A-1", "A-3"]
    (error,) = taken.errors
    assert (error.dossier_id, error.file) == ("A-2", "declaration.json")
    assert words in error.message


def _without(section: str, key: str) -> dict[str, Any]:
    part = dict(declared("A-1")[section])
    del part[key]
    return {section: part}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        (_without("person", "id_number"), "person.id_number"),
        (_without("education", "degree"), "education.degree"),
        ({"channel": "省级"}, "channel"),
        ({"submitted_on": "2023-01"}, "submitted_on"),
        ({"submitted_on": 1673308800}, "submitted_on"),
        ({"submitted_on": "2023-02-30"}, "submitted_on"),
        ({"person": {"name": "甲", "id_number": 510102199603080018}}, "person.id_number"),
        ({"person": {"name": " ", "id_number": "1"}}, "person.name"),
        ({"person": {"name": "甲\u0007", "id_number": "1"}}, "person.name"),
        ({"person": {"name": "甲", "id_number": "1", "gender": "M"}}, "person.gender"),
        (
            {"education": declared("A-1")["education"] | {"graduated_on": "2019-02-30"}},
            "education.graduated_on",
        ),
        ({"education": declared("A-1")["education"] | {"foreign": "否"}}, "education.foreign"),
        ({"employment": declared("A-1")["employment"] | {"employer": None}}, "employment.employer"),
        (
            {"contributions": {"first_month": "2022-12", "last_month": "2022-07"}},
            "contributions.last_month",
        ),
        ({"materials": [{"declared_kind": "diploma"}]}, "materials.0.file"),
        ({"person": "甲"}, "person"),
    ],
)
def test_each_wrong_key_is_named(intake: Path, add: Add, changes: dict[str, Any], key: str) -> None:
    add("A-1", **changes)
    error = only_error(intake)
    assert (error.dossier_id, error.file, error.key) == ("A-1", "declaration.json", key)
    assert "请" in error.message


def test_all_wrong_keys_of_a_dossier_are_named_at_once(intake: Path, add: Add) -> None:
    add("A-1", channel="x", submitted_on="x", person={})
    errors = load_intake(intake).errors
    assert {e.key for e in errors} == {"channel", "submitted_on", "person.name", "person.id_number"}


def test_errors_never_repeat_what_was_declared(intake: Path, add: Add) -> None:
    add("A-1", person={"name": "阿依·古丽", "id_number": 510102199603080018, "birth_date": "x"})
    text = "".join(error.message for error in load_intake(intake).errors)
    assert "阿依" not in text
    assert "5101" not in text


def test_freelancer_has_no_employer(intake: Path, add: Add) -> None:
    employment = {"status": "freelance", "employer": None, "position": "x"}
    add("A-1", employment=employment | {"security_work_since": "2019-08"})
    assert load_intake(intake).errors == ()


def test_folder_name_is_the_dossier_id(intake: Path, add: Add) -> None:
    add("A-1", dossier_id="A-2")
    assert only_error(intake).key == "dossier_id"


def test_folder_without_declaration(intake: Path, add: Add) -> None:
    add("A-1", declare=False)
    assert "没有申报数据" in only_error(intake).message


def test_what_is_no_dossier_folder(intake: Path, add: Add, tmp_path: Path) -> None:
    dossiers = intake / "dossiers"
    outside = tmp_path / "outside"
    outside.mkdir()
    (dossiers / "A-1.zip").write_bytes(b"PK")
    (dossiers / "link").symlink_to(outside)
    (dossiers / "a:b").mkdir()
    for noise in (".DS_Store", "Thumbs.db"):
        (dossiers / noise).touch()
    (dossiers / "__MACOSX").mkdir()
    add("A-2")
    taken = load_intake(intake)
    assert [error.dossier_id for error in taken.errors] == ["A-1.zip", "a:b", "link"]
    assert [dossier.dossier_id for dossier in taken.dossiers] == ["A-2"]


def test_linked_declaration_is_not_followed(intake: Path, add: Add, tmp_path: Path) -> None:
    folder = add("A-1", declare=False)
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps(declared("A-1")))
    (folder / "declaration.json").symlink_to(secret)
    assert "不是普通文件" in only_error(intake).message


def test_folder_name_in_another_normal_form_is_the_same_id(intake: Path, add: Add) -> None:
    decomposed = unicodedata.normalize("NFD", "É-1")
    add(decomposed, dossier_id="É-1")
    (dossier,) = load_intake(intake).dossiers
    assert dossier.dossier_id == "É-1"


def test_declared_files_that_lead_out_are_ignored_with_a_note(intake: Path, add: Add) -> None:
    files = ["../../x.pdf", "/etc/passwd", "C:\\x.pdf", "materials/../../x", "a\u0000b"]
    folder = add("A-1", materials=[{"file": file} for file in files[:4]])
    (dossier,) = load_intake(intake).dossiers
    assert dossier.declaration.materials == ()
    assert len(dossier.notes) == 4
    content = declared("A-1") | {"materials": [{"file": files[4]}]}
    (folder / "declaration.json").write_text(json.dumps(content), "utf-8")
    assert only_error(intake).key == "materials.0.file"


def test_declared_files_are_found_whatever_slash_and_normal_form(intake: Path, add: Add) -> None:
    names = ["materials\\01.pdf", "./materials/" + unicodedata.normalize("NFD", "É.pdf")]
    folder = add("A-1", materials=[{"file": name} for name in [*names, "materials/gone.pdf"]])
    (folder / "materials" / "01.pdf").write_bytes(PDF)
    (folder / "materials" / "É.pdf").write_bytes(PDF)
    (dossier,) = load_intake(intake).dossiers
    assert [item.file for item in dossier.declaration.materials] == [
        "materials/01.pdf",
        "materials/É.pdf",
        "materials/gone.pdf",
    ]
    (note,) = dossier.notes
    assert "materials/gone.pdf" in note.message


def test_files_beside_materials_are_named_not_lost(intake: Path, add: Add) -> None:
    folder = add("A-1")
    (folder / "diploma.pdf").write_bytes(PDF)
    (dossier,) = load_intake(intake).dossiers
    assert [note.where for note in dossier.notes] == ["diploma.pdf"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "没有 window.toml"),
        ("id = ", "格式有误"),
        ('id = "a"\nopens_on = 2022-12-27', "notice、closes_on"),
        (WINDOW.replace("2023-01-31", "2022-01-31"), "早于"),
    ],
)
def test_unusable_window(intake: Path, content: str | None, words: str) -> None:
    if content is None:
        (intake / "window.toml").unlink()
    else:
        (intake / "window.toml").write_text(content, "utf-8")
    with pytest.raises(UnusableIntake, match=words):
        load_intake(intake)


def test_no_dossiers_folder(intake: Path) -> None:
    (intake / "dossiers").rmdir()
    with pytest.raises(UnusableIntake):
        iter_dossiers(intake)
    with pytest.raises(UnusableIntake):
        load_intake(intake / "nowhere")


def test_dossiers_are_read_when_they_are_asked_for(intake: Path, add: Add) -> None:
    for number in range(3):
        add(f"A-{number}")
    stream = iter_dossiers(intake)
    first = next(stream)
    (intake / "dossiers" / "A-2" / "declaration.json").write_text("{", "utf-8")
    assert isinstance(first, Dossier)
    rest = list(stream)
    assert isinstance(rest[0], Dossier)
    assert isinstance(rest[1], IntakeError)


def test_reading_changes_nothing(intake: Path, add: Add) -> None:
    (add("A-1") / "materials" / "01.pdf").write_bytes(PDF)

    def state() -> list[tuple[str, int, int]]:
        return [
            (str(path), path.stat().st_mtime_ns, path.stat().st_size)
            for path in sorted(intake.rglob("*"))
        ]

    before = state()
    load_intake(intake)
    assert state() == before


def test_a_folder_that_cannot_be_listed_costs_its_own_dossier_only(
    intake: Path, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("A-1")
    add("A-2")
    real = os.scandir

    def failing(path: Any) -> Any:
        if str(path).endswith("A-1"):
            raise PermissionError(path)
        return real(path)

    monkeypatch.setattr(os, "scandir", failing)
    taken = load_intake(intake)
    assert [dossier.dossier_id for dossier in taken.dossiers] == ["A-2"]
    assert [error.dossier_id for error in taken.errors] == ["A-1"]
