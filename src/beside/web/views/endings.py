""" "This has ended": the end of a pregnancy, in one act."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from beside.family import endings
from beside.web.forms.endings import EndingForm
from beside.web.http.request import Request
from beside.web.pages.endings import ending_page


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    """What would end, and the one press that ends it."""
    at, me = timezone.now(), request.account
    found = endings.before_ending(me, at=at)
    form = EndingForm(request.POST if request.method == "POST" else None, others=found.others)
    if not form.is_valid():
        page = ending_page(found, form)
        return render(request, "endings/edit.html", {"page": page})
    endings.end(me, also=form.chosen(), at=at)
    return redirect("pregnancy_ended")


@require_http_methods(["GET", "HEAD"])
def done(request: Request) -> HttpResponse:
    """That it has ended."""
    return render(request, "endings/done.html")
