"""Fits the classes that recognisers list and never learned (`pipeline.reading.unlearned`).

    python -m benchmarks.fit_unlearned [--fonts DIR …] [--characters N] [--pictures 2] [--write]

Draws every ideograph beyond the basic plane that both recognisers list, and those of `_UNLISTED` and
`_WEAK`, as part of a name, in every typeface found (`benchmarks.unlearned_lines`; `--fonts` adds
folders), damaged; then the characters that the recognisers took them for, and others. Prints how
well each typeface is told by weights that were fitted on the rest; `--write` replaces `pipeline/reading/unlearned.npz`.
`--characters 12` is a quick try, which is never written.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from benchmarks.unlearned_lines import (
    RECOGNISERS,
    Look,
    Typeface,
    draw_line,
    look,
    typefaces,
)
from pipeline.reading.engine import Engine, Strength
from pipeline.reading.votes import is_everyday

Array = NDArray[np.float64]

TARGET_FILE = Path(__file__).resolve().parent.parent / "pipeline" / "reading" / "unlearned.npz"
SYSTEM_FONTS = Path("/usr/share/fonts")
_UNLISTED = "㴋䒟凓勠鿍鿎鿏𠮷"
"""Characters of names that neither recogniser lists, or that neither learned though one lists them."""
_WEAK = (
    "㑇㬎㭎㳘㳚䌹䜣佸佽侴俫冮冼劢坥埪堲堼壸夐妭嫒宧崶幖悈惎昡昤晢暧暿柖桯桹棁橞櫆歅浡浲湝溠漈"
    "煋珇珋珒珕珢珹瑆瑖璮瓖祼祾芈袆谠赪镈镋颋颎"
)
"""Characters of names that the small one takes for a look-alike: of those of the 2013 table outside
GB 2312 that it gave less than a tenth on average, drawn in two typefaces, the ones met in names; 㳘;
and six of GB 2312."""
_MISLEADING = frozenset("佽劢嫒壸宧昡晢暧暿桯桹瑖瓖祼袆颎𠴰𡎚𥖨𦍑𦝼𪨰𫠊𬕂𬜬𬣙𬬹𬶨𬶭𬸣")
"""Those that are drawn and not added. The first line: of `_WEAK`, of a typeface left out, a picture of an
everyday look-alike (哲, 媛, 程, 根, 祎) was taken for one of them, or few of their own pictures were told.
The second: both recognisers read them as a standard character (岫, 骞, 钟, 暨) and, of 28 pictures of that
in seven typefaces at 16 to 40 pixels, each took one or more for the added class."""
_FEATURES = 120
"""What the last layer of either recogniser sees of a column."""
_ANCHORS = 160
"""More than that, so that weights rounded to 16 bits tell no character otherwise."""
_LOOK_ALIKES, _OTHERS = 2, 120
"""Look-alikes of each character, and other characters in each typeface, that must not be taken."""
_SHRINK, _LEAST_SPREAD, _SCALE = 0.3, 0.05, 0.25
"""The start (a discriminant): how round and at least how wide the spread within a class is taken to
be (all columns together have 1), and how steep it is."""
_REACH = 90.0
"""The start's offset lets so many per cent of the pictures tell their character."""
_WEIGHT, _RIDGE, _STEPS, _PACE = 3.0, 1e-4, 200, 0.02
"""The descent: weight of the pictures to tell, pull to the start, steps, length of the first."""
_CAUTION, _MORE_CAUTION = 1.5, 3.5
"""Log-odds taken off in the end, so that a look-alike is not taken for the rare character: more of
those of `_WEAK`, which have a class of their own besides."""
_TAKEN = 0.5


