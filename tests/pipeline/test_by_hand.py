"""Papers as a person put them together: kinds are believed, and no page is lost or used twice."""

import pytest

from pipeline.classify import group_material, split_material
from pipeline.model.document import PageGroup
from pipeline.model.kinds import DocumentKind as Kind
from pipeline.model.reading import MaterialReading
from tests.extractors.drawn_pages import Drawing


def reading(*pages: tuple[str, ...]) -> MaterialReading:
    drawn = []
    for number, texts in enumerate(pages, start=1):
        page = Drawing()
        for i, text in enumerate(texts):
            page.write(100, 120 + 60 * i, text)
        drawn.append(page.page(number))
    return MaterialReading(sha256="a" * 64, pages=tuple(drawn))


TWO = reading(("毕业证书", "成绩合格，准予毕业。"), ("一张没有标题的纸",))


def test_a_page_that_no_anchor_tells_has_the_kind_that_a_person_says() -> None:
    assert split_material(TWO)[1].kind is Kind.UNKNOWN
    documents = group_material(
        TWO,
        [PageGroup(pages=(2,), kind=Kind.INTEGRITY_PLEDGE), PageGroup(pages=(1,), kind=Kind.DIPLOMA)],
    )  # fmt: skip
    assert [(d.kind, [p.number for p in d.pages]) for d in documents] == [
        (Kind.DIPLOMA, [1]), (Kind.INTEGRITY_PLEDGE, [2]),
    ]  # fmt: skip
    assert {d.kind_confidence for d in documents} == {1.0}


def test_pages_are_joined_as_a_person_says() -> None:
    (one,) = group_material(TWO, [PageGroup(pages=(1, 2), kind=Kind.LABOUR_CONTRACT)])
    assert [p.number for p in one.pages] == [1, 2] and one.anchors == ()


@pytest.mark.parametrize("pages", [((1,),), ((1,), (1, 2)), ((1,), (2, 3)), ((2,), (2,))])
def test_groups_that_are_not_the_pages_are_refused(pages: tuple[tuple[int, ...], ...]) -> None:
    with pytest.raises(ValueError, match="exactly one paper"):
        group_material(TWO, [PageGroup(pages=p, kind=Kind.DIPLOMA) for p in pages])
