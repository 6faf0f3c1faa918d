"""The tables of the store. Migrations in `migrations/` are the truth; a test compares the two."""

from datetime import date

from sqlalchemy import Date, Float, Index, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of all tables."""


class StoredReading(Base):
    """One upload as read, by content: the same bytes are never read twice by the same reader."""

    __tablename__ = "readings"

    content_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    version: Mapped[str] = mapped_column(String(64))
    blob: Mapped[str] = mapped_column(String(80))
    pages: Mapped[int] = mapped_column(Integer)
    seconds: Mapped[float] = mapped_column(Float)


class StoredReport(Base):
    """One dossier as reported: `input_key` says from what, so that an unchanged one is left alone."""

    __tablename__ = "reports"
    __table_args__ = (Index("ix_reports_run", "window_id", "run_id", "route"),)

    window_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    input_key: Mapped[str] = mapped_column(String(64))
    row: Mapped[str] = mapped_column(String)
    """The summary row of the dossier, as JSON."""
    json_sha256: Mapped[str] = mapped_column(String(64))
    html_sha256: Mapped[str] = mapped_column(String(64))
    kept: Mapped[str | None] = mapped_column(String(80))
    """Blob of the dossier as it was checked (`pipeline.kept`); None for reports of older versions."""
    run_id: Mapped[int | None] = mapped_column(Integer)
    """The last run that found this report to be the one its input gives."""
    route: Mapped[str | None] = mapped_column(String(16))
    score: Mapped[int | None] = mapped_column(Integer)
    quarantined: Mapped[int | None] = mapped_column(Integer)
    """How many of the dossier's files could not be read."""
    seconds: Mapped[float | None] = mapped_column(Float)
    """Worker time spent on the dossier when it was reported."""
    shared: Mapped[str | None] = mapped_column(String(64))
    """Hash of what the report says it shares with other dossiers; "" or None when nothing."""


class StoredTrace(Base):
    """A key under which a thing of a dossier is found again in another (`pipeline.traces`)."""

    __tablename__ = "traces"
    __table_args__ = (Index("ix_traces_key", "window_id", "key", "person"),)

    window_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    key: Mapped[str] = mapped_column(String(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    person: Mapped[str] = mapped_column(String(16))
    """Hash of the declared ID number: what one person hands in twice is shared with nobody."""
    unit: Mapped[str] = mapped_column(String(16))
    mark: Mapped[str] = mapped_column(String)


class StoredWindow(Base):
    """An intake window that runs by itself. Times are seconds since 1970, UTC."""

    __tablename__ = "windows"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    notice: Mapped[str] = mapped_column(String)
    opens_on: Mapped[date] = mapped_column(Date)
    closes_on: Mapped[date] = mapped_column(Date)
    intake: Mapped[str] = mapped_column(String)
    out: Mapped[str] = mapped_column(String)
    added_at: Mapped[float] = mapped_column(Float)
    sealed_at: Mapped[float | None] = mapped_column(Float)
    seal: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 over all reports of the window as they were when it was sealed."""


class StoredRun(Base):
    """One run over a window, as far as it has come. `state`: running | done | failed."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    window_id: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[float] = mapped_column(Float)
    updated_at: Mapped[float] = mapped_column(Float)
    dossiers_total: Mapped[int] = mapped_column(Integer)
    dossiers_done: Mapped[int] = mapped_column(Integer)
    dossiers_unchanged: Mapped[int] = mapped_column(Integer)
    materials_read: Mapped[int] = mapped_column(Integer)
    materials_reused: Mapped[int] = mapped_column(Integer)
    materials_quarantined: Mapped[int] = mapped_column(Integer)
    pages_read: Mapped[int] = mapped_column(Integer)


class StoredProblem(Base):
    """What a run could not take in (`error`) or could not report (`unreported`), as JSON."""

    __tablename__ = "run_problems"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    run_id: Mapped[int] = mapped_column(Integer, index=True)
    dossier_id: Mapped[str | None] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(String)


class StoredChunk(Base):
    """Some dossiers of a run that one machine works on. `state`: waiting | taken | done."""

    __tablename__ = "chunks"

    run_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    dossier_ids: Mapped[str] = mapped_column(String)
    """JSON list."""
    state: Mapped[str] = mapped_column(String(16))
    holder: Mapped[str] = mapped_column(String(64))
    lease_until: Mapped[float] = mapped_column(Float)
    """By the clock of the database: who holds the chunk says so again before then."""
    attempts: Mapped[int] = mapped_column(Integer)
    counts: Mapped[str] = mapped_column(String)
    """JSON of how far the chunk is; "" before it is taken."""
