"""The embedded Prefect server: started when no API URL is configured, ended with its parent.

It runs as a process of its own on loopback, keeps its database inside the output folder, and
watches its parent, since a killed parent would otherwise leave it behind for good.
"""

import gc
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from flows.guarded import guarded_command
from flows.migrated import default_templates, lay_database

_POLITE = "polite"
"""Asks a server that only watches a run to leave the cores to the reading."""

_ENVIRONMENT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_UI_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    # Writing in batches costs a sixth of the processor time of writing one by one.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "200",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
}

_WATCHING_ONLY = {
    # Nothing is deployed to a server that watches one run: nobody is late, paused or cancelled, no
    # lease is held, no page listens; it is gone long before its history is to be pruned.
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_EVENTS_STREAM_OUT_ENABLED": "false",
    "PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
}


def prefect_environment(home: Path) -> dict[str, str]:
    """Environment variables for a Prefect that keeps to `home` and to this machine."""
    return {**_ENVIRONMENT, "PREFECT_HOME": str(home)}


class ServerNotStarted(Exception):
    """The embedded server did not answer in time, or ended."""


class EmbeddedServer:
    """A Prefect server process on loopback, for the length of a `with` block.

    With `port` it shows its pages there too; without, it takes a free port and has none.
    """

    def __init__(self, home: Path, *, port: int | None = None) -> None:
        self._home = home
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self.api_url = ""
        self.process_id = 0

    def __enter__(self) -> Self:
        port = self._port or _free_port()
        self._home.mkdir(parents=True, exist_ok=True)
        self.api_url = f"http://127.0.0.1:{port}/api"
        with (self._home / "server.log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                guarded_command("flows.server", str(port), *([] if self._port else [_POLITE])),
                env={**os.environ, **prefect_environment(self._home), **self._own_environment()},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.process_id = self._process.pid
        return self

    def _own_environment(self) -> dict[str, str]:
        if self._port is None:
            return _WATCHING_ONLY
        return {
            "PREFECT_UI_ENABLED": "true",
            "PREFECT_SERVER_UI_ENABLED": "true",
            "PREFECT_UI_API_URL": self.api_url,
        }

    @property
    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def wait_until_ready(
        self, seconds: float, *, unless: Callable[[], bool] = lambda: False
    ) -> None:
        """Returns when the server answers, or `unless` says that nobody needs it any more.

        Raises `ServerNotStarted` after `seconds`, or when the server ends.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise ServerNotStarted("the embedded Prefect server ended while starting")
            try:
                with urllib.request.urlopen(f"{self.api_url}/health", timeout=2) as answer:  # noqa: S310 - loopback
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            if unless():
                return
            time.sleep(0.2)
        raise ServerNotStarted(f"the embedded Prefect server did not answer within {seconds:.0f} s")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _serve(port: int) -> None:
    gc.disable()  # nothing of an import can be collected; looking for it is a fifth of its cost
    import uvicorn
    from prefect.server.api.server import create_app

    gc.freeze()
    gc.enable()
    lay_database(Path(os.environ["PREFECT_HOME"]), default_templates())
    uvicorn.run(create_app(), host="127.0.0.1", port=port, log_level="error")


if __name__ == "__main__":
    if _POLITE in sys.argv and hasattr(os, "nice"):
        os.nice(10)
    _serve(int(sys.argv[1]))
