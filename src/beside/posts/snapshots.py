"""What authors are asked to approve, as JSON, and a digest of the post when they were asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from beside.posts.audiences import chosen
from beside.posts.models import Audience, Post
from beside.posts.reach import Chosen, Door, Reach
from beside.posts.text import text_of


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


def digest_of(post: Post) -> str:
    """A SHA-256 digest, in hexadecimal, of everything that an approval is about.

    It covers the text, the photographs in their order, the addenda, who the post is for, its state
    and its authors: if one of them changes, so does the digest.
    """
    says = {
        "state": post.state,
        "says": text_of(post).as_json(),
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
