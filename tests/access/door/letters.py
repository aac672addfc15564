"""Letters with doors, for the tests of requests and admissions."""

from __future__ import annotations

from datetime import timedelta

from beside.access.door import requests
from beside.access.door.requests import RequestText
from beside.access.models import AccessRequest
from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.people.models import Account
from beside.posts.models import Answer, Audience, Post, Reason
from tests.cast import NOW, make_photo, make_post

DAY = timedelta(days=1)
AFTER_A_YES = dict.fromkeys(Reason, Answer.AFTER_A_YES)
AT_ONCE = dict.fromkeys(Reason, Answer.AT_ONCE)
LIVED = RequestText(Reason.LIVED, "Our son died in May.")


def make_letter(*authors: Account, **fields) -> Post:
    """A letter with words for anyone signed in, and a photograph behind a door that asks for a yes."""
    fields.setdefault("words_for", Audience.ANYONE)
    fields.setdefault("photographs_for", Audience.LET_IN)
    fields.setdefault("door", AFTER_A_YES)
    return make_post(*authors, photos=[make_photo(authors[0])], **fields)


def make_hidden(*authors: Account, **fields) -> Post:
    """The same, but its words too are for those let in, so that only the address of its door leads to it."""
    return make_letter(*authors, words_for=Audience.LET_IN, **fields)


def ask(post: Post, who: Account, said: RequestText = LIVED, *, at=NOW, **more) -> bool:
    return requests.ask(post.pk, said, by=Viewer(who.pk), at=at, **more)


def asked(post: Post, who: Account) -> AccessRequest:
    return AccessRequest.objects.get(post=post, asker=who)


def sight(post: Post, who: Account, *, at=NOW) -> Sight:
    try:
        return Sight(see(Viewer(who.pk), post.pk, at=at).sight)
    except NothingToSee:
        return Sight.NOTHING
