"""Finding people by name: only those whose page the asker may open (`access.profiles`)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from beside.access.profiles import people_close_by, people_known_to
from beside.index import full_text, texts
from beside.index.analysis import Query
from beside.people.models import Account

# Whoever looks for one of more people types more of the name.
MOST = 20


def people_called(query: Query, me: UUID) -> list[Account]:
    """People by whose names `me` may look for them: those close to `me`, and those who say that they want to be found."""
    close = [
        account.pk
        for account in _named(people_close_by(me))
        if texts.is_called(str(account.profile.name), query)
    ]
    keys = full_text.newest(texts.as_names(query), labels=[], before=None, most=MOST)
    wanting = texts.texts().filter(open_key__in=keys).values_list("account", flat=True)
    known = _named(people_known_to(me).filter(pk__in=[*close, *wanting])).exclude(pk=me)
    return list(known.order_by("profile__name", "pk")[:MOST])


def _named(people: QuerySet[Account]) -> QuerySet[Account]:
    return people.select_related("profile")
