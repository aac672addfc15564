"""The family app."""

from __future__ import annotations

from django.apps import AppConfig


class FamilyConfig(AppConfig):
    """Names the app."""

    name = "beside.family"
    label = "family"
