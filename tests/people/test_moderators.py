from __future__ import annotations

import pytest

from beside.notices.models import Notice
from beside.people import account_closures, moderators, replaying, suspensions
from beside.people.models import Moderator, Narrowing
from beside.people.moderators import NotAModerator
from tests.cast import NOW


def test_a_host_is_one_and_nobody_else(cast):
    assert set(moderators.everybody()) == {cast.marit}


def test_somebody_named_is_one_once_they_have_accepted(cast):
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    before = moderators.is_moderator(cast.ines)

    moderators.accept(cast.ines, at=NOW)

    assert not before
    assert moderators.is_moderator(cast.ines)
    assert not Notice.objects.filter(kind=Notice.Kind.MODERATOR_NAMED).exists()


def test_only_a_host_names_and_nobody_accepts_unasked(cast):
    with pytest.raises(NotAModerator):
        moderators.name(cast.ines, by=cast.rose, at=NOW)
    with pytest.raises(NotAModerator):
        moderators.accept(cast.ines, at=NOW)


def test_either_ends_it_and_a_third_person_does_not(cast):
    for by in (cast.ines, cast.marit):
        moderators.name(cast.ines, by=cast.marit, at=NOW)
        moderators.accept(cast.ines, at=NOW)
        with pytest.raises(NotAModerator):
            moderators.end(cast.ines.pk, by=cast.rose, at=NOW)

        moderators.end(cast.ines.pk, by=by, at=NOW)

        assert not moderators.is_moderator(cast.ines)


def test_a_restore_makes_nobody_one_again(cast):
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    moderators.end(cast.ines.pk, by=cast.marit, at=NOW)
    Moderator.objects.create(account=cast.ines, named_by=cast.marit, named_at=NOW, accepted_at=NOW)
    entry = Narrowing.objects.get(kind=Narrowing.Kind.MODERATOR_ENDED)

    replaying.replay(entry.kind, entry.subject, at=NOW)

    assert not moderators.is_moderator(cast.ines)


def test_whoever_is_suspended_or_closes_their_account_is_none(cast):
    for account in (cast.ines, cast.nan):
        moderators.name(account, by=cast.marit, at=NOW)
        moderators.accept(account, at=NOW)

    suspensions.suspend(cast.ines.pk, because="", at=NOW)
    account_closures.close(cast.nan, b"x" * 32, due_at=NOW, at=NOW)

    assert set(moderators.everybody()) == {cast.marit}
    assert not Moderator.objects.filter(account=cast.nan).exists()
