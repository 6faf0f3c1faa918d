"""The flow that a deployment runs: a registered window, on this machine or on many.

The first flow run writes down the chunks of the run and asks the other workers of its pool for
help; a helper is the same flow with the run's number. All of them take chunks from the store until
none is left, so that any of them may die.
"""

import time
from datetime import datetime

from prefect import flow, get_client
from prefect.client.schemas.objects import WorkerStatus
from prefect.deployments import run_deployment
from prefect.runtime import deployment

from flows.artifacts import publish_run
from flows.task_runners import chosen_runner
from flows.window import process_chunk
from pipeline.errors import ChuheError
from pipeline.notify import ended_message, failed_message, notify
from pipeline.settings import Settings
from pipeline.store.rows import StoredRows
from pipeline.window import store_url
from pipeline.windows.calendar import ZONE
from pipeline.windows.register import WindowRegister, days_of, open_register
from pipeline.windows.shared import (
    SharedRun,
    begin_shared_run,
    end_shared_run,
    perform_chunk,
    progress_of,
    unreported_of,
)

FLOW_NAME = "registered-window"
_PAUSE = 2.0


@flow(
    name=FLOW_NAME,
    flow_run_name="{window_id}",
    task_runner=chosen_runner(Settings()),
    persist_result=False,
)
def run_registered(window_id: str, run_id: int | None = None, anyway: bool = False) -> str:
    """What was done, in a few words. Outside the window's days nothing is done."""
    settings = Settings()
    try:
        with open_register(settings) as register:
            window = register.get(window_id)
            if run_id is None:
                register.require_open(window)
                why = None if anyway else days_of(window).why_not_now(datetime.now(ZONE))
                if why is not None:
                    return f"没有运行：{why}"
                run = begin_shared_run(register, window, settings)
                _ask_for_help(run, settings)
            else:
                run = SharedRun(window_id, run_id)
            _work(register, run)
            return _end(register, run, settings)
    except ChuheError as error:
        notify(settings, *failed_message(window_id, error.code))
        raise


def _work(register: WindowRegister, run: SharedRun) -> None:
    """Takes chunks until all are done, also those of machines that died meanwhile."""
    waiting = register.runs.unfinished(run.run_id)
    futures = [process_chunk.submit(run.window_id, n, run.run_id) for n in range(waiting)]
    for future in futures:
        future.result()
    while register.runs.unfinished(run.run_id):
        if perform_chunk(run) is None:
            time.sleep(_PAUSE)


def _end(register: WindowRegister, run: SharedRun, settings: Settings) -> str:
    stored = register.runs.find(run.run_id)
    if stored is not None and stored.state == "done":
        return "其余由其他机器完成"
    end_shared_run(register, run, settings)
    source = StoredRows(store_url(settings, register.state), run.window_id, run.run_id)
    progress = progress_of(register, run)
    publish_run(register.runs, source, progress)
    routes = {str(route): count for route, count in source.routes.items()}
    unreported = len(unreported_of(register.runs, run.run_id))
    notify(settings, *ended_message(run.window_id, progress, routes, unreported))
    return f"{progress.dossiers_done} 份申报，{progress.dossiers_unchanged} 份未变"


def _ask_for_help(run: SharedRun, settings: Settings) -> None:
    """Starts the same flow on every other worker of the pool, when there is one."""
    if not deployment.id:
        return
    with get_client(sync_client=True) as client:
        workers = client.read_workers_for_work_pool(settings.work_pool)
    online = sum(1 for worker in workers if worker.status == WorkerStatus.ONLINE)
    for number in range(1, online):
        run_deployment(
            f"{FLOW_NAME}/{run.window_id}-help",
            parameters={"window_id": run.window_id, "run_id": run.run_id},
            timeout=0,
            as_subflow=False,
            idempotency_key=f"{run.window_id}/{run.run_id}/{number}",
        )
