"""What authors are asked to agree to, as a row of JSON; and what the post said when they were."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from beside.posts.audiences import Chosen, Door, Reach, chosen
from beside.posts.models import Audience, Post
from beside.posts.text import written


def as_json(wanted: Chosen) -> dict[str, Any]:
    """`wanted`, for a row of JSON; the same for the same choice."""
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


def mark_of(post: Post) -> str:
    """A mark of everything that a yes is said to.

    The words, the photographs in their order, the note, what was added later, who it is for,
    whether it is shown, and who its authors are: if one of them changes, so does the mark.
    """
    says = {
        "state": post.state,
        "says": written(post).as_json(),
        "order": [
            str(pk) for pk in post.placed.order_by("position").values_list("photo", flat=True)
        ],
        "added": sorted(str(pk) for pk in post.addenda.values_list("pk", flat=True)),
        "for": as_json(chosen(post)),
        "authors": sorted(str(pk) for pk in post.authorships.values_list("account", flat=True)),
    }
    return hashlib.sha256(json.dumps(says, sort_keys=True).encode()).hexdigest()


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
