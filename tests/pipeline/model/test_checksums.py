"""Check characters of citizen and unit numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.checksums import (
    id_number_birth_date,
    id_number_check_digit,
    id_number_gender,
    is_valid_id_number,
    is_valid_uscc,
    organisation_check_digit,
    uscc_check_digit,
)

STANDARD_EXAMPLE = "11010519491231002X"  # printed in GB 11643 itself


def test_the_number_printed_in_the_standard_is_valid() -> None:
    assert is_valid_id_number(STANDARD_EXAMPLE)
    assert id_number_check_digit(STANDARD_EXAMPLE) == "X"
    assert id_number_birth_date(STANDARD_EXAMPLE) == date(1949, 12, 31)
    assert id_number_gender(STANDARD_EXAMPLE) == "女"


@pytest.mark.parametrize(
    "region",
    ["510102", "510116", "510117", "510118", "510185", "810000", "820000", "830000", "932682"],
)
def test_regions_that_number_libraries_refuse_are_accepted(region: str) -> None:
    body = f"{region}19960308001"
    assert is_valid_id_number(body + id_number_check_digit(body))


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # wrong check digit
        "11010519491331002X",  # month 13
        "110105491231002",  # first generation, 15 digits
        "11010519491231002x",  # lower case is normalised before, not here
        "1101051949123100２X",  # full-width digit
        "",
    ],
)
def test_what_is_not_an_id_number(number: str) -> None:
    assert not is_valid_id_number(number)


@given(st.from_regex(r"[1-9]\d{5}19[5-9]\d(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])\d{3}", fullmatch=True))
def test_one_wrong_digit_never_passes(body: str) -> None:
    body = "".join(str(int(c)) for c in body)
    number = body + id_number_check_digit(body)
    assert is_valid_id_number(number)
    for place in range(17):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert not is_valid_id_number(wrong)


def test_short_numbers_have_no_check_digit_gender_or_birth_date() -> None:
    with pytest.raises(ValueError, match="17 digits"):
        id_number_check_digit("1101051949")
    assert id_number_gender("1101051949") is None
    assert id_number_birth_date("110105") is None
    assert id_number_birth_date("11010519490230002X") is None


@pytest.mark.parametrize("code", ["91110000600037341L", "91350100M000100Y43"])
def test_codes_with_both_check_characters_are_valid(code: str) -> None:
    assert is_valid_uscc(code)


def test_a_code_with_a_wrong_organisation_code_fails_although_its_last_character_fits() -> None:
    wrong = "91110000600037342"
    assert not is_valid_uscc(wrong + uscc_check_digit(wrong))


@pytest.mark.parametrize(
    "code", ["91110000600037341M", "9111000060003734IL", "91110000600037341", ""]
)
def test_what_is_not_a_credit_code(code: str) -> None:
    assert not is_valid_uscc(code)


@given(st.from_regex(r"(91|12|N2|Y1)51\d{4}MA[0-9A-HJ-NPQRTUWXY]{6}", fullmatch=True))
def test_a_built_code_is_valid_and_one_wrong_character_is_not(head: str) -> None:
    head = "".join(c if not c.isdigit() else str(int(c)) for c in head)
    body = head + organisation_check_digit(head[8:16])
    code = body + uscc_check_digit(body)
    assert is_valid_uscc(code)
    assert not is_valid_uscc(code[:8] + ("N" if code[8] == "M" else "M") + code[9:])


def test_check_digits_of_what_cannot_be_a_code_are_refused() -> None:
    with pytest.raises(ValueError, match="alphabet"):
        uscc_check_digit("9151010OMA6CXXXX7")
    with pytest.raises(ValueError, match="organisation"):
        organisation_check_digit("ma6c")
