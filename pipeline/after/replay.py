"""Whether the same comes out again: every report rebuilt from stored readings, compared by byte."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from pipeline.after.finished import Finished
from pipeline.dossier import Engines, extract_facts, report_facts
from pipeline.kept import KeptDossier
from pipeline.report.build import to_json
from pipeline.report.html import render_report
from pipeline.workers import load_readings, picture_of
from validators import Rulebook

MOST_SHOWN = 40
"""Differences listed of one report."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One report rebuilt. `differences` are places in the JSON, and `html` when the page differs."""

    dossier_id: str
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        return {"dossier_id": self.dossier_id, "differences": list(self.differences)}


def replay(finished: Finished, *, with_values: bool = False) -> Iterator[Replayed]:
    """Rebuilds every report of a finished run. Writes nothing.

    Differences name places only, unless `with_values`: values may be of a person.
    """
    for kept in finished.each():
        yield replay_one(finished, kept, with_values=with_values)


def replay_one(finished: Finished, kept: KeptDossier, *, with_values: bool = False) -> Replayed:
    """One dossier rebuilt and compared with the files in the output folder."""
    dossier_id = kept.dossier.dossier_id
    folder = finished.out / "reports"
    try:
        data, html = rebuild(finished, kept)
    except FileNotFoundError as error:
        return Replayed(dossier_id, (f"cannot be rebuilt: {error}",))
    differences: list[str] = []
    written = _bytes_of(folder / f"{dossier_id}.json")
    if written is None:
        differences.append("the JSON is gone")
    elif written != data:
        differences += list(_json_differences(written, data, with_values=with_values))
    page = _bytes_of(folder / f"{dossier_id}.html")
    if page != html:
        differences.append("the HTML is gone" if page is None else "html")
    return Replayed(dossier_id, tuple(differences[:MOST_SHOWN]))


def rebuild(finished: Finished, kept: KeptDossier) -> tuple[bytes, bytes]:
    """JSON and HTML of a report from what was read, by the rulebook it was checked with."""
    readings = load_readings(finished.blobs, kept.readings)
    rulebook: Rulebook = finished.rulebook(kept)
    made_by = kept.report.provenance
    report = report_facts(
        kept.dossier,
        extract_facts(kept.dossier, readings),
        readings,
        window=kept.window,
        rulebook=rulebook,
        engines=Engines(made_by.version, made_by.engine, made_by.models),
        acceptance=kept.acceptance,
        shared=kept.shared,
    )
    html = render_report(
        report,
        declaration=kept.dossier.declaration,
        clauses={c.id: c.sentence for c in rulebook.clauses},
        pictures=lambda file, page: picture_of(finished.blobs, readings, file, page),
        acceptance=kept.acceptance,
    )
    return to_json(report), html.encode()


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _json_differences(written: bytes, rebuilt: bytes, *, with_values: bool) -> Iterator[str]:
    try:
        before = json.loads(written)
    except ValueError:
        yield "the JSON cannot be parsed"
        return
    found = list(_differences(before, json.loads(rebuilt), ""))
    if not found:
        yield "json: the same data in other bytes"
    for place, was, now in found:
        yield f"{place}: {_short(was)} → {_short(now)}" if with_values else place


def _differences(was: Any, now: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in [*was, *(k for k in now if k not in was)]:
            yield from _differences(was.get(key), now.get(key), f"{place}.{key}".lstrip("."))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for i, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from _differences(one, other, f"{place}[{i}]")
    elif was != now:
        yield place, was, now


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "…"


def describe(replayed: Iterator[Replayed], console: Console) -> int:
    """Prints what differs and the sums; returns how many reports differ."""
    count = different = 0
    for item in replayed:
        count += 1
        if item.is_same:
            continue
        different += 1
        console.print(f"{item.dossier_id}：与写出的报告不同", highlight=False)
        for place in item.differences:
            console.print(f"    {place}", markup=False, highlight=False, soft_wrap=True)
    told = "逐字节相同" if not different else f"{different} 份不同"
    console.print(
        f"用已保存的读取结果重建 {count} 份报告：{told}。没有改动任何文件。", highlight=False
    )
    return different
