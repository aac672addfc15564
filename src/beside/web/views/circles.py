"""An account's circles, and who is in them."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beside.access.policy import NothingToSee
from beside.access.profiles import people_close_to, people_to_choose_from
from beside.people import budgets, circles
from beside.people.circles import NameTaken, NoName, NoSuchCircle
from beside.people.models import Account, Circle
from beside.posts import circle_history
from beside.querysets import shared_clock
from beside.web.forms.circles import CircleForm, MemberForm
from beside.web.http.rate_limits import count_act
from beside.web.http.request import Request
from beside.web.pages.circles import (
    TAKEN_OUT,
    circle_page,
    circles_page,
    former_member,
    people_not_in,
    taken_out_of,
)
from beside.web.views.circle_history import ONLY_WHAT_COMES, THESE_TOO, ask_what_is_meant


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """All of them, and a new one."""
    form = CircleForm(request.POST or None)
    if form.is_valid():
        try:
            made = circles.make(request.account, name=form.cleaned_data["name"])
        except (NoName, NameTaken) as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect("circle", made.pk)
    return render(request, "circles/index.html", {"page": circles_page(request.account, form)})


@require_safe
def show(request: Request, circle_id: UUID) -> HttpResponse:
    """One circle."""
    return _page(request, _own(request, circle_id))


@require_POST
def rename(request: Request, circle_id: UUID) -> HttpResponse:
    """Give a circle another name."""
    circle, form = _own(request, circle_id), CircleForm(request.POST)
    if not form.is_valid():
        return _page(request, circle, name_form=form)
    try:
        circles.rename(circle, name=form.cleaned_data["name"])
    except (NoName, NameTaken) as refusal:
        form.add_error("name", str(refusal))
        circle.refresh_from_db()
        return _page(request, circle, name_form=form)
    return redirect("circle", circle_id)


@require_POST
def destroy(request: Request, circle_id: UUID) -> HttpResponse:
    """Delete a circle. Anyone who could see something only through it loses sight of it at once."""
    circles.remove(_own(request, circle_id), at=timezone.now())
    messages.info(request, _("That circle is gone. Nobody is told."))
    return redirect("circles")


@require_POST
def add(request: Request, circle_id: UUID) -> HttpResponse:
    """Add somebody. An address is answered the same, whether or not it is anybody's."""
    circle = _own(request, circle_id)
    form = MemberForm(request.POST, people=people_not_in(circle, request.account))
    if not form.is_valid():
        return _page(request, circle, add_form=form)
    if asks := ask_what_is_meant(request, circle, form.cleaned_data):
        return asks
    if form.cleaned_data["email"] and not form.cleaned_data["person"]:
        count_act(budgets.ADDED_BY_ADDRESS, request.account)
        messages.info(request, _("If that’s somebody you know here, they’re in it now."))
    if account := _named(request.account, form):
        only = request.POST.get("meant") == ONLY_WHAT_COMES
        circle_history.add_member(circle, account, at=shared_clock.now(), from_now_on=only)
    return redirect("circle", circle_id)


@require_POST
def update_member(request: Request, circle_id: UUID, account_id: UUID) -> HttpResponse:
    """Let a member see what was shared before they joined, or only what came since."""
    circle = _own(request, circle_id)
    if request.POST.get("meant") == THESE_TOO:
        circle_history.show_earlier_letters(circle, Account(pk=account_id), at=timezone.now())
    elif request.POST.get("meant") == ONLY_WHAT_COMES:
        circles.hide_earlier_letters(circle, account_id, at=timezone.now())
    return redirect("circle", circle_id)


@require_POST
def remove(request: Request, circle_id: UUID, account_id: UUID) -> HttpResponse:
    """Remove a member. They lose sight of everything at once, and aren't told. Or put them back as they were."""
    circle = _own(request, circle_id)
    if request.POST.get("do") == "undo":
        _put_back(request, circle, account_id)
    else:
        former = circle.memberships.filter(account=account_id).first()
        circles.remove_member(circle, account_id, at=timezone.now())
        request.session[TAKEN_OUT] = asdict(former_member(former)) if former else None
    return redirect("circle", circle_id)


def _put_back(request: Request, circle: Circle, account_id: UUID) -> None:
    """Add the member who was removed last, counting from the same day and for the same letters as before."""
    former = taken_out_of(circle, request.session.pop(TAKEN_OUT, None))
    if former is not None and former.id == account_id:
        account = Account.objects.get(pk=account_id)
        circles.add(circle, account, at=former.since, from_now_on=former.from_now_on)


def _page(
    request: Request,
    circle: Circle,
    *,
    name_form: CircleForm | None = None,
    add_form: MemberForm | None = None,
) -> HttpResponse:
    page = circle_page(
        circle,
        request.account,
        name_form=name_form,
        add_form=add_form,
        taken_out=request.session.get(TAKEN_OUT),
    )
    return render(request, "circles/show.html", {"page": page})


def _named(owner: Account, form: MemberForm) -> Account | None:
    person, email = form.cleaned_data["person"], form.cleaned_data["email"]
    if person:
        return people_to_choose_from(owner.pk).get(pk=person)
    return people_close_to(owner.pk).filter(email__iexact=email).first() if email else None


def _own(request: Request, circle_id: UUID) -> Circle:
    try:
        return circles.get(circle_id, owner=request.account)
    except NoSuchCircle:
        raise NothingToSee from None
