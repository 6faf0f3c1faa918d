"""The console's tables, in the same database as the store. Times are seconds since 1970, UTC."""

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from pipeline.store.schema import Base

_TURNS = {"senior": 0, "second": 1, "waiting": 1}


def place_of(state: str, effect: float) -> float:
    """A dossier's place in the queue: what waits for the senior first, what is decided last, and
    within each what a person's answer is likeliest to change."""
    return 2.0 * _TURNS.get(state, 2) - effect


class User(Base):
    """A person who may sign in. `password_hash` is argon2id, or empty for OpenID accounts."""

    __tablename__ = "console_users"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(Boolean)
    failures: Mapped[int] = mapped_column(Integer)
    locked_until: Mapped[float] = mapped_column(Float)
    totp_secret: Mapped[str] = mapped_column(String(64))
    """Base32; empty until a second factor was set up."""
    totp_step: Mapped[int] = mapped_column(Integer)
    """The last time step whose code was used: a code works once."""
    oidc_subject: Mapped[str | None] = mapped_column(String(255), unique=True)
    created_at: Mapped[float] = mapped_column(Float)


class SignIn(Base):
    """A server-side session. The cookie holds the token; here is its SHA-256."""

    __tablename__ = "console_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("console_users.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    stage: Mapped[str] = mapped_column(String(16))
    """`second_factor` until the second factor was given, then `full`."""
    new_secret: Mapped[str] = mapped_column(String(64))
    """The second factor that is being set up in this session."""
    created_at: Mapped[float] = mapped_column(Float)
    seen_at: Mapped[float] = mapped_column(Float)


class Reveal(Base):
    """Masked values of one dossier, shown to one person until a time, for a reason."""

    __tablename__ = "console_reveals"

    user_id: Mapped[int] = mapped_column(ForeignKey("console_users.id"), primary_key=True)
    window_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    until: Mapped[float] = mapped_column(Float)


class Token(Base):
    """A token of the HTTP API, by its SHA-256. `scopes` are separated by spaces."""

    __tablename__ = "console_tokens"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[float] = mapped_column(Float)
    expires_at: Mapped[float] = mapped_column(Float)
    revoked_at: Mapped[float | None] = mapped_column(Float)


class WindowRow(Base):
    """An intake window whose reports were taken in."""

    __tablename__ = "console_windows"

    window_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    notice: Mapped[str] = mapped_column(String(128))
    opens_on: Mapped[str] = mapped_column(String(10))
    closes_on: Mapped[str] = mapped_column(String(10))
    sample_dossiers: Mapped[float] = mapped_column(Float)
    sample_fields: Mapped[float] = mapped_column(Float)
    imported_at: Mapped[float] = mapped_column(Float)


class DossierRow(Base):
    """One dossier as the queue shows it. `kept` is the blob of what was checked."""

    __tablename__ = "console_dossiers"
    __table_args__ = (
        # The queue in its order, with all that filters and search look at: no row need be read.
        Index(
            "ix_console_dossiers_place",
            *("window_id", "place", "dossier_id", "state", "claimed_by", "claim_until", "route"),
            *("applied_level", "name", "employer"),
        ),
        Index("ix_console_dossiers_claim", "claimed_by", "claim_until"),
    )

    window_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    dossier_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    input_key: Mapped[str] = mapped_column(String(64))
    kept: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(128))
    employer: Mapped[str] = mapped_column(String(255))
    applied_level: Mapped[str] = mapped_column(String(16))
    route: Mapped[str] = mapped_column(String(16))
    score: Mapped[int] = mapped_column(Integer)
    blocking: Mapped[int] = mapped_column(Integer)
    review: Mapped[int] = mapped_column(Integer)
    codes: Mapped[str] = mapped_column(Text)
    """`,CODE,CODE,` so that one code is found by LIKE."""
    reasons: Mapped[str] = mapped_column(Text)
    """Why the dossier is in the queue, one reason a line (Chinese)."""
    effect: Mapped[float] = mapped_column(Float)
    """How likely a person's answers change what becomes of the dossier (0–1)."""
    state: Mapped[str] = mapped_column(String(16))
    place: Mapped[float] = mapped_column(Float)
    """Where in the queue: lower comes first. Follows from `state` and `effect`."""
    outcome: Mapped[str | None] = mapped_column(String(16))
    decided_at: Mapped[float | None] = mapped_column(Float)
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("console_users.id"))
    claim_until: Mapped[float] = mapped_column(Float)

    @validates("state", "effect")
    def _put_in_place(self, name: str, value: str | float) -> str | float:
        state = value if name == "state" else self.state
        effect = value if name == "effect" else self.effect
        if state is not None and effect is not None:
            self.place = place_of(str(state), float(effect))
        return value


class Review(Base):
    """One person's blind round over one dossier."""

    __tablename__ = "console_reviews"
    __table_args__ = (Index("ix_console_reviews_dossier", "window_id", "dossier_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    window_id: Mapped[str] = mapped_column(String(64))
    dossier_id: Mapped[str] = mapped_column(String(128))
    round: Mapped[str] = mapped_column(String(8))
    """`first`, `second` or `senior`."""
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("console_users.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    """`open`, `finished`, or `abandoned` when the lease ran out and someone else took it."""
    started_at: Mapped[float] = mapped_column(Float)
    touched_at: Mapped[float] = mapped_column(Float)
    finished_at: Mapped[float | None] = mapped_column(Float)


class AnswerRow(Base):
    """One answer of a review. An answer that is taken back or replaced keeps its row."""

    __tablename__ = "console_answers"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("console_reviews.id"), index=True)
    target: Mapped[str] = mapped_column(String(255))
    answer: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(Text)
    machine_value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text)
    seconds: Mapped[float] = mapped_column(Float)
    at: Mapped[float] = mapped_column(Float)
    ended_at: Mapped[float | None] = mapped_column(Float)
    """When it was undone or replaced; None while it stands."""


class Sample(Base):
    """A field that the machine read and accepted, to be read by a person who is not shown that."""

    __tablename__ = "console_samples"
    __table_args__ = (
        Index("ix_console_samples_field", "window_id", "dossier_id", "document_id", "field"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    window_id: Mapped[str] = mapped_column(String(64))
    dossier_id: Mapped[str] = mapped_column(String(128))
    document_id: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(64))
    machine_value: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float] = mapped_column(Float)
    whole_dossier: Mapped[bool] = mapped_column(Boolean)
    answer: Mapped[str | None] = mapped_column(String(16))
    """`read`, `illegible` or `absent`; None while nobody has looked."""
    value: Mapped[str] = mapped_column(Text)
    agrees: Mapped[bool | None] = mapped_column(Boolean)
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("console_users.id"))
    answered_at: Mapped[float | None] = mapped_column(Float)


class LedgerRow(Base):
    """One entry of the ledger. A trigger refuses every change and every deletion."""

    __tablename__ = "console_ledger"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    window_id: Mapped[str] = mapped_column(String(64))
    dossier_id: Mapped[str] = mapped_column(String(128))
    detail: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class LedgerHead(Base):
    """The one row that names the ledger's last entry, signed with the key outside the database."""

    __tablename__ = "console_ledger_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(128))
