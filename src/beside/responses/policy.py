"""Who may respond to a letter, who reads a response first, and who reads it then: docs/access.md, *Responses*.

Everything that sends, lists or shows a response asks here. Nothing here changes a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from beside.access import conditions
from beside.access.compiled import (
    ACCOUNT,
    POST,
    Expression,
    Statement,
    as_uuid,
    compiled,
    condition,
    from_uuid,
)
from beside.access.conditions import Me, Viewer
from beside.access.policy import SeenPost, visible_to
from beside.people import delegations, quiet_days
from beside.people.models import Account, Block
from beside.posts.authorship import written_by
from beside.posts.models import Audience, Authorship, Grant, Post
from beside.responses.models import (
    Presence,
    ReadFirst,
    RespondedBy,
    Response,
    ResponseChoice,
    ResponsePause,
)

# Their account is neither closed nor suspended.
_WRITER_IS_HERE = Q(writer__is_active=True, writer__suspended_at=None)


def may_respond(post_id: UUID, viewer: Viewer, *, at: datetime) -> bool:
    """Whether `viewer` may respond to the post with this id at `at`."""
    return respondable_by(viewer, at=at).filter(pk=post_id).exists()


def respondable_by(viewer: Viewer, *, at: datetime) -> QuerySet[SeenPost]:
    """The posts that `viewer` may respond to at `at`. Somebody without an account may respond to none."""
    seen = visible_to(viewer, at=at)
    if viewer.account is None:
        return seen.none()
    may_respond = _compiled_may_respond().bind(account=from_uuid(viewer.account))
    return seen.annotate(may_respond=may_respond).filter(may_respond=True)


@lru_cache(maxsize=1)
def _compiled_may_respond() -> Expression:
    """Whether somebody may respond to a post whose words they see: each page of a letter asks."""
    paused = Q(Exists(ResponsePause.objects.filter(post=OuterRef("pk"))))
    return condition(_is_invited(ACCOUNT) & ~conditions.is_author(ACCOUNT) & ~paused)


def _is_invited(me: Me) -> Q:
    let_in = _is_for_let_in() & conditions.is_let_in(me)
    named = conditions.is_named("words", Grant.What.WORDS, me) | conditions.is_named(
        "photographs", Grant.What.PHOTOGRAPHS, me
    )
    return (
        takes_from(RespondedBy.READERS)
        | takes_from(RespondedBy.LET_IN) & let_in
        | takes_from(RespondedBy.NAMED) & named
    )


def _is_for_let_in() -> Q:
    return Q(words_for=Audience.LET_IN) | Q(photographs_for=Audience.LET_IN)


def takes_from(level: RespondedBy) -> Q:
    """Whether every author of the post takes responses from at least this level, for `Post` rows."""
    return _every_author_says(responded_by__gte=level)


def takes_presences(post: Post) -> bool:
    """Whether every author of `post` takes "I was here"."""
    return _all_say(post, takes_presences=True)


def _every_author_says(**choice: object) -> Q:
    """Whether every author of the post has chosen this, for `Post` rows."""
    return ~Q(Exists(_silent(**choice).filter(post=OuterRef("pk"))))


def _all_say(post: Post, **choice: object) -> bool:
    return not _silent(**choice).filter(post=post).exists()


def _silent(**choice: object) -> QuerySet[Authorship]:
    """The authorships whose authors haven't chosen this."""
    said = ResponseChoice.objects.filter(
        post=OuterRef("post"), author=OuterRef("account"), **choice
    )
    return Authorship.objects.filter(~Exists(said))


# Who reads first.


def has_screener(post: Post) -> bool:
    """Whether any author of `post` has somebody who reads first."""
    return bool(_screeners_of(post))


def readers_first_of(post: Post) -> list[Account]:
    """Everybody who reads responses to `post` first, with profiles, by name; empty if nobody does."""
    people = Account.objects.filter(suspended_at=None).select_related("profile")
    screeners = people.filter(pk__in=_screeners_of(post))
    found = list(screeners.order_by("profile__name", "pk"))
    if found or not _all_say(post, read_first=ReadFirst.AUTHORS):
        return found
    authors = Authorship.objects.filter(post=post).values("account")
    return list(people.filter(pk__in=authors).order_by("profile__name", "pk"))


def readers_of(post: Post, writer: Account) -> list[Account]:
    """Everybody who reads first what `writer` writes to the authors of `post`, by name; empty if nobody does."""
    return not_apart_from(writer, readers_first_of(post))


def not_apart_from(writer: Account, readers: Sequence[Account]) -> list[Account]:
    """Those of `readers` whom no block sets apart from `writer`."""
    apart = Account.objects.filter(_is_apart(writer.pk, "pk"), pk__in=[one.pk for one in readers])
    hidden = set(apart.values_list("pk", flat=True))
    return [one for one in readers if one.pk not in hidden]


