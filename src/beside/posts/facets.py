"""What a letter is about: what readers may want to be asked about first, and what it's found under on the shelf."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from beside.people.models import Account
from beside.posts import indexed_texts
from beside.posts.authorship import locked
from beside.posts.models import Facet, Post, PostFacet


@transaction.atomic
def choose(post: Post, facets: Collection[str], *, by: Account) -> None:
    """Let `post` be found under exactly these, as any author may. Raises `NotAnAuthor`."""
    post = locked(post, by=by)
    wanted = {Facet(facet) for facet in facets}
    PostFacet.objects.filter(post=post).exclude(facet__in=wanted).delete()
    PostFacet.objects.bulk_create(
        (PostFacet(post=post, facet=facet) for facet in sorted(wanted)), ignore_conflicts=True
    )
    indexed_texts.follow(post)


def of(post: Post) -> list[Facet]:
    """The facets chosen for it, in the order of `Facet`."""
    chosen = set(PostFacet.objects.filter(post=post).values_list("facet", flat=True))
    return [facet for facet in Facet if facet in chosen]
