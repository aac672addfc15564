"""Who can see a letter, by name: one list of those who see all of it, and one of those who see only the words.

The names come from the access rule. Why each person can see it comes from what the authors chose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from beside.access import preview
from beside.access.models import Admission
from beside.access.policy import Sight
from beside.people import circles, formats
from beside.people.models import Account, Circle, Membership
from beside.people.names import isolated
from beside.photos.models import Photo
from beside.posts import audiences
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Audience, Post, ShareLink
from beside.posts.reach import Chosen, Reach
from beside.web.pages.people import in_a_row

SETTLED = (Photo.State.READY, Photo.State.REFUSED)


@dataclass(frozen=True, slots=True)
class Line:
    """The people who can see something for the same reason."""

    names: str
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """Those who see the same. `everyone` names an audience that has no list: "Everyone signed in here".

    `of_circles` are the members of the viewer's own circles whom `everyone` includes.
    """

    lines: Sequence[Line] = ()
    everyone: str = ""
    of_circles: str = ""
    is_signed_in: bool = True

    def __bool__(self) -> bool:
        return bool(self.lines or self.everyone)


@dataclass(frozen=True, slots=True)
class WhoCanSee:
    """Who can see a letter, as one of its authors is told. `can_ask` says that there is a door to the photographs,
    and `has_readers` whether anybody but its authors can see it now.

    For a letter without photographs everybody is in `words_only`.
    """

    both: Group
    words_only: Group
    has_photographs: bool
    can_ask: bool
    names_circles: bool
    has_door: bool
    has_readers: bool

    @property
    def has_no_bounds(self) -> bool:
        """Whether even somebody who isn't signed in can see something of it."""
        return any(one.everyone and not one.is_signed_in for one in (self.both, self.words_only))

    @property
    def is_nobody(self) -> bool:
        """Whether the viewer, its only author, is the only one who can see it."""
        return not (self.both or self.words_only)


def who_can_see(post: Post, viewer: Account, *, at: datetime) -> WhoCanSee:
    """Who can see `post`, as its author `viewer` is told; for a draft or a closed letter, who would."""
    chosen, mine = audiences.chosen(post), people_in_circles_of(viewer)
    people = preview.named_only(_people(post, at=at), post, also=mine)
    has_photographs = post.placed.exists()
    whole, part = chosen.photographs, _beyond(chosen)
    if not has_photographs:
        whole, part = Reach(), chosen.words
    lines = _Lines(post, viewer, _links(post, at=at))
    lookers = [one for one, sight in people.items() if sight >= Sight.VEIL]
    readers = [one for one, sight in people.items() if sight < Sight.VEIL]
    return WhoCanSee(
        both=lines.group(whole, lookers, authors=has_photographs, links=(True,)),
        words_only=lines.group(
            part,
            readers,
            authors=not has_photographs,
            links=(False,) if has_photographs else (True, False),
        ),
        has_photographs=has_photographs,
        can_ask=has_photographs and chosen.photographs.audience == Audience.LET_IN,
        names_circles=bool(chosen.words.circles or chosen.photographs.circles),
        has_door=chosen.has_door(),
        has_readers=bool(people or any(lines.links.values()) or _everyone(chosen.words)),
    )


def people_in_circles_of(viewer: Account) -> set[UUID]:
    """The ids of everybody in a circle of `viewer`'s."""
    inside = Membership.objects.filter(circle__in=circles.of(viewer))
    return set(inside.values_list("account_id", flat=True))


def _people(post: Post, *, at: datetime) -> dict[Account, Sight]:
    all_ready = not post.placed.exclude(photo__state__in=SETTLED).exists()
    if post.state == Post.State.PUBLISHED and all_ready:
        return preview.people_now(post)
    return preview.people_who_would_see(post, at=at)


def _beyond(chosen: Chosen) -> Reach:
    """Whom the words are for, once those are left out whom the photographs are for too.

    If both are for everybody in the same way, nobody is left.
    """
    both_open = chosen.photographs.audience == chosen.words.audience == Audience.ANYONE
    same = both_open and chosen.photographs.signed_in == chosen.words.signed_in
    return Reach() if same else chosen.words


def _links(post: Post, *, at: datetime) -> dict[bool, list[str]]:
    """The names on the links to which every author has agreed: those that open photographs too, and the others."""
    found: dict[bool, list[str]] = defaultdict(list)
    for link in ShareLink.objects.agreed(at).filter(post=post).order_by("name", "pk"):
        found[link.with_photographs].append(isolated(link.name))
    return found


@dataclass(frozen=True, slots=True)
class _Lines:
    """Puts people together who can see the same for the same reason."""

    post: Post
    viewer: Account
    links: Mapping[bool, Sequence[str]]

    def group(
        self, part: Reach, people: Sequence[Account], *, authors: bool, links: Sequence[bool]
    ) -> Group:
        """Those of `people` whom `part` is for, after the other `authors` and before those with `links`."""
        said: dict[str, list[str]] = defaultdict(list)
        if authors:
            said[_("Wrote it with you")] = self._other_authors()
        if part.audience == Audience.ANYONE:
            included = [name_of(one) for one in people]
        else:
            included, why = [], self._reasons(part)
            for one in people:
                said[why.get(one.pk) or _("Let in at another of your letters")].append(name_of(one))
        for with_photographs in links:
            said[_("By a link for one person")] += self.links.get(with_photographs, [])
        return Group(
            lines=[
                Line(formats.listed(names, style="unit"), why)
                for why, names in said.items()
                if names
            ],
            everyone=_everyone(part),
            of_circles=in_a_row(included),
            is_signed_in=part.signed_in,
        )

    def _other_authors(self) -> list[str]:
        return [name_of(one) for one in authors_of(self.post) if one.pk != self.viewer.pk]

    def _reasons(self, part: Reach) -> dict[UUID, str]:
        """Why each account is among those a part is for: every reason, in a row."""
        found: dict[UUID, list[str]] = defaultdict(list)
        for circle in Circle.objects.filter(pk__in=part.circles).order_by("name"):
            name = (
                isolated(circle.name)
                if circle.owner_id == self.viewer.pk
                else _("Another author’s circle")
            )
            for member in circle.memberships.values_list("account_id", flat=True):
                found[member].append(name)
        for account in part.accounts:
            found[account].append(_("By name"))
        if part.audience == Audience.LET_IN:
            for admission in Admission.objects.filter(post=self.post):
                found[admission.account_id].append(_let_in(admission))
        return {
            account: formats.listed(dict.fromkeys(why), style="unit")
            for account, why in found.items()
        }


def _everyone(part: Reach) -> str:
    if part.audience != Audience.ANYONE:
        return ""
    return _("Everyone signed in here") if part.signed_in else _("Anyone")


def _let_in(admission: Admission) -> str:
    day = formats.day_of_year(timezone.localtime(admission.admitted_at))
    return _("Let in on %(day)s") % {"day": day}
