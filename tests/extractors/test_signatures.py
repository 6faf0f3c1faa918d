"""What was seen at places to sign, as extractors tell it."""

from typing import Literal

import pytest

from extractors.registry import extract
from extractors.signatures import signature_of, signature_traits
from pipeline.model.document import Extraction
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import PageReading, Seal, SigningPlace
from tests.extractors.drawn_pages import Drawing, paper

State = Literal["written", "printed", "empty", "unclear"]
LABEL = "承诺人（签字）："


def place(state: State, label: str = "承诺人(签字):", *, y: float = 300) -> SigningPlace:
    return SigningPlace(
        label=label, label_rect=(100, y - 15, 340, y + 15), room=(340, y - 40, 640, y + 40),
        state=state, strokes=(360, y - 30, 500, y + 30) if state == "written" else None,
        ink="blue" if state == "written" else None,
    )  # fmt: skip


def page(*places: SigningPlace, read: str = "", sealed: bool = False) -> PageReading:
    drawing = Drawing(width=1190, height=800)
    drawing.write(595, 60, "诚信承诺书", size=38, centred=True)
    drawing.write(100, 150, "本人林样例，身份证号11010519491231002X，郑重承诺材料真实。", size=24)
    drawing.write(100, 300, LABEL, size=30)
    drawing.write(370, 300, read, size=30)
    drawing.write(700, 400, "2022年12月28日", size=24)
    seals = (Seal(rect=(480, 250, 680, 450), ink="red"),) if sealed else ()
    return drawing.page().model_copy(update={"signing_places": places, "seals": seals})


def pledge(found: PageReading) -> Extraction:
    return extract(paper(DocumentKind.INTEGRITY_PLEDGE, [found]))


@pytest.mark.parametrize(
    ("state", "signed"), [("written", True), ("empty", False), ("unclear", None), ("printed", None)]
)
def test_a_pledge_is_signed_as_its_place_looks(state: State, signed: bool | None) -> None:
    extraction = pledge(page(place(state), read="林样例"))
    fields = {f.name: f for f in extraction.fields}
    assert ("signed" in fields) == (signed is not None)
    if signed is None:
        (unread,) = [u for u in extraction.unreadable if u.name == "signed"]
        assert unread.evidence
    else:
        assert fields["signed"].value is signed


def test_the_evidence_of_a_signature_is_its_strokes() -> None:
    (field,) = [f for f in pledge(page(place("written"))).fields if f.name == "signed"]
    assert field.evidence[0].box[0] == (360.0, 270.0)
    assert field.raw == "承诺人(签字):"


def test_a_seal_stands_for_a_signature() -> None:
    fields = pledge(page(place("empty"), sealed=True)).fields
    assert [f.value for f in fields if f.name == "signed"] == [True]


@pytest.mark.parametrize(
    ("states", "seen"),
    [
        ((("甲方代表签字:", "written"), ("乙方签字:", "empty")), "blank"),
        ((("甲方代表签字:", "empty"), ("乙方签字:", "written")), "present"),
        ((("甲方代表签字:", "written"), ("乙方签字:", "unclear")), "unclear"),
        ((("负责人(签字):", "written"),), "present"),
        ((("承诺人:", "printed"), ("承诺人(签字):", "written")), "present"),
        ((("承诺人:", "printed"), ("承诺人(签字):", "empty")), "blank"),
    ],
)
def test_the_place_of_the_person_whose_paper_it_is_decides(
    states: tuple[tuple[str, State], ...], seen: str
) -> None:
    places = [place(state, label, y=200 + 100 * i) for i, (label, state) in enumerate(states)]
    found = page(*places)
    assert signature_traits([found])[0] == f"signature={seen}"


def test_a_page_whose_picture_was_not_looked_at_is_told_by_its_text() -> None:
    signature = signature_of([page(read="林样例")])
    assert signature is not None and signature.seen == "present"
    signature = signature_of([page()])
    assert signature is not None and signature.seen == "blank"


@pytest.mark.parametrize(
    ("text", "at", "seen"),
    [
        ("林样例", (700, 300), "unclear"), ("林样例", (420, 380), "unclear"),
        ("2022年12月28日", (420, 380), "blank"), ("单位盖章：", (700, 300), "blank"),
        ("林样例", (420, 600), "blank"),
    ],
)  # fmt: skip
def test_a_name_read_near_an_empty_place_leaves_a_doubt(
    text: str, at: tuple[float, float], seen: str
) -> None:
    drawing = Drawing(width=1190, height=800)
    drawing.write(100, 300, LABEL, size=30)
    for other in range(4):
        drawing.write(100, 60 + 40 * other, "本人郑重承诺所提供的材料真实有效。", size=30)
    drawing.write(*at, text, size=30)
    found = drawing.page().model_copy(update={"signing_places": (place("empty"),)})
    assert signature_traits([found])[0] == f"signature={seen}"
