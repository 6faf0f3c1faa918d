"""The console: people, sessions, the queue, reviews and answers, samples, the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_START = "0" * 64


def upgrade() -> None:
    _people()
    _dossiers()
    _reviews()
    _ledger()


def _people() -> None:
    op.create_table(
        "console_users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username", sa.String(64), nullable=False, unique=True),
        sa.Column("display_name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.Float, nullable=False),
        sa.Column("totp_secret", sa.String(64), nullable=False),
        sa.Column("totp_step", sa.Integer, nullable=False),
        sa.Column("oidc_subject", sa.String(255), nullable=True, unique=True),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    op.create_table(
        "console_sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _user("user_id", index=True),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("new_secret", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("seen_at", sa.Float, nullable=False),
    )
    op.create_table(
        "console_reveals",
        sa.Column("user_id", sa.Integer, sa.ForeignKey("console_users.id"), primary_key=True),
        sa.Column("window_id", sa.String(64), primary_key=True),
        sa.Column("dossier_id", sa.String(128), primary_key=True),
        sa.Column("until", sa.Float, nullable=False),
    )
    op.create_table(
        "console_tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.String(255), nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
        sa.Column("expires_at", sa.Float, nullable=False),
        sa.Column("revoked_at", sa.Float, nullable=True),
    )


def _dossiers() -> None:
    op.create_table(
        "console_windows",
        sa.Column("window_id", sa.String(64), primary_key=True),
        sa.Column("notice", sa.String(128), nullable=False),
        sa.Column("opens_on", sa.String(10), nullable=False),
        sa.Column("closes_on", sa.String(10), nullable=False),
        sa.Column("sample_dossiers", sa.Float, nullable=False),
        sa.Column("sample_fields", sa.Float, nullable=False),
        sa.Column("imported_at", sa.Float, nullable=False),
    )
    op.create_table(
        "console_dossiers",
        sa.Column("window_id", sa.String(64), primary_key=True),
        sa.Column("dossier_id", sa.String(128), primary_key=True),
        sa.Column("input_key", sa.String(64), nullable=False),
        sa.Column("kept", sa.String(80), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("employer", sa.String(255), nullable=False),
        sa.Column("applied_level", sa.String(16), nullable=False),
        sa.Column("route", sa.String(16), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("blocking", sa.Integer, nullable=False),
        sa.Column("review", sa.Integer, nullable=False),
        sa.Column("codes", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("effect", sa.Float, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=True),
        sa.Column("decided_at", sa.Float, nullable=True),
        sa.Column("claimed_by", sa.Integer, sa.ForeignKey("console_users.id"), nullable=True),
        sa.Column("claim_until", sa.Float, nullable=False),
    )
    op.create_index(
        "ix_console_dossiers_queue", "console_dossiers", ["window_id", "state", "effect"]
    )
    op.create_index("ix_console_dossiers_claim", "console_dossiers", ["claimed_by", "claim_until"])


def _reviews() -> None:
    op.create_table(
        "console_reviews",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("window_id", sa.String(64), nullable=False),
        sa.Column("dossier_id", sa.String(128), nullable=False),
        sa.Column("round", sa.String(8), nullable=False),
        _user("reviewer_id", index=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_at", sa.Float, nullable=False),
        sa.Column("touched_at", sa.Float, nullable=False),
        sa.Column("finished_at", sa.Float, nullable=True),
    )
    op.create_index("ix_console_reviews_dossier", "console_reviews", ["window_id", "dossier_id"])
    op.create_table(
        "console_answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "review_id",
            sa.Integer,
            sa.ForeignKey("console_reviews.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("target", sa.String(255), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("machine_value", sa.Text, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("ended_at", sa.Float, nullable=True),
    )
    op.create_table(
        "console_samples",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("window_id", sa.String(64), nullable=False),
        sa.Column("dossier_id", sa.String(128), nullable=False),
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("machine_value", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("whole_dossier", sa.Boolean, nullable=False),
        sa.Column("answer", sa.String(16), nullable=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("agrees", sa.Boolean, nullable=True),
        sa.Column("reader_id", sa.Integer, sa.ForeignKey("console_users.id"), nullable=True),
        sa.Column("answered_at", sa.Float, nullable=True),
    )
    op.create_index(
        "ix_console_samples_field",
        "console_samples",
        ["window_id", "dossier_id", "document_id", "field"],
    )


def _ledger() -> None:
    op.create_table(
        "console_ledger",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("window_id", sa.String(64), nullable=False),
        sa.Column("dossier_id", sa.String(128), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    head = op.create_table(
        "console_ledger_head",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(128), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": _START, "seal": ""}])
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER console_ledger_no_{event.lower()} BEFORE {event} "
                "ON console_ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION console_ledger_refuse() RETURNS trigger AS $$ BEGIN "
            "RAISE EXCEPTION 'the ledger is append-only'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            "CREATE TRIGGER console_ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON console_ledger EXECUTE FUNCTION console_ledger_refuse()"
        )


def _user(name: str, *, index: bool) -> "sa.Column[int]":
    return sa.Column(
        name, sa.Integer, sa.ForeignKey("console_users.id"), nullable=False, index=index
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP TRIGGER console_ledger_append_only ON console_ledger")
        op.execute("DROP FUNCTION console_ledger_refuse()")
    for table in (
        "ledger_head",
        "ledger",
        "samples",
        "answers",
        "reviews",
        "dossiers",
        "windows",
        "tokens",
        "reveals",
        "sessions",
        "users",
    ):
        op.drop_table(f"console_{table}")
