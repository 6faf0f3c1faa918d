"""What others reach on the same pages, in the same run.

    python -m benchmarks.alternatives [--dossiers 8] [--seed 7100] [--layouts all] [--keep DIR]

*Chuhe*: pages read, split, extracted as in a run. *Tesseract + our extractors*: every page read by
Tesseract chi_sim (turned by its own orientation detection), then split and extracted by us.
*PaddleOCR + patterns*: plain PaddleOCR with the same detector and the stronger of our recognisers,
then label-based patterns of the usual sort (`usual_patterns.py`); it is told the kind of every paper and
which pages belong to it, and months are not asked of it. Seconds are processor time, all processes.
"""

import os
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from benchmarks.accuracy import Results, Tally, compare_dossier
from benchmarks.plain_paddle import SMALL, plain_paddle
from benchmarks.read_here import ACCEPTED, MadeWindow, PageKey, asked_window, judged
from benchmarks.tesseract import is_installed, read_with_tesseract
from benchmarks.usual_patterns import take_fields
from pipeline.model.reading import PageReading
from pipeline.reading import Engine
from pipeline.reading.material import read_opened


def by_patterns(made: MadeWindow, texts: dict[PageKey, str]) -> Results:
    """Patterns over the text of every true paper, against the truth."""
    results = Results()
    for dossier in made.dossiers:
        truth = made.truth(dossier.dossier_id)
        documents: list[dict[str, Any]] = []
        for material in truth.materials:
            for paper in material.documents:
                keys = [(dossier.dossier_id, material.file, page) for page in paper.pages]
                text = "\n".join(texts.get(key, "") for key in keys)
                fields = take_fields(paper.kind.value, re.sub(r"[ \u3000]+", "", text))
                documents.append(
                    {
                        "file": material.file,
                        "kind": paper.kind.value,
                        "pages": list(paper.pages),
                        "fields": {k: {"value": v, "confidence": 1.0} for k, v in fields.items()},
                    }
                )
        report = {"documents": documents, "findings": [], "route": ""}
        compare_dossier(truth, report, results, ACCEPTED)
    return results


def processor_seconds() -> float:
    """Processor time of this process and of those it waited for."""
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system


def between(marks: Sequence[float]) -> list[float]:
    """What passed from each mark to the next."""
    return [after - before for before, after in pairwise(marks)]


def print_table(made: MadeWindow) -> None:
    """Reads every page with all of them, one after the other, and prints what came of it."""
    engine, paddle = Engine(), plain_paddle(SMALL)
    with_tesseract = is_installed()
    ours: dict[PageKey, PageReading] = {}
    theirs: dict[PageKey, PageReading] = {}
    texts: dict[PageKey, str] = {}
    seconds = [0.0, 0.0, 0.0]
    for key, page in made.pages():
        marks = [processor_seconds()]
        ours[key], *_ = read_opened(page, engine)
        marks.append(processor_seconds())
        texts[key] = "\n".join(paddle.predict(page.image)[0]["rec_texts"])
        marks.append(processor_seconds())
        if with_tesseract:
            theirs[key] = read_with_tesseract(page)
        marks.append(processor_seconds())
        seconds = [s + part for s, part in zip(seconds, between(marks), strict=True)]
        print(f"{len(ours)} pages", end="\r", flush=True)
    rows = [
        ("Chuhe", judged(made, ours), seconds[0]),
        ("PaddleOCR + patterns (kinds given)", by_patterns(made, texts), seconds[1]),
    ]
    if with_tesseract:
        rows.append(("Tesseract chi_sim + our extractors", judged(made, theirs), seconds[2]))
    else:
        print("Tesseract with chi_sim is not installed here: not measured.")
    print(f"{len(made.dossiers)} dossiers, {len(ours)} pages\n")
    print(
        "| what | fields | exact | wrong | missing | worst damage exact | months exact | s a page |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, results, taken in rows:
        print(row(name, results, taken / max(1, len(ours))))


def row(name: str, results: Results, seconds: float) -> str:
    fields, months = Tally(), Tally()
    for total, tallies in ((fields, results.by_damage), (months, results.months)):
        for tally in tallies.values():
            total.exact += tally.exact
            total.wrong += tally.wrong
            total.missing += tally.missing
    worst = results.by_damage["3 worst damage"]
    shares = [
        f"{part / max(1, fields.total):.1%}"
        for part in (fields.exact, fields.wrong, fields.missing)
    ]
    return (
        f"| {name} | {fields.total} | {' | '.join(shares)} | {worst.exact / max(1, worst.total):.1%} "
        f"of {worst.total} | {months.exact / max(1, months.total):.1%} of {months.total} "
        f"| {seconds:.1f} |"
    )


def main() -> None:
    """Makes the window, prints one table."""
    with asked_window(__doc__) as made:
        print_table(made)


if __name__ == "__main__":
    main()
