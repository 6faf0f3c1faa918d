"""docs/report.md names every key that a report and a summary write."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.report.build import to_json
from pipeline.report.html import MOST_PAGES
from pipeline.report.summary import summarise
from pipeline.report.summary_json import to_summary_json
from tests.pipeline.report_sample import DECLARATION, WINDOW, sample_report

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "report.md").read_text(encoding="utf-8")


def keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from keys(value)
    elif isinstance(node, list):
        for item in node:
            yield from keys(item)


def test_every_key_of_a_report_is_named() -> None:
    data = json.loads(to_json(sample_report()))
    for document in data["documents"]:
        document["fields"] = list(document["fields"].values())
    data["provenance"] = dict.fromkeys(data["provenance"])
    assert {key for key in keys(data) if f"{key}`" not in PAGE and f".{key}" not in PAGE} == set()


def test_every_key_of_a_summary_is_named() -> None:
    row = summarise(sample_report(), declaration=DECLARATION)
    data = json.loads(to_summary_json(WINDOW, [row]))
    data["window"] = None
    assert {key for key in keys(data) if f"`{key}`" not in PAGE} == set()


def test_the_number_of_embedded_pages_is_the_real_one() -> None:
    assert f"At most {MOST_PAGES} page pictures" in PAGE
