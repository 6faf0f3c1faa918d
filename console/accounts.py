"""Accounts: made on the command line or by an administrator, locked after wrong passwords."""

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.database import Database
from console.roles import Role
from console.schema import SignIn, User
from console.settings import ConsoleSettings
from pipeline.errors import UsageError

SHORTEST_PASSWORD = 12
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")


class AccountRefused(UsageError):
    """An account cannot be made or changed as asked."""

    code = "ACCOUNT_REFUSED"


@cache
def hasher() -> PasswordHasher:
    """Argon2id with the library's own recommended cost."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password is checked against in earnest: so that unknown names take as long."""
    return hasher().hash("nobody signs in with this")


def add_user(
    database: Database, actor: str, *, username: str, display_name: str, role: Role, password: str
) -> None:
    """Makes an account. Raises `AccountRefused`."""
    if not _USERNAME.fullmatch(username):
        raise AccountRefused(
            "a user name has 2 to 63 small letters, digits, dots, dashes or underlines"
        )
    check_password(username, password)
    hashed = hasher().hash(password)
    with database.write() as unit:
        if unit.session.scalar(select(User.id).where(User.username == username)) is not None:
            raise AccountRefused(f"there is an account {username!r} already")
        unit.session.add(new_user(username, display_name, role, hashed, unit.now))
        unit.record(actor, "user.add", username=username, role=str(role))


def new_user(username: str, display_name: str, role: Role, password_hash: str, now: float) -> User:
    """An active account that has never signed in."""
    return User(
        username=username,
        display_name=display_name or username,
        role=str(role),
        password_hash=password_hash,
        is_active=True,
        failures=0,
        locked_until=0.0,
        totp_secret="",
        totp_step=0,
        oidc_subject=None,
        created_at=now,
    )


def check_password(username: str, password: str) -> None:
    """Raises `AccountRefused` for a password that is short, or holds the user name."""
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused(f"a password has at least {SHORTEST_PASSWORD} characters")
    if username in password.lower() or len(set(password)) < 5:
        raise AccountRefused("a password does not hold the user name or a few repeated characters")


def set_active(database: Database, actor: str, username: str, *, active: bool) -> None:
    """Enables or disables an account; a disabled one is signed out at once. Raises `AccountRefused`."""
    with database.write() as unit:
        user = find_user(unit.session, username)
        if user is None:
            raise AccountRefused(f"there is no account {username!r}")
        user.is_active = active
        user.failures, user.locked_until = 0, 0.0
        end_sessions(unit.session, user.id)
        unit.record(actor, "user.enable" if active else "user.disable", username=username)


def set_password(database: Database, actor: str, username: str, password: str) -> None:
    """Gives an account a new password and ends its sessions. Raises `AccountRefused`."""
    check_password(username, password)
    hashed = hasher().hash(password)
    with database.write() as unit:
        user = find_user(unit.session, username)
        if user is None:
            raise AccountRefused(f"there is no account {username!r}")
        user.password_hash, user.failures, user.locked_until = hashed, 0, 0.0
        end_sessions(unit.session, user.id)
        unit.record(actor, "user.password", username=username)


def reset_second_factor(database: Database, actor: str, username: str) -> None:
    """Lets an account set up its second factor anew. Raises `AccountRefused`."""
    with database.write() as unit:
        user = find_user(unit.session, username)
        if user is None:
            raise AccountRefused(f"there is no account {username!r}")
        user.totp_secret, user.totp_step = "", 0
        end_sessions(unit.session, user.id)
        unit.record(actor, "user.reset_second_factor", username=username)


def end_sessions(session: Session, user_id: int) -> None:
    for row in session.scalars(select(SignIn).where(SignIn.user_id == user_id)):
        session.delete(row)


def find_user(session: Session, username: str) -> User | None:
    return session.scalar(select(User).where(User.username == username))


def list_users(session: Session) -> tuple[User, ...]:
    return tuple(session.scalars(select(User).order_by(User.username)))


def check_login(
    database: Database, settings: ConsoleSettings, username: str, password: str
) -> User | None:
    """The account whose password it is; None when it is not, or the account is locked or disabled.

    Wrong passwords in a row lock the account for a while; an unknown name takes as long as a
    known one.
    """
    with database.read() as session:
        user = find_user(session, username)
    right = _matches(user.password_hash if user and user.password_hash else _nobody(), password)
    if user is None:
        with database.write() as unit:
            unit.record("", "login.unknown")
        return None
    with database.write() as unit:
        user = unit.session.get_one(User, user.id)
        if user.locked_until > unit.now or not user.is_active or not user.password_hash:
            unit.record(username, "login.refused", locked=user.locked_until > unit.now)
            return None
        if not right:
            user.failures += 1
            if user.failures >= settings.login_failures:
                user.failures = 0
                user.locked_until = unit.now + 60 * settings.lock_minutes
                unit.record(username, "login.locked")
            else:
                unit.record(username, "login.wrong")
            return None
        user.failures = 0
    return user


def _matches(hashed: str, password: str) -> bool:
    try:
        return hasher().verify(hashed, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def add_oidc_user(
    database: Database, actor: str, *, username: str, display_name: str, role: Role
) -> None:
    """Makes an account without a password, for whom the OpenID provider prefers that user name."""
    if not _USERNAME.fullmatch(username):
        raise AccountRefused(
            "a user name has 2 to 63 small letters, digits, dots, dashes or underlines"
        )
    with database.write() as unit:
        if find_user(unit.session, username) is not None:
            raise AccountRefused(f"there is an account {username!r} already")
        unit.session.add(new_user(username, display_name, role, "", unit.now))
        unit.record(actor, "user.add", username=username, role=str(role), oidc=True)
