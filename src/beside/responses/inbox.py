"""What was passed on to somebody: reading it, showing a response to other readers, putting it away."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.people import blocks, narrowings
from beside.people.models import Account, Narrowing
from beside.photos import disk_full
from beside.posts.authorship import NotAnAuthor, lock, own
from beside.responses import policy
from beside.responses.models import PutAwayResponse, Response


class NoSuchResponse(Exception):
    """There is no such response, or it isn't theirs to read. Pages answer with the 404 page."""


class ForAuthorsOnly(Exception):
    """Its writer said that it is for the authors only."""

    def __init__(self) -> None:
        super().__init__(_("They wrote this for you only, so it can’t stand beside the letter."))


def responses_to(author: Account, *, at: datetime, put_away: bool = False) -> QuerySet[Response]:
    """What `author` may read at `at`, newest first: what they have put away, or all the rest."""
    away = PutAwayResponse.objects.filter(response=OuterRef("pk"), author=author)
    mine = policy.passed_on_to(author, at=at).filter(Exists(away) if put_away else ~Exists(away))
    return mine.select_related("post", "writer__profile").order_by("-decided_at", "-pk")


def get(response_id: UUID, *, by: Account, at: datetime) -> Response:
    """One response that was passed on to `by`; raises `NoSuchResponse`."""
    mine = policy.passed_on_to(by, at=at).select_related("post", "writer__profile")
    response = mine.filter(pk=response_id).first()
    if response is None:
        raise NoSuchResponse
    return response


@transaction.atomic
def show(response_id: UUID, *, by: Account, at: datetime) -> None:
    """Show a response to everybody who can read the letter; twice is harmless.

    Raises `NoSuchResponse`, and `ForAuthorsOnly` if its writer doesn't want that.
    """
    response = _locked(response_id, by=by, at=at)
    if response.post_id is None:
        raise NoSuchResponse
    if response.only_for_authors:
        raise ForAuthorsOnly
    Response.objects.filter(pk=response.pk, shown_at=None).update(shown_at=at)


@disk_full.with_reserve
@transaction.atomic
def stop_showing(response_id: UUID, *, by: Account, at: datetime) -> None:
    """Show a response to the authors only, from the next request on; twice is harmless. Raises `NoSuchResponse`.

    An author who can't read it themselves, because of a block or quiet days, can do it too.
    """
    response = Response.objects.filter(pk=response_id).first()
    try:
        if response is None or response.post_id is None:
            raise NoSuchResponse
        own(by, response.post_id)
    except NotAnAuthor:
        raise NoSuchResponse from None
    if Response.objects.filter(pk=response_id, shown_at__isnull=False).update(shown_at=None):
        narrowings.record(Narrowing.Kind.RESPONSE_HIDDEN, at=at, response=response_id)


def put_away(response_id: UUID, *, by: Account, at: datetime) -> None:
    """Take a response from `by`'s page of letters; twice is harmless. Raises `NoSuchResponse`."""
    PutAwayResponse.objects.get_or_create(response=get(response_id, by=by, at=at), author=by)


def take_out(response_id: UUID, *, by: Account) -> None:
    """Bring a response back to `by`'s page of letters; twice is harmless."""
    PutAwayResponse.objects.filter(response=response_id, author=by).delete()


def _locked(response_id: UUID, *, by: Account, at: datetime) -> Response:
    response = get(response_id, by=by, at=at)
    if response.post_id is not None:
        lock(response.post_id)
    blocks.lock(*filter(None, (by.pk, response.writer_id)))
    # A block, or the writer's taking it back, may have come first.
    return get(response_id, by=by, at=at)
