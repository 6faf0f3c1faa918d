"""`kill -9` of any process at any moment, then again: the same bytes, nothing done twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pipeline.window import prepare_run
from tests.flows import generated_jobs
from tests.flows.conftest import environment

WORKERS = 2


def reports(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((out / "reports").iterdir())}


@pytest.fixture(scope="module")
def whole(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
        prepare_run(simulated, out, workers=WORKERS).run()
    return reports(out)


def start(intake: Path, out: Path, *, local: bool = True) -> "subprocess.Popen[str]":
    how = ["--local"] if local else []
    return subprocess.Popen(
        [sys.executable, "-m", "tests.flows.generated_cli", "run", intake, "--out", out, "--json", *how],
        env=environment(
            CHUHE_LOG_FORMAT="json", CHUHE_WORKERS=str(WORKERS), CHUHE_PREFECT_GRACE_SECONDS="5",
            CHUHE_SERVER_AFTER_SECONDS="0",
            GENERATED_JOB="read_slowly" if local else "read_very_slowly",
        ),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(out: Path, files: int, process: "subprocess.Popen[str]") -> None:
    """Until so many blobs and reports lie there, or the run has ended."""
    while process.poll() is None:
        done = sum(1 for p in out.rglob("*") if p.suffix in (".reading", ".json", ".html"))
        if done >= files:
            return
        time.sleep(0.01)


def victim(process: "subprocess.Popen[str]", which: str, rng: random.Random) -> int:
    children = psutil.Process(process.pid).children(recursive=True)
    if which == "server":
        children = [p for p in children if any("flows.server" in word for word in p.cmdline())]
    return process.pid if which == "parent" or not children else rng.choice(children).pid


def done_in(log: str) -> list[str]:
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [e["dossier_id"] for e in events if e["message"] == "dossier reported"]


def kill_and_go_on(
    intake: Path,
    out: Path,
    whole: dict[str, bytes],
    rng: random.Random,
    which: str,
    *,
    local: bool = True,
) -> None:
    process = start(intake, out, local=local)
    wait_for(out, rng.randrange(0, 40), process)
    time.sleep(rng.uniform(0, 0.3))
    if process.poll() is None:
        os.kill(victim(process, which, rng), signal.SIGKILL)
    first = process.communicate()[1]
    kept = set(done_in(first))
    again = start(intake, out)
    said, second = again.communicate()
    assert again.returncode == 0, second
    assert reports(out) == whole
    assert not kept & set(done_in(second)), "a dossier was done twice"
    counted = json.loads(said)
    assert counted["dossiers_unchanged"] + len(done_in(second)) == 8
    assert not list(out.rglob(".part-*")) or which == "parent"


@pytest.mark.parametrize("number", range(3))
def test_killed_and_run_again(
    simulated: Path, whole: dict[str, bytes], tmp_path: Path, number: int
) -> None:
    which = ("parent", "child", "parent")[number]
    kill_and_go_on(simulated, tmp_path, whole, random.Random(number), which)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3, 23))
def test_killed_at_twenty_moments(
    simulated: Path, whole: dict[str, bytes], tmp_path: Path, number: int
) -> None:
    rng = random.Random(number)
    kill_and_go_on(simulated, tmp_path, whole, rng, rng.choice(("parent", "parent", "child")))


@pytest.mark.slow
@pytest.mark.parametrize("which", ["server", "parent", "child"])
def test_killed_under_prefect(
    simulated: Path, whole: dict[str, bytes], tmp_path: Path, which: str
) -> None:
    """The embedded server, the run that started it, or any process of either."""
    kill_and_go_on(simulated, tmp_path, whole, random.Random(which), which, local=False)
    deadline = time.monotonic() + 30
    while left := [p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in str(p.info)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.2)
