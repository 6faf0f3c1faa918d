"""The console's commands as people call them: accounts, the ledger, and a console that is served."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from console.cli import LedgerChanged
from console.context import open_console
from console.ledger import check_chain
from pipeline.cli import app
from pipeline.errors import UsageError
from tests.console.conftest import PASSWORD, WINDOW

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def out(tmp_path: Path, window_folder: Path) -> Path:
    """An output folder of a run that no console was opened on yet."""
    state = tmp_path / "out" / ".chuhe"
    state.mkdir(parents=True)
    shutil.copy(window_folder / ".chuhe" / "raw.sqlite", state / "store.sqlite")
    (state / "blobs").symlink_to(window_folder / ".chuhe" / "blobs")
    return tmp_path / "out"


def call(*arguments: str | Path, stdin: str = "") -> str:
    """What the command printed; its own errors are raised as they are."""
    result = CliRunner().invoke(
        app, [str(a) for a in arguments], input=stdin, catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.output


def add(out: Path, name: str, role: str, *more: str) -> str:
    return call(
        "user", "add", name, "--role", role, "--out", out, "--password-stdin", *more,
        stdin=PASSWORD + "\n",
    )  # fmt: skip


def test_accounts_are_made_listed_disabled_and_given_a_new_password(out: Path) -> None:
    add(out, "wu", "administrator", "--name", "吴管理")
    call("user", "add", "yi", "--role", "panel", "--out", out, "--oidc")
    call("user", "disable", "yi", "--out", out)
    call("user", "password", "wu", "--out", out, "--password-stdin", stdin="another long one\n")
    listed = call("user", "list", "--out", out)
    assert "wu\tadministrator\t启用\t—\t吴管理" in listed and "yi\tpanel\t停用" in listed
    call("user", "disable", "yi", "--enable", "--out", out)
    assert "yi\tpanel\t启用" in call("user", "list", "--out", out)
    with pytest.raises(UsageError, match="already"):
        add(out, "wu", "panel")


def test_a_folder_that_no_run_has_written_to_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no run"):
        call("user", "list", "--out", tmp_path)


def test_the_ledger_is_verified_and_a_change_is_an_error_of_its_own(out: Path) -> None:
    add(out, "wu", "administrator")
    assert "留痕完好：1 条" in call("ledger", "verify", "--out", out)
    console = open_console(out)
    with console.database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER console_ledger_no_update"))
        connection.execute(text("UPDATE console_ledger SET actor = 'somebody'"))
    console.close()
    with pytest.raises(LedgerChanged, match="entry 1 was changed") as caught:
        call("ledger", "verify", "--out", out)
    assert caught.value.exit_status == 1
    with pytest.raises(UsageError):
        call("ledger", "verify")


def test_the_ledger_is_exported_whole_and_proves_itself(out: Path, tmp_path: Path) -> None:
    add(out, "wu", "administrator")
    said = call("ledger", "export", "--out", out, "--to", tmp_path / "ledger.jsonl")
    assert re.search(r"公钥 [0-9a-f]{64}", said)
    lines = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text().splitlines()]
    head = lines.pop()["head"]
    problems, count, last = check_chain(lines)
    assert problems == [] and (count, last) == (head["seq"], head["hash"])
    assert [line["action"] for line in lines] == ["user.add", "ledger.export"]
    assert call("ledger", "export", "--out", out).count("\n") == 4


def test_a_served_console_lets_people_in_and_its_archive_is_verified(
    out: Path, tmp_path: Path
) -> None:
    add(out, "zhao", "operator")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "serve", "--out", str(out), "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    )
    try:
        _wait_until_it_answers(base, server)
        with httpx.Client(base_url=base, follow_redirects=True, timeout=60) as client:
            page = client.post("/login", data={"username": "zhao", "password": PASSWORD})
            assert page.url.path == f"/w/{WINDOW}/queue" and "2022H2-000002" in page.text
            archive = tmp_path / "window.zip"
            archive.write_bytes(client.get(f"/w/{WINDOW}/exports/decided.zip").content)
    finally:
        server.terminate()
        said, _ = server.communicate(timeout=60)
    assert "载入报告：新增 12" in said
    assert "导出包完好" in call("ledger", "verify", "--archive", archive)
    spoilt = bytearray(archive.read_bytes())
    spoilt[len(spoilt) // 3] ^= 1
    archive.write_bytes(spoilt)
    with pytest.raises(LedgerChanged):
        call("ledger", "verify", "--archive", archive)


def _wait_until_it_answers(base: str, server: "subprocess.Popen[str]") -> None:
    for _ in range(600):
        assert server.poll() is None, "the console ended"
        try:
            httpx.get(f"{base}/health")
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the console did not come up")
