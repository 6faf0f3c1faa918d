"""Everything that a report can name has a Chinese word, and none of the words accuses."""

import tomllib
from pathlib import Path

import pytest

import validators
from pipeline.model.kinds import FIELD_NAMES
from pipeline.report import wording
from pipeline.report.wording import confidence_words, finding_title, part_label, value_label
from validators.catalogue import CATALOGUE

RULEBOOKS = sorted((Path(validators.__file__).parent / "rulebooks").glob("*.toml"))


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_finding_code_has_a_title(code: str) -> None:
    assert finding_title(code) != code


def test_every_field_has_a_label() -> None:
    names = {name for fields in FIELD_NAMES.values() for name in fields}
    assert names <= wording.FIELD_LABELS.keys()


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: path.stem)
def test_the_parts_of_the_score_are_named_as_the_rulebook_names_them(path: Path) -> None:
    parts = tomllib.loads(path.read_text(encoding="utf-8"))["score"]["parts"]
    assert {p["name"]: part_label(p["name"]) for p in parts} == {
        p["name"]: p["label"] for p in parts
    }


@pytest.mark.parametrize(
    "word",
    ["造假", "伪造", "虚假", "作假", "欺骗", "骗取", "违规", "篡改", "嫌疑", "拒绝", "不合格"],
)
def test_no_word_accuses(word: str) -> None:
    tables = [value for name, value in vars(wording).items() if name.isupper()]
    said = [text for table in tables if isinstance(table, dict) for text in table.values()]
    assert len(said) > 100
    assert not [text for text in said if word in text]


@pytest.mark.parametrize(
    ("confidence", "said"),
    [
        (1.0, "高 100%"),
        (0.95, "高 95%"),
        (0.949, "中 94%"),
        (0.8, "中 80%"),
        (0.57, "低 57%"),
        (0.799, "低 79%"),
    ],
)
def test_confidence_is_never_rounded_up(confidence: float, said: str) -> None:
    assert confidence_words(confidence, 0.8) == said


def test_values_are_said_in_words() -> None:
    assert value_label("signed", False) == "未见"
    assert value_label("term_kind", "open_ended") == "无固定期限"
    assert value_label("name", "样宁远") == "样宁远"
