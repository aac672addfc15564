"""News: each notice in words, as far as its reader may still know about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from beside.access import claims, content_preferences
from beside.access.door import requests
from beside.access.policy import SeenPost, Viewer, visible_to
from beside.access.profiles import people_known_to, people_named_to
from beside.notices.models import Notice
from beside.notices.notices import newest
from beside.people import circles, delegations
from beside.people.models import Account, Circle, Delegation
from beside.people.names import isolated
from beside.photos.models import DepositLink
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import ApprovalRequest, CoauthorInvitation, ShareLink
from beside.web.pages import response_notices
from beside.web.pages.people import in_a_row
from beside.web.pages.quiet_days import Rest, rest_of

OF_PEOPLE = (
    Notice.Kind.FOLLOW_REQUESTED,
    Notice.Kind.FOLLOW_ACCEPTED,
    Notice.Kind.SHARED_EARLIER,
)
OF_POSTS = (
    Notice.Kind.SHARED,
    Notice.Kind.ADDED_LATER,
    Notice.Kind.TAKEN_BACK,
    Notice.Kind.COAUTHOR_ACCEPTED,
    Notice.Kind.COAUTHOR_DECLINED,
    Notice.Kind.STEPPED_OUT,
    Notice.Kind.APPROVAL_REQUESTED,
    Notice.Kind.APPROVED,
    Notice.Kind.APPROVAL_DECLINED,
    Notice.Kind.APPROVAL_LAPSED,
    Notice.Kind.CLAIMED,
    Notice.Kind.ADMITTED,
    Notice.Kind.GHOSTWRITTEN,
    Notice.Kind.LETTER_SUSPENDED,
    Notice.Kind.LOOKED,
    Notice.Kind.SUSPENSION_LIFTED,
    Notice.Kind.SHELF_OFFERED,
)
OF_INVITATIONS = (Notice.Kind.COAUTHOR_INVITED,)
OF_DEPOSITS = (Notice.Kind.DEPOSITED,)
OF_ASKINGS = (Notice.Kind.ACCESS_REQUESTED,)
OF_LINKS = (Notice.Kind.LINK_APPROVAL_REQUESTED, Notice.Kind.SECOND_DEVICE)
OF_DELEGATIONS = (
    Notice.Kind.DELEGATION_OFFERED,
    Notice.Kind.DELEGATION_SIGNED,
    Notice.Kind.DELEGATION_ENDED,
    Notice.Kind.STEWARD_REQUESTED,
    Notice.Kind.ARCHIVE_TAKEN,
)
OF_SOMETHING = (
    OF_PEOPLE + OF_POSTS + OF_INVITATIONS + OF_DEPOSITS + OF_ASKINGS + OF_LINKS + OF_DELEGATIONS
)


@dataclass(frozen=True)
class Line:
    """One notice: what happened (`kind` is the name of its kind), and the names of those whom it is about.

    `who` did it; empty where that isn't known, or is the same as `names`.
    """

    kind: str
    about: UUID | None
    names: str
    day: date
    who: str = ""


@dataclass(frozen=True)
class Day:
    """The notices under one heading."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True)
class NoticesPage:
    """Everything under News. The circles are for answering those who ask to follow."""

    days: Sequence[Day]
    circles: Sequence[Circle]
    rest: Rest | None


def notices_page(account: Account, viewer: Viewer, *, at: datetime) -> NoticesPage:
    """The newest notices of `account`."""
    told = response_notices.live(newest(account.pk), account, at=at)
    return NoticesPage(
        days=days(told, viewer, at=at),
        circles=list(circles.of(account)),
        rest=rest_of(account, at=at),
    )


def days(notices: Sequence[Notice], viewer: Viewer, *, at: datetime) -> list[Day]:
    """The notices in words, under Today, Yesterday and Earlier. Empty headings are left out."""
    today = timezone.localdate(at)
    under: dict[str, list[Line]] = {}
    for line in _lines(notices, viewer, at=at):
        under.setdefault(_heading(line.day, today), []).append(line)
    return [Day(heading, lines) for heading, lines in under.items()]


