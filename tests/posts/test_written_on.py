from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from beside.access import feeds
from beside.access.content_preferences import not_today
from beside.access.policy import Viewer
from beside.people import accounts, delegations
from beside.people.delegations import Role
from beside.people.models import Delegation, Profile
from beside.posts import addenda, closing, destroying, drafting, ghostwriting, publishing
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_photo, make_post

# In Sydney it is half past midnight on the 30th, in Pago Pago still the 29th.
AT = datetime(2026, 11, 29, 13, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def rose(cast):
    accounts.choose_time_zone(cast.rose, "Australia/Sydney")
    return cast.rose


@pytest.fixture
def tom(cast):
    accounts.choose_time_zone(cast.tom, "Pacific/Pago_Pago")
    return cast.tom


def published(author, *, at, **fields) -> Post:
    post = make_post(author, state=Post.State.DRAFT, **fields)
    publishing.publish(post, by=author, at=at)
    post.refresh_from_db()
    return post


@pytest.mark.parametrize(("at", "day"), [(AT, date(2026, 11, 30)), (AT - HOUR, date(2026, 11, 29))])
def test_a_letter_bears_the_day_on_which_its_author_published_it(rose, at, day):
    post = published(rose, at=at)

    assert (post.written_on, post.published_at) == (day, at)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Kiritimati", date(2026, 6, 16)), ("Pacific/Pago_Pago", date(2026, 6, 14))],
)
def test_it_does_so_on_both_sides_of_the_date_line(cast, zone, day):
    accounts.choose_time_zone(cast.ada, zone)

    post = published(cast.ada, at=datetime(2026, 6, 15, 10, 30, tzinfo=UTC))

    assert post.written_on == day


def test_of_two_authors_it_is_the_day_of_the_one_who_publishes(rose, tom):
    post = make_post(rose, tom, state=Post.State.DRAFT)

    publishing.publish(post, by=tom, at=AT)

    post.refresh_from_db()
    assert post.written_on == date(2026, 11, 29)


def test_a_draft_bears_the_day_on_which_it_was_begun_until_it_is_published(rose):
    post = drafting.begin(uuid4(), by=rose, at=AT)
    begun = post.written_on
    Post.objects.filter(pk=post.pk).update(words="We knew.")

    publishing.publish(post, by=rose, at=AT + timedelta(days=3))

    post.refresh_from_db()
    assert (begun, post.written_on) == (date(2026, 11, 30), date(2026, 12, 3))


def test_closing_and_opening_it_again_leave_its_day_alone(rose):
    post = published(rose, at=AT)

    closing.close(post, by=rose, at=AT + timedelta(days=9))
    closing.reopen(post, by=rose, at=AT + timedelta(days=10))

    post.refresh_from_db()
    assert post.written_on == date(2026, 11, 30)


def test_its_day_stays_when_its_author_moves(rose):
    post = published(rose, at=AT)

    accounts.choose_time_zone(rose, "Pacific/Pago_Pago")

    post.refresh_from_db()
    assert post.written_on == date(2026, 11, 30)


def test_a_draft_written_for_somebody_bears_their_day(rose, tom):
    delegations.offer(rose, tom, Role.TELLER, message="", at=NOW)
    held = Delegation.objects.get(author=rose)
    delegations.sign(held.pk, by=tom, at=NOW)

    ghostwriting.hand_over(held.pk, title="", words="For you.", by=tom, at=AT)

    assert Post.objects.get().written_on == date(2026, 11, 30)


def test_what_is_added_later_bears_its_authors_day(rose, tom):
    post = make_post(rose, tom)

    by_rose = addenda.add(post, "In summer.", by=rose, at=AT)
    by_tom = addenda.add(post, "In winter.", by=tom, at=AT)

    assert (by_rose.added_on, by_tom.added_on) == (date(2026, 11, 30), date(2026, 11, 29))


def test_letters_are_ordered_by_instants_and_not_by_their_days(rose, tom, cast):
    earlier = published(rose, at=AT, words_for=Audience.ANYONE)
    later = published(tom, at=AT + HOUR, words_for=Audience.ANYONE)

    assert earlier.written_on > later.written_on
    for author, post in ((rose, earlier), (tom, later)):
        page = feeds.by_person(Viewer(cast.nan.pk), author.pk, at=AT + 2 * HOUR)
        assert [one.pk for one in page.posts] == [post.pk]
    newest = Post.objects.order_by(*feeds.NEWEST).values_list("pk", flat=True)
    assert list(newest) == [later.pk, earlier.pk]


def closed_between(author, since, until) -> list[bool]:
    closing.close_everything(author, at=NOW, since=since, until=until)
    states = Post.objects.order_by("published_at").values_list("state", flat=True)
    return [state == Post.State.CLOSED for state in states]


def test_a_period_is_of_the_authors_days_and_both_are_in_it(rose):
    # In Sydney the last minute of the 28th, the first of the 29th, the last of the 30th, the first of the 1st.
    for at in (
        datetime(2026, 11, 28, 12, 59, tzinfo=UTC),
        datetime(2026, 11, 28, 13, 0, tzinfo=UTC),
        datetime(2026, 11, 30, 12, 59, tzinfo=UTC),
        datetime(2026, 11, 30, 13, 0, tzinfo=UTC),
    ):
        published(rose, at=at)

    closed = closed_between(rose, date(2026, 11, 29), date(2026, 11, 30))

    assert closed == [False, True, True, False]


@pytest.mark.parametrize(
    ("asked_at", "due_at"),
    [
        (datetime(2026, 3, 14, 23, 30, tzinfo=UTC), datetime(2026, 4, 13, 22, 30, tzinfo=UTC)),
        (datetime(2026, 10, 14, 22, 30, tzinfo=UTC), datetime(2026, 11, 13, 23, 30, tzinfo=UTC)),
    ],
)
def test_thirty_days_to_think_are_thirty_days_when_the_clocks_change(cast, asked_at, due_at):
    accounts.choose_time_zone(cast.rose, "Europe/London")

    of_post = destroying.ask_for_post(make_post(cast.rose), by=cast.rose, at=asked_at)
    of_photo = destroying.ask_for_photo(make_photo(cast.rose), by=cast.rose, at=asked_at)

    assert (of_post.due_at, of_photo.due_at) == (due_at, due_at)


@pytest.mark.parametrize(
    ("zone", "at", "until"),
    [
        ("Australia/Sydney", AT, datetime(2026, 11, 30, 17, 0, tzinfo=UTC)),
        ("Australia/Sydney", AT - HOUR, datetime(2026, 11, 29, 17, 0, tzinfo=UTC)),
        # Tomorrow the clocks go back.
        (
            "Europe/London",
            datetime(2026, 10, 24, 12, 0, tzinfo=UTC),
            datetime(2026, 10, 25, 4, 0, tzinfo=UTC),
        ),
    ],
)
def test_not_today_ends_tomorrow_morning_where_the_person_is(cast, zone, at, until):
    accounts.choose_time_zone(cast.nan, zone)

    not_today(cast.nan, at=at)

    assert Profile.objects.get(account=cast.nan).not_today_until == until
