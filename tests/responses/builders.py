"""Builders for responses and what authors choose about them."""

from __future__ import annotations

import itertools
import uuid
from datetime import datetime, timedelta
from typing import Any

from beside.access.conditions import Viewer
from beside.finding import directory_entries
from beside.finding.directory_entries import Said
from beside.notices import notices
from beside.notices.models import Notice
from beside.people.models import Account, Delegation
from beside.posts.models import Post
from beside.responses import private_letters, queue, responses
from beside.responses.models import (
    PrivateLetterChoice,
    ReadFirst,
    RespondedBy,
    Response,
    ResponseChoice,
    WrittenBy,
)
from beside.responses.responses import ResponseText
from tests.cast import NOW

# Each is sent a little later than the one before.
_moments = itertools.count()
WORDS = "I read it twice. Emil. I have said it aloud."


def take_responses(
    post: Post,
    level: RespondedBy = RespondedBy.READERS,
    *,
    read_first: ReadFirst = ReadFirst.AUTHORS,
    **fields: Any,
) -> None:
    """Have every author of `post` choose this."""
    for authorship in post.authorships.all():
        ResponseChoice.objects.update_or_create(
            post=post,
            author=authorship.account,
            defaults={"responded_by": level, "read_first": read_first, **fields},
        )


def reads_first(author: Account, delegate: Account) -> Delegation:
    return Delegation.objects.create(
        author=author,
        delegate=delegate,
        role=Delegation.Role.SCREENER,
        offered_at=NOW,
        signed_at=NOW,
    )


def respond(
    post: Post, by: Account, words: str = WORDS, *, at: datetime | None = None, **fields: Any
) -> Response:
    key = uuid.uuid4()
    at = at or NOW + timedelta(microseconds=next(_moments))
    text = ResponseText(words, **fields)
    responses.send(key, post.pk, text, by=by, viewer=Viewer(by.pk), at=at)
    return Response.objects.get(pk=key)


def in_hand(
    post: Post, reader: Account, by: Account, words: str = WORDS, **fields: Any
) -> Response:
    """A response that `reader` has in hand."""
    response = respond(post, by, words, **fields)
    taken = queue.take_next(reader, at=NOW)
    assert taken == response
    return response


def take_letters(
    account: Account,
    level: WrittenBy = WrittenBy.WHO_KNOW_ME,
    *,
    read_first: ReadFirst = ReadFirst.AUTHORS,
) -> None:
    """Have `account` choose this, and let everybody find them."""
    directory_entries.save(account, Said(), at=NOW)
    PrivateLetterChoice.objects.update_or_create(
        account=account, defaults={"written_by": level, "read_first": read_first}
    )


def write(by: Account, to: Account, words: str = WORDS, *, at: datetime | None = None) -> Response:
    """A private letter."""
    key = uuid.uuid4()
    at = at or NOW + timedelta(microseconds=next(_moments))
    private_letters.write(key, to.pk, words, by=by, at=at)
    return Response.objects.get(pk=key)


def letter_in_hand(to: Account, reader: Account, by: Account, words: str = WORDS) -> Response:
    """A private letter that `reader` has in hand."""
    take_letters(to)
    letter = write(by, to, words)
    taken = queue.take_next(reader, at=NOW)
    assert taken == letter
    return letter


def passed_on(to: Account, by: Account, words: str = WORDS) -> Response:
    """A private letter that somebody has read first and passed on."""
    take_letters(to)
    letter = write(by, to, words)
    Response.objects.filter(pk=letter.pk).update(state=Response.State.PASSED_ON)
    letter.refresh_from_db()
    notices.tell(to.pk, Notice.Kind.RESPONSE_PASSED_ON, about=to.pk, at=NOW)
    return letter
