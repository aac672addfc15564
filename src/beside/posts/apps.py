"""The posts app."""

from __future__ import annotations

from django.apps import AppConfig


class PostsConfig(AppConfig):
    """Names the app."""

    name = "beside.posts"
    label = "posts"
