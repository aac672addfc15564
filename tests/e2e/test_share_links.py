from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from beside.photos.vault.keyring import open_keyring
from beside.posts import share_link_devices
from beside.posts.models import ShareLink
from tests.cast import Cast, make_cast, make_post, make_sealed_photo
from tests.e2e.page_checks import is_well_made

STOPPED = "This link has been stopped."


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    cast = make_cast()
    open_keyring()
    return cast


@pytest.fixture
def post(cast):
    return make_post(cast.rose, photos=[make_sealed_photo(cast.rose)])


@pytest.fixture
def make_link(server, settings):
    """An author makes a link on her phone, and has its address."""
    settings.BESIDE = settings.BESIDE.model_copy(update={"url": server})

    def make(rose: Page, post) -> str:
        rose.goto(reverse("letter", args=[post.pk]))
        rose.locator("header summary").click()
        rose.get_by_role("link", name="Links for one person").click()
        rose.get_by_label("Who is it for?").fill("Margit")
        rose.get_by_label("The words and the photographs").check()
        rose.get_by_role("button", name="Make the link").click()
        return rose.get_by_label("Copy it now").input_value()

    return make


def ends_it(rose: Page):
    rose.get_by_role("link", name="Margit").click()
    rose.get_by_role("button", name="End this link").click()
    expect(rose.get_by_role("main")).to_contain_text("It has ended.")


def test_a_grandmother_opens_it_looks_and_the_author_ends_it(
    open_page, sign_in, cast, post, make_link
):
    rose, margit, another = open_page(), open_page(), open_page()
    sign_in(rose, cast.rose)
    link = make_link(rose, post)

    margit.goto(link)
    expect(margit).to_have_url(re.compile("/for-you/$"))
    assert ShareLink.objects.get().bound_at is None
    margit.get_by_role("button", name="Open it").click()
    expect(margit.get_by_role("main")).to_contain_text("Margit, Rose sent you this.")
    margit.get_by_role("link", name="Show me the photographs").click()
    margit.get_by_role("button", name="Show me the photograph").click()
    expect(margit.locator("figure img")).to_be_visible()

    another.goto(link)
    another.get_by_role("button", name="Open it").click()
    expect(another.get_by_role("heading", level=1)).to_have_text("Rose has been asked")
    rose.goto(reverse("notices"))
    rose.get_by_role("link", name="the link that you made for").click()
    rose.get_by_role("button", name="Let it open there too").click()
    another.get_by_role("link", name="Look again").click()
    expect(another.get_by_role("main")).to_contain_text("Margit, Rose sent you this.")

    rose.goto(reverse("share_links", args=[post.pk]))
    ends_it(rose)
    for visitor in (margit, another):
        assert visitor.goto(reverse("letter", args=[post.pk])).status == 404
    margit.goto(link)
    margit.get_by_role("button", name="Open it").click()
    expect(margit.get_by_role("main")).to_contain_text(STOPPED)


def test_without_a_script_the_link_is_pasted(open_page, sign_in, cast, post, make_link):
    rose, margit = open_page(java_script_enabled=False), open_page(java_script_enabled=False)
    sign_in(rose, cast.rose)
    link = make_link(rose, post)

    margit.goto(reverse("share_link_visit"))
    margit.get_by_label("The link that you were sent").fill(link)
    margit.get_by_role("button", name="Open it").click()
    expect(margit.get_by_role("main")).to_contain_text("Margit, Rose sent you this.")

    rose.goto(reverse("share_links", args=[post.pk]))
    ends_it(rose)
    assert margit.goto(reverse("letter", args=[post.pk])).status == 404


def test_each_page_of_a_link_is_well_made(open_page, sign_in, cast, post, make_link):
    rose, margit, another = open_page(), open_page(), open_page()
    sign_in(rose, cast.rose)
    link = make_link(rose, post)
    is_well_made(rose)
    margit.goto(link)
    is_well_made(margit)
    margit.get_by_role("button", name="Open it").click()
    expect(margit.get_by_role("main")).to_contain_text("Margit, Rose sent you this.")
    is_well_made(margit)
    another.goto(link)
    another.get_by_role("button", name="Open it").click()
    expect(another.get_by_role("main")).to_contain_text("Rose has been asked")
    is_well_made(another)

    assert share_link_devices.waiting(ShareLink.objects.get()).exists()
    rose.goto(reverse("share_link", args=[ShareLink.objects.get().pk]))
    is_well_made(rose)
    rose.goto(reverse("share_links_for_many", args=[post.pk]))
    is_well_made(rose)
    rose.get_by_label("Who is it for?").fill("Lars\nEbba")
    rose.get_by_role("button", name="Make the links").click()
    expect(rose.get_by_role("heading", level=1)).to_have_text("Their links")
    is_well_made(rose)
