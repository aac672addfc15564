"""Writing: the page, and keeping what is typed. Nothing here shows anything to anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from beside.people.models import Account
from beside.photos import hidden
from beside.photos.models import Photo
from beside.posts import audiences, autosave, drafting, editing, facets, signing
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import NotAnAuthor, WaitsForOthers, own
from beside.posts.autosave import Saved
from beside.posts.models import Autosave, Post
from beside.posts.reach import NoteNeeded, PhotographsWiderThanWords
from beside.web.draft_ids import begun, fresh_id, lay
from beside.web.forms.audience import AudienceForm
from beside.web.forms.editor import LetterForm, PhotoForm, said
from beside.web.forms.facets import ASKED, FacetsForm
from beside.web.http.multipart import came, takes_photographs
from beside.web.http.request import Request
from beside.web.pages import audience, coauthors, editor

Forms = tuple[LetterForm, Mapping[UUID, PhotoForm]]
# What the buttons of the page go on to, once everything has been kept.
PAGES = {"read": "see_as", "together": "coauthors", "publish": "publish", "throw": "destroy_letter"}


@require_safe
def new(request: Request) -> HttpResponse:
    """An empty page under a fresh id. Nothing is kept, or listed, until something is typed."""
    return render(
        request,
        "editor/edit.html",
        {"sheet": editor.new_sheet(request, fresh_id(request.account))},
    )


@require_safe
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """The letter as it is kept, to go on with."""
    post = own(request.account, post_id)
    if post.state == Post.State.TAKEN_BACK:
        return redirect("taking_back", post_id)
    now = timezone.now()
    sheet = editor.sheet(request, post, at=now)
    question = coauthors.question(post, request.account, at=now)
    return render(request, "editor/edit.html", {"sheet": sheet, "question": question})


@require_safe
def kept(request: Request) -> HttpResponse:
    """An author's own letters that nobody else can see. Only who looks for them comes here."""
    return render(request, "letters/index.html", {"posts": list(drafting.kept_by(request.account))})


@takes_photographs
@require_POST
def keep(request: Request, post_id: UUID) -> HttpResponse:
    """Keep what was typed, then go on to whatever the button said.

    Photographs that were picked without a script come along, whichever button was pressed.
    """
    now = timezone.now()
    post = begun(post_id, by=request.account, at=now)
    _lay_what_came(request, post)
    forms = editor.typed_forms(request.POST, post)
    if not _are_valid(forms):
        return _needs_something(request, post, forms)
    letter, photos = forms
    typed = said(letter, photos)
    if request.POST.get("do") == "sign":
        line = signing.line_of(post, request.account)
        typed = typed.changed(words=signing.signed(typed["words"], line))
    kept = autosave.save(post, typed, by=request.account, page=letter.stands_on(), at=now)
    post.refresh_from_db()
    refusal = _choose(request, post)
    _find_by(request, post)
    if _wants_json(request):
        return JsonResponse(_answer(request.account, post, kept, refusal))
    return _go_on(request, post, forms, kept=kept, refusal=refusal)


@require_POST
def other(request: Request, post_id: UUID, keeping_id: UUID) -> HttpResponse:
    """Go on with what another device wrote, or throw that away."""
    post = own(request.account, post_id)
    row = get_object_or_404(Autosave, post=post, pk=keeping_id)
    if request.POST.get("do") == "take":
        autosave.restore(row, by=request.account, at=timezone.now())
    else:
        autosave.discard(row, by=request.account)
    return redirect("edit_letter", post_id)


def _lay_what_came(request: Request, post: Post) -> None:
    for one in came(request):
        if one.photo is not None:
            lay(request, post, one.photo)
        else:
            messages.info(request, f"{one.name}: {one.says}")


def _wants_json(request: Request) -> bool:
    return request.headers.get("Accept") == "application/json"


def _are_valid(forms: Forms) -> bool:
    letter, photos = forms
    return all([letter.is_valid(), *(form.is_valid() for form in photos.values())])


def _needs_something(request: Request, post: Post, forms: Forms) -> HttpResponse:
    """The page again, with everything that was typed still in it."""
    if _wants_json(request):
        letter, photos = forms
        errors = [letter.errors, *(form.errors for form in photos.values())]
        sentences = [text for one in errors for texts in one.values() for text in texts]
        return JsonResponse({"says": str(sentences[0])}, status=422)
    sheet = editor.sheet(request, post, at=timezone.now(), typed=forms)
    return render(request, "editor/edit.html", {"sheet": sheet})


