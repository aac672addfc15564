"""A letter for templates, as far as one viewer may see it.

Templates get only these frozen values. Of a photograph that isn't open they hold nothing but
that it exists, and that only for those who may know it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from beside.access import consents
from beside.access.consents import OwnPhotographs
from beside.access.door import state
from beside.access.policy import SeenPhoto, SeenPost, Sight, Viewer, photographs_of
from beside.people.names import isolated
from beside.photos import turning
from beside.photos.models import Photo
from beside.posts import audiences, share_link_devices, signing
from beside.posts.authorship import name_of
from beside.posts.models import Authorship, Post
from beside.querysets.prepared import prepared
from beside.web import numbers, safe_html
from beside.web.addresses import address_of
from beside.web.http.request import Request
from beside.web.pages import own_photographs, photographs
from beside.web.pages.addenda import added_to, added_to_letter
from beside.web.pages.door import DoorSummary, door_summary
from beside.web.pages.own_letter import OwnLetter, own_letter
from beside.web.pages.own_photographs import OwnFold
from beside.web.pages.people import in_a_row
from beside.web.pages.photographs import Added, Row
from beside.web.safe_html import Heading


@dataclass(frozen=True)
class Writer:
    """One of a letter's authors."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Fold:
    """Folded photographs: how many, from whom, the author's note, and the address that opens them."""

    id: str
    what: str
    by: str
    says: str
    to: str


@dataclass(frozen=True)
class Block:
    """Part of a letter: a passage, or open photographs. `is_first` marks the first that are open."""

    html: SafeString | None = None
    row: Row | None = None
    is_first: bool = False


@dataclass(frozen=True)
class Letter:
    """A whole letter as one viewer sees it. `rows` are the open photographs after the words."""

    id: UUID
    title: str
    by: Sequence[Writer]
    about_when: str
    written_on: date | None
    lang: str
    blocks: Sequence[Block]
    added: Sequence[Added]
    # Of a letter with several headings.
    contents: Sequence[Heading] = ()
    rows: Sequence[Row] = ()
    open_count: int = 0
    fold: Fold | None = None
    own_fold: OwnFold | None = None
    door_summary: DoorSummary | None = None
    can_fold: bool = False
    unseen: str = ""
    is_mine: bool = False
    has_door: bool = False

    @property
    def shows_photographs(self) -> bool:
        """Whether any photograph is open on the page."""
        return self.open_count > 0

    @property
    def photographs(self) -> str:
        """What is open, for its landmark."""
        return numbers.photographs(self.open_count)

    @property
    def begins_in_words(self) -> bool:
        """Whether the first open photograph is among the words, rather than after them."""
        return any(block.is_first for block in self.blocks)


@dataclass(frozen=True)
class ByLink:
    """What somebody reads who came by a link for one person."""

    name: str
    maker: str
    message: str
    ends_at: datetime


@dataclass(frozen=True)
class LetterPage:
    """A letter at its own address. `own` is only for its authors."""

    letter: Letter
    own: OwnLetter | None = None
    by_link: ByLink | None = None


def letter_page(post: SeenPost, request: Request, *, at: datetime) -> LetterPage:
    """The page of `post`, which comes from `see`, for whoever sent `request`."""
    writers = writers_of([post.pk])[post.pk]
    if not any(writer.id == request.viewer.account for writer in writers):
        seen = letter(post, request.viewer, writers=writers, at=at)
        return LetterPage(seen, by_link=_by_link(request.viewer, post.pk, at=at))
    own = consents.of_author(request.viewer, post.pk, at=at)
    seen = letter(post, request.viewer, own=own, writers=writers, at=at, can_turn=True)
    return LetterPage(seen, own_letter(post, request.account, own, at=at))


def _groups(
    opened: Sequence[SeenPhoto], viewer: Viewer, *, can_turn: bool, at: datetime
) -> list[Row]:
    turnable = turning.turnable(opened, by=viewer.account) if can_turn else ()
    return photographs.groups(opened, viewer, added=added_to(opened), turnable=turnable, at=at)


