"""Replaying, on a restored database, what was narrowed about responses since the backup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beside.people.models import Narrowing
from beside.responses import choices, private_letter_choices
from beside.responses.models import Response

Subject = Mapping[str, str]
Kind = Narrowing.Kind


@transaction.atomic
def replay(kind: str, subject: Subject, *, at: datetime) -> None:
    """Replay one narrowing. One of another layer, or about what isn't here, does nothing."""
    narrow = _REPLAYS.get(kind)
    if narrow is not None:
        narrow(subject)


def _take_back(subject: Subject) -> None:
    Response.objects.filter(pk=UUID(subject["response"])).delete()


def _hide(subject: Subject) -> None:
    Response.objects.filter(pk=UUID(subject["response"])).update(shown_at=None)


def _narrow(subject: Subject) -> None:
    choices.narrow_again(
        UUID(subject["post"]), UUID(subject["author"]), int(subject["responded_by"])
    )


def _narrow_private_letters(subject: Subject) -> None:
    private_letter_choices.narrow_again(UUID(subject["account"]), int(subject["written_by"]))


_REPLAYS: dict[str, Callable[[Subject], None]] = {
    Kind.RESPONSE_TAKEN_BACK: _take_back,
    Kind.RESPONSE_HIDDEN: _hide,
    Kind.RESPONSES_NARROWED: _narrow,
    Kind.PRIVATE_LETTERS_NARROWED: _narrow_private_letters,
}
