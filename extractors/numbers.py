"""Numbers that carry their own grammar: ID, unified credit code, certificates, verification codes.

Repairs are made only where a checksum leaves exactly one way, and each is named.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.folding import compact
from pipeline.model.checksums import is_valid_id_number, is_valid_uscc

_LETTER_TO_DIGIT = str.maketrans(
    {
        **dict.fromkeys("OoQDОо〇○", "0"),
        **dict.fromkeys("Iil|!", "1"),
        **dict.fromkeys("Zz", "2"),
        **dict.fromkeys("Ss", "5"),
        **dict.fromkeys("Gb", "6"),
        "B": "8",
        "q": "9",
        "g": "9",
    }
)
_DIGIT_CONFUSIONS = {
    "0": "68", "1": "74", "2": "7", "3": "859", "4": "19", "5": "368", "6": "058", "7": "12",
    "8": "0369", "9": "348", "X": "8",
}  # fmt: skip
_USCC_LETTERS = str.maketrans("IOSVZ", "105U2")
_USCC_CONFUSIONS = {
    "0": "DQ68", "1": "7L", "2": "7", "3": "85", "4": "A", "5": "368", "6": "058G", "7": "1T2",
    "8": "0B36", "9": "38", "A": "4R", "B": "8R", "C": "G", "D": "0Q", "E": "FB", "F": "EP",
    "G": "6C", "H": "NM", "J": "", "K": "X", "L": "1", "M": "NWH", "N": "MH", "P": "RF", "Q": "0D",
    "R": "PA", "T": "7Y", "U": "", "W": "M", "X": "KY", "Y": "XT",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number as read. `is_checked`: a checksum agrees; `is_loose`: only the widest form fits;
    `is_ambiguous`: it holds letters that digits are taken for, and nothing says which they are."""

    value: str
    repairs: tuple[str, ...] = ()
    is_checked: bool = False
    is_loose: bool = False
    is_ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class DiplomaNumberParts:
    """The parts of an electronic diploma number (§1.3), as digits; "" where the form has none."""

    school: str
    kind: str
    year: int
    level: str


def parse_id_number(text: str) -> ReadNumber | None:
    """The 18-digit ID number of a text, repaired only where one confusion alone explains it.

    None when there is none, when it is masked, or when several repairs would be possible.
    A number whose check fails beyond repair is returned unchecked by `raw_id_number`.
    """
    plain = raw_id_number(text)
    if plain is None:
        return None
    repairs = ("数字形近字母",) if plain != compact(text).upper() else ()
    repairs = repairs if re.search(r"[A-WYZa-wyz|!]", _core(text)) else ()
    if is_valid_id_number(plain):
        return ReadNumber(plain, repairs, is_checked=True)
    ways = [way for way in _one_confusion(plain, _DIGIT_CONFUSIONS) if is_valid_id_number(way)]
    if len(ways) == 1:
        return ReadNumber(ways[0], (*repairs, "身份证校验位"), is_checked=True)
    return None


def restore_id_number(
    raw: str, unsure: Sequence[bool], *, born: str | None, gender: str | None
) -> ReadNumber | None:
    """18 characters whose check fails, put right where the card's own birth date leaves one way.

    Only characters marked `unsure` are changed (one of them), to any digit; the check, the printed
    `born` (YYYY-MM-DD) and `gender` must all agree. A number that was read surely and fails its
    check is what the card says.
    """
    if born is None or len(born) != 10 or len(raw) != 18 or len(unsure) != 18:
        return None
    ways = {
        raw[:i] + other + raw[i + 1 :]
        for i in range(18)
        if unsure[i]
        for other in ("0123456789" if i < 17 else "0123456789X")
        if other != raw[i]
    }
    fitting = [
        way
        for way in ways
        if is_valid_id_number(way)
        and way[6:14] == born.replace("-", "")
        and gender in (None, "男" if int(way[16]) % 2 else "女")
    ]
    if len(fitting) != 1:
        return None
    return ReadNumber(fitting[0], ("身份证校验位", "与证面出生日期印证"), is_checked=True)


