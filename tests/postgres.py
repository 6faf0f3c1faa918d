"""A PostgreSQL server of our own on loopback, for the tests that need one."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError


def _server_programs() -> Path | None:
    found = shutil.which("initdb")
    candidates = [Path(found)] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    return candidates[0].parent if candidates else None


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own on loopback; skips where its programs are not installed."""
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    programs = _server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server programs on this machine")
    as_user: dict[str, str] = {}
    folder = Path(tempfile.mkdtemp(prefix="chuhe-postgres-"))
    if os.geteuid() == 0:  # the server refuses to run as root
        try:
            shutil.chown(folder, "postgres")
        except LookupError:
            pytest.skip("PostgreSQL does not run as root and there is no user postgres")
        as_user = {"user": "postgres"}
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "-A", "trust", "-U", "chuhe", "-D", data, "-E", "UTF8", "--no-sync"],
        check=True, capture_output=True, cwd=folder, **as_user,
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **as_user,
    )  # fmt: skip
    url = f"postgresql+psycopg://chuhe@127.0.0.1:{port}/postgres"
    _wait_for_postgres(url)
    yield url
    server.terminate()
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)


def _wait_for_postgres(url: str) -> None:
    engine = create_engine(url)
    deadline = time.monotonic() + 60
    while True:
        try:
            engine.connect().close()
            break
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    engine.dispose()


@pytest.fixture
def fresh_postgres(postgres_url: str) -> Iterator[str]:
    """An empty database on that server."""
    name = f"chuhe_{uuid.uuid4().hex[:8]}"
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_url.rsplit("/", 1)[0] + f"/{name}"
    engine.dispose()
