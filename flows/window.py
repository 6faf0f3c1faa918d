"""The flow over an intake window: one Prefect task for each chunk of dossiers.

The reading starts at once and waits for nobody: the tasks report on chunks that a pool of worker
processes works off. Prefect's state is for watching; what was read and reported is in our store.
Task parameters hold a window id and numbers, never anything of a person.
"""

from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner

from flows.artifacts import publish_run
from pipeline.window import ChunkResult, WindowRun
from pipeline.windows.shared import SharedRun, perform_chunk

_runs: dict[str, WindowRun] = {}


@task(name="chunk", task_run_name="{window_id}-chunk-{index}", persist_result=False)
def process_chunk(window_id: str, index: int, run_id: int | None = None) -> dict[str, int]:
    """Counts of one chunk, once all of its dossiers are done.

    With `run_id` the chunk is taken from the store and done here, on whichever machine this is;
    otherwise a run that is under way in this process is waited for.
    """
    result: ChunkResult | None
    if run_id is None:
        result = _runs[window_id].wait_for_chunk(index)
    else:
        result = perform_chunk(SharedRun(window_id, run_id))
    if result is None:
        return {"dossiers": 0, "reported": 0, "unreported": 0}
    return {
        "dossiers": result.dossiers,
        "reported": result.reported,
        "unreported": result.unreported,
    }


@flow(
    name="intake-window",
    flow_run_name="{window_id}",
    task_runner=ThreadPoolTaskRunner(max_workers=1),  # type: ignore[arg-type] # prefect types it for None results
    persist_result=False,
)
def run_window(window_id: str, chunks: int) -> int:
    """How many chunks of the window are done."""
    futures = [process_chunk.submit(window_id, index) for index in range(chunks)]
    done = sum(1 for future in futures if future.result() is not None)
    run = _runs[window_id]
    publish_run(run.ledger, run.source, run.progress)
    return done


def watch_run(run: WindowRun) -> None:
    """Lets Prefect watch `run`, which is already under way."""
    _runs[run.window.id] = run
    try:
        run_window(run.window.id, run.chunks)
    finally:
        del _runs[run.window.id]
