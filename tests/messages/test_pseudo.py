from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, ngettext

from messages import pseudo
from tests.messages.untranslated import untranslated

pytestmark = pytest.mark.thorough


def test_a_sentence_is_longer_accented_and_in_brackets():
    said = pseudo.sentence("Who can see this letter?")

    assert said.startswith("⟦Ŵĥô")
    assert said.endswith("?⟧")
    assert len(said) >= len("Who can see this letter?") * 1.4


@pytest.mark.parametrize(
    "kept", ["%(name)s", "%s", "%%", "{name}", '<a href="%(to)s" dir="auto">', "</a>", "&amp;"]
)
def test_what_is_put_in_stays_as_it_is(kept):
    assert kept in pseudo.sentence(f"Letters {kept} of yours")


def test_line_breaks_stay_around_a_sentence():
    assert pseudo.sentence("\nHello\n").startswith("\n⟦")


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("code", [pseudo.LONGER, pseudo.FROM_RIGHT_TO_LEFT])
def test_both_are_languages_for_django(code):
    with translation.override(code):
        assert "⟦" in gettext("Skip to the page")
        assert "⟦" in ngettext("One photograph", "%(number)s photographs", 2)
        assert translation.get_language_bidi() == (code == pseudo.FROM_RIGHT_TO_LEFT)


def test_nobody_can_choose_them(db):
    page = Client().post("/language", {"language": pseudo.LONGER}, follow=True).content.decode()

    assert "⟦" not in page


@pytest.mark.parametrize(
    "html",
    [
        "<p>⟦Ĥéļļô⟧</p>",
        "<p>⟦Ţĥé <b>ļéţţéŕ</b> ôƒ⟧ <bdi>Rose</bdi></p>",
        '<p>⟦Ƀý⟧ <time datetime="2024-03-14">14 March 2024</time>, 14 March 2024</p>',
        '<span lang="de">Deutsch</span>',
        '<img alt="⟦à⟧">',
    ],
)
def test_what_is_translated_is_not_found(html):
    assert untranslated(html) == set()


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hello</p>",
        "<p>⟦Ĥéļļô⟧ there</p>",
        "<p>⟦Ţĥé</p><p>next</p>",
        '<img alt="A letter">',
        '<p>⟦Ƀý⟧ <a href="/">Home</a></p>',
        '<input type="submit" value="Save">',
    ],
)
def test_what_is_in_english_is_found(html):
    assert len(untranslated(html)) == 1
