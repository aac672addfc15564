"""What the moderators have closed: for them, and for those whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.moderation import appeals
from beside.people import suspensions as people
from beside.people.models import Account, AddressSuspension
from beside.posts import suspensions as letters
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Post
from beside.web.forms.suspensions import AddressForm, AppealForm
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class Closed:
    """A letter or a place that is closed: whose it is, since when, and what they read."""

    id: UUID
    names: str
    since: datetime
    because: str


@dataclass(frozen=True)
class SuspensionsPage:
    """Everything that is closed, but for letters of the moderator's own."""

    letters: Sequence[Closed]
    places: Sequence[Closed]
    addresses: Sequence[AddressSuspension]
    form: AddressForm


@dataclass(frozen=True)
class SuspensionPage:
    """For whoever it was closed for: the sentence, and their appeal. `post` is None for their whole place."""

    because: str
    post: Post | None
    has_appealed: bool
    was_declined: bool
    form: AppealForm


def suspensions_page(moderator: Account, form: AddressForm) -> SuspensionsPage:
    """What `moderator` can open again."""
    posts = letters.suspended().exclude(authorships__account=moderator)
    return SuspensionsPage(
        letters=[_letter(post) for post in posts],
        places=[_place(one) for one in people.suspended()],
        addresses=list(people.suspended_addresses()),
        form=form,
    )


def suspension_page(account: Account, post: Post | None, form: AppealForm) -> SuspensionPage:
    """The page of `account` about what of theirs was closed."""
    latest = appeals.latest_of(account, post)
    return SuspensionPage(
        because=_because(account.suspended_because if post is None else post.suspended_because),
        post=post,
        has_appealed=latest is not None and latest.declined_at is None,
        was_declined=latest is not None and latest.declined_at is not None,
        form=form,
    )


def _letter(post: Post) -> Closed:
    assert post.suspended_at is not None
    names = in_a_row([name_of(author) for author in authors_of(post)])
    return Closed(post.pk, names, post.suspended_at, _because(post.suspended_because))


def _place(account: Account) -> Closed:
    assert account.suspended_at is not None
    because = _because(account.suspended_because)
    return Closed(account.pk, name_of(account), account.suspended_at, because)


def _because(sentence: str) -> str:
    """The sentence; after a restore there may be none, as the log that a restore replays holds no words."""
    return sentence or _(
        "What was written here was lost when this place was restored from a backup. The moderators can say it again."
    )
