"""A real browser, started once: Debian's Chromium, driven by Playwright. Skipped with a reason where absent."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHECKOUT = Path(__file__).resolve().parents[2]
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass
class Opened:
    """A page with what it said and asked for while it was open."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def shown(self, selector: str) -> list[str]:
        """Give the texts of what is visible."""
        every = self.page.locator(selector).filter(visible=True)
        return [" ".join(text.split()) for text in every.all_inner_texts()]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window. `XSOURCE_CHROMIUM` names another executable."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    executable = os.environ.get("XSOURCE_CHROMIUM") or shutil.which("chromium")
    if not executable:
        pytest.skip("no Chromium: apt-get install chromium, or name one in XSOURCE_CHROMIUM")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, as `make browser` installs it. `XSOURCE_AXE` names another file."""
    path = Path(os.environ.get("XSOURCE_AXE") or CHECKOUT / "node_modules/axe-core/axe.min.js")
    if not path.is_file():
        pytest.skip("no axe-core: `make browser` installs it, or name axe.min.js in XSOURCE_AXE")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Open a page from its source, and check at the end that it complained of nothing and asked for nothing."""
    opened: list[Opened] = []

    def open_page(source: str, width: int = 1280, *, script: bool = True) -> Opened:
        path = tmp_path / f"page{len(opened)}.html"
        path.write_text(source, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, reduced_motion="reduce"
        )
        one = Opened(context.new_page())
        one.page.on("console", lambda message: one.complaints.append(message.text))
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        one.page.on("dialog", lambda dialog: (one.complaints.append(dialog.message), dialog.dismiss()))
        one.page.on("request", lambda request: one.requests.append(request.url))
        one.page.goto(path.as_uri())
        opened.append(one)
        return one

    yield open_page
    for number, one in enumerate(opened):
        assert one.complaints == []
        assert {url.split("#")[0] for url in one.requests} - {"data:,"} == {
            (tmp_path / f"page{number}.html").as_uri()
        }
        one.page.context.close()
