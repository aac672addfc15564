"""Where each thing lies in an archive: a folder for each letter, with its photographs; then the drawer.

What one has closed for oneself lies in a folder of its own, so that nobody comes upon it. Names are ASCII and tell
from the title at most, so that any computer unpacks them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import slugify

from beside.archive import photographs
from beside.archive.contents import Contents, Kept, Letter
from beside.archive.models import Export
from beside.archive.zip_stream import File
from beside.photos import originals

FOLDER = "beside"
SUMS = f"{FOLDER}/SHA256SUMS.txt"
DRAWER = f"{FOLDER}/drawer"
CLOSED = f"{FOLDER}/closed-for-you"


@dataclass(frozen=True)
class Laid:
    """A photograph with its files. `readable` opens anywhere; `best` is the original, or the largest there is."""

    kept: Kept
    readable: File | None
    best: File | None

    @property
    def files(self) -> list[File]:
        """Those that there are."""
        return [file for file in (self.readable, self.best) if file]


@dataclass(frozen=True)
class LaidLetter:
    """A letter, the folder that it lies in, and its photographs."""

    letter: Letter
    folder: str
    photographs: Sequence[Laid]


@dataclass(frozen=True)
class Layout:
    """All of an archive but its pages."""

    letters: Sequence[LaidLetter]
    drawer: Sequence[Laid]

    def pictures(self) -> Iterator[File]:
        """The photographs' files, in the order of the letters; those of the drawer come last."""
        for letter in self.letters:
            for laid in letter.photographs:
                yield from laid.files
        for laid in self.drawer:
            yield from laid.files


def layout_of(contents: Contents, export: Export) -> Layout:
    """Give everything its place."""
    letters = []
    for number, letter in enumerate(contents.letters, 1):
        folder = f"{FOLDER}/letters/{number:04}-{_name_of(letter)}"
        laid = [
            _laid(kept, export, f"{folder}/{place:02}", f"{CLOSED}/letter-{number:04}-{place:02}")
            for place, kept in enumerate(letter.photographs, 1)
        ]
        letters.append(LaidLetter(letter, folder, laid))
    drawer = [
        _laid(kept, export, f"{DRAWER}/{place:04}", f"{CLOSED}/drawer-{place:04}")
        for place, kept in enumerate(contents.drawer, 1)
    ]
    return Layout(letters, drawer)


def _name_of(letter: Letter) -> str:
    day = timezone.localdate(letter.post.published_at or letter.post.begun_at)
    return f"{day:%Y-%m-%d}-{slugify(letter.post.title)[:60].strip('-') or 'letter'}"


def _laid(kept: Kept, export: Export, place: str, closed_place: str) -> Laid:
    stem = closed_place if kept.is_closed else place
    readable = best = None
    if kept.readable:
        readable = photographs.rendition(f"{stem}.jpg", kept.readable)
    if export.with_originals:
        ending = originals.ending_of(kept.photo)
        best = photographs.original(f"{stem}-original.{ending}", kept.photo)
    elif kept.larger:
        ending = kept.larger.media_type.rpartition("/")[2]
        best = photographs.rendition(f"{stem}-larger.{ending}", kept.larger)
    return Laid(kept, readable, best)
