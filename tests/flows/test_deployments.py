"""Schedules of a window, and a deployment done by workers of a pool."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.windows.calendar import ZONE, WindowDays, plan_runs
from pipeline.windows.register import open_register
from tests.flows.conftest import HeldServer, environment

DAYS = WindowDays(date(2022, 12, 27), date(2023, 1, 31))


def beginnings(slug: str, days: WindowDays = DAYS) -> list[datetime]:
    """When the runs of one schedule begin, as Prefect's own server works it out."""
    from prefect.server.schemas.schedules import RRuleSchedule

    rule = next(p.rule for p in plan_runs(days) if p.slug == slug)
    if rule is None:
        return []
    schedule = RRuleSchedule(rrule=rule, timezone="Asia/Shanghai")
    start = datetime(2022, 1, 1, tzinfo=UTC)
    return [d.astimezone(ZONE) for d in asyncio.run(schedule.get_dates(n=1000, start=start))]


def test_every_night_and_every_late_hour_of_the_window_has_one_run() -> None:
    nights, hours, closing = (beginnings(s) for s in ("nightly", "hourly", "closing"))
    assert [d.date() for d in nights] == [DAYS.opens_on + timedelta(days=n) for n in range(33)]
    assert len(hours) == 72 and hours[0].date() == date(2023, 1, 29)
    assert hours[-1].date() == DAYS.closes_on and hours[-1].hour == 23
    assert [d.date() for d in closing] == [date(2023, 2, 1)]
    assert all(DAYS.why_not_now(d) is None for d in (*nights, *hours, *closing))


def test_a_window_of_one_day_has_hourly_runs_and_a_closing_one() -> None:
    days = WindowDays(date(2023, 6, 1), date(2023, 6, 1))
    assert beginnings("nightly", days) == [] and len(beginnings("hourly", days)) == 24
    assert len(beginnings("closing", days)) == 1


@pytest.fixture
def surroundings(
    simulated: Path, prefect_server: HeldServer, tmp_path: Path
) -> Iterator[dict[str, str]]:
    home = tmp_path / "home"
    with open_register(Settings(home=home)) as register:
        register.add(simulated)
    yield environment(
        CHUHE_HOME=str(home), PREFECT_API_URL=prefect_server.api_url, CHUHE_WORKERS="1",
        PREFECT_HOME=str(tmp_path / "prefect"), CHUHE_SHARED_CHUNK_DOSSIERS="2",
        PREFECT_WORKER_QUERY_SECONDS="2", CHUHE_WORK_POOL=f"pool-{tmp_path.name}",
    )  # fmt: skip


def chuhe(surroundings: dict[str, str], *arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", *arguments]


@pytest.mark.slow
def test_two_workers_do_one_deployed_run(surroundings: dict[str, str], tmp_path: Path) -> None:
    for _ in range(2):  # done again, it changes nothing
        deployed = subprocess.run(
            chuhe(surroundings, "deploy", "--json"),
            env=surroundings, capture_output=True, text=True, check=True,
        )  # fmt: skip
    assert json.loads(deployed.stdout) == [
        "registered-window/2022H2", "registered-window/2022H2-help",
    ]  # fmt: skip
    workers = [
        subprocess.Popen(
            chuhe(surroundings, "worker", "--name", f"w{n}"), env=surroundings,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for n in range(2)
    ]  # fmt: skip
    time.sleep(20)
    ask = (
        "from prefect.deployments import run_deployment\n"
        "import sys\n"
        "run = run_deployment('registered-window/2022H2', timeout=240, poll_interval=2,\n"
        "    parameters={'window_id': '2022H2', 'anyway': sys.argv[1] == 'anyway'})\n"
        "print(run.state.name)\n"
    )
    try:
        for how in ("within", "anyway"):
            ended = subprocess.run(
                [sys.executable, "-c", ask, how],
                env=surroundings, capture_output=True, text=True, check=True,
            )  # fmt: skip
            assert ended.stdout.strip().endswith("Completed"), ended.stdout
            reported = list((tmp_path / "home" / "2022H2" / "reports").glob("*.json"))
            assert len(reported) == (8 if how == "anyway" else 0)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    with open_register(Settings(home=tmp_path / "home")) as register:
        run = register.runs.latest("2022H2")
        assert run is not None and run.state == "done" and run.dossiers_done == 8
        holders = {chunk.holder.split("/")[1] for chunk in register.runs.chunks(run.id)}
    assert len(holders) >= 1
    assert (tmp_path / "home" / "2022H2" / "summary.xlsx").exists()
