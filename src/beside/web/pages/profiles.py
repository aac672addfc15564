"""A person's page, for whoever may open it, and choosing the photograph at its top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beside.access import feeds, portraits
from beside.access.feeds import Cursor
from beside.access.policy import SeenPost, Sight, Viewer, with_openness
from beside.people import circles, follows, mutes
from beside.people.models import Account, Circle, Follow
from beside.responses import private_letter_policy
from beside.web import numbers
from beside.web.forms.profiles import ProfileForm
from beside.web.pages import feed
from beside.web.pages.content_preferences import Question
from beside.web.pages.directory_entries import Line, entry_on_page
from beside.web.pages.families import FamilySection, family_section
from beside.web.pages.letter import title_of
from beside.web.pages.people import portrait_of, print_of
from beside.web.pages.photographs import Print


@dataclass(frozen=True)
class Written:
    """A letter in the list, with what it consists of; `question` is set where its reader is asked before it is shown."""

    post: SeenPost
    title: str
    kind: str
    question: Question | None


@dataclass(frozen=True)
class Between:
    """What the reader and the person have to do with each other, as far as the reader may know."""

    is_me: bool = False
    following: Follow.State | None = None
    asks: bool = False
    circles: Sequence[Circle] = ()
    takes_letters: bool = False
    is_muted: bool = False


@dataclass(frozen=True)
class ProfilePage:
    """One person's page. `entry` is what they say in the directory, `further` the cursor of the next page of letters."""

    person: Account
    portrait: Print | None
    entry: Line | None
    posts: Sequence[Written]
    further: Cursor | None
    between: Between
    family: FamilySection | None


@dataclass(frozen=True)
class EditProfilePage:
    """The form for what others can read about an account."""

    form: ProfileForm


@dataclass(frozen=True)
class PortraitPage:
    """The photographs that can be put at the top of an account's page, and the one that is there now."""

    prints: Sequence[tuple[UUID, Print]]
    portrait: Print | None


def profile_page(
    person: Account, me: Account | None, viewer: Viewer, *, before: Cursor | None, at: datetime
) -> ProfilePage:
    """The page of `person` for `viewer`, who is signed in as `me` if at all."""
    found = feeds.by_person(viewer, person.pk, at=at, before=before)
    questions = feed.questions(found.asks)
    ready = feed.ready_ids(found.posts)
    return ProfilePage(
        person=person,
        portrait=portrait_of(person.pk, viewer, at=at),
        entry=entry_on_page(person, viewer, at=at),
        posts=[
            Written(post, title_of(post), _kind(post, len(ready[post.pk])), questions.get(post.pk))
            for post in found.posts
        ],
        further=found.next_cursor,
        between=_between(person, me) if me else Between(),
        family=family_section(person, viewer, at=at),
    )


def portrait_page(account: Account, viewer: Viewer, *, at: datetime) -> PortraitPage:
    """The newest photographs that `account` may choose from."""
    photos = with_openness(portraits.choices(account), viewer, at=at)
    newest = photos.prefetch_related("renditions")[: portraits.NEWEST]
    prints = [(photo.pk, print_of(photo, viewer, at=at)) for photo in newest if photo.is_open]
    return PortraitPage(prints, portrait_of(account.pk, viewer, at=at))


def _between(person: Account, me: Account) -> Between:
    return Between(
        is_me=person.pk == me.pk,
        following=follows.seen_by_follower(me, person.pk),
        asks=follows.is_asked_by(me, person.pk),
        circles=list(circles.of(me)),
        takes_letters=private_letter_policy.may_write_to(person, me),
        is_muted=mutes.is_muted(me, person.pk),
    )


def _kind(post: SeenPost, photographs: int) -> str:
    """What a letter consists of, as far as its reader may know. `photographs` are those that they may know of."""
    if not photographs:
        return _("A letter")
    if post.sight == Sight.DOOR:
        said = ngettext(
            "A letter, and %(number)s photograph, behind a door",
            "A letter, and %(number)s photographs, behind a door",
            photographs,
        )
    elif post.sight == Sight.VEIL or post.veiled:
        said = ngettext(
            "A letter, and %(number)s photograph, folded",
            "A letter, and %(number)s photographs, folded",
            photographs,
        )
    else:
        said = ngettext(
            "A letter, and %(number)s photograph",
            "A letter, and %(number)s photographs",
            photographs,
        )
    return said % {"number": numbers.in_words(photographs)}
