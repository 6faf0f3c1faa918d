"""Server-side sessions: the cookie holds a random token, the database its hash."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import delete

from console import totp
from console.database import Database
from console.roles import SECOND_FACTOR, Permission, Role, may
from console.schema import SignIn, User
from console.settings import ConsoleSettings

COOKIE = "chuhe_session"
_SEEN_EVERY = 30.0
"""Seconds between two notes of when a session was last used."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever is signed in. `is_full` is False while the second factor is outstanding."""

    user_id: int
    username: str
    display_name: str
    role: Role
    csrf: str
    token_hash: str
    is_full: bool
    new_secret: str
    has_second_factor: bool

    def may(self, permission: Permission) -> bool:
        return may(self.role, permission)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(database: Database, user: User) -> str:
    """Signs the user in and returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    needs_more = bool(user.totp_secret) or Role(user.role) in SECOND_FACTOR
    with database.write() as unit:
        unit.session.execute(delete(SignIn).where(SignIn.seen_at < unit.now - 7 * 86400))
        unit.session.add(
            SignIn(
                token_hash=hash_token(token),
                user_id=user.id,
                csrf=secrets.token_urlsafe(24),
                stage="second_factor" if needs_more else "full",
                new_secret="" if user.totp_secret or not needs_more else totp.new_secret(),
                created_at=unit.now,
                seen_at=unit.now,
            )
        )
        unit.record(user.username, "login")
    return token


def find_viewer(database: Database, settings: ConsoleSettings, token: str) -> Viewer | None:
    """Who the token belongs to; None when the session is unknown, too old, or its user disabled."""
    key = hash_token(token)
    now = database.clock()
    with database.read() as session:
        row = session.get(SignIn, key)
        user = session.get(User, row.user_id) if row else None
    if row is None or user is None or not user.is_active:
        return None
    idle, age = now - row.seen_at, now - row.created_at
    if idle > 60 * settings.idle_minutes or age > 3600 * settings.session_hours:
        close_session(database, key, user.username, "session.expired")
        return None
    if idle > _SEEN_EVERY:
        with database.write() as unit:
            unit.session.get_one(SignIn, key).seen_at = now
    return Viewer(
        user_id=user.id,
        username=user.username,
        display_name=user.display_name,
        role=Role(user.role),
        csrf=row.csrf,
        token_hash=key,
        is_full=row.stage == "full",
        new_secret=row.new_secret,
        has_second_factor=bool(user.totp_secret),
    )


def close_session(
    database: Database, token_hash: str, username: str, action: str = "logout"
) -> None:
    with database.write() as unit:
        unit.session.execute(delete(SignIn).where(SignIn.token_hash == token_hash))
        unit.record(username, action)


def begin_second_factor(database: Database, viewer: Viewer) -> str:
    """A fresh secret for a viewer who wants a second factor; it counts once a code was given."""
    secret = totp.new_secret()
    with database.write() as unit:
        unit.session.get_one(SignIn, viewer.token_hash).new_secret = secret
    return secret


def give_second_factor(
    database: Database, settings: ConsoleSettings, viewer: Viewer, code: str
) -> bool:
    """Takes a code: finishes the sign-in, or sets the second factor up. False when it is wrong.

    Wrong codes count like wrong passwords and end the session when the account is locked.
    """
    with database.write() as unit:
        user = unit.session.get_one(User, viewer.user_id)
        row = unit.session.get_one(SignIn, viewer.token_hash)
        secret = user.totp_secret or row.new_secret
        step = totp.find_step(secret, code, now=unit.now, after=user.totp_step) if secret else None
        if step is None:
            user.failures += 1
            unit.record(user.username, "login.wrong_code")
            if user.failures >= settings.login_failures:
                user.failures = 0
                user.locked_until = unit.now + 60 * settings.lock_minutes
                unit.session.delete(row)
                unit.record(user.username, "login.locked")
            return False
        if not user.totp_secret:
            user.totp_secret = secret
            unit.record(user.username, "user.second_factor")
        user.totp_step, user.failures = step, 0
        row.stage, row.new_secret = "full", ""
    return True


def is_same_token(given: str, expected: str) -> bool:
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
