"""The photos app."""

from __future__ import annotations

from django.apps import AppConfig


class PhotosConfig(AppConfig):
    """Names the app."""

    name = "beside.photos"
    label = "photos"
