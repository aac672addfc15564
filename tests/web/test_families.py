from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beside.family import families, family_members, timeline_entries
from beside.family.families import Seen
from beside.family.models import Family, FamilyAudience, TimelineEntry
from beside.family.timeline_entries import NOT_UNDERSTOOD, EntryText
from beside.people.models import DirectoryEntry
from beside.posts import closing
from tests.cast import NOW, make_circle, make_post
from tests.web.browser import as_


@pytest.fixture
def circle(cast):
    return make_circle(cast.rose, of=[cast.nan])


@pytest.fixture
def family(cast, circle) -> Family:
    seen = Seen(FamilyAudience.PEOPLE, circles=frozenset({circle.pk}))
    families.choose(cast.rose, seen, at=NOW)
    return Family.objects.get()


def page_of(browser, account) -> str:
    return browser.get(reverse("profile", args=[account.pk])).content.decode()


def write(by, **more) -> TimelineEntry:
    text = EntryText("", "Emil is born", **more)
    return timeline_entries.keep(uuid.uuid4(), text, NOT_UNDERSTOOD, by=by, at=NOW)


@pytest.mark.thorough
def test_a_family_stands_on_its_keepers_page_for_those_it_is_for(cast, family):
    write(cast.rose, is_marked=True)
    DirectoryEntry.objects.create(account=cast.rose, said_on=NOW.date())

    seen = page_of(as_(cast.nan), cast.rose)

    assert "<h3" in seen.split("Emil is born")[0].rsplit("<li", 1)[1]
    assert 'class="born"' in seen
    assert "The family" not in page_of(as_(cast.ines), cast.rose)
    assert "Change this" in page_of(as_(cast.rose), cast.rose)


@pytest.mark.thorough
def test_an_entry_of_a_letter_leads_to_it_and_goes_with_it(cast, family, circle):
    post = make_post(cast.rose, words_for=[circle], title="The fourteenth")
    write(cast.rose, post=post.pk)
    assert reverse("letter", args=[post.pk]) in page_of(as_(cast.nan), cast.rose)

    closing.close(post, by=cast.rose, at=NOW)

    assert "Emil is born" not in page_of(as_(cast.nan), cast.rose)


def test_a_page_without_a_family_asks_for_nothing_more(cast):
    with CaptureQueriesContext(connection) as asked:
        page_of(as_(cast.rose), cast.rose)

    assert [one["sql"] for one in asked if 'FROM "family_' in one["sql"]] == []


@pytest.mark.thorough
def test_who_sees_it_is_changed_at_once_and_taken_back_by_one_press(cast, circle):
    mine, address = as_(cast.rose), reverse("family_audience")
    write(cast.rose)

    mine.post(address, {"seen_by": "people", "people": f"circle:{circle.pk}", "do": "change"})
    assert "Emil is born" in page_of(as_(cast.nan), cast.rose)
    assert "Family" in mine.get(address).content.decode()

    mine.post(address, {"do": "nobody"})
    assert "Emil is born" not in page_of(as_(cast.nan), cast.rose)


def test_these_people_without_anybody_is_said_kindly_and_changes_nothing(cast):
    answer = as_(cast.rose).post(reverse("family_audience"), {"seen_by": "people", "do": "change"})

    assert "Tick the people" in answer.content.decode()


def test_close_everything_closes_the_family_too_and_a_period_does_not(cast, family):
    mine = as_(cast.rose)
    mine.post(reverse("close_everything"), {"since": "2020-01-01"})
    family.refresh_from_db()
    assert family.closed_at is None

    mine.post(reverse("close_everything"))

    family.refresh_from_db()
    assert family.closed_at is not None


def test_seasons_are_those_of_the_south_where_somebody_says_so(cast):
    as_(cast.rose).post(reverse("family_audience"), {"do": "half", "southern": "on"})

    assert Family.objects.get().southern


def test_somebody_without_an_account_asks_the_team(cast, family):
    write(cast.rose)

    assert reverse("report_person", args=[cast.rose.pk]) in page_of(as_(cast.nan), cast.rose)


@pytest.mark.thorough
def test_a_name_leads_to_a_page_once_somebody_has_said_yes(cast, family):
    member = family_members.add(cast.rose, uuid.uuid4(), "Nan", at=NOW, account=cast.nan)
    theirs = reverse("profile", args=[cast.nan.pk])
    assert theirs not in page_of(as_(cast.rose), cast.rose)

    family_members.agree(member.pk, by=cast.nan, at=NOW)

    assert theirs in page_of(as_(cast.rose), cast.rose)
    assert reverse("named_in_family", args=[member.pk]) in page_of(as_(cast.nan), cast.rose)
