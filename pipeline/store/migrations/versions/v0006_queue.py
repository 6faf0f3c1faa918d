"""The place of a dossier in the console's queue, kept with it and indexed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INDEX = (
    "window_id", "place", "dossier_id", "state", "claimed_by", "claim_until", "route",
    "applied_level", "name", "employer",
)  # fmt: skip


def upgrade() -> None:
    op.add_column(
        "console_dossiers", sa.Column("place", sa.Float, nullable=False, server_default="0")
    )
    op.execute(
        "UPDATE console_dossiers SET place = 2.0 * CASE state WHEN 'senior' THEN 0"
        " WHEN 'second' THEN 1 WHEN 'waiting' THEN 1 ELSE 2 END - effect"
    )
    op.drop_index("ix_console_dossiers_queue", "console_dossiers")
    op.create_index("ix_console_dossiers_place", "console_dossiers", list(_INDEX))


def downgrade() -> None:
    op.drop_index("ix_console_dossiers_place", "console_dossiers")
    op.create_index(
        "ix_console_dossiers_queue", "console_dossiers", ["window_id", "state", "effect"]
    )
    op.drop_column("console_dossiers", "place")
