"""The console in a real browser, from an empty database: keys only, and no violation of axe-core.

Needs Debian's Chromium and the `browser` extra; without them the tests are skipped and say so.
`CHUHE_SCREENSHOTS=FOLDER` keeps a picture of every screen.
"""

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pypdfium2
import pytest
from sqlalchemy import select

from console import accounts, totp
from console.archive import verify_archive
from console.context import Console, open_console
from console.imports import import_reports
from console.roles import Role
from console.schema import DossierRow
from console.settings import ConsoleSettings
from tests.console.conftest import PASSWORD, WINDOW
from tests.console.make_window import LUMPED, add_lumped
from tests.console.serving import serve

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-core")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium"),
]
SIZES = ((1366, 768), (1920, 1080))
PEOPLE = {
    "qian": (Role.REVIEWER, "钱审核"), "zheng": (Role.REVIEWER, "郑审核"), "sun": (Role.SENIOR, "孙高级"),
    "li": (Role.PANEL, "李专家"), "zhao": (Role.OPERATOR, "赵操作"), "zhou": (Role.AUDITOR, "周审计"),
    "wu": (Role.ADMINISTRATOR, "吴管理"),
}  # fmt: skip


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, window_folder: Path
) -> Iterator[tuple[Console, str]]:
    """A console on loopback over a fresh database, its people made as the command line makes them."""
    out = tmp_path_factory.mktemp("served")
    state = out / ".chuhe"
    state.mkdir()
    shutil.copy(window_folder / ".chuhe" / "raw.sqlite", state / "store.sqlite")
    (state / "blobs").symlink_to(window_folder / ".chuhe" / "blobs")
    console = open_console(out, settings=ConsoleSettings(sample_dossiers=1.0))
    for username, (role, name) in PEOPLE.items():
        accounts.add_user(
            console.database, "test", username=username, display_name=name, role=role, password=PASSWORD
        )  # fmt: skip
    import_reports(console, "test")
    add_lumped(out)
    import_reports(console, "test")
    with serve(console) as address:
        yield console, address
    console.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


class Person:
    """One person at one browser; a script error or a refused resource fails the test."""

    secrets: ClassVar[dict[tuple[str, str], tuple[str, int]]] = {}
    """By console and person: the secret of the second factor, and the last time step used."""

    def __init__(self, browser: Any, served: tuple[Console, str], name: str) -> None:
        self.console, self.base = served
        self.page = browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN"
        ).new_page()
        self.page.set_default_timeout(60_000)
        self.wrong: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        self.page.goto(f"{self.base}/login")
        self.page.wait_for_selector("input[name=username]:focus")
        self.page.keyboard.type(name)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: not url.endswith("/login"))
        if self.page.url.endswith("/code"):
            self.page.wait_for_selector("input[name=code]:focus")
            self.page.keyboard.type(self._code(name))
            self.page.keyboard.press("Enter")
            self.page.wait_for_url(lambda url: not url.endswith("/code"))

    def _code(self, name: str) -> str:
        """The next code of the person's second factor, whose secret is shown at the first log-in only."""
        known = self.secrets.get((self.base, name))
        secret, used = known or (self.page.inner_text("#secret"), 0)
        step = max(int(time.time() // totp.STEP_SECONDS), used + 1)
        self.secrets[self.base, name] = (secret, step)
        return totp.code_at(secret, step)

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def current(self) -> str:
        found = self.page.locator(".item.current").get_attribute("data-target")
        return found or ""

    def needed(self) -> bool:
        """True when what is current still needs a person."""
        return self.page.locator(".item.current[data-needs]").count() > 0

    def answer_needed(self) -> bool:
        """Goes to what needs a person and answers it by its key; False when nothing does."""
        left = self.page.locator("#work").get_attribute("data-left")
        if left == "0":
            return False
        if not self.needed():
            self.press("Enter")
            self.page.wait_for_selector(".item.current[data-needs]")
        self.press("x" if self.current().startswith("finding:") else "r")
        self.page.wait_for_function(
            "left => document.getElementById('trial')"
            " || document.getElementById('work').dataset.left !== left",
            arg=left,
        )
        if self.page.locator("#trial").count():
            self.press("Enter")
            self.page.wait_for_selector("#trial", state="detached")
        return True

    def check(self, name: str) -> None:
        """No violation of WCAG 2.2 AA that axe-core knows, and pictures of the screen when asked."""
        found = axe.Axe().run(
            self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
        )
        said = [
            f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}"
            for v in found.response["violations"]
        ]
        folder = os.environ.get("CHUHE_SCREENSHOTS")
        for width, height in SIZES if folder else ():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=f"{folder}/{name}-{width}.png")
        self.page.set_viewport_size({"width": 1366, "height": 768})
        assert said == [], (name, said)
        assert self.wrong == [], (name, self.wrong)


