"""One's own circles, and who is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beside.access.policy import NothingToSee
from beside.access.profiles import people_close_to, people_to_choose_from
from beside.people import circles
from beside.people.models import Account, Circle
from beside.posts import circle_history
from beside.posts.authorship import name_of
from beside.web.forms.profiles import AddForm, CircleForm
from beside.web.http.request import Request
from beside.web.pages.people import in_a_row
from beside.web.views.circle_history import ONLY_WHAT_COMES, THESE_TOO, ask_what_is_meant

LONGEST_LIST = 500


@dataclass(frozen=True)
class Member:
    """Somebody in a circle. `has_past` where something had been shared with it before they came."""

    id: UUID
    name: str
    since: datetime
    from_now_on: bool
    has_past: bool


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """All of them, and a new one."""
    form = CircleForm(request.POST or None)
    if form.is_valid():
        try:
            made = circles.make(request.account, name=form.cleaned_data["name"])
        except (circles.NoName, circles.NameTaken) as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("circle", made.pk)
    listed = [
        (circle, in_a_row([account.profile.name for account in circles.members(circle)]))
        for circle in circles.of(request.account)
    ]
    return render(request, "circles/index.html", {"circles": listed, "form": form})


@require_safe
def show(request: Request, circle_id: UUID) -> HttpResponse:
    """One circle."""
    return _page(request, _own(request, circle_id))


@require_POST
def rename(request: Request, circle_id: UUID) -> HttpResponse:
    """Call it something else."""
    circle, form = _own(request, circle_id), CircleForm(request.POST)
    if not form.is_valid():
        return _page(request, circle, name_form=form)
    try:
        circles.rename(circle, name=form.cleaned_data["name"])
    except (circles.NoName, circles.NameTaken) as refusal:
        form.add_error("name", str(refusal))
        circle.refresh_from_db()
        return _page(request, circle, name_form=form)
    return redirect("circle", circle_id)


@require_POST
def remove(request: Request, circle_id: UUID) -> HttpResponse:
    """End it. Whoever saw something only through it loses sight of that at once."""
    circles.remove(_own(request, circle_id), at=timezone.now())
    messages.info(request, _("That circle is gone. Nobody is told."))
    return redirect("circles")


@require_POST
def add(request: Request, circle_id: UUID) -> HttpResponse:
    """Put somebody in. What is said afterwards is the same, whoever's address it was."""
    circle = _own(request, circle_id)
    form = AddForm(request.POST, people=_not_in(circle, request.account))
    if not form.is_valid():
        return _page(request, circle, add_form=form)
    if asks := ask_what_is_meant(request, circle, form.cleaned_data):
        return asks
    account, email = None, form.cleaned_data["email"]
    if form.cleaned_data["person"]:
        account = people_to_choose_from(request.account.pk).get(pk=form.cleaned_data["person"])
    elif email:
        if too_many := ratelimit.consume_or_429(request, action="add_by_address"):
            return too_many
        account = people_close_to(request.account.pk).filter(email__iexact=email).first()
        messages.info(request, _("If that’s somebody you know here, they’re in it now."))
    if account is not None:
        only = request.POST.get("meant") == ONLY_WHAT_COMES
        circles.add(circle, account, at=timezone.now(), from_now_on=only)
    return redirect("circle", circle_id)


@require_POST
def past(request: Request, circle_id: UUID, account_id: UUID) -> HttpResponse:
    """Change one's mind: let somebody see what was shared before, or only what came since."""
    circle = _own(request, circle_id)
    if request.POST.get("meant") == THESE_TOO:
        circles.open_the_past(circle, account_id)
    elif request.POST.get("meant") == ONLY_WHAT_COMES:
        circles.shut_the_past(circle, account_id, at=timezone.now())
    return redirect("circle", circle_id)


@require_POST
def take_out(request: Request, circle_id: UUID, account_id: UUID) -> HttpResponse:
    """Take somebody out. They lose sight of everything at once, and aren't told."""
    circles.take_out(_own(request, circle_id), account_id, at=timezone.now())
    return redirect("circle", circle_id)


def _page(
    request: Request,
    circle: Circle,
    *,
    name_form: CircleForm | None = None,
    add_form: AddForm | None = None,
) -> HttpResponse:
    told = {
        "circle": circle,
        "members": _members(circle, request.account),
        "name_form": name_form or CircleForm(initial={"name": circle.name}),
        "add_form": add_form or AddForm(people=_not_in(circle, request.account)),
    }
    return render(request, "circles/show.html", told)


def _members(circle: Circle, owner: Account) -> list[Member]:
    letters = circle_history.shared_with(circle, by=owner)
    return [
        Member(
            id=one.account_id,
            name=name_of(one.account),
            since=one.added_at,
            from_now_on=one.from_now_on,
            has_past=any(letter.published_at < one.added_at for letter in letters),
        )
        for one in circles.memberships(circle)
    ]


def _own(request: Request, circle_id: UUID) -> Circle:
    try:
        return circles.get(circle_id, owner=request.account)
    except circles.NoSuchCircle:
        raise NothingToSee from None


def _not_in(circle: Circle, owner: Account) -> list[Account]:
    others = people_to_choose_from(owner.pk).select_related("profile")
    outside = others.exclude(memberships__circle=circle)
    return list(outside.order_by("profile__name", "pk")[:LONGEST_LIST])
