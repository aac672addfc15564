from __future__ import annotations

from beside.front.limits import Limits
from beside.front.unread import Unread

MIB = 1 << 20
LIMITS = Limits(unread_bytes=4 * MIB, unread_of_person=4 * MIB)


def unread_of(*sent, at=10.0):
    unread = Unread(LIMITS)
    for client in sent:
        unread.sent(client, f"of {client}", MIB, at=at)
    return unread


def test_what_the_kernel_has_nothing_left_of_was_taken():
    unread = unread_of("a", "b")

    unread.settle({"a": 0, "b": 5}, looked_at=11, at=11)

    assert unread.total == MIB


def test_what_has_not_reached_the_kernel_yet_was_not_taken():
    unread = unread_of("a")

    unread.settle({"a": 0}, looked_at=10.1, at=10.2)
    assert unread.total == MIB

    unread.settle({"a": 0}, looked_at=11, at=11)
    assert unread.total == 0


def test_what_was_sent_while_the_connections_were_looked_through_was_not_taken():
    unread = unread_of("a", "b")

    unread.settle({"a": 0}, looked_at=9, at=12)

    assert unread.total == 2 * MIB


def test_a_connection_that_is_gone_takes_no_room():
    unread = unread_of("a")

    unread.settle({}, looked_at=10.1, at=10.1)

    assert unread.total == 0


def test_whose_connections_are_ended_is_known():
    unread = unread_of("a", "b", "c", "d")

    ended = unread.settle(dict.fromkeys("abcd", 1), looked_at=12, at=12)

    assert ended
    assert unread.persons(ended) == {f"of {client}" for client in ended}


def test_where_photographs_have_filled_the_room_there_is_some_for_pages():
    unread = unread_of("a", "b", "c", "d")

    assert not unread.has_room("somebody")
    assert unread.has_room_for_page("somebody")

    unread.sent("e", "e", 2 * MIB, at=10)
    assert not unread.has_room_for_page("somebody")
