"""axe-core finds nothing to complain of, in light and dark, narrow and wide."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from report.sample_comparison import blast, crowd, hostile

from xsource.report.html import comparison_html

pytestmark = pytest.mark.browser

RUN = """async () => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await axe.run(document, { runOnly });
    return violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html, node.failureSummary]));
}"""


@pytest.fixture(scope="module")
def axe():
    path = Path(os.environ.get("XSOURCE_AXE", "node_modules/axe-core/axe.min.js"))
    if not path.is_file():
        pytest.skip(
            "no axe-core: npm install axe-core in a folder of its own, and name axe.min.js in XSOURCE_AXE"
        )
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1600])
@pytest.mark.parametrize("name", ["blast", "hostile", "crowd"])
def test_axe_reports_no_violation(browser, axe, tmp_path, name, width, scheme):
    comparison = {
        "blast": blast,
        "hostile": lambda: hostile("<b onclick=alert(1)>"),
        "crowd": lambda: crowd(14, 12, 6),
    }[name]()
    path = tmp_path / "report.html"
    path.write_text(comparison_html(comparison), encoding="utf-8")
    # The page's own policy would keep axe out.
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(path.as_uri())
    for fold in page.locator("details").all():
        fold.evaluate("element => { element.open = true; }")
    # What is out of sight is not laid out, and axe would take its children to lie over one another.
    page.add_style_tag(content="* { content-visibility: visible !important; }")
    page.evaluate(axe)
    assert page.evaluate(RUN) == []
    context.close()
