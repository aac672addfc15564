"""The text fields of a letter, declared once for the letter and its earlier versions."""

from __future__ import annotations

from django.db import models


class LetterText(models.Model):
    """The fields of a letter that are typed as plain text.

    `posts.text.FIELDS` lists them, and everything that saves, compares, restores or exports a
    letter's text iterates over that list. A field added here also needs a migration, a form field,
    a place in the templates and a test.
    """

    title = models.CharField(max_length=200, blank=True)
    # When it was, as people know it: "autumn 2019", "20 weeks".
    about_when = models.CharField(max_length=80, blank=True)
    words = models.TextField(blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        abstract = True
