from __future__ import annotations

import uuid
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beside.access import capability, consents
from beside.access.policy import NOBODY, Viewer, photographs_of
from beside.people.models import Account, Block, Membership, Session
from beside.photos.models import HiddenPhoto, Hold, KeyEpoch, Photo, Rendition
from beside.photos.vault.destroying import destroy
from beside.photos.vault.epoch import NoSuchEpoch
from beside.photos.vault.keyring import Keyring
from beside.photos.vault.store import store
from beside.posts.models import Audience, Grant, Post
from tests.cast import bytes_of, make_circle, make_post, make_sealed_photo
from tests.delivery.client import address, ask, signed_in

pytestmark = pytest.mark.usefixtures("own_place")
NOT_THERE = "/p/" + "A" * 51


@pytest.fixture
def family(cast):
    return make_circle(cast.rose, of=[cast.nan])


@pytest.fixture
def photo(cast, family) -> Photo:
    photo = make_sealed_photo(cast.rose)
    make_post(cast.rose, cast.tom, words_for=[family], photographs_for=[family], photos=[photo])
    return photo


@pytest.fixture
def nan(cast, photo) -> Viewer:
    viewer = signed_in(cast.nan)
    consents.give(viewer, photo.placed.post_id, at=timezone.now())
    return viewer


def forged(photo: Photo, viewer: Viewer) -> str:
    """A capability as only a faulty page of our own could give it out."""
    photo.is_open = True
    return capability.issue(photo, "w480", viewer=viewer, at=timezone.now())


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("w480", "image/avif"), ("w2048", "image/avif"), ("jpeg", "image/jpeg")],
)
def test_whoever_may_look_is_sent_the_bytes(photo, nan, name, media_type):
    answer = ask(address(photo, nan, name), session=nan.session)

    assert answer.status == 200
    assert answer.body == bytes_of(photo, name)
    assert answer.headers == {
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'inline; filename="photograph"',
        "Content-Length": str(len(answer.body)),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Type": media_type,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, noarchive, noimageindex",
    }


def test_asking_for_the_head_sends_the_headers_alone(photo, nan):
    whole = ask(address(photo, nan), session=nan.session)

    head = ask(address(photo, nan), session=nan.session, method="HEAD")

    assert (head.status, head.headers, head.body) == (200, whole.headers, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_else_can_be_done_to_a_photograph(photo, nan, method):
    assert ask(address(photo, nan), session=nan.session, method=method).status == 404


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_cannot_embed_it(photo, nan, site):
    answer = ask(address(photo, nan), session=nan.session, HTTP_SEC_FETCH_SITE=site)

    assert answer.everything == ask(NOT_THERE).everything


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_page_and_an_address_typed_in_can(photo, nan, site):
    assert ask(address(photo, nan), session=nan.session, HTTP_SEC_FETCH_SITE=site).status == 200


def grants_of(photo, what):
    return Grant.objects.filter(post=photo.placed.post, what=what)


def post_of(photo):
    return Post.objects.filter(pk=photo.placed.post_id)


# Each is given the cast, the photograph, and Nan, who had opened it.
NARROWINGS = {
    "block by an author": lambda cast, photo, nan: Block.objects.create(
        blocker=cast.tom, blocked=cast.nan, at=timezone.now()
    ),
    "block by the reader": lambda cast, photo, nan: Block.objects.create(
        blocker=cast.nan, blocked=cast.rose, at=timezone.now()
    ),
    "out of the circle": lambda cast, photo, nan: Membership.objects.all().delete(),
    "the circle is gone": lambda cast, photo, nan: cast.rose.circles.get().delete(),
    "words for fewer": lambda cast, photo, nan: post_of(photo).update(
        words_for=Audience.ONLY_US, photographs_for=Audience.ONLY_US
    ),
    "photographs for fewer": lambda cast, photo, nan: grants_of(photo, 2).delete(),
    "closed": lambda cast, photo, nan: post_of(photo).update(state=Post.State.CLOSED),
    "taken back": lambda cast, photo, nan: destroy(
        Hold.objects.filter(kind=Hold.Kind.SHOWN), at=timezone.now()
    ),
    "folded": lambda cast, photo, nan: consents.fold_post(nan, photo.placed.post_id),
    "stepped away": lambda cast, photo, nan: consents.step_away(nan),
    "signed out": lambda cast, photo, nan: Session.objects.all().delete(),
    "the session is over": lambda cast, photo, nan: Session.objects.update(
        expire_date=timezone.now()
    ),
    "the account is shut": lambda cast, photo, nan: Account.objects.filter(pk=nan.account).update(
        is_active=False
    ),
    "not ready": lambda cast, photo, nan: Photo.objects.update(state=Photo.State.RECEIVED),
    "the rendition is gone": lambda cast, photo, nan: Rendition.objects.all().delete(),
}


@pytest.mark.parametrize("narrowing", NARROWINGS)
def test_whatever_narrows_holds_at_the_next_request(cast, photo, nan, narrowing):
    path = address(photo, nan)
    before = ask(path, session=nan.session)

    NARROWINGS[narrowing](cast, photo, nan)

    assert before.status == 200
    assert ask(path, session=nan.session).everything == ask(NOT_THERE).everything


def test_a_photograph_whose_file_is_gone_is_not_there(photo, nan):
    store().delete(photo.renditions.get(name="w480").pk)

    answer = ask(address(photo, nan), session=nan.session)

    assert answer.everything == ask(NOT_THERE).everything


def test_an_address_is_no_verdict(cast, photo):
    for account in (cast.ines, cast.max, cast.marit):
        viewer = signed_in(account)
        assert ask(forged(photo, viewer), session=viewer.session).status == 404


def test_without_a_choice_nothing_is_sent(cast, photo):
    viewer = signed_in(cast.nan)

    assert ask(forged(photo, viewer), session=viewer.session).status == 404


def test_one_visits_addresses_are_no_good_in_another(photo, nan, cast):
    path = address(photo, nan)

    assert ask(path).status == 404
    assert ask(path, session=signed_in(cast.nan).session).status == 404


def test_an_author_is_sent_it_without_a_choice(cast, photo):
    for author in (cast.rose, cast.tom):
        viewer = signed_in(author)
        assert ask(address(photo, viewer), session=viewer.session).status == 200


def test_an_author_is_not_sent_what_is_closed_for_them(cast, photo):
    HiddenPhoto.objects.create(photo=photo, account=cast.rose, since=timezone.now())
    viewer = signed_in(cast.rose)

    assert ask(forged(photo, viewer), session=viewer.session).status == 404


def test_a_visitor_is_sent_what_lies_open_for_anyone(cast):
    photo = make_sealed_photo(cast.rose)
    anyone = {"words_for": Audience.ANYONE, "photographs_for": Audience.ANYONE}
    make_post(
        cast.rose,
        **anyone,
        words_signed_in=False,
        photographs_signed_in=False,
        veiled=False,
        photos=[photo],
    )

    assert ask(address(photo, NOBODY)).body == bytes_of(photo, "w480")


def test_a_visitor_who_chose_is_sent_it_for_the_visit(cast, client):
    photo = make_sealed_photo(cast.rose)
    post = make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        words_signed_in=False,
        photographs_signed_in=False,
        photos=[photo],
    )
    visit = client.session
    visit.save()
    visitor = Viewer(None, visit.session_key)
    consents.give(visitor, post.pk, at=timezone.now())
    path = address(photo, visitor)

    during = ask(path, session=visitor.session)
    consents.step_away(visitor)

    assert during.status == 200
    assert ask(path, session=visitor.session).status == 404


