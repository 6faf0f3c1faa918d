"""Words, keys, and pages of figures: complete in both languages, and true to the answers given."""

import json
import re
from pathlib import Path

import pytest

from console.answers import DismissalReason, FieldAnswer, FindingAnswer
from console.dashboard import view_dashboard
from console.pages import keymap, narrow, words
from console.roles import Role
from console.states import Decision, Round, State
from tests.console.conftest import WINDOW, Office, OpenOffice
from tests.console.test_review import GAP, MISSING, finding, finish, say, take

CONSOLE = Path(__file__).resolve().parents[2] / "console"
ALSO = {("page", "field"), ("page", "finding")}


def test_both_languages_have_every_string() -> None:
    zh, en = words("zh"), words("en")
    assert set(zh) <= set(en)
    domain = ("finding.", "kind.", "field.")
    assert all(key.startswith(domain) for key in set(en) - set(zh))
    for key, text in zh.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", en[key])), key
    assert not [k for k, v in en.items() if re.search("[一-鿿]", v) and k != "app.other_language"]


def test_every_string_that_templates_ask_for_is_there() -> None:
    known = words("zh")
    for path in (CONSOLE / "templates").glob("*.html"):
        for key in re.findall(r"\bt\(\s*['\"]([a-z_.-]+)['\"]\s*[,)]", path.read_text("utf-8")):
            assert key in known, (path.name, key)
    for path in CONSOLE.rglob("*.py"):
        for key in re.findall(r"\"((?:refused|value)\.[a-z_]+)\"", path.read_text("utf-8")):
            if key == "refused.html":
                continue
            assert key in known, (path.name, key)


def test_every_closed_set_is_named() -> None:
    known = words("zh")
    for kind, values in {
        "role": Role, "state": State, "round": Round, "decision": Decision,
        "reason": DismissalReason, "answer": [*FieldAnswer, *FindingAnswer],
    }.items():  # fmt: skip
        for value in values:
            assert f"{kind}.{value}" in known


def test_no_key_means_two_things_at_once() -> None:
    """A key is looked up where one is, then on the page: within each place it is there once."""
    for where in ("page", "field", "finding", "edit", "trial"):
        keys = [e["key"] for e in keymap() if e["where"] == where]
        digits = [k for k in keys if k in "12345" or k == "1-5"]
        assert len(keys) == len(set(keys)) and len(digits) <= 1, where
    places = {
        w: {e["key"] for e in keymap() if e["where"] == w} for w in ("page", "field", "finding")
    }
    for page, item in ALSO:
        assert not places[page] & places[item], (page, item)


def test_the_keys_that_were_promised_are_there() -> None:
    promised = {
        "Enter": "next_needed", "e": "edit", "x": "upheld", "u": "illegible", "n": "absent",
        "[": "previous_paper", "]": "next_paper", "j": "next_finding", "k": "previous_finding",
        "z": "undo", "?": "help",
    }  # fmt: skip
    found = {(e["key"], e["action"]) for e in keymap()}
    assert set(promised.items()) <= found
    assert {a for k, a in found if k == "1-5"} == {"alternative", "dismiss"}


def test_every_key_has_an_action_in_the_script() -> None:
    script = (CONSOLE / "static" / "dossier.js").read_text("utf-8")
    table = script.split("const actions = {", 1)[1].split("\n};", 1)[0]
    assert set(re.findall(r"^  (\w+):", table, re.M)) == {e["action"] for e in keymap()}


def test_pages_carry_no_inline_script_or_style(office: Office) -> None:
    browser = office.sign_in("reviewer")
    for path in (f"/w/{WINDOW}/queue", f"/w/{WINDOW}/d/{GAP}", f"/w/{WINDOW}/sampling"):
        text = browser.client.get(path).text
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]* src=)", text), path


def test_the_language_is_switched(office: Office) -> None:
    browser = office.sign_in("reviewer")
    assert "待办队列" in browser.client.get(f"/w/{WINDOW}/queue").text
    browser.post("/language", language="en", next="/")
    text = browser.client.get(f"/w/{WINDOW}/queue").text
    assert "Queue" in text and "待办队列" not in text
    assert browser.client.get(f"/w/{WINDOW}/d/{GAP}").status_code == 200


