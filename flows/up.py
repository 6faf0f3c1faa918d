"""Everything on one machine: Prefect server, worker and console, on loopback, one command."""

import os
import signal
import subprocess
import threading
import time
from types import FrameType

import typer

from flows.guarded import guarded_command
from flows.server import EmbeddedServer, ServerNotStarted, prefect_environment
from pipeline.settings import Settings
from pipeline.window import STATE_FOLDER

_STOP_SECONDS = 20.0


def run_everything(settings: Settings, *, port: int, console_port: int | None) -> int:
    """The exit status: 0 when it was asked to stop, 1 when a part ended by itself.

    Each part is a process that ends with this one, also when this one is killed.
    """
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask_to_stop)
    home = settings.home.absolute() / STATE_FOLDER / "prefect"
    with EmbeddedServer(home, port=port) as server:
        try:
            server.wait_until_ready(settings.server_start_seconds, unless=stop.is_set)
        except ServerNotStarted as error:
            typer.echo(f"Prefect 没有启动：{error}", err=True)
            return 1
        environment = {
            **os.environ,
            **prefect_environment(home),
            "PREFECT_API_URL": server.api_url,
            "CHUHE_HOME": str(settings.home.absolute()),
        }
        commands: list[tuple[str, ...]] = [("pipeline", "worker")]
        typer.echo(f"Prefect   http://127.0.0.1:{port}")
        if console_port is not None:
            home_out = str(settings.home.absolute())
            commands.append(("pipeline", "serve", "--out", home_out, "--port", str(console_port)))
            typer.echo(f"控制台    http://127.0.0.1:{console_port}")
        typer.echo("按 Ctrl-C 停止。日程：另开一个终端执行 chuhe deploy（先设置 "
                   f"PREFECT_API_URL={server.api_url}）")  # fmt: skip
        parts = [subprocess.Popen(guarded_command(*c), env=environment) for c in commands]  # noqa: S603 - our own modules
        try:
            while not stop.wait(0.5):
                ended = [p for p in parts if p.poll() is not None]
                if ended or server.has_ended:
                    return 1
            return 0
        finally:
            _stop(parts)


def _stop(parts: list["subprocess.Popen[bytes]"]) -> None:
    """Asks the parts to end, twice (a Prefect worker waits for a second word), then ends them."""
    deadline = time.monotonic() + _STOP_SECONDS
    for _ in range(2):
        for part in parts:
            if part.poll() is None:
                part.terminate()
        time.sleep(1)
    for part in parts:
        try:
            part.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.kill()
            part.wait()
