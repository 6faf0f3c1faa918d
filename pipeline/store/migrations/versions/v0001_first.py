"""Readings and reports."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("content_key", sa.String(64), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("blob", sa.String(80), nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
    )
    op.create_index("ix_readings_sha256", "readings", ["sha256"])
    op.create_table(
        "reports",
        sa.Column("window_id", sa.String(64), primary_key=True),
        sa.Column("dossier_id", sa.String(128), primary_key=True),
        sa.Column("input_key", sa.String(64), nullable=False),
        sa.Column("row", sa.String, nullable=False),
        sa.Column("json_sha256", sa.String(64), nullable=False),
        sa.Column("html_sha256", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("reports")
    op.drop_table("readings")
