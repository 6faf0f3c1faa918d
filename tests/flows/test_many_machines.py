"""Postgres in place of SQLite, several machines on one run, a Dask or Ray cluster: the same bytes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import console.schema  # noqa: F401 - its tables share the database
from pipeline.settings import Settings
from pipeline.store.database import Store, open_engine
from pipeline.store.schema import Base, StoredReading
from pipeline.window import prepare_run
from pipeline.windows.register import open_register
from pipeline.windows.shared import SharedRun, begin_shared_run
from tests.flows import generated_jobs
from tests.flows.conftest import environment

postgres = pytest.mark.postgres
cluster = pytest.mark.cluster


def reports(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((out / "reports").iterdir())}


@pytest.fixture(scope="module")
def whole(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
        prepare_run(simulated, out, workers=2).run()
    return reports(out)


@postgres
def test_postgres_has_the_declared_schema(fresh_postgres: str) -> None:
    engine = open_engine(fresh_postgres)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert differences == []


@postgres
def test_the_first_reading_of_a_content_stays(fresh_postgres: str) -> None:
    store = Store(fresh_postgres)

    def reading(blob: str) -> StoredReading:
        return StoredReading(
            content_key="k", sha256="s", version="v", blob=blob, pages=1, seconds=1.0
        )

    assert store.keep_reading(reading("first")).blob == "first"
    assert store.keep_reading(reading("second")).blob == "first"
    assert store.keep_reading(reading("third"), replace=True).blob == "third"
    store.close()


def machine(run: SharedRun, home: Path, url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.flows.shared_machine", run.window_id, str(run.run_id)],
        env=environment(
            CHUHE_HOME=str(home), CHUHE_DATABASE_URL=url, CHUHE_LEASE_SECONDS="5", CHUHE_WORKERS="1"
        ),
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@postgres
def test_two_machines_one_killed_and_every_dossier_done_once(
    simulated: Path, whole: dict[str, bytes], fresh_postgres: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    settings = Settings(home=home, database_url=fresh_postgres, shared_chunk_dossiers=2)
    with open_register(settings) as register:
        run = begin_shared_run(register, register.add(simulated), settings)
        machines = [machine(run, home, fresh_postgres) for _ in range(2)]
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if sum(register.store.count_routes("2022H2").values()) >= 1:
                break
            time.sleep(0.05)
        os.kill(machines[0].pid, signal.SIGKILL)
        logs = [m.communicate(timeout=200)[1] for m in machines]
        assert machines[1].returncode == 0, logs[1]
        assert register.runs.unfinished(run.run_id) == 0
        stored = register.runs.find(run.run_id)
        assert stored is not None and stored.state == "done"
    done = Counter(
        event["dossier_id"]
        for log in logs
        for event in map(json.loads, (line for line in log.splitlines() if line.startswith("{")))
        if event["message"] == "dossier reported"
    )
    assert len(done) == 8 and set(done.values()) == {1}
    assert reports(home / "2022H2") == whole
    summary = json.loads((home / "2022H2" / "summary.json").read_bytes())
    assert summary["totals"]["reported"] == 8


@cluster
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["dask", "ray"])
def test_a_cluster_gives_the_same_bytes(
    kind: str, simulated: Path, tmp_path: Path, prefect_server: object
) -> None:
    pytest.importorskip(f"prefect_{kind}", reason=f"the extra `{kind}` is not installed")
    script = (
        "from flows.registered import run_registered\n"
        "if __name__ == '__main__':\n"
        "    print(run_registered('2022H2', anyway=True))\n"
    )
    path = tmp_path / "run.py"
    path.write_text(script)
    url = prefect_server.api_url  # type: ignore[attr-defined]
    made: list[dict[str, bytes]] = []
    for runner in ("local", kind):
        home = tmp_path / runner
        with open_register(Settings(home=home)) as register:
            register.add(simulated)
        ended = subprocess.run(
            [sys.executable, path],
            env=environment(
                CHUHE_HOME=str(home), CHUHE_TASK_RUNNER=runner, PREFECT_API_URL=url,
                CHUHE_SHARED_CHUNK_DOSSIERS="2", CHUHE_WORKERS="1", PREFECT_HOME=str(tmp_path / "p"),
            ),
            capture_output=True, text=True, check=False, timeout=900,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr[-3000:]
        made.append(reports(home / "2022H2"))
    assert len(made[0]) == 16 and made[0] == made[1]
