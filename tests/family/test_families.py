from __future__ import annotations

import uuid

import pytest

from beside.access.policy import Viewer
from beside.archive import account_closures
from beside.family import families, family_members, policy, replaying, timeline_entries
from beside.family.families import NobodyNamed, Seen
from beside.family.family_members import MOST_MEMBERS, NoSuchMember, TooManyMembers
from beside.family.models import Family, FamilyAudience, FamilyMember, TimelineEntry
from beside.family.timeline_entries import NOT_UNDERSTOOD, EntryText, NoSuchEntry
from beside.notices.models import Notice
from beside.people import blocks
from beside.people.models import Narrowing
from beside.posts import closing, taking_back
from beside.posts.models import Post
from tests.cast import NOW, make_circle, make_post


@pytest.fixture
def circle(cast):
    return make_circle(cast.rose, of=[cast.nan, cast.tom])


@pytest.fixture
def family(cast, circle) -> Family:
    families.choose(cast.rose, to_circle(circle), at=NOW)
    return Family.objects.get(keeper=cast.rose)


def to_circle(circle) -> Seen:
    return Seen(FamilyAudience.PEOPLE, circles=frozenset({circle.pk}))


def write(by, heading="Noa is born", **more) -> TimelineEntry:
    text = EntryText("", heading, **more)
    return timeline_entries.keep(uuid.uuid4(), text, NOT_UNDERSTOOD, by=by, at=NOW)


def named(by, name, account=None) -> FamilyMember:
    return family_members.add(by, uuid.uuid4(), name, at=NOW, account=account)


def seen_by(family, account) -> set[str]:
    entries = policy.entries_visible_to(family, Viewer(account.pk), at=NOW)
    return {one.heading for one in entries}


def replay_all() -> None:
    for row in Narrowing.objects.all():
        replaying.replay(row.kind, row.subject, at=NOW)


def test_a_family_is_its_keepers_alone_until_they_say_otherwise(cast, circle):
    write(cast.rose)
    family = Family.objects.get()

    assert seen_by(family, cast.rose) == {"Noa is born"}
    assert seen_by(family, cast.nan) == set()

    families.choose(cast.rose, to_circle(circle), at=NOW)

    assert seen_by(family, cast.nan) == {"Noa is born"}
    assert seen_by(family, cast.ines) == set()


def test_these_people_are_somebody(cast):
    with pytest.raises(NobodyNamed):
        families.choose(cast.rose, Seen(FamilyAudience.PEOPLE), at=NOW)


def test_nobody_names_somebody_elses_circle(cast):
    others = make_circle(cast.tom, of=[cast.nan])

    with pytest.raises(NobodyNamed):
        families.choose(cast.rose, to_circle(others), at=NOW)


def test_an_entry_goes_with_its_letter(cast, data, family, circle):
    post = make_post(cast.rose, words_for=[circle])
    write(cast.rose, post=post.pk)
    assert seen_by(family, cast.nan) == {"Noa is born"}

    closing.close(post, by=cast.rose, at=NOW)
    assert seen_by(family, cast.nan) == set()

    closing.reopen(post, by=cast.rose, at=NOW)
    assert seen_by(family, cast.nan) == {"Noa is born"}

    taking_back.take_back(post, by=cast.rose, at=NOW)
    assert seen_by(family, cast.nan) == set()
    assert seen_by(family, cast.rose) == {"Noa is born"}


def test_an_entry_whose_letter_is_gone_stays_its_keepers_whatever_is_changed(cast, family, circle):
    post = make_post(cast.rose, words_for=[circle])
    entry = write(cast.rose, post=post.pk)
    Post.objects.all().delete()
    text = EntryText("", "Another heading")

    timeline_entries.keep(entry.pk, text, NOT_UNDERSTOOD, by=cast.rose, at=NOW)

    assert seen_by(family, cast.rose) == {"Another heading"}
    assert seen_by(family, cast.nan) == set()


def test_an_entry_is_of_no_letter_that_its_writer_has_not_written(cast, family):
    entry = write(cast.rose, post=make_post(cast.tom).pk)

    assert not entry.of_letter


def test_what_is_put_away_is_its_keepers_until_it_is_taken_out(cast, family):
    entry = write(cast.rose)
    timeline_entries.put_away(entry.pk, by=cast.rose, at=NOW)

    assert seen_by(family, cast.nan) == set()

    timeline_entries.take_out(entry.pk, by=cast.rose, at=NOW)

    assert seen_by(family, cast.nan) == {"Noa is born"}


def test_only_its_keeper_changes_an_entry(cast, family):
    entry = write(cast.rose)
    write(cast.tom)
    text = EntryText("", "Mine now")

    with pytest.raises(NoSuchEntry):
        timeline_entries.keep(entry.pk, text, NOT_UNDERSTOOD, by=cast.tom, at=NOW)
    for act in (timeline_entries.put_away, timeline_entries.delete):
        with pytest.raises(NoSuchEntry):
            act(entry.pk, by=cast.tom, at=NOW)
    with pytest.raises(NoSuchEntry):
        timeline_entries.take_out(entry.pk, by=cast.tom, at=NOW)


