"""A letter with somebody else's eyes: as they see it now, or would see it after every author's yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from beside.access import consents, preview
from beside.access.consents import OwnPhotographs
from beside.access.policy import NothingToSee, Viewer
from beside.people.models import Account
from beside.posts import approvals, reach_json
from beside.posts.authorship import name_of
from beside.posts.models import Audience, Post
from beside.posts.reach import Chosen
from beside.web.forms.preview import ReaderForm
from beside.web.pages import letter
from beside.web.pages.letter import Letter

# Readers who aren't named: somebody who is signed in, and somebody who isn't.
SIGNED_IN, STRANGER = "here", "stranger"


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """The letter as the reader chosen in the form sees it; None if they find nothing."""

    id: UUID
    is_draft: bool
    is_shown: bool
    form: ReaderForm
    letter: Letter | None


@dataclass(frozen=True, slots=True)
class ApprovalPreviewPage:
    """The letter as `who` would see it after every yes; `readers` are (value, name) pairs to choose from."""

    id: UUID
    readers: Sequence[tuple[str, str]]
    who: str
    letter: Letter | None


def preview_page(post: Post, form: ReaderForm, author: Viewer, *, at: datetime) -> PreviewPage:
    """`post` as the reader in `form` sees it; an unpublished one as if it were published.

    Its `author`, who reads it, meets only those photographs that they have opened.
    """
    own = consents.of_author(author, post.pk, at=at)
    return PreviewPage(
        id=post.pk,
        is_draft=post.state == Post.State.DRAFT,
        is_shown=post.state == Post.State.PUBLISHED,
        form=form,
        letter=_seen_as(post, form, Viewer(form.reader(), author.session), own, at=at),
    )


def approval_preview_page(
    post: Post, viewer: Account, who: str, author: Viewer, *, at: datetime
) -> ApprovalPreviewPage:
    """`post` as `who` would see it after every yes; raises `NothingToSee` where nothing is asked."""
    asked = approvals.open_request(post, at=at)
    if asked is None:
        raise NothingToSee
    want = reach_json.from_json(asked.wanted)
    readers = _readers(post, want, viewer, at=at)
    if who not in dict(readers):
        who = _most_new(want, readers)
    own = consents.of_author(author, post.pk, at=at)
    reader = Viewer(_account_of(who), author.session)
    seen = _seen_if_for(post, want, reader, own, by=viewer, at=at)
    return ApprovalPreviewPage(post.pk, readers, who, seen)


def _seen_as(
    post: Post, form: ReaderForm, reader: Viewer, own: OwnPhotographs, *, at: datetime
) -> Letter | None:
    try:
        with preview.seen_as(post, reader, at=at, by_link=form.link()) as seen:
            return letter.letter(seen, reader, own=own, at=at)
    except NothingToSee:
        return None


def _seen_if_for(
    post: Post, want: Chosen, reader: Viewer, own: OwnPhotographs, *, by: Account, at: datetime
) -> Letter | None:
    try:
        with preview.seen_if_shown_to(post, want, reader, by=by, at=at) as seen:
            return letter.letter(seen, reader, own=own, at=at)
    except NothingToSee:
        return None


def _readers(post: Post, want: Chosen, by: Account, *, at: datetime) -> list[tuple[str, str]]:
    people = preview.people_if_shown_to(post, want, by=by, at=at)
    return [
        *((str(one.pk), name_of(one)) for one in people),
        (SIGNED_IN, _("Somebody who is signed in here")),
        (STRANGER, _("A stranger, not signed in")),
    ]


def _most_new(want: Chosen, readers: Sequence[tuple[str, str]]) -> str:
    """The reader to begin with: the most distant one whom the words would be for."""
    if want.words.audience == Audience.ANYONE:
        return SIGNED_IN if want.words.signed_in else STRANGER
    return readers[0][0]


def _account_of(who: str) -> UUID | None:
    """The reader's account; "somebody signed in" gets a random id that is no account's."""
    if who == STRANGER:
        return None
    return uuid4() if who == SIGNED_IN else UUID(who)
