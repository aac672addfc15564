from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.test.utils import CaptureQueriesContext

from beside.people.models import Account, Circle, Follow, Session
from beside.posts.models import Authorship, Post
from beside.querysets.placeholders import CannotPrepare
from beside.querysets.prepared import Prepared, prepared
from tests.cast import NOW, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def built() -> list[tuple]:
    """With what the queryset was built."""
    return []


@pytest.fixture
def named(built) -> Prepared:
    @prepared
    def people(ids: list[UUID], *, with_profile: bool = False) -> QuerySet[Account]:
        built.append((ids, with_profile))
        found = Account.objects.filter(pk__in=ids).order_by("email")
        return found.select_related("profile") if with_profile else found

    return people


def test_it_is_built_once_and_filled_in_for_each_request(cast, named, built):
    assert named.every([cast.rose.pk]) == [cast.rose]
    assert named.every([cast.tom.pk]) == [cast.tom]

    assert len(built) == 1
    assert cast.rose.pk not in built[0][0]


@pytest.mark.parametrize("how", ["iexact", "icontains", "istartswith"])
def test_a_text_that_the_database_is_given_otherwise_is_no_placeholder(cast, how):
    @prepared
    def called(text: str) -> QuerySet[Account]:
        return Account.objects.filter(**{f"email__{how}": text})

    if how == "iexact" and connection.vendor == "postgresql":
        # It compares there, and takes the text as it is.
        assert called.every("r_se@%") == []
        assert called.every(cast.rose.email.upper()) == [cast.rose]
        return
    with pytest.raises(CannotPrepare):
        called.every("r_se@%")


def test_an_account_is_found_by_its_address_and_not_by_a_pattern(cast):
    pattern = cast.rose.email.replace("o", "_", 1)

    assert Account.objects.get(email__iexact=cast.rose.email.upper()) == cast.rose
    with pytest.raises(Account.DoesNotExist):
        Account.objects.get(email__iexact=pattern)


def test_an_empty_text_has_a_statement_of_its_own(cast):
    @prepared
    def called(text: str) -> QuerySet[Account]:
        return Account.objects.filter(email=text) if text else Account.objects.none()

    assert called.every(cast.rose.email) == [cast.rose]
    assert called.every("") == []


def test_lists_of_a_few_lengths_share_a_statement(cast, named, built):
    everybody = sorted([cast.rose, cast.tom, cast.nan], key=lambda one: one.email)

    assert named.every([one.pk for one in everybody]) == everybody
    assert named.every([*(one.pk for one in everybody), uuid4()]) == everybody

    assert len(built) == 1


def test_nobody_is_in_an_empty_list(cast, named):
    assert named.every([]) == []
    assert named.first([]) is None
    assert not named.any([])


def test_a_flag_is_part_of_the_statement(cast, named, django_assert_num_queries):
    with_profile = named.first([cast.rose.pk], with_profile=True)

    with django_assert_num_queries(0):
        assert with_profile.profile.name == "Rose"
    assert named.first([cast.rose.pk], with_profile=False) == cast.rose


def test_it_gives_what_the_queryset_gives_with_what_was_annotated(cast):
    post = make_post(cast.rose)

    @prepared
    def written(account: UUID, before: datetime) -> QuerySet[Post]:
        mine = Authorship.objects.filter(account=account, post=OuterRef("pk"))
        return Post.objects.filter(begun_at__lt=before).annotate(is_mine=Exists(mine))

    (found,) = written.every(cast.rose.pk, NOW + timedelta(days=1))
    (plain,) = Post.objects.filter(pk=post.pk)

    assert found.is_mine is True
    assert {
        name: value for name, value in vars(found).items() if name not in ("_state", "is_mine")
    } == {name: value for name, value in vars(plain).items() if name != "_state"}
    assert written.first(cast.tom.pk, NOW + timedelta(days=1)).is_mine is False
    assert written.every(cast.rose.pk, plain.begun_at) == []


