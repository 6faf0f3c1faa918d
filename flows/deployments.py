"""Deployments of registered windows: nightly, hourly in the last days, once at close."""

import asyncio
from collections.abc import Sequence

from prefect import get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import RRuleSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

from flows.registered import run_registered
from pipeline.settings import Settings
from pipeline.store.schema import StoredWindow
from pipeline.windows.calendar import ZONE_NAME, plan_runs
from pipeline.windows.register import days_of


def deploy_windows(windows: Sequence[StoredWindow], settings: Settings) -> list[str]:
    """Registers the deployments of these windows with Prefect; returns their names.

    Done again, it updates them. Needs a Prefect server (`PREFECT_API_URL`).
    """
    _make_pool(settings.work_pool)
    named: list[str] = []
    for window in windows:
        for made in (_scheduled(window, settings), _helper(window, settings)):
            made.apply()
            named.append(made.full_name)
    return named


def schedules_of(window: StoredWindow) -> list[DeploymentScheduleCreate]:
    """One schedule, with a slug of its own, for each way the window is run."""
    return [
        DeploymentScheduleCreate(
            slug=planned.slug,
            active=True,
            schedule=RRuleSchedule(rrule=planned.rule, timezone=ZONE_NAME),
        )
        for planned in plan_runs(days_of(window))
        if planned.rule is not None
    ]


def _scheduled(window: StoredWindow, settings: Settings) -> RunnerDeployment:
    made = run_registered.to_deployment(
        name=window.id,
        parameters={"window_id": window.id},
        schedules=schedules_of(window),
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        work_pool_name=settings.work_pool,
        entrypoint_type=EntrypointType.MODULE_PATH,
        description=f"{window.id}: {window.opens_on} – {window.closes_on}",
    )
    assert isinstance(made, RunnerDeployment)
    return made


def _helper(window: StoredWindow, settings: Settings) -> RunnerDeployment:
    made = run_registered.to_deployment(
        name=f"{window.id}-help",
        parameters={"window_id": window.id},
        work_pool_name=settings.work_pool,
        entrypoint_type=EntrypointType.MODULE_PATH,
        description=f"{window.id}: takes chunks of a run that another worker has begun",
    )
    assert isinstance(made, RunnerDeployment)
    return made


def _make_pool(name: str) -> None:
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(
                WorkPoolCreate(
                    name=name,
                    type="process",
                    base_job_template=ProcessWorker.get_default_base_job_template(),
                )
            )
        except ObjectAlreadyExists:
            return


def serve_worker(settings: Settings, name: str | None) -> None:
    """Takes flow runs from the work pool, one at a time, until it is ended."""
    _make_pool(settings.work_pool)
    worker = ProcessWorker(work_pool_name=settings.work_pool, name=name, limit=1)
    asyncio.run(worker.start())