def letter(
    post: SeenPost,
    viewer: Viewer,
    *,
    own: OwnPhotographs | None = None,
    writers: list[Writer] | None = None,
    at: datetime,
    can_turn: bool = False,
) -> Letter:
    """The whole letter as `viewer` sees it. `post` comes from `see`; `writers` are its own, if they are known already.

    To an author, as whomever they read it, only those of their photographs are shown that `own` says. `can_turn` offers to turn them.
    """
    writers = writers or writers_of([post.pk])[post.pk]
    is_mine = any(writer.id == viewer.account for writer in writers)
    own = own or OwnPhotographs(frozenset(), frozenset(), unasked=False) if is_mine else own
    opened, folded, hidden = own_photographs.sort(photographs.ready(post, viewer, at=at), post, own)
    may_choose = post.sight == Sight.VEIL
    whose = () if may_choose else _possessors(writers, viewer)
    blocks, contents, rows = _laid_out(post, _groups(opened, viewer, can_turn=can_turn, at=at))
    return Letter(
        id=post.pk,
        title=title_of(post),
        by=writers,
        about_when=post.about_when,
        written_on=written_on(post),
        lang=post.language,
        blocks=blocks,
        added=added_to_letter(post),
        contents=contents,
        rows=rows,
        open_count=len(opened),
        fold=fold_of(post, writers, len(folded), more=bool(opened)) if may_choose else None,
        own_fold=own_photographs.fold_of(post, whose, len(folded), more=bool(opened)),
        door_summary=_door_summary(post, writers, viewer, at=at),
        can_fold=bool(opened) and (may_choose or bool(is_mine and own and not own.unasked)),
        unseen=numbers.photographs(len(hidden)) if hidden else "",
        is_mine=is_mine,
        has_door=audiences.has_door(post),
    )


def _with_contents(blocks: Sequence[Block]) -> tuple[list[Block], Sequence[Heading]]:
    """The blocks, with an anchor at each heading, and the headings; without several there are none of either."""
    passages, headings = safe_html.with_anchors([block.html or SafeString() for block in blocks])
    anchored = [replace(one, html=html or None) for one, html in zip(blocks, passages, strict=True)]
    return anchored, headings


def _possessors(writers: Iterable[Writer], viewer: Viewer) -> list[str]:
    """Whose photographs they are: "yours", "Tom’s". An author who reads as somebody else isn't "you"."""
    others = [_("%(name)s’s") % {"name": one.name} for one in writers if one.id != viewer.account]
    return [_("yours") for one in writers if one.id == viewer.account] + others


def title_of(post: Post) -> str:
    """Its title, or the same words for every letter without one."""
    return post.title or _("A letter")


def written_on(post: Post) -> date | None:
    """The day that a letter bears, which is the same for every reader. A draft bears none."""
    return post.written_on if post.published_at else None


def writers_of(posts: Iterable[UUID]) -> dict[UUID, list[Writer]]:
    """The authors of each post, in the order in which they joined it."""
    found: dict[UUID, list[Writer]] = defaultdict(list)
    for post, account, name in _writers.every(list(posts)):
        found[post].append(Writer(account, isolated(name) if name else _("Someone")))
    return found


@prepared
def _writers(posts: list[UUID]) -> QuerySet[Authorship, Any]:
    rows = Authorship.objects.filter(post__in=posts).order_by("joined_at", "pk")
    return rows.values_list("post_id", "account_id", "account__profile__name")


def names_of(writers: Iterable[Writer]) -> str:
    """ "Rose and Tom"."""
    return in_a_row([writer.name for writer in writers])


def fold_of(
    post: SeenPost, writers: list[Writer], folded: int, *, more: bool = False
) -> Fold | None:
    """The fold in place of `folded` photographs; None where there are none."""
    if not folded:
        return None
    what = numbers.more_photographs(folded) if more else numbers.photographs(folded)
    return Fold(
        id=f"fold-{post.pk}",
        what=what,
        by=_("from %(names)s") % {"names": names_of(writers)},
        says=post.note,
        to=address_of("before_you_look", post.pk),
    )


def _by_link(viewer: Viewer, post_id: UUID, *, at: datetime) -> ByLink | None:
    link = share_link_devices.by_link(viewer.session, post_id, at=at)
    if link is None:
        return None
    return ByLink(isolated(link.name), name_of(link.maker), link.message, link.ends_at)


def _door_summary(
    post: SeenPost, writers: list[Writer], viewer: Viewer, *, at: datetime
) -> DoorSummary | None:
    """The door that `viewer` stands at, and how many photographs are behind it; nothing else about them."""
    if post.sight != Sight.DOOR:
        return None
    behind = photographs_of(post, viewer, at=at, met=post.sight).filter(state=Photo.State.READY)
    met = state.statuses_at([post], viewer, at=at)[post.pk]
    return door_summary(post, [writer.name for writer in writers], behind.count(), met)


def _laid_out(
    post: Post, groups: Sequence[Row]
) -> tuple[list[Block], Sequence[Heading], list[Row]]:
    """The letter with its open photographs where its author put them, its headings, and the photographs that come after it.

    Passages on either side of a photograph that isn't open are joined: a gap would give it away.
    """
    by_number = {number: group for group in groups for number in group.numbers}
    blocks: list[Block] = []
    placed: set[Row] = set()
    for block in safe_html.letter(post.words, by_number, signing.names_in(post)):
        if block.html is not None:
            before = blocks.pop().html if blocks and blocks[-1].html else SafeString()
            blocks.append(Block(html=(before or SafeString()) + block.html))
        elif block.number is None:
            continue
        elif (group := by_number[block.number]) not in placed:
            blocks.append(Block(row=group, is_first=not placed))
            placed.add(group)
    return *_with_contents(blocks), [group for group in groups if group not in placed]
