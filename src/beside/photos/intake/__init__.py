"""Taking a photograph in: from a stranger's bytes to renditions, or a kind sentence why not."""

from __future__ import annotations

from beside.photos.darkroom.terms import Developed, Limits, Made, Notice, Refusal
from beside.photos.intake.client import develop
from beside.photos.intake.refusals import Refused, sentence

__all__ = [
    "Developed",
    "Limits",
    "Made",
    "Notice",
    "Refusal",
    "Refused",
    "develop",
    "sentence",
]
