"""Whether a post is shown by a link for one person: then "only us" has readers too.

The table of links is `beside.access`'s; from here their rows are only counted as readers.
"""

from __future__ import annotations

from beside.posts.models import Post


def has_reader(post: Post) -> bool:
    """Whether there is a link to `post` that nobody has ended."""
    return post.share_links.filter(ended_at=None).exists()


def has_looker(post: Post) -> bool:
    """Whether one of them is for its photographs too."""
    return post.share_links.filter(ended_at=None, with_photographs=True).exists()
