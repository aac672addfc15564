from __future__ import annotations

import pytest

from beside.access.door import admissions, requests
from beside.access.door.requests import RequestText
from beside.access.models import AccessRequest, Admission
from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.notices.models import Notice
from beside.people import delegations
from beside.people.delegations import TERM, NoSuchDelegation, Role
from beside.people.models import Delegation
from beside.posts import ghostwriting
from beside.posts.authorship import NotAnAuthor
from beside.posts.models import Audience, Authorship, Post
from tests.access.door.letters import AFTER_A_YES
from tests.cast import NOW, make_photo, make_post

LATER = NOW + TERM


def doing(author, delegate, role) -> Delegation:
    delegations.offer(author, delegate, role, message="", at=NOW)
    one = Delegation.objects.get(author=author, delegate=delegate, role=role)
    delegations.sign(one.pk, by=delegate, at=NOW)
    return one


@pytest.fixture
def ada_asks(cast) -> AccessRequest:
    post = make_post(
        cast.rose,
        cast.tom,
        words_for=Audience.ANYONE,
        photographs_for=Audience.LET_IN,
        photos=[make_photo(cast.rose)],
        door=AFTER_A_YES,
    )
    requests.ask(post.pk, RequestText(words="I knew him."), by=Viewer(cast.ada.pk), at=NOW)
    return AccessRequest.objects.get(post=post, asker=cast.ada)


def test_whoever_reads_first_lets_somebody_in(cast, ada_asks):
    doing(cast.tom, cast.ines, Role.SCREENER)

    admissions.let_in(
        requests.waiting_for(cast.ines, at=NOW).get(), by=cast.ines, message="", at=NOW
    )

    assert see(Viewer(cast.ada.pk), ada_asks.post_id, at=NOW).sight >= Sight.VEIL
    assert see(Viewer(cast.ines.pk), ada_asks.post_id, at=NOW).sight == Sight.DOOR


def test_whoever_reads_first_is_told_that_somebody_asks(cast):
    doing(cast.rose, cast.nan, Role.SCREENER)
    post = make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.LET_IN,
        photos=[make_photo(cast.rose)],
        door=AFTER_A_YES,
    )
    for asker in (cast.ada, cast.nan):
        requests.ask(post.pk, RequestText(), by=Viewer(asker.pk), at=NOW)

    told = Notice.objects.filter(kind=Notice.Kind.ACCESS_REQUESTED).values_list("recipient")
    assert {pk for (pk,) in told} == {cast.rose.pk, cast.nan.pk}
    nans = AccessRequest.objects.get(asker=cast.nan)
    with pytest.raises(NotAnAuthor):
        admissions.let_in(nans, by=cast.nan, message="", at=NOW)
    assert not Admission.objects.exists()


def test_that_somebody_reads_first_lets_nobody_else_decide(cast, ada_asks):
    doing(cast.tom, cast.ines, Role.SCREENER)

    with pytest.raises(NotAnAuthor):
        admissions.let_in(ada_asks, by=cast.nan, message="", at=NOW)

    assert not admissions.decidable_by(cast.nan).exists()


def test_leaving_the_role_ends_it_at_once(cast, ada_asks):
    one = doing(cast.rose, cast.ines, Role.SCREENER)

    delegations.end(one.pk, by=cast.ines, at=NOW)

    assert not requests.waiting_for(cast.ines, at=NOW).exists()
    with pytest.raises(NotAnAuthor):
        admissions.decline(ada_asks, by=cast.ines, at=NOW)


@pytest.mark.parametrize("role", [Role.TELLER, Role.STEWARD])
def test_no_other_role_decides_at_a_door(cast, ada_asks, role):
    doing(cast.rose, cast.ines, role)

    assert not admissions.may_decide(ada_asks.post, cast.ines)


def test_what_was_written_for_somebody_is_their_draft_alone(cast):
    one = doing(cast.rose, cast.nan, Role.TELLER)

    ghostwriting.hand_over(one.pk, title="Him", words="It began.", by=cast.nan, at=NOW)

    post = Post.objects.get()
    assert post.state == Post.State.DRAFT
    assert post.words == "*Written for you by Nan.*\n\nIt began."
    assert [row.account for row in Authorship.objects.filter(post=post)] == [cast.rose]
    assert Notice.objects.filter(recipient=cast.rose, about=post.pk).exists()
    with pytest.raises(NothingToSee):
        see(Viewer(cast.nan.pk), post.pk, at=NOW)


@pytest.mark.parametrize("who", ["rose", "ada"])
def test_only_the_one_who_signed_writes_for_somebody(cast, who):
    one = doing(cast.rose, cast.nan, Role.TELLER)

    with pytest.raises(NoSuchDelegation):
        ghostwriting.hand_over(one.pk, title="", words="W", by=cast[who], at=NOW)
