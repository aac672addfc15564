"""Acts on one photograph of the account's own, wherever it is shown."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beside.photos import turning
from beside.photos.hidden import NotYours
from beside.photos.models import Photo
from beside.web.http.request import Request, next_path


@require_POST
def turn(request: Request, photo_id: UUID) -> HttpResponse:
    """Turn the photograph a quarter clockwise, and go back to the page where the button was."""
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        raise NotYours
    turning.turn(photo, 1, by=request.account)
    messages.info(request, _("It’s turned a quarter. In a moment it’s shown that way."))
    return HttpResponseRedirect(next_path(request, otherwise=reverse("drawer")))
