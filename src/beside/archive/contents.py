"""What belongs in an archive, looked up when it is downloaded.

An author's own archive has every letter that they wrote, and every photograph whose original they hold.
A steward ("somebody for after") gets less. Letters with another author who still has an account are left
out, unless that author has chosen the same steward for the same contents. And an archive of what was shown
has no drafts, nothing that was taken back, and nothing that is for its authors alone. Responses and private
letters that were passed on to somebody, the private letters, notes of thanks, family and reminders that they wrote, what they say
in the directory, and whom they have muted, are in their own archive, and in no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from beside.archive.families import NO_FAMILY, ArchivedFamily, archived_family
from beside.archive.models import Export
from beside.finding import directory_entries
from beside.people import delegations, mutes
from beside.people.delegations import HandsOver
from beside.people.models import Account
from beside.photos.models import HiddenPhoto, Hold, Photo, Rendition
from beside.posts.authorship import bare_name_of, written_by
from beside.posts.models import Audience, Authorship, Post
from beside.responses import policy, private_letters
from beside.responses.models import Response
from beside.thanks import thank_you_notes

# The rendition that opens in any browser.
READABLE = "jpeg"


@dataclass(frozen=True)
class ArchivedPhotograph:
    """One photograph. `is_closed` says whether the person who takes the archive has closed it for themselves.

    `readable` is a rendition that opens anywhere, and `larger` is the widest rendition if that is wider.
    Either may be None.
    """

    photo: Photo
    is_closed: bool
    readable: Rendition | None
    larger: Rendition | None


@dataclass(frozen=True)
class ArchivedLetter:
    """A letter, with its photographs in their order, and the responses to it, oldest first."""

    post: Post
    photographs: Sequence[ArchivedPhotograph]
    responses: Sequence[Response] = ()


@dataclass(frozen=True)
class ArchivedPrivateLetter:
    """A private letter, by name, with the `words` that the archive's owner may read: none if they wrote it and it was read first."""

    by: str
    to: str
    sent_at: datetime
    words: str


@dataclass(frozen=True)
class ArchivedNote:
    """A note of thanks of the archive's owner; a draft has no `sent_at`."""

    to: str
    words: str
    signature: str
    written_at: datetime
    sent_at: datetime | None
    handed_over_at: datetime | None


@dataclass(frozen=True)
class ArchivedDirectoryEntry:
    """What the archive's owner says in the directory."""

    words: str
    what: str
    when: str
    languages: Sequence[str]
    said_on: date


@dataclass(frozen=True)
class Contents:
    """All letters, the photographs that are in no letter, the private letters, and the notes of thanks, oldest first; the family.

    `directory_entry` is None if its owner isn't found, and `shows_less_of` are the names of people they have muted.
    """

    letters: Sequence[ArchivedLetter]
    drawer: Sequence[ArchivedPhotograph]
    private_letters: Sequence[ArchivedPrivateLetter] = ()
    thank_you_notes: Sequence[ArchivedNote] = ()
    directory_entry: ArchivedDirectoryEntry | None = None
    shows_less_of: Sequence[str] = ()
    family: ArchivedFamily = NO_FAMILY


def contents_of(export: Export, *, at: datetime) -> Contents:
    """What an archive downloaded at `at` contains. The caller must have checked permission (`exports.current`)."""
    letters = _letters(export, at=at)
    in_letters = _held(export).filter(placed__post__in=letters)
    if export.holds == HandsOver.SHOWN:
        in_letters = in_letters.exclude(placed__post__photographs_for=Audience.ONLY_US)
    placed: dict[UUID, list[ArchivedPhotograph]] = defaultdict(list)
    for one in _archived(export, in_letters.order_by("placed__position", "placed__pk")):
        placed[one.photo.placed.post_id].append(one)
    drawer: list[ArchivedPhotograph] = []
    if export.holds == HandsOver.EVERYTHING:
        drawer = _archived(export, _held(export).filter(placed=None).order_by("uploaded_at", "pk"))
    oldest_first = letters.order_by(F("published_at").asc(nulls_last=True), "begun_at", "pk")
    written = _responses(export)
    return Contents(
        [ArchivedLetter(post, placed[post.pk], written[post.pk]) for post in oldest_first],
        drawer,
        _private_letters(export),
        _thank_you_notes(export),
        _directory_entry(export),
        _shows_less_of(export),
        archived_family(export),
    )