def test_a_flagged_dossier_goes_to_the_panel_by_keys_alone(
    browser: Any, served: tuple[Console, str]
) -> None:
    first = Person(browser, served, "qian")
    first.page.wait_for_selector("table.list")
    first.check("queue")
    dossier = f"/w/{WINDOW}/d/2022H2-000002"
    first.go(dossier)
    first.press("c")
    first.page.wait_for_selector("#finish-form")
    first.page.wait_for_selector(".item.finding.current img.crop")
    first.check("dossier")
    assert first.current().startswith("finding:DIPLOMA_NUMBER_MISMATCH")
    first.press("?")
    first.page.wait_for_selector("#help[open]")
    first.check("keys")
    first.press("Escape")
    first.press("[", "]")
    target = first.current()
    assert target.startswith("field:")
    while not target.endswith("diploma_number"):
        first.press("Tab")
        target = (
            first.page.evaluate("document.activeElement.closest('.item')?.dataset.target ?? ''")
            or target
        )
    first.press("e")
    first.page.wait_for_selector(".item.editing")
    first.press("Control+a")
    first.page.keyboard.type("992011201905000123")
    first.press("Enter")
    first.page.wait_for_selector("#trial")
    assert "将不再提出" in first.page.inner_text("#trial")
    first.check("trial")
    first.press("Enter")
    first.page.wait_for_selector(".gone")
    first.press("z")
    first.page.wait_for_selector("#trial")
    first.press("Escape")
    first.page.wait_for_selector("#trial", state="detached")
    first.press("q")
    first.page.wait_for_url(re.compile("queue"))

    second = Person(browser, served, "zheng")
    second.go(dossier)
    second.press("c")
    second.page.wait_for_selector("#finish-form")
    assert second.page.locator(".gone").count() == 0
    second.page.wait_for_selector(".item.finding.current")
    second.press("1")
    second.page.wait_for_selector(".answered.a-dismissed")
    second.press("q")
    second.page.wait_for_url(re.compile("queue"))

    panel = Person(browser, served, "li")
    panel.page.wait_for_selector("table.list")
    panel.check("panel")
    panel.go(f"/w/{WINDOW}/panel/2022H2-000002")
    assert "992011201905000123" in panel.page.inner_text("main")
    panel.check("panel-dossier")

    operator = Person(browser, served, "zhao")
    operator.go(f"/w/{WINDOW}/exports")
    operator.page.locator("a[href$='decided.zip']").focus()
    with operator.page.expect_download() as download:
        operator.press("Enter")
    assert verify_archive(Path(download.value.path())) == ()


