"""The tables of the store. Migrations in `migrations/` are the truth; a test compares the two."""

from sqlalchemy import Float, Integer, String
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

    window_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    input_key: Mapped[str] = mapped_column(String(64))
    row: Mapped[str] = mapped_column(String)
    """The summary row of the dossier, as JSON."""
    json_sha256: Mapped[str] = mapped_column(String(64))
    html_sha256: Mapped[str] = mapped_column(String(64))
    kept: Mapped[str | None] = mapped_column(String(80))
    """Blob of the dossier as it was checked (`pipeline.kept`); None for reports of older versions."""
