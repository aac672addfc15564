"""Who is this for? One answer for the words, one for the photographs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.access.profiles import people_to_choose_from
from beside.people.models import Account, Circle
from beside.people.names import isolated
from beside.posts import audiences, reach
from beside.posts.authorship import name_of
from beside.posts.models import Audience, Post
from beside.posts.reach import BY_NAME, Chosen, Reach
from beside.web.forms.door import TermsForm, terms

REACHES = {
    "us": Reach(),
    "people": Reach(Audience.PEOPLE),
    "let_in": Reach(Audience.LET_IN),
    "here": Reach(Audience.ANYONE),
    "anyone": Reach(Audience.ANYONE, signed_in=False),
}
CHOICES = [
    ("us", gettext_lazy("Only us")),
    ("people", gettext_lazy("These people")),
    ("let_in", gettext_lazy("People we let in")),
    ("here", gettext_lazy("Everyone signed in here")),
    ("anyone", gettext_lazy("Anyone")),
]


class AudienceForm(TermsForm):
    """Who the words and the photographs are for, and the door's terms. Only one's own circles and people can be ticked."""

    words_for = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    words_people = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    photographs_for = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, required=False)
    photographs_people = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: QueryDict | None = None, *, post: Post | None, account: Account
    ) -> None:
        self.now = audiences.chosen(post) if post else Chosen()
        super().__init__(data, initial=_initial(self.now) | terms(self.now))
        people = choices(account, self.now)
        for name in ("words_people", "photographs_people"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = people
        self.has_people = bool(people)

    def chosen(self) -> Chosen:
        """What was chosen. Photographs whose audience wasn't changed are narrowed to that of the words."""
        words = _reach(self.cleaned_data, "words", self.now.words)
        photographs = _reach(self.cleaned_data, "photographs", self.now.photographs)
        wanted = Chosen(words, photographs, self.now.veiled, self.now.door)
        if wanted.has_door():
            wanted = replace(wanted, door=self.door())
        if photographs == self.now.photographs:
            return reach.within_words(wanted)
        return wanted


def _reach(data: dict[str, Any], part: str, now: Reach) -> Reach:
    """A level without people keeps none; an answer that is missing changes nothing."""
    level = REACHES.get(data[f"{part}_for"])
    if level is None:
        return now
    if level.audience not in BY_NAME:
        return level
    ticked = [one.split(":") for one in data[f"{part}_people"]]
    return Reach(
        level.audience,
        accounts=frozenset(UUID(pk) for kind, pk in ticked if kind == "person"),
        circles=frozenset(UUID(pk) for kind, pk in ticked if kind == "circle"),
    )


def _initial(now: Chosen) -> dict[str, Any]:
    return {
        "words_for": level_of(now.words),
        "words_people": _ticked(now.words),
        "photographs_for": level_of(now.photographs),
        "photographs_people": _ticked(now.photographs),
    }


def level_of(reach: Reach) -> str:
    """The name of the choice that says this."""
    if reach.audience == Audience.ANYONE:
        return "here" if reach.signed_in else "anyone"
    return next(name for name, level in REACHES.items() if level.audience == reach.audience)


def _ticked(reach: Reach) -> list[str]:
    circles = [f"circle:{pk}" for pk in reach.circles]
    return circles + [f"person:{pk}" for pk in reach.accounts]


def choices(account: Account, now: Chosen) -> list[tuple[str, str]]:
    """Everyone who can be ticked: circles ("circle:<id>"), then people ("person:<id>").

    Those who are ticked `now` stay on the list, so that saving never drops them silently.
    """
    named = now.words.circles | now.photographs.circles
    circles = list(Circle.objects.filter(owner=account).order_by("name"))
    others = Circle.objects.filter(pk__in=named).exclude(owner=account)
    people = people_to_choose_from(account.pk) | Account.objects.filter(
        pk__in=now.words.accounts | now.photographs.accounts
    )
    return [
        *((f"circle:{one.pk}", isolated(one.name)) for one in circles),
        *((f"circle:{one.pk}", _("Another author’s circle")) for one in others),
        *_people(people.distinct().values_list("pk", flat=True)),
    ]


def _people(ids: Iterable[UUID]) -> list[tuple[str, str]]:
    people = Account.objects.filter(pk__in=list(ids)).select_related("profile")
    return [(f"person:{one.pk}", name_of(one)) for one in people.order_by("profile__name", "pk")]