def test_papers_are_cut_and_named_by_keys_alone(browser: Any, served: tuple[Console, str]) -> None:
    person = Person(browser, served, "qian")
    person.go(f"/w/{WINDOW}/d/{LUMPED}")
    person.press("c")
    person.page.wait_for_selector("#finish-form")
    assert "缺少必需材料" in person.page.inner_text(".item.finding.current")
    person.press("s")
    person.page.wait_for_selector("#marks")
    box = "input[type=checkbox]:not(:checked)"
    for _ in range(80):
        person.press("Tab")
        if person.page.evaluate(f"document.activeElement.matches('{box}')"):
            break
    person.press("Space")
    person.page.wait_for_selector("#large:not([hidden])")
    person.press("Tab")
    assert person.page.evaluate("document.activeElement.name").startswith("kind-")
    person.press("ArrowDown")
    person.check("pages")
    person.press("Enter")
    person.page.wait_for_selector("#trial")
    assert "将不再提出" in person.page.inner_text("#trial")
    person.check("pages-trial")
    person.press("Enter")
    person.page.wait_for_url(re.compile(f"{LUMPED}$"))
    assert "已按人工分件" in person.page.inner_text("#papers")
    person.press("q")
    person.page.wait_for_url(re.compile("queue"))


def test_disagreement_is_settled_by_the_senior_with_both_answers_before_them(
    browser: Any, served: tuple[Console, str]
) -> None:
    dossier = f"/w/{WINDOW}/d/2022H2-000003"
    for name, key in (("qian", "x"), ("zheng", "3")):
        person = Person(browser, served, name)
        person.go(dossier)
        person.press("c")
        person.page.wait_for_selector("#finish-form")
        person.page.wait_for_selector(".item.finding.current")
        person.press(key)
        person.page.wait_for_selector(".finding .answered")
        person.press("q")
        person.page.wait_for_url(re.compile("queue"))
    senior = Person(browser, served, "sun")
    senior.go(dossier)
    senior.press("c")
    senior.page.wait_for_selector("#finish-form")
    senior.page.wait_for_selector(".item.finding.current .other")
    senior.check("senior")
    senior.press("x")
    senior.page.wait_for_selector(".finding .answered")
    senior.press("q")
    senior.page.wait_for_url(re.compile("queue"))
    senior.go(f"/w/{WINDOW}/dashboard")
    senior.page.wait_for_selector(".charts svg")
    senior.check("dashboard")


@pytest.mark.parametrize(
    ("name", "path", "picture"),
    [
        ("qian", f"/w/{WINDOW}/sampling", "sampling"),
        ("qian", f"/w/{WINDOW}/history", "history"),
        ("zhao", f"/w/{WINDOW}/exports", "exports"),
        ("zhao", f"/w/{WINDOW}/slips", "slips"),
        ("wu", "/users", "users"),
        ("zhou", "/ledger", "ledger"),
    ],
)
def test_every_other_screen_is_accessible(
    browser: Any, served: tuple[Console, str], name: str, path: str, picture: str
) -> None:
    person = Person(browser, served, name)
    person.go(path)
    person.check(picture)


SCREENS = {
    "zheng": (f"/w/{WINDOW}/queue", f"/w/{WINDOW}/d/2022H2-000006", f"/w/{WINDOW}/sampling",
              f"/w/{WINDOW}/history"),
    "li": (f"/w/{WINDOW}/panel", f"/w/{WINDOW}/panel/2022H2-000001"),
    "zhao": (f"/w/{WINDOW}/exports", f"/w/{WINDOW}/dashboard"),
    "wu": ("/users",),
    "zhou": ("/ledger",),
}  # fmt: skip


@pytest.mark.parametrize("name", list(SCREENS))
def test_every_page_is_usable_at_four_hundred_percent(
    browser: Any, served: tuple[Console, str], name: str
) -> None:
    """WCAG 1.4.10: at 1280 px and 400 % the width is 320 px, and nothing scrolls sideways."""
    person = Person(browser, served, name)
    for path in SCREENS[name]:
        person.go(path)
        person.page.set_viewport_size({"width": 320, "height": 640})
        person.page.wait_for_timeout(200)
        wide = person.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, (path, wide)
        person.page.set_viewport_size({"width": 1366, "height": 768})


