from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from beside.notices.models import Notice
from beside.people.models import Profile
from beside.web.http import context
from tests.cast import NOW, make_post
from tests.web.doors import DOORS


@pytest.fixture
def phone() -> Client:
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def told(settings):
    """A place whose host has said everything."""
    settings.BESIDE = settings.BESIDE.model_copy(
        update={
            "keeper": "the team at Lindholm",
            "helpline": "01632 960118",
            "helpline_says": "at any hour",
            "contact": "team@lindholm.example",
        }
    )


def test_the_helpline_can_be_called(db, told):
    assert context.place().helpline_address == "tel:01632960118"


@pytest.mark.parametrize("address", ["/", "/away", "/help", "/light", "/nothing-here"])
def test_somebody_can_be_called_from_every_page(db, phone, told, address):
    page = phone.get(address).content.decode()

    assert '<a href="tel:01632960118">01632 960118</a>' in page


@pytest.mark.parametrize("address", ["/", "/away", "/help", "/light", "/nothing-here"])
def test_a_place_without_a_helpline_offers_none(db, phone, address):
    assert "tel:" not in phone.get(address).content.decode()


@pytest.mark.parametrize("address", ["/", "/help", "/help/kept", "/light", "/nothing-here"])
def test_the_way_out_is_on_every_page(db, phone, address):
    assert 'href="/away" data-away' in phone.get(address).content.decode()


@pytest.mark.parametrize("light", ["day", "lamp"])
def test_the_chosen_light_is_in_the_page_from_its_first_byte(db, phone, light):
    phone.cookies["light"] = light

    assert f'data-light="{light}"' in phone.get("/help").content.decode()


def test_a_light_that_does_not_exist_is_no_light(db, phone):
    phone.cookies["light"] = '"><script>'

    assert "data-light=" not in phone.get("/help").content.decode()


def test_larger_letters_are_in_the_page_from_its_first_byte(db, phone):
    phone.cookies["large"] = "1"

    assert 'class="large ' in phone.get("/help").content.decode()


def test_a_dot_says_that_there_is_something_new(cast, phone):
    phone.force_login(cast.nan)
    before = phone.get("/help").content.decode()
    Notice.objects.create(recipient=cast.nan, kind=Notice.Kind.SIGNED_IN, at=NOW)

    after = phone.get("/help").content.decode()

    assert "data-new" not in before
    assert "data-new" in after


def test_a_dot_is_for_one_person_though_its_query_is_compiled_for_everybody(cast, phone):
    Notice.objects.create(recipient=cast.nan, kind=Notice.Kind.SIGNED_IN, at=NOW)

    dotted = set()
    for person in cast:
        phone.force_login(person)
        if "data-new" in phone.get("/help").content.decode():
            dotted.add(person)

    assert dotted == {cast.nan}


@pytest.mark.parametrize("rest", ["paused_until", "not_today_until"])
def test_a_dot_waits_until_the_hour_at_which_the_rest_ends(cast, phone, rest):
    Notice.objects.create(recipient=cast.nan, kind=Notice.Kind.SIGNED_IN, at=NOW)
    phone.force_login(cast.nan)

    dots = []
    for until in (NOW - timedelta(days=1), NOW + timedelta(days=1)):
        Profile.objects.filter(account=cast.nan).update(**{rest: until})
        dots.append("data-new" in phone.get("/help").content.decode())

    assert dots == [True, False]


def test_a_visitor_is_offered_none_of_the_four_words(db, phone):
    assert "<nav" not in phone.get("/help").content.decode()


def test_each_named_page_exists():
    assert set(context.SECTIONS) <= set(DOORS)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("letter", "Letters"),
        ("audience", "Letters"),
        ("closing", "Letters"),
        ("edit_letter", "Write"),
    ],
)
def test_what_is_done_with_ones_own_letter_is_under_letters(cast, phone, name, word):
    mine = make_post(cast.rose)
    phone.force_login(cast.rose)

    text = phone.get(reverse(name, args=[mine.pk])).content.decode()

    assert re.findall('aria-current="page">(.*?)<', text) == [word]


def test_somebody_elses_letter_is_under_home(cast, phone):
    theirs = make_post(cast.rose, words_for=[cast.nan])
    phone.force_login(cast.nan)

    text = phone.get(reverse("letter", args=[theirs.pk])).content.decode()

    assert re.findall('aria-current="page">(.*?)<', text) == ["Home"]
