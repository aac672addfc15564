"""What every page must be, whoever looks at it and however: clear to axe, and never wider than the screen."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LIGHTS = ("light", "dark")
# WCAG 1.4.12, as text spacing is tested.
SPACED = """*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}
p{margin-block-end:2em!important}"""
SMALL_CONTROLS = """() => [...document.querySelectorAll('a,button,input:not([type=hidden]),select,textarea,summary')]
  .filter(part => {
    const box = part.getBoundingClientRect();
    if (!box.width || part.matches('.vh,.skip') || part.closest('.vh')) return false;
    if (part.matches('input') && part.closest('label')) return false;
    if (part.matches('a:not(.btn)') && part.closest('p,li,h2,h3,dt,dd')) return box.height < 15;
    return box.height < 43.9 || box.width < 43.9;
  }).map(part => part.outerHTML.slice(0, 120))"""


def axe_clean(page: Page) -> None:
    """Axe finds nothing on this page, in daylight or in lamplight, with everything unfolded."""
    page.evaluate(AXE)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    found = []
    for light in LIGHTS:
        page.emulate_media(color_scheme=light)
        found += [f"{light}: {line}" for line in _violations(page)]
    assert found == []


def _violations(page: Page) -> list[str]:
    result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def fits(page: Page) -> None:
    """No sideways scroll at 320 px, with wide spacing, or with text twice as large."""
    size = page.viewport_size
    assert size
    for width, css in [(320, ""), (320, SPACED), (640, "html{font-size:200%!important}")]:
        page.set_viewport_size({"width": width, "height": 640})
        sheet = page.evaluate_handle(
            """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
            document.adoptedStyleSheets.push(sheet); return sheet; }""",
            css,
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, css)
        sheet.evaluate("sheet => sheet.replaceSync('')")
    page.set_viewport_size(size)


def controls_can_be_touched(page: Page) -> None:
    """No control is under 44 by 44 px but links inside a sentence or list."""
    assert page.evaluate(SMALL_CONTROLS) == []


def is_well_made(page: Page) -> None:
    """All of the above."""
    # Of a page that is still fading in, Chromium gives the fading up when its size or its light changes, and says so.
    page.wait_for_function(
        "() => document.readyState === 'complete' && !document.activeViewTransition"
    )
    axe_clean(page)
    fits(page)
    controls_can_be_touched(page)
