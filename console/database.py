"""Transactions of the console: reading, and writing with the ledger in one."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from console import ledger
from console.keys import SigningKey
from pipeline.store.database import open_engine

Clock = Callable[[], float]
"""Seconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One writing transaction. What is recorded stands or falls with what is written."""

    session: Session
    now: float
    _key: SigningKey

    def record(
        self,
        actor: str,
        action: str,
        *,
        window_id: str = "",
        dossier_id: str = "",
        **detail: Any,
    ) -> None:
        """Adds an entry to the ledger."""
        ledger.append(
            self.session,
            self._key,
            now=self.now,
            actor=actor,
            action=action,
            window_id=window_id,
            dossier_id=dossier_id,
            detail=detail,
        )


class Database:
    """The console's side of the database. Safe for threads."""

    def __init__(self, url: str, key: SigningKey, *, clock: Clock = time.time) -> None:
        self.engine: Engine = open_engine(url)
        self.clock = clock
        self.key = key
        self._lock = threading.Lock() if self.engine.dialect.name == "sqlite" else nullcontext()

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """A transaction that holds the ledger; SQLite's one writer is waited for in this process."""
        with (
            self._lock,
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            ledger.lock_head(session)
            yield Unit(session, self.clock(), self.key)
