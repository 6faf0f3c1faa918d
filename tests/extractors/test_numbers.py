"""Numbers with a grammar: checks, repairs that are the only way, and refusals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.numbers import (
    diploma_number_parts,
    is_regular_diploma_number,
    parse_certification_number,
    parse_degree_number,
    parse_diploma_number,
    parse_id_number,
    parse_uscc,
    parse_verification_code,
    raw_id_number,
)
from pipeline.model.checksums import id_number_check_digit, is_valid_id_number, is_valid_uscc


def _id(first17: str) -> str:
    return first17 + id_number_check_digit(first17)


_PERSON = _id("51010219930715123")


def test_number_with_spaces_and_small_x() -> None:
    found = parse_id_number("1101 0519 4912 3100 2x")
    assert found is not None
    assert found.value == "11010519491231002X"
    assert found.is_checked
    assert found.repairs == ()


def test_letters_for_digits_are_put_right_and_named() -> None:
    found = parse_id_number(_PERSON.replace("0", "O", 1))
    assert found is not None
    assert found.value == _PERSON
    assert found.repairs == ("数字形近字母",)


@pytest.mark.parametrize("text", ["510102900715123", "5101**********1234", "", "无"])
def test_short_masked_and_missing_numbers_are_none(text: str) -> None:
    assert parse_id_number(text) is None


def test_a_number_that_cannot_be_repaired_is_kept_raw_only() -> None:
    broken = _PERSON[:6] + "19931315" + _PERSON[14:]
    assert parse_id_number(broken) is None
    assert raw_id_number(broken) == broken


@settings(deadline=None)  # machines of the build are busy
@given(
    st.integers(0, 10**9), st.integers(0, 16), st.sampled_from("0123456789")
)  # fmt: skip
def test_a_repair_is_always_valid_and_at_most_one_character_away(
    seed: int, place: int, digit: str
) -> None:
    number = _id(f"510102{1960 + seed % 50}{1 + seed % 12:02d}{1 + seed % 28:02d}{seed % 1000:03d}")
    misread = number[:place] + digit + number[place + 1 :]
    found = parse_id_number(misread)
    if found is not None:
        assert is_valid_id_number(found.value)
        assert sum(a != b for a, b in zip(found.value, misread, strict=True)) <= 1
        assert bool(found.repairs) == (found.value != misread)


@settings(deadline=None)  # machines of the build are busy
@given(st.integers(0, 10**12))
def test_a_valid_number_is_never_changed(seed: int) -> None:
    number = _id(f"510102{1960 + seed % 50}{1 + seed % 12:02d}{1 + seed % 28:02d}{seed % 1000:03d}")
    found = parse_id_number(number)
    assert found is not None
    assert (found.value, found.repairs) == (number, ())


def test_credit_code_with_letters_that_cannot_occur() -> None:
    found = parse_uscc("9111OOOO60OO37341L")
    assert found is not None
    assert found.value == "91110000600037341L"
    assert is_valid_uscc(found.value)
    assert "信用代码禁用字母" in found.repairs


def test_credit_code_that_fails_both_checks_is_none() -> None:
    assert parse_uscc("123456789012345678") is None


@pytest.mark.parametrize(
    ("text", "value", "is_loose"),
    [
        ("9901 0120 1905 0012 34", "990101201905001234", False),
        ("99010 1 2019 05 001234", "990101201905001234", False),
        ("65510101212123451", "65510101212123451", False),
        ("99010120020500123", "99010120020500123", False),
        ("990109201960001234", "990109201960001234", True),
        ("学字第000123号", "学字第000123号", True),
        ("（川）毕字（24）第00001234号", "(川)毕字(24)第00001234号", True),
    ],
)
def test_diploma_numbers(text: str, value: str, is_loose: bool) -> None:
    found = parse_diploma_number(text)
    assert found is not None
    assert (found.value, found.is_loose) == (value, is_loose)


@pytest.mark.parametrize("text", ["9901012019050012", "9901012019050012345", "校长", ""])
def test_a_lost_or_added_digit_is_no_number(text: str) -> None:
    assert parse_diploma_number(text) is None


def test_older_and_school_numbers_need_free_form() -> None:
    assert parse_diploma_number("9701234") is None
    found = parse_diploma_number("9701234", free_form=True)
    assert found is not None
    assert found.is_loose


def test_parts_of_an_ordinary_number() -> None:
    parts = diploma_number_parts("990101201905001234")
    assert parts is not None
    assert (parts.school, parts.kind, parts.year, parts.level) == ("99010", "1", 2019, "05")


def test_parts_of_a_self_study_number() -> None:
    parts = diploma_number_parts("65510101212123451")
    assert parts is not None
    assert (parts.kind, parts.year, parts.level) == ("6", 2021, "05")


def test_the_public_fake_is_irregular() -> None:
    assert not is_regular_diploma_number("10286120086000123")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9901042019000123", "9901042019000123"),
        ("99010420190S0012", "9901042019050012"),
        ("9901042019S00123", "9901042019S00123"),
        ("9901042019E00123", "9901042019E00123"),
        ("Z9901032019000123", "Z9901032019000123"),
        ("C9901042019000123", "C9901042019000123"),
        ("9901042O19OO0123", "9901042019000123"),
        ("990104990123", "990104990123"),
    ],
)
def test_degree_numbers(text: str, value: str) -> None:
    found = parse_degree_number(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["990104201900012", "99010420190001234567", "99010", "学位"])
def test_degree_numbers_of_other_lengths_are_none(text: str) -> None:
    assert parse_degree_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234 5678 9012", "123456789012"),
        ("A1B2C3D4E5F6G7H8", "A1B2C3D4E5F6G7H8"),
        ("XAB2 C3D4 E5F6 G7H8", "XAB2C3D4E5F6G7H8"),
    ],
)
def test_verification_codes(text: str, value: str) -> None:
    found = parse_verification_code(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("text", ["12345678901", "B1B2C3D4E5F6G7H8", "A1B2"])
def test_other_strings_are_no_verification_code(text: str) -> None:
    assert parse_verification_code(text) is None


def test_both_forms_of_certification_number() -> None:
    old = parse_certification_number("教留服认 英[2010]00001号")
    new = parse_certification_number("编号：".removeprefix("编号：") + "120190000001")
    assert old is not None
    assert old.value == "教留服认英[2010]00001号"
    assert new is not None
    assert new.value == "120190000001"


def test_seventeen_digits_of_a_later_year_have_lost_one() -> None:
    assert parse_diploma_number("99101120185001101") is None
    found = parse_diploma_number("65359101211234567")
    assert found is not None
    assert not found.is_loose
