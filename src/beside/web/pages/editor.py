"""The page "Write": what its templates are given, for a new letter, a draft, and a published one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from beside.access import capability
from beside.access.policy import SeenPhoto, photographs_of
from beside.people.models import Account
from beside.photos.models import HiddenPhoto, Photo
from beside.posts import autosave, facets, signing
from beside.posts.models import Autosave, PlacedPhoto, Post
from beside.posts.text import FIELDS, Text, from_json, text_of, within
from beside.web.forms.audience import AudienceForm
from beside.web.forms.editor import LetterForm, PhotoForm, bound_photo_forms, initial, photo_prefix
from beside.web.forms.facets import FacetsForm
from beside.web.http.request import Request
from beside.web.pages import audience, upload_status
from beside.web.pages.audience import Standing

# How a photograph is met on a page of one's own: the smallest rendition is enough to know it by.
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
    is_unseen: bool
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Other:
    """What was written at the same time on another device."""

    id: UUID
    at: datetime
    title: str
    words: str
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """Everything on the page."""

    post_id: UUID
    is_new: bool
    is_draft: bool
    is_unshown: bool
    letter: LetterForm
    cards: list[Card]
    audience: AudienceForm | None
    stands: Standing | None
    others: list[Other]
    kept: str
    saved_from: UUID | None
    beside: str = ""
    signs: str = ""
    may_add: bool = True
    facets: FacetsForm = field(default_factory=FacetsForm)


def new_sheet(request: Request, post_id: UUID) -> Sheet:
    """An empty page. Its row is made when the first word is kept."""
    letter = LetterForm(initial=initial(Text()) | _places(version=1, over=1))
    return Sheet(
        post_id=post_id,
        is_new=True,
        is_draft=True,
        is_unshown=False,
        letter=letter,
        cards=[],
        audience=AudienceForm(post=None, account=request.account),
        stands=None,
        others=[],
        kept=_("Nobody can see this but you."),
        saved_from=None,
    )


def sheet(
    request: Request,
    post: Post,
    *,
    at: datetime,
    typed: tuple[LetterForm, Mapping[UUID, PhotoForm]] | None = None,
) -> Sheet:
    """The page of a letter as it is kept, or as it was `typed` where that needs something still."""
    is_draft = post.state == Post.State.DRAFT
    aside = None if is_draft else autosave.unpublished_changes(post, by=request.account)
    says = within(post, from_json(aside.fields)) if aside else text_of(post)
    others = audience.others_in_words(post, request.account)
    letter, photos = typed or (LetterForm(initial=initial(says) | _stand(post, aside)), {})
    return Sheet(
        post_id=post.pk,
        is_new=False,
        is_draft=is_draft,
        is_unshown=aside is not None,
        letter=letter,
        cards=_cards(request, post, says, photos, at=at),
        audience=AudienceForm(post=post, account=request.account) if is_draft else None,
        stands=audience.standing(post, viewer=request.account, at=at),
        others=[_other(one, post) for one in autosave.from_other_devices(post, by=request.account)],
        kept=kept_in_words(post, request.account, aside=aside is not None),
        saved_from=aside.saved_from if aside else post.saved_from,
        beside=others,
        signs=signing.line_of(post, request.account) if others else "",
        may_add=is_draft or not others or post.state != Post.State.PUBLISHED,
        facets=FacetsForm(chosen=facets.of(post)),
    )


def typed_forms(data: QueryDict, post: Post) -> tuple[LetterForm, dict[UUID, PhotoForm]]:
    """The forms of a page that was sent."""
    lying = list(post.placed.values_list("photo_id", flat=True))
    return LetterForm(data), bound_photo_forms(data, lying)


def kept_in_words(post: Post, account: Account, *, aside: bool) -> str:
    """The line at the top: who can see what is typed here."""
    if post.state == Post.State.DRAFT:
        return audience.nobody_but(post, account)
    if aside:
        return _(
            "You’ve changed something, and nobody has been shown that. Readers still see it as it was."
        )
    return _("What you type here is shown to nobody until you say so.")


def _stand(post: Post, aside: Autosave | None) -> dict[str, Any]:
    if post.state == Post.State.DRAFT:
        return _places(version=post.version, over=post.version)
    return _places(version=aside.version if aside else 0, over=post.version)


def _places(*, version: int, over: int) -> dict[str, Any]:
    return {"page": uuid.uuid4(), "version": version, "over": over}


def _cards(
    request: Request,
    post: Post,
    says: Text,
    typed: Mapping[UUID, PhotoForm],
    *,
    at: datetime,
) -> list[Card]:
    photos = list(photographs_of(post, request.viewer, at=at))
    placed = {one.photo_id: one for one in PlacedPhoto.objects.filter(post=post)}
    unseen = set(
        HiddenPhoto.objects.filter(account=request.account, photo__in=photos).values_list(
            "photo_id", flat=True
        )
    )
    return [
        Card(
            id=photo.pk,
            number=placed[photo.pk].number,
            form=typed.get(photo.pk) or _photo_form(photo.pk, says),
            address=_address(request, photo, at=at),
            width=photo.width,
            height=photo.height,
            says=_state_in_words(photo, is_unseen=photo.pk in unseen),
            is_unseen=photo.pk in unseen,
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


def _state_in_words(photo: Photo, *, is_unseen: bool) -> str:
    if photo.state == Photo.State.RECEIVING:
        return _("It’s on its way here.")
    if photo.state == Photo.State.RECEIVED:
        return _("It’s safely here, and is being made ready. You can go on writing.")
    if is_unseen and photo.state == Photo.State.READY:
        return _("It’s closed for you, until you say.")
    return upload_status.says(photo)


def _other(kept: Autosave, post: Post) -> Other:
    theirs, ours = from_json(kept.fields), text_of(post)
    changed = [
        text
        for photo, one in theirs.photos.items()
        for text, now in zip(
            (one.description, one.caption),
            _words_of(ours, photo),
            strict=True,
        )
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
