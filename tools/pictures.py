"""Makes the pictures of the README: the report, the served page and the terminal, over the shipped corpora.

    python tools/pictures.py [CORPUS] [--into docs/pictures]

Needs Playwright and Chromium as `make browser` installs them; `make pictures` runs it.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI

from xsource.pipeline import build, open_reader
from xsource.records import Comparison
from xsource.report.bidi import embedder_for
from xsource.report.html import comparison_html
from xsource.report.tables import build_tables
from xsource.report.terminal import lay_out_story
from xsource.serve.app import ServeOptions, make_app
from xsource.serve.desk import Desk
from xsource.serve.running import address_of, bind, make_server
from xsource.settings import Settings

CHECKOUT = Path(__file__).resolve().parents[1]
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTH, HEIGHT = 1280, 860
LARGEST_BYTES = 300_000
COLUMNS, LINES = 116, 44
WAIT_MILLISECONDS = 300_000

TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #17171a; }
pre { margin: 0; padding: 20px 24px; color: #e8e6e1; width: max-content; }
pre, code { font: 14px/1.35 "DejaVu Sans Mono", monospace; }
</style>{code}"""


def shoot(browser: Browser, address: str, path: Path, *, ready: str, width: int = WIDTH) -> None:
    """Take a picture of what a window of that size shows."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address, timeout=WAIT_MILLISECONDS)
    page.locator(ready).first.wait_for(timeout=WAIT_MILLISECONDS)
    page.screenshot(path=path)
    context.close()
    size = path.stat().st_size
    print(f"{path}: {size:,} bytes")
    if size > LARGEST_BYTES:
        message = f"{path} has {size:,} bytes, more than {LARGEST_BYTES:,}"
        raise SystemExit(message)


def terminal_page(comparison: Comparison) -> str:
    """Give what `xsource compare` prints as a page."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    for table in build_tables(comparison):
        console.print(lay_out_story(table, COLUMNS, embedder_for("logical")))
    code = console.export_html(theme=MONOKAI, inline_styles=True, code_format="<pre>{code}</pre>")
    head = "\n".join(code.split("\n")[:LINES])
    return TERMINAL.replace("{code}", f"{head}</pre>")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the pictures of the README.")
    parser.add_argument("corpus", nargs="?", default="moscow-talks", help="a folder in corpora/")
    parser.add_argument("--into", type=Path, default=CHECKOUT / "docs" / "pictures", metavar="FOLDER")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    settings = Settings(translate=False)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        build([CHECKOUT / "corpora" / given.corpus], index, settings)
        with open_reader(index, settings) as reader:
            comparison = reader.compare(reader.stories()[0].id)
        (Path(folder) / "report.html").write_text(comparison_html(comparison), encoding="utf-8")
        (Path(folder) / "terminal.html").write_text(terminal_page(comparison), encoding="utf-8")
        listener = bind("127.0.0.1", 0)
        server = make_server(make_app(Desk(index, settings), ServeOptions(patience=300.0)))
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        serving.start()
        story = f"{address_of(listener)}stories/{comparison.stories[0].id}"
        try:
            with sync_playwright() as driver:
                executable = os.environ.get("XSOURCE_CHROMIUM") or shutil.which("chromium")
                browser = driver.chromium.launch(executable_path=executable, args=ARGUMENTS)
                files = Path(folder).as_uri()
                shoot(browser, f"{files}/report.html", given.into / "report.png", ready="table")
                shoot(browser, f"{files}/terminal.html", given.into / "terminal.png", ready="pre", width=1060)
                first = f"{story}#{'c1-1'}"
                shoot(browser, first, given.into / "serve.png", ready="#filters:not([hidden])")
                browser.close()
        finally:
            server.should_exit = True
            serving.join()


if __name__ == "__main__":
    main()
