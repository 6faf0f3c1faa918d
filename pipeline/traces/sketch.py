"""Sketches of texts: how much two have in common, without keeping either.

A text is the set of its runs of six characters; a sketch keeps the smallest hashes of them
(bottom-k MinHash: Broder, On the resemblance and containment of documents, 1997).
"""

import re
from collections.abc import Iterable
from zlib import crc32

_RUN = 6
_KEPT = 32
_OTHER = re.compile(r"[^0-9A-Za-z㐀-鿿]")
_DIGITS = re.compile(r"\d+")


def plain(text: str, without: Iterable[str] = ()) -> str:
    """Characters, letters and digits of `text` only, without the given names."""
    bare = _OTHER.sub("", text)
    for name in sorted({_OTHER.sub("", n) for n in without if n}, key=len, reverse=True):
        if len(name) > 1:
            bare = bare.replace(name, "")
    return bare


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of the runs of `text`, in order; empty for a text of under 60 characters."""
    if len(text) < 60:
        return ()
    hashes = {crc32(text[i : i + _RUN].encode()) for i in range(len(text) - _RUN + 1)}
    return tuple(sorted(hashes)[:_KEPT])


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The share of runs that two texts have in common (0–1), estimated from their sketches."""
    if not one or not other:
        return 0.0
    united = sorted({*one, *other})[: min(_KEPT, max(len(one), len(other)))]
    both = set(one) & set(other)
    return sum(h in both for h in united) / len(united)


def digit_runs(text: str) -> tuple[int, ...]:
    """Hashes of the numbers in `text`, each once, in order."""
    return tuple(sorted({crc32(run.encode()) for run in _DIGITS.findall(text)}))


def overlap(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Numbers in both over numbers in either (0–1)."""
    united = set(one) | set(other)
    return len(set(one) & set(other)) / len(united) if united else 0.0


def packed(*parts: tuple[int, ...]) -> str:
    """Hashes as text, parts divided by a full stop."""
    return ".".join("".join(f"{h:08x}" for h in part) for part in parts)


def unpacked(mark: str) -> list[tuple[int, ...]]:
    """What `packed` made."""
    return [
        tuple(int(part[i : i + 8], 16) for i in range(0, len(part), 8)) for part in mark.split(".")
    ]
