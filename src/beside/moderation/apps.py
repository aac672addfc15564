"""The moderation app."""

from __future__ import annotations

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Names the app."""

    name = "beside.moderation"
    label = "moderation"
