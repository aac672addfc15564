"""What pages show of letters: frozen values for templates, made once access has answered.

A template can only show what is in these values, and a photograph that is not open has
nothing in them but that it is there, for those who may know it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from beside.access.door import state
from beside.access.policy import SeenPhoto, SeenPost, Sight, Viewer, photographs_of
from beside.photos.models import Photo
from beside.posts import audiences, signing
from beside.posts.models import Addendum, Authorship, Post
from beside.web import safe_html
from beside.web.forms.editor import IN_THEM
from beside.web.pages import numbers, photographs
from beside.web.pages.door import Ajar, ajar
from beside.web.pages.photographs import Laid
from beside.web.pages.prints import Added, Print


@dataclass(frozen=True)
class Writer:
    """One of a letter's authors."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Fold:
    """Photographs not asked for: how many, from whom, the author's sentence, where to go on."""

    id: str
    what: str
    by: str
    says: str
    to: str


@dataclass(frozen=True)
class Block:
    """Part of an open letter: a passage, or photographs lying there."""

    html: SafeString | None = None
    laid: Laid | None = None


@dataclass(frozen=True)
class Letter:
    """A whole letter as one viewer meets it. `rows` are open photographs that lie after it."""

    id: UUID
    title: str
    by: Sequence[Writer]
    about_when: str
    written_on: date | None
    blocks: Sequence[Block]
    added: Sequence[Added]
    rows: Sequence[Laid] = ()
    open_count: int = 0
    fold: Fold | None = None
    ajar: Ajar | None = None
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


@dataclass(frozen=True)
class Single:
    """One photograph of "One at a time": a print if it is open, else what may be said of it."""

    id: UUID
    anchor: str
    what: str
    says: str
    note: str
    print: Print | None

    @property
    def heading(self) -> str:
        """The id of its heading."""
        return f"{self.anchor}-heading"


@dataclass(frozen=True)
class BeforeLooking:
    """What a reader is told before they choose."""

    id: UUID
    by: str
    says: str
    count: int
    in_them: Sequence[str] = field(default_factory=tuple)
    not_in_them: Sequence[str] = field(default_factory=tuple)

    @property
    def show_all(self) -> str:
        """The words of the first of the three buttons."""
        if self.count == 1:
            return _("Show me the photograph")
        if self.count == 2:
            return _("Show me both")
        return _("Show me all %(number)s") % {"number": numbers.in_words(self.count)}

    @property
    def do_not_ask(self) -> str:
        """The words beside the tick."""
        if self.count == 1:
            return _("Don’t ask me again for this one")
        return _("Don’t ask me again for these %(number)s") % {
            "number": numbers.in_words(self.count)
        }


def letter(post: SeenPost, viewer: Viewer, *, at: datetime) -> Letter:
    """The whole letter as `viewer` meets it. `post` comes from `see`."""
    photos = _photographs(post, viewer, at=at)
    opened = [photo for photo in photos if photo.is_open]
    folded = [photo for photo in photos if not photo.is_open]
    writers = writers_of([post.pk])[post.pk]
    may_choose = post.sight == Sight.VEIL
    groups = photographs.groups(opened, viewer, added=_added_to(opened), at=at)
    blocks, rows = _laid(post, groups)
    return Letter(
        id=post.pk,
        title=title_of(post),
        by=writers,
        about_when=post.about_when,
        written_on=written_on(post),
        blocks=blocks,
        added=_added_to_letter(post),
        rows=rows,
        open_count=len(opened),
        fold=fold_of(post, writers, len(folded), more=bool(opened)) if may_choose else None,
        ajar=_ajar(post, writers, viewer, at=at) if post.sight == Sight.DOOR else None,
        can_fold=may_choose and bool(opened),
        unseen="" if may_choose or not folded else numbers.photographs(len(folded)),
        is_mine=any(writer.id == viewer.account for writer in writers),
        has_door=audiences.has_door(post),
    )


def before_looking(post: SeenPost, viewer: Viewer, *, at: datetime) -> BeforeLooking | None:
    """What to say before `viewer` chooses; None where nothing is folded."""
    folded = sum(not photo.is_open for photo in _photographs(post, viewer, at=at))
    if post.sight > Sight.VEIL or not folded:
        return None
    shown = set(post.note_shows)
    said = [(what in shown, str(label)) for what, label in IN_THEM]
    return BeforeLooking(
        id=post.pk,
        by=_names(writers_of([post.pk])[post.pk]),
        says=post.note,
        count=folded,
        in_them=[label for is_in, label in said if is_in],
        not_in_them=[label for is_in, label in said if not is_in] if shown else (),
    )


