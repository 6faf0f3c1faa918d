"""Signing in through an OpenID provider that runs on loopback: who gets in, and what is refused."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from console import accounts
from console.accounts import find_user
from console.roles import Role
from tests.console.conftest import WINDOW, Office, OpenOffice
from tests.console.openid_provider import CLIENT, SECRET, Provider, running_provider

NAME = "reviewer9"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def office(open_office: OpenOffice, provider: Provider) -> Office:
    office = open_office(
        oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET
    )
    office.clock.now = time.time()
    accounts.add_oidc_user(
        office.console.database, "cli", username=NAME, display_name="九", role=Role.REVIEWER
    )
    return office


def go_to_provider(client: TestClient) -> str:
    """What the browser is sent back with: the path and query of the callback."""
    start = client.get("/oidc/start")
    assert start.status_code == 303
    back = httpx.get(start.headers["location"]).headers["location"]
    parts = urlsplit(back)
    return f"{parts.path}?{parts.query}"


def sign_in(client: TestClient) -> int:
    return client.get(go_to_provider(client)).status_code


def test_an_account_made_for_it_signs_in_through_the_provider(office: Office) -> None:
    client = office.client()
    assert "/oidc/start" in client.get("/login").text
    assert sign_in(client) == 303
    assert client.get(f"/w/{WINDOW}/queue").status_code == 200
    assert {"user.oidc", "login"} <= set(office.actions())


def test_once_known_a_person_is_told_by_the_subject_and_not_by_the_name(
    office: Office, provider: Provider
) -> None:
    assert sign_in(office.client()) == 303
    provider.username = "somebody-else"
    assert sign_in(office.client()) == 303
    provider.subject, provider.username = "subject-2", NAME
    assert sign_in(office.client()) == 403, "the name is taken by another subject"


@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "another"},
        {"aud": "another-client"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1_600_000_000},
        {"sub": ""},
    ],
    ids=lambda spoil: next(iter(spoil)),
)
def test_a_token_that_says_something_else_lets_nobody_in(
    office: Office, provider: Provider, spoil: dict[str, object]
) -> None:
    provider.spoil = spoil
    client = office.client()
    assert sign_in(client) == 403
    assert client.get("/").headers["location"].startswith("/login")


@pytest.mark.parametrize("username", ["nobody-here", "reviewer"])
def test_whoever_has_no_account_for_it_stays_out(
    office: Office, provider: Provider, username: str
) -> None:
    """`reviewer` has a password: nobody takes that account over by naming it."""
    provider.username = username
    assert sign_in(office.client()) == 403


def test_a_disabled_account_stays_out(office: Office) -> None:
    accounts.set_active(office.console.database, "cli", NAME, active=False)
    assert sign_in(office.client()) == 403


def test_an_answer_to_another_browser_is_refused(office: Office) -> None:
    back = go_to_provider(office.client())
    stranger = office.client()
    assert stranger.get(back).status_code == 403
    assert stranger.get("/oidc/start").status_code == 303
    assert stranger.get(back).status_code == 403, "another sign-in was begun in this browser"


def test_a_stolen_code_is_worthless_without_its_verifier(
    office: Office, provider: Provider
) -> None:
    client, thief = office.client(), office.client()
    code = parse_qs(urlsplit(go_to_provider(client)).query)["code"][0]
    state = parse_qs(urlsplit(thief.get("/oidc/start").headers["location"]).query)["state"][0]
    assert thief.get(f"/oidc/callback?code={code}&state={state}").status_code == 403


def test_a_senior_gives_the_second_factor_here_too(office: Office, provider: Provider) -> None:
    accounts.add_oidc_user(
        office.console.database, "cli", username="senior9", display_name="", role=Role.SENIOR
    )
    provider.subject, provider.username = "subject-9", "senior9"
    client = office.client()
    assert sign_in(client) == 303
    assert client.get(f"/w/{WINDOW}/queue").headers["location"] == "/code"


def test_a_provider_that_does_not_answer_is_told(open_office: OpenOffice) -> None:
    office = open_office(oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT)
    assert office.client().get("/oidc/start").status_code == 502


def test_without_a_provider_there_is_no_such_way_in(open_office: OpenOffice) -> None:
    client = open_office().client()
    assert "/oidc/start" not in client.get("/login").text
    assert client.get("/oidc/start").status_code == client.get("/oidc/callback").status_code == 404


def test_an_account_for_the_provider_has_no_password(office: Office) -> None:
    with office.console.database.read() as session:
        user = find_user(session, NAME)
    assert user is not None and user.password_hash == ""
    answer = office.client().post("/login", data={"username": NAME, "password": ""})
    assert answer.status_code == 401
