"""The HTTP API: tokens and scopes, pushing into an intake folder, and schemathesis over its description."""

import json
import warnings
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings

from console.api import create_api
from console.tokens import Scope, make_token, revoke_token
from tests.console.conftest import WINDOW, Office, OpenOffice
from tests.console.make_window import person

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    schemathesis = pytest.importorskip("schemathesis", reason="needs the package schemathesis")

BASE = "/api/v1"


def token(office: Office, *scopes: Scope) -> dict[str, str]:
    text = make_token(office.console.database, "test", name="portal", scopes=scopes)
    return {"Authorization": f"Bearer {text}"}


def client(office: Office) -> TestClient:
    return TestClient(office.app)


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/windows", Scope.READ),
        (f"/windows/{WINDOW}/dossiers", Scope.READ),
        (f"/windows/{WINDOW}/dossiers/2022H2-000002", Scope.READ),
        (f"/windows/{WINDOW}/dossiers/2022H2-000002/report", Scope.REPORTS),
        (f"/windows/{WINDOW}/dossiers/2022H2-000002/decision", Scope.DECISIONS),
    ],
)
def test_a_token_opens_what_its_scope_names_and_nothing_else(
    office: Office, path: str, scope: Scope
) -> None:
    asking = client(office)
    assert asking.get(BASE + path).status_code == 401
    assert asking.get(BASE + path, headers={"Authorization": "Bearer no"}).status_code == 401
    others = token(office, *(s for s in Scope if s is not scope))
    assert asking.get(BASE + path, headers=others).status_code == 403
    assert asking.get(BASE + path, headers=token(office, scope)).status_code == 200


def test_a_session_of_the_console_is_no_token(office: Office) -> None:
    browser = office.sign_in("operator")
    assert browser.client.get(f"{BASE}/windows").status_code == 401


def test_a_revoked_or_old_token_is_refused(office: Office) -> None:
    headers = token(office, Scope.READ)
    assert revoke_token(office.console.database, "test", 1)
    assert client(office).get(f"{BASE}/windows", headers=headers).status_code == 401
    headers = token(office, Scope.READ)
    office.clock.now += 366 * 86400
    assert client(office).get(f"{BASE}/windows", headers=headers).status_code == 401


def test_the_list_names_nobody_and_is_paged(office: Office) -> None:
    headers, asking, seen, after = token(office, Scope.READ), client(office), [], ""
    while after is not None:
        page = asking.get(
            f"{BASE}/windows/{WINDOW}/dossiers",
            params={"limit": 5, "after": after},
            headers=headers,
        )
        assert person(1).declared["person"]["name"] not in page.text
        seen += [d["dossier_id"] for d in page.json()["dossiers"]]
        after = page.json()["next"]
    assert len(seen) == len(set(seen)) == 12
    assert "api.dossiers" in office.actions()


def test_a_pushed_dossier_is_an_intake_folder_that_a_run_can_read(
    open_office: OpenOffice, tmp_path: Path
) -> None:
    from pipeline.intake import read_window

    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "window.toml").write_text(
        f'id = "{WINDOW}"\nnotice = "川网办通〔2022〕91号"\nopens_on = 2022-12-27\ncloses_on = 2023-01-31\n',
        encoding="utf-8",
    )
    office = open_office(inbox=inbox)
    headers, asking = token(office, Scope.PUSH), client(office)
    declared = {**person(30).declared, "dossier_id": "2022H2-000031"}
    base = f"{BASE}/windows/{WINDOW}/dossiers/2022H2-000031"
    assert asking.put(f"{base}/declaration", json=declared, headers=headers).status_code == 201
    put = asking.put(f"{base}/materials/01 毕业证.pdf", content=b"%PDF-1.7", headers=headers)
    assert put.status_code == 201, put.text
    folder = inbox / "dossiers" / "2022H2-000031"
    assert (
        json.loads((folder / "declaration.json").read_text("utf-8"))["dossier_id"]
        == "2022H2-000031"
    )
    assert (folder / "materials" / "01 毕业证.pdf").read_bytes() == b"%PDF-1.7"
    assert read_window(inbox).id == WINDOW
    for wrong in ("..", ".hidden", "a%2Fb", "%00", "x" * 121):
        answer = asking.put(f"{base}/materials/{wrong}", content=b"x", headers=headers)
        assert answer.status_code in (404, 405, 422), wrong
    assert sorted(p.name for p in (folder / "materials").iterdir()) == ["01 毕业证.pdf"]
    other = {**declared, "dossier_id": "2022H2-000032"}
    assert asking.put(f"{base}/declaration", json=other, headers=headers).status_code == 422
    elsewhere = f"{BASE}/windows/2023H1/dossiers/2022H2-000031/declaration"
    assert asking.put(elsewhere, json=declared, headers=headers).status_code == 404
    assert "api.push" in office.actions()


@pytest.mark.filterwarnings("ignore")
def test_schemathesis_finds_nothing_against_the_description(office: Office) -> None:
    """Every operation, with made-up and malformed calls: answers are as described, never a 5xx."""
    api = create_api(office.console)
    schema = schemathesis.openapi.from_asgi("/openapi.json", api)
    headers = token(office, *Scope)
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=12, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def call(case: "schemathesis.Case") -> None:
            case.call_and_validate(headers=headers)

        operation.as_strategy()
        from hypothesis import given

        given(case=operation.as_strategy())(call)()
        tried += 1
    assert tried == 7
