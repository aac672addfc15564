"""Who reads first for somebody, by a delegation."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from beside.access.compiled import ACCOUNT, POST, Statement, as_uuid, compiled, from_uuid
from beside.people import delegations
from beside.people.models import Account
from beside.posts.models import Authorship, Post


def of(to: Post | Account) -> set[UUID]:
    """The accounts that read first for the one person, or for any author of the letter."""
    key = from_uuid(to.pk)
    rows = _compiled(isinstance(to, Account)).every(post=key, account=key)
    return {as_uuid(screener) for [screener] in rows}


@lru_cache
def _compiled(of_a_person: bool) -> Statement:
    """Compiled once, as whoever sends a response holds locks while this is asked."""
    authors = Authorship.objects.filter(post=POST).values("account")
    them = {"author": ACCOUNT} if of_a_person else {"author__in": authors}
    return compiled(delegations.screening().filter(**them).values_list("delegate"))
