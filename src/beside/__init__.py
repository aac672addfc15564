"""Beside: a photo-sharing server for the photographs that are hardest to share."""

from __future__ import annotations
