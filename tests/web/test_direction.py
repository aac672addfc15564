"""What people typed, on pages: whole, and in a direction of its own that turns no English sentence around it.

A place where this fails needs one of: `dir="auto"` on an element that has only what was typed, `<bdi>` or the
filter `isolate` where it is in a sentence of ours, `authorship.name_of` or `names.isolated` in Python.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import translation

from beside.archive.models import Export
from beside.photos.models import Rendition
from beside.posts.models import Addendum, Autosave
from beside.web.pages import archive_files
from tests.cast import NOW, make_photo, make_post
from tests.web.browsing import browser
from tests.web.test_every_door import all_addresses

pytestmark = pytest.mark.thorough

HEBREW = "לאה"
IS_HEBREW = re.compile("[\u05d0-\u05ea]")
IS_LATIN = re.compile("[A-Za-z]")
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
TYPED = {
    *("name", "title", "about_when", "words", "message", "thanks", "note", "door_says"),
    *("description", "caption", "name_on_phone", "heading", "typed"),
}
SPOKEN = ("alt", "aria-label", "title", "placeholder", "content", "label")
EMPTY = {"input", "img", "br", "hr", "meta", "link", "source"}


class Directions(HTMLParser):
    """Collects what was typed and stands in a page without a direction of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []
        # The texts within the elements with dir="auto" that are open.
        self._autos: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in SPOKEN:
            rest = ISOLATED.sub("", given.get(name, ""))
            if IS_HEBREW.search(rest) and IS_LATIN.search(rest):
                self.found.append(f"{name}={given[name]}")
        is_auto = given.get("dir") == "auto"
        is_typed = tag == "input" and given.get("type") != "hidden"
        if is_typed and not is_auto and IS_HEBREW.search(given.get("value", "")):
            self.found.append(f"input {given}")
        if tag not in EMPTY:
            self._open.append((tag, is_auto))
            if is_auto:
                self._autos.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, is_auto = self._open.pop()
            if is_auto:
                text = self._autos.pop()
                if IS_HEBREW.search(text) and IS_LATIN.search(text):
                    self.found.append(f"dir=auto around a sentence: {text}")
            if opened == tag:
                break

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _is_auto in self._open]
        if {"script", "bdi"} & set(tags):
            return
        rest = ISOLATED.sub("", data)
        if self._autos:
            self._autos[-1] += rest
        elif IS_HEBREW.search(rest):
            self.found.append(f"<{tags[-1]}> {data.strip()}")


def typed_fields() -> Iterator[tuple[type[models.Model], list[str]]]:
    for model in apps.get_models():
        if model.__module__.startswith("beside.") and model is not Rendition:
            fields = [
                field.name
                for field in model._meta.local_fields
                if field.name in TYPED
                and not field.choices
                and isinstance(field, models.CharField | models.TextField)
            ]
            if fields:
                yield model, fields


def type_hebrew() -> None:
    for model, fields in typed_fields():
        for number, row in enumerate(model._default_manager.order_by("pk")):
            text = HEBREW + chr(0x05D0 + number % 26)
            for field in fields:
                if field in ("name", "title") or getattr(row, field):
                    setattr(row, field, text)
            row.save(update_fields=fields)
    for aside in Autosave.objects.all():
        aside.fields |= dict.fromkeys(TYPED & aside.fields.keys(), HEBREW)
        aside.save()


@pytest.mark.parametrize("who", ["rose", "nan", "by link"])
def test_whatever_is_typed_has_its_own_direction_on_every_page(place, who):
    client = place.client(who)
    type_hebrew()
    pages = 0

    found = {}
    for route, path in all_addresses(place):
        answer = client.get(path)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = Directions()
        page.feed(answer.content.decode())
        pages += bool(IS_HEBREW.search(answer.content.decode()))
        if page.found:
            found[route.name] = sorted(set(page.found))

    assert pages >= 1
    assert found == {}


def test_whatever_is_typed_has_its_own_direction_in_an_archive(place):
    type_hebrew()
    export = Export.objects.get(account=place.cast.rose, delegation=None)

    found = {}
    pages = [one for one in archive_files.files_of(export, at=NOW) if one.name.endswith(".html")]
    for one in pages:
        page = Directions()
        page.feed(b"".join(one.pieces()).decode())
        if page.found:
            found[one.name] = page.found

    assert len(pages) > 2
    assert found == {}


# Numbers that Markdown would change, signs, quotation marks and blanks from word processors, joiners, an override.
ODD = "14. März\u00a0– 5*3*2 +2 “so” ‘it’ <b>&amp; #1 \t07.\u2003👨\u200d👩\u200d👧 می\u200cخواهم \u202eX"


def test_every_character_that_was_typed_is_on_the_page(place):
    cast = place.cast
    photo = make_photo(cast.rose, description=ODD, caption=ODD)
    readers = {"words_for": [cast.nan], "photographs_for": [cast.nan]}
    letter = make_post(cast.rose, photos=[photo], words=ODD, note=ODD, **readers)
    for about in (None, photo):
        Addendum.objects.create(
            post=letter,
            photo=about,
            author=cast.rose,
            words=f"{ODD}\n{ODD}",
            added_at=NOW,
            added_on=NOW.date(),
        )

    def shown(account, name: str) -> str:
        answer = browser(account).get(reverse(name, args=[letter.pk]))
        return html.unescape(answer.content.decode())

    letter_page = shown(cast.rose, "letter")
    assert f'<p dir="auto">{ODD}</p>' in letter_page
    assert f"{ODD}\n{ODD}" in letter_page
    assert ODD in shown(cast.nan, "before_you_look")
    assert shown(cast.rose, "addenda").count(ODD) >= 2
    assert shown(cast.rose, "edit_letter").count(f"{ODD}</textarea>") == 2
    sheet = browser(cast.rose).get(reverse("placed_photo", args=[letter.pk, photo.pk]))
    assert html.unescape(sheet.content.decode()).count(f"{ODD}</textarea>") == 2


def test_a_place_in_arabic_goes_from_right_to_left(place, settings):
    settings.LANGUAGE_CODE = "ar"
    rose = place.cast.rose
    export = Export.objects.filter(account=rose).first()
    with translation.override("ar"):
        [start, *_others] = archive_files.files_of(export, at=NOW)

    for page in (
        browser(rose).get(reverse("help")).content.decode(),
        b"".join(start.pieces()).decode(),
    ):
        assert '<html lang="ar" dir="rtl"' in page
