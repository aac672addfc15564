from __future__ import annotations

from datetime import timedelta

import pytest

from beside.access.models import TrailEntry
from beside.moderation import seals, trail
from beside.moderation.looks import NoReason
from beside.notices.models import Notice
from beside.people import moderators, suspensions
from beside.people.models import Account
from beside.people.moderators import NotAModerator
from beside.people.suspensions import HostCannotBeSuspended
from beside.posts.models import Audience, Authorship
from beside.responses import desk
from beside.responses import seals as response_seals
from beside.responses.models import Seal, SealOpening
from beside.responses.seals import NoSuchSeal
from tests.at_once import at_once
from tests.cast import NOW, make_cast, make_post
from tests.responses.builders import in_hand, reads_first, take_responses

WORDS, WHY = "A cruel sentence.", "Rose asks for the police."


def sealed(cast) -> Seal:
    """Ines, who reads first for Tom, has sealed what Nan wrote to Rose and Tom."""
    post = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    take_responses(post)
    reads_first(cast.tom, cast.ines)
    response = in_hand(post, cast.ines, cast.nan, WORDS)
    desk.seal(response.pk, by=cast.ines, at=NOW)
    return Seal.objects.get()


@pytest.fixture
def seal(cast) -> Seal:
    return sealed(cast)


def open_it(seal, by, at=NOW, reason=WHY):
    return seals.read(seal.pk, reason=reason, by=by, at=at)


def name_as_moderator(cast, who):
    moderators.name(cast[who], by=cast.marit, at=NOW)
    moderators.accept(cast[who], at=NOW)


@pytest.mark.thorough
def test_a_moderator_opens_it_with_a_reason_which_is_recorded_and_in_the_trail(cast, seal):
    with pytest.raises(NoReason):
        open_it(seal, cast.marit, reason=" ")

    assert open_it(seal, cast.marit)["words"] == WORDS

    opening, entry = SealOpening.objects.get(), TrailEntry.objects.get()
    assert (opening.by, opening.reason, opening.form) == (cast.marit, WHY, "read")
    assert (entry.moderator, entry.seal, entry.reason) == (cast.marit.pk, seal.pk, WHY)
    assert (entry.report, entry.post) == (None, None)
    assert not list(trail.faults())


@pytest.mark.thorough
@pytest.mark.parametrize("who", ["rose", "tom", "nan", "ines"])
def test_nobody_opens_it_as_a_moderator_whom_it_concerns(cast, seal, who):
    name_as_moderator(cast, who)
    seal.file_wanted_at = NOW
    seal.save()

    for act in (seals.read, seals.as_file):
        with pytest.raises(NoSuchSeal):
            act(seal.pk, reason=WHY, by=cast[who], at=NOW)
    # Nor once they have left the letter.
    Authorship.objects.filter(account=cast[who]).delete()
    with pytest.raises(NoSuchSeal):
        open_it(seal, cast[who])
    assert not TrailEntry.objects.exists()
    assert cast[who] not in response_seals.moderators_for(seal)


def test_somebody_who_becomes_an_author_later_does_not_open_it(cast, seal):
    name_as_moderator(cast, "ada")
    before = set(response_seals.moderators_for(seal))
    Authorship.objects.create(post=seal.post, account=cast.ada, joined_at=NOW)

    assert before == {cast.ada, cast.marit}
    assert set(response_seals.moderators_for(seal)) == {cast.marit}
    with pytest.raises(NoSuchSeal):
        open_it(seal, cast.ada)


@pytest.mark.thorough
def test_nobody_else_opens_it(cast, seal):
    for who in (cast.ada, cast.rose, cast.nan):
        with pytest.raises(NotAModerator):
            open_it(seal, who)


