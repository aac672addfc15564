"""The page "Write": a new letter, a draft, or a published letter that is being changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.forms import Form
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from beside.people.models import Account
from beside.posts import autosave, facets, languages, signing
from beside.posts.autosave import Saved
from beside.posts.models import Autosave, Post
from beside.posts.text import FIELDS, Text, from_json, text_of, within
from beside.web.forms.audience import AudienceForm
from beside.web.forms.editor import LetterForm, initial
from beside.web.forms.facets import FacetsForm
from beside.web.forms.shelf_choices import LanguageForm
from beside.web.http.multipart import Came
from beside.web.http.request import Request
from beside.web.pages import reach
from beside.web.pages.approvals import Question, question
from beside.web.pages.people import in_a_row
from beside.web.pages.reach import Summary
from beside.web.pages.tray import Tray, tray


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
    `saved_from` is the id of the page whose words were saved last. `missing` are the files of a plain
    form that couldn't be kept.
    """

    id: UUID
    is_new: bool
    is_draft: bool
    is_unshown: bool
    letter: LetterForm
    tray: Tray
    audience: AudienceForm | None
    summary: Summary | None
    others: list[Other]
    kept: str
    saved_from: UUID | None
    kept_at: datetime | None = None
    coauthors: str = ""
    signature: str = ""
    may_add: bool = True
    facets: FacetsForm = field(default_factory=FacetsForm)
    language: LanguageForm = field(default_factory=LanguageForm)
    question: Question | None = None
    refusal: str = ""
    missing: Sequence[Came] = ()

    @property
    def who_is_open(self) -> bool:
        """Whether "Who is this for?" is unfolded: something in it needs an answer."""
        return bool(self.refusal or (self.audience and self.audience.errors))

    @property
    def know_is_open(self) -> bool:
        """Whether "What a reader should know" is unfolded."""
        return any(name in self.letter.errors for name in ("about_when", "note"))


def new_editor_page(request: Request, post_id: UUID) -> EditorPage:
    """An empty page. Its post is created when the first word is saved."""
    letter = LetterForm(initial=initial(Text()) | _versions(version=1, over=1))
    return EditorPage(
        id=post_id,
        is_new=True,
        is_draft=True,
        is_unshown=False,
        letter=letter,
        tray=Tray(),
        audience=AudienceForm(post=None, account=request.account),
        summary=None,
        others=[],
        kept=_("Nobody can see this but you."),
        language=LanguageForm(chosen=languages.spoken_by(request.account)),
        saved_from=None,
    )


def editor_page(
    request: Request,
    post: Post,
    *,
    at: datetime,
    typed: LetterForm | None = None,
    refusal: str = "",
) -> EditorPage:
    """The page of a letter as it is saved; or as it was `typed`, where something couldn't be.

    `refusal` says why the audience couldn't be changed.
    """
    is_draft = post.state == Post.State.DRAFT
    sent = cast(QueryDict, typed.data) if typed else None
    aside = None if is_draft else autosave.unpublished_changes(post, by=request.account)
    says = within(post, from_json(aside.fields)) if aside else text_of(post)
    others = reach.others_in_words(post, request.account)
    return EditorPage(
        id=post.pk,
        is_new=False,
        is_draft=is_draft,
        is_unshown=aside is not None,
        letter=typed or LetterForm(initial=initial(says) | _versions_of(post, aside)),
        tray=tray(request, post, says, at=at),
        audience=_audience(request, post, sent) if is_draft else None,
        summary=reach.summary(post, request.account),
        others=[_other(one, post) for one in autosave.from_other_devices(post, by=request.account)],
        kept=kept_in_words(post, request.account, aside=aside is not None),
        kept_at=aside.saved_at if aside else post.saved_at,
        saved_from=aside.saved_from if aside else post.saved_from,
        coauthors=others,
        signature=signing.line_of(post, request.account) if others else "",
        may_add=is_draft or not others or post.state != Post.State.PUBLISHED,
        facets=FacetsForm(sent, chosen=facets.of(post)),
        language=LanguageForm(sent, chosen=post.language),
        question=question(post, request.account, at=at),
        refusal=refusal,
    )


def _audience(request: Request, post: Post, sent: QueryDict | None) -> AudienceForm:
    """As it was chosen on a page that couldn't be saved whole; otherwise as it is."""
    chosen = sent if sent and "words_for" in sent else None
    return AudienceForm(chosen, post=post, account=request.account)


def first_error(form: Form) -> str:
    """The first sentence of a form that isn't valid."""
    return str(next(text for texts in form.errors.values() for text in texts))


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
    summary = reach.summary(post, account)
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
