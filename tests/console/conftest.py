"""A console over a small window, one account a role, and browsers without a browser."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from console import accounts, totp
from console.accounts import new_user
from console.app import create_app
from console.context import Console, open_console
from console.imports import import_reports
from console.roles import SECOND_FACTOR, Role
from console.settings import ConsoleSettings
from tests.console.make_window import add_lumped, make_window

PASSWORD = "correct horse 9"
WINDOW = "2022H2"
EXTRA = {"reviewer2": Role.REVIEWER, "reviewer3": Role.REVIEWER}


class Clock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.now = 1_673_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Browser:
    """A signed-in client that sends the CSRF token of its session."""

    client: TestClient
    csrf: str = ""
    forms: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **more: object) -> "object":
        return self.client.get(path, **more)  # type: ignore[arg-type]

    def post(self, path: str, *, swap: bool = False, **fields: str) -> "object":
        headers = {"x-swap": "1"} if swap else {}
        return self.client.post(path, data={"csrf": self.csrf, **fields}, headers=headers)


@dataclass
class Office:
    """The console under test with ways to sign in."""

    console: Console
    app: FastAPI
    clock: Clock

    def client(self) -> TestClient:
        return TestClient(self.app, follow_redirects=False, base_url="http://127.0.0.1")

    def sign_in(self, username: str) -> Browser:
        browser = Browser(self.client())
        answer = browser.client.post("/login", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        browser.csrf = self.csrf(browser.client)
        role = EXTRA.get(username) or Role(username)
        if role in SECOND_FACTOR:
            self.give_code(browser, username)
        return browser

    def csrf(self, client: TestClient) -> str:
        text = client.get("/code").text
        return re.findall(r'name="csrf" content="([^"]+)"', text)[0]

    def give_code(self, browser: Browser, username: str) -> None:
        with self.console.database.read() as session:
            user = accounts.find_user(session, username)
            assert user is not None
            secret, last = user.totp_secret, user.totp_step
        if not secret:
            secret = re.findall(r'id="secret">([A-Z2-7]+)<', browser.client.get("/code").text)[0]
        self.clock.now = max(self.clock.now, (last + 1) * totp.STEP_SECONDS)
        code = totp.code_at(secret, int(self.clock.now // totp.STEP_SECONDS))
        answer = browser.client.post("/code", data={"csrf": browser.csrf, "code": code})
        assert answer.status_code == 303, answer.text

    def actions(self) -> list[str]:
        from console.ledger import entries

        with self.console.database.read() as session:
            return [row.action for row in entries(session)]


OpenOffice = Callable[..., Office]


@pytest.fixture(scope="session")
def window_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run over twelve dossiers left behind; copied, never changed."""
    out = tmp_path_factory.mktemp("window") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _handle: None)  # hundreds of blobs that need not last
        make_window(out, 12)
    state = out / ".chuhe"
    shutil.copy(state / "store.sqlite", state / "raw.sqlite")
    console = open_console(out, settings=ConsoleSettings(sample_dossiers=0.0, sample_fields=0.0))
    import_reports(console, "test")
    console.close()
    return out


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Of the password, at a cost that tests can bear."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


@pytest.fixture
def open_office(tmp_path: Path, window_folder: Path, password_hash: str) -> Iterator[OpenOffice]:
    """Opens a console over a copy of the window's database; blobs are shared."""
    opened: list[Console] = []

    def opening(*, with_lumped: bool = False, **settings: object) -> Office:
        state = tmp_path / "out" / ".chuhe"
        state.mkdir(parents=True)
        base = window_folder / ".chuhe"
        sampled = any(name.startswith("sample_") for name in settings)
        shutil.copy(base / ("raw.sqlite" if sampled else "store.sqlite"), state / "store.sqlite")
        shutil.copy(base / "console.key", state / "console.key")
        (state / "blobs").symlink_to(base / "blobs")
        clock = Clock()
        console = open_console(
            tmp_path / "out",
            settings=ConsoleSettings(**settings),  # type: ignore[arg-type]
            clock=clock,
        )
        opened.append(console)
        with console.database.write() as unit:
            for name, role in {**{str(r): r for r in Role}, **EXTRA}.items():
                unit.session.add(new_user(name, name, role, password_hash, unit.now))
        if with_lumped:
            add_lumped(tmp_path / "out")
        if sampled or with_lumped:
            import_reports(console, "test")
        return Office(console, create_app(console), clock)

    yield opening
    for console in opened:
        console.close()


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return open_office()
