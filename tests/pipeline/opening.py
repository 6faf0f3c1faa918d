"""Files opened as the reading stage opens them: their pages, or why they are refused."""

from pathlib import Path

import pytest

from pipeline.errors import MaterialRefused
from pipeline.pages import OpenedPage, PageLimits, open_material


def open_pages(path: Path, limits: PageLimits | None = None) -> list[OpenedPage]:
    with open_material(path, limits) as material:
        return list(material)


def refusal(path: Path, limits: PageLimits | None = None) -> str:
    with pytest.raises(MaterialRefused) as caught, open_material(path, limits) as material:
        for _ in material:
            pass
    return caught.value.message
