"""Identity cards: sides, noise, and what the number says about the rest."""

from extractors.id_card import extract_id_card
from pipeline.model.checksums import id_number_check_digit
from pipeline.model.document import Extraction, Field
from pipeline.model.kinds import DocumentKind
from tests.extractors.drawn_pages import Drawing, paper
from tests.extractors.people import ID_NUMBER, NAME


def _front(**changes: str) -> Drawing:
    page = Drawing(width=1000, height=640)
    text = {"gender": "性别 男 民族 汉", "born": "出生1996年3月8日", "number": ID_NUMBER} | changes
    page.write(60, 80, f"姓名 {NAME}", size=36)
    page.write(60, 160, text["gender"], size=32)
    page.write(60, 240, text["born"], size=32, confidence=float(text.get("sure", "0.98")))
    page.write(60, 320, "住址四川省云岚县长街", size=32)
    page.write(124, 364, "19号2单元5号", size=32)
    page.write(60, 560, f"公民身份号码 {text['number']}", size=32)
    return page


def _read(*pages: Drawing) -> dict[str, str]:
    return _values(
        extract_id_card(paper(DocumentKind.ID_CARD, [p.page(i + 1) for i, p in enumerate(pages)]))
    )


def _values(extraction: Extraction) -> dict[str, str]:
    return {field.name: str(field.value) for field in extraction.fields}


def _back(valid: str) -> Drawing:
    page = Drawing(width=1000, height=640)
    page.write(300, 120, "中华人民共和国", size=48)
    page.write(300, 220, "居民身份证", size=60)
    page.write(200, 460, "签发机关 云岚县公安局", size=32)
    page.write(200, 540, f"有效期限 {valid}", size=32)
    return page


def test_front_and_back() -> None:
    assert _read(_front(), _back("2016.10.08-2036.10.08")) == {
        "name": NAME,
        "gender": "男",
        "birth_date": "1996-03-08",
        "address": "四川省云岚县长街19号2单元5号",
        "id_number": ID_NUMBER,
        "issuer": "云岚县公安局",
        "valid_from": "2016-10-08",
        "valid_to": "2036-10-08",
    }


def test_long_term_validity() -> None:
    values = _read(_back("2016.10.08-长期"))
    assert values["valid_from"] == "2016-10-08"
    assert values["valid_to"] == "长期"


def test_a_side_that_is_not_there_gives_no_fields() -> None:
    values = _read(_back("2016.10.08-2036.10.08"))
    assert set(values) == {"issuer", "valid_from", "valid_to"}


def test_an_unreadable_birth_date_is_taken_from_the_checked_number() -> None:
    document = paper(DocumentKind.ID_CARD, [_front(born="出生1996年3月8").page()])
    extraction = extract_id_card(document)
    born = next(f for f in extraction.fields if f.name == "birth_date")
    assert born.value == "1996-03-08"
    assert born.repairs == ("取自公民身份号码",)
    assert not extraction.unreadable


def test_a_clear_birth_date_that_differs_stays_with_less_confidence() -> None:
    document = paper(DocumentKind.ID_CARD, [_front(born="出生1997年3月8日").page()])
    born = next(f for f in extract_id_card(document).fields if f.name == "birth_date")
    assert born.value == "1997-03-08"
    assert born.confidence < 0.8


def test_a_number_with_a_wrong_check_digit_is_unreadable_with_its_text() -> None:
    wrong = ID_NUMBER[:6] + "19961308" + ID_NUMBER[14:]
    document = paper(DocumentKind.ID_CARD, [_front(number=wrong).page()])
    extraction = extract_id_card(document)
    assert "id_number" not in _values(extraction)
    lost = next(u for u in extraction.unreadable if u.name == "id_number")
    assert "校验" in lost.reason
    assert lost.raw == wrong


def test_a_missing_name_does_not_become_the_gender() -> None:
    page = Drawing(width=1000, height=640)
    page.write(60, 80, "姓名", size=32)
    page.write(60, 160, "性别 男", size=32)
    page.write(60, 560, f"公民身份号码 {ID_NUMBER}", size=32)
    assert "name" not in _read(page)


