"""What the authors of a letter choose about responses. More people may respond only once each author says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import narrowings
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.posts.authorship import authors_of, locked
from beside.posts.models import Authorship, Post
from beside.responses import policy, queue
from beside.responses.models import (
    PrivateLetterChoice,
    ReadFirst,
    RespondedBy,
    ResponseChoice,
    ResponsePause,
)


class WhoReadsFirst(Exception):
    """Responses can't be taken before it is said who reads them first."""

    def __init__(self) -> None:
        super().__init__(
            _("Say who reads first what people write to you. Until then, nobody can respond.")
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What one author says. `read_first` only counts where no author has somebody who reads first."""

    responded_by: RespondedBy
    read_first: ReadFirst | None = None
    takes_presences: bool = True
    helps: str = ""
    closes_at: int | None = None


@dataclass(frozen=True, slots=True)
class Holds:
    """What holds for a letter: the narrowest choice of its authors.

    `undecided` are those who hold responses back; `helps` is what each author says that helps, with its author.
    """

    responded_by: RespondedBy
    takes_presences: bool
    undecided: Sequence[Account]
    helps: Sequence[tuple[Account, str]]
    is_paused: bool


@transaction.atomic
def choose(post: Post, chosen: Chosen, *, by: Account, at: datetime) -> None:
    """Record what `by` chooses. Co-authors whose choice is narrower are told that they are asked.

    Raises `NotAnAuthor`, and `WhoReadsFirst` if responses would come with nobody chosen to read them.
    """
    post = locked(post, by=by)
    before = of(post, by)
    read_first = before.read_first if chosen.read_first is None else chosen.read_first
    is_new = before.pk is None
    opens = chosen.responded_by > RespondedBy.NOBODY
    if opens and is_new and chosen.read_first is None and not policy.has_screener(post):
        raise WhoReadsFirst
    ResponseChoice.objects.update_or_create(
        post=post,
        author=by,
        defaults={
            "responded_by": chosen.responded_by,
            "read_first": read_first,
            "takes_presences": chosen.takes_presences,
            "helps": chosen.helps.strip(),
            "closes_at": chosen.closes_at,
        },
    )
    notices.untell(by.pk, Notice.Kind.RESPONSES_OFFERED, about=post.pk)
    if chosen.responded_by > before.responded_by:
        _ask_the_others(post, chosen.responded_by, by=by, at=at)
    if chosen.responded_by < before.responded_by:
        _record(post, by, chosen.responded_by, at=at)


@disk_full.with_reserve
@transaction.atomic
def end(post: Post, *, by: Account, at: datetime) -> None:
    """Take no more responses, from the next request on. Any author can. Raises `NotAnAuthor`."""
    post = locked(post, by=by)
    narrow_again(post.pk, by.pk, RespondedBy.NOBODY)
    _record(post, by, RespondedBy.NOBODY, at=at)
    for author in authors_of(post):
        notices.untell(author.pk, Notice.Kind.RESPONSES_OFFERED, about=post.pk)


def narrow_again(post_id: UUID, author_id: UUID, responded_by: int) -> None:
    """Narrow an author's choice to at most `responded_by`, also after a restore."""
    mine = ResponseChoice.objects.filter(post=post_id, author=author_id)
    mine.filter(responded_by__gt=responded_by).update(responded_by=responded_by)


@transaction.atomic
def let_wait(author: Account) -> None:
    """Let what is written to `author` wait, unread, wherever they read it first themselves."""
    posts = list(policy.read_first_by_its_authors(author))
    mine = ResponseChoice.objects.filter(author=author, read_first=ReadFirst.AUTHORS)
    mine.update(read_first=ReadFirst.NOBODY)
    PrivateLetterChoice.objects.filter(account=author).update(read_first=ReadFirst.NOBODY)
    for one in {author, *(reader for post in posts for reader in authors_of(post))}:
        queue.clear_notice(one)
    queue.give_back(author)


@transaction.atomic
def resume(post: Post, *, by: Account) -> None:
    """Open responses again that had closed by themselves. Raises `NotAnAuthor`."""
    post = locked(post, by=by)
    ResponsePause.objects.filter(post=post).delete()
    for author in authors_of(post):
        notices.untell(author.pk, Notice.Kind.RESPONSES_PAUSED, about=post.pk)


def of(post: Post, author: Account) -> ResponseChoice:
    """What `author` has chosen for `post`; an unsaved row with the defaults if nothing yet."""
    found = ResponseChoice.objects.filter(post=post, author=author).first()
    return found or ResponseChoice(post=post, author=author)


def chosen_by(author: Account, post: Post) -> Chosen:
    """The same as a choice that can be made again."""
    now = of(post, author)
    return Chosen(
        RespondedBy(now.responded_by),
        ReadFirst(now.read_first),
        now.takes_presences,
        now.helps,
        now.closes_at,
    )


def holds(post: Post) -> Holds:
    """What holds for `post` now."""
    said = {one.author_id: one for one in ResponseChoice.objects.filter(post=post)}
    authors = authors_of(post)
    mine = [said.get(author.pk) or ResponseChoice() for author in authors]
    widest = max(one.responded_by for one in mine)
    return Holds(
        responded_by=RespondedBy(min(one.responded_by for one in mine)),
        takes_presences=all(one.takes_presences for one in mine),
        undecided=[a for a, one in zip(authors, mine, strict=True) if one.responded_by < widest],
        helps=[(a, one.helps) for a, one in zip(authors, mine, strict=True) if one.helps],
        is_paused=ResponsePause.objects.filter(post=post).exists(),
    )


def _ask_the_others(post: Post, level: RespondedBy, *, by: Account, at: datetime) -> None:
    others = Authorship.objects.filter(post=post).exclude(account=by)
    willing = ResponseChoice.objects.filter(post=post, responded_by__gte=level)
    for author in others.exclude(account__in=willing.values("author")).values_list(
        "account", flat=True
    ):
        notices.tell(author, Notice.Kind.RESPONSES_OFFERED, about=post.pk, at=at)


def _record(post: Post, author: Account, level: RespondedBy, *, at: datetime) -> None:
    narrowings.record(
        Narrowing.Kind.RESPONSES_NARROWED,
        at=at,
        post=post.pk,
        author=author.pk,
        responded_by=str(int(level)),
    )