def test_somebody_who_is_named_is_asked_and_takes_themselves_off_for_good(cast, family):
    member = named(cast.rose, "Tom", cast.tom)
    entry = write(cast.rose, "They marry", members=frozenset({member.pk}))
    notice = Notice.objects.get(kind=Notice.Kind.NAMED_IN_FAMILY)
    assert (notice.recipient_id, notice.about) == (cast.tom.pk, member.pk)

    family_members.agree(member.pk, by=cast.tom, at=NOW)
    assert not Notice.objects.filter(kind=Notice.Kind.NAMED_IN_FAMILY).exists()
    family_members.take_off(member.pk, by=cast.tom, at=NOW)

    assert seen_by(family, cast.nan) == set()
    assert not policy.members_visible_to(family, Viewer(cast.nan.pk)).exists()
    assert policy.members_visible_to(family, Viewer(cast.rose.pk)).exists()
    with pytest.raises(NoSuchMember):
        family_members.rename(cast.rose, member.pk, "Tom")
    with pytest.raises(NoSuchMember):
        family_members.agree(member.pk, by=cast.tom, at=NOW)

    family_members.remove(cast.rose, member.pk, at=NOW)

    assert seen_by(family, cast.nan) == set()
    assert seen_by(family, cast.rose) == {entry.heading}


def test_nobody_else_answers_for_somebody(cast, family):
    member = named(cast.rose, "Tom", cast.tom)

    for act in (family_members.agree, family_members.take_off):
        with pytest.raises(NoSuchMember):
            act(member.pk, by=cast.nan, at=NOW)
    with pytest.raises(NoSuchMember):
        family_members.remove(cast.nan, member.pk, at=NOW)


def test_somebody_is_asked_once_and_never_across_a_block(cast, family):
    first = named(cast.rose, "Tom", cast.tom)
    blocks.block(cast.ada, cast.rose, at=NOW)

    assert named(cast.rose, "Tom again", cast.tom) == first
    assert named(cast.rose, "Ada", cast.ada).account is None


def test_members_are_as_many_as_a_page_holds(cast, family):
    FamilyMember.objects.bulk_create(
        FamilyMember(family=family, added_at=NOW) for _ in range(MOST_MEMBERS)
    )

    with pytest.raises(TooManyMembers):
        named(cast.rose, "One more")


def test_an_older_backup_opens_nothing_again(cast, family, circle):
    member = named(cast.rose, "Tom", cast.tom)
    away, deleted = write(cast.rose, "Away"), write(cast.rose, "Deleted")
    later_of_letter = write(cast.rose, "Of a letter")
    post = make_post(cast.rose)
    timeline_entries.put_away(away.pk, by=cast.rose, at=NOW)
    timeline_entries.delete(deleted.pk, by=cast.rose, at=NOW)
    text = EntryText("", "Of a letter", post=post.pk)
    timeline_entries.keep(later_of_letter.pk, text, NOT_UNDERSTOOD, by=cast.rose, at=NOW)
    family_members.take_off(member.pk, by=cast.tom, at=NOW)
    # As an older backup has them.
    FamilyMember.objects.update(taken_off_at=None)
    TimelineEntry.objects.update(put_away_at=None, of_letter=False, post=None)
    deleted.save(force_insert=True)
    write(cast.rose, "Open")

    replay_all()

    assert seen_by(family, cast.nan) == {"Open"}
    assert not policy.members_visible_to(family, Viewer(cast.nan.pk)).exists()

    families.choose(cast.rose, Seen(), at=NOW)
    Family.objects.update(audience=FamilyAudience.ANYONE)
    replay_all()

    assert seen_by(family, cast.nan) == set()


def test_a_restored_place_is_closed_until_it_is_opened(cast, family):
    write(cast.rose)
    replaying.close_all(at=NOW)
    assert seen_by(family, cast.nan) == set()

    replaying.open_again(closed_at=NOW)

    assert seen_by(family, cast.nan) == {"Noa is born"}


@pytest.mark.thorough
def test_somebody_who_leaves_is_taken_off_and_their_family_is_seen_by_nobody(cast, data, family):
    named(cast.tom, "Rose", cast.rose)
    write(cast.rose)

    account_closures.close(cast.rose, at=NOW)

    assert seen_by(family, cast.nan) == set()
    assert FamilyMember.objects.get().taken_off_at == NOW

    account_closures.destroy(cast.rose, at=NOW)

    assert not Family.objects.filter(pk=family.pk).exists()
    assert not TimelineEntry.objects.exists()


def test_a_family_takes_few_queries_however_many_entries_it_has(
    cast, family, circle, django_assert_max_num_queries
):
    for _ in range(6):
        write(cast.rose, post=make_post(cast.rose, words_for=[circle]).pk)

    with django_assert_max_num_queries(2):
        seen_by(family, cast.nan)
