"""The store's database: SQLite (WAL) by default, Postgres by URL, migrated when it is opened."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from pipeline.errors import StoreError
from pipeline.store.schema import StoredReading, StoredReport

_MIGRATIONS = Path(__file__).parent / "migrations"


def _set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.close()


def open_engine(url: str) -> Engine:
    """A SQLAlchemy engine on `url`, its tables brought up to date.

    Raises `StoreError` when the database cannot be opened or migrated.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except SQLAlchemyError as error:
        raise StoreError(
            f"the store's database cannot be opened: {type(error).__name__}",
            untouched="No upload and no report was changed.",
            next_step="Check that the output folder is writable and the database URL is right.",
        ) from error
    return engine


class Store:
    """What was read and what was reported, by content. One per process."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)

    def close(self) -> None:
        self._engine.dispose()

    def find_reading(self, content_key: str) -> StoredReading | None:
        with Session(self._engine, expire_on_commit=False) as session:
            return session.get(StoredReading, content_key)

    def keep_reading(self, reading: StoredReading) -> None:
        with Session(self._engine) as session, session.begin():
            session.merge(reading)

    def find_report(self, window_id: str, dossier_id: str) -> StoredReport | None:
        with Session(self._engine, expire_on_commit=False) as session:
            return session.get(StoredReport, (window_id, dossier_id))

    def keep_report(self, report: StoredReport) -> None:
        with Session(self._engine) as session, session.begin():
            session.merge(report)
