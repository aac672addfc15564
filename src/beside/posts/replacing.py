"""Replacing a photograph by a version that its author cropped, so that somebody is no longer in it."""

from __future__ import annotations

from django.db import transaction

from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts import indexed_texts
from beside.posts.authorship import NotAnAuthor, locked
from beside.posts.drafting import place, take_out
from beside.posts.models import PlacedPhoto, Post


@transaction.atomic
def replace(post: Post, old: Photo, new: Photo, *, by: Account) -> None:
    """Put `new` in the place of `old`, with its description and caption. Only its holders see `old` afterwards.

    `new` takes the number by which the letter's words refer to `old`, and readers are asked again
    before it opens. Raises what `drafting.place` raises, and `NotAnAuthor` if `old` isn't in `post`.
    """
    post = locked(post, by=by)
    lying = PlacedPhoto.objects.filter(post=post, photo=old).first()
    if lying is None:
        raise NotAnAuthor
    placed = place(post, new, by=by)
    take_out(post, old, by=by)
    PlacedPhoto.objects.filter(pk=placed.pk).update(
        position=lying.position, number=lying.number, beside_previous=lying.beside_previous
    )
    new.description, new.caption = old.description, old.caption
    new.save(update_fields=["description", "caption"])
    indexed_texts.index_photographs([new], post.language)
