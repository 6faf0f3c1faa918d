"""Pages made ready ahead of people: covered, for the console's own account only, gone in the end."""

import os
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from sqlalchemy import select

from console.covering import COVER, Veil, area_of
from console.need import pages_by_need
from console.pictures import Sheet
from console.prepared import PreparedPages
from console.schema import DossierRow
from console.shelf import Shelf
from pipeline.kept import KeptDossier
from pipeline.model.finding import Severity
from tests.console.conftest import WINDOW, Office, OpenOffice
from tests.console.test_review import UNSURE, finish, path, say, take

HELD = "2022H2-000002"


def row_of(office: Office, dossier: str = HELD) -> DossierRow:
    with office.console.database.read() as session:
        return session.get_one(DossierRow, (WINDOW, dossier))


def card_of(kept: KeptDossier) -> tuple[int, tuple[float, float, float, float]]:
    """The page of the identity card, and where its number stands."""
    card = next(d for d in kept.facts.documents if d.kind == "id_card")
    number = next(i for i, p in enumerate(kept.pages) if p.file == card.file)
    field = card.field("id_number")
    assert field is not None
    return number, area_of(kept.pages[number], field.evidence[0].box)


def is_covered(data: bytes, area: tuple[float, float, float, float]) -> bool:
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    x, y = int((area[0] + area[2]) / 2), int((area[1] + area[3]) / 2)
    return bool(np.abs(pixels[y, x].astype(int) - COVER).max() < 12)


def test_what_lies_on_disk_is_covered_and_for_its_owner_only(office: Office) -> None:
    row = row_of(office)
    kept = office.console.dossiers.kept(row.kept)
    number, area = card_of(kept)
    browser = office.sign_in("reviewer")
    shown = browser.client.get(path(HELD, "page", f"{number}.jpg")).content
    there = office.console.prepared.get(row.kept, number)
    assert there == shown and is_covered(there, area)
    (file,) = (office.console.out / ".chuhe" / "pages").rglob("*.jpg")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == file.parent.parent.stat().st_mode & 0o777 == 0o700


def test_what_is_revealed_and_what_the_panel_sees_never_lies_on_disk(office: Office) -> None:
    row = row_of(office)
    kept = office.console.dossiers.kept(row.kept)
    number, area = card_of(kept)
    browser = office.sign_in("reviewer")
    browser.post(path(HELD, "reveal"), reason="compare")
    shown = browser.client.get(path(HELD, "page", f"{number}.jpg")).content
    assert not is_covered(shown, area)
    box = kept.facts.documents[0].fields[0].evidence[0].box
    sheet = Sheet(row.kept, kept, number)
    for veil in (Veil(is_open=True), Veil(with_names=True)):
        assert office.console.pictures.page(sheet, veil)
        assert office.console.pictures.crop(sheet, veil, box)
        assert office.console.pictures.page(sheet, veil, side=240)
    assert office.console.prepared.get(row.kept, number) is None


def test_a_decided_dossier_leaves_no_page(office: Office) -> None:
    row = row_of(office, UNSURE)
    browser = take(office, UNSURE)
    assert browser.client.get(path(UNSURE, "page", "0.jpg")).status_code == 200
    assert office.console.prepared.has(row.kept, 0)
    findings = office.console.dossiers.kept(row.kept).report.findings
    for target in office.console.dossiers.unsure(row.kept):
        say(browser, UNSURE, target, "right", confirm="1")
    for found in findings:
        say(browser, UNSURE, f"finding:{found.code}:{found.subject}", "ask", confirm="1")
    assert finish(browser, UNSURE) == 303
    assert row_of(office, UNSURE).state == "decided"
    assert not office.console.prepared.has(row.kept, 0)


def test_the_process_makes_ready_what_is_next_in_the_queue(open_office: OpenOffice) -> None:
    office = open_office(prepare_ahead=2)
    with office.console.database.read() as session:
        (first, dossier), (second, _), (third, _) = session.execute(
            select(DossierRow.kept, DossierRow.dossier_id)
            .where(DossierRow.state == "waiting")
            .order_by(DossierRow.place, DossierRow.dossier_id)
            .limit(3)
        ).all()
    kept = office.console.dossiers.kept(first)
    office.console.preparer.start()
    number, area = card_of(kept)
    order = pages_by_need(kept, office.console.dossiers.unsure(first))
    wanted = [(first, n) for n in order[:4]] + [(second, 0)]
    until = time.monotonic() + 60
    while not all(office.console.prepared.has(*page) for page in wanted):
        assert time.monotonic() < until, "nothing was made ready"
        time.sleep(0.1)
    assert not office.console.prepared.has(third, 0)
    assert sum(office.console.prepared.has(first, n) for n in range(len(kept.pages))) == 4
    take(office, dossier)
    while not office.console.prepared.has(first, number):
        assert time.monotonic() < until, "the desk was not made ready"
        time.sleep(0.1)
    data = office.console.prepared.get(first, number)
    assert data is not None and is_covered(data, area)
    office.console.preparer.close()


def test_no_process_runs_where_nothing_is_made_ready(open_office: OpenOffice) -> None:
    office = open_office(prepare_ahead=0)
    office.console.preparer.start()
    office.console.preparer.close()
    assert not (office.console.out / ".chuhe" / "pages").exists()


def test_the_oldest_dossiers_go_first_and_those_wanted_never(tmp_path: Path) -> None:
    prepared = PreparedPages(tmp_path)
    for age, blob in enumerate(("d", "c", "b", "a")):
        prepared.put(blob, 0, b"page")
        folder = next((tmp_path / "pages").glob(f"{blob}*"))
        os.utime(folder, (1000 - age, 1000 - age))
    (tmp_path / "pages" / "x.kept-0").mkdir()  # of an earlier version
    prepared.trim({"a"}, most=2)
    assert [b for b in "abcdx" if list((tmp_path / "pages").glob(f"{b}*"))] == ["a", "d"]


def test_a_full_disk_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("console.prepared.tempfile.mkstemp", full)
    prepared = PreparedPages(tmp_path)
    prepared.put("a", 0, b"page")
    assert prepared.get("a", 0) is None


def test_pages_that_the_gravest_findings_speak_of_come_first(office: Office) -> None:
    kept = office.console.dossiers.kept(row_of(office).kept)
    order = pages_by_need(kept)
    gravest = min(kept.report.findings, key=lambda f: tuple(Severity).index(f.severity))
    first = kept.pages[order[0]]
    assert first.file == gravest.evidence[0].file
    assert sorted(order) == list(range(len(kept.pages)))


def test_what_one_thread_makes_others_wait_for() -> None:
    import threading

    shelf: Shelf[str, int] = Shelf(4)
    made: list[int] = []

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return 7

    threads = [threading.Thread(target=lambda: shelf.get("a", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1] and shelf.get("a", make) == 7


def test_a_failure_is_tried_again() -> None:
    shelf: Shelf[str, int] = Shelf(4)
    with pytest.raises(ZeroDivisionError):
        shelf.get("a", lambda: 1 // 0)
    assert shelf.get("a", lambda: 3) == 3
