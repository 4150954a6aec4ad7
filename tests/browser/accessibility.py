"""axe-core, run inside a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUN = """async () => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await axe.run(document, { runOnly });
    return violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html, node.failureSummary]));
}"""


def violations_of(page: Page, axe: str) -> list[list[str]]:
    """Open all that is folded, and give what axe objects to: rule, element, reason."""
    for fold in page.locator("details").all():
        fold.evaluate("element => { element.open = true; }")
    # What is out of sight is not laid out, and axe would take its children to lie over one another.
    page.add_style_tag(content="* { content-visibility: visible !important; }")
    page.evaluate(axe)
    found: list[list[str]] = page.evaluate(RUN)
    return found
