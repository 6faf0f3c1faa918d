"""The embedded server never outlives whoever started it, and never decides about a run."""

import time
from pathlib import Path

import psutil
import pytest

from flows.server import EmbeddedServer, ServerNotStarted, prefect_environment
from tests.flows.conftest import hold_server


def gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.1)
    return False


def test_a_parent_killed_while_the_server_starts_leaves_none(tmp_path: Path) -> None:
    held = hold_server(tmp_path, until="started")
    time.sleep(1)
    held.end()
    assert gone_within(held.pid, 30)


@pytest.mark.slow
def test_a_parent_killed_while_the_server_answers_leaves_none(tmp_path: Path) -> None:
    held = hold_server(tmp_path, until="ready")
    held.end()
    assert gone_within(held.pid, 30)


def test_a_server_that_is_slow_is_not_waited_for(tmp_path: Path) -> None:
    with EmbeddedServer(tmp_path) as server, pytest.raises(ServerNotStarted, match="within"):
        server.wait_until_ready(0.5)
    assert gone_within(server.process_id, 30)


def test_prefect_stays_on_this_machine(tmp_path: Path) -> None:
    said = prefect_environment(tmp_path)
    assert said["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false" and said["DO_NOT_TRACK"] == "1"
    assert said["PREFECT_HOME"] == str(tmp_path)
