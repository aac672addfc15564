"""Choosing a language, each by its name in itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language_info


def names_of(codes: Iterable[str]) -> list[str]:
    """The names of these languages in the language of the page, for a sentence of ours, in order."""
    return sorted(str(get_language_info(code)["name_translated"]) for code in codes)


class LanguageSelect(forms.Select):
    """A list of languages, each spoken and laid out as its own."""

    def optgroups(
        self, name: str, value: list[str], attrs: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        """Django's, with the language and the direction of each name."""
        groups = super().optgroups(name, value, attrs)
        for _title, options, _index in groups:
            for option in options:
                if option["value"]:
                    option["attrs"] |= {"lang": option["value"], "dir": "auto"}
        return groups
