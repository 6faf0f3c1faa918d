"""Simulated windows and one Prefect server for all tests of flows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

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
