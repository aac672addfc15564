"""Who may respond to a letter, who reads first what is written to its authors or to one person, and who reads it then.

The rules are in docs/access.md, *Responses* and *Private letters*; `private_letter_policy` says who may write to one person.
Everything that sends, lists or shows a response asks here. Nothing here changes a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from beside.access import conditions
from beside.access.compiled import ACCOUNT, Expression, condition, from_uuid
from beside.access.conditions import Me, Viewer
from beside.access.policy import SeenPost, visible_to
from beside.people import delegations, quiet_days
from beside.people.models import Account, Block
from beside.posts.authorship import authors_of, written_by
from beside.posts.models import Audience, Authorship, Grant, Post
from beside.querysets.prepared import prepared
from beside.responses import screeners
from beside.responses.models import (
    Presence,
    PrivateLetterChoice,
    ReadFirst,
    RespondedBy,
    Response,
    ResponseChoice,
    ResponsePause,
)

# To whom a response is written: the authors of a letter, or one person.
Addressee = Post | Account


def addressee_of(response: Response) -> Addressee:
    """The letter to whose authors `response` was written, or the one person."""
    to: Addressee | None = response.post or response.recipient
    assert to is not None  # a constraint
    return to


def recipients_of(to: Addressee) -> list[Account]:
    """Those who read what is passed on, with their profiles."""
    return [to] if isinstance(to, Account) else authors_of(to)


def sent_to(to: Addressee) -> Q:
    """Whether a response was written to them, for `Response` rows."""
    return Q(recipient=to) if isinstance(to, Account) else Q(post=to)


def may_respond(post_id: UUID, viewer: Viewer, *, at: datetime) -> bool:
    """Whether `viewer` may respond to the post with this id at `at`."""
    return _respondable.any(viewer.account, viewer.session, at, post_id)


@prepared
def _respondable(me: UUID | None, session: str | None, at: datetime, pk: UUID) -> QuerySet[Post]:
    return respondable_by(Viewer(me, session), at=at).filter(pk=pk)


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


def has_screener(to: Addressee) -> bool:
    """Whether any of those it is written to has somebody who reads first."""
    return bool(screeners.of(to))


def readers_first_of(to: Addressee) -> list[Account]:
    """Everybody who reads first what is written to them, with profiles, by name; empty if nobody does."""
    people = Account.objects.filter(suspended_at=None).select_related("profile")
    found = list(people.filter(pk__in=screeners.of(to)).order_by("profile__name", "pk"))
    if found or not _read_themselves(to):
        return found
    return list(people.filter(pk__in=_addressed(to)).order_by("profile__name", "pk"))


def readers_of(to: Addressee, writer: Account | None) -> list[Account]:
    """Everybody who reads first what `writer` writes to them, by name; empty if nobody does."""
    return not_apart_from(writer, readers_first_of(to))


def not_apart_from(writer: Account | None, readers: Sequence[Account]) -> list[Account]:
    """Those of `readers` whom no block sets apart from `writer`; all of them if the writer has no account."""
    if writer is None:
        return list(readers)
    apart = Account.objects.filter(_is_apart(writer.pk, "pk"), pk__in=[one.pk for one in readers])
    hidden = set(apart.values_list("pk", flat=True))
    return [one for one in readers if one.pk not in hidden]


def is_screener_of(account: Account, to: Addressee) -> bool:
    """Whether `account` reads first for one of those it is written to, by a delegation."""
    return account.pk in screeners.of(to)


def waiting_for(account: Account) -> QuerySet[Response]:
    """The responses that wait for `account` to read them first, also those that somebody else has in hand."""
    suspended = Account.objects.filter(pk=account.pk, suspended_at__isnull=False)
    theirs = delegations.screening().filter(delegate=account).values("author")
    as_screener = Authorship.objects.filter(account__in=theirs)
    as_author = read_first_by_its_authors(account)
    as_recipient = people_who_read_first().filter(pk=account.pk)
    read_first = (
        Q(post__in=as_screener.values("post"))
        | Q(post__in=as_author.values("pk"))
        | Q(recipient__in=theirs)
        | Q(recipient__in=as_recipient.values("pk"))
    )
    waiting = not_apart().filter(read_first, ~_is_apart(account.pk), state=Response.State.WAITING)
    return waiting.exclude(Q(writer=account) | Q(Exists(suspended)))


def read_first_by_its_authors(author: Account) -> QuerySet[Post]:
    """The posts of `author` to which the authors read responses first themselves."""
    return written_by(author).filter(
        ~Q(Exists(_screened().filter(post=OuterRef("pk")))),
        _every_author_says(read_first=ReadFirst.AUTHORS),
    )


def people_who_read_first() -> QuerySet[Account]:
    """The people who read first themselves what is written to them in private."""
    screened = delegations.screening().filter(author=OuterRef("pk"))
    return Account.objects.filter(
        ~Exists(screened), private_letter_choice__read_first=ReadFirst.AUTHORS
    )


def reads_own(account: Account) -> bool:
    """Whether `account` reads first anything that is written to themselves."""
    of_a_letter = read_first_by_its_authors(account).exists()
    return of_a_letter or people_who_read_first().filter(pk=account.pk).exists()


def reads_first(account: Account) -> bool:
    """Whether `account` reads first for anybody, themselves included."""
    as_screener = delegations.screening().filter(delegate=account)
    return as_screener.exists() or reads_own(account)


def _addressed(to: Addressee) -> QuerySet[Account]:
    if isinstance(to, Account):
        return Account.objects.filter(pk=to.pk)
    return Account.objects.filter(authorships__post=to)


def _read_themselves(to: Addressee) -> bool:
    if isinstance(to, Account):
        chosen = PrivateLetterChoice.objects.filter(account=to, read_first=ReadFirst.AUTHORS)
        return chosen.exists()
    return _all_say(to, read_first=ReadFirst.AUTHORS)


def _screened() -> QuerySet[Authorship]:
    """The authorships of authors who have somebody who reads first."""
    return Authorship.objects.filter(account__in=delegations.screening().values("author"))


def not_apart() -> QuerySet[Response]:
    """The responses whose writer's account is open, if they have one, and whom no block sets apart from a recipient."""
    return Response.objects.filter(~_is_apart_from_a_recipient(), _writer_is_here())


