"""The store's database: SQLite (WAL) by default, Postgres by URL, migrated when it is opened."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, case, create_engine, delete, event, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from pipeline.errors import StoreError
from pipeline.store.schema import Base, StoredReading, StoredReport, StoredTrace

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x636875
_AT_ONCE = 500
"""Keys in one question: databases take so many parameters."""


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
    try:
        engine = create_engine(url, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _set_pragmas)
        _migrate(engine)
    except (SQLAlchemyError, ImportError) as error:
        raise StoreError(
            f"the store's database cannot be opened: {type(error).__name__}",
            untouched="No upload and no report was changed.",
            next_step="Check that the output folder is writable and the database URL is right.",
        ) from error
    return engine


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # two machines may start at once
            connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def store_session(engine: Engine) -> Iterator[Session]:
    """One transaction. Raises `StoreError` when the database fails: nothing is half written."""
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except SQLAlchemyError as error:
        raise StoreError(
            f"the store's database failed: {type(error).__name__}",
            untouched="What was kept before is whole.",
            next_step="Free some disk space or mend the database, then run again: it goes on where it was.",
        ) from error


def insert_or(engine: Engine, row: Base, *, replace: bool) -> sqlite.Insert | postgresql.Insert:
    """A statement that inserts `row`; one that is there is replaced, or else left as it is."""
    columns = _values(row)
    keys = [c.name for c in type(row).__table__.primary_key]
    make = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    statement = make(type(row)).values(**columns)
    if not replace:
        return statement.on_conflict_do_nothing(index_elements=keys)
    changed = {name: statement.excluded[name] for name in columns if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


def _values(row: Base) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).__table__.columns.keys()}  # noqa: SIM118


class Store:
    """What was read and what was reported, by content. One per process."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)

    def close(self) -> None:
        self.engine.dispose()

    def find_readings(self, content_keys: Collection[str]) -> dict[str, StoredReading]:
        """What is kept under these keys, by key; a key under which nothing is kept is left out."""
        found: dict[str, StoredReading] = {}
        wanted = list(content_keys)
        with store_session(self.engine) as session:
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                query = select(StoredReading).where(StoredReading.content_key.in_(some))
                found.update((row.content_key, row) for row in session.scalars(query))
        return found

    def keep_reading(self, reading: StoredReading, *, replace: bool = False) -> StoredReading:
        """The reading that is kept: the first one stays, whoever comes later, unless `replace`."""
        with store_session(self.engine) as session:
            session.execute(insert_or(self.engine, reading, replace=replace))
            return session.get(StoredReading, reading.content_key) or reading

    def find_report(self, window_id: str, dossier_id: str) -> StoredReport | None:
        with store_session(self.engine) as session:
            return session.get(StoredReport, (window_id, dossier_id))

    def keep_report(self, report: StoredReport, traces: Sequence[StoredTrace] = ()) -> None:
        """Keeps a report in place of an older one, with the traces of its dossier."""
        with store_session(self.engine) as session:
            session.execute(insert_or(self.engine, report, replace=True))
            session.execute(
                delete(StoredTrace).where(
                    StoredTrace.window_id == report.window_id,
                    StoredTrace.dossier_id == report.dossier_id,
                )
            )
            if traces:
                session.execute(insert(StoredTrace), [_values(trace) for trace in traces])

    def stamp_reports(self, window_id: str, dossier_ids: Sequence[str], run_id: int) -> None:
        """Notes that run `run_id` found these reports unchanged."""
        if not dossier_ids:
            return
        with store_session(self.engine) as session:
            session.execute(
                update(StoredReport)
                .where(
                    StoredReport.window_id == window_id, StoredReport.dossier_id.in_(dossier_ids)
                )
                .values(run_id=run_id)
            )

    def count_routes(self, window_id: str, run_id: int | None = None) -> dict[str, int]:
        """How many reports each route has; those of one run, or all of the window."""
        query = (
            select(StoredReport.route, func.count())
            .where(StoredReport.window_id == window_id)
            .group_by(StoredReport.route)
        )
        if run_id is not None:
            query = query.where(StoredReport.run_id == run_id)
        with store_session(self.engine) as session:
            return {str(route): count for route, count in session.execute(query)}

    def count_quarantined(self, window_id: str, run_id: int) -> int:
        """How many files of the run's dossiers could not be read."""
        query = select(func.sum(StoredReport.quarantined)).where(
            StoredReport.window_id == window_id, StoredReport.run_id == run_id
        )
        with store_session(self.engine) as session:
            return int(session.scalar(query) or 0)

    def iter_rows(
        self, window_id: str, run_id: int, *, only_quarantined: bool = False
    ) -> Iterator[str]:
        """The packed summary rows of a run by dossier id, a few at a time."""
        query = (
            select(StoredReport.row)
            .where(StoredReport.window_id == window_id, StoredReport.run_id == run_id)
            .order_by(StoredReport.dossier_id)
            .execution_options(yield_per=_AT_ONCE)
        )
        if only_quarantined:
            query = query.where(StoredReport.quarantined > 0)
        with store_session(self.engine) as session:
            yield from session.scalars(query)

    def iter_rows_by_route(
        self, window_id: str, run_id: int, routes: Sequence[str]
    ) -> Iterator[str]:
        """The same in this order of routes, lowest score first.

        Sorted are ids and not whole rows, which the database would have to write out for it.
        """
        rank = case({route: place for place, route in enumerate(routes)}, value=StoredReport.route)
        ids = (
            select(StoredReport.dossier_id)
            .where(StoredReport.window_id == window_id, StoredReport.run_id == run_id)
            .order_by(rank, StoredReport.score, StoredReport.dossier_id)
            .execution_options(yield_per=_AT_ONCE)
        )
        with store_session(self.engine) as session:
            for some in session.scalars(ids).partitions():
                query = select(StoredReport.dossier_id, StoredReport.row).where(
                    StoredReport.window_id == window_id, StoredReport.dossier_id.in_(some)
                )
                rows = dict(session.execute(query).all())
                yield from (rows[dossier_id] for dossier_id in some)
