"""`beside settings`: show every setting and its value."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import get_origin

import click
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from beside.config.addresses import without_password
from beside.config.env import Env, load

_HEAD = """\
# Settings

Every setting is an environment variable that begins with `BESIDE_`. Beside refuses to start with
a name that is not in this table or with a value that it cannot use, and says why. Each setting can
also be read from a file: `BESIDE_SMTP_URL_FILE=/run/secrets/smtp`. That is a regular file of at most 64 KiB,
and no pipe: the server, its worker and each command read it, and a pipe can be read once.

This page is written by `beside settings --markdown`.

| name | meaning | default |
|---|---|---|
"""


@click.command(help="Show every setting and its value. Passwords are left out.")
@click.option("--markdown", is_flag=True, help="Print docs/settings.md.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(*, markdown: bool, as_json: bool) -> None:
    """Print the values, or the table that documents them."""
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
    """Every setting with its value; a secret is left out, and of an address only the password in it."""
    values = load(environ)
    return {_named(name): _shown(getattr(values, name)) for name in Env.model_fields}


def _named(field: str) -> str:
    return f"BESIDE_{field.upper()}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    said = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    if "://" in said:
        return without_password(said)
    return str(value)


def _row(name: str, field: FieldInfo) -> str:
    assert get_origin(field.annotation) is None
    default = _shown(field.default)
    return f"| `{_named(name)}` | {field.description} | {f'`{default}`' if default else 'empty'} |"
