"""Simulated windows and one Prefect server for all tests of flows."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from benchmarks.simulated import write_simulated

ROOT = Path(__file__).resolve().parents[2]

_HOLD_SERVER = """
import sys, time
from pathlib import Path
from flows.server import EmbeddedServer
with EmbeddedServer(Path(sys.argv[1])) as server:
    print(server.process_id, server.api_url, flush=True)
    if sys.argv[2] == "ready":
        server.wait_until_ready(600)
        print("ready", flush=True)
    time.sleep(3600)
"""


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **more}


@dataclass
class HeldServer:
    """A process that holds an embedded server."""

    holder: "subprocess.Popen[str]"
    pid: int
    api_url: str

    def end(self) -> None:
        """Kills the holder; its server ends by itself."""
        self.holder.kill()
        self.holder.wait()
        assert self.holder.stdout is not None
        self.holder.stdout.close()


def hold_server(home: Path, *, until: str) -> HeldServer:
    """Starts a process with an embedded server; `until` is `started` or `ready`."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD_SERVER, str(home), until],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert holder.stdout is not None
    pid, url = holder.stdout.readline().split()
    held = HeldServer(holder, int(pid), url)
    if until == "ready" and holder.stdout.readline().strip() != "ready":
        held.end()
        raise AssertionError("the Prefect server did not come up")
    return held


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An intake folder of eight dossiers with three simulated uploads each."""
    return write_simulated(
        tmp_path_factory.mktemp("simulated") / "2022H2", 8, models=4, most_files=3
    )


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HeldServer]:
    """One embedded server that answers, for all tests that need Prefect."""
    held = hold_server(tmp_path_factory.mktemp("prefect"), until="ready")
    yield held
    held.end()


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
