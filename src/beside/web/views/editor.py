"""Writing, and saving what is typed. Nothing here shows anything to anybody else but "Show the change"."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from beside.finding import shelf
from beside.people.names import isolated
from beside.posts import audiences, autosave, editing, facets, signing
from beside.posts.audiences import TakenBackForGood
from beside.posts.authorship import WaitsForOthers, own
from beside.posts.autosave import Saved
from beside.posts.models import Autosave, Post
from beside.posts.reach import NoteNeeded, PhotographsWiderThanWords
from beside.web.draft_ids import begun, fresh_id, lay
from beside.web.forms.audience import AudienceForm
from beside.web.forms.editor import LetterForm, typed_text
from beside.web.forms.facets import ASKED, FacetsForm
from beside.web.forms.shelf_choices import LanguageForm
from beside.web.http.multipart import came, takes_photographs
from beside.web.http.request import Request
from beside.web.pages import editor, reach
from beside.web.views import placed_photos

# Where each button of the page leads, once everything has been saved.
NEXT = {"read": "preview", "together": "coauthors", "publish": "publish", "throw": "destroy_letter"}


@require_safe
def new(request: Request) -> HttpResponse:
    """An empty page under a fresh id. Nothing is saved, or listed, until something is typed."""
    page = editor.new_editor_page(request, fresh_id(request.account))
    return render(request, "editor/edit.html", {"page": page})


@require_safe
def edit(request: Request, post_id: UUID) -> HttpResponse:
    """The letter as it was last saved."""
    post = own(request.account, post_id)
    if post.state == Post.State.TAKEN_BACK:
        return redirect("taking_back", post_id)
    page = editor.editor_page(request, post, at=timezone.now())
    return render(request, "editor/edit.html", {"page": page})


@takes_photographs
@require_POST
def save(request: Request, post_id: UUID) -> HttpResponse:
    """Save what was typed, then do what the button said.

    Photographs that were picked without a script come along, whichever button was pressed.
    """
    post = begun(post_id, by=request.account, at=timezone.now())
    _lay_what_came(request, post)
    letter = LetterForm(request.POST)
    if not letter.is_valid():
        return _needs_something(request, post, letter)
    kept = _keep(request, post, letter)
    refusal = _choose_audience(request, post)
    _say_about(request, post)
    if _wants_json(request):
        answer = editor.saved(post, request.account, kept, refusal, at=timezone.now())
        return JsonResponse(asdict(answer))
    return _go_on(request, post, letter, kept=kept, refusal=refusal)


@require_POST
def other(request: Request, post_id: UUID, keeping_id: UUID) -> HttpResponse:
    """Continue with what another device saved, or discard that."""
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
            messages.info(request, f"{isolated(one.name)}: {one.says}")


def _keep(request: Request, post: Post, letter: LetterForm) -> Saved:
    typed = typed_text(letter)
    if request.POST.get("do") == "sign":
        line = signing.line_of(post, request.account)
        typed = typed.changed(words=signing.signed(typed["words"], line))
    kept = autosave.save(post, typed, by=request.account, page=letter.based_on(), at=timezone.now())
    post.refresh_from_db()
    return kept


def _wants_json(request: Request) -> bool:
    return request.headers.get("Accept") == "application/json"


def _needs_something(
    request: Request, post: Post, letter: LetterForm, refusal: str = ""
) -> HttpResponse:
    """The page again, with everything that was typed and ticked still in it."""
    if _wants_json(request):
        return JsonResponse({"says": editor.first_error(letter)}, status=422)
    page = editor.editor_page(request, post, at=timezone.now(), typed=letter, refusal=refusal)
    return render(request, "editor/edit.html", {"page": page})


def _choose_audience(request: Request, post: Post) -> str:
    """Set whom a draft is for, if the page said; returns a sentence if that can't be."""
    if post.state != Post.State.DRAFT or "words_for" not in request.POST:
        return ""
    form = AudienceForm(request.POST, post=post, account=request.account)
    if not form.is_valid():
        return _("Please choose again who it’s for: someone you ticked can’t be named any more.")
    try:
        audiences.choose(post, form.chosen(), by=request.account)
    except PhotographsWiderThanWords as refusal:
        return str(refusal)
    return ""


def _say_about(request: Request, post: Post) -> None:
    """Set what the letter is about and its language, if the page said. A value that isn't on the list changes nothing."""
    form = FacetsForm(request.POST)
    if ASKED in request.POST and form.is_valid():
        facets.choose(post, form.cleaned_data["found_by"], by=request.account)
    said = LanguageForm(request.POST)
    if said.LANGUAGE in request.POST and said.is_valid():
        shelf.say_language(post, said.cleaned_data[said.LANGUAGE], by=request.account)


def _go_on(
    request: Request, post: Post, letter: LetterForm, *, kept: Saved, refusal: str
) -> HttpResponse:
    if kept.unsigned:
        messages.info(request, editor.unsigned_in_words(kept))
    if kept.beside is not None:
        return _back_to(post, "others")
    if refusal:
        return _needs_something(request, post, letter, refusal)
    return _do(request, post, letter)


def _back_to(post: Post, part: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('edit_letter', args=[post.pk])}#{part}")


def _do(request: Request, post: Post, letter: LetterForm) -> HttpResponse:
    """What the pressed button says: go to another page, change a photograph, or show the change."""
    do, _colon, about = request.POST.get("do", "").partition(":")
    if do in NEXT:
        return redirect(NEXT[do], post.pk)
    if do == "drawer":
        return HttpResponseRedirect(f"{reverse('drawer')}?letter={post.pk}")
    if do == "photo":
        return redirect("placed_photo", post.pk, placed_photos.id_of(about))
    if do in placed_photos.ACTS:
        placed_photos.act(request, post, do, about)
        return _back_to(post, "photographs")
    if do == "show":
        return _show(request, post, letter)
    nobody = reach.nobody_but(post, request.account)
    messages.info(request, _("Saved. %(who)s") % {"who": nobody})
    return redirect("home") if do == "later" else redirect("edit_letter", post.pk)


def _show(request: Request, post: Post, letter: LetterForm) -> HttpResponse:
    """Show the changes of a published letter to its readers."""
    typed, now = typed_text(letter), timezone.now()
    try:
        shown = editing.edit(post, typed, by=request.account, page=letter.shown_as(), at=now)
    except (NoteNeeded, WaitsForOthers, TakenBackForGood) as refusal:
        messages.info(request, str(refusal))
        if isinstance(refusal, WaitsForOthers):
            messages.info(request, _("You can ask under “Who can see this”. The rest is saved."))
        return redirect("edit_letter", post.pk)
    if shown.unsigned:
        messages.info(request, editor.unsigned_in_words(shown))
    return redirect("letter", post.pk) if shown.beside is None else _back_to(post, "others")
