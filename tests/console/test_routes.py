"""Every route × every role: the table below says who may, and the walk finds routes it forgot."""

from collections.abc import Iterator, Sequence

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from console.roles import Permission, Role
from console.settings import ConsoleSettings
from tests.console.conftest import WINDOW, Office, OpenOffice

O, R, S, P, A, D = Role  # noqa: E741 - one letter a role keeps the table readable
EVERYBODY = {O, R, S, P, A, D}
ID = "2022H2-000002"

ALLOWED: dict[tuple[str, str], set[Role]] = {
    ("GET", "/"): EVERYBODY,
    ("POST", "/account/second-factor"): EVERYBODY,
    ("GET", "/w/{window_id}/queue"): {O, R, S},
    ("POST", "/w/{window_id}/next"): {R, S},
    ("GET", "/w/{window_id}/history"): {R, S},
    ("POST", "/import"): {O},
    ("POST", "/w/{window_id}/shares"): {O},
    ("GET", "/w/{window_id}/d/{dossier_id}"): {R, S},
    ("GET", "/w/{window_id}/d/{dossier_id}/pages"): {R, S},
    ("POST", "/w/{window_id}/d/{dossier_id}/pages"): {R, S},
    ("POST", "/w/{window_id}/d/{dossier_id}/claim"): {R, S},
    ("POST", "/w/{window_id}/d/{dossier_id}/answer"): {R, S},
    ("POST", "/w/{window_id}/d/{dossier_id}/undo"): {R, S},
    ("POST", "/w/{window_id}/d/{dossier_id}/finish"): {R, S},
    ("POST", "/w/{window_id}/d/{dossier_id}/release"): {R, S},
    ("POST", "/w/{window_id}/d/{dossier_id}/reveal"): {R, S},
    ("GET", "/w/{window_id}/d/{dossier_id}/page/{number}.jpg"): {R, S},
    ("GET", "/w/{window_id}/d/{dossier_id}/crop/{number}.jpg"): {R, S},
    ("GET", "/w/{window_id}/sampling"): {R, S},
    ("GET", "/w/{window_id}/sampling/{sample_id}.jpg"): {R, S},
    ("POST", "/w/{window_id}/sampling/{sample_id}"): {R, S},
    ("GET", "/w/{window_id}/panel"): {P},
    ("GET", "/w/{window_id}/panel/{dossier_id}"): {P},
    ("GET", "/w/{window_id}/dashboard"): {O, S, A},
    ("GET", "/w/{window_id}/exports"): {O},
    ("GET", "/w/{window_id}/exports/decided.xlsx"): {O},
    ("GET", "/w/{window_id}/exports/decided.zip"): {O},
    ("GET", "/w/{window_id}/exports/publication.xlsx"): {O},
    ("GET", "/w/{window_id}/slips"): {O},
    ("GET", "/ledger"): {A},
    ("POST", "/ledger/verify"): {A},
    ("GET", "/ledger/export.jsonl"): {A},
    ("GET", "/users"): {D},
    ("POST", "/users"): {D},
    ("POST", "/users/{username}/{change}"): {D},
    ("POST", "/tokens"): {D},
    ("POST", "/tokens/{number}/revoke"): {D},
    ("GET", "/w/{window_id}/panel/{dossier_id}/page/{number}.jpg"): {P},
    ("GET", "/w/{window_id}/panel/{dossier_id}/crop/{number}.jpg"): {P},
}
PUBLIC = {
    ("GET", "/login"), ("POST", "/login"), ("GET", "/code"), ("POST", "/code"),
    ("POST", "/logout"), ("POST", "/language"), ("GET", "/health"), ("GET", "/oidc/start"),
    ("GET", "/oidc/callback"),
}  # fmt: skip
FIELDS = {
    "csrf": "",
    "answer": "right",
    "target": "x",
    "reason": "compare",
    "dossiers": "5",
    "fields": "1",
}
QUERY = {"box": "0,0,9,0,9,9,0,9", "published_on": "2023-02-01"}


def routes(office: Office) -> list[tuple[str, str]]:
    found = [(m, r.path) for r in walk(office.app.routes) for m in r.methods or ()]
    assert len(found) > 20
    return [r for r in found if not r[1].startswith("/api/")]


def walk(routes: Sequence[BaseRoute]) -> Iterator[APIRoute]:
    """Every route of ours, through included routers; anything else must be the static files."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if isinstance(route, APIRoute):
            yield route
        elif inner is not None:
            yield from walk(inner.routes)
        else:
            assert isinstance(route, Mount) and route.path in ("/static", "/api/v1"), route


def test_the_table_names_every_route(office: Office) -> None:
    assert set(routes(office)) == set(ALLOWED) | PUBLIC


def fill(path: str) -> str:
    for name, value in {
        "window_id": WINDOW, "dossier_id": ID, "number": "0", "username": "reviewer3", "change": "disable", "sample_id": "1",
    }.items():  # fmt: skip
        path = path.replace("{" + name + "}", value)
    return path


@pytest.mark.parametrize("role", list(Role))
def test_every_route_lets_in_who_may_and_nobody_else(office: Office, role: Role) -> None:
    browser = office.sign_in(str(role))
    for method, path in sorted(ALLOWED):
        if method == "GET":
            answer = browser.client.get(fill(path), params=QUERY)
        else:
            answer = browser.client.post(fill(path), data={**FIELDS, "csrf": browser.csrf})
        if role in ALLOWED[method, path]:
            assert answer.status_code not in (401, 403), (method, path, answer.status_code)
        else:
            assert answer.status_code == 403, (method, path, answer.status_code)


def test_nobody_gets_anywhere_without_signing_in(office: Office) -> None:
    client = office.client()
    for method, path in sorted(ALLOWED):
        answer = client.request(method, fill(path), params=QUERY if method == "GET" else None)
        assert answer.status_code == 303, (method, path)
        assert answer.headers["location"].startswith("/login"), (method, path)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SENIOR])
def test_every_post_is_refused_without_the_token_of_its_session(office: Office, role: Role) -> None:
    browser = office.sign_in(str(role))
    for method, path in sorted(ALLOWED):
        if method == "POST" and role in ALLOWED[method, path]:
            for csrf in ("", "another"):
                answer = browser.client.post(fill(path), data={**FIELDS, "csrf": csrf})
                assert answer.status_code == 403, (path, csrf)


def test_an_administrator_sees_no_dossier() -> None:
    from console.roles import PERMISSIONS

    assert PERMISSIONS[Role.ADMINISTRATOR] == {Permission.SIGNED_IN, Permission.USERS}


def test_every_answer_carries_the_strict_headers(office: Office) -> None:
    for path in ("/login", "/static/console.css", "/nowhere", "/health"):
        headers = office.client().get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_behind_https_the_cookie_says_so(open_office: OpenOffice) -> None:
    office = open_office(https=True)
    answer = office.client().post(
        "/login", data={"username": "reviewer", "password": "correct horse 9"}
    )
    cookie = answer.headers["set-cookie"].lower()
    assert "secure" in cookie and "httponly" in cookie and "samesite=lax" in cookie
    assert ConsoleSettings().https is False
