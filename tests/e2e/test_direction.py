"""How a browser lays out what people typed: in its own direction, and without effect on what comes after it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from beside.people.models import Account
from tests.cast import make_account, make_post
from tests.e2e.page_checks import mirrors

HEBREW = "שלום עולם."
# Turns everything after it, to the end of its paragraph; nothing here ends it.
OVERRIDE = "\u202e"
# The left edges, in pixels, of the first and the last letter of each element.
EDGES = """parts => parts.map(part => {
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), found = [];
  for (let text; (text = texts.nextNode());) {
    for (let place = 0; place < text.length; place += 1) {
      if (!/[a-z\\u05d0-\\u05ea]/i.test(text.data[place])) continue;
      const range = document.createRange();
      range.setStart(text, place);
      range.setEnd(text, place + 1);
      found.push(range.getBoundingClientRect().left);
    }
  }
  return [found.at(0), found.at(-1)];
})"""


@pytest.fixture
def rose(transactional_db) -> Account:
    return make_account("rose")


def read(page, sign_in, rose, words: str, title: str = "A title"):
    post = make_post(rose, words=words, title=title)
    sign_in(page, rose)
    page.goto(reverse("letter", args=[post.pk]))
    return page.locator(".letter")


def test_each_paragraph_goes_the_way_of_its_first_letter(page, sign_in, rose):
    letter = read(page, sign_in, rose, f"{HEBREW}\n\nWe knew.\n\n- {HEBREW}\n\n# We", HEBREW)

    directions = letter.locator("p, ul, h3").evaluate_all(
        "parts => parts.map(part => getComputedStyle(part).direction)"
    )
    sides = letter.locator("p, li").evaluate_all(EDGES)

    assert directions == ["rtl", "ltr", "rtl", "ltr"]
    assert [first > last for first, last in sides] == [True, False, True]
    assert page.locator("h1").evaluate("part => getComputedStyle(part).direction") == "rtl"


def test_an_override_that_nobody_closed_ends_with_its_paragraph(page, sign_in, rose):
    words = f"ab{OVERRIDE}cd\nef gh\n\nij kl"
    letter = read(page, sign_in, rose, words)

    [turned, after] = letter.locator("p").evaluate_all(EDGES)
    line = page.locator(".by").last.evaluate_all(EDGES)

    assert letter.locator("p").first.text_content() == f"ab{OVERRIDE}cdef gh"
    assert after[0] < after[1]
    assert all(first < last for first, last in line)
    assert turned


def test_a_table_that_was_pasted_keeps_its_columns(page, sign_in, rose):
    letter = read(page, sign_in, rose, "Week\tg\n20\tg\n100\tg")

    ends = letter.locator("p").evaluate(
        """part => [...part.childNodes].filter(one => one.data).map(text => {
          const range = document.createRange();
          range.setStart(text, text.length - 1);
          range.setEnd(text, text.length);
          return Math.round(range.getBoundingClientRect().left);
        })"""
    )

    assert len(ends) == 3
    assert len(set(ends)) == 1


def test_a_name_from_right_to_left_leaves_the_sentence_around_it_in_order(page, sign_in, cast):
    cast.rose.profile.name = f"תום (3){OVERRIDE}"
    cast.rose.profile.save()
    sign_in(page, cast.tom)
    post = make_post(cast.rose, words_for=[cast.tom])
    page.goto(reverse("letter", args=[post.pk]))

    name = page.locator(".by a").first.bounding_box()
    day = page.locator(".by time").first.bounding_box()

    assert name["x"] + name["width"] <= day["x"]


def test_the_arrow_of_the_way_back_points_to_where_a_page_begins(page, sign_in, rose):
    sign_in(page, rose)
    page.goto(reverse("circles"))
    arrow = "getComputedStyle(document.querySelector('.back'), '::before').content"

    assert "←" in page.evaluate(arrow)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert "→" in page.evaluate(arrow)
    assert page.get_by_role("link", name="You", exact=True).count() == 2


def test_a_field_goes_the_way_of_what_is_typed_into_it(page, sign_in, rose):
    sign_in(page, rose)
    page.goto(reverse("circles"))
    field = page.get_by_label("What is it called?")

    field.fill(HEBREW)

    assert field.evaluate("part => getComputedStyle(part).direction") == "rtl"


@pytest.mark.parametrize("side", ["left", "right"])
def test_what_leaves_the_screen_from_right_to_left_is_noticed(page, side):
    page.goto("/help")
    mirrors(page)

    page.evaluate(
        f"document.querySelector('h1').style.cssText = 'position: relative; {side}: 3rem'"
    )
    with pytest.raises(AssertionError):
        mirrors(page)
