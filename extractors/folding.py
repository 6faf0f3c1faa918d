"""Folding of characters that differ only in width or in how they were encoded."""

import unicodedata
from functools import lru_cache

_BRACKETS = str.maketrans("〔［【〖｛〕］】〗｝", "((((()))))")
_COLONS = str.maketrans("︰∶﹕꞉", "::::")


def fold_character(character: str) -> str:
    """The plain form of one character: half-width, brackets as `()`, never a changed meaning.

    Full-width forms, ideographic space, CJK compatibility ideographs and Kangxi radicals follow
    NFKC; everything else (also 〇, ·, ①, ½) is left as it stands.
    """
    code = ord(character)
    if (
        0xFF01 <= code <= 0xFFEE
        or code in (0x3000, 0xA0)
        or 0xF900 <= code <= 0xFAFF
        or 0x2E80 <= code <= 0x2FDF
        or 0x2F800 <= code <= 0x2FA1F
        or 0x2000 <= code <= 0x200A
    ):
        character = unicodedata.normalize("NFKC", character)
    elif code in (0x200B, 0x200C, 0x200D, 0xFEFF):
        return " "
    return character.translate(_BRACKETS).translate(_COLONS)


class _Folds(dict[int, str]):
    """The fold of every character met so far: folding is most of what extraction does."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Every character folded. The same lines are folded by many readers: short texts are remembered."""
    return _fold_line(text) if len(text) <= _LINE else text.translate(_FOLDS)


_LINE = 120


@lru_cache(maxsize=16384)
def _fold_line(text: str) -> str:
    return text.translate(_FOLDS)


@lru_cache(maxsize=16384)
def compact(text: str) -> str:
    """Folded and without white space: how labels and anchors are compared."""
    return "".join(fold(text).split())


def is_han(character: str) -> bool:
    """True for an ideograph of any block, 〇 and private-use characters included."""
    code = ord(character)
    return (
        0x3400 <= code <= 0x9FFF
        or 0x20000 <= code <= 0x3FFFF
        or 0xF900 <= code <= 0xFAFF
        or 0x2E80 <= code <= 0x2FDF
        or code == 0x3007
        or 0xE000 <= code <= 0xF8FF
    )


def close_han(text: str) -> str:
    """Without the spaces that touch an ideograph; a space between Latin words stays, once."""
    parts = text.split()
    joined = ""
    for part in parts:
        apart = joined and not is_han(joined[-1]) and not is_han(part[0])
        joined += (" " if apart else "") + part
    return joined
