"""The choices for a post: its audience, what its door answers to which reason, and its facets."""

from __future__ import annotations

from django.db import models


class Audience(models.IntegerChoices):
    """Who something is for, narrowest first. `LET_IN` is the people named and those admitted at the door."""

    ONLY_US = 0
    PEOPLE = 1
    LET_IN = 2
    ANYONE = 3


class Reason(models.TextChoices):
    """Why somebody asks at a door. Each is a good reason."""

    LIVED = "lived"
    LOVE = "love"
    CARE = "care"
    UNDERSTAND = "understand"
    RATHER_NOT = "rather not"


class Answer(models.TextChoices):
    """What a door does for a reason. A reason missing from the post's `door` gets `NOT`."""

    AT_ONCE = "at once"
    AFTER_A_YES = "after a yes"
    NOT = "not"


class Facet(models.TextChoices):
    """What a letter is about: what readers may want to be asked about first, and what it's found under on the shelf."""

    MISCARRIAGE = "miscarriage"
    BEFORE_BIRTH = "before birth"
    AFTER_BIRTH = "after birth"
    MEDICAL_REASONS = "medical reasons"
    TWINS = "twins"
    MORE_THAN_ONE = "more than one"
    AFTER_TREATMENT = "after treatment"
    BEFORE_14_WEEKS = "before 14 weeks"
    WEEKS_14_TO_23 = "14 to 23 weeks"
    FROM_24_WEEKS = "from 24 weeks"
    PREGNANT_AGAIN = "pregnant again"
    ILLNESS = "illness"
    SOMEBODY_ELSE = "somebody else"
