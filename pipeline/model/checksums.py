"""Arithmetic of citizen and unit numbers: GB 11643, GB 32100, GB 11714. No registers, no regions.

The weighting is python-stdnum's; its format and region tests are not used, because they refuse
numbers that are in order (newer county codes, residence permits, codes that start with a letter).
"""

import re
from datetime import date

from stdnum.cn import ric

_ID_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}[0-9A-HJ-NPQRTUWXY]")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def id_number_check_digit(number: str) -> str:
    """The 18th character that belongs to the first 17 digits of `number` (ISO 7064 MOD 11-2).

    Raises `ValueError` when there are fewer than 17 leading digits.
    """
    if not re.match(r"[0-9]{17}", number):
        raise ValueError("an ID number starts with 17 digits")
    return str(ric.calc_check_digit(number[:17] + "0"))


def id_number_birth_date(number: str) -> date | None:
    """The birth date in digits 7–14, or None when there is no such day."""
    match = re.match(r"[0-9]{6}([0-9]{4})([0-9]{2})([0-9]{2})", number)
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def id_number_gender(number: str) -> str | None:
    """男 or 女 by digit 17 (odd is 男), or None when the number is too short."""
    if not re.match(r"[0-9]{17}", number):
        return None
    return "男" if int(number[16]) % 2 else "女"


def is_valid_id_number(number: str) -> bool:
    """True for 18 characters with a day that exists and the right check character (GB 11643).

    The region is not looked up: people keep the code of a county that no longer exists.
    """
    if not _ID_NUMBER.fullmatch(number):
        return False
    born = id_number_birth_date(number)
    if born is None or not 1850 <= born.year <= 2199:
        return False
    return id_number_check_digit(number) == number[17]


def organisation_check_digit(code: str) -> str:
    """The 9th character that belongs to the first 8 of an organisation code (GB 11714).

    Raises `ValueError` when the first 8 characters are not digits or capital letters.
    """
    if not re.match(r"[0-9A-Z]{8}", code):
        raise ValueError("an organisation code starts with 8 digits or capital letters")
    total = sum(
        weight * _ORGANISATION_ALPHABET.index(character)
        for weight, character in zip(_ORGANISATION_WEIGHTS, code, strict=False)
    )
    remainder = (11 - total % 11) % 11
    return "X" if remainder == 10 else str(remainder)


def uscc_check_digit(code: str) -> str:
    """The 18th character that belongs to the first 17 of a unified social credit code (GB 32100).

    Raises `ValueError` when one of the 17 is not in the standard's alphabet.
    """
    if len(code) < 17 or any(character not in _USCC_ALPHABET for character in code[:17]):
        raise ValueError("a credit code starts with 17 characters of the standard's alphabet")
    total = sum(
        _USCC_ALPHABET.index(character) * pow(3, place, 31)
        for place, character in enumerate(code[:17])
    )
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def is_valid_uscc(code: str) -> bool:
    """True when both check characters hold: the whole code's and its organisation code's."""
    if not _USCC.fullmatch(code):
        return False
    return uscc_check_digit(code) == code[17] and organisation_check_digit(code[8:16]) == code[16]