def test_it_gives_columns(cast):
    @prepared
    def columns(account: UUID, *, flat: bool) -> QuerySet[Account]:
        mine = Account.objects.filter(pk=account)
        return (
            mine.values_list("pk", flat=True)
            if flat
            else mine.values_list("email", "pk", "joined_at")
        )

    assert columns.every(cast.rose.pk, flat=True) == [cast.rose.pk]
    assert columns.first(cast.rose.pk, flat=False) == (
        cast.rose.email,
        cast.rose.pk,
        cast.rose.joined_at,
    )


def test_what_somebody_typed_is_never_read_as_sql(cast):
    @prepared
    def called(name: str) -> QuerySet[Circle]:
        return Circle.objects.filter(name=name)

    circle = Circle.objects.create(owner=cast.rose, name="' OR 1=1 -- %s ? :name")

    assert called.every(circle.name) == [circle]
    assert called.every("' OR '1'='1") == []


def test_what_was_changed_meanwhile_is_in_the_next_answer(cast):
    @prepared
    def follows(follower: UUID) -> QuerySet[Follow]:
        return Follow.objects.filter(follower=follower)

    assert not follows.any(cast.nan.pk)
    row = Follow.objects.create(follower=cast.nan, followed=cast.tom, asked_at=NOW)
    assert follows.every(cast.nan.pk) == [row]
    row.delete()
    assert not follows.any(cast.nan.pk)


def test_nothing_that_a_request_said_can_be_built_in(cast):
    @prepared
    def of_rose(_account: UUID) -> QuerySet[Account]:
        return Account.objects.filter(pk=cast.rose.pk)

    @prepared
    def lately(_account: UUID) -> QuerySet[Account]:
        return Account.objects.filter(joined_at__gt=NOW)

    @prepared
    def in_a_session(_account: UUID) -> QuerySet[Session]:
        return Session.objects.filter(pk="auegfimtrtwfgohnhb48v76trjs0wmi8")

    for one in (of_rose, lately, in_a_session):
        with pytest.raises(CannotPrepare):
            one.every(cast.rose.pk)


def test_what_a_time_is_made_into_has_to_be_an_argument_itself(cast):
    @prepared
    def later(at: datetime) -> QuerySet[Account]:
        return Account.objects.filter(joined_at__gt=at + timedelta(days=1))

    with pytest.raises(CannotPrepare):
        later.every(NOW)


@pytest.mark.parametrize(
    "build",
    [
        lambda account: Account.objects.filter(pk=account).prefetch_related("circles"),
        lambda account: Account.objects.filter(pk=account).select_for_update(),
        lambda account: Account(pk=account).circles.all(),
        lambda account: Account.objects.filter(pk=account).values("pk"),
    ],
)
def test_what_is_more_than_sql_is_refused(cast, build):
    with pytest.raises(CannotPrepare):
        Prepared(build).every(cast.rose.pk)


def test_an_argument_that_cannot_be_filled_in_is_refused(cast, named):
    with pytest.raises(CannotPrepare):
        named.every({cast.rose.pk})
    with pytest.raises(CannotPrepare):
        Prepared(lambda number: Account.objects.all()[:number]).every(3)


def test_whoever_watches_statements_sees_these_too(cast, named):
    with CaptureQueriesContext(connection) as seen:
        assert named.every([cast.rose.pk]) == [cast.rose]

    assert len(seen) == 1
    assert "people_account" in seen[0]["sql"]


@pytest.mark.thorough
def test_a_list_of_more_ids_than_a_statement_is_kept_for_is_asked_as_django_asks(cast, named):
    many = [cast.rose.pk, *(uuid4() for _ in range(4096))]

    assert named.every(many) == list(named(many))
    assert named.first(many) == named(many).first()
    assert named.any(many)
    assert not named.any(many[1:])
    assert named.first(many[1:]) is None
