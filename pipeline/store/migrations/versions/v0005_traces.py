"""The index of what dossiers have in common, and which of it a report was written with."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "traces",
        sa.Column("window_id", sa.String(64), primary_key=True),
        sa.Column("dossier_id", sa.String(128), primary_key=True),
        sa.Column("key", sa.String(16), primary_key=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("person", sa.String(16), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("mark", sa.String, nullable=False),
    )
    op.create_index("ix_traces_key", "traces", ["window_id", "key", "person"])
    op.add_column("reports", sa.Column("shared", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("reports", "shared")
    op.drop_index("ix_traces_key", "traces")
    op.drop_table("traces")
