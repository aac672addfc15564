"""Who belongs to a family: naming them, and being named."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from beside.access.policy import NothingToSee
from beside.access.profiles import people_to_choose_from
from beside.family import family_members
from beside.family.family_members import NoSuchMember, TooManyMembers
from beside.family.models import FamilyMember
from beside.web.forms.family_members import FamilyMemberForm
from beside.web.http.request import Request
from beside.web.pages.family_members import family_member_page, named_page


def name_somebody(request: Request, form: FamilyMemberForm) -> HttpResponse | None:
    """Add a member; nothing if that was refused, and `form` says why."""
    me, person = request.account, form.person_id()
    account = people_to_choose_from(me.pk).filter(pk=person).first() if person else None
    key, name = form.member_id(), form.cleaned_data["name"]
    try:
        family_members.add(me, key, name, at=timezone.now(), account=account)
    except NoSuchMember:
        raise NothingToSee from None
    except TooManyMembers as refusal:
        form.add_error("name", str(refusal))
        return None
    return redirect("family")


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, member_id: UUID) -> HttpResponse:
    """One member, for the keeper: renaming and removing."""
    me = request.account
    member = FamilyMember.objects.filter(pk=member_id, family__keeper=me).first()
    if member is None:
        raise NothingToSee
    if request.POST.get("do") == "remove":
        return _remove(request, member)
    data = request.POST if request.method == "POST" else None
    form = FamilyMemberForm(data, name=member.name)
    if not form.is_valid() or member.taken_off_at:
        page = family_member_page(member, form)
        return render(request, "family_members/show.html", {"page": page})
    family_members.rename(me, member.pk, form.cleaned_data["name"])
    return redirect("family")


def _remove(request: Request, member: FamilyMember) -> HttpResponse:
    family_members.remove(request.account, member.pk, at=timezone.now())
    messages.info(request, _("They’re off your family. Nobody is told."))
    return redirect("family")


@require_http_methods(["GET", "HEAD", "POST"])
def named(request: Request, member_id: UUID) -> HttpResponse:
    """Somebody who has been named says yes, or takes themselves off."""
    me, do = request.account, request.POST.get("do", "")
    try:
        member = family_members.named(member_id, by=me)
        if do == "off":
            family_members.take_off(member_id, by=me, at=timezone.now())
            messages.info(request, _("You’re off it, from now on. Nobody is told."))
            return redirect("notices")
        if do == "yes":
            family_members.agree(member_id, by=me, at=timezone.now())
            return redirect("named_in_family", member_id)
    except NoSuchMember:
        raise NothingToSee from None
    return render(request, "family_members/named.html", {"page": named_page(member, me)})