def _choose(request: Request, post: Post) -> str:
    """Write down whom a draft is for, if the page said; returns a sentence if it can't be so."""
    if post.state != Post.State.DRAFT or "words_for" not in request.POST:
        return ""
    form = AudienceForm(request.POST, post=post, account=request.account)
    if not form.is_valid():
        return _("Choose again who it’s for: somebody who was ticked can’t be named any more.")
    try:
        audiences.choose(post, form.chosen(), by=request.account)
    except PhotographsWiderThanWords as refusal:
        return str(refusal)
    return ""


def _find_by(request: Request, post: Post) -> None:
    """Write down by what it may be found, if the page said. What isn't on the list changes nothing."""
    form = FacetsForm(request.POST)
    if ASKED in request.POST and form.is_valid():
        facets.choose(post, form.cleaned_data["found_by"], by=request.account)


def _answer(account: Account, post: Post, kept: Saved, refusal: str) -> dict[str, object]:
    post.refresh_from_db()
    is_draft = post.state == Post.State.DRAFT
    stands = audience.standing(post, viewer=account, at=timezone.now())
    return {
        "version": kept.version,
        "kept": editor.kept_in_words(post, account, aside=not is_draft),
        "says": refusal or _unsigned_in_words(kept),
        "beside": kept.beside is not None,
        "page": reverse("edit_letter", args=[post.pk]),
        "stands": {name: asdict(stands)[name] for name in ("words", "photographs", "folded")},
    }


def _unsigned_in_words(kept: Saved) -> str:
    """Whose signature became plain words, kindly; nothing where nobody's did."""
    if not kept.unsigned:
        return ""
    return _(
        "Only whoever wrote a passage can sign it. So this is kept as plain words: %(names)s."
    ) % {"names": audience.in_a_row(dict.fromkeys(kept.unsigned))}


def _go_on(
    request: Request, post: Post, forms: Forms, *, kept: Saved, refusal: str
) -> HttpResponse:
    do, _colon, photo = request.POST.get("do", "").partition(":")
    back = reverse("edit_letter", args=[post.pk])
    if kept.unsigned:
        messages.info(request, _unsigned_in_words(kept))
    if kept.beside is not None:
        return redirect(back + "#others")
    if refusal:
        messages.info(request, refusal)
        return redirect(back + "#who")
    if do in ("up", "down", "out", "see"):
        return _lay(request, post, do, photo)
    if do == "show":
        return _show(request, post, forms)
    if do in PAGES:
        return redirect(PAGES[do], post.pk)
    messages.info(
        request, _("It’s kept. %(who)s") % {"who": audience.nobody_but(post, request.account)}
    )
    return redirect("home" if do == "later" else back)


def _lay(request: Request, post: Post, do: str, photo_id: str) -> HttpResponse:
    photo_id, _colon, steps = photo_id.partition(":")
    try:
        photo = post.placed.select_related("photo").get(photo=UUID(photo_id)).photo
        places = int(steps or 1)
    except (ValueError, post.placed.model.DoesNotExist):
        raise NotAnAuthor from None
    if do == "out":
        drafting.take_out(post, photo, by=request.account)
        messages.info(request, _("It’s taken out, and lies in your drawer with its words."))
        return redirect("edit_letter", post.pk)
    if do == "see":
        hidden.release(photo, account=request.account)
    else:
        drafting.move(post, photo, by=request.account, steps=-places if do == "up" else places)
    return HttpResponseRedirect(f"{reverse('edit_letter', args=[post.pk])}#photograph-{photo.pk}")


def _show(request: Request, post: Post, forms: Forms) -> HttpResponse:
    """Show a change of a published letter to those it's for."""
    letter, photos = forms
    written = said(letter, photos)
    try:
        shown = editing.edit(
            post, written, by=request.account, page=letter.stands_over(), at=timezone.now()
        )
    except (NoteNeeded, WaitsForOthers, TakenBackForGood) as refusal:
        messages.info(request, str(refusal))
        if isinstance(refusal, WaitsForOthers):
            messages.info(request, _("You can ask under “Who can see this”. The rest is kept."))
        return redirect("edit_letter", post.pk)
    if shown.unsigned:
        messages.info(request, _unsigned_in_words(shown))
    if shown.beside is not None:
        return redirect(reverse("edit_letter", args=[post.pk]) + "#others")
    return redirect("letter", post.pk)


def photograph_of(post: Post, photo_id: UUID | None) -> Photo | None:
    """A photograph that lies in the letter; raises `NotAnAuthor` for any other."""
    if photo_id is None:
        return None
    photo = Photo.objects.filter(placed__post=post, pk=photo_id).first()
    if photo is None:
        raise NotAnAuthor
    return photo
