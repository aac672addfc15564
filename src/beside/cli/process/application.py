"""What each server process loads."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

import click

from beside.cli.failures.sentences import sentence
from beside.config.process import only_look


def load(target: str) -> Callable[..., Any]:
    """The application that `target` names, as `module:name`. What can't be loaded ends the process with a sentence."""
    module, _, name = target.partition(":")
    only_look()  # The worker makes whatever a new place needs.
    try:
        found = getattr(import_module(module), name)
    except Exception as failed:  # what nobody foresaw is raised as it is, and stands in the log
        said = sentence(failed)
        if said is None:
            raise
        click.echo(f"Error: {said}", err=True)
        sys.exit(1)
    # Granian calls what it has been given by a method of its own.
    return cast("Callable[..., Any]", found)
