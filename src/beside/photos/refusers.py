"""Which versions of this program couldn't open a photograph, as `Photo.refused_by` holds it.

Several run side by side while machines are upgraded one after another, and each is to try once. Version 0.2.0 wrote its name, and only the last
that refused it: two machines then tried in turns for ever. Now each has a short mark, of which there is room for some.
"""

from __future__ import annotations

import hashlib
import re

from django.db.models import Q

_MARK_LENGTH = 12
# With the spaces in between they fill the field's 80 characters; of more, the last count.
_MOST = 6
_MARKS = re.compile(rf"[0-9a-f]{{{_MARK_LENGTH}}}( [0-9a-f]{{{_MARK_LENGTH}}})*")


def was(version: str) -> Q:
    """Whether `version` is among those that refused a photograph."""
    return Q(refused_by=version) | Q(refused_by__contains=_mark(version))


def with_one_more(refused_by: str, version: str) -> str:
    """What the field holds once `version` has refused it too."""
    others = [mark for mark in _marks(refused_by) if mark != _mark(version)]
    return " ".join([*others, _mark(version)][-_MOST:])


def is_none_but(version: str, refused_by: str) -> bool:
    """Whether nobody has refused it, or only `version`."""
    return set(_marks(refused_by)) <= {_mark(version)}


def _marks(refused_by: str) -> list[str]:
    if _MARKS.fullmatch(refused_by):
        return refused_by.split(" ")
    return [_mark(refused_by)] if refused_by else []


def _mark(version: str) -> str:
    return hashlib.sha256(version.encode()).hexdigest()[:_MARK_LENGTH]
