"""One window in which every code of the catalogue is planted, and clean dossiers beside them."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from fixtures.factory import problems, problems_files, problems_work
from fixtures.factory.confusable import confusable_name, confusable_school
from fixtures.factory.fonts import FontBook, installed_fonts
from fixtures.factory.plan import PROBLEMS, Draft, Pool, plan_dossier
from fixtures.factory.sharing import CODE as SHARED
from fixtures.factory.sharing import OF_FILES, Way, lend_file, share
from fixtures.factory.trim import keep_only, trim
from fixtures.factory.truth import DossierTruth
from fixtures.factory.window import (
    WINDOW_ID,
    WindowPlan,
    Written,
    begin_window,
    end_window,
    write_dossier,
)
from pipeline.model.kinds import DocumentKind

PLANTERS = (problems, problems_files, problems_work)  # importing them files the problems
HARD: dict[str, Callable[[Draft, Random], bool]] = {
    "NAME_MISMATCH": confusable_name,
    "INSTITUTION_MISMATCH": confusable_school,
}
"""Values that differ truly, in a look-alike character only: two papers beside bear the right one."""
_ATTEMPTS = 60
_NATIONAL_NUMBER = 15


@dataclass(frozen=True, slots=True)
class CataloguePlan:
    """What is planted: each code `each` times, dealt over `seeds`, and `clean` whole dossiers."""

    seeds: tuple[int, ...]
    each: int = 2
    clean: int = 30
    codes: frozenset[str] = frozenset()
    """Only these; none: all."""
    first: int = 0
    """Which of a code's cases come first: those before it are left to another window."""

    def takes(self, code: str) -> bool:
        return not self.codes or code in self.codes

    def seed(self, number: int) -> int:
        return self.seeds[number % len(self.seeds)]


def write_catalogue(plan: CataloguePlan, out: Path, truth: Path) -> int:
    """Writes window and truth; returns how many dossiers there are. The same plan, the same bytes."""
    begin_window(out, truth)
    settings = WindowPlan(dossiers=0, seed=plan.seeds[0])
    rows: list[Written] = []
    for draft in _drafts(plan):
        rows.append(write_dossier(draft, settings, out, truth, Random(f"{draft.dossier_id}/files")))
        if draft.planted and draft.planted[0].note in OF_FILES and draft.borrows:
            _lend(Way(draft.planted[0].note), rows[-2].truth, draft.dossier_id, out)
    end_window(settings, out, rows)
    return len(rows)


def _drafts(plan: CataloguePlan) -> Iterator[Draft]:
    number = 0

    def taken() -> str:
        nonlocal number
        number += 1
        return f"{WINDOW_ID}-{number:06d}"

    for time in range(plan.first, plan.first + plan.each):
        for place, code in enumerate(c for c in sorted(PROBLEMS) if plan.takes(c)):
            if code != SHARED:
                yield _planted(taken(), f"{plan.seed(place + time)}/{code}/{time}", code)
        for place, code in enumerate(c for c in sorted(HARD) if plan.takes(c)):
            yield _hard(taken(), f"{plan.seed(place + time)}/hard/{code}/{time}", HARD[code])
        for place, way in enumerate(Way if plan.takes(SHARED) else ()):
            seed = f"{plan.seed(place + time)}/shared/{way}/{time}"
            yield from shared_pair(way, (taken(), taken()), seed)
    for time in range(plan.clean):
        yield _drawn(taken(), f"{plan.seed(time)}/clean/{time}")


def _drawn(
    dossier_id: str, seed: str, codes: Sequence[str] = (), book: FontBook | None = None
) -> Draft:
    return plan_dossier(
        dossier_id,
        f"catalogue/{seed}",
        codes=tuple(codes),
        pool=Pool("all"),
        book=book or installed_fonts(),
    )


def _planted(dossier_id: str, seed: str, code: str) -> Draft:
    draft = _drawn(dossier_id, seed, (code,))
    trim(draft)
    return draft


def _hard(dossier_id: str, seed: str, put: Callable[[Draft, Random], bool]) -> Draft:
    for attempt in range(_ATTEMPTS):
        draft = _drawn(dossier_id, f"{seed}/{attempt}")
        if put(draft, Random(f"{seed}/{attempt}/put")):
            trim(draft)
            return draft
    raise ValueError(f"no dossier can have {put.__name__}")


def shared_pair(
    way: Way, ids: tuple[str, str], seed: str, book: FontBook | None = None
) -> tuple[Draft, Draft]:
    """Lender and borrower, with the papers that the way needs and a card or two beside."""
    for attempt in range(_ATTEMPTS):
        lender, borrower = (
            _drawn(one, f"{seed}/{attempt}/{i}", book=book) for i, one in enumerate(ids)
        )  # fmt: skip
        if way in OF_FILES and not _has_sheet(lender):
            continue
        if share(way, lender, borrower):
            if way in OF_FILES:
                borrower.borrows = True
                keep_only(lender, [_sheet(lender)])
                keep_only(borrower, [0])
            else:
                for draft in (lender, borrower):
                    keep_only(draft, draft.touched)
            return lender, borrower
    raise ValueError(f"no two dossiers can share a {way}")


def _sheet(draft: Draft) -> int:
    return next(i for i, o in enumerate(draft.orders) if o.kind is DocumentKind.DIPLOMA)


def _has_sheet(draft: Draft) -> bool:
    """True when its diploma is one page with a number that is nobody else's."""
    if len(draft.applicant.diploma_number) < _NATIONAL_NUMBER:
        return False
    diplomas = [o for o in draft.orders if o.kind is DocumentKind.DIPLOMA]
    return bool(diplomas) and len(diplomas[0].build(draft.style).canvases) == 1


def _lend(way: Way, lender: DossierTruth, borrower: str, out: Path) -> None:
    source = out / "dossiers" / lender.dossier_id / lender.materials[0].file
    written = lend_file(way, source, out / "dossiers" / borrower / "materials")
    assert written.exists()


def made_catalogue(plan: CataloguePlan, folder: Path) -> Path:
    """The window below `folder`, made anew unless it is there."""
    if not (folder / "window").exists():
        try:
            write_catalogue(plan, folder / "window", folder / "truth")
        except BaseException:
            shutil.rmtree(folder / "window", ignore_errors=True)
            raise
    return folder / "window"
