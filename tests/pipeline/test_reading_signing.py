"""Places to sign looked at in drawn pictures: by hand, in print, empty, hidden."""

from importlib import metadata
from random import Random

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors.signing_places import places_to_sign
from pipeline.model.reading import PageReading, Seal
from pipeline.reading.signing import find_signatures
from tests.extractors.drawn_pages import Drawing

SIZE = 30
BLACK, BLUE, RED = (20, 20, 24), (30, 50, 150), (210, 45, 40)
LABEL, AT = "承诺人（签字）：", (200, 300)
ROOM = AT[0] + SIZE * len(LABEL)
TEXT = "本人郑重承诺所提供的材料真实有效，如有弄虚作假，愿承担一切后果。"


def font(size: int) -> ImageFont.FreeTypeFont:
    inside = "mplfonts/fonts/SourceHanSerifSC-Regular.otf"
    return ImageFont.truetype(str(metadata.distribution("mplfonts").locate_file(inside)), size)


class Sheet:
    """A picture and what a reader reads on it."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (1240, 620), "white")
        self.pen = ImageDraw.Draw(self.image)
        self.reading = Drawing(width=1240, height=620)
        for y in (100, 160):
            self.print(100, y, TEXT)
        self.print(*AT, LABEL)
        self.print(820, 400, "2023年1月11日")

    def print(self, x: float, y: float, text: str, *, size: int = SIZE, read: bool = True) -> None:
        self.pen.text((x, y), text, font=font(size), fill="black", anchor="lm")
        if read:
            self.reading.write(x, y, text, size=size)

    def write(
        self, x: float, y: float, ink: tuple[int, int, int] = BLACK, *, seed: int = 1
    ) -> None:
        """A name of three characters by hand: strokes this way and that, uneven in height."""
        rng = Random(seed)
        for i in range(3):
            cx, cy = x + 48 * i + 24, y + rng.uniform(-9, 9)
            for _ in range(7):
                a = rng.uniform(0, np.pi)
                reach = rng.uniform(12, 26)
                ox, oy = cx + rng.uniform(-10, 10), cy + rng.uniform(-12, 12)
                dx, dy = reach * np.cos(a), reach * np.sin(a)
                self.pen.line([ox - dx, oy - dy, ox + dx, oy + dy], fill=ink, width=4)

    def look(self, *, grey: bool = False, seals: tuple[Seal, ...] = ()) -> str:
        places = find_signatures(self.pixels(grey=grey), self.page(seals))
        assert [place.label for place in places] == ["承诺人(签字):"]
        assert (places[0].strokes is not None) == (places[0].state == "written")
        return places[0].state

    def pixels(self, *, grey: bool = False) -> np.ndarray:
        image = np.asarray(self.image)[:, :, ::-1].copy()
        if grey:
            image = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        grain = np.random.default_rng(5).normal(0, 4, image.shape)
        return np.clip(image * 0.9 + 12 + grain, 0, 255).astype(np.uint8)

    def page(self, seals: tuple[Seal, ...] = ()) -> PageReading:
        return self.reading.page().model_copy(update={"seals": seals})


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("ink", [BLACK, BLUE])
def test_a_name_by_hand(ink: tuple[int, int, int], grey: bool) -> None:
    sheet = Sheet()
    sheet.write(ROOM + 20, AT[1], ink)
    assert sheet.look(grey=grey) == "written"


def test_the_strokes_are_boxed_and_their_ink_told() -> None:
    sheet = Sheet()
    sheet.write(ROOM + 20, AT[1], BLUE)
    (place,) = find_signatures(sheet.pixels(), sheet.page())
    assert place.ink == "blue"
    assert place.strokes is not None
    x0, y0, x1, y1 = place.strokes
    assert ROOM < x0 < ROOM + 60 and ROOM + 100 < x1 < ROOM + 200
    assert AT[1] - 50 < y0 < AT[1] - 10 and AT[1] + 10 < y1 < AT[1] + 50


def test_a_name_by_hand_that_was_read_as_text() -> None:
    sheet = Sheet()
    sheet.write(ROOM + 20, AT[1])
    sheet.reading.write(ROOM + 25, AT[1], "林样例", size=46, confidence=0.7)
    assert sheet.look() == "written"


def test_a_name_by_hand_on_a_ruled_line() -> None:
    sheet = Sheet()
    sheet.pen.line([ROOM, AT[1] + 20, ROOM + 260, AT[1] + 20], fill="black", width=2)
    sheet.write(ROOM + 20, AT[1])
    assert sheet.look() == "written"


def test_a_name_by_hand_over_the_end_of_the_label() -> None:
    sheet = Sheet()
    sheet.reading.misread(LABEL, "承诺人（签字林样例")
    sheet.write(ROOM - 50, AT[1])
    (place,) = find_signatures(sheet.pixels(), sheet.page())
    assert (place.label, place.state) == ("承诺人(签字", "written")


def test_a_bracket_that_was_not_read_is_no_signature() -> None:
    sheet = Sheet()
    sheet.reading.misread(LABEL, "承诺人（签字 ：")
    (place,) = find_signatures(sheet.pixels(), sheet.page())
    assert place.state != "written"


def test_a_name_by_hand_behind_the_printed_one() -> None:
    sheet = Sheet()
    sheet.print(ROOM, AT[1], "林样例")
    sheet.write(ROOM + 110, AT[1])
    assert sheet.look() == "written"


def test_a_name_by_hand_under_a_red_seal() -> None:
    sheet = Sheet()
    sheet.write(ROOM + 20, AT[1])
    sheet.pen.ellipse([ROOM, 200, ROOM + 200, 400], outline=RED, width=6)
    assert sheet.look() == "written"


def test_an_empty_place() -> None:
    assert Sheet().look() == "empty"
    assert Sheet().look(grey=True) == "empty"


@pytest.mark.parametrize("blank", ["line", "dashes"])
def test_an_empty_line_to_write_on(blank: str) -> None:
    sheet = Sheet()
    if blank == "line":
        sheet.pen.line([ROOM, AT[1] + 20, ROOM + 260, AT[1] + 20], fill="black", width=2)
    else:
        sheet.print(ROOM, AT[1], "_ " * 9, read=False)
    assert sheet.look() == "empty"


def test_a_name_in_print_is_no_signature_and_no_empty_place() -> None:
    sheet = Sheet()
    sheet.print(ROOM, AT[1], "林样例")
    assert sheet.look() == "printed"


def test_print_that_was_not_read_is_no_signature() -> None:
    sheet = Sheet()
    sheet.print(ROOM, AT[1], "林样例", read=False)
    assert sheet.look() == "printed"


def test_a_hint_beside_the_label_is_print() -> None:
    sheet = Sheet()
    sheet.print(ROOM + 10, AT[1], "（请本人手写）", size=20)
    assert sheet.look() == "empty"


@pytest.mark.parametrize("grey", [False, True])
def test_a_stamp_with_a_name_is_no_signature_by_hand(grey: bool) -> None:
    sheet = Sheet()
    sheet.pen.rectangle([ROOM + 10, 270, ROOM + 68, 328], outline=RED, width=4)
    sheet.pen.text((ROOM + 39, 299), "林印", font=font(22), fill=RED, anchor="mm")
    assert sheet.look(grey=grey) == "unclear"


def test_a_place_under_a_grey_seal_cannot_be_told() -> None:
    sheet = Sheet()
    sheet.pen.ellipse([ROOM, 200, ROOM + 200, 400], outline=(130, 130, 130), width=6)
    seal = Seal(rect=(ROOM - 6, 194, ROOM + 206, 406), ink="grey")
    assert sheet.look(grey=True, seals=(seal,)) == "unclear"


def test_strokes_under_the_place_leave_a_doubt() -> None:
    sheet = Sheet()
    sheet.write(AT[0] + 60, AT[1] + 74)
    assert sheet.look() == "unclear"


def test_a_place_whose_print_hardly_shows_cannot_be_told() -> None:
    sheet = Sheet()
    faint = Image.blend(sheet.image, Image.new("RGB", sheet.image.size, "white"), 0.93)
    sheet.image = faint
    assert sheet.look() == "unclear"


@pytest.mark.parametrize(
    ("row", "labels"),
    [
        ("甲方代表签字：          乙方签字：", ["甲方代表签字:", "乙方签字:"]),
        ("承诺人（签字并按手印）：林样例", ["承诺人(签字并按手印):"]),
        ("劳动者（签名）  2024年5月1日", ["劳动者(签名)"]),
        ("本合同自双方签字盖章之日起生效，由乙方签字。", []),
        ("以上内容由本人签字确认：", []),
        ("签字日期：2024年1月1日", []),
        ("单位（签章）：", []),
        ("聘用单位（盖章）        受聘人员（签字林样例", ["受聘人员(签字"]),
        ("受聘人员（签林样例", ["受聘人员(签"]),
    ],
)
def test_what_asks_for_a_signature(row: str, labels: list[str]) -> None:
    page = Drawing(width=1240, height=620)
    page.write(100, 100, row, size=30)
    assert [place.label.text for place in places_to_sign(page.page())] == labels


def test_a_pledger_whose_name_is_asked_for_at_the_top_does_not_sign_there() -> None:
    page = Drawing(width=1240, height=620)
    for i, row in enumerate(("承诺人：林样例", TEXT, TEXT, "2023年1月11日")):
        page.write(100, 100 + 60 * i, row, size=30)
    assert places_to_sign(page.page()) == ()
