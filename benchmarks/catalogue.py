"""Every code of the catalogue on papers nobody tuned on: planted and found, and clean dossiers told.

    python -m benchmarks.catalogue [--seeds 6000-6004] [--each 2] [--clean 30]

Each code is planted `--each` times, dealt over the seeds, in dossiers that hold the papers it needs
and two that bear the same value rightly; what dossiers share in each of its ways; names and schools
that differ truly, by one look-alike character. Clean dossiers are whole. One run of the product reads
them all. `--keep DIR` keeps window, truth and reports, and what was read; `--told` prints messages.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.accuracy import run_window
from benchmarks.catalogue_window import CataloguePlan, made_catalogue
from fixtures.factory.confusable import NOTE
from fixtures.factory.sharing import CODE as SHARED
from fixtures.factory.truth import DossierTruth, Planted
from validators import DEFAULT_RULEBOOK, load_rulebook

_GRAVITY = ("blocking", "review", "notice")


@dataclass(slots=True)
class Tallies:
    """What was planted and found by code, and what clean dossiers were told."""

    found: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Severity of what was raised for each planted case; "" for nothing."""
    missed: list[str] = field(default_factory=list)
    clean: int = 0
    told: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By severity: `dossier: codes` of clean dossiers."""
    messages: list[str] = field(default_factory=list)
    routes: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    unreported: int = 0


def measure(folder: Path) -> Tallies:
    """Every report below `folder` against its truth."""
    tallies = Tallies()
    for path in sorted((folder / "truth").glob("*.json")):
        truth = DossierTruth.model_validate_json(path.read_bytes())
        report = folder / "out" / "reports" / path.name
        if not report.exists():
            tallies.unreported += 1
            continue
        told = json.loads(report.read_bytes())
        for planted in truth.planted:
            if is_stamped(planted, truth):
                continue
            severity = raised(planted, told["findings"])
            tallies.found[row_of(planted)].append(severity)
            if not severity:
                tallies.missed.append(f"{truth.dossier_id} {row_of(planted)} ({planted.note})")
        if truth.clean:
            _clean(truth.dossier_id, told, tallies)
    return tallies


def is_stamped(planted: Planted, truth: DossierTruth) -> bool:
    """True when damage laid a seal on the paper that should have none: there is nothing to find."""
    return planted.code.endswith("_UNSIGNED") and any(
        "seal" in material.damage
        for material in truth.materials
        if any(document.kind == planted.kind for document in material.documents)
    )


def row_of(planted: Planted) -> str:
    """The row of the table: the code, and in which way where there are several."""
    if planted.code == SHARED:
        return f"{SHARED}, {planted.note}"
    return f"{planted.code}, {planted.note}" if planted.note == NOTE else planted.code


def raised(planted: Planted, findings: list[dict[str, Any]]) -> str:
    """The gravest severity of what was raised for the planted problem; "" for nothing."""
    own = {f["severity"] for f in findings if f["code"] == planted.code and _fits(planted, f)}
    return next((severity for severity in _GRAVITY if severity in own), "")


def _fits(planted: Planted, finding: dict[str, Any]) -> bool:
    """A value that no paper gave is not the planted one that differs; papers that were left out of a
    dossier are missing too, and not the planted one."""
    if planted.code == "MATERIAL_MISSING":
        return planted.kind in _kinds_of(finding["subject"])
    if planted.code.endswith("_MISMATCH") and planted.field:
        return finding["observed"] is not None
    if planted.code != SHARED:
        return True
    kind = "page" if planted.note == "look" else planted.note
    return str(finding["subject"]).startswith(f"{kind}:")


def _kinds_of(material: str) -> tuple[str, ...]:
    """The kinds that stand for a required material, by its id in the rulebook."""
    rules = load_rulebook(DEFAULT_RULEBOOK).materials
    return next((tuple(rule.any_of) for rule in rules if rule.id == material), ())


def _clean(dossier_id: str, report: dict[str, Any], tallies: Tallies) -> None:
    tallies.clean += 1
    tallies.routes[report["route"]] += 1
    for severity in _GRAVITY:
        own = [f for f in report["findings"] if f["severity"] == severity]
        if own:
            codes = ", ".join(sorted({f["code"] for f in own}))
            tallies.told[severity].append(f"{dossier_id}: {codes}")
            tallies.messages += [f"{dossier_id} {severity} {f['message']}" for f in own]


def lines(tallies: Tallies) -> Iterator[str]:
    """The tables as Markdown."""
    yield "| planted | cases | found | blocking | review | notice |"
    yield "|---|---|---|---|---|---|"
    for code, found in sorted(tallies.found.items()):
        counts = " | ".join(str(found.count(severity)) for severity in _GRAVITY)
        yield f"| {code} | {len(found)} | {sum(map(bool, found))} | {counts} |"
    cases = [bool(severity) for found in tallies.found.values() for severity in found]
    if cases:
        yield f"| all | {len(cases)} | {sum(cases)} ({sum(cases) / len(cases):.1%}) | | | |"
    yield from (f"missed: {case}" for case in tallies.missed)
    for severity in _GRAVITY:
        told = tallies.told[severity]
        yield f"\nclean dossiers with a false {severity} finding: {len(told)} of {tallies.clean}"
        yield from (f"- {case}" for case in told)
    routes = ", ".join(f"{route} {count}" for route, count in sorted(tallies.routes.items()))
    yield f"\nroutes of clean dossiers: {routes}; unreported dossiers: {tallies.unreported}"


def seeds_of(text: str) -> tuple[int, ...]:
    """`6000-6004` or `6000,6003`."""
    first, dash, last = text.partition("-")
    if dash:
        return tuple(range(int(first), int(last) + 1))
    return tuple(int(seed) for seed in text.split(","))


def main() -> None:
    """Makes, runs, compares, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=seeds_of, default=seeds_of("6000-6004"))
    parser.add_argument("--each", type=int, default=2)
    parser.add_argument("--clean", type=int, default=30)
    parser.add_argument("--codes", default="", help="only these codes, divided by commas")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="keep window, truth and reports here")
    parser.add_argument("--told", action="store_true", help="print what clean dossiers are told")
    options = parser.parse_args()
    codes = frozenset(filter(None, options.codes.split(",")))
    plan = CataloguePlan(options.seeds, options.each, options.clean, codes)
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        made_catalogue(plan, folder)
        run_window(options, folder)
        tallies = measure(folder)
    print("\n".join(lines(tallies)))
    if options.told:
        print("\n".join(tallies.messages))


if __name__ == "__main__":
    main()
