"""The web app: templates and static files."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Names the app."""

    name = "beside.web"
    label = "web"
