"""What an author has typed: the words of a letter and of its photographs, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from beside.posts.models import PlacedPhoto, Post

# What may be ticked as "In them", in the order of the page.
IN_THEM = ("died", "face", "hospital", "crying", "blood", "medical")


@dataclass(frozen=True, slots=True)
class PhotoWords:
    """What can be seen in a photograph, the words under it, and how it stands."""

    description: str = ""
    caption: str = ""
    beside_previous: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """Everything of a letter that is typed or ticked, but who it is for."""

    title: str = ""
    words: str = ""
    note: str = ""
    note_shows: tuple[str, ...] = ()
    veiled: bool = True
    photos: Mapping[UUID, PhotoWords] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same, for a row of JSON."""
        return {
            "title": self.title,
            "words": self.words,
            "note": self.note,
            "note_shows": list(self.note_shows),
            "veiled": self.veiled,
            "photos": {
                str(photo): [one.description, one.caption, one.beside_previous]
                for photo, one in self.photos.items()
            },
        }


def from_json(kept: Mapping[str, Any]) -> Written:
    """What `Written.as_json` made."""
    return Written(
        title=kept["title"],
        words=kept["words"],
        note=kept["note"],
        note_shows=tuple(kept["note_shows"]),
        veiled=kept["veiled"],
        photos={UUID(photo): PhotoWords(*one) for photo, one in kept["photos"].items()},
    )


def written(post: Post) -> Written:
    """What `post` says now."""
    placed = post.placed.select_related("photo").order_by("position")
    return Written(
        title=post.title,
        words=post.words,
        note=post.note,
        note_shows=tuple(post.note_shows),
        veiled=post.veiled,
        photos={
            one.photo_id: PhotoWords(one.photo.description, one.photo.caption, one.beside_previous)
            for one in placed
        },
    )


def within(post: Post, said: Written) -> Written:
    """`said`, with exactly the photographs that lie in `post` now: words for others are left out."""
    now = written(post)
    photos = {photo: said.photos.get(photo, one) for photo, one in now.photos.items()}
    return Written(said.title, said.words, said.note, said.note_shows, said.veiled, photos)


def put(post: Post, said: Written) -> None:
    """Make `post` say it, and save. Whether that may be is for the caller to have asked."""
    post.title, post.words, post.note = said.title, said.words, said.note
    post.note_shows = [what for what in IN_THEM if what in said.note_shows]
    post.veiled = said.veiled
    post.save()
    for placed in PlacedPhoto.objects.filter(post=post).select_related("photo"):
        one = said.photos.get(placed.photo_id)
        if one is not None:
            _put_photo(placed, one)


def _put_photo(placed: PlacedPhoto, one: PhotoWords) -> None:
    photo = placed.photo
    if (photo.description, photo.caption) != (one.description, one.caption):
        photo.description, photo.caption = one.description, one.caption
        photo.save(update_fields=["description", "caption"])
    if placed.beside_previous != one.beside_previous:
        placed.beside_previous = one.beside_previous
        placed.save(update_fields=["beside_previous"])
