"""Tokens of the HTTP API: shown once, kept as a hash, with scopes and an end."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from console.database import Database
from console.schema import Token
from console.sessions import hash_token

LIFE_DAYS = 365
PREFIX = "chuhe_"


class Scope(StrEnum):
    """What a token may be used for."""

    READ = "dossiers.read"
    REPORTS = "reports.read"
    DECISIONS = "decisions.read"
    PUSH = "dossiers.push"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls the API. `name` goes to the ledger as `token:NAME`."""

    name: str
    scopes: frozenset[str]


def make_token(database: Database, actor: str, *, name: str, scopes: Iterable[Scope]) -> str:
    """The token's text, which is not kept anywhere."""
    text = PREFIX + secrets.token_urlsafe(32)
    wanted = sorted(str(s) for s in scopes)
    with database.write() as unit:
        unit.session.add(
            Token(
                name=name,
                token_hash=hash_token(text),
                scopes=" ".join(wanted),
                created_at=unit.now,
                expires_at=unit.now + 86400 * LIFE_DAYS,
                revoked_at=None,
            )
        )
        unit.record(actor, "token.add", name=name, scopes=wanted)
    return text


def revoke_token(database: Database, actor: str, number: int) -> bool:
    """False when there is no such token."""
    with database.write() as unit:
        token = unit.session.get(Token, number)
        if token is None:
            return False
        token.revoked_at = token.revoked_at or unit.now
        unit.record(actor, "token.revoke", name=token.name)
    return True


def find_caller(database: Database, text: str) -> Caller | None:
    """Who the token belongs to; None when it is unknown, revoked or too old."""
    now = database.clock()
    with database.read() as session:
        token = session.scalar(select(Token).where(Token.token_hash == hash_token(text)))
    if token is None or token.revoked_at is not None or token.expires_at < now:
        return None
    return Caller(token.name, frozenset(token.scopes.split()))
