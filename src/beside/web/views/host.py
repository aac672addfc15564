"""The host's page: what waits, whether everything is safe, and what is the host's to say."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beside.access.policy import NothingToSee
from beside.moderation import house_words
from beside.moderation.house_words import NotDiallable
from beside.web.forms.host import HouseWordsForm
from beside.web.http.request import Request
from beside.web.pages.host import host_page, house_words_form


@require_safe
def show(request: Request) -> HttpResponse:
    """Everything at a glance. It shows nobody's letters, and is a 404 for everybody but a host."""
    _require_host(request)
    page = host_page(request.account, at=timezone.now())
    return render(request, "host/show.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: Request) -> HttpResponse:
    """What the host says to everybody here, and the helpline at the foot of every page."""
    _require_host(request)
    form = house_words_form(request.POST or None)
    if form.is_valid() and _is_written(request, form):
        messages.info(request, _("Everybody can read it now."))
        return redirect("house_words")
    return render(request, "host/words.html", {"form": form})


def _is_written(request: Request, form: HouseWordsForm) -> bool:
    try:
        house_words.write(**form.cleaned_data, by=request.account, at=timezone.now())
    except NotDiallable as refusal:
        form.add_error("helpline", str(refusal))
        return False
    return True


def _require_host(request: Request) -> None:
    if not request.account.is_host:
        raise NothingToSee
