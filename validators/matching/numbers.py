"""Numbers: certificates, citizens, units. Masks and confusable digits."""

import re

from rapidfuzz.distance import Levenshtein

from pipeline.model.checksums import id_number_check_digit
from validators.matching.characters import differs_only_in_lookalikes, fold
from validators.matching.verdict import SAME, Verdict, alias, different, lookalike

_SEPARATORS = re.compile(r"[\s\-_.·—–]")


def fold_number(number: str) -> str:
    """Capitals and digits without spaces, hyphens or dots."""
    return _SEPARATORS.sub("", fold(number)).upper()


def compare_numbers(declared: str, observed: str) -> Verdict:
    """How a number on a paper stands to the declared one."""
    want, seen = fold_number(declared), fold_number(observed)
    if want == seen:
        return SAME
    if _agrees_with_mask(want, seen):
        return alias("部分位被星号遮盖，其余各位相同")
    if differs_only_in_lookalikes(want, seen):
        places = [i + 1 for i, (a, b) in enumerate(zip(want, seen, strict=True)) if a != b]
        return lookalike(f"仅第{'、'.join(map(str, places))}位不同，字形相近")
    distance = Levenshtein.distance(want, seen)
    if len(want) != len(seen):
        if distance == abs(len(want) - len(seen)) <= 2:
            return lookalike(f"位数不同（{len(want)}位与{len(seen)}位），其余相同，可能漏读或多读")
        return different(f"位数不同（{len(want)}位与{len(seen)}位）")
    return different(f"{len(want)}位中有{distance}位不同")


def compare_id_numbers(declared: str, observed: str) -> Verdict:
    """Like `compare_numbers`; a first-generation number (15 digits) is compared in its long form."""
    want, seen = _long_form(fold_number(declared)), _long_form(fold_number(observed))
    return compare_numbers(want, seen)


def _long_form(number: str) -> str:
    if not re.fullmatch(r"[0-9]{15}", number):
        return number
    body = number[:6] + "19" + number[6:]
    return body + id_number_check_digit(body)


def _agrees_with_mask(want: str, seen: str) -> bool:
    """Stars cover digits: one by one, or several under one run of stars."""
    stars = [number for number in (want, seen) if "*" in number]
    if len(stars) != 1:
        return False
    mask, plain = stars[0], seen if stars[0] is want else want
    shown = mask.replace("*", "")
    if len(shown) < 4:
        return False
    if len(mask) == len(plain):
        return all(m in ("*", p) for m, p in zip(mask, plain, strict=True))
    pattern = re.sub(r"(?:\\\*)+", ".*", re.escape(mask))
    return len(shown) < len(plain) and re.fullmatch(pattern, plain) is not None