def _lines(notices: Sequence[Notice], viewer: Viewer, *, at: datetime) -> list[Line]:
    names = _names(notices, viewer, at=at)
    to_read = _to_read(notices, viewer)
    names |= to_read
    doers, actors = _doers(notices, viewer), _actors(notices, viewer)
    return [
        Line(
            kind=_kind(notice, to_read, viewer),
            about=notice.about,
            names=names.get(notice.about, "") if notice.about else "",
            day=timezone.localdate(notice.at),
            who=actors.get(notice.actor_id) or doers.get((notice.kind, notice.about), ""),
        )
        for notice in notices
        if notice.kind not in OF_SOMETHING or notice.about in names
    ]


def _names(notices: Sequence[Notice], viewer: Viewer, *, at: datetime) -> dict[UUID | None, str]:
    """Names by what a notice is about, for everything that the reader may still know about."""
    return {
        **_people(notices, viewer),
        **_invitations(notices, viewer),
        **_deposits(notices, viewer),
        **_doors(notices, viewer, at=at),
        **_links(notices, viewer, at=at),
        **_delegations(notices, viewer),
        **_posts(notices, viewer, at=at),
    }


def _doers(notices: Sequence[Notice], viewer: Viewer) -> dict[tuple[str, UUID | None], str]:
    """Who asked, declined or is to open a link, by the kind of a notice and what it is about."""
    return {
        **_asking(_about(notices, (Notice.Kind.APPROVAL_REQUESTED,))),
        **_declining(_about(notices, (Notice.Kind.COAUTHOR_DECLINED,)), viewer),
        **_opening(_about(notices, (Notice.Kind.SECOND_DEVICE,)), viewer),
    }


def _asking(posts: Collection[UUID]) -> dict[tuple[str, UUID | None], str]:
    requests = ApprovalRequest.objects.filter(post__in=posts, ended_at=None)
    invitations = CoauthorInvitation.objects.filter(post__in=posts, answer="")
    doers = {one.post_id: one.requester for one in requests.select_related("requester__profile")}
    doers |= {one.post_id: one.inviter for one in invitations.select_related("inviter__profile")}
    return {(Notice.Kind.APPROVAL_REQUESTED, post): name_of(doer) for post, doer in doers.items()}


def _opening(links: Collection[UUID], viewer: Viewer) -> dict[tuple[str, UUID | None], str]:
    mine = ShareLink.objects.filter(pk__in=links, maker=viewer.account)
    return {(Notice.Kind.SECOND_DEVICE, link.pk): isolated(link.name) for link in mine}


def _actors(notices: Sequence[Notice], viewer: Viewer) -> dict[UUID | None, str]:
    """The names of those who did what the notices tell, as far as the reader may still be told them."""
    ids = {notice.actor_id for notice in notices if notice.actor_id}
    people = people_named_to(viewer.account).filter(pk__in=ids)
    return {one.pk: name_of(one) for one in people.select_related("profile")}


def _declining(posts: Collection[UUID], viewer: Viewer) -> dict[tuple[str, UUID | None], str]:
    declined = CoauthorInvitation.objects.filter(
        post__in=posts, inviter=viewer.account, answer=CoauthorInvitation.Answer.NO
    )
    known = declined.filter(invitee__in=people_known_to(viewer.account))
    return {
        (Notice.Kind.COAUTHOR_DECLINED, one.post_id): name_of(one.invitee)
        for one in known.select_related("invitee__profile").order_by("answered_at")
    }


def _people(notices: Sequence[Notice], viewer: Viewer) -> dict[UUID | None, str]:
    people = people_known_to(viewer.account).filter(pk__in=_about(notices, OF_PEOPLE))
    return {one.pk: name_of(one) for one in people.select_related("profile")}


def _invitations(notices: Sequence[Notice], viewer: Viewer) -> dict[UUID | None, str]:
    """Open invitations to write a letter together, and who sent each."""
    asked = CoauthorInvitation.objects.filter(
        pk__in=_about(notices, OF_INVITATIONS), invitee=viewer.account, answer=""
    )
    known = asked.filter(inviter__in=people_known_to(viewer.account))
    return {one.pk: name_of(one.inviter) for one in known.select_related("inviter__profile")}


