"""Runs that Prefect watches give what plain runs give, whatever becomes of Prefect."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from flows import runners
from flows.server import EmbeddedServer, ServerNotStarted, prefect_environment
from pipeline.window import WindowOutcome, WindowRun, prepare_run
from tests.flows import generated_jobs
from tests.flows.conftest import HeldServer, environment


@pytest.fixture(autouse=True)
def generated(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in prefect_environment(Path()):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
    monkeypatch.setenv("CHUHE_WORKERS", "2")
    monkeypatch.setenv("CHUHE_SERVER_AFTER_SECONDS", "0")
    monkeypatch.setenv("CHUHE_CHUNK_DOSSIERS", "3")
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def reports(out: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((out / "reports").iterdir())}


@pytest.fixture(scope="module")
def plain(
    simulated: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, bytes], WindowOutcome]:
    out = tmp_path_factory.mktemp("plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.window.read_one", generated_jobs.read_generated)
        outcome = prepare_run(simulated, out, workers=2).run()
    return reports(out), outcome


def test_a_simulated_run_is_a_run(plain: tuple[dict[str, bytes], WindowOutcome]) -> None:
    written, outcome = plain
    assert outcome.progress.dossiers_done == 8 and not outcome.unreported
    assert outcome.progress.materials_read == 24 and outcome.progress.materials_quarantined == 0
    documents = [d for name, b in written.items() if name.endswith("json")
                 for d in json.loads(b)["documents"]]  # fmt: skip
    assert sum(1 for d in documents if d["fields"]) >= 16


def test_prefect_watches_every_chunk(
    simulated: Path,
    plain: tuple[dict[str, bytes], WindowOutcome],
    prefect_server: HeldServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.api_url)
    for name, value in prefect_environment(tmp_path / "prefect").items():
        monkeypatch.setenv(name, value)
    run = prepare_run(simulated, tmp_path / "out")
    counts: list[int] = []
    wait = WindowRun.wait_for_chunk

    def counting(self: WindowRun, index: int) -> object:
        result = wait(self, index)
        counts.append(result.reported)
        return result

    monkeypatch.setattr(WindowRun, "wait_for_chunk", counting)
    outcome = runners.run_with_prefect(run)
    assert counts == [3, 3, 2]
    assert outcome.progress == plain[1].progress
    assert reports(tmp_path / "out") == plain[0]


def test_a_server_that_never_comes_up_costs_a_warning(
    simulated: Path,
    plain: tuple[dict[str, bytes], WindowOutcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(self: EmbeddedServer, seconds: float, **_more: object) -> None:
        raise ServerNotStarted("the embedded Prefect server ended while starting")

    monkeypatch.setattr(EmbeddedServer, "wait_until_ready", refuse)
    outcome = runners.run_with_prefect(prepare_run(simulated, tmp_path))
    assert "goes on without it" in caplog.text
    assert outcome.progress == plain[1].progress and reports(tmp_path) == plain[0]


def test_a_server_that_is_absent_or_silent_costs_a_warning(
    simulated: Path, plain: tuple[dict[str, bytes], WindowOutcome], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for out, url in (
            ("absent", "http://127.0.0.1:9/api"),
            ("silent", f"http://127.0.0.1:{port}/api"),
        ):
            ended = subprocess.run(
                [sys.executable, "-m", "tests.flows.generated_cli", "run", simulated, "--out", tmp_path / out],
                env=environment(PREFECT_API_URL=url, CHUHE_PREFECT_GRACE_SECONDS="3"),
                capture_output=True, text=True, check=False, timeout=120,
            )  # fmt: skip
            assert ended.returncode == 0, ended.stderr
            assert "Prefect" in ended.stderr and "Traceback" not in ended.stderr, ended.stderr
            assert reports(tmp_path / out) == plain[0]


def test_a_short_run_starts_no_server(
    simulated: Path,
    plain: tuple[dict[str, bytes], WindowOutcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(self: EmbeddedServer) -> EmbeddedServer:
        raise AssertionError("a server was started")

    monkeypatch.setenv("CHUHE_SERVER_AFTER_SECONDS", "300")
    monkeypatch.setattr(EmbeddedServer, "__enter__", refuse)
    runners.run_with_prefect(prepare_run(simulated, tmp_path))
    assert reports(tmp_path) == plain[0]
