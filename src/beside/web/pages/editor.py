"""The page "Write": a new letter, a draft, or a published letter that is being changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from beside.access import capability
from beside.access.policy import SeenPhoto, photographs_of
from beside.people.models import Account
from beside.photos.models import HiddenPhoto, Photo
from beside.posts import autosave, facets, signing
from beside.posts.autosave import Saved
from beside.posts.models import Autosave, Post
from beside.posts.text import FIELDS, Text, from_json, text_of, within
from beside.web.forms.audience import AudienceForm
from beside.web.forms.editor import LetterForm, PhotoForm, bound_photo_forms, initial, photo_prefix
from beside.web.forms.facets import FacetsForm
from beside.web.http.request import Request
from beside.web.pages import reach, upload_status
from beside.web.pages.approvals import Question, question
from beside.web.pages.people import in_a_row
from beside.web.pages.reach import Summary

Forms = tuple[LetterForm, Mapping[UUID, PhotoForm]]
# The smallest rendition is enough for an author to recognise a photograph.
SMALL = "w480"


@dataclass(frozen=True)
class Card:
    """One photograph on the page, with its two fields."""

    id: UUID
    number: int
    form: PhotoForm
    address: str
    width: int | None
    height: int | None
    says: str
    is_hidden: bool
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Other:
    """What was written at the same time on another device: `notes` are its other changed texts."""

    id: UUID
    at: datetime
    title: str
    words: str
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class EditorPage:
    """Everything on the page.

    `is_unshown` says that a published letter has changes which readers haven't been shown.
    `saved_from` is the id of the page whose words were saved last.
    """

    id: UUID
    is_new: bool
    is_draft: bool
    is_unshown: bool
    letter: LetterForm
    cards: list[Card]
    audience: AudienceForm | None
    summary: Summary | None
    others: list[Other]
    kept: str
    saved_from: UUID | None
    coauthors: str = ""
    signature: str = ""
    may_add: bool = True
    facets: FacetsForm = field(default_factory=FacetsForm)
    question: Question | None = None


def new_editor_page(request: Request, post_id: UUID) -> EditorPage:
    """An empty page. Its post is created when the first word is saved."""
    letter = LetterForm(initial=initial(Text()) | _versions(version=1, over=1))
    return EditorPage(
        id=post_id,
        is_new=True,
        is_draft=True,
        is_unshown=False,
        letter=letter,
        cards=[],
        audience=AudienceForm(post=None, account=request.account),
        summary=None,
        others=[],
        kept=_("Nobody can see this but you."),
        saved_from=None,
    )


def editor_page(
    request: Request, post: Post, *, at: datetime, typed: Forms | None = None
) -> EditorPage:
    """The page of a letter as it is kept; or as it was `typed`, where the forms have errors."""
    is_draft = post.state == Post.State.DRAFT
    aside = None if is_draft else autosave.unpublished_changes(post, by=request.account)
    says = within(post, from_json(aside.fields)) if aside else text_of(post)
    others = reach.others_in_words(post, request.account)
    letter, photos = typed or (LetterForm(initial=initial(says) | _versions_of(post, aside)), {})
    return EditorPage(
        id=post.pk,
        is_new=False,
        is_draft=is_draft,
        is_unshown=aside is not None,
        letter=letter,
        cards=_cards(request, post, says, photos, at=at),
        audience=AudienceForm(post=post, account=request.account) if is_draft else None,
        summary=reach.summary(post, request.account, at=at),
        others=[_other(one, post) for one in autosave.from_other_devices(post, by=request.account)],
        kept=kept_in_words(post, request.account, aside=aside is not None),
        saved_from=aside.saved_from if aside else post.saved_from,
        coauthors=others,
        signature=signing.line_of(post, request.account) if others else "",
        may_add=is_draft or not others or post.state != Post.State.PUBLISHED,
        facets=FacetsForm(chosen=facets.of(post)),
        question=question(post, request.account, at=at),
    )


def submitted_forms(data: QueryDict, post: Post) -> tuple[LetterForm, dict[UUID, PhotoForm]]:
    """The forms of a page that was submitted."""
    placed = list(post.placed.values_list("photo_id", flat=True))
    return LetterForm(data), bound_photo_forms(data, placed)


def are_valid(forms: Forms) -> bool:
    """Whether all of the page's forms are valid; each gets its errors."""
    letter, photos = forms
    return all([letter.is_valid(), *(form.is_valid() for form in photos.values())])


def first_error(forms: Forms) -> str:
    """The first sentence of forms that aren't valid."""
    letter, photos = forms
    errors = [letter.errors, *(form.errors for form in photos.values())]
    return str(next(text for one in errors for texts in one.values() for text in texts))


@dataclass(frozen=True)
class SummaryText:
    """Who the letter is for, in the words beside the form."""

    words: str
    photographs: str
    folded: str


