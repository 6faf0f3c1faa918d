"""Accuracy on dossiers that nobody tuned on: kinds, fields, months, findings, by damage and layout.

    python -m benchmarks.accuracy [--dossiers 40] [--seed 1000] [--layouts all|tuning|held-out]
                                  [--kinds social_insurance …]

Makes a window with the fixture factory (seeds from 1000 on are never used for tuning), runs the
whole product over it, and compares every report with the truth. `--keep DIR` keeps window, truth
and reports, and reuses them when they are there, so that a changed extractor is measured again
without reading again. With `--kinds` only the files that hold a paper of those kinds are read, and
planted problems are not counted.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.calibration import acceptance_for
from fixtures.factory.truth import DossierTruth, TrueDocument, TrueMaterial, TrueMonth
from pipeline.model.acceptance import Acceptance
from pipeline.model.kinds import DocumentKind
from pipeline.settings import Settings

WORST = {"faint", "low_light", "moire", "curl", "glare", "low_dpi", "blur", "jpeg_low"}
_WIDTHS = str.maketrans("（）", "()")
HARMLESS = {"scan", "grey", "jpeg"}


def damage_class(material: TrueMaterial) -> str:
    """Which row of the table a material counts in."""
    damage = set(material.damage)
    if damage & WORST:
        return "3 worst damage"
    if damage - HARMLESS:
        return "2 photos, seals, turns, skew"
    return {"born_digital": "0 born digital", "screenshot": "1 clean scans and screenshots"}.get(
        material.source, "1 clean scans and screenshots"
    )


@dataclass(slots=True)
class Tally:
    """Counts of values: exact, wrong (another value was reported), missing (no value)."""

    exact: int = 0
    wrong: int = 0
    missing: int = 0

    @property
    def total(self) -> int:
        return self.exact + self.wrong + self.missing

    def add(self, verdict: str) -> None:
        setattr(self, verdict, getattr(self, verdict) + 1)

    def row(self, name: str) -> str:
        if not self.total:
            return f"| {name} | 0 | – | – | – |"
        return (
            f"| {name} | {self.total} | {self.exact / self.total:.2%} "
            f"| {self.wrong / self.total:.2%} | {self.missing / self.total:.2%} |"
        )


@dataclass(slots=True)
class Miss:
    """One value that did not come out as it stands on the paper."""

    dossier: str
    file: str
    kind: str
    layout: str
    damage: str
    name: str
    truth: str
    got: str
    confidence: float


@dataclass(slots=True)
class Results:
    """Everything that was counted."""

    kinds: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    splits: Tally = field(default_factory=Tally)
    by_damage: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_field: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_layouts: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    months: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    months_by_layouts: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    accepted: Tally = field(default_factory=Tally)
    planted: defaultdict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    clean: int = 0
    clean_blocking: list[tuple[str, list[str]]] = field(default_factory=list)
    clean_review: list[tuple[str, list[str]]] = field(default_factory=list)
    unreported: int = 0
    routes: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)


def compare_dossier(
    truth: DossierTruth, report: dict[str, Any], results: Results, acceptance: Acceptance
) -> None:
    """Counts one dossier into `results`."""
    for material in truth.materials:
        documents = [d for d in report["documents"] if d["file"] == material.file]
        for document in material.documents:
            _compare_kind(truth, material, document, documents, results)
            _compare_fields(truth, material, document, documents, results, acceptance)
    codes = {finding["code"] for finding in report["findings"]}
    for planted in truth.planted:
        results.planted[planted.code].append(planted.code in codes)
    results.routes["clean " if truth.clean else "planted " + report["route"]] += 1
    if truth.clean:
        results.clean += 1
        for severity, into in (
            ("blocking", results.clean_blocking),
            ("review", results.clean_review),
        ):
            found = sorted({f["code"] for f in report["findings"] if f["severity"] == severity})
            if found:
                into.append((truth.dossier_id, found))


def _compare_kind(
    truth: DossierTruth,
    material: TrueMaterial,
    document: TrueDocument,
    documents: list[dict[str, Any]],
    results: Results,
) -> None:
    for page in document.pages:
        kinds = {d["kind"] for d in documents if page in d["pages"]}
        right = kinds == {document.kind.value}
        results.kinds[document.kind].add(
            "exact" if right else "missing" if kinds <= {"unknown", "blank"} else "wrong"
        )
        if not right:
            results.misses.append(
                Miss(
                    truth.dossier_id, material.file, document.kind, document.layout,
                    "+".join(material.damage), "(kind)", document.kind, ",".join(sorted(kinds)), 0.0,
                )
            )  # fmt: skip
    whole = any(
        d["kind"] == document.kind
        and tuple(d["pages"]) in (document.pages, _card(material, document))
        for d in documents
    )
    results.splits.add("exact" if whole else "wrong")


def _card(material: TrueMaterial, document: TrueDocument) -> tuple[int, ...]:
    """The pages of both sides of an identity card, where the file holds them as two uploads of one
    paper: joined, they are that paper."""
    sides = [each for each in material.documents if each.kind == "id_card"]
    if document.kind != "id_card" or {side.layout for side in sides} != {"front_only", "back_only"}:
        return document.pages
    return tuple(sorted(page for side in sides for page in side.pages))


def _compare_fields(
    truth: DossierTruth,
    material: TrueMaterial,
    document: TrueDocument,
    documents: list[dict[str, Any]],
    results: Results,
    acceptance: Acceptance,
) -> None:
    fields = _best_match(document, documents)
    damage = damage_class(material)
    family = _family(document)
    for name, value in document.fields.items():
        got = fields.get(name)
        if isinstance(value, tuple):
            _compare_months(truth, material, document, value, got, results)
            continue
        verdict = _verdict(value, got)
        for tally in (
            results.by_damage[damage],
            results.by_field[f"{document.kind}.{name}"],
            results.by_layouts[family],
        ):
            tally.add(verdict)
        confidence = float(got["confidence"]) if got else 0.0
        if got and got["value"] is not None and acceptance.accepts(document.kind, name, confidence):
            results.accepted.add(verdict)
        if verdict != "exact":
            results.misses.append(
                Miss(
                    truth.dossier_id, material.file, document.kind, document.layout,
                    "+".join(material.damage), name, str(value),
                    str(got["value"]) if got else "", confidence,
                )
            )  # fmt: skip


def _family(document: TrueDocument) -> str:
    return "held-out layouts" if document.held_out else "tuning layouts"


def _best_match(document: TrueDocument, documents: list[dict[str, Any]]) -> dict[str, Any]:
    """The reported fields of the documents on the same pages and of the same kind."""
    fields: dict[str, Any] = {}
    for candidate in documents:
        if candidate["kind"] == document.kind and set(candidate["pages"]) & set(document.pages):
            for name, value in candidate["fields"].items():
                if name not in fields or fields[name]["value"] is None:
                    fields[name] = value
    return fields


def _verdict(value: str | bool, got: dict[str, Any] | None) -> str:
    if got is None or got["value"] is None:
        return "missing"
    return "exact" if folded(got["value"]) == folded(value) else "wrong"


def folded(value: str | bool) -> str | bool:
    """Brackets count the same in either width, since fonts and recognisers do not tell them apart."""
    return value.translate(_WIDTHS) if isinstance(value, str) else value


def _compare_months(
    truth: DossierTruth,
    material: TrueMaterial,
    document: TrueDocument,
    value: Iterable[TrueMonth],
    got: dict[str, Any] | None,
    results: Results,
) -> None:
    """Months are compared one by one: status and payer must both be right."""
    rows = {(m["month"], m["insurance"]): m for m in ((got or {}).get("value") or [])}
    for month in value:
        row = rows.get((month.month, month.insurance))
        if row is None or row["status"] == "unknown" != month.status:
            verdict = "missing"
        elif row["status"] == month.status and folded(row["payer"]) == folded(month.payer):
            verdict = "exact"
        elif row["status"] == month.status and not row["payer"]:
            verdict = "missing"
        else:
            verdict = "wrong"
        results.months[damage_class(material)].add(verdict)
        results.months_by_layouts[_family(document)].add(verdict)
        if verdict != "exact":
            results.misses.append(
                Miss(
                    truth.dossier_id, material.file, document.kind, document.layout,
                    "+".join(material.damage), f"month {month.month}",
                    f"{month.status} {month.payer}",
                    f"{row['status']} {row['payer']}" if row else "", 0.0,
                )
            )  # fmt: skip


def print_results(results: Results, options: argparse.Namespace) -> None:
    """Prints the tables as Markdown."""
    print(f"seed {options.seed}, {options.dossiers} dossiers, layouts {options.layouts}\n")
    print("| what | values | exact | wrong | missing |\n|---|---|---|---|---|")
    pages = Tally()
    for tally in results.kinds.values():
        for verdict in ("exact", "wrong", "missing"):
            setattr(pages, verdict, getattr(pages, verdict) + getattr(tally, verdict))
    print(pages.row("kind of page"))
    print(results.splits.row("papers split right"))
    for name in sorted(results.by_damage):
        print(results.by_damage[name].row(f"fields, {name[2:]}"))
    for name in sorted(results.by_layouts):
        print(results.by_layouts[name].row(f"fields, {name}"))
    for name in sorted(results.months):
        print(results.months[name].row(f"months, {name[2:]}"))
    for name in sorted(results.months_by_layouts):
        print(results.months_by_layouts[name].row(f"months, {name}"))
    print(results.accepted.row(f"fields accepted ({_accepted_how(options.accepted)})"))
    cases = [hit for found in results.planted.values() for hit in found]
    if cases:
        print("\n| planted | cases | found |\n|---|---|---|")
        for code, found in sorted(results.planted.items()):
            print(f"| {code} | {len(found)} | {sum(found) / len(found):.0%} |")
        print(f"| all | {len(cases)} | {sum(cases) / len(cases):.1%} |")
    if results.clean:
        for name, wrong in (("blocking", results.clean_blocking), ("review", results.clean_review)):
            print(f"\nclean dossiers with a false {name} finding: {len(wrong)} of {results.clean}")
            for dossier, codes in wrong:
                print(f"- {dossier}: {', '.join(codes)}")
    print("\n| field | values | exact | wrong | missing |\n|---|---|---|---|---|")
    for name, tally in sorted(results.by_field.items()):
        print(tally.row(name))
    print(f"\nunreported dossiers: {results.unreported}")


def acceptance_of(fixed: float | None) -> Acceptance:
    """The thresholds of the product as it is set, or one confidence for every field."""
    if fixed is not None:
        return Acceptance.fixed(fixed)
    return acceptance_for(Settings().target_error_rate)


def _accepted_how(fixed: float | None) -> str:
    target = Settings().target_error_rate
    return f"at confidence ≥ {fixed}" if fixed is not None else f"for at most {target:.2%} wrong"


def make_window(options: argparse.Namespace, folder: Path, damage: str = "all") -> None:
    """The window and its truth, made once."""
    if (folder / "window").exists():
        return
    command = [sys.executable, "-m", "fixtures.factory", "--out", str(folder / "window")]
    command += ["--truth", str(folder / "truth"), "--dossiers", str(options.dossiers)]
    command += ["--seed", str(options.seed), "--layouts", options.layouts]
    command += ["--damage", damage]
    subprocess.run(command, check=True)


def keep_kinds(folder: Path, kinds: frozenset[DocumentKind]) -> None:
    """Takes out of a made window every file that holds no paper of `kinds`, and every dossier that
    then has no file. Of the others the truth says no more what is planted: its papers are gone."""
    for path in sorted((folder / "truth").glob("*.json")):
        truth = DossierTruth.model_validate_json(path.read_bytes())
        dossier = folder / "window" / "dossiers" / truth.dossier_id
        kept = tuple(m for m in truth.materials if any(d.kind in kinds for d in m.documents))
        if not kept:
            shutil.rmtree(dossier)
            path.unlink()
            continue
        for file in {m.file for m in truth.materials} - {m.file for m in kept}:
            (dossier / file).unlink()
        left = truth.model_copy(update={"materials": kept, "planted": (), "clean": False})
        path.write_text(left.model_dump_json(indent=1) + "\n", encoding="utf-8")


def run_window(options: argparse.Namespace, folder: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "run", str(folder / "window"), "--local"]
    command += ["--out", str(folder / "out"), "--workers", str(options.workers)]
    subprocess.run(command, check=False)


def measure(folder: Path, acceptance: Acceptance) -> Results:
    """Every report below `folder` against its truth."""
    results = Results()
    for path in sorted((folder / "truth").glob("*.json")):
        truth = DossierTruth.model_validate_json(path.read_bytes())
        report = folder / "out" / "reports" / f"{truth.dossier_id}.json"
        if not report.exists():
            results.unreported += 1
            continue
        compare_dossier(truth, json.loads(report.read_bytes()), results, acceptance)
    return results


def main() -> None:
    """Makes, runs, compares, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--layouts", choices=("all", "tuning", "held-out"), default="all")
    parser.add_argument(
        "--kinds", nargs="+", default=[], metavar="KIND", choices=list(DocumentKind)
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--accepted", type=float, help="one confidence for all fields")
    parser.add_argument("--keep", type=Path, help="keep window, truth and reports here")
    parser.add_argument("--misses", type=int, default=0, help="print so many misses")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        make_window(options, folder)
        if options.kinds:
            keep_kinds(folder, frozenset(map(DocumentKind, options.kinds)))
        run_window(options, folder)
        results = measure(folder, acceptance_of(options.accepted))
    print_results(results, options)
    for miss in results.misses[: options.misses]:
        print(
            f"{miss.dossier} {miss.file} {miss.layout} [{miss.damage}] {miss.name}: "
            f"{miss.truth!r} -> {miss.got!r} ({miss.confidence:.2f})"
        )


if __name__ == "__main__":
    main()
