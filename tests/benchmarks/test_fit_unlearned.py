"""Fitting classes that a recogniser lists and never learned: on a last layer made up here."""

from pathlib import Path
from random import Random

import numpy as np

from benchmarks.fit_unlearned import TARGET_FILE, Array, Head, fit, write
from benchmarks.unlearned_lines import draw_line, typefaces
from pipeline.reading.unlearned import added_characters
from pipeline.reading.votes import is_everyday

FEATURES, CLASSES, ADDED, EACH = 10, 40, 3, 30


def columns(rng: np.random.Generator, layer: Array, middles: Array) -> Array:
    """The logs that a linear layer with softmax gives for features around each of `middles`."""
    features = np.repeat(middles, EACH, axis=0) + rng.normal(
        0, 0.2, (len(middles) * EACH, FEATURES)
    )
    scores = features @ layer
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))


def test_what_was_not_learned_is_told_from_its_features_and_nothing_else_is_taken_for_it() -> None:
    rng = np.random.default_rng(5)
    layer = rng.normal(0, 1, (FEATURES, CLASSES))
    unlearned, known = rng.normal(0, 1.5, (ADDED, FEATURES)), rng.normal(0, 1.5, (9, FEATURES))
    right = np.concatenate([np.repeat(np.arange(ADDED), EACH), np.full(9 * EACH, -1)])
    middles = np.concatenate([unlearned, known])
    head = fit(columns(rng, layer, middles), right, np.full(ADDED, 1.5))
    chances = head.chances(columns(rng, layer, middles))
    told = right >= 0
    assert (chances.argmax(axis=1)[told] == right[told]).mean() > 0.95
    assert (chances[told].max(axis=1) > 0.5).mean() > 0.8
    assert (chances[~told].max(axis=1) > 0.5).mean() < 0.02


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    head = Head(np.ones((2, 1), dtype=np.float16), np.array([0.5]))
    write(tmp_path / "made.npz", ["一", "丁"], ["𬱖"], {"small": head, "mobile": head})
    with (
        np.load(tmp_path / "made.npz", allow_pickle=False) as made,
        np.load(TARGET_FILE, allow_pickle=False) as stored,
    ):
        assert set(made.files) == set(stored.files)
        assert made["small_weights"].shape == (2, 1) and made["mobile_bias"].dtype == np.float32


def test_no_everyday_character_has_an_added_class() -> None:
    """Their own classes tell them; a second one would be taken where the first is right."""
    assert not [char for char in added_characters() if is_everyday(char)]


def test_a_line_is_drawn_the_same_again_with_the_character_where_it_is_said_to_stand(
    tmp_path: Path,
) -> None:
    faces = typefaces("𬱖𬴊𫖯", (tmp_path,))
    assert [face.family for face in faces] == ["Noto Sans SC", "Noto Serif SC"]
    one, again = (draw_line(faces[0], "𬴊", Random(3)) for _ in range(2))
    assert np.array_equal(one.pixels, again.pixels)
    height, width = one.pixels.shape[:2]
    assert 0 <= one.left < one.right <= 1
    assert 0.5 * height < (one.right - one.left) * width < height
    inside = one.pixels[:, round(one.left * width) : round(one.right * width)]
    assert inside.min() < 128 < inside.max()
