"""Registered windows, runs, the chunks of a run, and what summaries are counted from."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBERS = (
    "dossiers_total", "dossiers_done", "dossiers_unchanged", "materials_read", "materials_reused",
    "materials_quarantined", "pages_read",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "windows",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("notice", sa.String, nullable=False),
        sa.Column("opens_on", sa.Date, nullable=False),
        sa.Column("closes_on", sa.Date, nullable=False),
        sa.Column("intake", sa.String, nullable=False),
        sa.Column("out", sa.String, nullable=False),
        sa.Column("added_at", sa.Float, nullable=False),
        sa.Column("sealed_at", sa.Float, nullable=True),
        sa.Column("seal", sa.String(64), nullable=True),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("window_id", sa.String(64), nullable=False, index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_at", sa.Float, nullable=False),
        sa.Column("updated_at", sa.Float, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in _NUMBERS),
    )
    op.create_table(
        "run_problems",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, nullable=False, index=True),
        sa.Column("dossier_id", sa.String(128), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("body", sa.String, nullable=False),
    )
    op.create_table(
        "chunks",
        sa.Column("run_id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("dossier_ids", sa.String, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("lease_until", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("counts", sa.String, nullable=False),
    )
    _add_counted_columns()


def _add_counted_columns() -> None:
    op.add_column("reports", sa.Column("run_id", sa.Integer, nullable=True))
    op.add_column("reports", sa.Column("route", sa.String(16), nullable=True))
    op.add_column("reports", sa.Column("score", sa.Integer, nullable=True))
    op.add_column("reports", sa.Column("quarantined", sa.Integer, nullable=True))
    op.add_column("reports", sa.Column("seconds", sa.Float, nullable=True))
    op.create_index("ix_reports_run", "reports", ["window_id", "run_id", "route"])
    reports = sa.table(
        "reports", *(sa.column(name) for name in ("window_id", "dossier_id", "row", "route", "score", "quarantined"))
    )  # fmt: skip
    connection = op.get_bind()
    for window_id, dossier_id, row in connection.execute(
        sa.select(reports.c.window_id, reports.c.dossier_id, reports.c.row)
    ).all():
        counted = _counted(row)
        if counted:
            connection.execute(
                reports.update()
                .where(reports.c.window_id == window_id, reports.c.dossier_id == dossier_id)
                .values(**counted)
            )


def _counted(row: str) -> dict[str, Any] | None:
    held = json.loads(row).get("row")
    if not held:
        return None
    return {
        "route": held["route"],
        "score": held["score"],
        "quarantined": len(held.get("quarantined", ())),
    }


def downgrade() -> None:
    op.drop_index("ix_reports_run", "reports")
    for name in ("seconds", "quarantined", "score", "route", "run_id"):
        op.drop_column("reports", name)
    for table in ("chunks", "run_problems", "runs", "windows"):
        op.drop_table(table)
