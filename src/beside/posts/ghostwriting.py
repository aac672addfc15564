"""Writing a letter for an author and handing it over as a draft that only the author can see."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import delegations, languages, names, time_zones
from beside.people.delegations import Role
from beside.people.models import Account
from beside.posts.authorship import bare_name_of
from beside.posts.models import Authorship, Post


@transaction.atomic
def hand_over(delegation_id: UUID, *, title: str, words: str, by: Account, at: datetime) -> None:
    """Save this as a draft of the author who gave the delegation. The writer can't see it again.

    Its first line says who wrote it, until the author deletes that. Raises `NoSuchDelegation`.
    """
    tells = delegations.in_force().filter(delegate=by, role=Role.TELLER)
    held = delegations.locked(tells, delegation_id)
    with languages.speaking_to(held.author):
        line = _("*Written for you by %(name)s.*") % {"name": bare_name_of(by)}
    post = Post.objects.create(
        title=names.harmless(title).strip(),
        words=f"{line}\n\n{words.strip()}",
        begun_at=at,
        saved_at=at,
        written_on=time_zones.day_of(held.author, at),
    )
    Authorship.objects.create(post=post, account_id=held.author_id, joined_at=at)
    notices.tell(held.author_id, Notice.Kind.GHOSTWRITTEN, about=post.pk, actor=by.pk, at=at)
