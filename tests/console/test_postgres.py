"""The console over PostgreSQL: the same work, several writers at once, a ledger that cannot be changed."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from console import ledger
from console.accounts import new_user
from console.app import create_app
from console.claims import claim_next
from console.context import open_console
from console.imports import import_reports
from console.queue import Filters, count_window, view_queue
from console.roles import Role
from console.schema import SignIn
from console.sessions import Viewer
from console.settings import ConsoleSettings
from tests.console.conftest import EXTRA, WINDOW, Clock, Office
from tests.console.make_window import make_window
from tests.console.test_review import GAP, finding, finish, row, say, take

pytestmark = pytest.mark.postgres


@pytest.fixture
def office(tmp_path: Path, fresh_postgres: str, password_hash: str) -> Iterator[Office]:
    make_window(tmp_path, 6, url=fresh_postgres)
    clock = Clock()
    console = open_console(
        tmp_path, database_url=fresh_postgres, settings=ConsoleSettings(), clock=clock
    )
    with console.database.write() as unit:
        for name, role in {**{str(r): r for r in Role}, **EXTRA}.items():
            unit.session.add(new_user(name, name, role, password_hash, unit.now))
    import_reports(console, "test")
    yield Office(console, create_app(console), clock)
    console.close()


def test_a_dossier_is_decided_by_two_and_the_ledger_holds(office: Office) -> None:
    target = finding(office, GAP, "CONTRIBUTIONS_GAP")
    for name in ("reviewer", "reviewer2"):
        browser = take(office, GAP, name)
        say(browser, GAP, target, "upheld")
        assert finish(browser, GAP) == 303
    assert (row(office, GAP).state, row(office, GAP).outcome) == ("decided", "not_met")
    with office.console.database.read() as session:
        verdict = ledger.verify(session, office.console.database.key.public_hex)
    assert verdict.problems == () and verdict.entries > 6


def test_pages_of_every_role_answer(office: Office) -> None:
    for name, paths in {
        "reviewer": ("queue?q=张&mine=1&code=CONTRIBUTIONS_GAP", "history", "sampling"),
        "senior": ("dashboard",), "panel": ("panel",), "operator": ("exports", "slips"),
    }.items():  # fmt: skip
        browser = office.sign_in(name)
        for path in paths:
            assert browser.client.get(f"/w/{WINDOW}/{path}").status_code == 200, path


def test_the_ledger_cannot_be_changed_or_shortened(office: Office) -> None:
    for statement in ("UPDATE console_ledger SET actor = 'x'", "DELETE FROM console_ledger"):
        with (
            pytest.raises(DBAPIError, match="append"),
            office.console.database.engine.begin() as connection,
        ):
            connection.execute(text(statement))


def test_many_who_claim_at_once_get_a_dossier_each(office: Office) -> None:
    """Here nothing in the process keeps writers apart: the database does."""
    viewers = []
    for name in ("reviewer", "reviewer2", "reviewer3"):
        office.sign_in(name)
    with office.console.database.read() as session:
        for signed_in in session.scalars(select(SignIn)):
            viewers.append(
                Viewer(
                    signed_in.user_id, f"u{signed_in.user_id}", "", Role.REVIEWER, "", "",
                    is_full=True, new_secret="", has_second_factor=False,
                )
            )  # fmt: skip
    got: dict[int, str] = {}

    def claim(viewer: Viewer) -> None:
        found = claim_next(office.console, viewer, WINDOW)
        got[viewer.user_id] = found.dossier_id if found else ""

    threads = [threading.Thread(target=claim, args=(viewer,)) for viewer in viewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(set(got.values()) - {""}) == 3
    with office.console.database.read() as session:
        shown = view_queue(session, WINDOW, Filters(mine=True), viewers[0], office.clock())
        assert sum(count_window(session, WINDOW).states.values()) == 6
        verdict = ledger.verify(session, office.console.database.key.public_hex)
    mine = {r.dossier.dossier_id for r in shown.rows}
    assert mine & set(got.values()) == {got[viewers[0].user_id]}
    assert verdict.problems == ()