@dataclass(slots=True)
class Rows:
    """Columns that one recogniser saw: its logs at the anchors, which added class is right (-1: none),
    the typeface, and the character that was drawn to be told or not taken ("" for those beside it)."""

    seen: list[NDArray[np.float32]] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    family: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)

    def add(self, found: Look, char: str, right: int, family: str) -> None:
        kept = (found.here, *found.beside)
        self.seen += kept
        self.right += [right] + [-1] * len(found.beside)
        self.family += [family] * len(kept)
        self.drawn += [char] + [""] * len(found.beside)


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Weights (anchors, characters) and bias (characters,) as they are stored."""

    weights: NDArray[np.float16]
    bias: Array

    def chances(self, seen: Array) -> Array:
        """(columns, characters): the share of each added class."""
        level = seen.mean(axis=1, keepdims=True)
        scores = np.concatenate(
            [-level, (seen - level) @ self.weights.astype(float) + self.bias], axis=1
        )
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray((shares / shares.sum(axis=1, keepdims=True))[:, 1:])


def see(
    engine: Engine, targets: Sequence[str], faces: Sequence[Typeface], pictures: int
) -> tuple[list[str], dict[Strength, Rows]]:
    """The anchors, and what each recogniser saw of the characters, their look-alikes, and others."""
    rng = Random(1)
    plain = [chr(c) for c in range(0x4E00, 0xA000) if _is_plain(chr(c))]
    known = [c for c in plain if c not in targets and all(engine.knows(c, s) for s in RECOGNISERS)]
    anchors = sorted(rng.sample(known, _ANCHORS))
    columns = {
        s: np.array([{c: i + 1 for i, c in enumerate(engine.characters(s))}[a] for a in anchors])
        for s in RECOGNISERS
    }
    rows = {strength: Rows() for strength in RECOGNISERS}
    place = {char: i for i, char in enumerate(added(targets))}
    taken_for: dict[str, Counter[str]] = defaultdict(Counter)

    def watch(face: Typeface, char: str) -> None:
        line = draw_line(face, char, rng)
        for strength in RECOGNISERS:
            found = look(engine, strength, line, anchors=columns[strength], rng=rng)
            rows[strength].add(found, char, place.get(char, -1), face.family)
            if char in targets:
                taken_for[char].update(found.likeliest)

    for face in faces:
        for char in targets:
            for _ in range(pictures if ord(char) in face.holds else 0):
                watch(face, char)
    alike = {
        c
        for counts in taken_for.values()
        for c, _ in counts.most_common(_LOOK_ALIKES)
        if "\u3400" <= c <= "\uffff" and c.isalpha() and c not in targets
    }
    for face in faces:
        others = rng.sample(known, min(_OTHERS, 2 * len(targets)))
        for char in (*sorted(alike), *sorted(filter(is_everyday, alike)), *others):
            if ord(char) in face.holds:
                watch(face, char)
    return anchors, rows


def added(targets: Sequence[str]) -> list[str]:
    """Those of the characters drawn that get a class."""
    return [char for char in targets if char not in _MISLEADING]


def _is_plain(char: str) -> bool:
    try:
        return len(char.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def fit(seen: Array, right: NDArray[np.intp], caution: Array) -> Head:
    """The added classes: a discriminant over what the columns hold, then descended upon all rows.

    `caution` are the log-odds taken off in the end, one of each class.
    """
    level = seen.mean(axis=1)
    centred = seen - level[:, None]
    middle = centred.mean(axis=0)
    _, spread, axes = np.linalg.svd(centred - middle, full_matrices=False)
    kept = min(_FEATURES, int((spread > 1e-4 * spread[0]).sum()))
    basis = axes[:kept].T / (spread[:kept] / np.sqrt(len(seen)))
    features = (centred - middle) @ basis
    weights, bias = _descended(
        features, level, right, *_start(features, level, right, len(caution))
    )
    folded = (basis @ weights.T).astype(np.float16)
    return Head(folded, bias - caution - middle @ folded.astype(float))


def _start(
    features: Array, level: Array, right: NDArray[np.intp], count: int
) -> tuple[Array, Array]:
    """Weights (characters, features) and bias of a linear discriminant with one spread for all."""
    size = features.shape[1]
    means, within = np.zeros((count, size)), np.zeros((size, size))
    for index in np.unique(right[right >= 0]):
        own = features[right == index]
        means[index] = own.mean(axis=0)
        within += (own - means[index]).T @ (own - means[index])
    told = right >= 0
    within /= told.sum()
    within += np.eye(size) * max(_SHRINK * np.trace(within) / size, _LEAST_SPREAD)
    weights = _SCALE * np.linalg.solve(within, means.T).T
    bias = -0.5 * (weights * means).sum(axis=1)
    scores = features[told] @ weights.T + bias
    own_scores = scores[np.arange(len(scores)), right[told]]
    return np.asarray(weights, dtype=np.float64), bias + float(
        np.percentile(-level[told] - own_scores, _REACH)
    )


def _descended(
    features: Array, level: Array, right: NDArray[np.intp], weights: Array, bias: Array
) -> tuple[Array, Array]:
    """Weights and bias after Adam's descent on the cross-entropy; the old classes count as one."""
    told = np.flatnonzero(right >= 0)
    worth = np.where(right >= 0, _WEIGHT, 1.0)[:, None].astype(np.float32)
    seen, level_of = features.astype(np.float32), level.astype(np.float32)[:, None]
    start = weights.astype(np.float32)
    both = [start.copy(), bias.astype(np.float32)]
    slopes, squares = ([np.zeros_like(part) for part in both] for _ in range(2))
    for step in range(1, _STEPS + 1):
        scores = np.concatenate([-level_of, seen @ both[0].T + both[1]], axis=1)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        wrong = (shares / shares.sum(axis=1, keepdims=True))[:, 1:]
        wrong[told, right[told]] -= 1
        wrong *= worth * 10 / len(seen)
        gradients = (wrong.T @ seen + _RIDGE * (both[0] - start), wrong.sum(axis=0))
        pace = _PACE if step < 0.7 * _STEPS else 0.2 * _PACE
        for i, gradient in enumerate(gradients):
            slopes[i] = 0.9 * slopes[i] + 0.1 * gradient
            squares[i] = 0.999 * squares[i] + 0.001 * gradient**2
            size = np.sqrt(squares[i] / (1 - 0.999**step)) + 1e-8
            both[i] -= pace * slopes[i] / (1 - 0.9**step) / size
    return both[0].astype(float), both[1].astype(float)


