from __future__ import annotations

import io
from datetime import timedelta

import pytest

from beside.access.policy import Viewer, with_openness
from beside.notices.models import Notice
from beside.people import suspensions
from beside.people.models import Account, Narrowing
from beside.photos import deposits, hidden, replaying, uploads
from beside.photos.deposits import LinkFull, NoRoomThere, NotOpen, NotYourLink, Terms
from beside.photos.models import DepositLink, HiddenPhoto, Hold, Photo
from beside.posts import drafting
from beside.posts.models import Post
from tests.cast import NOW, make_post

INGRID = Terms("Ingrid, nights, ward 6", thanks="You warmed the blanket.")


def put_in(link: DepositLink, content: bytes = b"abcd") -> Photo:
    upload = deposits.begin(link, len(content), name="IMG_1.jpg", at=NOW)
    uploads.receive(upload, io.BytesIO(content).read, offset=0, at=NOW)
    return Photo.objects.get(pk=upload.pk)


def test_the_secret_is_given_once_and_only_its_digest_is_kept(cast):
    link, secret = deposits.make(cast.rose, INGRID, at=NOW)

    row = DepositLink.objects.get(pk=link.pk)
    assert len(secret) >= 43
    assert len(bytes(row.secret_digest)) == 32
    assert secret.encode() not in bytes(row.secret_digest)
    assert secret not in repr(row) + str(row)
    assert deposits.find(deposits.digest_of(secret), at=NOW) == link


def test_it_is_good_for_thirty_days_and_thirty_photographs_unless_said(cast):
    link, _secret = deposits.make(cast.rose, INGRID, at=NOW)

    assert (link.ends_at - NOW, link.most) == (timedelta(days=30), 30)


def test_what_comes_is_the_keepers_and_closed_for_them_before_any_byte_is_here(cast, data):
    link, _secret = deposits.make(cast.rose, INGRID, at=NOW)

    upload = deposits.begin(link, 4, name="IMG_1.jpg", at=NOW)

    photo = Photo.objects.get(pk=upload.pk)
    assert (photo.uploader, photo.deposited_through) == (cast.rose, link)
    assert HiddenPhoto.objects.filter(photo=photo, account=cast.rose).exists()
    assert set(Hold.objects.filter(photo=photo).values_list("account", flat=True)) == {cast.rose.pk}


def test_it_stays_closed_when_it_is_ready_until_its_keeper_says(cast, data):
    photo = put_in(deposits.make(cast.rose, INGRID, at=NOW)[0])
    Photo.objects.filter(pk=photo.pk).update(state=Photo.State.READY, width=4, height=3)

    def is_open() -> bool:
        return with_openness(Photo.objects.all(), Viewer(cast.rose.pk, None), at=NOW).get().is_open

    before = is_open()
    hidden.release(photo, account=cast.rose)

    assert (before, is_open()) == (False, True)


def test_laid_into_a_letter_it_is_closed_for_the_other_author_too(cast, data):
    photo = put_in(deposits.make(cast.rose, INGRID, at=NOW)[0])
    hidden.release(photo, account=cast.rose)
    post = make_post(cast.rose, cast.tom, state=Post.State.DRAFT)

    drafting.place(post, photo, by=cast.rose)

    assert list(HiddenPhoto.objects.values_list("account", flat=True)) == [cast.tom.pk]


@pytest.mark.parametrize("act", ["end", "anew", "time", "keeper", "suspension"])
def test_a_link_that_is_over_opens_nothing_and_takes_nothing(cast, data, act):
    link, secret = deposits.make(cast.rose, INGRID, at=NOW)
    at = NOW + timedelta(days=30) if act == "time" else NOW
    if act == "end":
        deposits.end(link, by=cast.rose, at=NOW)
    elif act == "anew":
        deposits.make_anew(link, by=cast.rose, at=NOW)
    elif act == "keeper":
        Account.objects.filter(pk=cast.rose.pk).update(is_active=False)
    elif act == "suspension":
        suspensions.suspend(cast.rose.pk, because="", at=NOW)

    with pytest.raises(NotOpen):
        deposits.find(deposits.digest_of(secret), at=at)
    with pytest.raises(NotOpen):
        deposits.begin(link, 4, name="", at=at)
    assert not Photo.objects.exists()


