"""Photographs in a plain form: for the drawer, for a letter, or from a phone's own "Share"."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beside.photos import hidden
from beside.posts import autosave
from beside.posts.models import Post
from beside.web.draft_ids import begun, lay
from beside.web.forms.editor import LetterForm, typed_text
from beside.web.http.multipart import Came, came, takes_photographs, takes_shared_photographs
from beside.web.http.request import Request
from beside.web.pages import editor
from beside.web.pages.form_uploads import form_upload_page


def into_drawer(request: Request) -> HttpResponse:
    """Put what the form brought into the drawer."""
    files = came(request)
    _close_if_asked(request, files)
    return _tell(request, files, back=reverse("drawer"))


@takes_photographs
@require_POST
def create_in_letter(request: Request, post_id: UUID) -> HttpResponse:
    """Place what the form brought in a letter, and save the words that were typed with it."""
    files = came(request)
    _close_if_asked(request, files)
    post = begun(post_id, by=request.account, at=timezone.now())
    for one in files:
        if one.photo:
            lay(request, post, one.photo)
    typed = _keep_words(request, post)
    missing = [one for one in files if one.photo is None]
    if not missing and typed is None:
        return _tell(request, files, back=reverse("edit_letter", args=[post.pk]) + "#photographs")
    post.refresh_from_db()
    page = editor.editor_page(request, post, at=timezone.now(), typed=typed)
    return render(request, "editor/edit.html", {"page": replace(page, missing=missing)})


@takes_shared_photographs
@require_POST
def create_from_share(request: Request) -> HttpResponse:
    """Put what a phone's own "Share" sends into the drawer."""
    return _tell(request, came(request), back=reverse("drawer"))


def _close_if_asked(request: Request, files: list[Came]) -> None:
    if "closed" in request.POST:
        for one in files:
            if one.photo:
                hidden.hold(one.photo, account=request.account, at=timezone.now())


def _keep_words(request: Request, post: Post) -> LetterForm | None:
    """Save the words: without JavaScript the button for photographs sends the whole page.

    Returns the form if it can't be saved as it is.
    """
    if "words" not in request.POST:
        return None
    letter = LetterForm(request.POST)
    if not letter.is_valid():
        return letter
    page, now = letter.based_on(), timezone.now()
    autosave.save(post, typed_text(letter), by=request.account, page=page, at=now)
    return None


def _tell(request: Request, files: list[Came], *, back: str) -> HttpResponse:
    if not files:
        messages.info(request, _("No photograph came with that. Choose some first."))
        return HttpResponseRedirect(back)
    page = form_upload_page(files, back=back)
    if page.missing:
        return render(request, "form_uploads/show.html", {"page": page})
    messages.info(request, _("They’re safely here. In a moment you can see them."))
    return redirect(back)
