"""Where the chunk tasks of a flow run: in this process, or on a Dask or Ray cluster."""

import os
from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from pipeline.errors import UsageError
from pipeline.settings import Settings


def chosen_runner(settings: Settings) -> TaskRunner[Any]:
    """The task runner that the settings ask for.

    Each task starts a pool of worker processes of its own, so one task at a time is enough for a
    machine. Raises `UsageError` when the extra for the cluster is not installed.
    """
    if settings.task_runner == "local":
        return ThreadPoolTaskRunner(max_workers=1)
    try:
        if settings.task_runner == "dask":
            return _dask(settings.cluster_address)
        return _ray(settings.cluster_address)
    except ImportError as error:
        raise UsageError(
            f"the task runner {settings.task_runner} is not installed",
            next_step=f"Install it with `pip install 'chuhe[{settings.task_runner}]'`.",
        ) from error


def _dask(address: str) -> TaskRunner[Any]:
    import dask
    from prefect_dask.task_runners import DaskTaskRunner

    # Our worker processes are children of Dask's, which daemonic processes may not have.
    dask.config.set({"distributed.worker.daemon": False})
    local = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    runner: TaskRunner[Any] = (
        DaskTaskRunner(address=address) if address else DaskTaskRunner(cluster_kwargs=local)
    )
    return runner


def _ray(address: str) -> TaskRunner[Any]:
    # Ray tells its makers of its use unless told not to.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from prefect_ray import RayTaskRunner

    local = {"num_cpus": 2, "include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    runner: TaskRunner[Any] = (
        RayTaskRunner(address=address) if address else RayTaskRunner(init_kwargs=local)
    )
    return runner
