from __future__ import annotations

import json
from datetime import timedelta

import pytest

from beside.access import preview, replaying
from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.notices.models import Notice
from beside.people.models import Narrowing, Session
from beside.posts import (
    audiences,
    closing,
    coauthors,
    drafting,
    editing,
    share_link_devices,
    share_links,
    taking_back,
)
from beside.posts.authorship import NotAnAuthor, WaitsForOthers
from beside.posts.autosave import EditorPage
from beside.posts.models import Post, ShareLink, ShareLinkApproval, ShareLinkDevice
from beside.posts.reach import Chosen, NoteNeeded
from beside.posts.share_link_devices import ShareLinkNotOpen
from beside.posts.share_links import PostNotPublished, ShareLinkEnded, Terms
from beside.posts.text import text_of
from tests.cast import NOW, make_photo, make_post, make_sealed_photo

BOTH = Terms("Grandmother", message="From us", with_photographs=True)
SOON = NOW + timedelta(hours=1)


@pytest.fixture
def post(cast) -> Post:
    return make_post(cast.rose, photos=[make_photo(cast.rose)])


@pytest.fixture
def made(cast, post):
    return share_links.make(post, BOTH, by=cast.rose, at=NOW)


def a_visit() -> str:
    key = f"visit{Session.objects.count():027}"
    Session.objects.create(session_key=key, session_data="", expire_date=NOW + timedelta(days=400))
    return key


def open_link(secret: str, *, session: str = "", at=NOW) -> Viewer:
    session = session or a_visit()
    link = share_link_devices.find(share_links.digest_of(secret), at=at)
    share_link_devices.open_in(session, link, device="phone", at=at)
    return Viewer(None, session)


def sight(viewer: Viewer, post: Post, *, at=NOW) -> Sight:
    try:
        return Sight(see(viewer, post.pk, at=at).sight)
    except NothingToSee:
        return Sight.NOTHING


@pytest.mark.parametrize(("both", "met"), [(True, Sight.VEIL), (False, Sight.WORDS)])
def test_a_link_shows_one_letter_to_whoever_opens_it_first(cast, post, both, met):
    other = make_post(cast.rose)
    _link, secret = share_links.make(
        post, BOTH._replace(with_photographs=both), by=cast.rose, at=NOW
    )

    visitor = open_link(secret)

    assert (sight(visitor, post), sight(visitor, other)) == (met, Sight.NOTHING)
    assert secret.encode() not in b"".join(
        bytes(row) for row in ShareLink.objects.values_list("secret_digest", flat=True)
    )


def test_a_link_ends_by_itself(cast, post, made):
    visitor = open_link(made[1])
    after = NOW + timedelta(days=91)

    assert sight(visitor, post, at=after) == Sight.NOTHING
    with pytest.raises(ShareLinkNotOpen):
        share_link_devices.find(share_links.digest_of(made[1]), at=after)
    share_links.lapse(at=after)
    over = ShareLink.objects.get()
    assert (over.ended_at, over.message) == (over.ends_at, "")
    assert not ShareLinkDevice.objects.exists()


@pytest.mark.parametrize("state", [Post.State.DRAFT, Post.State.CLOSED, Post.State.TAKEN_BACK])
def test_no_link_is_made_to_what_is_not_shown(cast, state):
    with pytest.raises(PostNotPublished):
        share_links.make(make_post(cast.rose, state=state), BOTH, by=cast.rose, at=NOW)


def test_folded_photographs_go_into_no_link_with_nothing_said_of_them(cast):
    post = make_post(cast.rose, photos=[make_photo(cast.rose)], note="")

    with pytest.raises(NoteNeeded):
        share_links.make(post, BOTH, by=cast.rose, at=NOW)


def test_a_link_waits_for_every_author_and_opens_nothing_meanwhile(cast):
    post = make_post(cast.rose, cast.tom, photos=[make_photo(cast.rose)])
    terms = BOTH._replace(address="gran@home.example")
    link, secret = share_links.make(post, terms, by=cast.rose, at=NOW)
    asked = Notice.objects.get(kind=Notice.Kind.LINK_APPROVAL_REQUESTED)
    with pytest.raises(ShareLinkNotOpen):
        open_link(secret)

    assert share_links.approve(link, by=cast.tom, at=NOW)
    assert not share_links.approve(link, by=cast.tom, at=NOW)

    assert (asked.recipient, asked.about) == (cast.tom, link.pk)
    assert list(Notice.objects.values_list("kind", "recipient")) == [
        (Notice.Kind.APPROVED, cast.rose.pk)
    ]
    assert sight(open_link(secret), post) == Sight.VEIL


