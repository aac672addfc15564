"""An archive's contents as data, for another Beside, or for any program: `archive.json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from beside.archive.layout import FOLDER, Laid, LaidLetter, Layout
from beside.archive.models import Export
from beside.people.delegations import HandsOver
from beside.posts import addenda, facets, signing
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Audience, Autosave, Post, Revision
from beside.posts.text import fields_of

FORMAT, VERSION = "beside-archive", 1


def data_of(export: Export, layout: Layout) -> dict[str, Any]:
    """Everything in the archive that isn't a photograph's bytes. Instants are ISO 8601, in UTC."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "of": name_of(export.account),
        "made_at": export.made_at,
        "holds": export.holds,
        "with_originals": export.with_originals,
        "letters": [_letter(export, one) for one in layout.letters],
        "drawer": [_photograph(export, laid) for laid in layout.drawer],
    }


def is_everything(export: Export) -> bool:
    """Whether it holds what was never shown too: drafts, earlier words, names of files on a phone."""
    return export.holds == HandsOver.EVERYTHING


def earlier_words(post: Post) -> list[Revision]:
    """How the letter stood before each change, oldest first."""
    revisions = Revision.objects.filter(post=post).select_related("editor__profile")
    return list(revisions.order_by("replaced_at", "pk"))


def not_shown_words(post: Post, export: Export) -> list[Autosave]:
    """What is written and no part of the letter: of this author, or by another device."""
    kept = Autosave.objects.filter(post=post).order_by("saved_at", "pk")
    return [
        one
        for one in kept
        if one.author_id == export.account_id or one.kind == Autosave.Kind.OTHER_DEVICE
    ]


def _letter(export: Export, laid: LaidLetter) -> dict[str, Any]:
    post = laid.letter.post
    told: dict[str, Any] = {
        "id": post.pk,
        "folder": _inside(laid.folder),
        **fields_of(post),
        "signers": signing.names_in(post),
        "authors": [name_of(author) for author in authors_of(post)],
        "state": post.state,
        "begun_at": post.begun_at,
        "published_at": post.published_at,
        "words_for": Audience(post.words_for).name,
        "photographs_for": Audience(post.photographs_for).name,
        "veiled": post.veiled,
        "note_shows": post.note_shows,
        "photographs": [_photograph(export, one) for one in laid.photographs],
        "added_later": [
            {
                "by": name_of(one.author),
                "at": one.added_at,
                "words": one.words,
                "photograph": one.photo_id,
            }
            for one in addenda.of(post)
            if one.photo_id is None or one.photo_id in _ids(laid.photographs)
        ],
    }
    if is_everything(export):
        told["closed_at"], told["taken_back_at"] = post.closed_at, post.taken_back_at
        told["found_by"] = facets.of(post)
        told["earlier"] = [_earlier(one) for one in earlier_words(post)]
        told["not_shown"] = [
            {"saved_at": one.saved_at, **one.fields} for one in not_shown_words(post, export)
        ]
    return told


def _photograph(export: Export, laid: Laid) -> dict[str, Any]:
    photo = laid.kept.photo
    told: dict[str, Any] = {
        "id": photo.pk,
        "readable": _inside(laid.readable.name) if laid.readable else None,
        "best": _inside(laid.best.name) if laid.best else None,
        "width": photo.width,
        "height": photo.height,
        "description": photo.description,
        "caption": photo.caption,
        "closed_for_you": laid.kept.is_closed,
    }
    if hasattr(photo, "placed"):
        told["number"] = photo.placed.number
        told["beside_previous"] = photo.placed.beside_previous
    if is_everything(export):
        told["uploaded_at"], told["name_on_phone"] = photo.uploaded_at, photo.name_on_phone
    return told


def _earlier(one: Revision) -> dict[str, Any]:
    return {
        "until": one.replaced_at,
        "changed_by": name_of(one.editor),
        **fields_of(one),
        "photographs": one.photographs,
    }


def _ids(photographs: Sequence[Laid]) -> set[object]:
    return {laid.kept.photo.pk for laid in photographs}


def _inside(name: str) -> str:
    return name.removeprefix(f"{FOLDER}/")
