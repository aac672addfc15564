"""Every page in the languages that nobody speaks: longer sentences are not cut, and pages from right to left are mirrored.

Which of them says something in English is asked without a browser, in `tests/messages/test_pages.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse

from messages import pseudo
from tests.cast import make_cast
from tests.e2e.conftest import PHONE
from tests.e2e.page_checks import OUTSIDE
from tests.messages.conftest import made_up, spoken  # noqa: F401
from tests.web.addresses import all_addresses
from tests.web.place import Place, make_place

WIDTHS = (320, 390)
# Whose pages they are; what one of them has met isn't looked at as another.
WHO = ("rose", "nan", "marit", "nobody")
# No page of its own, or one that does something when it's opened.
NOT_LOOKED_AT = {
    "manifest",
    "healthz",
    "archive_file",
    "original",
    "placed_photo_tile",
    "step_away",
}
# Text that its box doesn't show, be it hidden, cut with an ellipsis, or wider than its button.
CUT = """() => [...document.querySelectorAll('body *')].filter(part => {
  const box = part.getBoundingClientRect(), style = getComputedStyle(part);
  if (!box.width || part.closest('.vh,.skip,[hidden],svg,select,textarea,input')) return false;
  if (!['hidden', 'clip'].includes(style.overflowX) && !part.matches('button,.btn')) return false;
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let text; (text = texts.nextNode());) {
    if (!text.data.trim() || text.parentElement.closest('.vh,[hidden]')) continue;
    range.selectNodeContents(text);
    const said = range.getBoundingClientRect();
    if (said.width && (said.left < box.left - 1 || said.right > box.right + 1)) return true;
  }
  return false;
}).map(part => `${part.scrollWidth} in ${part.clientWidth} px: ${part.outerHTML.slice(0, 120)}`)"""
# How far each of these is from the side at which a line begins.
BEGINS = """() => ['.top > :first-child', '.back', 'h1', 'form.stack .btn'].map(name => {
  const part = [...document.querySelectorAll(name)].find(one => one.getBoundingClientRect().width && !one.closest('.vh'));
  if (!part) return null;
  const box = part.getBoundingClientRect(), way = getComputedStyle(document.documentElement).direction;
  return Math.round(way === 'rtl' ? document.documentElement.clientWidth - box.right : box.left);
})"""


@pytest.fixture
def place(own_place, transactional_db) -> Place:
    return make_place(make_cast())


def pages(place: Place) -> Iterator[tuple[str, str, str]]:
    """Each page once: who opens it, the name of its route, and its address."""
    met: set[str] = set()
    for who in WHO:
        client = place.client(who)
        for route, path in all_addresses(place):
            if route.name in met | NOT_LOOKED_AT:
                continue
            answer = client.get(path)
            is_page = answer.headers.get("Content-Type", "").startswith("text/html")
            if answer.status_code == 200 and is_page:
                met.add(route.name)
                yield who, route.name, path


@pytest.mark.usefixtures("spoken")
def test_no_page_cuts_longer_sentences_and_each_is_mirrored(place, server, browser):
    found: dict[str, list[str]] = {}
    looked_at = list(pages(place))
    for who in WHO:
        context = browser.new_context(base_url=server, **PHONE, java_script_enabled=False)
        page = context.new_page()
        session = place.client(who).cookies.get("session")
        if session is not None:
            page.context.add_cookies([cookie(page, "session", session.value)])
        for route, path in [(name, path) for one, name, path in looked_at if one == who]:
            if wrong := list(faults(page, path)):
                found[route] = wrong
        context.close()

    assert len(looked_at) > 60
    assert reverse("home") in {path for _who, _name, path in looked_at}
    assert found == {}


def cookie(page, name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value, "domain": "localhost", "path": "/"}


def faults(page, path: str) -> Iterator[str]:
    begins = {}
    for code in (pseudo.LONGER, pseudo.FROM_RIGHT_TO_LEFT):
        page.context.add_cookies([cookie(page, "language", code)])
        page.goto(path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 640})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                yield f"{code}: {wide} px wide at {width} px"
            yield from (f"{code}, {width} px, cut: {one}" for one in page.evaluate(CUT))
            yield from (f"{code}, {width} px, outside: {one}" for one in page.evaluate(OUTSIDE))
        begins[code] = page.evaluate(BEGINS)
    longer, mirrored = begins.values()
    if [abs((a or 0) - (b or 0)) > 1 for a, b in zip(longer, mirrored, strict=True)].count(True):
        yield f"not mirrored: {longer} became {mirrored} px from where lines begin"
