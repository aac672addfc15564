"""All that the doctor looks at, in an order in which each check only needs what those before it have found well."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import import_module

import django

from beside.cli.checks import address, buckets, folder, machine, root_key
from beside.cli.checks.findings import Finding, How, guarded, wrong
from beside.cli.failures.sentences import sentence
from beside.config.env import Env, load

_PLACE = "beside.cli.checks.place"


def look(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Everything, as far as it can be looked at. Nothing is written anywhere."""
    try:
        env = load(environ)
    except ValueError as refused:
        yield wrong(
            "settings",
            sentence(refused) or "",
            "Correct it where you set it, and run the doctor again.",
        )
        return
    yield from guarded("machine", machine.look)
    yield from guarded("data folder", lambda: folder.look(env))
    yield from guarded("store", lambda: buckets.look(env))
    key = list(guarded("root key", lambda: root_key.look(env)))
    yield from key
    yield from guarded("address", lambda: address.look(env))
    yield from _with_django(env, is_key_wrong=any(one.how == How.WRONG for one in key))


def _with_django(env: Env, *, is_key_wrong: bool) -> Iterator[Finding]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
    try:
        django.setup()
        place = import_module(_PLACE)
    except Exception as stopped:  # noqa: BLE001  (whatever it is, the doctor says so)
        if not is_key_wrong:
            yield wrong(
                "settings",
                sentence(stopped) or type(stopped).__name__,
                "Until then nothing else can be looked at.",
            )
        return
    yield from place.look(env, at=import_module("django.utils.timezone").now())
