"""Masking: in text and in pictures, until a reason is given; never for the panel."""

import cv2
import numpy as np
import pytest

from console.covering import COVER, Veil, area_of, portrait_areas
from console.masking import DOT, Mask, cover_name, cover_number, mask_of
from console.pictures import Sheet
from console.schema import DossierRow
from pipeline.kept import KeptDossier
from tests.console.conftest import WINDOW, Browser, Office

CLEARED = "2022H2-000001"
HELD = "2022H2-000002"


def kept_of(office: Office, dossier: str) -> KeptDossier:
    with office.console.database.read() as session:
        return office.console.dossiers.kept(session.get_one(DossierRow, (WINDOW, dossier)).kept)


def test_numbers_are_covered_but_for_their_ends() -> None:
    covered = cover_number("510102199603080018")
    assert covered == "510" + DOT * 13 + "18" and len(covered) == 18
    assert cover_name("欧阳清源") == "欧***"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话 13800138000 联系", "电话 138****8000 联系"),
        ("证书编号 992011201905000123", "证书编号 992011201905000123"),
        ("订单 213800138000", "订单 213800138000"),
    ],
)
def test_phone_numbers_are_covered_and_certificate_numbers_are_not(text: str, shown: str) -> None:
    assert Mask()(text) == shown


def test_no_page_of_a_reviewer_shows_the_id_number_before_a_reason_is_given(office: Office) -> None:
    number = kept_of(office, HELD).dossier.declaration.person.id_number
    browser = office.sign_in("reviewer")
    page = f"/w/{WINDOW}/d/{HELD}"
    assert number not in browser.client.get(page).text
    assert browser.post(f"{page}/reveal", reason="curiosity").status_code == 422  # type: ignore[attr-defined]
    assert browser.post(f"{page}/reveal", reason="compare").status_code == 303  # type: ignore[attr-defined]
    assert number in browser.client.get(page).text
    assert number not in office.sign_in("reviewer2").client.get(page).text
    office.clock.now += 11 * 60
    assert number not in browser.client.get(page).text
    assert "reveal" in office.actions()


def covered(data: bytes, area: tuple[float, float, float, float]) -> bool:
    """True when the middle of the area has the colour of the cover."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    x, y = int((area[0] + area[2]) / 2), int((area[1] + area[3]) / 2)
    return bool(np.abs(pixels[y, x].astype(int) - COVER).max() < 12)


def picture(browser: Browser, path: str) -> bytes:
    answer = browser.client.get(path)
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/jpeg"
    return answer.content


def test_the_id_number_is_covered_on_the_picture_itself(office: Office) -> None:
    kept = kept_of(office, HELD)
    card = next(d for d in kept.facts.documents if d.kind == "id_card")
    number = next(i for i, p in enumerate(kept.pages) if p.file == card.file)
    field, name = card.field("id_number"), card.field("name")
    assert field is not None and name is not None
    area = area_of(kept.pages[number], field.evidence[0].box)
    browser = office.sign_in("reviewer")
    path = f"/w/{WINDOW}/d/{HELD}/page/{number}.jpg"
    assert covered(picture(browser, path), area)
    left, top, _, bottom = area_of(kept.pages[number], name.evidence[0].box)
    assert not covered(picture(browser, path), (left, top, left + 60, bottom))
    browser.post(f"/w/{WINDOW}/d/{HELD}/reveal", reason="identity")
    assert not covered(picture(browser, path), area)


def test_the_panel_sees_neither_name_nor_number(office: Office) -> None:
    kept = kept_of(office, CLEARED)
    person = kept.dossier.declaration.person
    browser = office.sign_in("panel")
    for path in (f"/w/{WINDOW}/panel", f"/w/{WINDOW}/panel/{CLEARED}"):
        text = browser.client.get(path).text
        assert person.name not in text and person.id_number not in text
        assert cover_name(person.name) in text
    card = next(d for d in kept.facts.documents if d.kind == "id_card")
    number = next(i for i, p in enumerate(kept.pages) if p.file == card.file)
    data = picture(browser, f"/w/{WINDOW}/panel/{CLEARED}/page/{number}.jpg")
    for name in ("name", "id_number"):
        field = card.field(name)
        assert field is not None
        assert covered(data, area_of(kept.pages[number], field.evidence[0].box)), name


def test_the_panel_sees_only_what_was_decided(office: Office) -> None:
    assert office.sign_in("panel").client.get(f"/w/{WINDOW}/panel/{HELD}").status_code == 404


def test_a_portrait_is_found_from_where_the_number_stands(office: Office) -> None:
    kept = kept_of(office, HELD)
    card = next(d for d in kept.facts.documents if d.kind == "id_card")
    page = next(p for p in kept.pages if p.file == card.file)
    (area,) = portrait_areas(card, page)
    field = card.field("id_number")
    assert field is not None
    x0, y0, x1, _ = area_of(page, field.evidence[0].box)
    assert area[3] <= y0 and x0 < area[0] < area[2]
    assert area[2] >= x1 + 0.25 * (x1 - x0), "a number in a narrow face ends before the portrait"


def test_a_name_that_stands_in_other_text_is_covered_for_the_panel(office: Office) -> None:
    kept = kept_of(office, HELD)
    mask = mask_of(kept, with_names=True)
    name = kept.dossier.declaration.person.name
    assert name not in mask(f"姓名读作“{name}”")


def test_a_picture_without_a_reading_still_hides_fields(office: Office) -> None:
    kept = kept_of(office, HELD).model_copy(update={"readings": {}})
    card = next(d for d in kept.facts.documents if d.kind == "id_card")
    number = next(i for i, p in enumerate(kept.pages) if p.file == card.file)
    page = kept.pages[number]
    field = card.field("id_number")
    assert field is not None
    data = office.console.pictures.page(Sheet("without readings", kept, number), Veil())
    assert data is not None and covered(data, area_of(page, field.evidence[0].box))
