"""Private letters between two people. A letter is a `Response` to one `recipient`: the desk and seals are the same."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from beside.access.profiles import people_named_to
from beside.people import blocks
from beside.people.models import Account
from beside.responses import policy, private_letter_policy, responses
from beside.responses.models import Response


class TakesNoLetters(Exception):
    """They take no letters from this writer, or none at the moment; or there is no such person."""

    def __init__(self) -> None:
        super().__init__(_("You can’t write to them at the moment. Nothing was sent."))


@transaction.atomic
def write(letter_id: UUID, to_id: UUID, words: str, *, by: Account, at: datetime) -> None:
    """Write a private letter. Writing the same `letter_id` again does nothing. Raises `TakesNoLetters`."""
    blocks.lock(by.pk, to_id)
    to = private_letter_policy.people_who_take_letters_from(by).filter(pk=to_id).first()
    if to is None:
        raise TakesNoLetters
    if Response.objects.filter(pk=letter_id).exists():
        return
    letter = Response(pk=letter_id, recipient=to, writer=by, words=words.strip())
    at_once = private_letter_policy.needs_nobody_first(to, by)
    responses.deliver(letter, at_once=at_once, at=at)


def between(me: Account, other: Account, *, at: datetime) -> QuerySet[Response]:
    """The letters between two people as `me` sees them at `at`, oldest first; none if they are apart.

    They are those that were passed on to `me`, and those that `me` wrote: of these ask `shows_words`.
    """
    came = policy.passed_on_to(me, at=at).filter(recipient=me, writer=other)
    sent = written_by(me).filter(recipient=other)
    both = Q(pk__in=came.values("pk")) | Q(pk__in=sent.values("pk"))
    found = Response.objects.filter(both).select_related("writer__profile")
    return found.order_by("sent_at", "pk")


def written_by(account: Account) -> QuerySet[Response]:
    """The private letters of `account`'s to people from whom no block, suspension or closed account sets them apart."""
    named = people_named_to(account.pk).filter(suspended_at=None)
    return Response.objects.filter(writer=account, recipient__in=named.values("pk"))


def shows_words(letter: Response) -> bool:
    """Whether its writer is shown its words again: only if nobody had to read it first.

    Otherwise its words would tell its writer that it wasn't declined.
    """
    return letter.at_once and letter.state == Response.State.PASSED_ON