def test_figures_count_what_people_said(office: Office) -> None:
    for name, answer in (("reviewer", "upheld"), ("reviewer2", "upheld")):
        browser = take(office, MISSING, name)
        office.clock.now += 40
        say(browser, MISSING, finding(office, MISSING, "MATERIAL_MISSING"), answer)
        finish(browser, MISSING)
    browser = take(office, GAP)
    office.clock.now += 20
    say(browser, GAP, finding(office, GAP, "CONTRIBUTIONS_GAP"), "dismissed", reason="rule")
    finish(browser, GAP)
    with office.console.database.read() as session:
        figures = view_dashboard(session, WINDOW)
    wolves = {w.code: w for w in figures.wolves}
    assert wolves["MATERIAL_MISSING"].upheld == 2 and wolves["MATERIAL_MISSING"].share == 0
    assert wolves["CONTRIBUTIONS_GAP"].reasons == (("rule", 1),)
    assert figures.wolves[0].code == "CONTRIBUTIONS_GAP", "the rule that cries wolf stands first"
    assert figures.days[-1].left == 12 - 3
    pace = {p.round: p for p in figures.pace}
    assert pace["first"].reviews == 2 and 20 <= pace["first"].middle <= 40
    text = office.sign_in("senior").client.get(f"/w/{WINDOW}/dashboard").text
    assert text.count("<svg") >= 5 and text.count("<table") >= 5


def test_samples_are_read_blind(open_office: OpenOffice) -> None:
    office = open_office(sample_dossiers=1.0, sample_fields=0.0)
    browser = office.sign_in("reviewer")
    page = browser.client.get(f"/w/{WINDOW}/sampling").text
    number = re.findall(r"/sampling/(\d+)\.jpg", page)[0]
    from console.schema import Sample

    with office.console.database.read() as session:
        sample = session.get_one(Sample, int(number))
        shown = re.sub(r"<select.*?</select>", "", page, flags=re.S)  # every level may be chosen
        assert sample.machine_value not in shown
    picture = browser.client.get(f"/w/{WINDOW}/sampling/{number}.jpg")
    assert picture.headers["content-type"] == "image/jpeg"
    browser.post(f"/w/{WINDOW}/sampling/{number}", answer="read", value=sample.machine_value)
    with office.console.database.read() as session:
        assert session.get_one(Sample, int(number)).agrees is True
        assert view_dashboard(session, WINDOW).curve[0].accuracy == 1.0
    again = browser.post(f"/w/{WINDOW}/sampling/{number}", answer="read", value="x")
    assert again.status_code == 409  # type: ignore[attr-defined]


def test_shares_of_samples_are_set_by_the_operator(office: Office) -> None:
    from console.sampling import progress

    operator = office.sign_in("operator")
    operator.post(f"/w/{WINDOW}/shares", dossiers="0", fields="100")
    with office.console.database.read() as session:
        assert progress(session, WINDOW).drawn > 500
    operator.post(f"/w/{WINDOW}/shares", dossiers="0", fields="0")
    with office.console.database.read() as session:
        assert progress(session, WINDOW).drawn == 0
    for wrong in ("101", "-1", "x"):
        answer = operator.post(f"/w/{WINDOW}/shares", dossiers=wrong, fields="0")
        assert answer.status_code == 422  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["keymap.json"])
def test_static_files_are_served_as_what_they_are(office: Office, name: str) -> None:
    answer = office.client().get(f"/static/{name}")
    assert json.loads(answer.content) and "json" in answer.headers["content-type"]


def test_every_action_of_the_ledger_is_named() -> None:
    """Whatever the console records is called something in both languages."""
    known = {k.removeprefix("action.") for k in words("zh") if k.startswith("action.")}
    text = "".join(path.read_text("utf-8") for path in CONSOLE.rglob("*.py"))
    recorded = set(re.findall(r"(?:record|_record)\([^()]*?\"([a-z_]+(?:\.[a-z_]+)?)\"", text))
    recorded |= set(re.findall(r"\"(login\.[a-z_]+|session\.[a-z_]+|logout)\"", text))
    recorded -= {"login.html"}
    assert len(recorded) > 30 and recorded <= known, recorded - known


def test_a_label_is_cut_by_how_wide_it_is() -> None:
    assert narrow("社保不连续", 10) == "社保不连续"
    assert narrow("社保缴费不连续", 10) == "社保缴费…"
    assert narrow("Gap in insurance", 10) == "Gap in in…"