@dataclass(frozen=True)
class SavedText:
    """What autosave.js is told. `says` is why something was not saved as it was sent, or empty."""

    version: int
    kept: str
    says: str
    beside: bool
    page: str
    summary: SummaryText


def saved(post: Post, account: Account, kept: Saved, refusal: str, *, at: datetime) -> SavedText:
    """The answer to autosave.js. `refusal` says why the audience couldn't be changed."""
    post.refresh_from_db()
    summary = reach.summary(post, account, at=at)
    return SavedText(
        version=kept.version,
        kept=kept_in_words(post, account, aside=post.state != Post.State.DRAFT),
        says=refusal or unsigned_in_words(kept),
        beside=kept.beside is not None,
        page=reverse("edit_letter", args=[post.pk]),
        summary=SummaryText(summary.words, summary.photographs, summary.folded),
    )


def unsigned_in_words(kept: Saved) -> str:
    """Whose signatures became plain words, kindly; empty if nobody's did."""
    if not kept.unsigned:
        return ""
    return _(
        "Only the person who wrote a passage can sign it, so this is kept as plain words: %(names)s."
    ) % {"names": in_a_row(list(dict.fromkeys(kept.unsigned)))}


def kept_in_words(post: Post, account: Account, *, aside: bool) -> str:
    """The line at the top: who can see what is typed here. `aside`: it has changes that weren't shown."""
    if post.state == Post.State.DRAFT:
        return reach.nobody_but(post, account)
    if aside:
        return _("You’ve made changes that nobody has been shown. Readers still see it as it was.")
    return _("Nobody is shown what you type here until you say so.")


def _versions_of(post: Post, aside: Autosave | None) -> dict[str, Any]:
    if post.state == Post.State.DRAFT:
        return _versions(version=post.version, over=post.version)
    return _versions(version=aside.version if aside else 0, over=post.version)


def _versions(*, version: int, over: int) -> dict[str, Any]:
    return {"page": uuid.uuid4(), "version": version, "over": over}


def card_of(request: Request, post: Post, photo_id: UUID, *, at: datetime) -> Card | None:
    """One photograph of the letter; None where it isn't in it."""
    found = (card for card in editor_page(request, post, at=at).cards if card.id == photo_id)
    return next(found, None)


def _cards(
    request: Request, post: Post, says: Text, typed: Mapping[UUID, PhotoForm], *, at: datetime
) -> list[Card]:
    # One that arrived since `says` was read has no words yet, and isn't shown until the next page.
    photos = [
        photo
        for photo in photographs_of(post, request.viewer, at=at).select_related("placed")
        if photo.pk in says.photos
    ]
    hidden = HiddenPhoto.objects.filter(account=request.account, photo__in=photos)
    hidden_ids = set(hidden.values_list("photo_id", flat=True))
    return [
        Card(
            id=photo.pk,
            number=photo.placed.number,
            form=typed.get(photo.pk) or _photo_form(photo.pk, says),
            address=_address(request, photo, at=at),
            width=photo.width,
            height=photo.height,
            says=_state_in_words(photo, is_hidden=photo.pk in hidden_ids),
            is_hidden=photo.pk in hidden_ids,
            is_first=place == 0,
            is_last=place == len(photos) - 1,
        )
        for place, photo in enumerate(photos)
    ]


def _photo_form(photo_id: UUID, says: Text) -> PhotoForm:
    one = says.photos[photo_id]
    return PhotoForm(
        prefix=photo_prefix(photo_id),
        initial={
            "description": one.description,
            "caption": one.caption,
            "beside_previous": one.beside_previous,
        },
    )


def _address(request: Request, photo: SeenPhoto, *, at: datetime) -> str:
    if not photo.is_open:
        return ""
    return capability.issue(photo, SMALL, viewer=request.viewer, at=at)


def _state_in_words(photo: Photo, *, is_hidden: bool) -> str:
    if photo.state == Photo.State.RECEIVING:
        return _("It’s on its way here.")
    if photo.state == Photo.State.RECEIVED:
        return _("It’s safely here, and is being prepared. You can carry on writing.")
    if is_hidden and photo.state == Photo.State.READY:
        return _("It’s hidden from you until you say.")
    return upload_status.says(photo)


def _other(kept: Autosave, post: Post) -> Other:
    theirs, ours = from_json(kept.fields), text_of(post)
    changed = [
        text
        for photo, one in theirs.photos.items()
        for text, now in zip((one.description, one.caption), _words_of(ours, photo), strict=True)
        if text and text != now
    ]
    fields = [
        theirs[name]
        for name in FIELDS
        if name not in ("title", "words") and theirs[name] and theirs[name] != ours[name]
    ]
    return Other(kept.pk, kept.saved_at, theirs["title"], theirs["words"], fields + changed)


def _words_of(ours: Text, photo: UUID) -> tuple[str, str]:
    one = ours.photos.get(photo)
    return (one.description, one.caption) if one else ("", "")
