from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from beside.people import delegations
from beside.people.delegations import Role
from beside.people.models import Delegation, Follow
from beside.photos.vault.keyring import open_keyring
from tests.cast import NOW, Cast, make_cast
from tests.e2e.page_checks import is_well_made


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    cast = make_cast()
    open_keyring()
    Follow.objects.create(
        follower=cast.nan, followed=cast.rose, state="accepted", asked_at=NOW, answered_at=NOW
    )
    return cast


def test_somebody_is_asked_reads_what_it_means_signs_and_ends_it(open_page, sign_in, cast):
    rose, nan = open_page(), open_page(java_script_enabled=False)
    sign_in(rose, cast.rose)
    sign_in(nan, cast.nan)
    rose.goto("/you/")
    rose.get_by_role("link", name="Reads first").click()
    rose.get_by_label("Someone who reads first").check()
    rose.get_by_label("Who?").select_option(label="Nan")
    rose.get_by_label("A few words to them, if you like").fill("You know us best.")
    is_well_made(rose)
    rose.get_by_role("button", name="Ask them").click()

    nan.goto("/news/")
    nan.get_by_role("link", name="do something for them").click()
    expect(nan.get_by_role("main")).to_contain_text("You know us best.")
    nan.get_by_role("link", name="How it looks").click()
    expect(nan.get_by_role("main")).to_contain_text("A rehearsal.")
    nan.go_back()
    nan.get_by_role("button", name="Sign", exact=True).click()
    nan.get_by_role("link", name="Who’s asking to be let in").click()
    expect(nan.get_by_role("main")).to_contain_text("Nobody is waiting.")

    rose.goto("/news/")
    rose.get_by_role("link", name="what they do for you").click()
    is_well_made(rose)
    rose.get_by_role("button", name="End it").click()
    expect(rose.get_by_role("main")).to_contain_text("It has ended, from this moment.")
    assert not delegations.in_force().exists()


def test_an_author_says_no_to_somebody_for_after_at_the_top_of_any_page(page, sign_in, cast):
    delegations.offer(cast.rose, cast.nan, Role.STEWARD, message="", at=NOW)
    one = Delegation.objects.get()
    delegations.sign(one.pk, by=cast.nan, at=NOW)
    delegations.ask_to_act(one.pk, by=cast.nan, at=timezone.now() - timedelta(days=3))
    sign_in(page, cast.rose)
    for path in (reverse("rehearsal", args=["steward"]), reverse("delegation", args=[one.pk]), "/"):
        page.goto(path)
        expect(page.get_by_role("main")).to_contain_text("is asking to act for you")
        is_well_made(page)

    page.get_by_role("button", name="No", exact=True).first.click()

    expect(page.get_by_role("main")).to_contain_text("That’s stopped. Nothing has been done.")
    assert Delegation.objects.get().acts_from is None