def _core(text: str) -> str:
    return compact(text).replace("×", "X").replace("Ⅹ", "X").replace("Χ", "X").replace("х", "X")


def raw_id_number(text: str) -> str | None:
    """18 characters in the place of an ID number, letters folded to digits, the check not asked."""
    runs: list[str] = re.findall(r"[0-9A-Za-z|!]{18,}", _core(text))
    for run in runs:
        if len(run) == 18 and sum(c.isdigit() for c in run) >= 14:
            return run[:17].translate(_LETTER_TO_DIGIT) + (
                "X" if run[17] in "xX" else run[17].translate(_LETTER_TO_DIGIT)
            )
    return None


def _one_confusion(text: str, confusions: dict[str, str]) -> list[str]:
    return [
        text[:i] + other + text[i + 1 :]
        for i, character in enumerate(text)
        for other in confusions.get(character, "")
    ]


def parse_uscc(text: str) -> ReadNumber | None:
    """The unified credit code of a text, with letters that cannot occur put right (I O S V Z)."""
    for run in re.findall(r"[0-9A-Z]{18,}", compact(text).upper()):
        if len(run) != 18:
            continue
        plain = run.translate(_USCC_LETTERS)
        plain = plain[:2] + plain[2:8].translate(_LETTER_TO_DIGIT) + plain[8:]
        repairs = ("信用代码禁用字母",) if plain != run else ()
        if is_valid_uscc(plain):
            return ReadNumber(plain, repairs, is_checked=True)
        ways = [way for way in _one_confusion(plain, _USCC_CONFUSIONS) if is_valid_uscc(way)]
        if len(ways) == 1:
            return ReadNumber(ways[0], (*repairs, "信用代码校验位"), is_checked=True)
        return None
    return None


def diploma_number_parts(number: str) -> DiplomaNumberParts | None:
    """The parts of an electronic diploma number of 18 or 17 digits; None for any other form."""
    if _is_self_study(number):
        return DiplomaNumberParts("", "6", 2000 + int(number[8:10]), "0" + number[1])
    if re.fullmatch(r"[0-9]{17,18}", number):
        return DiplomaNumberParts(number[:5], number[5], int(number[6:10]), number[10:12])
    return None


def _is_self_study(number: str) -> bool:
    """True for the 17 digits of a 自学考试 number: 6, level, province, …, year, half of the year."""
    return (
        re.fullmatch(r"6[56][1-6][0-9]{7}[12][0-9]{6}", number) is not None
        and number[6:10] not in _YEARS_OF_17_DIGITS
    )


_YEARS_OF_17_DIGITS = ("2001", "2002")
"""Years in which ordinary numbers had 17 digits; a later one of 17 has lost a digit."""


def is_regular_diploma_number(number: str) -> bool:
    """True when kind, year and level of the number are ones that exist (§1.3)."""
    if _is_self_study(number):
        return True
    parts = diploma_number_parts(number)
    return (
        parts is not None
        and parts.kind in "15678"
        and 1985 <= parts.year <= 2060
        and parts.level in ("01", "02", "03", "04", "05", "06")
    )


_LEGACY = re.compile(
    r"[(（]?[\u4e00-\u9fff0-9A-Za-z()（）\[\]]{0,14}字?[(（\[]?[0-9]*[)）\]]?第?[0-9A-Za-z\-]{1,20}号"
)


def parse_diploma_number(text: str, *, free_form: bool = False) -> ReadNumber | None:
    """A 17/18-digit electronic number, or a free-form older or school-level one.

    `free_form` allows numbers with no national scheme (diplomas before 2001, 中专). A digit string
    of another length without it is None: a digit was lost or added. So is one of 17 digits that is
    neither a self-study number nor of a year in which numbers had 17.
    """
    plain = re.split(r"[,，。;](?![0-9])", compact(text).strip(":.,。、*_-|;"))[0]
    plain = plain.removeprefix("No").strip(":.")
    digits = plain.translate(_LETTER_TO_DIGIT)
    repairs = ("数字形近字母",) if digits != plain else ()
    is_whole = len(digits) == 18 or _is_self_study(digits) or digits[6:10] in _YEARS_OF_17_DIGITS
    if re.fullmatch(r"[0-9]{17,18}", digits) and (free_form or (is_whole and not plain.isalpha())):
        return ReadNumber(digits, repairs, is_loose=not is_regular_diploma_number(digits))
    if "号" in plain and ("字" in plain or "第" in plain) and 5 <= len(plain) <= 40:
        legacy = _LEGACY.search(plain)
        return ReadNumber(legacy[0], is_loose=True) if legacy else None
    if (
        free_form
        and re.fullmatch(r"[0-9A-Za-z()\-/]{5,24}", plain)
        and re.search(r"[0-9]{4}", plain)
    ):
        return ReadNumber(plain, is_loose=True)
    return None


