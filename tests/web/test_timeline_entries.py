from __future__ import annotations

import uuid

import pytest
from django.http import QueryDict
from django.urls import reverse, reverse_lazy
from django.utils import translation

from beside.family.models import TimelineEntry
from beside.web.forms.timeline_entries import TimelineEntryForm, ToChoose
from tests.cast import NOW, make_post
from tests.web.browser import as_

NEW = reverse_lazy("new_timeline_entry")


def keep(browser, address=NEW, **typed):
    typed = {"heading": "Emil is born", "words": "At Lindholm.\n\nAll of it."} | typed
    return browser.post(address, typed)


def test_a_date_is_said_back_before_it_is_kept(cast):
    answer = keep(as_(cast.rose), when="Dec. 2011")

    said = answer.content.decode()
    assert not TimelineEntry.objects.exists()
    assert "Is that right?" in said
    assert "December 2011" in said
    assert "At Lindholm.\n\nAll of it." in said

    assert keep(as_(cast.rose), when="Dec. 2011", meaning="2011-12 |").status_code == 302
    entry = TimelineEntry.objects.get()
    assert (entry.typed, entry.edtf) == ("Dec. 2011", "2011-12")


def test_it_is_said_back_in_the_readers_language(cast):
    typed = QueryDict("when=mitte Juni 2012, mit 31 Wochen&heading=Emil")
    with translation.override("de"):
        form = TimelineEntryForm(typed, to_choose=ToChoose([], []), today=NOW.date())

        assert form.asks
        assert "Mitte Juni 2012. Mit 31 Wochen" in str(form["meaning"])


def test_what_can_be_two_days_is_asked(cast):
    said = keep(as_(cast.rose), when="3/4/2012").content.decode()

    assert "3 April 2012" in said
    assert "4 March 2012" in said
    assert "checked" not in said.split("3 April 2012")[0].rsplit("<fieldset", 1)[1]

    keep(as_(cast.rose), when="3/4/2012", meaning="2012-03-04 |")

    assert TimelineEntry.objects.get().edtf == "2012-03-04"


def test_an_answer_about_another_date_is_no_answer(cast):
    keep(as_(cast.rose), when="3/4/2012", meaning="2012-05-05 |")

    assert not TimelineEntry.objects.exists()


@pytest.mark.thorough
@pytest.mark.parametrize("when", ["30 February 2012", "the year of the flood", "week 31"])
def test_what_cant_be_read_is_kept_in_its_writers_words(cast, when):
    said = keep(as_(cast.rose), when=when).content.decode()
    assert "won’t guess" in said
    assert not TimelineEntry.objects.exists()

    keep(as_(cast.rose), when=when, meaning="words")

    entry = TimelineEntry.objects.get()
    assert (entry.typed, entry.edtf, entry.age) == (when, "", "")
    page = as_(cast.rose).get(reverse("profile", args=[cast.rose.pk])).content.decode()
    assert when in page


@pytest.mark.parametrize("when", ["x" * 10_000, "2012\0"])
def test_what_no_field_holds_gives_back_everything_typed(cast, when):
    answer = keep(as_(cast.rose), when=when)

    assert answer.status_code == 200
    assert "At Lindholm." in answer.content.decode()
    assert not TimelineEntry.objects.exists()


def test_an_entry_may_have_no_date_and_is_kept_once(cast):
    key = uuid.uuid4()
    for _ in range(2):
        keep(as_(cast.rose), id=key, when="")

    assert TimelineEntry.objects.get().pk == key


def test_an_entry_whose_date_is_unchanged_is_not_asked_about_again(cast):
    keep(as_(cast.rose), when="3/4/2012", meaning="2012-03-04 |")
    entry = TimelineEntry.objects.get()
    address = reverse("timeline_entry", args=[entry.pk])

    assert keep(as_(cast.rose), address, when="3/4/2012", heading="He came").status_code == 302
    entry.refresh_from_db()
    assert (entry.heading, entry.edtf) == ("He came", "2012-03-04")

    assert keep(as_(cast.rose), address, when="2013").status_code == 200
    entry.refresh_from_db()
    assert entry.edtf == "2012-03-04"


def test_it_points_only_to_letters_of_its_writer(cast):
    theirs = make_post(cast.tom)

    assert keep(as_(cast.rose), letter=theirs.pk).status_code == 200

    mine = make_post(cast.rose)
    assert keep(as_(cast.rose), letter=mine.pk).status_code == 302
    assert TimelineEntry.objects.get().post == mine


def test_it_is_put_away_taken_out_and_deleted(cast):
    keep(as_(cast.rose))
    entry = TimelineEntry.objects.get()
    address = reverse("timeline_entry", args=[entry.pk])

    as_(cast.rose).post(address, {"do": "put_away"})
    assert "Put away: only you see these" in as_(cast.rose).get(reverse("family")).content.decode()

    as_(cast.rose).post(address, {"do": "take_out"})
    entry.refresh_from_db()
    assert entry.put_away_at is None

    as_(cast.rose).post(address, {"do": "delete"})
    assert not TimelineEntry.objects.exists()