def is_screener_of(account: Account, post: Post) -> bool:
    """Whether `account` reads first for one of the post's authors, by a delegation."""
    return account.pk in _screeners_of(post)


def _screeners_of(post: Post) -> set[UUID]:
    rows = _compiled_screeners().every(post=from_uuid(post.pk))
    return {as_uuid(screener) for [screener] in rows}


@lru_cache(maxsize=1)
def _compiled_screeners() -> Statement:
    """Who reads first for any author of a post: whoever sends a response holds locks while this is asked."""
    authors = Authorship.objects.filter(post=POST).values("account")
    return compiled(delegations.screening().filter(author__in=authors).values_list("delegate"))


def waiting_for(account: Account) -> QuerySet[Response]:
    """The responses that wait for `account` to read them first, also those that somebody else has in hand."""
    suspended = Account.objects.filter(pk=account.pk, suspended_at__isnull=False)
    theirs = delegations.screening().filter(delegate=account).values("author")
    as_screener = Authorship.objects.filter(account__in=theirs)
    as_author = read_first_by_its_authors(account)
    read_first = Q(post__in=as_screener.values("post")) | Q(post__in=as_author.values("pk"))
    waiting = not_apart().filter(read_first, ~_is_apart(account.pk), state=Response.State.WAITING)
    return waiting.exclude(Q(writer=account) | Q(Exists(suspended)))


def read_first_by_its_authors(author: Account) -> QuerySet[Post]:
    """The posts of `author` to which the authors read responses first themselves."""
    return written_by(author).filter(
        ~Q(Exists(_screened().filter(post=OuterRef("pk")))),
        _every_author_says(read_first=ReadFirst.AUTHORS),
    )


def reads_first(account: Account) -> bool:
    """Whether `account` reads first for anybody, themselves included."""
    as_screener = delegations.screening().filter(delegate=account)
    return as_screener.exists() or read_first_by_its_authors(account).exists()


def _screened() -> QuerySet[Authorship]:
    """The authorships of authors who have somebody who reads first."""
    return Authorship.objects.filter(account__in=delegations.screening().values("author"))


def not_apart() -> QuerySet[Response]:
    """The responses whose writer's account is open, and who is apart from no author of the letter by a block."""
    return Response.objects.filter(~_is_apart_from_an_author(), _WRITER_IS_HERE)


# Who reads what was passed on.


def passed_on_to(author: Account, *, at: datetime) -> QuerySet[Response]:
    """The responses that `author` may read at `at`, unordered. On quiet days there are none."""
    if quiet_days.until(author, at=at):
        return Response.objects.none()
    return passed_on_for(author)


def passed_on_for(author: Account) -> QuerySet[Response]:
    """The responses that are `author`'s to read, whether or not they have quiet days."""
    return Response.objects.filter(
        ~_is_apart(author.pk),
        _WRITER_IS_HERE,
        post__in=written_by(author),
        state=Response.State.PASSED_ON,
    )


def letters_with_presence(author: Account, *, at: datetime) -> QuerySet[Post]:
    """The letters of `author` at which somebody was. On quiet days there are none."""
    if quiet_days.until(author, at=at):
        return written_by(author).none()
    here = Presence.objects.filter(post=OuterRef("pk"), account__is_active=True)
    return written_by(author).filter(Exists(here.filter(~_is_apart(author.pk, "account"))))


def shown_with(post_id: UUID, viewer: Viewer, *, at: datetime) -> QuerySet[Response]:
    """The responses that stand beside a post for `viewer` at `at`, oldest first; none if they can't read it."""
    # Beside most letters nothing stands, and then the rule needn't be asked.
    any_shown = Response.objects.filter(post=post_id, shown_at__isnull=False).exists()
    if not any_shown or not visible_to(viewer, at=at).filter(pk=post_id).exists():
        return Response.objects.none()
    shown = not_apart().filter(
        post=post_id,
        state=Response.State.PASSED_ON,
        shown_at__isnull=False,
        only_for_authors=False,
    )
    if viewer.account is not None:
        shown = shown.exclude(_is_apart(viewer.account))
    return shown.select_related("writer__profile").order_by("shown_at", "pk")


def _is_apart(me: UUID, writer: str = "writer") -> Q:
    """Whether there is a block between `me` and the row's `writer`, by default for `Response` rows."""
    between = Block.objects.filter(
        Q(blocker=me, blocked=OuterRef(writer)) | Q(blocker=OuterRef(writer), blocked=me)
    )
    return Q(Exists(between))


def _is_apart_from_an_author() -> Q:
    """Whether there is a block between the response's writer and any author of its post, for `Response` rows."""
    by_author = Block.objects.filter(
        blocked=OuterRef("writer"), blocker__authorships__post=OuterRef("post")
    )
    by_writer = Block.objects.filter(
        blocker=OuterRef("writer"), blocked__authorships__post=OuterRef("post")
    )
    return Q(Exists(by_author)) | Q(Exists(by_writer))