def report(name: str, rows: Rows, caution: Array) -> None:
    """Prints of each typeface what weights fitted on the others tell of it."""
    seen, right = np.stack(rows.seen).astype(float), np.array(rows.right)
    families, drawn = np.array(rows.family), np.array(rows.drawn) != ""
    for family in sorted(set(rows.family)):
        out = families == family
        if not (right[~out] >= 0).any():
            continue
        chances = fit(seen[~out], right[~out], caution).chances(seen[out])
        best, top, true = chances.argmax(axis=1), chances.max(axis=1), right[out]
        told, taken = true >= 0, top > _TAKEN
        alike, beside = ~told & drawn[out], ~told & ~drawn[out]
        share = (best == true)[told & taken].mean() if (told & taken).any() else 0.0
        print(
            f"| {name} | {family} | {told.sum()} | {taken[told].mean():.1%} | {share:.1%} "
            f"| {taken[alike].mean():.1%} of {alike.sum()} | {taken[beside].mean():.2%} of {beside.sum()} |"
        )


def write(
    path: Path, anchors: Sequence[str], targets: Sequence[str], heads: Mapping[str, Head]
) -> None:
    """Writes what `pipeline.reading.unlearned` reads: heads by the name of their recogniser."""
    fitted = {f"{name}_weights": head.weights for name, head in heads.items()}
    biases = {f"{name}_bias": head.bias.astype(np.float32) for name, head in heads.items()}
    named = {"anchors": np.array(anchors), "characters": np.array(targets)}
    np.savez_compressed(path, allow_pickle=False, **named, **fitted, **biases)


def main() -> None:
    """Draws, reads, prints what is told of a typeface left out, fits on all, writes when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fonts", type=Path, nargs="+", default=[], help="more folders of fonts")
    parser.add_argument("--characters", type=int, help="only so many characters (a quick try)")
    parser.add_argument("--pictures", type=int, default=2, help="of each character and typeface")
    parser.add_argument("--write", action="store_true", help="replace what is committed")
    options = parser.parse_args()
    if options.write and options.characters:
        parser.error("a quick try is not written")
    engine = Engine()
    listed = sorted(c for c in engine.characters(Strength.SMALL) if len(c) == 1 and c > "\uffff")
    listed = [c for c in listed if c.isalpha() and engine.knows(c, Strength.MOBILE)]
    wanted = sorted({*listed, *_UNLISTED, *_WEAK})
    faces = typefaces(wanted, (SYSTEM_FONTS, *options.fonts))
    targets = [c for c in wanted if any(ord(c) in face.holds for face in faces)]
    targets = targets[: options.characters]
    print(f"{len(targets)} characters in {', '.join(face.family for face in faces)}\n")
    anchors, rows = see(engine, targets, faces, options.pictures)
    print("| recogniser | typeface left out | pictures | taken | rightly | look-alikes and others taken | beside |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    heads, told = {}, added(targets)
    caution = np.array([_MORE_CAUTION if char in _WEAK else _CAUTION for char in told])
    for strength, seen in rows.items():
        report(strength.value, seen, caution)
        columns = np.stack(seen.seen).astype(float)
        heads[strength.value] = fit(columns, np.array(seen.right), caution)
    if options.write:
        write(TARGET_FILE, anchors, told, heads)
        print(f"\nwritten: {TARGET_FILE.name}")


if __name__ == "__main__":
    main()
