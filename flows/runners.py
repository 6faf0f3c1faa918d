"""Ways to run a window: under Prefect with an embedded server, or plainly."""

import logging
import os

from flows.server import EmbeddedServer, ServerNotStarted, prefect_environment
from pipeline.window import WindowOutcome, WindowRun

log = logging.getLogger("chuhe.flows")


def run_plainly(run: WindowRun) -> WindowOutcome:
    """The outcome of a run without Prefect."""
    return run.run()


def run_with_prefect(run: WindowRun) -> WindowOutcome:
    """The outcome of a run that Prefect watches.

    The reading starts before Prefect does. With `PREFECT_API_URL` set that server is used, else
    one is started on loopback. Should it not come up, the run goes on without being watched: the
    reports are the same, and a warning says so.
    """
    outcome = run.start()
    home = run.out / ".chuhe" / "prefect"
    for name, value in prefect_environment(home).items():
        os.environ.setdefault(name, value)
    if os.environ.get("PREFECT_API_URL"):
        from flows.window import watch_run

        return watch_run(run, outcome)
    with EmbeddedServer(home) as server:
        try:
            server.wait_until_ready(run.settings.server_start_seconds)
        except ServerNotStarted as error:
            log.warning("%s; the run goes on without it", error)
            return outcome.result()
        os.environ["PREFECT_API_URL"] = server.api_url
        try:
            from flows.window import watch_run

            return watch_run(run, outcome)
        finally:
            del os.environ["PREFECT_API_URL"]
