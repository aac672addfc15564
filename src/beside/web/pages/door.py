"""The sheet that stands for photographs behind a door: how many, and how it is for whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beside.access.door.state import DoorStatus, State
from beside.posts.models import Post
from beside.web import numbers
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class Ajar:
    """A door in a letter, or in a list. `state` is the name of the door's state."""

    id: str
    what: str
    by: str
    says: str
    state: str
    to: str


def ajar(post: Post, names: Sequence[str], count: int, met: DoorStatus) -> Ajar:
    """What stands for `count` photographs behind a door, as the reader meets it."""
    says = {
        State.OPEN: post.note,
        State.WAITING: waiting_since(names, met),
        State.TOO_SOON: again_from(met),
        State.CLOSED: kept_shut(names),
    }
    return Ajar(
        id=f"door-{post.pk}",
        what=_("%(photographs)s, behind a door") % {"photographs": numbers.photographs(count)},
        by=_("from %(names)s") % {"names": in_a_row(names)},
        says=says[met.state],
        state=met.state.name,
        to=reverse("door", args=[post.pk]),
    )


def waiting_since(names: Sequence[str], met: DoorStatus) -> str:
    """That there is no answer yet; the same whether or not there will be one."""
    said = ngettext(
        "Waiting. You asked on %(day)s, and %(names)s hasn’t answered yet.",
        "Waiting. You asked on %(day)s, and %(names)s haven’t answered yet.",
        len(names),
    )
    return said % {"day": _day(met), "names": in_a_row(names)}


def again_from(met: DoorStatus) -> str:
    """That it is too early to ask again."""
    again = date_format(localtime(met.again_at), "j F") if met.again_at else ""
    return _("You asked here on %(day)s. From %(again)s you can again, if you’d like to.") % {
        "day": _day(met),
        "again": again,
    }


def kept_shut(names: Sequence[str]) -> str:
    """That nobody can ask."""
    said = ngettext(
        "%(names)s has decided to keep this door closed. It isn’t a judgement of you.",
        "%(names)s have decided to keep this door closed. It isn’t a judgement of you.",
        len(names),
    )
    return said % {"names": in_a_row(names)}


def _day(met: DoorStatus) -> str:
    return date_format(localtime(met.asked_at), "l j F") if met.asked_at else ""
