"""`chuhe up`: one command starts everything; killed, it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.flows.conftest import environment


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.slow
def test_everything_starts_and_nothing_outlives_it(tmp_path: Path) -> None:
    (tmp_path / "home" / ".chuhe").mkdir(parents=True)
    port, console_port = free_port(), free_port()
    up = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "up", "--port", str(port), "--console-port", str(console_port)],
        env=environment(CHUHE_HOME=str(tmp_path / "home")),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wanted = {f"http://127.0.0.1:{port}/api/health", f"http://127.0.0.1:{console_port}/"}
    deadline = time.monotonic() + 300
    while wanted and time.monotonic() < deadline and up.poll() is None:
        for url in list(wanted):
            try:
                urllib.request.urlopen(url, timeout=5).close()
                wanted.remove(url)
            except OSError:
                time.sleep(1)
    children = psutil.Process(up.pid).children(recursive=True)
    os.kill(up.pid, signal.SIGKILL)
    up.wait()
    assert not wanted and len(children) >= 3
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
