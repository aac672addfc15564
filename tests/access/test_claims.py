from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from beside.access import claims
from beside.access.claims import KEPT_FOR, WAITS_AT_MOST, ClaimText, NoSuchClaim
from beside.access.models import Claim
from beside.access.policy import NothingToSee, Viewer, see
from beside.notices.models import Notice
from beside.people.models import Delegation
from beside.posts.authorship import NotAnAuthor
from beside.posts.models import Audience
from tests.broken import fails_at_first
from tests.cast import NOW, make_photo, make_post

SAID = ClaimText("Nan", "I am the hand on the left.", "nan@home.example")
STRANGER = Viewer(None, None)


@pytest.fixture
def post(cast):
    return make_post(
        cast.rose,
        cast.tom,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        words_signed_in=False,
        photographs_signed_in=False,
        photos=[make_photo(cast.rose), make_photo(cast.tom)],
    )


@pytest.fixture
def photo(post):
    return post.placed.order_by("position").first().photo


def send(post, photo=None, viewer: Viewer = STRANGER, at=NOW) -> Claim:
    met = see(viewer, post.pk, at=at)
    return claims.send(met, photo and photo.pk, SAID, viewer=viewer, at=at)


def reads_first(cast, **fields) -> Delegation:
    made = {"role": Delegation.Role.SCREENER, "signed_at": NOW, **fields}
    return Delegation.objects.create(author=cast.rose, delegate=cast.ines, offered_at=NOW, **made)


def told(account) -> list[tuple]:
    return list(
        Notice.objects.filter(recipient=account, kind=Notice.Kind.CLAIMED).values_list(
            "about", flat=True
        )
    )


def test_somebody_without_an_account_writes_to_every_author(cast, post, photo):
    claim = send(post, photo)

    for author in (cast.rose, cast.tom):
        assert list(claims.of(post.pk, by=author)) == [claim]
        assert told(author) == [post.pk]
    assert (claim.photo, claim.name, claim.address) == (photo, SAID.name, SAID.address)


def test_nobody_else_reads_it(cast, post, photo):
    claim = send(post, photo)

    for other in (cast.nan, cast.marit, cast.ines):
        with pytest.raises(NotAnAuthor):
            claims.of(post.pk, by=other)
        with pytest.raises(NotAnAuthor):
            claims.settle(claim, by=other, at=NOW)
        assert not claims.waiting_for(other)


@pytest.mark.parametrize("who", ["max", "nan"])
def test_whoever_may_not_see_the_photographs_cannot(cast, who):
    post = make_post(
        cast.rose, cast.tom, words_for=[cast.nan, cast.max], photos=[make_photo(cast.rose)]
    )
    viewer = Viewer(cast[who].pk, None)

    with pytest.raises(NothingToSee):
        send(post, viewer=viewer)
    assert not Claim.objects.exists()


def test_it_is_only_ever_about_a_photograph_of_that_letter(cast, post):
    for other in (make_photo(cast.rose), make_photo(cast.rose, pk=uuid.uuid4())):
        with pytest.raises(NothingToSee):
            send(post, other)


def test_it_waits_for_whoever_reads_first_and_then_is_every_authors(cast, post, photo):
    reads_first(cast)
    claim = send(post, photo)
    before = (list(claims.of(post.pk, by=cast.rose)), told(cast.rose), told(cast.ines))

    claims.pass_on(claim.pk, by=cast.ines, at=NOW)

    assert before == ([], [], [claim.pk])
    assert list(claims.of(post.pk, by=cast.tom)) == [claim]
    assert (told(cast.rose), told(cast.ines)) == ([post.pk], [])
    assert not claims.waiting_for(cast.ines)


@pytest.mark.parametrize("fields", [{"signed_at": None}, {"ended_at": NOW}, {"role": "teller"}])
def test_only_a_signed_screener_reads_first(cast, post, photo, fields):
    reads_first(cast, **fields)

    send(post, photo)

    assert claims.of(post.pk, by=cast.rose).exists()
    assert not claims.waiting_for(cast.ines)


def test_nobody_passes_on_what_they_were_not_given(cast, post, photo):
    reads_first(cast)
    claim = send(post, photo)

    with pytest.raises(NoSuchClaim):
        claims.pass_on(claim.pk, by=cast.nan, at=NOW)
    with pytest.raises(NoSuchClaim):
        claims.get(claim.pk, post.pk, by=cast.rose)


def test_what_waits_for_nobody_any_more_is_passed_on(cast, post, photo):
    delegation = reads_first(cast)
    send(post, photo)
    claims.run_due(NOW)
    still = claims.of(post.pk, by=cast.rose).exists()
    Delegation.objects.filter(pk=delegation.pk).update(ended_at=NOW)

    claims.run_due(NOW)

    assert (still, claims.of(post.pk, by=cast.rose).exists()) == (False, True)


def test_one_that_cannot_be_passed_on_keeps_no_other_from_it(cast, post, photo, monkeypatch):
    reads_first(cast)
    send(post, photo)
    send(post)
    waiting = Claim.objects.filter(passed_on_at=None)
    fails_at_first(monkeypatch, claims, "_pass_on")

    claims.run_due(NOW + WAITS_AT_MOST)
    assert waiting.count() == 1

    claims.run_due(NOW + WAITS_AT_MOST)
    assert waiting.count() == 0


def test_one_that_cannot_be_deleted_keeps_no_other_from_it(cast, post, photo, monkeypatch):
    send(post, photo)
    claims.settle(send(post), by=cast.rose, at=NOW)
    fails_at_first(monkeypatch, claims, "_untell_authors")

    claims.run_due(NOW + KEPT_FOR)
    claims.run_due(NOW + KEPT_FOR)

    assert not Claim.objects.exists()


def test_nobody_who_reads_first_can_keep_it_back_for_good(cast, post, photo):
    reads_first(cast)
    send(post, photo)

    claims.run_due(NOW + WAITS_AT_MOST)

    assert claims.of(post.pk, by=cast.tom).exists()


def test_once_settled_only_that_there_was_one_is_kept(cast, post, photo):
    claim = send(post, photo)
    other = send(post)

    claims.settle(claim, by=cast.tom, at=NOW)

    row = Claim.objects.get(pk=claim.pk)
    assert (row.name, row.address, row.words, row.photo) == ("", "", "", None)
    assert list(claims.of(post.pk, by=cast.rose)) == [other]
    assert told(cast.rose) == [post.pk]
    claims.settle(other, by=cast.rose, at=NOW)
    assert told(cast.rose) == told(cast.tom) == []


def test_after_half_a_year_it_is_gone(cast, post, photo):
    send(post, photo)
    claims.run_due(NOW + KEPT_FOR - timedelta(seconds=1))
    before = Claim.objects.count()

    claims.run_due(NOW + KEPT_FOR)

    assert (before, Claim.objects.count(), told(cast.rose)) == (1, 0, [])