def test_made_anew_it_opens_by_its_new_secret(cast):
    link, _secret = deposits.make(cast.rose, INGRID, at=NOW)

    secret = deposits.make_anew(link, by=cast.rose, at=NOW)

    assert deposits.find(deposits.digest_of(secret), at=NOW) == link


def test_one_that_has_ended_is_not_made_anew(cast):
    link, _secret = deposits.make(cast.rose, INGRID, at=NOW)
    deposits.end(link, by=cast.rose, at=NOW)

    with pytest.raises(NotOpen):
        deposits.make_anew(link, by=cast.rose, at=NOW)


def test_a_full_link_takes_no_more(cast, data):
    link, _secret = deposits.make(cast.rose, INGRID._replace(most=1), at=NOW)
    deposits.begin(link, 4, name="", at=NOW)

    with pytest.raises(LinkFull):
        deposits.begin(link, 4, name="", at=NOW)


def test_no_link_is_made_for_more_than_two_hundred(cast):
    assert deposits.make(cast.rose, INGRID._replace(most=5000), at=NOW)[0].most == 200


def test_it_counts_against_its_keepers_room(cast, data, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"room_bytes": 10})
    link, _secret = deposits.make(cast.rose, INGRID, at=NOW)
    put_in(link, b"12345678")

    with pytest.raises(NoRoomThere) as refusal:
        deposits.begin(link, 4, name="", at=NOW)

    assert "the space you have" not in str(refusal.value)


def test_its_keeper_is_told_once_a_visit(cast, data):
    link, _secret = deposits.make(cast.rose, INGRID, at=NOW)
    deposits.tell_keeper(link, since=NOW, at=NOW)
    Notice.objects.update(read_at=NOW)

    deposits.tell_keeper(link, since=NOW, at=NOW + timedelta(hours=1))
    in_one_visit = Notice.objects.count()
    deposits.tell_keeper(link, since=NOW + timedelta(days=1), at=NOW + timedelta(days=1))

    assert (in_one_visit, Notice.objects.count()) == (1, 2)


def test_only_one_that_is_over_is_forgotten_and_what_came_stays(cast, data):
    link, _secret = deposits.make(cast.rose, INGRID, at=NOW)
    put_in(link)
    deposits.forget(link, by=cast.rose, at=NOW)
    before = DepositLink.objects.count()
    deposits.end(link, by=cast.rose, at=NOW)

    deposits.forget(link, by=cast.rose, at=NOW)

    assert (before, DepositLink.objects.count()) == (1, 0)
    assert (Photo.objects.get().deposited_through, HiddenPhoto.objects.count()) == (None, 1)


def test_nobody_else_ends_it_changes_it_or_finds_it(cast):
    link, secret = deposits.make(cast.rose, INGRID, at=NOW)

    for act in (
        lambda: deposits.end(link, by=cast.tom, at=NOW),
        lambda: deposits.make_anew(link, by=cast.tom, at=NOW),
        lambda: deposits.forget(link, by=cast.tom, at=NOW),
        lambda: deposits.thank(link, "mine", by=cast.tom),
    ):
        with pytest.raises(NotYourLink):
            act()
    assert deposits.find(deposits.digest_of(secret), at=NOW).thanks == INGRID.thanks
    assert not deposits.of(cast.tom)


@pytest.mark.parametrize("act", ["end", "make_anew"])
def test_a_restore_does_not_revive_it(cast, act):
    link, secret = deposits.make(cast.rose, INGRID, at=NOW)
    older = DepositLink.objects.get(pk=link.pk)
    getattr(deposits, act)(link, by=cast.rose, at=NOW)
    older.save()
    narrowed = Narrowing.objects.get()

    replaying.replay(narrowed.kind, narrowed.subject, at=narrowed.at)

    with pytest.raises(NotOpen):
        deposits.find(deposits.digest_of(secret), at=NOW)
