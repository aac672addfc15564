"""The choice of an audience as JSON: what authors are asked to approve, and what a post was for before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from beside.posts.models import Audience
from beside.posts.reach import Chosen, Door, Reach


def as_json(wanted: Chosen) -> dict[str, Any]:
    """`wanted` as a JSON object, equal for equal choices; `from_json` reads it."""
    return {
        "words": _reach_as_json(wanted.words),
        "photographs": _reach_as_json(wanted.photographs),
        "veiled": wanted.veiled,
        "door": {
            "answers": dict(sorted(wanted.door.answers.items())),
            "says": wanted.door.says,
            "is_shared": wanted.door.is_shared,
        },
    }


def from_json(kept: Mapping[str, Any]) -> Chosen:
    """What `as_json` made."""
    return Chosen(
        _reach_from_json(kept["words"]),
        _reach_from_json(kept["photographs"]),
        kept["veiled"],
        Door(**kept["door"]),
    )


def _reach_as_json(reach: Reach) -> dict[str, Any]:
    return {
        "audience": int(reach.audience),
        "signed_in": reach.signed_in,
        "accounts": sorted(str(pk) for pk in reach.accounts),
        "circles": sorted(str(pk) for pk in reach.circles),
    }


def _reach_from_json(kept: Mapping[str, Any]) -> Reach:
    return Reach(
        Audience(kept["audience"]),
        signed_in=kept["signed_in"],
        accounts=frozenset(UUID(pk) for pk in kept["accounts"]),
        circles=frozenset(UUID(pk) for pk in kept["circles"]),
    )