def test_an_author_who_comes_later_has_to_agree_to_a_link_that_is_there(cast, data):
    post = make_post(cast.rose)
    link, secret = share_links.make(post, BOTH, by=cast.rose, at=NOW)
    visitor = open_link(secret)
    asked = coauthors.invite(post, cast.tom, message="", by=cast.rose, at=NOW)
    before = sight(visitor, post)
    coauthors.accept(asked, by=cast.tom, at=NOW)

    assert (before, sight(visitor, post)) == (Sight.WORDS, Sight.NOTHING)
    share_links.approve(link, by=cast.tom, at=NOW)
    assert sight(visitor, post) == Sight.WORDS


def test_whoever_has_left_the_letter_opens_nothing_with_the_secret_that_they_made(cast):
    post = make_post(cast.rose, cast.tom)
    link, secret = share_links.make(post, BOTH, by=cast.tom, at=NOW)
    share_links.approve(link, by=cast.rose, at=NOW)

    post.authorships.filter(account=cast.tom).delete()

    with pytest.raises(ShareLinkNotOpen):
        open_link(secret)


@pytest.mark.parametrize("who", ["rose", "tom"])
def test_any_author_alone_ends_a_link_for_good(cast, who):
    post = make_post(cast.rose, cast.tom)
    link, secret = share_links.make(post, BOTH, by=cast.rose, at=NOW)
    share_links.approve(link, by=cast.tom, at=NOW)
    visitor = open_link(secret)

    share_links.end(link, by=cast[who], at=NOW)
    share_links.end(link, by=cast[who], at=NOW)

    assert sight(visitor, post) == Sight.NOTHING
    assert Narrowing.objects.get().subject == {"link": str(link.pk)}
    with pytest.raises(ShareLinkEnded):
        share_links.approve(link, by=cast.tom, at=NOW)
    with pytest.raises(ShareLinkEnded):
        share_links.renew(link, by=cast.rose, at=NOW)


def test_nobody_else_acts_on_a_link(cast, post, made):
    link = made[0]
    for act in (
        lambda: share_links.end(link, by=cast.ada, at=NOW),
        lambda: share_links.approve(link, by=cast.ada, at=NOW),
        lambda: share_links.renew(link, by=cast.ada, at=NOW),
        lambda: share_links.own(link.pk, by=cast.ada),
        lambda: share_links.make(post, BOTH, by=cast.ada, at=NOW),
        lambda: audiences.show_to_nobody(post, by=cast.ada, at=NOW),
    ):
        with pytest.raises(NotAnAuthor):
            act()

    assert ShareLink.objects.alive(NOW).count() == ShareLinkApproval.objects.count() == 1


def test_a_second_browser_waits_for_the_maker_and_so_does_a_third(cast, post, made):
    link, secret = made
    first, second, third = (open_link(secret, at=NOW + timedelta(hours=n)) for n in range(3))
    assert [sight(one, post) for one in (first, second, third)] == [Sight.VEIL, 0, 0]
    two, three = share_link_devices.waiting(link)

    share_link_devices.answer(link, two.pk, allow=True, by=cast.rose, at=NOW)
    still_told = Notice.objects.filter(kind=Notice.Kind.SECOND_DEVICE).count()
    share_link_devices.answer(link, three.pk, allow=False, by=cast.rose, at=NOW)

    assert [sight(one, post) for one in (first, second, third)] == [Sight.VEIL, Sight.VEIL, 0]
    assert still_told == 1
    assert not Notice.objects.exists()


def test_another_author_neither_answers_a_browser_nor_makes_the_link_anew(cast):
    post = make_post(cast.rose, cast.tom)
    link, secret = share_links.make(post, BOTH, by=cast.rose, at=NOW)
    share_links.approve(link, by=cast.tom, at=NOW)
    first, second = open_link(secret), open_link(secret)

    with pytest.raises(NotAnAuthor):
        share_link_devices.answer(
            link, share_link_devices.waiting(link).get().pk, allow=True, by=cast.tom, at=NOW
        )
    with pytest.raises(NotAnAuthor):
        share_links.renew(link, by=cast.tom, at=NOW)

    assert [sight(one, post) for one in (first, second)] == [Sight.WORDS, Sight.NOTHING]


