"""A digest of a post, by which its authors' approvals notice that it has changed."""

from __future__ import annotations

import hashlib
import json

from beside.posts.audiences import chosen
from beside.posts.models import Post
from beside.posts.reach_json import as_json
from beside.posts.text import text_of


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
