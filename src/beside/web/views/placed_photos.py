"""One photograph of a letter that is being written: its words, its place, and taking it out."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beside.photos import developing, hidden, turning, uploads
from beside.photos.models import Photo, Upload
from beside.posts import autosave, drafting, removed_photos
from beside.posts.authorship import NotAnAuthor, own
from beside.posts.autosave import Saved
from beside.posts.drafting import LiesElsewhere, PutHereByAnother, ShownByAll
from beside.posts.models import PlacedPhoto, Post
from beside.web.forms.placed_photos import PlacedPhotoForm
from beside.web.http.request import Request
from beside.web.pages import editor, tray
from beside.web.pages import placed_photos as pages

# What the buttons of the page "Write" do with its photographs.
ACTS = ("order", "out", "back", "away", "again", "leave")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, post_id: UUID, photo_id: UUID) -> HttpResponse:
    """The page of one photograph; or save what was typed on it, and do what the button said."""
    post = own(request.account, post_id)
    placed = _placed(post, photo_id)
    if request.method != "POST":
        return _page(request, placed)
    if request.POST.get("do") == "see":
        hidden.release(placed.photo, account=request.account)
        return redirect("placed_photo", post_id, photo_id)
    if _is_hidden(request, placed.photo):
        return _go(request, placed)
    form = PlacedPhotoForm(request.POST)
    return _save(request, placed, form) if form.is_valid() else _needs(request, placed, form)


@require_safe
def tile(request: Request, post_id: UUID, photo_id: UUID) -> HttpResponse:
    """One photograph that has just arrived, as a part of the page "Write"."""
    post = own(request.account, post_id)
    arrived = tray.tile_of(request, post, photo_id, at=timezone.now())
    return render(request, "placed_photos/_tile.html", {"tile": arrived})


def act(request: Request, post: Post, do: str, about: str) -> None:
    """One of `ACTS` on the letter's photographs. `about` names one, or several for "order"."""
    if do == "order":
        drafting.order(post, [id_of(text) for text in about.split(",")], by=request.account)
    elif do == "leave":
        for upload in Upload.objects.filter(photo__placed__post=post, account=request.account):
            uploads.stop(upload, at=timezone.now())
    elif do == "back":
        _put_back(request, post, id_of(about))
    else:
        _act_on_one(request, post, do, _placed(post, id_of(about)).photo)


def _act_on_one(request: Request, post: Post, do: str, photo: Photo) -> None:
    if do == "out":
        removed_photos.remove(post, photo, by=request.account, at=timezone.now())
    elif do == "away":
        developing.put_note_away(photo, by=request.account)
    else:
        developing.try_again(photo)


def _put_back(request: Request, post: Post, photo_id: UUID) -> None:
    photo = Photo.objects.filter(pk=photo_id, removed__post=post).first()
    if photo is None:
        raise NotAnAuthor
    try:
        removed_photos.put_back(post, photo, by=request.account)
    except (LiesElsewhere, PutHereByAnother, ShownByAll) as refusal:
        messages.info(request, str(refusal))


def _save(request: Request, placed: PlacedPhoto, form: PlacedPhotoForm) -> HttpResponse:
    me, page, now = request.account, form.based_on(), timezone.now()
    words = form.words()
    kept = autosave.save_photo(placed.post, placed.photo_id, words, by=me, page=page, at=now)
    if _wants_json(request):
        return JsonResponse(asdict(_saved(placed, form, kept)))
    if kept.beside is not None:
        return HttpResponseRedirect(_editor_of(placed, "others"))
    _move(request, placed, form)
    if form.cleaned_data["closed"]:
        hidden.hold(placed.photo, account=me, at=now)
    return _go(request, placed)


def _move(request: Request, placed: PlacedPhoto, form: PlacedPhotoForm) -> None:
    """Move it by a button, or to the place that was typed."""
    post, do = placed.post, request.POST.get("do")
    place_now = post.placed.filter(position__lt=placed.position).count() + 1
    steps = {"earlier": -1, "later": 1}.get(do or "", 0)
    if not steps:
        steps = (form.cleaned_data["place"] or place_now) - place_now
    if steps:
        drafting.move(post, placed.photo, by=request.account, steps=steps)


def _go(request: Request, placed: PlacedPhoto) -> HttpResponse:
    """Where the button leads: another photograph, this one again, or the letter."""
    do, _colon, other = request.POST.get("do", "").partition(":")
    me, now = request.account, timezone.now()
    if do == "to":
        return redirect("placed_photo", placed.post_id, id_of(other))
    if do == "out":
        removed_photos.remove(placed.post, placed.photo, by=me, at=now)
    elif do == "insert":
        autosave.add_photo_line(placed.post, placed.number, by=me, at=now)
    elif do == "turn":
        turning.turn(placed.photo, 1, by=me)
        messages.info(request, _("It’s turned a quarter. In a moment it’s shown that way."))
    if do in ("turn", "earlier", "later", "keep"):
        return redirect("placed_photo", placed.post_id, placed.photo_id)
    return HttpResponseRedirect(_editor_of(placed, "photographs"))


def _needs(request: Request, placed: PlacedPhoto, form: PlacedPhotoForm) -> HttpResponse:
    """The page again, with everything that was typed still in it."""
    if _wants_json(request):
        return JsonResponse({"says": editor.first_error(form)}, status=422)
    return _page(request, placed, form)


def _page(
    request: Request, placed: PlacedPhoto, typed: PlacedPhotoForm | None = None
) -> HttpResponse:
    page = pages.placed_photo_page(
        request, placed.post, placed.photo_id, at=timezone.now(), typed=typed
    )
    return render(request, "placed_photos/edit.html", {"page": page})


def _saved(placed: PlacedPhoto, form: PlacedPhotoForm, kept: Saved) -> pages.SavedPhoto:
    is_kept = kept.beside is None
    return pages.SavedPhoto(
        version=autosave.digest(form.words()) if is_kept else form.cleaned_data["version"],
        kept="",
        says="" if is_kept else _("Somebody described it at the same time. Both are kept."),
        beside=not is_kept,
        page="",
    )


def _placed(post: Post, photo_id: UUID) -> PlacedPhoto:
    placed = post.placed.select_related("photo", "post").filter(photo=photo_id).first()
    if placed is None:
        raise NotAnAuthor
    return placed


def _is_hidden(request: Request, photo: Photo) -> bool:
    return bool(hidden.hidden_from(request.account, [photo.pk]))


def _wants_json(request: Request) -> bool:
    return request.headers.get("Accept") == "application/json"


def _editor_of(placed: PlacedPhoto, part: str) -> str:
    return f"{reverse('edit_letter', args=[placed.post_id])}#{part}"


def id_of(text: str) -> UUID:
    """The id in a button's value; raises `NotAnAuthor` if there is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotAnAuthor from None