# Who reads what was passed on.


def passed_on_to(author: Account, *, at: datetime) -> QuerySet[Response]:
    """The responses that `author` may read at `at`, unordered. On quiet days there are none."""
    if quiet_days.until(author, at=at):
        return Response.objects.none()
    return passed_on_for(author)


def passed_on_for(author: Account) -> QuerySet[Response]:
    """The responses that are `author`'s to read, whether or not they have quiet days."""
    return Response.objects.filter(
        written_to(author),
        ~_is_apart(author.pk),
        _writer_is_here(),
        state=Response.State.PASSED_ON,
    )


def written_to(account: Account) -> Q:
    """Whether it is written to `account`, alone or as one of a letter's authors, for `Response` rows."""
    return Q(post__in=written_by(account).values("pk")) | Q(recipient=account)


def letters_with_presence(author: Account, *, at: datetime) -> QuerySet[Post]:
    """The letters of `author` at which somebody was. On quiet days there are none."""
    if quiet_days.until(author, at=at):
        return written_by(author).none()
    here = Presence.objects.filter(post=OuterRef("pk"), account__is_active=True)
    return written_by(author).filter(Exists(here.filter(~_is_apart(author.pk, "account"))))


def shown_with(post_id: UUID, viewer: Viewer, *, at: datetime) -> QuerySet[Response]:
    """The responses that stand beside a post for `viewer` at `at`, oldest first; none if they can't read it."""
    if not visible_to(viewer, at=at).filter(pk=post_id).exists():
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


def _writer_is_here() -> Q:
    """Whether the writer's account is neither closed nor suspended, or they never had one, for `Response` rows."""
    return Q(writer=None) | Q(writer__is_active=True, writer__suspended_at=None)


def _is_apart(me: UUID, writer: str = "writer") -> Q:
    """Whether there is a block between `me` and the row's `writer`, by default for `Response` rows."""
    between = Block.objects.filter(
        Q(blocker=me, blocked=OuterRef(writer)) | Q(blocker=OuterRef(writer), blocked=me)
    )
    return Q(Exists(between))


def _is_apart_from_a_recipient() -> Q:
    """Whether there is a block between the response's writer and anybody it is written to, for `Response` rows."""
    by_author = Q(blocked=OuterRef("writer"), blocker__authorships__post=OuterRef("post"))
    by_writer = Q(blocker=OuterRef("writer"), blocked__authorships__post=OuterRef("post"))
    by_recipient = Q(blocked=OuterRef("writer"), blocker=OuterRef("recipient"))
    of_recipient = Q(blocker=OuterRef("writer"), blocked=OuterRef("recipient"))
    either = (by_author, by_writer, by_recipient, of_recipient)
    apart = [Q(Exists(Block.objects.filter(one))) for one in either]
    return apart[0] | apart[1] | apart[2] | apart[3]