def test_a_number_without_its_label_beside_other_print() -> None:
    page = Drawing(width=1000, height=640)
    page.write(200, 560, f"9mm {ID_NUMBER}", size=32)
    page.write(60, 600, "O", size=20)
    assert _read(page) == {"id_number": ID_NUMBER}


def _with_scores(page: Drawing, text: str, weak: int, score: float = 0.5) -> Drawing:
    i = next(i for i, line in enumerate(page.lines) if text in line.text)
    line = page.lines[i]
    at = line.text.index(text) + weak
    scores = tuple(score if k == at else 0.99 for k in range(len(line.text)))
    page.lines[i] = line.model_copy(update={"scores": scores})
    return page


def test_an_unsure_digit_is_put_right_by_the_birth_date_and_the_check() -> None:
    wrong = ID_NUMBER[:8] + "5" + ID_NUMBER[9:]
    page = _with_scores(_front(number=wrong), wrong, 8)
    assert _read(page)["id_number"] == ID_NUMBER


def test_a_digit_read_surely_is_not_put_right() -> None:
    wrong = ID_NUMBER[:14] + ("5" if ID_NUMBER[14] != "5" else "7") + ID_NUMBER[15:]
    page = _with_scores(_front(number=wrong), wrong, 14, 0.99)
    assert _read(page).get("id_number") != ID_NUMBER


def test_a_long_name_goes_on_in_the_next_line() -> None:
    page = Drawing(width=1000, height=640)
    page.write(60, 60, "姓名 阿依样·买买提·", size=32)
    page.write(140, 100, "伊布样音", size=32)
    page.write(60, 160, "性别 女 民族 维吾尔", size=32)
    page.write(60, 240, "出生1996年3月8日", size=32)
    assert _read(page)["name"] == "阿依样·买买提·伊布样音"


def test_an_address_whose_label_was_not_read() -> None:
    page = _front()
    page.misread("住址四川省云岚县长街", "四川省云岚县长街")
    i = next(i for i, line in enumerate(page.lines) if line.text == "四川省云岚县长街")
    shift = 64.0
    line = page.lines[i]
    page.lines[i] = line.model_copy(
        update={
            "rect": (line.rect[0] + shift, *line.rect[1:]),
            "spans": tuple((a + shift, b + shift) for a, b in line.spans),
        }
    )
    assert _read(page)["address"] == "四川省云岚县长街19号2单元5号"


def test_places_that_differ_in_one_character_are_doubted() -> None:
    page = Drawing(width=1000, height=640)
    page.write(200, 460, "签发机关 云风县公安局", size=32)
    both = extract_id_card(paper(DocumentKind.ID_CARD, [_front().page(1), page.page(2)]))
    alike = extract_id_card(
        paper(DocumentKind.ID_CARD, [_front().page(1), _back("2016.10.08-长期").page(2)])
    )
    sure = {f.name: f.confidence for f in alike.fields}
    doubted = {f.name: f.confidence for f in both.fields}
    assert doubted["issuer"] < sure["issuer"]
    assert doubted["address"] < sure["address"]


def test_an_address_that_seems_to_go_on_is_doubted() -> None:
    page = _front()
    whole = next(f for f in _fields(page) if f.name == "address")
    page.write(180, 430, "样例小区东门", size=32)
    cut = next(f for f in _fields(page) if f.name == "address")
    assert cut.confidence < 0.8 * whole.confidence


def _fields(page: Drawing) -> tuple[Field, ...]:
    return extract_id_card(paper(DocumentKind.ID_CARD, [page.page()])).fields


def test_a_birth_date_whose_day_was_not_read_is_none() -> None:
    page = _front(born="出生1996年3月", number="510102")
    assert "birth_date" not in _read(page)


def test_a_temporary_card_bears_everything_on_one_side() -> None:
    page = _front()
    page.write(60, 430, "签发机关 云岚县公安局 有效期限 2022.10.08-2023.01.08", size=28)
    found = {f.name: f for f in _fields(page)}
    assert found["address"].confidence > 0.85
    assert found["issuer"].value == "云岚县公安局"
    assert found["valid_to"].value == "2023-01-08"


def test_a_residence_permit_of_taiwan() -> None:
    body = "83000019960308123"
    number = body + id_number_check_digit(body)
    page = _front(number=number)
    assert _read(page)["id_number"] == number
