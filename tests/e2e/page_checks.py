"""What every page must be: clear to axe, never wider than the screen, with controls large enough to touch.

Sizes are measured under two font families of different widths, so that none depends on
what a machine happens to have installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LIGHTS = ("light", "dark")
# WCAG 1.4.12, as text spacing is tested.
SPACED = """*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}
p{margin-block-end:2em!important}"""
# DejaVu is about an eighth wider than Noto. `make test` installs both.
FAMILIES = ("Noto Sans", "DejaVu Sans")
SMALL_CONTROLS = """() => [...document.querySelectorAll('a,button,input:not([type=hidden]),select,textarea,summary')]
  .filter(part => {
    const box = part.getBoundingClientRect();
    if (!box.width || part.matches('.vh,.skip') || part.closest('.vh')) return false;
    if (part.matches('input') && part.closest('label')) return false;
    if (part.matches('a:not(.btn)') && part.closest('p,li,h2,h3,dt,dd')) return box.height < 15;
    return box.height < 43.9 || box.width < 43.9;
  }).map(part => {
    const box = part.getBoundingClientRect();
    return `${box.width.toFixed(1)} x ${box.height.toFixed(1)} px: ${part.outerHTML.slice(0, 120)}`;
  })"""

# On a page from right to left, scrollWidth counts what leaves it at its left, and not at its right.
OUTSIDE = """() => [...document.querySelectorAll('h1,h2,h3,p,a,button,input:not([type=hidden]),select,textarea,summary,label,img')]
  .filter(part => {
    const box = part.getBoundingClientRect();
    if (!box.width || part.closest('.vh,.skip,.strip,[hidden]')) return false;
    return box.left < -1 || box.right > innerWidth + 1;
  }).map(part => {
    const box = part.getBoundingClientRect();
    return `${box.left.toFixed(1)} to ${box.right.toFixed(1)} px: ${part.outerHTML.slice(0, 120)}`;
  })"""


def axe_clean(page: Page) -> None:
    """Axe finds nothing on this page, in daylight or in lamplight, with everything unfolded."""
    # Where scripts are off no timer runs, and axe would never come back. So wait for one first, which ends in time.
    page.evaluate("setTimeout(() => { window.runsTimers = true; })")
    page.wait_for_function("() => window.runsTimers")
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


@contextmanager
def _styled(page: Page, css: str) -> Iterator[None]:
    sheet = page.evaluate_handle(
        """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
        document.adoptedStyleSheets.push(sheet); return sheet; }""",
        css,
    )
    yield
    sheet.evaluate("sheet => sheet.replaceSync('')")


@contextmanager
def _set_in(page: Page, family: str) -> Iterator[None]:
    with _styled(page, f'*{{font-family:"{family}"!important}}'):
        yield


def fits(page: Page) -> None:
    """No sideways scroll at 320 px, with wide spacing, or with text twice as large."""
    size = page.viewport_size
    assert size
    for width, css in [(320, ""), (320, SPACED), (640, "html{font-size:200%!important}")]:
        page.set_viewport_size({"width": width, "height": 640})
        for family in FAMILIES:
            with _styled(page, css), _set_in(page, family):
                found = page.evaluate("document.documentElement.scrollWidth")
            assert found <= width, f"{found} px wide at {width} px in {family} with {css!r}"
    page.set_viewport_size(size)


def controls_can_be_touched(page: Page) -> None:
    """No control is under 44 by 44 px but links inside a sentence or list."""
    found = []
    for family in FAMILIES:
        with _set_in(page, family):
            found += [f"{family}: {line}" for line in page.evaluate(SMALL_CONTROLS)]
    assert found == []


def mirrors(page: Page) -> None:
    """The same page from right to left: nothing overflows at 320 px, each control can be touched, and no box is cut.

    Once, in one family and light: what the pages say is still English, as in a place that is being translated.
    """
    size = page.viewport_size
    assert size
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.set_viewport_size({"width": 320, "height": 640})
    with _set_in(page, FAMILIES[-1]):
        wide = page.evaluate("document.documentElement.scrollWidth")
        outside = page.evaluate(OUTSIDE)
        small = page.evaluate(SMALL_CONTROLS)
    page.set_viewport_size(size)
    page.evaluate("document.documentElement.removeAttribute('dir')")
    assert wide <= 320, f"{wide} px wide from right to left"
    assert outside == []
    assert small == []


def is_well_made(page: Page) -> None:
    """All of the above."""
    # While a page fades in, Chromium abandons the transition if its size or colour scheme changes, and reports that.
    page.wait_for_function(
        "() => document.readyState === 'complete' && !document.activeViewTransition"
    )
    axe_clean(page)
    fits(page)
    controls_can_be_touched(page)
    mirrors(page)
