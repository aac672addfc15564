from __future__ import annotations

import pytest
from django.utils import timezone

from beside.access.door import admissions
from beside.access.door.state import by_address
from beside.access.policy import NothingToSee, Viewer, see
from beside.access.profiles import people_known_to
from beside.notices.models import Notice
from beside.people import suspensions as people
from beside.people.models import Narrowing
from beside.posts import closing, replaying, share_links, suspensions, taking_back
from beside.posts.models import Audience, Post, ShareLink
from beside.posts.share_links import Terms
from tests.access.door.letters import make_letter
from tests.cast import NOW, make_post


@pytest.fixture
def post(cast):
    return make_post(cast.rose, words_for=Audience.ANYONE)


def suspend(post):
    suspensions.suspend(post.pk, because="It names a child.", at=NOW)


def is_seen(post, account) -> bool:
    try:
        return bool(see(Viewer(account.pk), post.pk, at=timezone.now()))
    except NothingToSee:
        return False


def test_only_its_authors_see_it_and_they_are_told(cast, post):
    suspend(post)

    assert is_seen(post, cast.rose)
    assert not is_seen(post, cast.nan)
    told = Notice.objects.get(kind=Notice.Kind.LETTER_SUSPENDED)
    assert (told.recipient_id, told.about) == (cast.rose.pk, post.pk)


def test_no_act_of_its_authors_shows_it_again(cast, data, post):
    suspend(post)
    closing.close(post, by=cast.rose, at=NOW)
    closing.reopen(post, by=cast.rose, at=NOW)

    assert not is_seen(post, cast.nan)
    taking_back.take_back(post, by=cast.rose, at=NOW)
    post.refresh_from_db()
    assert post.state == Post.State.TAKEN_BACK


def test_lifting_it_shows_it_as_its_authors_have_it_and_tells_them(cast, post):
    suspend(post)

    suspensions.lift(post.pk, at=NOW)

    assert is_seen(post, cast.nan)
    assert not Narrowing.objects.filter(kind=Narrowing.Kind.POST_SUSPENDED).exists()
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert kinds == {Notice.Kind.SUSPENSION_LIFTED}


def test_a_restore_suspends_it_again_and_opening_the_place_shows_nothing(cast, post):
    suspend(post)
    Post.objects.update(suspended_at=None, suspended_because="")
    entry = Narrowing.objects.get(kind=Narrowing.Kind.POST_SUSPENDED)
    Notice.objects.all().delete()

    replaying.replay(entry.kind, entry.subject, at=entry.at)
    replaying.close_all(at=NOW)
    replaying.open_again(closed_at=NOW)

    assert not is_seen(post, cast.nan)
    assert not Notice.objects.exists()


def test_its_door_is_gone_also_for_whoever_has_the_doors_address(cast):
    post = make_letter(cast.rose, words_for=Audience.LET_IN)
    before = by_address(Viewer(cast.nan.pk), post.door_address, at=NOW)

    suspend(post)

    assert before.post == post
    with pytest.raises(NothingToSee):
        by_address(Viewer(cast.nan.pk), post.door_address, at=NOW)


@pytest.mark.parametrize("how", ["for anyone", "by name", "let in"])
def test_it_lets_nobody_open_its_authors_page(cast, how):
    if how == "for anyone":
        post = make_post(cast.rose, words_for=Audience.ANYONE, words_signed_in=False)
    elif how == "by name":
        post = make_post(cast.rose, words_for=[cast.nan])
    else:
        post = make_letter(cast.rose, words_for=Audience.LET_IN)
        admissions.admit(post, cast.nan.pk, message="", at=NOW)
    before = cast.rose in people_known_to(cast.nan.pk)

    suspend(post)

    assert before
    assert cast.rose not in people_known_to(cast.nan.pk)
    assert cast.rose not in people_known_to(None)


def test_a_link_to_it_opens_nothing(cast, post):
    link, _secret = share_links.make(post, Terms("Gran"), by=cast.rose, at=NOW)
    before = ShareLink.objects.openable(NOW).filter(pk=link.pk).exists()

    suspend(post)

    assert before
    assert not ShareLink.objects.openable(NOW).filter(pk=link.pk).exists()


@pytest.mark.parametrize("of", ["letter", "author"])
def test_a_letter_is_suspended_for_its_page_and_for_links_alike(cast, of):
    post = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    other = make_post(cast.nan, words_for=Audience.ANYONE)
    links = {}
    for one, authors in ((post, (cast.rose, cast.tom)), (other, (cast.nan,))):
        links[one], _secret = share_links.make(one, Terms("Gran"), by=authors[0], at=NOW)
        for author in authors[1:]:
            share_links.approve(links[one], by=author, at=NOW)
    if of == "letter":
        suspend(post)
    else:
        people.suspend(cast.tom.pk, because="It names a child.", at=NOW)

    assert suspensions.is_suspended(post)
    assert not suspensions.is_suspended(other)
    assert list(ShareLink.objects.openable(NOW)) == [links[other]]
