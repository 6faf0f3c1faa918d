"""The clerk's page names every reason, column and limit that the code knows."""

from pathlib import Path

import pytest

from pipeline.intake import sheet
from pipeline.pages import reasons
from pipeline.pages.formats import Format
from pipeline.pages.page import PageLimits

PAGE = (Path(__file__).parents[2] / "docs" / "intake.md").read_text("utf-8")
FIXED = {name: value for name, value in vars(reasons).items() if name.isupper()}


@pytest.mark.parametrize("name", sorted(FIXED))
def test_every_refusal_is_explained(name: str) -> None:
    beginning = FIXED[name].split("。")[0].split("（")[0].split("，")[0]
    assert beginning in PAGE


@pytest.mark.parametrize(
    "sentence",
    [
        reasons.too_large(1, 1),
        reasons.too_many_pages(1, 1),
        reasons.too_many_pixels(1, 1, 1),
    ],
)
def test_every_limit_is_explained(sentence: str) -> None:
    assert sentence.split("（")[0] in PAGE


def test_every_column_is_named() -> None:
    for header in sheet.LABELS.values():
        assert header in PAGE


def test_every_type_is_named() -> None:
    for kind in Format:
        assert kind.value.removesuffix(" 图片") in PAGE


def test_the_limits_are_the_ones_in_the_code() -> None:
    limits = PageLimits()
    assert f"{limits.max_file_bytes // 2**20} MB" in PAGE
    assert f"| {limits.max_pages} 页 |" in PAGE
    assert f"| {limits.max_pixels / 1e8:g} 亿 |" in PAGE
    assert f"{limits.pdf_dpi} dpi" in PAGE
