"""Confidence is a probability: monotone, never certain, with thresholds for any error rate."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.calibration import (
    ALL,
    GROUP_OF,
    Calibration,
    FieldGroup,
    Step,
    acceptance_for,
    calibrate,
    calibration,
    error_bounds,
    sign_values,
)
from extractors.signs import PaperSigns, Signs
from pipeline.model.document import Extraction, Field
from pipeline.model.kinds import FIELD_NAMES, DocumentKind
from pipeline.model.reading import Line
from tests.extractors.drawn_pages import Drawing, paper

SCORES = st.floats(0, 1)
SIGNS = st.builds(
    Signs, SCORES, SCORES, SCORES, st.booleans(), st.booleans(), st.booleans(), st.booleans()
)


def measured(steps: dict[str, tuple[Step, ...]]) -> Calibration:
    return Calibration(
        seeds=(1,), dossiers=100, values=1000, wrong=10, intercept=0.0,
        slopes={"score": 1.0}, groups={}, support={}, steps=steps,
    )  # fmt: skip


def run(*rows: tuple[float, float, float]) -> tuple[Step, ...]:
    return tuple(Step(confidence, values, wrong, 1.0) for confidence, values, wrong in rows)


def test_every_field_of_every_kind_has_a_group() -> None:
    assert {n for names in FIELD_NAMES.values() for n in names} == set(GROUP_OF)


def test_what_is_committed_says_where_it_comes_from() -> None:
    committed = calibration()
    assert committed.seeds and all(6000 <= seed < 6500 for seed in committed.seeds)
    assert committed.dossiers >= 100 and committed.values >= 5000
    assert set(committed.steps) == {ALL, *FieldGroup}
    assert set(committed.slopes) == set(sign_values(Signs(1, 1, 1, True, True, True, True)))


def test_no_sign_can_lower_the_confidence_by_being_better() -> None:
    assert all(slope >= 0 for slope in calibration().slopes.values())
    for steps in calibration().steps.values():
        assert all(a.confidence >= b.confidence for a, b in pairwise(steps))
        assert all(a.values <= b.values and a.wrong <= b.wrong for a, b in pairwise(steps))


@given(SIGNS, st.sampled_from(FieldGroup))
def test_nothing_is_certain(signs: Signs, group: FieldGroup) -> None:
    assert 0 < calibration().probability(group, signs) < 1


@given(SIGNS, SCORES, st.sampled_from(FieldGroup))
def test_a_better_score_never_lowers_the_confidence(
    signs: Signs, other: float, group: FieldGroup
) -> None:
    better = Signs(
        max(signs.score, other), signs.weakest, signs.page,
        signs.is_read_alike, signs.is_as_printed, signs.is_typed, signs.is_repeated,
    )  # fmt: skip
    curve = calibration()
    assert curve.probability(group, better) >= curve.probability(group, signs)


def test_values_read_so_badly_that_the_sample_has_few_are_never_surer_than_those_bear() -> None:
    curve = measured({}).model_copy(
        update={"intercept": 9.0, "support": {FieldGroup.WORD: (*[3] * 14, *[2000] * 6)}}
    )
    doubted = Signs(0.7, 1, 1, True, True, False, False)
    assert curve.probability(FieldGroup.WORD, doubted) == 0.8
    assert curve.probability(FieldGroup.WORD, replace(doubted, score=0.97)) > 0.999


def test_the_bounds_of_an_error_rate_hold_it_and_narrow_with_the_sample() -> None:
    few, many = error_bounds(Step(0.9, 100, 1, 1.0)), error_bounds(Step(0.9, 10_000, 100, 1.0))
    assert few[0] < 0.01 < few[1]
    assert few[0] < many[0] < 0.01 < many[1] < few[1]
    assert error_bounds(Step(0.9, 600, 0, 1.0))[1] == pytest.approx(0.0045, abs=2e-4)


def test_errors_that_come_together_widen_the_bounds() -> None:
    alone, together = Step(0.9, 1000, 5, 1.0), Step(0.9, 1000, 5, 4.0)
    assert error_bounds(together)[1] > error_bounds(alone)[1]


def test_a_stricter_target_never_lowers_a_threshold() -> None:
    strict, mild = acceptance_for(0.002), acceptance_for(0.02)
    assert all(strict.thresholds[field] >= t for field, t in mild.thresholds.items())


def test_a_target_that_nothing_meets_accepts_nothing() -> None:
    none = acceptance_for(1e-6)
    assert not none.accepts(DocumentKind.DIPLOMA, "level", 0.9999)


def test_a_group_with_few_values_leans_on_all_and_one_that_does_worse_stands_alone() -> None:
    curve = measured(
        {
            ALL: run((0.99, 2000, 0), (0.9, 5000, 5), (0.5, 5200, 200)),
            FieldGroup.NUMBER: run((0.99, 60, 0), (0.9, 80, 0)),
            FieldGroup.PERSON: run((0.99, 400, 0), (0.95, 900, 3), (0.9, 1000, 40)),
        }
    )
    acceptance = acceptance_for(0.005, curve)
    assert acceptance.threshold(DocumentKind.ID_CARD, "id_number") == 0.9
    assert acceptance.threshold(DocumentKind.ID_CARD, "name") == 0.95


def page_with(
    text: str, scores: tuple[float, ...], *, alternative: str | None = None
) -> PaperSigns:
    spans = tuple((30.0 * i, 30.0 * i + 30) for i in range(len(text)))
    line = Line(
        text=text, rect=(0, 0, 30.0 * len(text), 30), confidence=0.97, spans=spans, scores=scores,
        alternative=alternative,
    )  # fmt: skip
    drawn = Drawing().page().model_copy(update={"lines": (line,)})
    return PaperSigns(paper(DocumentKind.DIPLOMA, [drawn]))


def evidence_of(signs: PaperSigns, text: str, start: int, end: int) -> Field:
    page = signs.pages[0]
    line = page.lines[0]
    return Field(
        name="name", value=text[start:end], raw=text[start:end], confidence=0.95,
        evidence=({"page": 1, "box": page.quad(line.rect_of(start, end)), "raw": text[start:end]},),
    )  # fmt: skip


def test_the_weakest_character_of_the_value_counts_not_that_of_its_line() -> None:
    text, scores = "姓名林样例", (0.2, 0.9, 0.99, 0.98, 0.97)
    signs = page_with(text, scores)
    field = evidence_of(signs, text, 2, 5)
    assert signs.of(0.95, field.evidence, repaired=False).weakest == 0.97


def test_a_second_reading_counts_only_where_the_value_stands() -> None:
    text = "姓名林样例"
    for other, alike in (("性名林样例", True), ("姓名林样列", False)):
        signs = page_with(text, (0.99,) * 5, alternative=other)
        field = evidence_of(signs, text, 2, 5)
        assert signs.of(0.95, field.evidence, repaired=False).is_read_alike is alike


def test_calibrated_months_are_as_sure_as_the_least_sure_row() -> None:
    box = ((0, 0), (9, 0), (9, 9), (0, 9))
    evidence = ({"page": 1, "box": box, "raw": "已缴"},)
    rows = tuple(
        {"month": m, "status": "paid", "confidence": c, "evidence": evidence}
        for m, c in (("2022-01", 0.99), ("2022-02", 0.6))
    )
    field = Field(name="months", value=rows, raw="", confidence=1.0, evidence=evidence)
    document = paper(DocumentKind.SOCIAL_INSURANCE, [Drawing().page()])
    made = calibrate(document, Extraction(fields=(field,))).fields[0]
    assert isinstance(made.value, tuple)
    first, second = made.value
    assert first.confidence > second.confidence == made.confidence
