"""Writing a private letter."""

from __future__ import annotations

from beside.web.forms.responses import WordsForm


class PrivateLetterForm(WordsForm):
    """The words."""