def parse_free_diploma_number(text: str) -> ReadNumber | None:
    """The same where no national scheme binds: diplomas before 2001, secondary schools."""
    return parse_diploma_number(text, free_form=True)


_DEGREE = re.compile(r"[A-Z]?[0-9]{10}[A-Z0-9]?[0-9]{5,6}")


def parse_degree_number(text: str) -> ReadNumber | None:
    """A degree number: 16 digits, a lettered variant (S, E, Z, C, T), the 12-digit older form, or
    the school's own of before (…学位字第…号)."""
    plain = compact(text).strip(":.,。、*_-|").upper()
    if "字" in plain and plain.endswith("号") and 6 <= len(plain) <= 40:
        legacy = _LEGACY.search(plain)
        return ReadNumber(legacy[0], is_loose=True) if legacy else None
    head = plain[:1] if plain[:1] in tuple("ZCTSEJ") and len(plain) == 17 else ""
    rest = plain[len(head) :]
    if not re.fullmatch(r"[0-9A-Z|!]{12,17}", rest):
        return None
    middle = rest[10:11] if rest[10:11] in tuple("SEZ") and len(rest) == 16 else ""
    cut = 10 if middle else len(rest)
    digits = rest[:cut].translate(_LETTER_TO_DIGIT) + middle
    digits += rest[cut + 1 :].translate(_LETTER_TO_DIGIT) if middle else ""
    value = head + digits
    repairs = ("数字形近字母",) if value != plain else ()
    if len(value) in (16, 17) and _DEGREE.fullmatch(value):
        regular = value[len(head) + 5] in "234" and 1980 <= int(digits[6:10]) <= 2060
        return ReadNumber(value, repairs, is_loose=not regular)
    if re.fullmatch(r"[0-9]{5}[234][0-9]{6}", value):
        return ReadNumber(value, repairs, is_loose=True)
    return None


def degree_level_digit(number: str) -> str | None:
    """学士, 硕士 or 博士 as the number's level digit says; None when it has none."""
    digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return {"2": "博士", "3": "硕士", "4": "学士"}.get(digits[5]) if len(digits) > 5 else None


def parse_verification_code(text: str) -> ReadNumber | None:
    """An online verification code: 12 digits, or A/X and 15 letters or digits."""
    plain = compact(text).strip(":.,。、*_-|").upper().replace("-", "")
    if re.fullmatch(r"[AX][A-Z0-9]{15}", plain):
        return ReadNumber(plain, is_ambiguous=any(c in "OI" for c in plain))
    digits = plain.translate(_LETTER_TO_DIGIT)
    if re.fullmatch(r"[0-9]{12}", digits):
        return ReadNumber(digits, ("数字形近字母",) if digits != plain else ())
    return None


_CSCSE_OLD = re.compile(r"教留服认\S{1,4}[(\[][0-9]{4}[)\]][0-9]{4,6}号")


def parse_certification_number(text: str) -> ReadNumber | None:
    """A 留学服务中心 certificate number: `教留服认 美[2010]00001号`, or 12 digits."""
    plain = compact(text).strip(":.,。、*_|")
    old = _CSCSE_OLD.search(plain)
    if old:
        return ReadNumber(old[0])
    digits = plain.translate(_LETTER_TO_DIGIT)
    if re.fullmatch(r"[0-9]{12}", digits):
        return ReadNumber(digits, ("数字形近字母",) if digits != plain else ())
    return None
