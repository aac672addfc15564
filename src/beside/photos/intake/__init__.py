"""From a stranger's bytes to renditions, or to a kind sentence about why not."""

from __future__ import annotations

from beside.photos.darkroom.terms import KEPT, Developed, Limits, Made, Notice, Refusal
from beside.photos.intake.client import develop
from beside.photos.intake.refusals import Refused, sentence

__all__ = [
    "KEPT",
    "Developed",
    "Limits",
    "Made",
    "Notice",
    "Refusal",
    "Refused",
    "develop",
    "sentence",
]
