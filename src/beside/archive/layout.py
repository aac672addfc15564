"""The folders and file names of an archive: a folder for each letter with its photographs, then the drawer and the private letters.

Photographs that somebody has closed for themselves are in a folder of their own, so that nobody comes
across them by accident. Names are ASCII, so that any computer can unpack them, and contain at most the title
and, of one's own originals, the name that the file had on the phone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from beside.archive import photographs
from beside.archive.contents import (
    ArchivedDirectoryEntry,
    ArchivedLetter,
    ArchivedNote,
    ArchivedPhotograph,
    ArchivedPrivateLetter,
    Contents,
)
from beside.archive.families import NO_FAMILY, ArchivedFamily
from beside.archive.models import Export
from beside.archive.zip_stream import File
from beside.people.delegations import HandsOver
from beside.photos.file_names import extension_of

FOLDER = "beside"
SUMS = f"{FOLDER}/SHA256SUMS.txt"
DRAWER = f"{FOLDER}/drawer"
PRIVATE_LETTERS = f"{FOLDER}/private-letters"
THANK_YOU_NOTES = f"{FOLDER}/notes-of-thanks"
FAMILY = f"{FOLDER}/family"
CLOSED = f"{FOLDER}/closed-for-you"


@dataclass(frozen=True)
class PhotographFiles:
    """A photograph with its files: `readable` opens anywhere, `best` is the original or the largest rendition."""

    photograph: ArchivedPhotograph
    readable: File | None
    best: File | None

    @property
    def files(self) -> list[File]:
        """The files that exist."""
        return [file for file in (self.readable, self.best) if file]


@dataclass(frozen=True)
class LetterFolder:
    """A letter, the path of its folder, and its photographs."""

    letter: ArchivedLetter
    path: str
    photographs: Sequence[PhotographFiles]


@dataclass(frozen=True)
class Layout:
    """Everything in an archive except its pages."""

    letters: Sequence[LetterFolder]
    drawer: Sequence[PhotographFiles]
    private_letters: Sequence[ArchivedPrivateLetter] = ()
    thank_you_notes: Sequence[ArchivedNote] = ()
    directory_entry: ArchivedDirectoryEntry | None = None
    shows_less_of: Sequence[str] = ()
    family: ArchivedFamily = NO_FAMILY

    def pictures(self) -> Iterator[File]:
        """The photographs' files, in the order of the letters, with those of the drawer last."""
        for letter in self.letters:
            for photograph in letter.photographs:
                yield from photograph.files
        for photograph in self.drawer:
            yield from photograph.files


def is_complete(export: Export) -> bool:
    """Whether it also has what was never shown: drafts, earlier versions, the names of files on a phone."""
    return export.holds == HandsOver.EVERYTHING


def layout_of(contents: Contents, export: Export) -> Layout:
    """Give each letter and photograph its path."""
    letters = []
    for number, letter in enumerate(contents.letters, 1):
        folder = f"{FOLDER}/letters/{number:04}-{_name_of(letter)}"
        closed = f"{CLOSED}/letter-{number:04}"
        in_letter = [
            _files_of(one, export, f"{folder}/{position:02}", f"{closed}-{position:02}")
            for position, one in enumerate(letter.photographs, 1)
        ]
        letters.append(LetterFolder(letter, folder, in_letter))
    drawer = [
        _files_of(one, export, f"{DRAWER}/{position:04}", f"{CLOSED}/drawer-{position:04}")
        for position, one in enumerate(contents.drawer, 1)
    ]
    return Layout(
        letters,
        drawer,
        contents.private_letters,
        contents.thank_you_notes,
        contents.directory_entry,
        contents.shows_less_of,
        contents.family,
    )


def _name_of(letter: ArchivedLetter) -> str:
    return f"{letter.post.written_on:%Y-%m-%d}-{slugify(letter.post.title)[:60].strip('-') or 'letter'}"


def _files_of(
    photograph: ArchivedPhotograph, export: Export, path: str, path_if_closed: str
) -> PhotographFiles:
    """The files of a photograph. Both paths are without a file name extension."""
    stem = path_if_closed if photograph.is_closed else path
    readable = best = None
    if photograph.readable:
        readable = photographs.rendition(f"{stem}.jpg", photograph.readable)
    if export.with_originals:
        best = photographs.original(
            f"{stem}-{_name_of_original(photograph, export)}", photograph.photo
        )
    elif photograph.larger:
        extension = photograph.larger.media_type.rpartition("/")[2]
        best = photographs.rendition(f"{stem}-larger.{extension}", photograph.larger)
    return PhotographFiles(photograph, readable, best)


def _name_of_original(photograph: ArchivedPhotograph, export: Export) -> str:
    """The file's own name only in one's own archive, and never where a name could tell what is closed."""
    stem, _dot, _extension = photograph.photo.name_on_phone.rpartition(".")
    own = "" if photograph.is_closed or not is_complete(export) else slugify(stem)[:40].strip("-_")
    extension = extension_of(photograph.photo).lower()
    return f"{own}-original.{extension}" if own else f"original.{extension}"
