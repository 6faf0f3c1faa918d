"""What is said of a run: log lines, messages, tables in Prefect. Nothing of a person in any."""

import json
import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.logs import JsonLines
from pipeline.notify import ended_message, failed_message, notify
from pipeline.progress import Progress
from pipeline.report.index import PAGE_ROWS, iter_index
from pipeline.settings import Settings
from pipeline.window import WindowRun, prepare_run
from tests.flows import generated_jobs
from tests.flows.conftest import environment


def test_a_log_line_holds_the_class_of_an_error_and_not_its_words() -> None:
    try:
        raise ValueError("张三 510102199001011234")
    except ValueError:
        about = sys.exc_info()
    record = logging.LogRecord("chuhe.run", logging.INFO, "x", 1, "file quarantined", (), about)
    record.dossier_id = "2022H2-000001"
    said = json.loads(JsonLines().format(record))
    assert said["error"] == "ValueError" and said["dossier_id"] == "2022H2-000001"
    assert "张三" not in json.dumps(said, ensure_ascii=False)


class _Taker(BaseHTTPRequestHandler):
    taken: list[dict[str, Any]]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.taken.append(json.loads(self.rfile.read(length)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name it has
        return


@pytest.fixture
def taker() -> Iterator[HTTPServer]:
    _Taker.taken = []
    server = HTTPServer(("127.0.0.1", 0), _Taker)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_webhook_is_told_how_a_run_ended(taker: HTTPServer) -> None:
    settings = Settings(notify=f"json://127.0.0.1:{taker.server_port}/hook")
    progress = Progress(dossiers_total=3, dossiers_done=3, materials_quarantined=1)
    assert notify(settings, *ended_message("2022H2", progress, {"review": 3}, 0))
    assert notify(settings, *failed_message("2022H2", "STORE"))
    ended, failed = _Taker.taken
    assert "2022H2" in ended["title"] and "review 3" in ended["message"]
    assert "STORE" in failed["message"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_silent_webhook_costs_nothing_but_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    assert not notify(Settings(notify="json://127.0.0.1:9/hook"), "title", "body")
    assert "could not be sent" in caplog.text
    assert notify(Settings(), "title", "body")


@pytest.fixture(scope="module")
def run(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> WindowRun:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.window.read_one", generated_jobs.read_or_misbehave)
        patch.setenv("CHUHE_FILE_SECONDS", "60")
        window = tmp_path_factory.mktemp("window") / "2022H2"
        shutil.copytree(simulated, window)
        folder = window / "dossiers" / "2022H2-000001" / "materials"
        first = next(folder.iterdir())
        (folder / "张三-crash.pdf").write_bytes(first.read_bytes() + b"x")
        prepared = prepare_run(window, tmp_path_factory.mktemp("out"), workers=2)
        prepared.run()
    return prepared


def test_tables_in_prefect_name_dossiers_and_no_file(
    run: WindowRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import artifacts

    tables: dict[str, list[dict[str, Any]]] = {}
    monkeypatch.setattr(
        artifacts,
        "create_table_artifact",
        lambda key, table, description: tables.update({key: table}),
    )
    artifacts.publish_run(run.ledger, run.source, run.progress)
    assert set(tables) == {"summary-2022h2", "quarantined-2022h2", "slowest-2022h2"}
    assert {row["项目"]: row["数量"] for row in tables["summary-2022h2"]}["申报"] == 8
    assert [row["申报编号"] for row in tables["quarantined-2022h2"]] == ["2022H2-000001"]
    assert len(tables["slowest-2022h2"]) == 8
    said = json.dumps(tables, ensure_ascii=False)
    assert "张三" not in said and ".pdf" not in said


def test_a_long_index_has_pages(run: WindowRun, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PAGE_ROWS == 2000
    monkeypatch.setattr("pipeline.report.index.PAGE_ROWS", 3)
    pages = list(iter_index(run.window, run.source.by_work(), run.source.routes))
    assert [page.name for page in pages] == ["index.html", "index-2.html", "index-3.html"]
    assert sum(page.html.count("<tr data-route=") for page in pages) == 8
    assert 'href="index-3.html"' in pages[0].html


def _words_of_people(window: Path) -> set[str]:
    """Everything that the declarations of a window say of people: names, numbers, units, schools."""
    found: set[str] = set()
    for path in window.glob("dossiers/*/declaration.json"):
        said = json.loads(path.read_bytes())
        person, education = said["person"], said["education"]
        found |= {str(person[k]) for k in ("name", "id_number", "birth_date")}
        found |= {
            str(v)
            for k, v in education.items()
            if k in ("institution", "diploma_number", "degree_number") and v
        }
        found |= {said["employment"]["employer"]} if said["employment"].get("employer") else set()
    return found


def test_the_log_of_a_real_run_says_nothing_of_a_person(simulated: Path, tmp_path: Path) -> None:
    window = tmp_path / "2022H2"
    shutil.copytree(simulated, window)
    people = _words_of_people(window)
    assert len(people) > 30
    materials = window / "dossiers" / "2022H2-000001" / "materials"
    good = next(materials.iterdir()).read_bytes()
    name = json.loads((materials.parent / "declaration.json").read_bytes())["person"]["name"]
    (materials / f"{name}-crash.pdf").write_bytes(good + b"x")
    (window / "dossiers" / "2022H2-000002" / "declaration.json").write_text(
        json.dumps({"person": {"name": name}}), encoding="utf-8"
    )
    ended = subprocess.run(
        [sys.executable, "-m", "tests.flows.generated_cli", "run", window, "--out", tmp_path / "out", "--local"],
        env=environment(CHUHE_LOG_FORMAT="json", GENERATED_JOB="read_or_misbehave", CHUHE_WORKERS="2"),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    told = {line["message"] for line in lines}
    assert {"dossier reported", "dossier unreported", "file quarantined"} <= told
    assert {line["dossier_id"] for line in lines if "dossier_id" in line} >= {"2022H2-000001"}
    said = [word for word in people if word in ended.stderr]
    assert said == [] and ".pdf" not in ended.stderr
