from __future__ import annotations

import uuid

import pytest

from beside.access import trail
from beside.access.models import TrailEntry, TrailHead
from beside.moderation.trail import faults, forget_reasons
from tests.at_once import at_once
from tests.cast import NOW, make_post


def append(post=None, reason="Somebody says that it shows their child."):
    ids = {name: uuid.uuid4() for name in ("moderator", "report")}
    return trail.append(
        **ids, post=post.pk if post else uuid.uuid4(), photo=None, reason=reason, at=NOW
    )


@pytest.fixture
def three(cast):
    post = make_post(cast.rose)
    return [append(post) for _ in range(3)]


def numbers() -> list[int]:
    return [number for number, _says in faults()]


def test_each_entry_holds_the_digest_of_the_one_before(three):
    assert [one.number for one in three] == [1, 2, 3]
    assert [one.previous for one in three] == ["", three[0].digest, three[1].digest]
    assert numbers() == []


@pytest.mark.parametrize(
    "change",
    [
        {"at": NOW.replace(year=2000)},
        {"moderator": uuid.uuid4()},
        {"post": uuid.uuid4()},
        {"photo": uuid.uuid4()},
        {"response": uuid.uuid4()},
        {"seal": uuid.uuid4()},
        {"report": uuid.uuid4()},
        {"reason_digest": "0" * 64},
        {"previous": "0" * 64},
        {"digest": "0" * 64},
        {"reason": "Nothing."},
        {"reason": "", "salt": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_changed_is_found(three, change):
    TrailEntry.objects.filter(number=2).update(**change)

    assert 2 in numbers()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_entry_that_was_removed_is_found(three, number):
    TrailEntry.objects.filter(number=number).delete()

    assert numbers()


def test_a_trail_that_was_emptied_is_found(three):
    TrailEntry.objects.all().delete()

    assert numbers()


def test_a_reason_is_deleted_with_its_letter_and_the_chain_stays_whole(cast):
    post = make_post(cast.rose)
    append(post)
    append(make_post(cast.rose))
    post.delete()

    forget_reasons()

    assert list(TrailEntry.objects.order_by("number").values_list("reason", flat=True)) == [
        "",
        "Somebody says that it shows their child.",
    ]
    assert numbers() == []


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_once_follow_each_other():
    both = at_once(append, append)

    assert both.raised() == []
    assert TrailHead.objects.get().number == 2
    assert [one.number for one in TrailEntry.objects.order_by("number")] == [1, 2]
