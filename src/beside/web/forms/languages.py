"""Choosing a language, each by its name in itself."""

from __future__ import annotations

from typing import Any

from django import forms


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
