"""Characters that the recognisers never learned, whether they have them in their lists or not.

Of ideographs beyond the basic plane (𬱖, 𬴊, 𫖯: simplified forms of rare characters, in names since the
2013 table of standard characters) PP-OCR has the classes, but no training picture: their true place
among what it holds for likely is behind some four thousand others. Others (𠮷, 凓, 㴋) it does not list,
and some it lists and takes for a look-alike (㳘). What it sees of such a character is none the less its own. The last layer is linear, so the logarithms of the probabilities of enough
classes (more than its 120 features) hold all that it saw, and a class is added to a linear layer by
its weights alone. Those of `unlearned.npz` were fitted (`benchmarks/fit_unlearned.py`) on these
characters drawn in four typefaces, damaged, against their look-alikes and other names; `docs/reading.md`
says how well a typeface is read that was left out. New weights are new results of the reading stage.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.float32]
"""(columns, classes), each row adding up to 1."""

_LEAST = np.float32(1e-30)


@dataclass(frozen=True, slots=True, eq=False)
class Unlearned:
    """The added classes of one recogniser: `weights` (anchors, characters), `bias` (characters,).

    `anchors` and `classes` are the columns of its probabilities that are looked at and written to.
    `listed` is its list with the characters that it lacks at the end.
    """

    listed: tuple[str, ...]
    anchors: NDArray[np.intp]
    classes: NDArray[np.intp]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def added(self, probabilities: Probabilities) -> Probabilities:
        """The probabilities with the added classes among them; every row still adds up to 1."""
        seen = np.log(np.maximum(probabilities[:, self.anchors], _LEAST))
        level = seen.mean(axis=1, keepdims=True)
        scores = (seen - level) @ self.weights + self.bias + level
        chances = np.exp(np.minimum(scores, 30.0))
        total = 1.0 + chances.sum(axis=1, keepdims=True)
        result = np.zeros((len(probabilities), len(self.listed) + 1), dtype=np.float32)
        result[:, : probabilities.shape[1]] = probabilities / total
        result[:, self.classes] += chances / total
        return result


@cache
def _fitted() -> dict[str, NDArray[np.generic]]:
    data = resources.files("pipeline.reading").joinpath("unlearned.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


@cache
def added_characters() -> frozenset[str]:
    """The characters that have an added class."""
    return frozenset(str(char) for char in _fitted()["characters"])


def unlearned(recogniser: str, characters: tuple[str, ...]) -> Unlearned:
    """The added classes of a recogniser (`small`, `mobile`) whose class `i` is `characters[i - 1]`."""
    fitted = _fitted()
    listed = (*characters, *sorted(added_characters() - frozenset(characters)))
    index = {char: i + 1 for i, char in enumerate(listed)}

    def columns(name: str) -> NDArray[np.intp]:
        return np.array([index[str(char)] for char in fitted[name]], dtype=np.intp)

    return Unlearned(
        listed=listed,
        anchors=columns("anchors"),
        classes=columns("characters"),
        weights=np.asarray(fitted[f"{recogniser}_weights"], dtype=np.float32),
        bias=np.asarray(fitted[f"{recogniser}_bias"], dtype=np.float32),
    )
