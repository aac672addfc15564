from __future__ import annotations

import uuid
from datetime import timedelta

from beside.notices import notices
from beside.notices.models import Notice
from tests.cast import NOW

KIND = Notice.Kind.SHARED


def test_what_stands_there_unread_is_not_said_twice(cast):
    about = uuid.uuid4()

    notices.tell(cast.rose.pk, KIND, about=about, at=NOW)
    notices.tell(cast.rose.pk, KIND, about=about, at=NOW + timedelta(hours=1))

    assert [notice.about for notice in notices.newest(cast.rose.pk)] == [about]


def test_after_it_was_read_it_can_be_said_again(cast):
    about = uuid.uuid4()
    notices.tell(cast.rose.pk, KIND, about=about, at=NOW)
    notices.mark_read(cast.rose.pk, at=NOW)

    notices.tell(cast.rose.pk, KIND, about=about, at=NOW + timedelta(hours=1))

    assert len(notices.newest(cast.rose.pk)) == 2


def test_the_newest_comes_first_and_only_ones_own(cast):
    old, new = uuid.uuid4(), uuid.uuid4()
    notices.tell(cast.rose.pk, KIND, about=old, at=NOW - timedelta(days=1))
    notices.tell(cast.rose.pk, KIND, about=new, at=NOW)
    notices.tell(cast.tom.pk, KIND, about=new, at=NOW)

    assert [notice.about for notice in notices.newest(cast.rose.pk)] == [new, old]


def test_putting_away_keeps_what_waits_for_an_answer(cast):
    notices.tell(cast.rose.pk, KIND, about=uuid.uuid4(), at=NOW)
    notices.tell(cast.rose.pk, Notice.Kind.FOLLOW_REQUESTED, about=cast.nan.pk, at=NOW)
    notices.tell(cast.tom.pk, KIND, about=uuid.uuid4(), at=NOW)

    notices.put_away(cast.rose.pk)

    assert [n.kind for n in notices.newest(cast.rose.pk)] == [Notice.Kind.FOLLOW_REQUESTED]
    assert len(notices.newest(cast.tom.pk)) == 1


def test_what_has_been_dealt_with_is_taken_away_again(cast):
    notices.tell(cast.rose.pk, Notice.Kind.FOLLOW_REQUESTED, about=cast.nan.pk, at=NOW)

    notices.untell(cast.rose.pk, Notice.Kind.FOLLOW_REQUESTED, about=cast.nan.pk)

    assert notices.newest(cast.rose.pk) == []


def test_a_notice_says_nothing_of_itself(cast):
    notices.tell(cast.rose.pk, KIND, about=uuid.uuid4(), at=NOW)

    assert "Rose" not in str(notices.newest(cast.rose.pk)[0])
