"""Everything two dossiers can share, each through a whole run over what was read of real papers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.catalogue_window import shared_pair
from benchmarks.simulated import as_stub, begin_window, read_pages
from fixtures.factory.fonts import bundled_fonts
from fixtures.factory.plan import Draft, Pool, plan_dossier
from fixtures.factory.sharing import OF_FILES, Way
from pipeline.model.reading import PageReading
from pipeline.window import prepare_run
from tests.flows import generated_jobs

COLLEAGUES = "colleagues"
WAYS = (*Way, COLLEAGUES)
KINDS: dict[str, str] = {Way.LOOK: "page", COLLEAGUES: "contract"}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run over two dossiers for each way, and one that shares nothing."""
    folder = tmp_path_factory.mktemp("shared")
    begin_window(folder / "in")
    for place, way in enumerate(WAYS):
        kind = Way.CONTRACT if way == COLLEAGUES else Way(way)
        lender, borrower = shared_pair(kind, ids(place), f"ways/{way}", bundled_fonts())
        if way == COLLEAGUES:
            borrower.declared["employment"] |= {
                name: lender.declared["employment"][name] for name in ("employer", "employer_uscc")
            }
        lent = write(folder / "in", lender)
        write(folder / "in", borrower, kind, lent)
    alone = plan_dossier("2022H2-000099", "ways/alone", codes=(), pool=Pool(), book=bundled_fonts())
    write(folder / "in", alone)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
        outcome = prepare_run(folder / "in", folder / "out", workers=1).run()
    assert not outcome.unreported and len(outcome.rows) == 2 * len(WAYS) + 1
    yield folder / "out"


def ids(place: int) -> tuple[str, str]:
    return f"2022H2-{2 * place + 1:06d}", f"2022H2-{2 * place + 2:06d}"


def write(
    intake: Path, draft: Draft, way: Way | None = None, lent: tuple[PageReading, ...] = ()
) -> tuple[PageReading, ...]:
    """The dossier's uploads, and in the way of files what another one lends; returns its first pages."""
    folder = intake / "dossiers" / draft.dossier_id / "materials"
    folder.mkdir(parents=True)
    (folder.parent / "declaration.json").write_text(json.dumps(draft.declared, ensure_ascii=False))
    own: list[tuple[PageReading, ...]] = []
    for n, order in enumerate(draft.orders, start=1):
        seed = f"{draft.dossier_id}/{n}"
        pages = tuple(
            page.model_copy(update={"picture": f"{seed}/{page.number}"})
            for page in read_pages(order.build(draft.style), seed)
        )
        own.append(pages)
        (folder / f"{n:02d}.pdf").write_bytes(as_stub(pages, seed))
    if way is Way.FILE:
        first = draft.dossier_id[:-6] + f"{int(draft.dossier_id[-6:]) - 1:06d}"
        data = (intake / "dossiers" / first / "materials" / "01.pdf").read_bytes()
        (folder / "99.pdf").write_bytes(data)
    elif way is Way.PAGE:
        (folder / "99.pdf").write_bytes(as_stub(lent, "another file"))
    elif way is Way.LOOK:
        (folder / "99.pdf").write_bytes(as_stub(map(copied, lent), "another file"))
    return own[0]


def copied(page: PageReading) -> PageReading:
    """The page as another device saw it: other pixels, a few bits of its look, a smudge read as text."""
    look = int(page.likeness, 16) ^ 0b1000_0000_0010_0001
    smudge = page.lines[0].model_copy(update={"text": page.lines[0].text[:-1] + "丶"})
    return page.model_copy(
        update={
            "picture": f"copy of {page.picture}",
            "likeness": f"{look:016x}",
            "lines": (smudge, *page.lines[1:]),
        }
    )


def told(out: Path, dossier_id: str) -> list[dict[str, str]]:
    report = json.loads((out / "reports" / f"{dossier_id}.json").read_bytes())
    return [f for f in report["findings"] if f["code"] == "SHARED_ACROSS_DOSSIERS"]


@pytest.mark.parametrize("place", range(len(WAYS)), ids=WAYS)
def test_what_two_people_share_is_told_in_both_reports(out: Path, place: int) -> None:
    way = WAYS[place]
    kind = KINDS.get(way, str(way))
    severity = "notice" if way in (Way.LETTER, COLLEAGUES) else "review"
    for own, other in (ids(place), ids(place)[::-1]):
        findings = [f for f in told(out, own) if f["subject"].startswith(f"{kind}:")]
        assert [f["severity"] for f in findings] == [severity]
        assert other in findings[0]["message"] and findings[0]["clause"] == "八(四)"


def test_no_way_is_taken_for_another_and_who_shares_nothing_is_told_nothing(out: Path) -> None:
    assert told(out, "2022H2-000099") == []
    for place, way in enumerate(WAYS):
        kinds = {f["subject"].split(":")[0] for d in ids(place) for f in told(out, d)}
        expected = {KINDS.get(way, str(way))} | ({"number"} if way in OF_FILES else set())
        assert kinds == expected, way  # the sheet that is lent bears a diploma number