@pytest.mark.thorough
def test_a_file_only_once_an_author_has_asked_also_when_whoever_sealed_it_has_left(cast, seal):
    with pytest.raises(NoSuchSeal):
        seals.as_file(seal.pk, reason=WHY, by=cast.marit, at=NOW)
    Account.objects.filter(pk=cast.ines.pk).delete()

    response_seals.want_file(seal.pk, by=cast.rose, at=NOW)

    told = Notice.objects.get(kind=Notice.Kind.REPORTED)
    assert told.recipient == cast.marit
    assert list(seals.files_wanted_of(cast.marit, at=NOW)) == [seal]
    files = seals.as_file(seal.pk, reason=WHY, by=cast.marit, at=NOW)
    assert set(files) == {"response.json", "SHA256SUMS"}
    opening = SealOpening.objects.get()
    assert (opening.form, opening.by, opening.reason) == ("file", cast.marit, WHY)
    assert TrailEntry.objects.get().seal == seal.pk


@pytest.mark.thorough
def test_whoever_sealed_it_is_asked_for_the_file_while_they_are_here(cast, seal):
    response_seals.want_file(seal.pk, by=cast.rose, at=NOW)

    assert Notice.objects.filter(recipient=cast.ines, kind="a file of a seal is wanted").exists()
    assert not Notice.objects.filter(kind=Notice.Kind.REPORTED).exists()


@pytest.mark.thorough
@pytest.mark.parametrize("how", ["closed", "suspended"])
def test_the_moderators_are_asked_where_whoever_sealed_it_can_not_open_it(cast, seal, how):
    if how == "closed":
        Account.objects.filter(pk=cast.ines.pk).update(is_active=False)
    else:
        suspensions.suspend(cast.ines.pk, because=WHY, at=NOW)

    response_seals.want_file(seal.pk, by=cast.tom, at=NOW)

    assert Notice.objects.get(kind=Notice.Kind.REPORTED).recipient == cast.marit


@pytest.mark.thorough
def test_its_writers_place_is_closed_only_by_somebody_who_has_opened_it(cast, seal):
    def close():
        seals.close_place_of_writer(seal.pk, because="It is one case.", by=cast.marit, at=NOW)

    with pytest.raises(NoSuchSeal):
        close()
    open_it(seal, cast.marit)

    close()

    assert Account.objects.get(pk=cast.nan.pk).suspended_because == "It is one case."
    Seal.objects.update(writer=None)
    with pytest.raises(NoSuchSeal):
        close()


@pytest.mark.thorough
def test_the_hosts_place_stays_open(cast, seal):
    name_as_moderator(cast, "ada")
    Account.objects.filter(pk=cast.nan.pk).update(is_host=True)
    open_it(seal, cast.ada)

    with pytest.raises(HostCannotBeSuspended):
        seals.close_place_of_writer(seal.pk, because=WHY, by=cast.ada, at=NOW)


@pytest.mark.thorough
def test_after_its_term_nothing_of_it_is_left_and_the_trail_stays_whole(cast, seal):
    open_it(seal, cast.marit)
    over = seal.ends_at

    with pytest.raises(NoSuchSeal):
        open_it(seal, cast.marit, at=over)
    response_seals.run_due(over - timedelta(seconds=1))
    there = Seal.objects.exists()
    response_seals.run_due(over)

    assert there
    assert not Seal.objects.exists()
    assert not SealOpening.objects.exists()
    trail.forget_reasons()
    assert TrailEntry.objects.get().reason == ""
    assert not list(trail.faults())


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])
def test_an_opening_against_the_end_of_its_term(order):
    cast = make_cast()
    seal = sealed(cast)
    acts = [
        lambda: open_it(seal, cast.marit, at=NOW),
        lambda: response_seals.run_due(seal.ends_at),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [NoSuchSeal])
    assert not Seal.objects.exists()
    assert not SealOpening.objects.exists()
    assert TrailEntry.objects.count() == (1 if order == 1 else 0)


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_two_moderators_open_it_at_once_and_both_are_recorded():
    cast = make_cast()
    seal = sealed(cast)
    name_as_moderator(cast, "ada")

    both = at_once(lambda: open_it(seal, cast.marit), lambda: open_it(seal, cast.ada))

    assert both.raised() == []
    assert SealOpening.objects.count() == TrailEntry.objects.count() == 2
