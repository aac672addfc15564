"""The index app."""

from __future__ import annotations

from django.apps import AppConfig


class IndexConfig(AppConfig):
    """Names the app."""

    name = "beside.index"
    label = "index"
