"""Words of a command that are empty: where a host's script has a variable that isn't set, something else would be meant."""

from __future__ import annotations

import click

EMPTY = "It is empty. Is a variable not set?"


def required(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """`value`, unless it was given and is empty. A callback for click; raises `click.BadParameter`."""
    if value is not None and not value.strip():
        raise click.BadParameter(EMPTY)
    return value
