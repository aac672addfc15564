"""What an author has typed: the text of a letter and of its photographs, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from beside.people.names import harmless
from beside.posts import indexed_texts
from beside.posts.models import LetterText, PlacedPhoto, Post

# The names of a letter's text fields, in the order of the model.
FIELDS = tuple(one.name for one in LetterText._meta.local_fields)
# Those of them that are single lines, and are shown among the words of others.
_LINES = {"title", "about_when"}
# What may be ticked under "In them", in the order of the page.
IN_THEM = ("died", "face", "hospital", "crying", "blood", "medical")


@dataclass(frozen=True, slots=True)
class PhotoText:
    """A photograph's description and caption, and whether it is laid beside the one before it."""

    description: str = ""
    caption: str = ""
    beside_previous: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Everything of a letter that is typed or ticked, except who it is for.

    `typed` has a string for every name in `FIELDS`; a name that is left out is empty. Titles lose characters
    that would act on the text around them (`people.names`); all else is as it was typed.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    note_shows: tuple[str, ...] = ()
    veiled: bool = True
    photos: Mapping[UUID, PhotoText] = field(default_factory=dict)

    def __post_init__(self) -> None:
        typed = {name: self.typed.get(name, "") for name in FIELDS}
        lines = {name: harmless(line) for name, line in typed.items() if name in _LINES}
        object.__setattr__(self, "typed", typed | lines)

    def __getitem__(self, name: str) -> str:
        return self.typed[name]

    def changed(self, **values: Any) -> Text:  # noqa: ANN401 -- the fields are the model's
        """A copy with these values: of the fields in `FIELDS`, or of the attributes."""
        typed = {name: values.pop(name) for name in FIELDS if name in values}
        return replace(self, typed={**self.typed, **typed}, **values)

    def as_json(self) -> dict[str, Any]:
        """The same as a JSON object; `from_json` reads it."""
        return {
            **self.typed,
            "note_shows": list(self.note_shows),
            "veiled": self.veiled,
            "photos": {
                str(photo): [one.description, one.caption, one.beside_previous]
                for photo, one in self.photos.items()
            },
        }


def from_json(saved: Mapping[str, Any]) -> Text:
    """What `Text.as_json` made. A field that is missing from an older object is empty."""
    return Text(
        typed={name: saved.get(name, "") for name in FIELDS},
        note_shows=tuple(saved["note_shows"]),
        veiled=saved["veiled"],
        photos={UUID(photo): PhotoText(*one) for photo, one in saved["photos"].items()},
    )


def fields_of(row: LetterText) -> dict[str, str]:
    """The text fields of a post or of an earlier version of one, by name."""
    return {name: getattr(row, name) for name in FIELDS}


def text_of(post: Post) -> Text:
    """What `post` says now."""
    placed = post.placed.select_related("photo").order_by("position")
    return Text(
        typed=fields_of(post),
        note_shows=tuple(post.note_shows),
        veiled=post.veiled,
        photos={
            one.photo_id: PhotoText(one.photo.description, one.photo.caption, one.beside_previous)
            for one in placed
        },
    )


def within(post: Post, text: Text) -> Text:
    """`text`, with exactly the photographs that are in `post` now: text for any others is left out."""
    now = text_of(post)
    photos = {photo: text.photos.get(photo, one) for photo, one in now.photos.items()}
    return replace(text, photos=photos)


def save_text(post: Post, text: Text) -> None:
    """Make `post` say `text`, and save it. The caller must have checked permission."""
    for name in FIELDS:
        setattr(post, name, text[name])
    post.note_shows = [what for what in IN_THEM if what in text.note_shows]
    post.veiled = text.veiled
    post.save()
    indexed_texts.index(post)
    for placed in PlacedPhoto.objects.filter(post=post).select_related("photo", "post"):
        one = text.photos.get(placed.photo_id)
        if one is not None:
            _save_photo(placed, one)


def _save_photo(placed: PlacedPhoto, one: PhotoText) -> None:
    photo = placed.photo
    if (photo.description, photo.caption) != (one.description, one.caption):
        photo.description, photo.caption = one.description, one.caption
        photo.save(update_fields=["description", "caption"])
        indexed_texts.index_photographs([photo], placed.post.language)
    if placed.beside_previous != one.beside_previous:
        placed.beside_previous = one.beside_previous
        placed.save(update_fields=["beside_previous"])
