"""Accounts and sessions: passwords, lock-out, time-out, second factor."""

import pytest

from console import accounts, totp
from console.accounts import AccountRefused
from console.roles import Role
from tests.console.conftest import PASSWORD, Office


def login(office: Office, username: str, password: str) -> int:
    answer = office.client().post("/login", data={"username": username, "password": password})
    return answer.status_code


def test_passwords_are_kept_as_argon2id(office: Office) -> None:
    accounts.add_user(
        office.console.database, "cli", username="wang", display_name="王", role=Role.REVIEWER,
        password="a long enough one",
    )  # fmt: skip
    with office.console.database.read() as session:
        user = accounts.find_user(session, "wang")
    assert user is not None and user.password_hash.startswith("$argon2id$")
    assert login(office, "wang", "a long enough one") == 303


@pytest.mark.parametrize(
    ("username", "password"),
    [("wang", "short"), ("Wang", PASSWORD), ("wang", "wangwangwang1"), ("reviewer", PASSWORD), ("w", PASSWORD)],
)  # fmt: skip
def test_poor_accounts_are_refused(office: Office, username: str, password: str) -> None:
    with pytest.raises(AccountRefused):
        accounts.add_user(
            office.console.database, "cli", username=username, display_name="", role=Role.PANEL,
            password=password,
        )  # fmt: skip


def test_wrong_passwords_lock_the_account_for_a_while(office: Office) -> None:
    for _ in range(5):
        assert login(office, "reviewer", "wrong") == 401
    assert login(office, "reviewer", PASSWORD) == 401
    office.clock.now += 15 * 60 + 1
    assert login(office, "reviewer", PASSWORD) == 303
    assert "login.locked" in office.actions()


def test_an_unknown_name_is_answered_like_a_wrong_password(office: Office) -> None:
    unknown = office.client().post("/login", data={"username": "nobody", "password": "x"})
    known = office.client().post("/login", data={"username": "reviewer", "password": "x"})
    assert unknown.status_code == known.status_code == 401
    assert unknown.text == known.text


def test_a_session_ends_when_idle_and_in_any_case(office: Office) -> None:
    browser = office.sign_in("reviewer")
    office.clock.now += 29 * 60
    assert browser.client.get("/").status_code == 303
    assert browser.client.get("/").headers["location"] == "/w/2022H2/queue"
    office.clock.now += 31 * 60
    assert browser.client.get("/").headers["location"].startswith("/login")
    browser = office.sign_in("reviewer")
    for _ in range(25):
        office.clock.now += 29 * 60
        last = browser.client.get("/").headers["location"]
    assert last.startswith("/login")


def test_signing_out_ends_the_session_on_the_server(office: Office) -> None:
    browser = office.sign_in("reviewer")
    token = browser.client.cookies["chuhe_session"]
    browser.post("/logout")
    stolen = office.client()
    stolen.cookies.set("chuhe_session", token)
    assert stolen.get("/").headers["location"].startswith("/login")


def test_a_disabled_account_is_out_at_once(office: Office) -> None:
    browser = office.sign_in("reviewer")
    accounts.set_active(office.console.database, "cli", "reviewer", active=False)
    assert browser.client.get("/").headers["location"].startswith("/login")
    assert login(office, "reviewer", PASSWORD) == 401


def test_a_senior_gets_nowhere_before_the_second_factor(office: Office) -> None:
    client = office.client()
    client.post("/login", data={"username": "senior", "password": PASSWORD})
    assert client.get("/w/2022H2/queue").headers["location"] == "/code"
    assert "otpauth" not in client.get("/code").text  # the secret stands in the QR code and in text
    office.sign_in("senior")


def test_a_code_works_once(office: Office) -> None:
    office.sign_in("auditor")
    with office.console.database.read() as session:
        user = accounts.find_user(session, "auditor")
    assert user is not None and user.totp_secret
    client = office.client()
    client.post("/login", data={"username": "auditor", "password": PASSWORD})
    csrf = office.csrf(client)
    used = totp.code_at(user.totp_secret, user.totp_step)
    assert client.post("/code", data={"csrf": csrf, "code": used}).status_code == 401
    office.clock.now += 60
    fresh = totp.code_at(user.totp_secret, int(office.clock.now // 30))
    assert client.post("/code", data={"csrf": csrf, "code": fresh}).status_code == 303


def test_codes_are_those_of_the_standard() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B: 12345678901234567890
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert totp.code_at(secret, seconds // 30) == code


@pytest.mark.parametrize("wanted", ["//evil.invalid", "https://evil.invalid", "/\\evil.invalid"])
def test_signing_in_never_leads_to_another_site(office: Office, wanted: str) -> None:
    answer = office.client().post(
        "/login", data={"username": "reviewer", "password": PASSWORD, "next": wanted}
    )
    assert answer.headers["location"] == "/"
