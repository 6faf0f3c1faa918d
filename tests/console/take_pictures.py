"""Takes the pictures of docs/console.md from an output folder of a run.

    python -m tests.console.take_pictures OUT docs/pictures

OUT is copied, never written to. A week of work is invented over its first window: people, answers,
samples. Use a window of invented people only, such as the sample or one of the factory's.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from console import accounts, reviews, sampling, totp
from console.accounts import find_user
from console.answers import Answer, DismissalReason
from console.claims import claim_next
from console.context import Console, open_console
from console.desk import open_desk
from console.imports import import_reports
from console.roles import Role
from console.schema import DossierRow, Sample
from console.sessions import Viewer
from console.settings import ConsoleSettings
from console.states import State
from console.views import Pages
from pipeline.model.kinds import DocumentKind
from tests.console.conftest import PASSWORD
from tests.console.serving import serve

PEOPLE = {
    "qian": (Role.REVIEWER, "钱审核"), "zheng": (Role.REVIEWER, "郑审核"), "sun": (Role.SENIOR, "孙高级"),
    "li": (Role.PANEL, "李专家"), "zhao": (Role.OPERATOR, "赵操作"), "zhou": (Role.AUDITOR, "周审计"),
    "wu": (Role.ADMINISTRATOR, "吴管理"),
}  # fmt: skip
DAY = 86400.0
COLOURS = 256


class Clock:
    """The time of day now, so many days ago."""

    def __init__(self, days: float) -> None:
        self.ago = days * DAY

    def __call__(self) -> float:
        return time.time() - self.ago


def prepare(out: Path) -> tuple[Console, Clock]:
    """The console over `out`, with people and a week of their work."""
    clock = Clock(6)
    console = open_console(
        out, settings=ConsoleSettings(sample_dossiers=1.0, sample_fields=0.02), clock=clock
    )
    for name, (role, shown) in PEOPLE.items():
        accounts.add_user(
            console.database, "(command line)", username=name, display_name=shown, role=role,
            password=PASSWORD,
        )  # fmt: skip
    import_reports(console, "(command line)")
    work_a_week(console, clock, Random(3))
    clock.ago = 0.0
    return console, clock


def work_a_week(console: Console, clock: Clock, rng: Random) -> None:
    """Two reviewers take what comes first, at most half; one finding in four is dismissed, one asked back, samples are read."""
    with console.database.read() as session:
        window = session.scalars(select(DossierRow.window_id)).first()
        samples = session.scalars(select(Sample)).all()
        waiting = session.scalars(
            select(DossierRow.dossier_id).where(DossierRow.state == str(State.WAITING))
        ).all()
    assert window is not None
    viewers = [viewer_of(console, name) for name in ("qian", "zheng")]
    for step in range(min(14, len(waiting) // 2)):
        clock.ago -= 0.4 * DAY
        review(console, clock, window, viewers[step % 2], rng)
    for sample in samples[:40]:
        wrong = rng.random() < 0.04
        typed = "辨认有误" if wrong else sample.machine_value
        kind = DocumentKind.ACHIEVEMENT if wrong else _kind(console, sample)
        try:
            sampling.answer_sample(console.database, viewers[0], sample.id, kind, "read", typed)
        except ValueError:
            continue


def _kind(console: Console, sample: Sample) -> DocumentKind:
    with console.database.read() as session:
        row = session.get_one(DossierRow, (sample.window_id, sample.dossier_id))
    documents = console.dossiers.kept(row.kept).facts.documents
    return next(d.kind for d in documents if d.document_id == sample.document_id)


def viewer_of(console: Console, name: str) -> Viewer:
    with console.database.read() as session:
        user = find_user(session, name)
    assert user is not None
    return Viewer(
        user.id, name, user.display_name, Role(user.role), "", "", is_full=True, new_secret="",
        has_second_factor=False,
    )  # fmt: skip


def review(console: Console, clock: Clock, window: str, viewer: Viewer, rng: Random) -> None:
    """One dossier from the claim to the end, some minutes an answer."""
    row = claim_next(console, viewer, window)
    for _ in range(40 if row else 0):
        assert row is not None
        desk = open_desk(console, row, viewer)
        assert desk.standing is not None
        findings = console.dossiers.assess(row.kept, desk.answers.values()).findings
        left = reviews.outstanding(findings, desk.answers, desk.round, desk.unsure).all
        clock.ago -= 30 + 60 * rng.random()
        if not left:
            break
        answer = Answer(left[0], "right")
        if left[0].startswith("finding:"):
            reason = str(rng.choice(list(DismissalReason)))
            answer = rng.choice(
                (
                    Answer(left[0], "upheld"),
                    Answer(left[0], "upheld"),
                    Answer(left[0], "dismissed", reason=reason),
                    Answer(left[0], "ask", note="请说明情况并补充证明材料"),
                )
            )
        with console.database.write() as unit:
            reviews.give_answer(
                unit, console.settings, row, desk.standing, desk.kept, viewer, answer
            )
    if row is not None:
        desk = open_desk(console, row, viewer)
        assert desk.standing is not None
        with console.database.write() as unit:
            reviews.finish(unit, console.dossiers, row, desk.standing, viewer, unsure=desk.unsure)


class Camera:
    """One person at one browser who keeps pictures of what they see."""

    def __init__(self, browser: Any, base: str, folder: Path, width: int, height: int) -> None:
        self.base, self.folder = base, folder
        self.page: Page = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN"
        ).new_page()
        self.suffix = "" if width == 1366 else f"-{width}"

    def sign_in(self, name: str, secrets: dict[str, str]) -> "Camera":
        page = self.page
        page.goto(f"{self.base}/login")
        if name == "qian":
            self.take("login")
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: not url.endswith("/login"))
        if page.url.endswith("/code"):
            if page.query_selector("#secret"):
                secrets[name] = page.inner_text("#secret")
                self.take("code")
            else:
                time.sleep(totp.STEP_SECONDS)
            page.keyboard.type(totp.code_at(secrets[name], int(time.time() // totp.STEP_SECONDS)))
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: not url.endswith("/code"))
        return self

    def go(self, path: str) -> "Camera":
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")
        return self

    def take(self, name: str, *, full: bool = False) -> None:
        self.page.wait_for_timeout(400)
        path = self.folder / f"console-{name}{self.suffix}.png"
        self.page.screenshot(path=path, full_page=full)
        with Image.open(path) as picture:
            small = picture.convert("RGB").quantize(
                COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
            )
        small.save(path, optimize=True)


def correction(console: Console) -> tuple[DossierRow, str, str]:
    """A dossier that waits, a field of it that a finding speaks of, and the value declared for it."""
    with console.database.read() as session:
        rows = session.scalars(
            select(DossierRow)
            .where(DossierRow.state == str(State.WAITING))
            .order_by(DossierRow.place)
        ).all()
    found: list[tuple[int, DossierRow, str, str]] = []
    for row in rows:
        kept = console.dossiers.kept(row.kept)
        for finding in kept.report.findings:
            for evidence in finding.evidence[:1]:
                plain = evidence.field and evidence.field not in ("months", "id_number")
                if plain and finding.declared and evidence.raw and evidence.document_id:
                    place = Pages.of(kept).find(evidence.file, evidence.page)
                    picture = console.blobs.get(place[1].picture) if place else None
                    target = f"field:{evidence.document_id}:{evidence.field}"
                    found.append((len(picture or b""), row, target, finding.declared))
    if not found:
        raise SystemExit("no dossier waits with a finding about a field: take another window")
    clearest = min(found, key=lambda one: one[0])  # a noisy scan is a large picture
    return clearest[1:]


def take_desk(camera: Camera, console: Console) -> None:
    """The dossier page: findings, a correction tried, keys, and papers put together by hand."""
    row, target, value = correction(console)
    page = camera.page
    camera.go(f"/w/{row.window_id}/d/{row.dossier_id}")
    page.keyboard.press("c")
    page.wait_for_selector("#finish-form")
    page.wait_for_load_state("networkidle")
    camera.take("dossier")
    page.keyboard.press("?")
    camera.take("keys")
    page.keyboard.press("Escape")
    page.locator(f'.item[data-target="{target}"] .name').first.click()
    page.keyboard.press("e")
    page.wait_for_selector(".item.editing")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(value)
    page.keyboard.press("Enter")
    page.wait_for_selector("#trial, #problem")
    camera.take("trial")
    page.keyboard.press("Escape")
    page.wait_for_selector("#trial", state="detached")
    camera.go(f"/w/{row.window_id}/d/{row.dossier_id}/pages")
    page.locator(".cuts select:visible").nth(2).focus()
    page.wait_for_load_state("networkidle")
    camera.take("pages")
    with console.database.write() as unit:
        held = unit.session.get_one(DossierRow, (row.window_id, row.dossier_id))
        held.claimed_by, held.claim_until = None, 0.0


def take_all(console: Console, base: str, folder: Path) -> None:
    secrets: dict[str, str] = {}
    with console.database.read() as session:
        rows = session.scalars(select(DossierRow).order_by(DossierRow.place)).all()
    window = rows[0].window_id
    senior = next((r for r in rows if r.state == State.SENIOR), None)
    shown = min((r for r in rows if r.outcome in ("passed", "not_met")), key=lambda r: r.score)
    here = f"/w/{window}"
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width, height in ((1366, 768), (1920, 1080)):
            camera = Camera(browser, base, folder, width, height).sign_in("qian", secrets)
            camera.go(f"{here}/queue").take("queue")
            take_desk(camera, console)
            camera.go(f"{here}/sampling").take("sampling")
            camera.go(f"{here}/history").take("history")
            for name, paths in {
                "li": {"panel": f"{here}/panel", "panel-dossier": f"{here}/panel/{shown.dossier_id}"},
                "zhao": {"exports": f"{here}/exports", "slips": f"{here}/slips",
                         "operator": f"{here}/queue"},
                "wu": {"users": "/users"},
                "zhou": {"ledger": "/ledger"},
                "sun": {"dashboard": f"{here}/dashboard"},
            }.items():  # fmt: skip
                camera = Camera(browser, base, folder, width, height).sign_in(name, secrets)
                for picture, path in paths.items():
                    camera.go(path).take(picture)
                if name == "sun" and senior is not None:
                    camera.go(f"{here}/d/{senior.dossier_id}")
                    if camera.page.query_selector("#claim-form"):
                        camera.page.keyboard.press("c")
                        camera.page.wait_for_selector("#finish-form")
                        camera.page.wait_for_load_state("networkidle")
                    camera.take("senior")
        browser.close()


def main() -> None:
    out, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(out / ".chuhe", Path(copy) / ".chuhe")
        console, _ = prepare(Path(copy))
        with serve(console) as base:
            take_all(console, base, folder)
        console.close()


if __name__ == "__main__":
    main()
