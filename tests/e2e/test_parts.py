"""The parts that pages are made of, each in its states, on a page of the tests' own."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import RequestFactory
from PIL import Image

from beside.web.forms.choices import Choice
from beside.web.http.middleware import CONTENT_SECURITY_POLICY
from beside.web.pages.photographs import Added, Print
from tests.e2e.page_checks import axe_clean, is_well_made

ADDED = Added(by="Jonas", on=date(2025, 11, 9), paragraphs=["I took these."])
PARTS = """{% extends "base.html" %}{% load i18n %}
{% block title %}Parts{% endblock %}
{% block body %}{% if open %} data-open{% endif %}{% endblock %}
{% block top %}{% if open %}{% include "parts/top_bare.html" %}{% else %}{{ block.super }}{% endif %}{% endblock %}
{% block main %}
<div class="col stack wide-gap">
  {% include "parts/letter_head.html" with title="A letter" about_when="20 weeks" written_on=written_on %}
  {% if open %}
    <section class="prints" id="photographs" tabindex="-1" aria-label="Three photographs">
      {% include "parts/print.html" with print=alone %}
      <div class="pair">{% for print in pair %}{% include "parts/print.html" %}{% endfor %}</div>
    </section>
    {% include "parts/viewer.html" %}
  {% else %}
    {% include "parts/fold.html" with id="f1" what="Six photographs" from="from Anna and Jonas" says="A room, a blanket." to="/look" %}
  {% endif %}
  {% if form %}<form class="stack" method="post">{% include "parts/refusals.html" %}{% for field in form %}{% include "parts/field.html" %}{% endfor %}<button class="btn">Do it</button></form>{% endif %}
