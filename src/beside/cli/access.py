"""`beside access`: which sentence of the rule decides what one person may see of one post."""

from __future__ import annotations

from uuid import UUID

import click
from django.utils import timezone

from beside.access.policy import NOBODY, Viewer, why
from beside.people.models import Account


@click.command(name="access")
@click.argument("person")
@click.argument("post", type=click.UUID)
def command(person: str, post: UUID) -> None:
    """Say which sentence of docs/access.md decides how much of POST PERSON may see.

    PERSON is an e-mail address, an id, or the word nobody. POST is the id in the post's
    address. Nothing of the post itself is shown.
    """
    click.echo(why(_viewer(person), post, at=timezone.now()))


def _viewer(person: str) -> Viewer:
    if person == "nobody":
        return NOBODY
    found = Account.objects.filter(email__iexact=person).first() or _by_id(person)
    if found is None:
        raise click.ClickException(f"Nobody here has the address or id {person}.")
    return Viewer(found.pk)


def _by_id(person: str) -> Account | None:
    try:
        return Account.objects.filter(pk=UUID(person)).first()
    except ValueError:
        return None
