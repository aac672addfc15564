"""An archive's own pages: they open in any browser, from a disk, and fold every photograph until it is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from os.path import relpath
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from beside.archive.contents import contents_of
from beside.archive.data import data_of, is_complete, revisions_of, unshown_drafts_of
from beside.archive.layout import DRAWER, FOLDER, LetterFolder, PhotographFiles, layout_of
from beside.archive.models import Export
from beside.archive.zip_stream import File, from_bytes
from beside.people import time_zones
from beside.posts import addenda, signing
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Post
from beside.posts.text import fields_of, from_json
from beside.web import safe_html
from beside.web.pages.letter import said_later, title_of
from beside.web.pages.people import in_a_row
from beside.web.pages.prints import Added

_STYLES = settings.SOURCE / "web" / "static" / "beside" / "beside.css"


@dataclass(frozen=True)
class Picture:
    """A photograph on a page of the archive; its files are named from that page's folder, or empty."""

    readable: str
    best: str
    alt: str
    caption: str
    is_closed: bool
    added: Sequence[Added]


@dataclass(frozen=True)
class Block:
    """A passage, or a photograph lying there."""

    html: SafeString | None = None
    picture: Picture | None = None


@dataclass(frozen=True)
class Entry:
    """A letter in the list of them all."""

    page: str
    title: str
    written_on: date
    is_draft: bool
    is_taken_back: bool


class InActiveZone(DjangoJSONEncoder):
    """Writes times in ISO 8601 with the offset that the active time zone had then."""

    def default(self, o: object) -> Any:  # noqa: ANN401 -- as the class above
        """What stands for `o` in JSON."""
        if isinstance(o, datetime):
            return timezone.localtime(o).isoformat()
        return super().default(o)


def files_of(export: Export, *, at: datetime) -> list[File]:
    """Every file of the archive as it is at `at`, except the list of checksums.

    Its days and times are in the time zone of the account it is of, whoever downloads it.
    """
    with timezone.override(time_zones.of(export.account)):
        return _files_of(export, at=at)


def _files_of(export: Export, *, at: datetime) -> list[File]:
    layout = layout_of(contents_of(export, at=at), export)
    data = json.dumps(data_of(export, layout), cls=InActiveZone, ensure_ascii=False, indent=1)
    index = {
        "export": export,
        "name": name_of(export.account),
        "letters": [_entry(laid) for laid in layout.letters],
        "has_drawer": bool(layout.drawer),
    }
    drawer = {"pictures": [_picture(laid, DRAWER, ()) for laid in layout.drawer]}
    return [
        _page(FOLDER, "START-HERE", "archive/inside/index.html", index),
        from_bytes(f"{FOLDER}/beside.css", _STYLES.read_bytes()),
        *(file for laid in layout.letters for file in _pages_of(laid, export)),
        *([_page(DRAWER, "drawer", "archive/inside/drawer.html", drawer)] if layout.drawer else []),
        from_bytes(f"{FOLDER}/archive.json", data.encode()),
        *layout.pictures(),
    ]


def _pages_of(laid: LetterFolder, export: Export) -> Iterator[File]:
    post = laid.letter.post
    said = addenda.of(post)
    pictures = [
        _picture(
            one,
            laid.path,
            [said_later(it) for it in said if it.photo_id == one.photograph.photo.pk],
        )
        for one in laid.photographs
    ]
    numbers = [one.photograph.photo.placed.number for one in laid.photographs]
    blocks, after = _laid_out(post, numbers, pictures)
    told = {
        "post": post,
        "title": title_of(post),
        "by": in_a_row([name_of(author) for author in authors_of(post)]),
        "blocks": blocks,
        "after": after,
        "added": [said_later(one) for one in said if one.photo_id is None],
        "is_draft": post.state == Post.State.DRAFT,
        "is_taken_back": post.state == Post.State.TAKEN_BACK,
    }
    if is_complete(export):
        told["earlier"] = [
            _version(post, one.replaced_at, fields_of(one)) for one in revisions_of(post)
        ]
        told["not_shown"] = [
            _version(post, one.saved_at, from_json(one.fields).typed)
            for one in unshown_drafts_of(post, export)
        ]
    yield _page(laid.path, "letter", "archive/inside/letter.html", told)
    head = "\n".join(filter(None, (post.title, post.about_when)))
    yield from_bytes(f"{laid.path}/words.txt", f"{head}\n\n{post.words}\n".encode())


def _laid_out(
    post: Post, numbers: Sequence[int], pictures: Sequence[Picture]
) -> tuple[list[Block], list[Picture]]:
    """The letter with its photographs where its author put them, and those that lie after it."""
    left = dict(enumerate(pictures))
    blocks = []
    for block in safe_html.letter(post.words, numbers, signing.names_in(post)):
        if block.number is None:
            blocks.append(Block(html=block.html))
        else:
            blocks.append(Block(picture=left.pop(numbers.index(block.number))))
    return blocks, list(left.values())


def _version(post: Post, at: datetime, typed: Mapping[str, str]) -> dict[str, object]:
    blocks = safe_html.letter(typed["words"], signers=signing.names_in(post))
    return {"at": at, "title": typed["title"], "about_when": typed["about_when"], "blocks": blocks}


def _picture(laid: PhotographFiles, folder: str, added: Sequence[Added]) -> Picture:
    photo = laid.photograph.photo
    return Picture(
        readable=relpath(laid.readable.name, folder) if laid.readable else "",
        best=relpath(laid.best.name, folder) if laid.best else "",
        alt=photo.description,
        caption=photo.caption,
        is_closed=laid.photograph.is_closed,
        added=added,
    )


def _entry(laid: LetterFolder) -> Entry:
    post = laid.letter.post
    return Entry(
        page=relpath(f"{laid.path}/letter.html", FOLDER),
        title=title_of(post),
        written_on=post.written_on,
        is_draft=post.state == Post.State.DRAFT,
        is_taken_back=post.state == Post.State.TAKEN_BACK,
    )


def _page(folder: str, name: str, template: str, told: Mapping[str, object]) -> File:
    root = relpath(FOLDER, folder)
    return from_bytes(
        f"{folder}/{name}.html", render_to_string(template, {**told, "root": root}).encode()
    )
