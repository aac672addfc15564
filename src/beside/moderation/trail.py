"""The trail of what moderators were shown (`access.trail`), with what its entries are about: letters, responses, seals."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from beside.access import trail
from beside.access.models import TrailEntry
from beside.responses.models import Response, Seal


def forget_reasons() -> None:
    """Delete the reasons of entries about what no longer exists. The worker calls this; twice is harmless."""
    gone = TrailEntry.objects.exclude(reason="").filter(_without_subject())
    gone.update(reason="", salt="")


def faults() -> Iterator[tuple[int, str]]:
    """Everything that is wrong with the trail: the number of an entry, and a sentence about it."""
    return trail.faults(without_subject=_without_subject())


def _without_subject() -> Q:
    response = Response.objects.filter(pk=OuterRef("response"))
    seal = Seal.objects.filter(pk=OuterRef("seal"))
    of_lost_response = Q(response__isnull=False) & ~Q(Exists(response))
    of_lost_seal = Q(seal__isnull=False) & ~Q(Exists(seal))
    return trail.of_lost_letters() | of_lost_response | of_lost_seal
