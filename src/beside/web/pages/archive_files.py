"""The pages inside an archive. They open in any browser from a disk, and fold every photograph until it's asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from os.path import relpath

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from beside.archive.contents import contents_of
from beside.archive.data import InActiveZone, data_of, revisions_of, unshown_drafts_of
from beside.archive.layout import (
    DRAWER,
    FAMILY,
    FOLDER,
    PRIVATE_LETTERS,
    THANK_YOU_NOTES,
    Layout,
    LetterFolder,
    PhotographFiles,
    is_complete,
    layout_of,
)
from beside.archive.models import Export
from beside.archive.zip_stream import File, from_bytes
from beside.people import languages, time_zones
from beside.posts import addenda, signing
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Addendum, Post
from beside.posts.text import fields_of, from_json
from beside.web import safe_html
from beside.web.pages import responses
from beside.web.pages.addenda import said_later
from beside.web.pages.archive_correspondence import (
    DirectoryEntry,
    directory_entry,
    private_letters_page,
    thank_you_notes_page,
)
from beside.web.pages.archive_families import archived_family_page, has_anything
from beside.web.pages.letter import title_of, written_on
from beside.web.pages.people import in_a_row
from beside.web.pages.photographs import Added

_STYLES = settings.SOURCE / "web" / "static" / "beside" / "beside.css"


@dataclass(frozen=True)
class Picture:
    """A photograph inside an archive; file names are relative to the page's folder, or empty."""

    readable: str
    best: str
    alt: str
    caption: str
    is_closed: bool
    added: Sequence[Added]


@dataclass(frozen=True)
class Block:
    """A passage, or a photograph among them."""

    html: SafeString | None = None
    picture: Picture | None = None


@dataclass(frozen=True)
class Entry:
    """A letter in the list of all letters."""

    file: str
    title: str
    written_on: date
    is_draft: bool
    is_taken_back: bool


@dataclass(frozen=True)
class IndexPage:
    """The first page inside an archive."""

    name: str
    made_at: datetime
    has_originals: bool
    is_own: bool
    letters: Sequence[Entry]
    has_drawer: bool
    has_private_letters: bool
    has_thank_you_notes: bool
    found_by: DirectoryEntry | None
    has_family: bool


@dataclass(frozen=True)
class DrawerPage:
    """The photographs inside an archive that are in no letter."""

    pictures: Sequence[Picture]


@dataclass(frozen=True)
class Version:
    """Other words of a letter: an earlier version, or changes that weren't shown."""

    at: datetime
    title: str
    about_when: str
    blocks: Sequence[safe_html.Block]


@dataclass(frozen=True)
class LetterPage:
    """A letter inside an archive. `after` are the photographs that come after the words."""

    title: str
    about_when: str
    by: str
    written_on: date | None
    is_draft: bool
    is_taken_back: bool
    note: str
    lang: str
    blocks: Sequence[Block]
    after: Sequence[Picture]
    added: Sequence[Added]
    responses: Sequence[responses.Said]
    not_shown: Sequence[Version]
    earlier: Sequence[Version]


def files_of(export: Export, *, at: datetime) -> list[File]:
    """Every file of the archive as it is at `at`, except the list of checksums.

    Its days, its times and its sentences are in the time zone and language of the account it is of, whoever downloads it.
    """
    account = export.account
    with timezone.override(time_zones.of(account)), languages.speaking_to(account):
        return _files_of(export, at=at)


def _files_of(export: Export, *, at: datetime) -> list[File]:
    layout = layout_of(contents_of(export, at=at), export)
    data = json.dumps(data_of(export, layout), cls=InActiveZone, ensure_ascii=False, indent=1)
    return [
        _file(FOLDER, "START-HERE", "index", _index_page(export, layout)),
        from_bytes(f"{FOLDER}/beside.css", _STYLES.read_bytes()),
        *(file for laid in layout.letters for file in _files_of_letter(laid, export)),
        *_other_pages(layout),
        from_bytes(f"{FOLDER}/archive.json", data.encode()),
        *layout.pictures(),
    ]


def _index_page(export: Export, layout: Layout) -> IndexPage:
    return IndexPage(
        name=name_of(export.account),
        made_at=export.made_at,
        has_originals=export.with_originals,
        is_own=export.delegation_id is None,
        letters=[_entry(laid) for laid in layout.letters],
        has_drawer=bool(layout.drawer),
        has_private_letters=bool(layout.private_letters),
        has_thank_you_notes=bool(layout.thank_you_notes),
        found_by=directory_entry(layout.directory_entry),
        has_family=has_anything(layout.family),
    )


