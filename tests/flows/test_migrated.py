"""A server's database begins as a copy of one that was migrated, or is migrated."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from flows.migrated import DATABASE, copy_database
from flows.server import prefect_environment
from tests.flows.conftest import environment

_LAY = """
import sys
from pathlib import Path
from flows.migrated import lay_database
lay_database(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def lay(home: Path, templates: Path, **more: str) -> None:
    home.mkdir()
    subprocess.run(
        [sys.executable, "-c", _LAY, str(home), str(templates)],
        env=environment(**prefect_environment(home), **more),
        check=True,
    )


def ask(database: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as opened:
        return opened.execute(question).fetchall()


def test_migrations_are_run_once_for_many_folders(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    lay(tmp_path / "first", templates)
    (template,) = templates.iterdir()
    with closing(sqlite3.connect(template)) as opened:
        opened.execute("CREATE TABLE told_apart (id)")
    lay(tmp_path / "second", templates)
    tables = "SELECT name, sql FROM sqlite_master WHERE name != 'told_apart' ORDER BY name"
    first, second = tmp_path / "first" / DATABASE, tmp_path / "second" / DATABASE
    assert ask(second, "SELECT count(*) FROM told_apart") == [(0,)]
    assert ask(first, tables) == ask(second, tables) and len(ask(first, tables)) > 20
    version = "SELECT version_num FROM alembic_version"
    assert ask(first, version) == ask(second, version)
    assert ask(second, "SELECT count(*) FROM flow_run") == [(0,)]


def test_a_database_elsewhere_is_left_alone(tmp_path: Path) -> None:
    elsewhere = f"sqlite+aiosqlite:///{tmp_path / 'other.db'}"
    lay(tmp_path / "home", tmp_path / "templates", PREFECT_API_DATABASE_CONNECTION_URL=elsewhere)
    assert [p.name for p in tmp_path.iterdir()] == ["home"]
    assert not (tmp_path / "home" / DATABASE).exists()


def test_an_absent_or_damaged_template_is_not_taken(tmp_path: Path) -> None:
    database = tmp_path / DATABASE
    empty, torn, text = (tmp_path / name for name in ("empty.db", "torn.db", "text.db"))
    sqlite3.connect(empty).close()
    with closing(sqlite3.connect(torn)) as opened:
        opened.execute("CREATE TABLE alembic_version (version_num)")
        opened.execute("INSERT INTO alembic_version VALUES (1)")
        opened.execute("CREATE TABLE much AS SELECT zeroblob(40000)")
        opened.commit()
    assert copy_database(torn, tmp_path / "whole.db")
    torn.write_bytes(torn.read_bytes()[:20000])
    text.write_text("no database")
    for template in (tmp_path / "absent.db", empty, torn, text):
        assert not copy_database(template, database)
        assert not database.exists() and not list(tmp_path.glob("*.part"))