@pytest.mark.thorough
def test_a_link_that_got_about_asks_a_few_times_and_no_more(made):
    for _ in range(12):
        open_link(made[1])

    assert share_link_devices.waiting(made[0]).count() == 5
    assert Notice.objects.filter(kind=Notice.Kind.SECOND_DEVICE).count() == 1


def test_with_a_new_secret_nobody_is_in_and_whoever_comes_first_is_the_person(cast, post, made):
    link, old = made
    visitor = open_link(old)

    new = share_links.renew(link, by=cast.rose, at=NOW)

    assert sight(visitor, post) == Sight.NOTHING
    with pytest.raises(ShareLinkNotOpen):
        open_link(old)
    assert sight(open_link(new), post) == Sight.VEIL


def test_what_narrows_the_letter_shuts_the_link(cast, post, made):
    visitor = open_link(made[1])

    closing.close_everything(cast.rose, at=NOW)
    closed = sight(visitor, post)
    closing.reopen(post, by=cast.rose, at=NOW)
    opened = sight(visitor, post)
    audiences.show_to_nobody(post, by=cast.rose, at=NOW)

    assert (closed, opened, sight(visitor, post)) == (Sight.NOTHING, Sight.VEIL, Sight.NOTHING)
    assert not ShareLink.objects.alive(NOW).exists()


def test_no_link_comes_back_after_taking_back_as_the_letter_never_does(cast, data):
    post = make_post(cast.rose, photos=[make_sealed_photo(cast.rose, names=["w480"])])
    _link, secret = share_links.make(post, BOTH, by=cast.rose, at=NOW)
    visitor = open_link(secret)

    taking_back.take_back(post, by=cast.rose, at=NOW)

    assert sight(visitor, post) == Sight.NOTHING
    with pytest.raises(ShareLinkNotOpen):
        open_link(secret)
    post.refresh_from_db()
    for revive in (
        lambda: closing.reopen(post, by=cast.rose, at=NOW),
        lambda: share_links.make(post, BOTH, by=cast.rose, at=NOW),
    ):
        with pytest.raises((audiences.TakenBackForGood, PostNotPublished)):
            revive()


@pytest.fixture
def of_two(cast) -> Post:
    """Only us, but for one person with a link."""
    post = make_post(cast.rose, cast.tom, photos=[make_photo(cast.rose)])
    link, _secret = share_links.make(post, BOTH, by=cast.rose, at=NOW)
    share_links.approve(link, by=cast.tom, at=NOW)
    return post


def _unfold_by_audience(post, rose):
    now = audiences.chosen(post)
    audiences.change(post, Chosen(now.words, now.photographs, veiled=False), by=rose, at=NOW)


def _unfold_by_editing(post, rose):
    said, page = text_of(post).changed(veiled=False), EditorPage(post.pk, post.version)
    editing.edit(post, said, by=rose, page=page, at=NOW)


def _reopen(post, rose):
    closing.close(post, by=rose, at=NOW)
    closing.reopen(post, by=rose, at=NOW)


def _lay_another(post, rose):
    drafting.place(post, make_photo(rose), by=rose)


@pytest.mark.parametrize("widen", [_unfold_by_audience, _unfold_by_editing, _reopen, _lay_another])
def test_whoever_has_a_link_is_a_reader_for_whom_no_author_widens_alone(cast, of_two, widen):
    with pytest.raises((WaitsForOthers, drafting.ShownByAll)):
        widen(of_two, cast.rose)


def test_seeing_it_as_the_person_shows_what_they_would_meet_and_opens_nothing(cast, post, made):
    session = a_visit()
    viewer = Viewer(None, session)

    with preview.seen_as(post, viewer, at=NOW, by_link=made[0]) as seen:
        met = seen.sight

    assert met == Sight.VEIL
    assert sight(viewer, post) == Sight.NOTHING
    assert not ShareLinkDevice.objects.exists()


def test_a_restore_ends_the_link_again(post, made):
    visitor = open_link(made[1])

    replaying.replay(Narrowing.Kind.LINK_ENDED, {"link": str(made[0].pk)}, at=SOON)

    assert sight(visitor, post) == Sight.NOTHING
    assert json.dumps(ShareLink.objects.values_list("message").get()) == '[""]'


def test_where_no_visit_came_back_every_browser_asks_again(post, made):
    open_link(made[1])
    Session.objects.all().delete()

    visitor = open_link(made[1])

    assert sight(visitor, post) == Sight.NOTHING
    assert share_link_devices.waiting(made[0]).count() == 1