</div>
{% endblock %}
{% block exit %}{% if open %}{% include "parts/exit.html" with fold_to="/letter/consent" %}{% endif %}{% endblock %}
"""


class Form(forms.Form):
    name = forms.CharField(help_text="A first name is enough.")
    words = forms.CharField(widget=forms.Textarea, required=False)
    who = forms.ChoiceField(
        label="Who is this for?",
        widget=forms.RadioSelect,
        choices=[("us", Choice("Only us")), ("any", Choice("Anyone", "Anyone can copy them."))],
    )
    sure = forms.BooleanField(label="Keep them folded", help_text="Until a reader asks.")

    def clean(self):
        raise forms.ValidationError("Something is needed.")


def photograph(name: str, width: int, height: int, **more) -> Print:
    address = f"/static/beside/img/{name}.webp"
    return Print(
        jpeg=address, avif="", width=width, height=height, alt=f"What {name} shows", **more
    )


def parts(**context) -> str:
    request = RequestFactory(HTTP_HOST="localhost").get("/letter")
    request.user = AnonymousUser()
    pair = [
        photograph("stones", 880, 1100, paired=True),
        photograph("stones-wide", 1200, 800, paired=True, added=[ADDED]),
    ]
    alone = photograph("stones-wide", 1200, 800, caption="Going home.")
    values = {"alone": alone, "pair": pair, "written_on": ADDED.on, **context}
    return engines["django"].from_string(PARTS).render(values, request)


@pytest.fixture
def letter(page):
    """A page with an open letter, folded from the second time that it is asked for."""
    answers = [parts(open=True), parts()]

    def answer(route):
        route.fulfill(
            body=answers[0] if len(answers) == 1 else answers.pop(0),
            content_type="text/html; charset=utf-8",
            headers={
                "Content-Security-Policy": CONTENT_SECURITY_POLICY,
                "Cache-Control": "private, no-store",
            },
        )

    page.route("**/letter", answer)
    page.route(
        "**/letter/consent",
        lambda route: route.fulfill(status=200, body=parts(), content_type="text/html"),
    )
    page.goto("/letter")
    return page


def seen_large(page) -> str:
    return page.locator("dialog [role=status]").text_content()


def show(page, **context):
    page.route(
        "**/parts",
        lambda route: route.fulfill(
            body=parts(**context),
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY},
        ),
    )
    page.goto("/parts")


def test_open_photographs_are_well_made(letter):
    is_well_made(letter)


@pytest.mark.parametrize("data", [None, {}, {"name": "Anna", "who": "any"}])
def test_folds_and_forms_are_well_made(page, data):
    show(page, form=Form(data))

    is_well_made(page)


def test_what_a_field_still_needs_is_tied_to_it(page):
    show(page, form=Form({}))

    name = page.get_by_label("Name")
    tied = name.get_attribute("aria-describedby").split()
    assert name.get_attribute("aria-invalid") == "true"
    assert all(page.locator(f"#{part}").count() == 1 for part in tied)


def test_a_photograph_is_seen_large_by_touch_and_left_at_one_key(letter):
    letter.locator(".print picture").first.tap()
    opened = letter.locator("dialog").is_visible()
    letter.keyboard.press("Escape")

    assert opened
    assert letter.locator("dialog").is_hidden()
    assert letter.locator("#photographs").is_visible()


def test_a_photograph_is_seen_large_by_the_keyboard(letter):
    letter.get_by_role("button", name="See it large").first.focus()
    letter.keyboard.press("Enter")
    first = seen_large(letter)
    letter.keyboard.press("ArrowRight")
    letter.locator("dialog [role=status]", has_text="What stones shows").wait_for(state="attached")

    assert first == "What stones-wide shows"


def test_swiping_turns_to_the_next_photograph_and_says_what_it_shows(letter):
    letter.locator(".print picture").first.tap()

    letter.locator("dialog ol").evaluate(
        "strip => strip.scrollBy({left: strip.clientWidth, behavior: 'instant'})"
    )

    letter.locator("dialog [role=status]", has_text="What stones shows").wait_for(state="attached")
    assert letter.locator("dialog li:not([inert])").count() == 1


def test_buttons_turn_too_and_stop_at_the_ends(letter):
    letter.locator(".print picture").first.tap()
    before = letter.get_by_role("button", name="The one before")

    assert before.get_attribute("aria-disabled") == "true"
    for shown in ("What stones shows", "What stones-wide shows"):
        letter.get_by_role("button", name="The next one").click()
        letter.locator("dialog [role=status]", has_text=shown).wait_for(state="attached")
    assert (
        letter.get_by_role("button", name="The next one").get_attribute("aria-disabled") == "true"
    )


def test_the_viewer_is_clear_to_axe_and_whole_on_the_screen(letter):
    letter.locator(".print picture").last.tap()

    axe_clean(letter)
    image = letter.locator("dialog li:not([inert]) img").bounding_box()
    assert image["x"] >= 0
    assert image["x"] + image["width"] <= 390
    assert image["height"] <= 844


@pytest.mark.parametrize(("width", "large"), [(390, ""), (320, ""), (320, "large")])
def test_the_ways_out_of_the_viewer_are_all_on_the_screen(letter, width, large):
    letter.set_viewport_size({"width": width, "height": 640})
    letter.evaluate("large => document.documentElement.classList.toggle('large', large)", large)
    letter.locator(".print picture").first.tap()

    controls = letter.locator("dialog form").locator("a,button")
    boxes = [control.bounding_box() for control in controls.all()]
    assert len(boxes) == 6
    for box in boxes:
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= 640
        assert min(box["width"], box["height"]) >= 44


PANORAMA = Print(
    jpeg="/panorama?1600",
    avif=", ".join(f"/panorama?{w} {w}w" for w in (480, 1080, 2048, 8192)),
    width=8192,
    height=1536,
    alt="The whole bay",
)


@pytest.fixture
def panorama(page):
    """A panorama that is seen large, all of it."""

    def answer(route):
        width = int(route.request.url.partition("?")[2])
        file = io.BytesIO()
        Image.new("RGB", (width, width * 3 // 16), "teal").save(file, "WEBP", method=0)
        route.fulfill(body=file.getvalue())

    page.route("**/panorama?*", answer)
    show(page, open=True, alone=PANORAMA)
    page.locator(".print picture").first.tap()
    return page


def shown_width(page) -> float:
    return page.locator("dialog li:not([inert]) img").bounding_box()["width"]


def until_rendition(page, width: int) -> None:
    page.wait_for_function(
        """width => document.querySelector('dialog li:not([inert]) img').currentSrc
        .endsWith('?' + width)""",
        arg=width,
    )


def test_a_panorama_is_looked_at_closely_by_buttons(panorama):
    closer = panorama.get_by_role("button", name="Closer")
    farther = panorama.get_by_role("button", name="Farther away")
    whole = shown_width(panorama)
    may_go_back = farther.get_attribute("aria-disabled")

    for _ in range(3):
        closer.click()

    assert may_go_back == "true"
    assert whole <= 390
    assert shown_width(panorama) == pytest.approx(8 * whole, rel=0.01)
    until_rendition(panorama, 8192)
    axe_clean(panorama)
    for _ in range(3):
        farther.click()
    assert shown_width(panorama) == pytest.approx(whole, rel=0.01)
    assert farther.get_attribute("aria-disabled") == "true"


def test_it_goes_as_close_as_the_photograph_is_large_and_no_closer(panorama):
    for _ in range(8):
        panorama.keyboard.press("+")

    closer = panorama.get_by_role("button", name="Closer")
    assert shown_width(panorama) == pytest.approx(8192, rel=0.01)
    assert closer.get_attribute("aria-disabled") == "true"


def test_plus_and_minus_look_closer_and_the_arrow_keys_move_over_it(panorama):
    whole = shown_width(panorama)
    panorama.keyboard.press("+")
    panorama.keyboard.press("+")
    item = panorama.locator("dialog li:not([inert])")
    middle = item.evaluate("one => one.scrollLeft")
    panorama.keyboard.press("ArrowRight")
    panorama.wait_for_function(
        "before => document.querySelector('dialog li:not([inert])').scrollLeft > before", arg=middle
    )

    assert seen_large(panorama) == "The whole bay"
    assert middle > 0
    panorama.keyboard.press("-")
    panorama.keyboard.press("-")
    assert shown_width(panorama) == pytest.approx(whole, rel=0.01)
    panorama.keyboard.press("ArrowRight")
    panorama.locator("dialog [role=status]", has_text="What stones shows").wait_for(
        state="attached"
    )


def test_two_taps_fill_the_height_of_the_screen_where_they_were_and_two_more_go_back(panorama):
    whole = shown_width(panorama)
    image = panorama.locator("dialog li:not([inert]) img")
    box = image.bounding_box()

    image.dblclick(position={"x": box["width"] * 0.9, "y": box["height"] / 2})
    item = panorama.locator("dialog li:not([inert])")
    filled = image.bounding_box()["height"] / item.bounding_box()["height"]
    right = item.evaluate("one => (one.scrollLeft + one.clientWidth / 2) / one.scrollWidth")
    image.dblclick()

    assert filled == pytest.approx(0.9, abs=0.02)
    assert right == pytest.approx(0.9, abs=0.03)
    assert shown_width(panorama) == pytest.approx(whole, rel=0.01)


def test_the_next_photograph_is_whole_whatever_was_looked_at_closely(panorama):
    panorama.keyboard.press("+")
    panorama.get_by_role("button", name="The next one").click()
    panorama.locator("dialog [role=status]", has_text="What stones shows").wait_for(
        state="attached"
    )

    assert panorama.locator("dialog [data-closer]").count() == 0


def test_one_can_step_away_out_of_the_viewer(letter):
    letter.locator(".print picture").first.tap()

    letter.locator("dialog").get_by_role("link", name="Step away").click()

    letter.wait_for_url("**/away")


def test_escape_folds_open_photographs_away(letter):
    letter.keyboard.press("Escape")

    letter.wait_for_url("**/letter/consent")
    assert letter.get_by_role("heading", name="Six photographs").is_visible()


def test_back_finds_the_photographs_folded(letter):
    letter.get_by_role("link", name="Beside").click()
    letter.wait_for_url("**/")
    letter.go_back()

    letter.get_by_role("heading", name="Six photographs").wait_for()
    assert letter.locator(".print").count() == 0


def test_escape_leaves_a_field_before_it_leaves_the_page(page):
    show(page, form=Form())
    page.get_by_label("Name").focus()

    page.keyboard.press("Escape")
    after_one = page.url
    page.keyboard.press("Escape")
    page.wait_for_url("**/away")

    assert after_one.endswith("/parts")


def test_escape_never_loses_words(page):
    show(page, form=Form())
    page.get_by_label("Words").fill("We knew from about four in the afternoon.")

    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    assert page.get_by_label("Words").input_value() == "We knew from about four in the afternoon."
    assert page.url.endswith("/parts")


def test_photographs_are_whole_without_javascript(no_javascript_page):
    show(no_javascript_page, open=True)

    assert no_javascript_page.locator(".print img").count() == 3
    assert no_javascript_page.get_by_role("button", name="See it large").count() == 0
    assert no_javascript_page.get_by_role("button", name="Fold them away").is_visible()
