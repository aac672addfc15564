"""No form takes an address that no row and no mail's envelope holds: PostgreSQL would refuse it, and SQLite not."""

from __future__ import annotations

import importlib
import pkgutil

from django import forms

from beside.web import forms as ours
from beside.web.forms.styled import LONGEST_ADDRESS, NO_ADDRESS, StyledForm

LONG = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"


class AskingForm(StyledForm):
    address = forms.EmailField()


def test_an_address_of_more_than_254_characters_is_told_so():
    assert len(LONG) > LONGEST_ADDRESS

    assert AskingForm({"address": "rose@home.example"}).is_valid()
    assert AskingForm({"address": LONG}).errors == {"address": [NO_ADDRESS]}


def test_every_form_with_an_address_is_styled():
    for module in pkgutil.iter_modules(ours.__path__):
        for name, form in vars(importlib.import_module(f"{ours.__name__}.{module.name}")).items():
            if isinstance(form, type) and issubclass(form, forms.BaseForm):
                asks = any(isinstance(one, forms.EmailField) for one in form.base_fields.values())
                assert not asks or issubclass(form, StyledForm) or "allauth" in str(form.__mro__), (
                    name
                )
