"""Dossiers of a made window, read in this process page by page, and judged against the truth."""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.accuracy import Results, compare_dossier, make_window
from extractors.calibration import acceptance_for
from fixtures.factory.truth import DossierTruth
from pipeline.dossier import Engines, extract_facts, report_facts
from pipeline.errors import MaterialRefused
from pipeline.intake import iter_dossiers
from pipeline.intake.window import read_window
from pipeline.model.dossier import Dossier
from pipeline.model.reading import MaterialReading, PageReading
from pipeline.pages import OpenedPage, PageLimits, open_material
from pipeline.report.build import to_json
from pipeline.settings import Settings
from validators import DEFAULT_RULEBOOK, load_rulebook

PageKey = tuple[str, str, int]
"""Dossier id, file, page number."""

ACCEPTED = acceptance_for(Settings().target_error_rate)


@dataclass(frozen=True, slots=True)
class MadeWindow:
    """A window of the fixture factory: its folder (`window/`, `truth/`), and its dossiers."""

    folder: Path
    dossiers: tuple[Dossier, ...]

    def truth(self, dossier_id: str) -> DossierTruth:
        path = self.folder / "truth" / f"{dossier_id}.json"
        return DossierTruth.model_validate_json(path.read_bytes())

    def pages(self) -> Iterator[tuple[PageKey, OpenedPage]]:
        """Every page of every material that opens, one at a time; equal files once each."""
        limits = PageLimits.of(Settings())
        for dossier in self.dossiers:
            for material in dossier.materials:
                try:
                    with open_material(Path(material.path), limits) as opened:
                        for page in opened:
                            yield (dossier.dossier_id, material.file, page.number), page
                except MaterialRefused:
                    continue


@contextmanager
def asked_window(description: str | None) -> Iterator[MadeWindow]:
    """The window that the command line asks for, made (or taken from `--keep`) and said."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--dossiers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7100)
    parser.add_argument("--layouts", choices=("all", "tuning", "held-out"), default="all")
    parser.add_argument("--damage", choices=("all", "hard"), default="all")
    parser.add_argument("--keep", type=Path, help="keep window and truth here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        make_window(options, folder, options.damage)
        print(f"seed {options.seed}, layouts {options.layouts}, damage {options.damage}")
        yield opened_window(folder)


def opened_window(folder: Path) -> MadeWindow:
    entries = iter_dossiers(folder / "window")
    return MadeWindow(folder, tuple(entry for entry in entries if isinstance(entry, Dossier)))


def judged(
    made: MadeWindow,
    pages: Mapping[PageKey, PageReading],
    change: Callable[[dict[str, Any]], None] | None = None,
) -> Results:
    """The results of a whole window whose pages read as in `pages`: split, extracted, checked.

    `change` may alter a report before it is compared.
    """
    results = Results()
    window = read_window(made.folder / "window")
    rulebook = load_rulebook(DEFAULT_RULEBOOK)
    for dossier in made.dossiers:
        readings = {
            m.file: _material(dossier.dossier_id, m.file, m.sha256, pages)
            for m in dossier.materials
        }
        facts = extract_facts(dossier, readings)
        report = report_facts(
            dossier, facts, readings, window=window, rulebook=rulebook,
            engines=Engines(version="", engine="", models={}), acceptance=ACCEPTED,
        )  # fmt: skip
        told = json.loads(to_json(report))
        if change is not None:
            change(told)
        compare_dossier(made.truth(dossier.dossier_id), told, results, ACCEPTED)
    return results


def _material(
    dossier: str, file: str, sha256: str, pages: Mapping[PageKey, PageReading]
) -> MaterialReading:
    own = sorted(key for key in pages if key[:2] == (dossier, file))
    if not own:
        return MaterialReading(sha256=sha256, quarantine_reason="没有打开")
    return MaterialReading(sha256=sha256, pages=tuple(pages[key] for key in own))


@dataclass(frozen=True, slots=True)
class Score:
    """Fields and months of a window: how many, how many exact, how many wrong."""

    values: int
    exact: int
    wrong: int

    @classmethod
    def of(cls, results: Results) -> "Score":
        tallies = [*results.by_damage.values(), *results.months.values()]
        return cls(
            values=sum(t.total for t in tallies),
            exact=sum(t.exact for t in tallies),
            wrong=sum(t.wrong for t in tallies),
        )