def _deposits(notices: Sequence[Notice], viewer: Viewer) -> dict[UUID | None, str]:
    links = DepositLink.objects.filter(pk__in=_about(notices, OF_DEPOSITS))
    return {link.pk: isolated(link.name) for link in links.filter(keeper=viewer.account)}


def _posts(notices: Sequence[Notice], viewer: Viewer, *, at: datetime) -> dict[UUID | None, str]:
    """Letters that the reader may see in lists, and their authors but for the reader."""
    names: dict[UUID | None, str] = {}
    for post in _in_lists(viewer, at=at).filter(pk__in=_about(notices, OF_POSTS)):
        others = [author for author in authors_of(post) if author.pk != viewer.account]
        names[post.pk] = in_a_row([name_of(author) for author in others])
    return names


def _in_lists(viewer: Viewer, *, at: datetime) -> QuerySet[SeenPost]:
    taste = content_preferences.preferences_of(viewer, at=at)
    return visible_to(viewer, at=at).exclude(content_preferences.excluded(viewer, taste))


def _doors(notices: Sequence[Notice], viewer: Viewer, *, at: datetime) -> dict[UUID | None, str]:
    """Letters at whose doors somebody still waits. Their names are shown only where they are answered."""
    asked_about = _about(notices, OF_ASKINGS)
    if not asked_about or viewer.account is None:
        return {}
    me = Account.objects.get(pk=viewer.account)
    waiting = requests.waiting_for(me, at=at).filter(post__in=asked_about)
    return dict.fromkeys(waiting.values_list("post_id", flat=True), "")


def _to_read(notices: Sequence[Notice], viewer: Viewer) -> dict[UUID | None, str]:
    """Claims that the reader reads before the letter's authors do. Such a notice is about the claim, not the letter."""
    ids = _about(notices, (Notice.Kind.CLAIMED,))
    if not ids or viewer.account is None:
        return {}
    waiting = claims.waiting_for(Account(pk=viewer.account)).filter(pk__in=ids)
    return dict.fromkeys(waiting.values_list("pk", flat=True), "")


def _kind(notice: Notice, to_read: Collection[UUID | None], viewer: Viewer) -> str:
    if notice.about in to_read:
        return "CLAIM_TO_READ"
    return response_notices.name_of_kind(notice, viewer)


def _links(notices: Sequence[Notice], viewer: Viewer, *, at: datetime) -> dict[UUID | None, str]:
    """Links for one person that wait for an answer, and who made each; only for their letter's authors."""
    ids = _about(notices, OF_LINKS)
    if not ids:
        return {}
    mine = ShareLink.objects.alive(at).filter(pk__in=ids, post__authorships__account=viewer.account)
    return {link.pk: name_of(link.maker) for link in mine.select_related("maker__profile")}


def _delegations(notices: Sequence[Notice], viewer: Viewer) -> dict[UUID | None, str]:
    """Delegations, and the other person's name: while one is in force, or if the reader may know of that person."""
    ids = _about(notices, OF_DELEGATIONS)
    if not ids:
        return {}
    both = Delegation.objects.filter(pk__in=ids).select_related(
        "author__profile", "delegate__profile"
    )
    others = {
        one.pk: one.delegate if one.author_id == viewer.account else one.author
        for one in both.filter(Q(author=viewer.account) | Q(delegate=viewer.account))
    }
    known = people_known_to(viewer.account).filter(pk__in=[other.pk for other in others.values()])
    still = set(known.values_list("pk", flat=True))
    holds = set(delegations.in_force().filter(pk__in=ids).values_list("pk", flat=True))
    return {pk: name_of(other) for pk, other in others.items() if pk in holds or other.pk in still}


def _about(notices: Sequence[Notice], kinds: Sequence[Notice.Kind]) -> set[UUID]:
    return {notice.about for notice in notices if notice.kind in kinds and notice.about}


def _heading(day: date, today: date) -> str:
    if day >= today:
        return _("Today")
    return _("Yesterday") if day == today - timedelta(days=1) else _("Earlier")
