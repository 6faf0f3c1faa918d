"""The queue: what it shows first, filters, search, pages, and what is left."""

import pytest
from sqlalchemy import select, text

from console.queue import PAGE_ROWS, Filters, QueuePage, count_window, view_queue
from console.roles import Role
from console.schema import DossierRow, place_of
from console.sessions import Viewer
from console.states import State
from tests.console.conftest import WINDOW, Office
from tests.console.test_review import GAP, finding, finish, say, take

VIEWER = Viewer(
    999, "somebody", "", Role.REVIEWER, "", "", is_full=True, new_secret="", has_second_factor=False
)


def shown(office: Office, viewer: Viewer = VIEWER, **filters: object) -> QueuePage:
    with office.console.database.read() as session:
        wanted = Filters(**filters)  # type: ignore[arg-type]
        return view_queue(session, WINDOW, wanted, viewer, office.clock())


def ids(page: QueuePage) -> list[str]:
    return [row.dossier.dossier_id for row in page.rows]


def test_what_a_person_likeliest_changes_comes_first_and_what_is_decided_last(
    office: Office,
) -> None:
    rows = [row.dossier for row in shown(office).rows]
    waiting = [r for r in rows if r.state == State.WAITING]
    assert rows[: len(waiting)] == waiting
    assert [r.effect for r in waiting] == sorted((r.effect for r in waiting), reverse=True)


def test_turns_come_before_likelihood() -> None:
    order = [("senior", 0.0), ("second", 1.0), ("waiting", 0.9), ("decided", 1.0)]
    places = [place_of(state, effect) for state, effect in order]
    assert places == sorted(places)


def test_a_dossiers_place_follows_its_state(office: Office) -> None:
    browser = take(office, GAP)
    say(browser, GAP, finding(office, GAP, "CONTRIBUTIONS_GAP"), "ask")
    finish(browser, GAP)
    with office.console.database.read() as session:
        for row in session.scalars(select(DossierRow)):
            assert row.place == place_of(row.state, row.effect), row.dossier_id
    assert GAP in ids(shown(office))[-3:]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 12),
        ({"state": "decided"}, 2),
        ({"route": "incomplete"}, 1),
        ({"code": "CONTRIBUTIONS_GAP"}, 1),
        ({"code": "CONTRIBUTIONS"}, 0),
        ({"level": "中级"}, 0),
        ({"search": "000003"}, 1),
        ({"search": "剑门 2022H2"}, 3),
        ({"search": "%"}, 0),
        ({"mine": True}, 10),
    ],
)
def test_filters_and_search(office: Office, filters: dict[str, object], count: int) -> None:
    page = shown(office, **filters)
    assert page.total == len(page.rows) == count


def test_what_somebody_holds_or_has_seen_is_not_for_taking(office: Office) -> None:
    browser = take(office, GAP)
    assert GAP not in ids(shown(office, mine=True))
    held = next(r for r in shown(office).rows if r.dossier.dossier_id == GAP)
    assert held.holder == "reviewer"
    say(browser, GAP, finding(office, GAP, "CONTRIBUTIONS_GAP"), "upheld")
    finish(browser, GAP)
    with office.console.database.read() as session:
        first = session.execute(text("SELECT id FROM console_users WHERE username='reviewer'"))
        number = first.scalar_one()
    again = Viewer(
        number, "reviewer", "", Role.REVIEWER, "", "", is_full=True, new_secret="",
        has_second_factor=False,
    )  # fmt: skip
    assert GAP not in ids(shown(office, again, mine=True))
    assert GAP in ids(shown(office, mine=True)), "it waits for a second person"


def test_the_queue_is_shown_in_pages(office: Office) -> None:
    with office.console.database.write() as unit:
        row = unit.session.get_one(DossierRow, (WINDOW, GAP))
        values = {c.name: getattr(row, c.name) for c in DossierRow.__table__.columns}
        for i in range(2 * PAGE_ROWS):
            unit.session.add(DossierRow(**{**values, "dossier_id": f"2022H2-9{i:05d}"}))
    first, second, third = (shown(office, page=n) for n in (1, 2, 3))
    assert (first.pages, first.total) == (3, 112)
    assert [len(p.rows) for p in (first, second, third)] == [50, 50, 12]
    assert len({*ids(first), *ids(second), *ids(third)}) == 112
    assert ids(shown(office, page=99)) == ids(third)


def test_what_is_left_is_counted(office: Office) -> None:
    with office.console.database.read() as session:
        counts = count_window(session, WINDOW)
    assert counts.states == {"waiting": 10, "decided": 2}
    assert counts.routes == {"review": 9, "incomplete": 1, "cleared": 2}


def test_the_queue_reads_no_row_to_be_sorted(office: Office) -> None:
    """10 000 rows: one page is taken from the index in its order."""
    with office.console.database.read() as session:
        plan = session.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT dossier_id FROM console_dossiers WHERE window_id = :w"
                " ORDER BY place, dossier_id LIMIT 50"
            ),
            {"w": WINDOW},
        )
        steps = " ".join(str(row) for row in plan)
    assert "ix_console_dossiers_place" in steps and "TEMP B-TREE" not in steps
