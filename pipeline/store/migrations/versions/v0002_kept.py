"""What a run keeps of a dossier beside its report."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reports", sa.Column("kept", sa.String(80), nullable=True))


def downgrade() -> None:
    op.drop_column("reports", "kept")
