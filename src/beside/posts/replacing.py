"""Putting another version of a photograph in its place: one that its author cut, so that somebody isn't in it."""

from __future__ import annotations

from django.db import transaction

from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.authorship import NotAnAuthor, locked
from beside.posts.drafting import place, take_out
from beside.posts.models import PlacedPhoto, Post


@transaction.atomic
def replace(post: Post, old: Photo, new: Photo, *, by: Account) -> None:
    """Lay `new` where `old` lies, with its words, and take `old` out, which nobody but its holders sees then.

    The letter's words name it by the same number. Readers are asked anew before it opens. It
    raises what `drafting.place` does, and `NotAnAuthor` if `old` doesn't lie in `post`.
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
    Photo.objects.filter(pk=new.pk).update(description=old.description, caption=old.caption)
