"""The archive app."""

from __future__ import annotations

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """Names the app."""

    name = "beside.archive"
    label = "archive"