def _responses(export: Export) -> Mapping[UUID, list[Response]]:
    """What was passed on to the author, by letter; nothing in a steward's archive."""
    found: dict[UUID, list[Response]] = defaultdict(list)
    if export.delegation_id is None:
        passed_on = policy.passed_on_for(export.account).select_related("writer__profile")
        for one in passed_on.order_by("sent_at", "pk"):
            if one.post_id is not None:
                found[one.post_id].append(one)
    return found


def _private_letters(export: Export) -> list[ArchivedPrivateLetter]:
    if export.delegation_id is not None:
        return []
    me = export.account
    came = policy.passed_on_for(me).filter(recipient=me)
    sent = private_letters.written_by(me)
    both = Response.objects.filter(Q(pk__in=came.values("pk")) | Q(pk__in=sent.values("pk")))
    named = both.select_related("writer__profile", "recipient__profile")
    return [_private_letter(one, me) for one in named.order_by("sent_at", "pk")]


def _private_letter(one: Response, me: Account) -> ArchivedPrivateLetter:
    is_read = one.writer_id != me.pk or private_letters.shows_words(one)
    return ArchivedPrivateLetter(
        by=bare_name_of(one.writer) if one.writer else one.signed,
        to=bare_name_of(one.recipient),
        sent_at=one.sent_at,
        words=one.words if is_read else "",
    )


def _thank_you_notes(export: Export) -> list[ArchivedNote]:
    """The notes as they were written, and nothing of their addresses."""
    if export.delegation_id is not None:
        return []
    return [
        ArchivedNote(
            to=note.name,
            words=note.words,
            signature=note.signature,
            written_at=note.written_at,
            sent_at=note.sent_at,
            handed_over_at=note.handed_over_at,
        )
        for note in thank_you_notes.of(export.account).reverse()
    ]


def _directory_entry(export: Export) -> ArchivedDirectoryEntry | None:
    entry = directory_entries.of(export.account) if export.delegation_id is None else None
    if entry is None:
        return None
    codes = entry.languages.order_by("code").values_list("code", flat=True)
    return ArchivedDirectoryEntry(entry.words, entry.what, entry.when, list(codes), entry.said_on)


def _shows_less_of(export: Export) -> list[str]:
    if export.delegation_id is not None:
        return []
    return [bare_name_of(one) for one in mutes.muted_by(export.account)]


def _letters(export: Export, *, at: datetime) -> QuerySet[Post]:
    letters = written_by(export.account)
    if export.delegation_id is None:
        return letters
    letters = letters.filter(~Exists(_others_still_here(export, at=at)))
    if export.holds == HandsOver.SHOWN:
        shown = Q(state__in=(Post.State.PUBLISHED, Post.State.CLOSED))
        letters = letters.filter(shown).exclude(words_for=Audience.ONLY_US)
    return letters


def _others_still_here(export: Export, *, at: datetime) -> QuerySet[Authorship]:
    """The other authors of a letter who have an account, and haven't chosen the same steward for the same."""
    acting = delegations.acting(export.taken_by, at=at).filter(
        Q(hands_over=export.holds) | Q(hands_over=HandsOver.EVERYTHING)
    )
    others = Authorship.objects.filter(post=OuterRef("pk"), account__is_active=True)
    return others.exclude(account=export.account).exclude(account__in=acting.values("author"))


def _held(export: Export) -> QuerySet[Photo]:
    """The photographs whose originals the author holds, and that have been received in full."""
    held = Hold.objects.filter(account=export.account, kind=Hold.Kind.ORIGINAL)
    return Photo.objects.filter(holds__in=held).exclude(state=Photo.State.RECEIVING)


def _archived(export: Export, photos: QuerySet[Photo]) -> list[ArchivedPhotograph]:
    these = photos.order_by().values("pk")
    closed = set(
        HiddenPhoto.objects.filter(account=export.taken_by, photo__in=these).values_list(
            "photo_id", flat=True
        )
    )
    renditions: dict[UUID, list[Rendition]] = defaultdict(list)
    for rendition in Rendition.objects.filter(photo__in=these).order_by("width", "name"):
        renditions[rendition.photo_id].append(rendition)
    return [
        ArchivedPhotograph(photo, photo.pk in closed, *_readable_and_larger(renditions[photo.pk]))
        for photo in photos.select_related("placed")
    ]


def _readable_and_larger(
    renditions: Sequence[Rendition],
) -> tuple[Rendition | None, Rendition | None]:
    readable = next((one for one in renditions if one.name == READABLE), None)
    largest = renditions[-1] if renditions else None
    is_larger = largest and (readable is None or largest.width > readable.width)
    return readable, largest if is_larger else None
