"""`beside settings`: what can be set, and what is set now."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import get_origin

import click
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from beside.config.env import Env, load

_HEAD = """\
# Settings

Every setting is an environment variable that begins with `BESIDE_`. A name that is not in
this table, or a value that makes no sense, stops the start with a sentence. Each may also be
given as a file: `BESIDE_SMTP_URL_FILE=/run/secrets/smtp` reads the value from there.

This page is written by `beside settings --markdown`.

| name | says | unless set |
|---|---|---|
"""


@click.command(help="Say what can be set, and what is set now; secrets are left out.")
@click.option("--markdown", is_flag=True, help="Write docs/settings.md to the terminal.")
@click.option("--json", "as_json", is_flag=True, help="One object, for machines.")
def command(*, markdown: bool, as_json: bool) -> None:
    """Print the table, or the values."""
    if markdown:
        click.echo(table(), nl=False)
        return
    values = in_effect(os.environ)
    if as_json:
        click.echo(json.dumps(values))
        return
    for name, value in values.items():
        click.echo(f"{name}={value}")


def table() -> str:
    """The whole of docs/settings.md."""
    rows = [_row(name, field) for name, field in Env.model_fields.items()]
    return _HEAD + "\n".join(rows) + "\n"


def in_effect(environ: Mapping[str, str]) -> dict[str, str]:
    """Every setting as it is now. Of a secret, only whether there is one."""
    values = load(environ)
    return {_named(name): _shown(getattr(values, name)) for name in Env.model_fields}


def _named(field: str) -> str:
    return f"BESIDE_{field.upper()}"


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _row(name: str, field: FieldInfo) -> str:
    assert get_origin(field.annotation) is None
    default = _shown(field.default)
    return f"| `{_named(name)}` | {field.description} | {f'`{default}`' if default else 'empty'} |"
