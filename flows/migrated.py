"""A server's database that begins migrated: Prefect's migrations are run once for each of its versions.

They cost more than the rest of a server's start. What they make of an empty SQLite database is kept in
the user's cache under the version of Prefect, and a server in a folder of its own begins with a copy.
Prefect looks for missing migrations at every start as ever, so a copy is a saving, never the truth:
without one, or with a damaged one, the migrations are run as if there had been none.
"""

import asyncio
import logging
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from pipeline.machine import user_cache

DATABASE = "prefect.db"
"""What Prefect calls its SQLite database inside `PREFECT_HOME`."""

log = logging.getLogger("chuhe.flows")


def default_templates() -> Path:
    """The user's cache folder for migrated databases."""
    return user_cache("prefect")


def lay_database(home: Path, templates: Path) -> None:
    """Makes the database of a server whose `PREFECT_HOME` is `home`, unless there is one.

    For a process that is about to serve: it imports Prefect. Does nothing when Prefect is told to
    keep its state elsewhere.
    """
    import prefect
    from prefect.settings import get_current_settings

    database = home / DATABASE
    url = get_current_settings().server.database.connection_url
    is_elsewhere = url is None or url.get_secret_value() != f"sqlite+aiosqlite:///{database}"
    if is_elsewhere or database.exists():
        return
    template = templates / f"{prefect.__version__}.db"
    if copy_database(template, database):
        return
    _migrate()
    try:
        _keep(database, template)
    except (OSError, sqlite3.Error) as error:
        log.warning("the migrated database was not kept (%s)", type(error).__name__)


def copy_database(template: Path, database: Path) -> bool:
    """Copies a whole SQLite database, at once or not at all; False when it is absent or damaged."""
    part = database.with_name(database.name + ".part")
    try:
        shutil.copyfile(template, part)
        with closing(sqlite3.connect(part)) as copied:
            checked = copied.execute("PRAGMA quick_check").fetchone() == ("ok",)
            version = copied.execute("SELECT version_num FROM alembic_version").fetchone()
            is_sound = checked and version is not None
        if is_sound:
            part.replace(database)
        return is_sound
    except (OSError, sqlite3.Error):
        return False
    finally:
        part.unlink(missing_ok=True)


def _migrate() -> None:
    """What `prefect server database upgrade` does."""
    from prefect.server.database.alembic_commands import alembic_upgrade
    from prefect.utilities.asyncutils import run_sync_in_worker_thread

    async def upgrade() -> None:
        await run_sync_in_worker_thread(alembic_upgrade)

    asyncio.run(upgrade())


def _keep(database: Path, template: Path) -> None:
    template.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=template.parent) as scratch:
        whole = Path(scratch) / DATABASE
        with closing(sqlite3.connect(database)) as migrated:
            migrated.execute("VACUUM INTO ?", (str(whole),))
        whole.replace(template)
