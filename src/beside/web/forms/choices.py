"""A choice with a line that says what it means; `parts/choices.html` shows both."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Choice:
    """The label of one choice. Use it where Django takes a label: `(value, Choice(…))`."""

    label: str | Promise
    then: str | Promise = ""

    def __str__(self) -> str:
        return str(self.label)
