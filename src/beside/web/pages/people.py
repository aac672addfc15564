"""People as pages name them; only those whose own page the reader may open are linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from beside.access import capability
from beside.access.policy import NothingToSee, SeenPhoto, Viewer, with_openness
from beside.access.profiles import people_known_to
from beside.people import formats
from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.authorship import name_of
from beside.querysets.prepared import prepared
from beside.web.pages.photographs import Print, srcset, with_renditions

AVIF = (("w480", 480), ("w1080", 1080), ("w2048", 2048))


@dataclass(frozen=True)
class Person:
    """Somebody's name, to be shown or linked."""

    id: UUID
    name: str


def person_for(viewer: Viewer, account_id: UUID) -> Account:
    """The person, with what stands on their page, if `viewer` may open it; raises `NothingToSee`."""
    person = _known.first(viewer.account, account_id)
    if person is None:
        raise NothingToSee
    return person


@prepared
def _known(me: UUID | None, account: UUID) -> QuerySet[Account]:
    known = people_known_to(me).select_related("profile", "directory_entry", "family")
    return known.filter(pk=account)


def named(accounts: Sequence[Account]) -> list[Person]:
    """The people, for a template."""
    return [Person(account.pk, name_of(account)) for account in accounts]


def in_a_row(names: Sequence[str]) -> str:
    """Names as one says them: "Rose, Tom and Nan"; empty without any."""
    return formats.listed(names)


def portrait_of(account_id: UUID, viewer: Viewer, *, at: datetime) -> Print | None:
    """The portrait on somebody's page; None if there is none, or `viewer` may not see it."""
    photo: SeenPhoto | None = _portrait.first(account_id, viewer.account, viewer.session, at)
    if photo is None or not photo.is_open:
        return None
    return print_of(with_renditions([photo])[0], viewer, at=at)


@prepared
def _portrait(
    of: UUID, account: UUID | None, session: str | None, at: datetime
) -> QuerySet[SeenPhoto]:
    found = Photo.objects.filter(portrait__account=of)
    return with_openness(found, Viewer(account, session), at=at)


def print_of(photo: SeenPhoto, viewer: Viewer, *, at: datetime) -> Print:
    """An open photograph without its caption, at up to 2048 pixels wide."""
    made = {rendition.name: rendition for rendition in photo.renditions.all()}

    def address(name: str) -> str:
        return capability.issue(photo, name, viewer=viewer, at=at)

    return Print(
        jpeg=address("jpeg"),
        avif=srcset([(address(name), width) for name, width in AVIF if name in made]),
        width=photo.width or 1,
        height=photo.height or 1,
        alt=photo.description or _("A photograph, not described yet."),
    )
