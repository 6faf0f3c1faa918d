"""The ledger: complete, append-only, and any change shows."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from console import ledger
from tests.console.conftest import Office


def verdict(office: Office) -> ledger.Verdict:
    with office.console.database.read() as session:
        return ledger.verify(session, office.console.database.key.public_hex)


def test_an_untouched_ledger_verifies(office: Office) -> None:
    office.sign_in("reviewer")
    found = verdict(office)
    assert found.problems == () and found.entries >= 2


@pytest.mark.parametrize(
    "sql", ["UPDATE console_ledger SET actor = 'x'", "DELETE FROM console_ledger"]
)
def test_the_database_refuses_changes(office: Office, sql: str) -> None:
    with pytest.raises((IntegrityError, OperationalError)), office.console.database.write() as unit:
        unit.session.execute(text(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE console_ledger SET actor = 'somebody' WHERE seq = 2",
        "UPDATE console_ledger SET detail = '{}' WHERE seq = 1",
        "DELETE FROM console_ledger WHERE seq = 1",
        "DELETE FROM console_ledger WHERE seq = (SELECT max(seq) FROM console_ledger)",
        "UPDATE console_ledger_head SET seal = '00'",
    ],
)
def test_whoever_gets_round_that_is_found_out(office: Office, sql: str) -> None:
    office.sign_in("reviewer")
    with office.console.database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER console_ledger_no_update"))
        connection.execute(text("DROP TRIGGER console_ledger_no_delete"))
        connection.execute(text(sql))
    assert verdict(office).problems


def test_a_ledger_rewritten_whole_lacks_the_key(office: Office) -> None:
    """Someone who can write the database, but has no key, makes a new chain."""
    office.sign_in("reviewer")
    with office.console.database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER console_ledger_no_delete"))
        last = connection.execute(text("SELECT max(seq) FROM console_ledger")).scalar_one()
        connection.execute(text("DELETE FROM console_ledger WHERE seq = :s"), {"s": last})
        connection.execute(
            text(
                "UPDATE console_ledger_head SET seq = seq - 1, "
                "hash = (SELECT hash FROM console_ledger WHERE seq = :s)"
            ),
            {"s": last - 1},
        )
    assert verdict(office).problems == ("the head's signature does not hold",)


def test_an_export_is_verified_without_the_database(office: Office) -> None:
    office.sign_in("reviewer")
    with office.console.database.read() as session:
        lines = [json.loads(line) for line in ledger.export_lines(session)]
    head = lines.pop()["head"]
    problems, count, last = ledger.check_chain(lines)
    assert problems == [] and (count, last) == (head["seq"], head["hash"])
    lines[0]["actor"] = "x"
    assert ledger.check_chain(lines)[0]


def test_what_is_recorded_stands_or_falls_with_what_is_written(office: Office) -> None:
    before = verdict(office).entries
    with pytest.raises(RuntimeError), office.console.database.write() as unit:
        unit.record("x", "never")
        raise RuntimeError
    assert verdict(office).entries == before