def one_at_a_time(post: SeenPost, viewer: Viewer, *, at: datetime) -> list[Single]:
    """Each photograph by itself. Only for those whom they are for: `post.sight` is VEIL or more."""
    photos = _photographs(post, viewer, at=at)
    added = _added_to([photo for photo in photos if photo.is_open])
    return [
        _single(photo, place, len(photos), viewer, added=added, at=at)
        for place, photo in enumerate(photos, 1)
    ]


def title_of(post: Post) -> str:
    """Its title, or the same words for every letter without one."""
    return post.title or _("A letter")


def written_on(post: Post) -> date | None:
    """The day that a letter bears, which is the same for every reader. A draft bears none."""
    return post.written_on if post.published_at else None


def writers_of(posts: Iterable[UUID]) -> dict[UUID, list[Writer]]:
    """The authors of each post, in the order in which they joined it."""
    found: dict[UUID, list[Writer]] = defaultdict(list)
    rows = Authorship.objects.filter(post__in=list(posts)).order_by("joined_at", "pk")
    for post, account, name in rows.values_list("post_id", "account_id", "account__profile__name"):
        found[post].append(Writer(account, name or _("Someone")))
    return found


def _photographs(post: SeenPost, viewer: Viewer, *, at: datetime) -> list[SeenPhoto]:
    """Those that are ready, if `viewer` may know that there are any."""
    if post.sight < Sight.VEIL:
        return []
    photos = photographs_of(post, viewer, at=at, met=post.sight).filter(state=Photo.State.READY)
    return list(photos.select_related("placed").prefetch_related("renditions"))


def fold_of(
    post: SeenPost, writers: list[Writer], folded: int, *, more: bool = False
) -> Fold | None:
    """What stands for `folded` photographs; None where there are none."""
    if not folded:
        return None
    what = numbers.more_photographs(folded) if more else numbers.photographs(folded)
    return Fold(
        id=f"fold-{post.pk}",
        what=what,
        by=_("from %(names)s") % {"names": _names(writers)},
        says=post.note,
        to=reverse("before_you_look", args=[post.pk]),
    )


def _ajar(post: SeenPost, writers: list[Writer], viewer: Viewer, *, at: datetime) -> Ajar:
    """The door, and that there are photographs behind it: how many, and nothing else of them."""
    behind = photographs_of(post, viewer, at=at, met=post.sight).filter(state=Photo.State.READY)
    met = state.statuses_at([post], viewer, at=at)[post.pk]
    return ajar(post, [writer.name for writer in writers], behind.count(), met)


def _names(writers: Sequence[Writer]) -> str:
    names = [writer.name for writer in writers]
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _laid(post: Post, groups: Sequence[Laid]) -> tuple[list[Block], list[Laid]]:
    """The letter with its open photographs where its author put them, and those that lie after it.

    Where none is open, passages run on into each other: a gap would tell of what lies there.
    """
    by_number = {number: group for group in groups for number in group.numbers}
    blocks: list[Block] = []
    placed: set[Laid] = set()
    for block in safe_html.letter(post.words, by_number, signing.names_in(post)):
        if block.html is not None:
            before = blocks.pop().html if blocks and blocks[-1].html else SafeString()
            blocks.append(Block(html=(before or SafeString()) + block.html))
        elif block.number is None:
            continue
        elif (group := by_number[block.number]) not in placed:
            placed.add(group)
            blocks.append(Block(laid=group))
    return blocks, [group for group in groups if group not in placed]


def _single(
    photo: SeenPhoto,
    place: int,
    count: int,
    viewer: Viewer,
    *,
    added: dict[UUID, list[Added]],
    at: datetime,
) -> Single:
    following = _("Or go on to the next, below.") if place < count else ""
    opened = (
        photographs.print_of(photo, viewer, added=added[photo.pk], at=at) if photo.is_open else None
    )
    return Single(
        id=photo.pk,
        anchor=f"o{place}",
        what=numbers.ordinal(place),
        says=photo.description,
        note=following,
        print=opened,
    )


def _added_to_letter(post: Post) -> list[Added]:
    return [said_later(one) for one in _addenda().filter(post=post, photo=None)]


def _added_to(photos: Sequence[Photo]) -> dict[UUID, list[Added]]:
    found: dict[UUID, list[Added]] = defaultdict(list)
    for one in _addenda().filter(photo__in=photos):
        assert one.photo_id is not None
        found[one.photo_id].append(said_later(one))
    return found


def _addenda() -> QuerySet[Addendum]:
    return Addendum.objects.select_related("author__profile").order_by("added_at", "pk")


def said_later(one: Addendum) -> Added:
    """What was added later, in paragraphs; the row comes with its author's profile."""
    paragraphs = [part.strip() for part in one.words.replace("\r\n", "\n").split("\n\n")]
    return Added(one.author.profile.name, one.added_on, [part for part in paragraphs if part])
