"""Integrity: planted changes of files through the real engine, and the same files untouched.

    python -m benchmarks.integrity [--seeds 6] [--first-seed 900]

For every code of files and each seed a dossier with that problem is planned, the one file it speaks
of is written twice, changed and as it was, both are read, and the findings of both are compared.
Printed per code: planted cases found, and untouched files of which the code is told all the same.
"""

import argparse
import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from extractors.registry import extract
from fixtures.factory import problems, problems_files, problems_work
from fixtures.factory.fonts import installed_fonts
from fixtures.factory.people import WINDOW_CLOSES, WINDOW_OPENS
from fixtures.factory.plan import Draft, Pool, plan_dossier
from fixtures.factory.tampered import form_for, tamper_file
from fixtures.factory.uploads import Quality, plan_uploads, write_upload
from pipeline.classify import split_material
from pipeline.facts import build_document, gather_facts
from pipeline.integrity.notices import add_notices
from pipeline.model.declaration import Declaration, Window
from pipeline.model.dossier import Case, Quarantined
from pipeline.reading import Engine, read_material
from pipeline.settings import Settings
from validators import DEFAULT_RULEBOOK, load_rulebook, run_checks

CODES = ("FILE_EDITED", "TEXT_LAYER_DIFFERS", "SIGNATURE_BROKEN", "IMAGE_EDIT_SUSPECTED",
         "CODE_DIFFERS", "STATE_SECRET_MARK", "CONTRACT_UNSIGNED")  # fmt: skip
PLANTERS = (problems, problems_files, problems_work)  # importing them files the problems


@dataclass(frozen=True, slots=True)
class Pair:
    """The file that a planted problem speaks of, changed and untouched."""

    draft: Draft
    note: str
    changed: Path
    untouched: Path


def write_pair(code: str, seed: int, folder: Path) -> Pair:
    """Writes both files of one planted problem."""
    draft = plan_dossier("x1", f"integrity/{code}/{seed}", codes=(code,), pool=Pool("all"), book=installed_fonts())  # fmt: skip
    (at,) = draft.touched
    order = draft.orders[at]
    paths = []
    for number, own in enumerate((order, replace(order, variant=""))):
        paper = own.build(draft.style)
        rng = Random(f"{code}/{seed}")
        tamper = draft.tampered.get(at)
        forms = {0: form_for(tamper) if tamper else "scan_pdf"}
        (upload,) = plan_uploads([paper], rng, damage="light", quality=Quality(), forms=forms)
        made = write_upload(upload, [paper], folder, f"{code}-{seed}-{number}")
        path = folder / made.file
        if number == 0 and tamper:
            tamper_file(path, made, tamper, draft.style, rng)
        paths.append(path)
    note = next(p.note for p in draft.planted if p.code == code)
    return Pair(draft, note, *paths)


def codes_in(path: Path, draft: Draft, engine: Engine) -> set[str]:
    """The codes that checks raise of a dossier that holds this file alone."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    reading = read_material(
        path, sha256=sha256, settings=Settings(), engine=engine, put_blob=lambda d, s: str(len(d)) + s
    )  # fmt: skip
    quarantined: tuple[Quarantined, ...] = ()
    if reading.quarantine_reason:
        quarantined = (Quarantined(file=path.name, reason=reading.quarantine_reason),)
    found = [build_document(path.name, p, extract(p)) for p in split_material(reading)]
    facts = gather_facts(add_notices(found, reading), quarantined, {path.name: reading})
    window = Window(id="w", notice="n", opens_on=WINDOW_OPENS, closes_on=WINDOW_CLOSES)
    case = Case(facts=facts, declaration=Declaration.model_validate(draft.declared), window=window)
    return {finding.code for finding in run_checks(case, load_rulebook(DEFAULT_RULEBOOK))}


def pairs(options: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Pair]]:
    for code in options.codes.split(","):
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            yield code, write_pair(code, seed, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--first-seed", type=int, default=900)
    parser.add_argument("--codes", default=",".join(CODES))
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    engine = Engine()
    cases: Counter[str] = Counter()
    found: Counter[str] = Counter()
    false: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for code, pair in pairs(options, Path(folder)):
            cases[code] += 1
            is_found = code in codes_in(pair.changed, pair.draft, engine)
            is_false = code in codes_in(pair.untouched, pair.draft, engine)
            found[code] += is_found
            false[code] += is_false
            if not is_found or is_false:
                print(f"{code} {pair.changed.name} {pair.note}: found {is_found}, told of the untouched {is_false}", flush=True)  # fmt: skip
    print("\n| code | planted | found | untouched files told |\n|---|---|---|---|")
    for code in cases:
        print(f"| {code} | {cases[code]} | {found[code]} | {false[code]} of {cases[code]} |")


if __name__ == "__main__":
    main()
