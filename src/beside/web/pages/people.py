"""People as pages name them; only those whose own page the reader may open are linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.access import capability
from beside.access.policy import NothingToSee, SeenPhoto, Viewer, with_openness
from beside.access.profiles import people_known_to
from beside.people import formats
from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.authorship import name_of
from beside.web.pages.photographs import Print, srcset

AVIF = (("w480", 480), ("w1080", 1080), ("w2048", 2048))


@dataclass(frozen=True)
class Person:
    """Somebody's name, to be shown or linked."""

    id: UUID
    name: str


def person_for(viewer: Viewer, account_id: UUID) -> Account:
    """The person, with what stands on their page, if `viewer` may open it; raises `NothingToSee`."""
    known = people_known_to(viewer.account)
    known = known.select_related("profile", "directory_entry", "family")
    person = known.filter(pk=account_id).first()
    if person is None:
        raise NothingToSee
    return person


def named(accounts: Sequence[Account]) -> list[Person]:
    """The people, for a template."""
    return [Person(account.pk, name_of(account)) for account in accounts]


def in_a_row(names: Sequence[str]) -> str:
    """Names as one says them: "Rose, Tom and Nan"; empty without any."""
    return formats.listed(names)


def portrait_of(account_id: UUID, viewer: Viewer, *, at: datetime) -> Print | None:
    """The portrait on somebody's page; None if there is none, or `viewer` may not see it."""
    found = Photo.objects.filter(portrait__account=account_id).prefetch_related("renditions")
    photo = with_openness(found, viewer, at=at).first()
    return print_of(photo, viewer, at=at) if photo is not None and photo.is_open else None


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
