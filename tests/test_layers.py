"""Imports point one way: flows, console → pipeline → extractors, validators → pipeline.model."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("pipeline", "extractors", "validators", "flows", "console", "fixtures", "benchmarks")

MAY_IMPORT = {
    "pipeline.model": {"pipeline.model"},
    "extractors": {"extractors", "pipeline.model"},
    "validators": {"validators", "pipeline.model"},
    "pipeline": {"pipeline", "extractors", "validators"},
    "flows": {"flows", "pipeline"},
    "console": {"console", "pipeline"},
    "fixtures": {"fixtures", "pipeline.model"},
}
COMPOSITION_ROOT = "pipeline/cli.py"

FORBIDDEN_IN_VALIDATORS = {
    "cv2", "PIL", "paddleocr", "onnxruntime", "pypdfium2", "pdfplumber", "sqlalchemy", "prefect",
    "numpy", "zxingcpp", "pikepdf",
}  # fmt: skip
FORBIDDEN_IN_FLOWS = {"re", "cv2", "numpy", "paddleocr", "pypdfium2", "PIL"}


def imported_modules(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def layer_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "pipeline.model" if parts[:2] == ("pipeline", "model") else parts[0]


def belongs_to(module: str, layer: str) -> bool:
    return module == layer or module.startswith(layer + ".")


def sources() -> list[Path]:
    return sorted(p for name in OURS for p in (ROOT / name).rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    layer = layer_of(path)
    if layer not in MAY_IMPORT or path.relative_to(ROOT).as_posix() == COMPOSITION_ROOT:
        return
    for module in imported_modules(path):
        if module == "pipeline" or module.split(".")[0] not in OURS:
            continue
        if module.rsplit(".", 1)[0] in MAY_IMPORT[layer]:
            continue
        assert any(belongs_to(module, allowed) for allowed in MAY_IMPORT[layer]), module


def test_validators_know_no_machinery() -> None:
    for path in (ROOT / "validators").rglob("*.py"):
        roots = {module.split(".")[0] for module in imported_modules(path)}
        assert not roots & FORBIDDEN_IN_VALIDATORS, path


def test_flows_hold_orchestration_only() -> None:
    for path in (ROOT / "flows").rglob("*.py"):
        roots = {module.split(".")[0] for module in imported_modules(path)}
        assert not roots & FORBIDDEN_IN_FLOWS, path


def test_extraction_never_sees_the_declaration() -> None:
    for path in (ROOT / "extractors").rglob("*.py"):
        assert not any("declaration" in m for m in imported_modules(path)), path
        assert "pipeline.model.dossier" not in imported_modules(path), path


def test_the_check_itself_notices_a_wrong_import(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("from pipeline.store import database\n")
    modules = imported_modules(wrong)
    assert not all(any(belongs_to(m, a) for a in MAY_IMPORT["validators"]) for m in modules)