def test_an_old_address_is_nothing(photo, nan):
    old = timezone.now() - timedelta(hours=1, seconds=1)
    seen = photographs_of(photo.placed.post, nan, at=timezone.now()).get()
    path = capability.issue(seen, "w480", viewer=nan, at=old)

    assert ask(path, session=nan.session).status == 404


@pytest.mark.parametrize("path", ["/p/", "/p/x", "/p/../healthz", "/p/%00", NOT_THERE, "/p/ä"])
def test_every_no_is_the_same_answer(db, path):
    assert ask(path).everything == ask("/p/nothing").everything
    assert ask(path).status == 404


def test_keys_that_were_just_replaced_are_read_again(photo, nan):
    path = address(photo, nan)
    opened = Keyring.open_hold
    calls = []

    def replaced_meanwhile(self, *args, **kwargs):
        calls.append(1)
        if len(calls) == 1:
            raise NoSuchEpoch(7)
        return opened(self, *args, **kwargs)

    with patch.object(Keyring, "open_hold", replaced_meanwhile):
        answer = ask(path, session=nan.session)

    assert answer.status == 200


def test_keys_that_stay_away_are_not_called_nothing(photo, nan):
    path = address(photo, nan)

    with patch.object(Keyring, "open_hold", side_effect=NoSuchEpoch(7)):
        answer = ask(path, session=nan.session)

    assert answer.status == 503
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_it_is_sent_after_other_keys_were_destroyed(cast, photo, nan):
    path = address(photo, nan)
    other = make_sealed_photo(cast.tom)
    before = KeyEpoch.objects.get().generation

    destroy(Hold.objects.filter(photo=other), at=timezone.now())

    assert KeyEpoch.objects.get().generation == before + 1
    assert ask(path, session=nan.session).status == 200


def test_another_photographs_blob_in_its_place_is_not_sent(cast, photo, nan):
    path = address(photo, nan)
    other = make_sealed_photo(cast.rose)
    here = store()
    blob = photo.renditions.get(name="w480").pk
    theirs = here.get(other.renditions.get(name="w480").pk)
    here.delete(blob)
    here.put(blob, theirs)

    assert ask(path, session=nan.session).status == 404


def test_delivery_asks_two_statements_and_nothing_of_the_orm(photo, nan):
    path = address(photo, nan)

    with CaptureQueriesContext(connection) as through_the_orm:
        answer = ask(path, session=nan.session)

    assert answer.status == 200
    assert len(through_the_orm) == 0


def test_a_broken_address_reaches_no_database(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ask(f"/p/{uuid.uuid4()}").status == 404
