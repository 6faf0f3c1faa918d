"""The ledger: who did and saw what. Append-only, each entry chained to the one before by SHA-256.

The head is signed with a key outside the database, so that entries cut off at the end show too.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from console.keys import SigningKey, is_signed
from console.schema import LedgerHead, LedgerRow

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is hashed. `detail` is canonical JSON."""

    seq: int
    at: str
    actor: str
    action: str
    window_id: str
    dossier_id: str
    detail: str
    previous: str

    @property
    def digest(self) -> str:
        """SHA-256 over every part of the entry and the hash before it."""
        parts = [
            self.seq, self.at, self.actor, self.action, self.window_id, self.dossier_id,
            self.detail, self.previous,
        ]  # fmt: skip
        return hashlib.sha256(canonical(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look through the ledger found: `problems` is empty when nothing was changed."""

    entries: int
    head: str
    problems: tuple[str, ...]


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: the same value, the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def head_text(seq: int, digest: str) -> bytes:
    """What the seal of a head is over."""
    return f"chuhe/ledger/1 {seq} {digest}".encode()


def lock_head(session: Session) -> None:
    """Takes the ledger's head for this transaction, so that entries come one after the other."""
    session.execute(update(LedgerHead).values(seq=LedgerHead.seq))


def append(
    session: Session,
    key: SigningKey,
    *,
    now: float,
    actor: str,
    action: str,
    window_id: str = "",
    dossier_id: str = "",
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Adds one entry; the transaction must hold the head (`lock_head`)."""
    head = session.get_one(LedgerHead, 1, populate_existing=True)
    entry = Entry(
        seq=head.seq + 1,
        at=datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
        actor=actor,
        action=action,
        window_id=window_id,
        dossier_id=dossier_id,
        detail=canonical(detail or {}),
        previous=head.hash,
    )
    digest = entry.digest
    session.add(LedgerRow(**_columns(entry), hash=digest))
    head.seq, head.hash = entry.seq, digest
    head.seal = key.sign(head_text(entry.seq, digest))
    session.flush()
    return entry


def _columns(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Entry.__slots__}


def entries(session: Session, *, after: int = 0) -> Iterator[LedgerRow]:
    """Every entry in order, from the one after `after`."""
    rows = select(LedgerRow).where(LedgerRow.seq > after).order_by(LedgerRow.seq)
    yield from session.scalars(rows.execution_options(yield_per=500))


def verify(session: Session, public_hex: str) -> Verdict:
    """Looks through the whole ledger: the chain, the numbering, and the signed head."""
    head = session.get_one(LedgerHead, 1)
    problems, count, last = check_chain(_as_dict(row) for row in entries(session))
    if head.seq != count or head.hash != last:
        problems.append(f"the head names entry {head.seq}, the last entry found is {count}")
    if head.seq and not is_signed(public_hex, head_text(head.seq, head.hash), head.seal):
        problems.append("the head's signature does not hold")
    return Verdict(count, last, tuple(problems))


def check_chain(rows: Iterable[dict[str, Any]]) -> tuple[list[str], int, str]:
    """Problems, number of entries and last hash of exported entries (dicts with `hash`)."""
    problems: list[str] = []
    previous, count = START, 0
    for row in rows:
        count += 1
        entry = Entry(**{name: row[name] for name in Entry.__slots__})
        if entry.seq != count:
            problems.append(f"entry {count} is missing; entry {entry.seq} stands in its place")
            count = entry.seq
        if entry.previous != previous:
            problems.append(f"entry {entry.seq} does not follow the entry before it")
        if entry.digest != row["hash"]:
            problems.append(f"entry {entry.seq} was changed")
        previous = str(row["hash"])
    return problems, count, previous


def export_lines(session: Session) -> Iterator[str]:
    """The ledger as JSON lines, then its signed head."""
    for row in entries(session):
        yield canonical(_as_dict(row)) + "\n"
    head = session.get_one(LedgerHead, 1)
    yield canonical({"head": {"seq": head.seq, "hash": head.hash, "seal": head.seal}}) + "\n"


def _as_dict(row: LedgerRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*Entry.__slots__, "hash")}