def test_the_focus_is_always_seen(browser: Any, served: tuple[Console, str]) -> None:
    """WCAG 2.4.7: whatever Tab reaches shows an outline, and is not hidden behind something."""
    person = Person(browser, served, "zheng")
    for path in (f"/w/{WINDOW}/queue", f"/w/{WINDOW}/d/2022H2-000006"):
        person.go(path)
        person.page.evaluate("document.activeElement.blur()")
        for _ in range(25):
            person.press("Tab")
            seen = person.page.evaluate(
                """() => {
                  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
                  const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
                  return { outline: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1,
                           shown: Boolean(top) && (e.contains(top) || top.contains(e)),
                           what: e.outerHTML.slice(0, 90) };
                }"""
            )
            assert seen["outline"] and seen["shown"], (path, seen)


def area(box: str) -> float:
    """Of an SVG's `viewBox`."""
    _, _, width, height = map(float, box.split())
    return width * height


def test_what_is_focused_is_shown_large_on_its_page(
    browser: Any, served: tuple[Console, str]
) -> None:
    person = Person(browser, served, "zheng")
    person.go(f"/w/{WINDOW}/d/2022H2-000006")
    person.press("0")
    whole = person.page.locator("#page-svg").get_attribute("viewBox")
    person.press("]")
    person.press("Tab", "Tab")
    person.page.wait_for_selector("#boxes rect.current")
    zoomed = person.page.locator("#page-svg").get_attribute("viewBox")
    assert whole and zoomed and area(zoomed) < area(whole)
    name = person.page.locator("#boxes rect.current").get_attribute("aria-label")
    assert name and name == person.page.locator(".item.current").get_attribute("aria-label")
    person.page.locator("#months td button").first.click()
    person.page.wait_for_selector(".month-crop:not([hidden]) img")
    assert person.wrong == []


def test_the_panel_prints_a_dossier_without_what_is_not_for_paper(
    browser: Any, served: tuple[Console, str], tmp_path: Path
) -> None:
    person = Person(browser, served, "li")
    person.go(f"/w/{WINDOW}/panel/2022H2-000001")
    person.page.emulate_media(media="print")
    assert person.page.locator("header.bar").is_hidden()
    assert person.page.get_by_role("button").count() == 0
    person.page.pdf(path=tmp_path / "panel.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(tmp_path / "panel.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in document)
    with person.console.database.read() as session:
        row = session.get_one(DossierRow, (WINDOW, "2022H2-000001"))
    assert row.dossier_id in text and row.name not in text
    assert 1 <= len(document) <= 4
    document.close()


def test_the_first_piece_of_a_page_is_seen_at_once(
    browser: Any, served: tuple[Console, str]
) -> None:
    """Very generous, because a machine that runs tests is busy; figures are in docs/benchmarks.md."""
    person = Person(browser, served, "zheng")
    person.go(f"/w/{WINDOW}/d/2022H2-000010")
    taken = person.page.evaluate(
        """() => Math.min(...performance.getEntriesByType("resource")
             .filter((e) => e.name.includes("/crop/")).map((e) => e.responseEnd - e.requestStart))"""
    )
    assert 0 < taken < 20_000


def test_a_reviewer_works_down_the_queue_by_keys_alone(
    browser: Any, served: tuple[Console, str]
) -> None:
    """`C`, then answer after answer, then `F` to the next dossier, until nothing is left to take."""
    person = Person(browser, served, "zheng")
    person.press("c")
    person.page.wait_for_url(re.compile("/d/"))
    seen = []
    while "/d/" in (url := person.page.url):
        seen.append(url.rsplit("/", 1)[1])
        person.page.wait_for_selector("#finish-form")
        while person.answer_needed():
            pass
        person.press("f")
        person.page.wait_for_url(lambda now, before=url: now != before)
    assert len(seen) == len(set(seen)) > 5
    with person.console.database.read() as session:
        waiting = session.scalars(select(DossierRow).where(DossierRow.state == "waiting")).all()
    assert waiting == []
    assert person.wrong == []
