from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.access.models import Claim
from beside.photos.models import Photo
from beside.photos.vault.keyring import open_keyring
from beside.posts.models import Audience, Post
from tests.cast import Cast, make_cast, make_post, make_sealed_photo
from tests.e2e.page_checks import is_well_made
from tests.e2e.test_upload import develop

WORDS = "I am the hand on the left. Could you cut it off?"


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    cast = make_cast()
    open_keyring()
    return cast


@pytest.fixture
def letter(cast) -> Post:
    return make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        words_signed_in=False,
        photographs_signed_in=False,
        photos=[make_sealed_photo(cast.rose) for _ in range(2)],
    )


def says_that_they_are_in_it(visitor, letter):
    visitor.goto(reverse("letter", args=[letter.pk]))
    visitor.get_by_role("link", name="Show me the photographs").click()
    visitor.get_by_role("button", name="Show me both").click()
    visitor.get_by_role("link", name="I’m in one of these photographs").click()
    visitor.get_by_label("Which photograph?").select_option(label="The second")
    visitor.get_by_label("Your name").fill("Nan")
    visitor.get_by_label("What would you like to say to them?").fill(WORDS)
    is_well_made(visitor)
    visitor.get_by_role("button", name="Send it to them").click()
    expect(visitor.get_by_role("main")).to_contain_text("It’s on its way to them.")


def test_somebody_says_that_they_are_in_it_and_is_cut_out(
    open_page, sign_in, cast, letter, jpeg, tmp_path
):
    visitor, rose = open_page(), open_page()
    sign_in(rose, cast.rose)
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(jpeg("olive", (640, 480)))

    says_that_they_are_in_it(visitor, letter)
    rose.goto("/news/")
    rose.get_by_role("link", name="a letter of yours").click()
    expect(rose.get_by_role("article")).to_contain_text(WORDS)
    is_well_made(rose)
    rose.get_by_label("Another version, which you’ve cropped yourself").set_input_files(cut)
    rose.get_by_role("button", name="Replace it").click()
    expect(rose.get_by_role("main")).to_contain_text("Your version is in its place.")
    develop()
    rose.get_by_role("button", name="It’s dealt with").click()

    expect(rose.get_by_role("main")).to_contain_text("There’s nothing to deal with here.")
    assert Claim.objects.get().words == ""
    assert letter.placed.get(position=1).photo == Photo.objects.get(name_on_phone="cut.jpg")
