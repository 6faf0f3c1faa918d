"""What each technique brings and costs: each left out in turn, on the same pages, in one run.

    python -m benchmarks.ablation [--dossiers 8] [--seed 7100] [--layouts all] [--damage all|hard]
                                  [--keep DIR]

Every page is read with everything. Then each technique is left out, and every page on which it
can have done anything is read again without it; a page that it never touches (no red ink and no
seal, not turned, not faint, no strip) reads the same without it. `brings` is what is exact with it
and not without, over fields and months; `seconds` is processor time of this process spent on those
pages with it, less what they take without it. Finding a page's turn costs on upright pages too:
that is measured by doing it with and without on all. Repairs by structure (checksums, grammars) are
left out by taking back every value that rests on one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.read_here import MadeWindow, PageKey, Score, asked_window, judged
from pipeline.model.reading import PageReading
from pipeline.pages import OpenedPage
from pipeline.reading import Engine
from pipeline.reading.frames import Upright, find_upright, is_strip
from pipeline.reading.material import read_opened
from pipeline.reading.pixels import is_faint, line_height, smoothed, without_red
from pipeline.reading.techniques import ALL, Techniques

WITHOUT = {
    "turns": "upright position by trial",
    "levels": "photos taken aslant levelled",
    "seals": "red ink and grey seals taken away",
    "stamps": "of these, grey seals",
    "contrast": "faint pages tried on evened paper",
    "regions": "what lies upside down turned by itself",
    "tiles": "long strips in tiles",
    "second": "second reading by the stronger recogniser, and votes",
    "votes": "votes on what stays doubtful",
    "names": "doubtful names settled with another recogniser",
}


@dataclass(slots=True)
class Variant:
    """Pages read without one technique: readings, and processor seconds with and without it."""

    techniques: Techniques
    pages: dict[PageKey, PageReading] = field(default_factory=dict)
    with_it: float = 0.0
    without: float = 0.0


def can_matter(name: str, upright: Upright, full: PageReading) -> bool:
    """True when a technique can have done anything on a page."""
    clear = smoothed(upright.image, line_height(upright.boxes))
    if name == "turns":
        return full.rotation != 0
    if name == "levels":
        return any(abs(v) > 1e-9 for v in full.to_upload[6:8])
    if name == "regions":
        return bool(full.turned)
    if name == "stamps":
        return any(seal.ink == "grey" for seal in full.seals)
    if name == "seals":
        return bool(full.seals) or without_red(clear) is not None
    if name == "contrast":
        return is_faint(clear, upright.boxes)
    if name == "tiles":
        return is_strip(upright.image.shape[1], upright.image.shape[0])
    return full.source != "text"


def timed_reading(
    page: OpenedPage, engine: Engine, techniques: Techniques
) -> tuple[PageReading, float]:
    started = time.process_time()
    reading, *_ = read_opened(page, engine, techniques)
    return reading, time.process_time() - started


def read_window_variants(
    made: MadeWindow, engine: Engine
) -> tuple[dict[PageKey, PageReading], float, dict[str, Variant]]:
    """All pages read with everything, the seconds that took, and every variant."""
    full: dict[PageKey, PageReading] = {}
    total = 0.0
    variants = {name: Variant(replace(ALL, **{name: False})) for name in WITHOUT}
    for key, page in made.pages():
        full[key], seconds = timed_reading(page, engine, ALL)
        total += seconds
        upright, found = _timed_upright(page, engine, turns=True)
        _, taken = _timed_upright(page, engine, turns=False)
        for name, variant in variants.items():
            if not can_matter(name, upright, full[key]):
                if name == "turns":
                    variant.with_it += found
                    variant.without += taken
                continue
            reading, less = timed_reading(page, engine, variant.techniques)
            variant.pages[key] = reading
            variant.with_it += seconds
            variant.without += less
        print(f"{len(full)} pages", end="\r", flush=True)
    return full, total, variants


def _timed_upright(page: OpenedPage, engine: Engine, *, turns: bool) -> tuple[Upright, float]:
    started = time.process_time()
    upright = find_upright(page.image, engine, turns=turns)
    return upright, time.process_time() - started


def without_repairs(report: dict[str, Any]) -> None:
    """Takes back every value that rests on a repair."""
    for document in report["documents"]:
        for value in document["fields"].values():
            if value.get("repairs"):
                value["value"] = None


def row(name: str, pages: str, everything: Score, less: Score, seconds: str) -> str:
    return (
        f"| {name} | {pages} | {less.exact} ({less.exact / less.values:.2%}) "
        f"| {everything.exact - less.exact:+d} | {less.wrong - everything.wrong:+d} | {seconds} |"
    )


def print_table(made: MadeWindow, engine: Engine) -> None:
    """Reads, judges and prints."""
    full, total, variants = read_window_variants(made, engine)
    everything = Score.of(judged(made, full))
    pages = len(full)
    print(f"{len(made.dossiers)} dossiers, {pages} pages, {everything.values} fields and months")
    print("| left out | pages it works on | exact without | brings | wrong without | seconds |")
    print("|---|---|---|---|---|---|")
    share = everything.exact / everything.values
    print(
        f"| nothing | {pages} | {everything.exact} ({share:.2%}), wrong {everything.wrong} "
        f"| – | – | {total:.0f} in all |"
    )
    for name, variant in variants.items():
        less = Score.of(judged(made, {**full, **variant.pages}))
        seconds = f"{variant.with_it - variant.without:+.1f}"
        print(row(WITHOUT[name], str(len(variant.pages)), everything, less, seconds))
    change: Callable[[dict[str, Any]], None] = without_repairs
    less = Score.of(judged(made, full, change))
    print(row("repairs by structure", "–", everything, less, "–"))


def main() -> None:
    """Makes the window, prints one table."""
    with asked_window(__doc__) as made:
        print_table(made, Engine())


if __name__ == "__main__":
    main()
