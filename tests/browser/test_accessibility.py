"""axe-core finds nothing to complain of, in light and dark, narrow and wide."""

from __future__ import annotations

import pytest
from browser.accessibility import violations_of
from report.sample_comparison import blast, crowd, hostile

from xsource.report.html import comparison_html

pytestmark = pytest.mark.browser


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
    assert violations_of(page, axe) == []
    context.close()
