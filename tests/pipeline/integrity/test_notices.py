"""Marks, codes and image cues: what is told of a paper, and what is let be."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image

from fixtures.factory.tampering import retype
from pipeline.integrity.codes import compare_code, official_part
from pipeline.integrity.image_edits import find_image_edits, lacks_grain
from pipeline.integrity.inspect import likeness
from pipeline.integrity.marks import bears_mark
from pipeline.integrity.notices import add_notices
from pipeline.model.document import Document, Evidence, Field
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import Code, Cue, CueKind, Line, MaterialReading, PageReading, Quad

BOX: Quad = ((100.0, 100.0), (300.0, 100.0), (300.0, 130.0), (100.0, 130.0))
FAR: Quad = ((100.0, 700.0), (300.0, 700.0), (300.0, 730.0), (100.0, 730.0))
NUMBER = "992011201905000123"


def line(
    text: str, y: float = 20.0, x: float = 100.0, height: float = 30.0, step: float = 16.0
) -> Line:
    spans = tuple((x + i * step, x + (i + 1) * step) for i in range(len(text)))
    return Line(
        text=text, rect=(x, y, x + step * len(text), y + height), confidence=0.99, spans=spans
    )


def record(kind: str = "education_record", confidence: float = 0.99, **fields: str) -> Document:
    return Document(
        document_id="d",
        file="a.pdf",
        pages=(1,),
        kind=DocumentKind(kind),
        kind_confidence=1.0,
        source="ocr",
        fields=tuple(
            Field(
                name=n, value=v, raw=v, confidence=confidence, evidence=(Evidence(page=1, box=BOX),)
            )
            for n, v in (fields or {"diploma_number": NUMBER, "name": "李清源"}).items()
        ),
    )


# --- state-secret marks ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "机密★10年",
        "秘密★",
        "绝密 ★ 启用前",
        "机 密",
        "秘密",
        "密级：机密",
        "秘密☆1年",
        "机密*5年",
        "秘密大1年",
    ],
)
def test_marks_of_the_state(text: str) -> None:
    assert bears_mark([line(text)], 1000)


@pytest.mark.parametrize(
    "text",
    [
        "商业秘密",
        "保守国家秘密",
        "注意保密",
        "机密性、完整性",
        "秘密保护条款",
        "密级：",
        "内部资料",
        "绝密级系统测评",
    ],
)
def test_words_that_are_no_mark(text: str) -> None:
    assert not bears_mark([line(text)], 1000)


def test_a_level_alone_in_the_body_of_a_contract_is_no_mark() -> None:
    assert not bears_mark([line("秘密", y=600)], 1000)


# --- codes -------------------------------------------------------------------------------------


def code(payload: str) -> Code:
    return Code(format="QRCode", payload=payload, box=BOX)


def test_a_code_that_says_what_is_printed_says_nothing() -> None:
    same = code("姓名：李清源；证书编号：9920 1120 1905 0001 23；层次：本科")
    assert list(compare_code(record(), same)) == []
    slip = code(f"姓名：李清源；证书编号：{NUMBER[:-1]}8")  # 3 and 8 look alike
    assert list(compare_code(record(), slip)) == []


def test_a_code_of_another_paper_differs_without_telling_what_it_says() -> None:
    told = list(compare_code(record(), code("姓名：王建国;证书编号：992011201905000777")))
    assert {t.split(":")[0] for t in told} == {"name", "diploma_number"}
    assert "王建国" not in str(told) and "777" not in str(told)


def test_a_rare_character_that_the_code_knows_and_print_was_read_without_is_no_difference() -> None:
    """何𠮷 in the code, 何吉 as the page was read."""
    assert list(compare_code(record(name="何吉"), code("姓名：何𠮷"))) == []
    assert list(compare_code(record(name="何吉"), code("姓名：何利"))) != []


def test_a_badly_read_print_or_a_starred_code_is_not_compared() -> None:
    other = code("姓名：王建国")
    assert list(compare_code(record(confidence=0.5), other)) == []
    assert list(compare_code(record(), code("姓名：王**"))) == []
    assert list(compare_code(record("achievement", title="项目"), other)) == []


def test_only_the_host_of_a_link_is_told() -> None:
    link = code(f"https://chsi.example.invalid/bg.do?vcode={NUMBER}")
    assert official_part(record(), link) == "chsi.example.invalid"
    assert official_part(record(), code("姓名：李清源")) is None
    assert official_part(record("achievement", title="x"), link) is None


# --- pictures ----------------------------------------------------------------------------------


def scan(*, grain: float = 4.0, seed: int = 1) -> Image.Image:
    """A grey page with a number, as a scanner gives it."""
    rng = np.random.default_rng(seed)
    page = np.full((400, 700, 3), 240, np.uint8)
    cv2.putText(
        page, NUMBER, (150, 210), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (40, 40, 40), 2, cv2.LINE_AA
    )
    noise = rng.normal(0, grain, (400, 700, 1))
    return Image.fromarray(np.clip(page + noise, 0, 255).astype(np.uint8))


NUMBER_BOX: Quad = ((150.0, 184.0), (470.0, 184.0), (470.0, 216.0), (150.0, 216.0))


def edits(picture: Image.Image, quality: int = 85) -> list[Cue]:
    page = PageReading(
        number=1, width=700, height=400, upright_width=700, upright_height=400,
        lines=(line(NUMBER, y=184, x=150, height=32, step=320 / 18),),
    )  # fmt: skip
    bgr = cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR)
    pressed = cv2.imdecode(cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1)
    return list(find_image_edits(np.asarray(pressed, dtype=np.uint8), page))


@pytest.mark.parametrize("seed", range(5))
def test_a_number_typed_anew_on_a_scan_lacks_its_grain(seed: int) -> None:
    picture = scan(seed=seed)
    assert edits(picture) == []
    assert retype(picture, NUMBER_BOX, NUMBER[:-1] + "7", "NotoSansSC")
    (cue,) = edits(picture)
    assert cue.kind is CueKind.IMAGE_EDIT and cue.box is not None and cue.box[0][0] >= 140


def test_pages_without_grain_say_nothing_either_way() -> None:
    clean = scan(grain=0.0)
    assert edits(clean, quality=60) == []
    retype(clean, NUMBER_BOX, NUMBER, "NotoSansSC")
    assert edits(clean, quality=60) == []


@pytest.mark.parametrize(("around", "told"), [(0.05, True), (0.55, False)])
def test_paper_whose_grain_is_lost_in_many_places_has_none_to_miss(
    around: float, told: bool
) -> None:
    """A curled photo, pressed: squares of it are even, more of them by chance where a number is."""
    rng = np.random.default_rng(2)
    calm = rng.random((30, 60)) < around
    calm[13:17, 20:40] = rng.random((4, 20)) < 0.85
    square = np.kron(calm, np.ones((12, 12))).astype(bool)
    grey = np.where(square, 200, rng.integers(180, 220, square.shape)).astype(np.uint8)
    assert lacks_grain(grey, (240.0, 156.0, 480.0, 204.0)) is told


def test_a_copy_of_a_page_looks_alike_and_another_page_does_not() -> None:
    rng = np.random.default_rng(3)
    page = np.full((800, 600, 3), 245, np.uint8)
    for y in range(60, 760, 30):
        page[y : y + 14, 60 : 60 + int(rng.integers(100, 480))] = 40
    other = np.ascontiguousarray(page[::-1])
    small = np.asarray(cv2.resize(page, (420, 560), interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def apart(a: str, b: str) -> int:
        return (int(a, 16) ^ int(b, 16)).bit_count()

    assert apart(likeness(page), likeness(small)) <= 4
    assert apart(likeness(page), likeness(other)) > 10


# --- on papers ---------------------------------------------------------------------------------


def reading(*cues: Cue, codes: tuple[Code, ...] = ()) -> MaterialReading:
    page = PageReading(
        number=1, width=900, height=900, upright_width=900, upright_height=900, codes=codes
    )
    return MaterialReading(sha256="0", pages=(page,), cues=cues)


def test_a_cue_counts_only_on_a_value_and_leads_to_it() -> None:
    on = Cue(kind=CueKind.IMAGE_EDIT, text="平滑", page=1, box=BOX)
    off = Cue(kind=CueKind.OVERLAY, text="色块", page=1, box=FAR)
    (document,) = add_notices([record(diploma_number=NUMBER)], reading(on, off))
    assert document.traits == ("image_edit_suspected=1#diploma_number:平滑",)


def test_what_concerns_the_file_is_told_once() -> None:
    papers = [
        record(),
        record("degree_report", degree_number="1").model_copy(update={"pages": (2,)}),
    ]
    cue = Cue(kind=CueKind.SIGNATURE_BROKEN, text="有改动")
    first, second = add_notices(papers, reading(cue))
    assert first.traits == ("signature_broken=有改动",) and second.traits == ()


def test_fields_are_as_they_were_and_no_payload_is_kept() -> None:
    before = record()
    secret = "姓名：王建国；证书编号：992011201905000777"
    (after,) = add_notices([before], reading(codes=(code(secret),)))
    assert after.fields == before.fields and len(after.traits) == 2
    dumped = json.dumps(after.model_dump(mode="json"), ensure_ascii=False)
    assert "王建国" not in dumped and "992011201905000777" not in dumped
