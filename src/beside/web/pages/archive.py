"""The page of an archive, and the pages inside it, which open from a disk in any browser with every photograph folded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from os.path import relpath

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from beside.archive import exports
from beside.archive.contents import contents_of
from beside.archive.data import data_of, earlier_words, is_everything, not_shown_words
from beside.archive.layout import DRAWER, FOLDER, Laid, LaidLetter, layout_of
from beside.archive.models import Export
from beside.archive.zip_stream import File, whole
from beside.people.models import Account, Delegation
from beside.posts import addenda, signing
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Post
from beside.web import safe_html
from beside.web.forms.archive import ArchiveForm
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
    at: datetime | None
    is_draft: bool
    is_taken_back: bool


@dataclass(frozen=True)
class ArchivePage:
    """The page from which an archive is downloaded. `bytes` is the size of its photographs, if one is ready.

    `delegation` and `name` are set for a steward: the author's name, and what they agreed to.
    """

    export: Export | None
    bytes: int
    form: ArchiveForm | None = None
    handed_over: Sequence[Export] = ()
    delegation: Delegation | None = None
    name: str = ""


def own_page(account: Account, form: ArchiveForm, *, at: datetime) -> ArchivePage:
    """The page for somebody's own archive, which also lists those that their steward has taken."""
    export = exports.taken_by(account, at=at).filter(delegation=None).first()
    handed_over = list(exports.handed_over(account))
    return ArchivePage(export, _bytes(export, at=at), form, handed_over)


def steward_page(delegation: Delegation, account: Account, *, at: datetime) -> ArchivePage:
    """The page for `account`, who is the author's steward and may act."""
    export = exports.taken_by(account, at=at).filter(delegation=delegation).first()
    name = name_of(delegation.author)
    return ArchivePage(export, _bytes(export, at=at), delegation=delegation, name=name)


def _bytes(export: Export | None, *, at: datetime) -> int:
    if export is None:
        return 0
    return sum(file.size for file in layout_of(contents_of(export, at=at), export).pictures())


def files_of(export: Export, *, at: datetime) -> list[File]:
    """Every file of the archive as it is at `at`, but for the list of sums."""
    layout = layout_of(contents_of(export, at=at), export)
    data = json.dumps(data_of(export, layout), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    index = {
        "export": export,
        "name": name_of(export.account),
        "letters": [_entry(laid) for laid in layout.letters],
        "has_drawer": bool(layout.drawer),
    }
    drawer = {"pictures": [_picture(laid, DRAWER, ()) for laid in layout.drawer]}
    return [
        _page(FOLDER, "START-HERE", "archive/inside/index.html", index),
        whole(f"{FOLDER}/beside.css", _STYLES.read_bytes()),
        *(file for laid in layout.letters for file in _pages_of(laid, export)),
        *([_page(DRAWER, "drawer", "archive/inside/drawer.html", drawer)] if layout.drawer else []),
        whole(f"{FOLDER}/archive.json", data.encode()),
        *layout.pictures(),
    ]


def _pages_of(laid: LaidLetter, export: Export) -> Iterator[File]:
    post = laid.letter.post
    said = addenda.of(post)
    pictures = [
        _picture(
            one, laid.folder, [said_later(it) for it in said if it.photo_id == one.kept.photo.pk]
        )
        for one in laid.photographs
    ]
    numbers = [one.kept.photo.placed.number for one in laid.photographs]
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
    if is_everything(export):
        told["earlier"] = [
            {"at": one.replaced_at, "title": one.title, "blocks": _words(post, one.words)}
            for one in earlier_words(post)
        ]
        told["not_shown"] = [
            {
                "at": one.kept_at,
                "title": one.fields["title"],
                "blocks": _words(post, one.fields["words"]),
            }
            for one in not_shown_words(post, export)
        ]
    yield _page(laid.folder, "letter", "archive/inside/letter.html", told)
    yield whole(f"{laid.folder}/words.txt", f"{post.title}\n\n{post.words}\n".encode())


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


def _words(post: Post, words: str) -> list[safe_html.Block]:
    return safe_html.letter(words, signers=signing.names_in(post))


def _picture(laid: Laid, folder: str, added: Sequence[Added]) -> Picture:
    photo = laid.kept.photo
    return Picture(
        readable=relpath(laid.readable.name, folder) if laid.readable else "",
        best=relpath(laid.best.name, folder) if laid.best else "",
        alt=photo.description,
        caption=photo.caption,
        is_closed=laid.kept.is_closed,
        added=added,
    )


def _entry(laid: LaidLetter) -> Entry:
    post = laid.letter.post
    return Entry(
        page=relpath(f"{laid.folder}/letter.html", FOLDER),
        title=title_of(post),
        at=post.published_at or post.begun_at,
        is_draft=post.state == Post.State.DRAFT,
        is_taken_back=post.state == Post.State.TAKEN_BACK,
    )


def _page(folder: str, name: str, template: str, told: Mapping[str, object]) -> File:
    root = relpath(FOLDER, folder)
    return whole(
        f"{folder}/{name}.html", render_to_string(template, {**told, "root": root}).encode()
    )
