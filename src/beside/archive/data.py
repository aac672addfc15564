"""`archive.json`: an archive's contents as data, for another Beside or any other program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from beside.archive.layout import FOLDER, Layout, LetterFolder, PhotographFiles, is_complete
from beside.archive.models import Export
from beside.people import languages, time_zones
from beside.posts import addenda, facets, signing
from beside.posts.authorship import authors_of, bare_name_of
from beside.posts.models import Audience, Autosave, Post, Revision
from beside.posts.text import fields_of
from beside.responses.models import Response

FORMAT, VERSION = "beside-archive", 1


class InActiveZone(DjangoJSONEncoder):
    """Writes times in ISO 8601 with the offset that the active time zone had then."""

    def default(self, o: object) -> Any:  # noqa: ANN401 -- as the class above
        """What stands for `o` in JSON."""
        if isinstance(o, datetime):
            return timezone.localtime(o).isoformat()
        return super().default(o)


def data_of(export: Export, layout: Layout) -> dict[str, Any]:
    """Everything in the archive but the photographs' bytes. Times are aware; whoever writes them chooses the zone."""
    everything: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "of": bare_name_of(export.account),
        "made_at": export.made_at,
        "time_zone": str(time_zones.of(export.account)),
        "language": languages.of(export.account),
        "holds": export.holds,
        "with_originals": export.with_originals,
        "letters": [_letter(export, one) for one in layout.letters],
        "drawer": [_photograph(export, one) for one in layout.drawer],
    }
    if export.delegation_id is None:
        everything["private_letters"] = [asdict(one) for one in layout.private_letters]
        everything["family"] = asdict(layout.family)
        everything["thank_you_notes"] = [asdict(one) for one in layout.thank_you_notes]
        found = layout.directory_entry
        everything["directory_entry"] = asdict(found) if found else None
        everything["shows_less_of"] = list(layout.shows_less_of)
    return everything


def revisions_of(post: Post) -> list[Revision]:
    """The letter's earlier versions, oldest first."""
    revisions = Revision.objects.filter(post=post).select_related("editor__profile")
    return list(revisions.order_by("replaced_at", "pk"))


def unshown_drafts_of(post: Post, export: Export) -> list[Autosave]:
    """Drafts kept beside the letter: this author's own, and those from another device."""
    kept = Autosave.objects.filter(post=post).order_by("saved_at", "pk")
    return [
        one
        for one in kept
        if one.author_id == export.account_id or one.kind == Autosave.Kind.OTHER_DEVICE
    ]


def _letter(export: Export, folder: LetterFolder) -> dict[str, Any]:
    post = folder.letter.post
    entry: dict[str, Any] = {
        "id": post.pk,
        "folder": _inside(folder.path),
        **fields_of(post),
        "signers": signing.names_in(post),
        "authors": [bare_name_of(author) for author in authors_of(post)],
        "state": post.state,
        "begun_at": post.begun_at,
        "published_at": post.published_at,
        "written_on": post.written_on,
        "words_for": Audience(post.words_for).name,
        "photographs_for": Audience(post.photographs_for).name,
        "veiled": post.veiled,
        "note_shows": post.note_shows,
        "photographs": [_photograph(export, one) for one in folder.photographs],
        "added_later": _added_later(post, folder.photographs),
    }
    if export.delegation_id is None:
        entry["responses"] = [_response(one) for one in folder.letter.responses]
    return entry | _unshown_parts(post, export) if is_complete(export) else entry


def _response(one: Response) -> dict[str, Any]:
    """What its recipient reads of a response: with a pen name, nothing of who wrote it."""
    return {
        "by": one.pen_name or bare_name_of(one.writer),
        "is_pen_name": bool(one.pen_name),
        "sent_at": one.sent_at,
        "words": one.words,
        "only_for_authors": one.only_for_authors,
        "shown_at": one.shown_at,
    }


def _added_later(post: Post, photographs: Sequence[PhotographFiles]) -> list[dict[str, Any]]:
    """The letter's addenda, except those about a photograph that isn't in the archive."""
    archived = {None, *(one.photograph.photo.pk for one in photographs)}
    return [
        {
            "by": bare_name_of(one.author),
            "at": one.added_at,
            "written_on": one.added_on,
            "words": one.words,
            "photograph": one.photo_id,
        }
        for one in addenda.of(post)
        if one.photo_id in archived
    ]


def _unshown_parts(post: Post, export: Export) -> dict[str, Any]:
    return {
        "closed_at": post.closed_at,
        "taken_back_at": post.taken_back_at,
        "found_by": facets.of(post),
        "earlier": [_earlier(one) for one in revisions_of(post)],
        "not_shown": [
            {"saved_at": one.saved_at, **one.fields} for one in unshown_drafts_of(post, export)
        ],
    }


def _photograph(export: Export, files: PhotographFiles) -> dict[str, Any]:
    photo = files.photograph.photo
    entry: dict[str, Any] = {
        "id": photo.pk,
        "readable": _inside(files.readable.name) if files.readable else None,
        "best": _inside(files.best.name) if files.best else None,
        "width": photo.width,
        "height": photo.height,
        "description": photo.description,
        "caption": photo.caption,
        "closed_for_you": files.photograph.is_closed,
    }
    if hasattr(photo, "placed"):
        entry["number"] = photo.placed.number
        entry["beside_previous"] = photo.placed.beside_previous
    if is_complete(export):
        entry["uploaded_at"], entry["name_on_phone"] = photo.uploaded_at, photo.name_on_phone
    return entry


def _earlier(one: Revision) -> dict[str, Any]:
    return {
        "until": one.replaced_at,
        "changed_by": bare_name_of(one.editor),
        **fields_of(one),
        "photographs": one.photographs,
    }


def _inside(name: str) -> str:
    """A path as it is from within the archive's folder."""
    return name.removeprefix(f"{FOLDER}/")
