"""A door as its visitor sees it: in a letter or a list, and on its own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beside.access.door import admissions
from beside.access.door.state import DoorStatus, DoorView, State
from beside.people import formats
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Post
from beside.web import numbers
from beside.web.forms.access_requests import AskForm
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class DoorSummary:
    """What is shown in a letter or a list in place of photographs behind a door. `state` is the name of a `State`."""

    id: str
    what: str
    by: str
    says: str
    state: str
    to: str


@dataclass(frozen=True)
class DoorPage:
    """A door's own page. `state` is the name of a `State`; `letter` is None where its words can't be read."""

    names: str
    first: str
    state: str
    says: str
    greeting: str
    asked_at: datetime | None
    letter: Post | None
    title: str
    form: AskForm
    needs: str


def door_page(here: DoorView, form: AskForm, *, title: str, needs: str = "") -> DoorPage:
    """The page of the door that somebody has come to; `needs` says why asking was refused.

    `title` is the letter's, which is shown only to somebody who can read its words.
    """
    post = here.post
    names = [name_of(author) for author in authors_of(post)]
    return DoorPage(
        names=in_a_row(names),
        first=in_a_row([name_of(one) for one in admissions.screeners_of(post)]),
        state=here.status.state.name,
        says=_says(names, here.status),
        greeting=post.door_says,
        asked_at=here.status.asked_at,
        letter=post if here.may_read else None,
        title=title if here.may_read else "",
        form=form,
        needs=needs,
    )


def door_summary(post: Post, names: Sequence[str], count: int, met: DoorStatus) -> DoorSummary:
    """What stands in for `count` photographs behind a door."""
    return DoorSummary(
        id=f"door-{post.pk}",
        what=_("%(photographs)s, behind a door") % {"photographs": numbers.photographs(count)},
        by=_("from %(names)s") % {"names": in_a_row(names)},
        says=_says(names, met) or post.note,
        state=met.state.name,
        to=reverse("door", args=[post.pk]),
    )


def _says(names: Sequence[str], met: DoorStatus) -> str:
    """How the door stands, for a visitor who can't ask at the moment; empty where they can."""
    if met.state == State.WAITING:
        return _waiting_since(names, met)
    if met.state == State.TOO_SOON:
        return _again_from(met)
    return _kept_shut(names) if met.state == State.CLOSED else ""


def _waiting_since(names: Sequence[str], met: DoorStatus) -> str:
    """There is no answer yet. A no reads the same."""
    said = ngettext(
        "Waiting. You asked on %(day)s, and %(names)s hasn’t answered yet.",
        "Waiting. You asked on %(day)s, and %(names)s haven’t answered yet.",
        len(names),
    )
    return said % {"day": _day(met), "names": in_a_row(names)}


def _again_from(met: DoorStatus) -> str:
    """It is too early to ask again."""
    again = formats.day_of_year(localtime(met.again_at)) if met.again_at else ""
    return _("You asked here on %(day)s. You can ask again from %(again)s.") % {
        "day": _day(met),
        "again": again,
    }


def _kept_shut(names: Sequence[str]) -> str:
    """Nobody can ask."""
    said = ngettext(
        "%(names)s has decided to keep this door closed. It isn’t a judgement of you.",
        "%(names)s have decided to keep this door closed. It isn’t a judgement of you.",
        len(names),
    )
    return said % {"names": in_a_row(names)}


def _day(met: DoorStatus) -> str:
    return formats.weekday(localtime(met.asked_at)) if met.asked_at else ""
