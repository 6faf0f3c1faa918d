"""Ways to run a window: under Prefect with an embedded server, or plainly."""

import logging
import os
import threading
from concurrent.futures import Future, wait

from flows.server import EmbeddedServer, ServerNotStarted, prefect_environment
from pipeline.window import WindowOutcome, WindowRun

log = logging.getLogger("chuhe.flows")


def run_plainly(run: WindowRun) -> WindowOutcome:
    """The outcome of a run without Prefect."""
    return run.run()


def run_with_prefect(run: WindowRun) -> WindowOutcome:
    """The outcome of a run that Prefect watches.

    The reading starts before Prefect does. With `PREFECT_API_URL` set that server is used, else
    one is started on loopback once the run has gone on for a while: a short run costs less than
    the server would. A run that is over before it answers goes unwatched. Should it not come up,
    fall silent or fail, the run goes on without it: the reports are the same, and a warning says so.
    """
    outcome = run.start()
    home = run.out / ".chuhe" / "prefect"
    for name, value in prefect_environment(home).items():
        os.environ.setdefault(name, value)
    if os.environ.get("PREFECT_API_URL"):
        return _watched(run, outcome)
    wait([outcome], timeout=run.settings.server_after_seconds)
    if outcome.done():
        return outcome.result()
    with EmbeddedServer(home) as server:
        try:
            server.wait_until_ready(run.settings.server_start_seconds, unless=outcome.done)
        except ServerNotStarted as error:
            log.warning("%s; the run goes on without it", error)
            return outcome.result()
        if outcome.done():
            return outcome.result()
        os.environ["PREFECT_API_URL"] = server.api_url
        try:
            return _watched(run, outcome)
        finally:
            del os.environ["PREFECT_API_URL"]


def _watched(run: WindowRun, outcome: "Future[WindowOutcome]") -> WindowOutcome:
    """The outcome, which never waits long for Prefect once the run itself is done."""
    watcher = threading.Thread(target=_watch, args=(run,), name="prefect-watch", daemon=True)
    watcher.start()
    result = outcome.result()
    watcher.join(run.settings.prefect_grace_seconds)
    if watcher.is_alive():
        log.warning("Prefect did not note the end of the run in time; the reports are complete")
    return result


def _watch(run: WindowRun) -> None:
    try:
        from flows.window import watch_run

        watch_run(run)
    except Exception as error:  # noqa: BLE001 - whatever Prefect raises must not cost a run
        log.warning("Prefect failed (%s); the run goes on without it", type(error).__name__)