def _other_pages(layout: Layout) -> Iterator[File]:
    """The pages of what is in no letter, each where there is anything on it."""
    if layout.drawer:
        pictures = [_picture(laid, DRAWER, ()) for laid in layout.drawer]
        yield _file(DRAWER, "drawer", "drawer", DrawerPage(pictures))
    if layout.private_letters:
        page = private_letters_page(layout.private_letters)
        yield _file(PRIVATE_LETTERS, "private-letters", "private_letters", page)
    if layout.thank_you_notes:
        notes = thank_you_notes_page(layout.thank_you_notes)
        yield _file(THANK_YOU_NOTES, "notes-of-thanks", "thank_you_notes", notes)
    if has_anything(layout.family):
        yield _file(FAMILY, "family", "family", archived_family_page(layout.family))


def _files_of_letter(laid: LetterFolder, export: Export) -> Iterator[File]:
    post = laid.letter.post
    yield _file(laid.path, "letter", "letter", _letter_page(laid, export))
    head = "\n".join(filter(None, (post.title, post.about_when)))
    yield from_bytes(f"{laid.path}/words.txt", f"{head}\n\n{post.words}\n".encode())


def _letter_page(laid: LetterFolder, export: Export) -> LetterPage:
    post = laid.letter.post
    said = addenda.of(post)
    blocks, after = _laid_out(post, laid, said)
    has_all = is_complete(export)
    return LetterPage(
        title=title_of(post),
        about_when=post.about_when,
        by=in_a_row([name_of(author) for author in authors_of(post)]),
        written_on=written_on(post),
        is_draft=post.state == Post.State.DRAFT,
        is_taken_back=post.state == Post.State.TAKEN_BACK,
        lang=post.language,
        note=post.note,
        blocks=blocks,
        after=after,
        added=[said_later(one) for one in said if one.photo_id is None],
        responses=[responses.said(one) for one in laid.letter.responses],
        not_shown=_not_shown(post, export) if has_all else (),
        earlier=_earlier(post) if has_all else (),
    )


def _earlier(post: Post) -> list[Version]:
    return [_version(post, one.replaced_at, fields_of(one)) for one in revisions_of(post)]


def _not_shown(post: Post, export: Export) -> list[Version]:
    return [
        _version(post, one.saved_at, from_json(one.fields).typed)
        for one in unshown_drafts_of(post, export)
    ]


def _laid_out(
    post: Post, laid: LetterFolder, said: Sequence[Addendum]
) -> tuple[list[Block], list[Picture]]:
    """The letter with its photographs where its author put them, and those that come after it."""
    numbers = [one.photograph.photo.placed.number for one in laid.photographs]
    left = {
        number: _picture(one, laid.path, _added_to(one, said))
        for number, one in zip(numbers, laid.photographs, strict=True)
    }
    blocks = []
    for block in safe_html.letter(post.words, numbers, signing.names_in(post)):
        if block.number is None:
            blocks.append(Block(html=block.html))
        else:
            blocks.append(Block(picture=left.pop(block.number)))
    return blocks, list(left.values())


def _added_to(laid: PhotographFiles, said: Sequence[Addendum]) -> list[Added]:
    return [said_later(one) for one in said if one.photo_id == laid.photograph.photo.pk]


def _version(post: Post, at: datetime, typed: Mapping[str, str]) -> Version:
    blocks = safe_html.letter(typed["words"], signers=signing.names_in(post))
    return Version(at, typed["title"], typed["about_when"], blocks)


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
        file=relpath(f"{laid.path}/letter.html", FOLDER),
        title=title_of(post),
        written_on=post.written_on,
        is_draft=post.state == Post.State.DRAFT,
        is_taken_back=post.state == Post.State.TAKEN_BACK,
    )


def _file(folder: str, name: str, template: str, page: object) -> File:
    """A page of the archive, rendered; `root` is the way from its folder to the archive's."""
    told = {"page": page, "root": relpath(FOLDER, folder)}
    html = render_to_string(f"archive/inside/{template}.html", told)
    return from_bytes(f"{folder}/{name}.html", html.encode())
