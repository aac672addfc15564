from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from beside.photos import uploads
from beside.photos.developing import develop_next
from beside.photos.models import Hold, Photo, Rendition
from beside.posts.models import Audience
from tests.cast import NOW, bytes_of, make_post, make_sealed_photo
from tests.delivery.client import ask
from tests.web.place import ADDRESS


def turn_buttons(page: str) -> list[str]:
    return re.findall(r'action="(/photographs/[^"]+/turn/)"', page)


@pytest.fixture
def photo(cast, own_place):
    return make_sealed_photo(cast.rose)


@pytest.fixture
def letter(cast, photo):
    return make_post(
        cast.rose,
        cast.tom,
        photos=[photo],
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        veiled=False,
    )


def test_one_press_turns_a_photograph_a_quarter_and_leads_back(rose, photo):
    back = f"/drawer/?before={uuid4()}#photograph-{photo.pk}"

    answer = rose.post(reverse("turn_photograph", args=[photo.pk]), {"next": back})

    photo.refresh_from_db()
    assert (photo.quarters, photo.quarters_shown) == (1, 0)
    assert answer.headers["Location"] == back


def test_it_leads_to_no_other_site(rose, photo):
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        answer = rose.post(reverse("turn_photograph", args=[photo.pk]), {"next": elsewhere})

        assert answer.headers["Location"] == "/drawer/"


def test_the_drawer_turns_those_that_were_chosen(rose, photo):
    offered = rose.get("/drawer/").content.decode()

    rose.post("/drawer/chosen/", {"photo": str(photo.pk), "do": "turn"})

    photo.refresh_from_db()
    assert 'name="do" value="turn"' in offered
    assert photo.quarters == 1
    assert "They’re turned a quarter." in rose.get("/drawer/").content.decode()


def test_ones_own_letter_offers_it_to_each_author_and_to_nobody_else(
    rose, client, cast, photo, letter
):
    page = reverse("letter", args=[letter.pk])
    rose.post(reverse("consent", args=[letter.pk]))
    Hold.objects.filter(photo=photo, account=cast.tom).delete()

    offered = rose.get(page).content.decode()
    assert turn_buttons(offered) == [reverse("turn_photograph", args=[photo.pk])]
    assert f'value="{page}#photograph-{photo.pk}"' in offered
    assert f'id="photograph-{photo.pk}"' in offered
    # An author who no longer holds the original can't turn it.
    client.force_login(cast.tom)
    client.post(reverse("consent", args=[letter.pk]))
    assert turn_buttons(client.get(page).content.decode()) == []
    client.force_login(cast.ines)
    assert turn_buttons(client.get(page).content.decode()) == []


def test_what_somebody_else_sees_of_it_offers_nothing(rose, letter):
    said = rose.get(reverse("preview", args=[letter.pk]), {"reader": "tom"}).content.decode()

    assert turn_buttons(said) == []


def test_the_page_of_a_photograph_saves_what_was_typed_before_it_turns(rose, cast, photo):
    post = make_post(cast.rose, photos=[photo], state="draft", words="")
    address = reverse("placed_photo", args=[post.pk, photo.pk])
    page = rose.get(address)
    version = page.context["page"].form["version"].value()

    answer = rose.post(
        address,
        {"page": uuid4(), "version": version, "description": "A hand.", "place": 1, "do": "turn"},
    )

    photo.refresh_from_db()
    assert 'name="do" value="turn"' in page.content.decode()
    assert (photo.description, photo.quarters) == ("A hand.", 1)
    assert answer.headers["Location"] == address


def test_nobody_else_turns_it(client, cast, photo, letter):
    address = reverse("turn_photograph", args=[photo.pk])
    for account in (cast.ines, cast.nan):
        client.force_login(account)

        theirs, nothing = (
            client.post(path) for path in (address, reverse("turn_photograph", args=[uuid4()]))
        )

        assert (theirs.status_code, theirs.content) == (404, nothing.content)
    photo.refresh_from_db()
    assert photo.quarters == 0


def test_it_is_an_act_and_no_link(rose, photo):
    assert rose.get(reverse("turn_photograph", args=[photo.pk])).status_code == 405


def test_the_addresses_that_readers_have_open_lead_to_the_turned_photograph(rose, cast, data, jpeg):
    content = [jpeg()]
    upload = uploads.begin(cast.rose, len(content[0]), at=NOW)
    uploads.receive(upload, lambda size: content.pop() if content else b"", offset=0, at=NOW)
    develop_next(NOW)
    (address,) = ADDRESS.findall(rose.get("/drawer/").content)
    session = rose.session.session_key
    before = ask(address.decode(), session=session)

    rose.post(reverse("turn_photograph", args=[upload.pk]))
    develop_next(NOW)
    after = ask(address.decode(), session=session)

    assert (before.status, after.status) == (200, 200)
    assert before.body != after.body


@pytest.mark.thorough
def test_the_second_copy_is_kept_and_gently_said(rose, cast, data, jpeg):
    for _ in range(2):
        content = [jpeg()]
        upload = uploads.begin(cast.rose, len(content[0]), at=NOW)
        uploads.receive(
            upload, lambda size, left=content: left.pop() if left else b"", offset=0, at=NOW
        )
        develop_next(NOW)
    post = make_post(cast.rose, photos=Photo.objects.order_by("pk"), state="draft")

    in_letter = rose.get(f"/posts/{post.pk}/edit/").content.decode()
    post.placed.all().delete()
    in_drawer = rose.get("/drawer/").content.decode()

    assert in_letter.count("you have this one already") == 1
    assert in_drawer.count("You have this one already") == 1


def test_a_large_photograph_is_sent_in_as_much_detail_as_was_made_of_it(client, cast, own_place):
    photo = make_sealed_photo(cast.rose, names=["w480", "large", "jpeg"])
    Rendition.objects.filter(photo=photo, name="large").update(width=8192, height=1536)
    post = make_post(
        cast.rose,
        photos=[photo],
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        words_signed_in=False,
        photographs_signed_in=False,
        veiled=False,
    )
    client.force_login(cast.ines)

    said = client.get(reverse("letter", args=[post.pk])).content.decode()

    (address,) = re.findall(r"(/p/[\w-]+) 8192w", said)
    sent = ask(address, session=client.session.session_key)
    assert (sent.status, sent.body) == (200, bytes_of(photo, "large"))
