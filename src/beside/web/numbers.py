"""Small numbers in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# Translators: how many photographs, without the noun: "six" in "six are on the server".
_WORDS = [
    gettext_lazy("no"),
    gettext_lazy("one"),
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
    gettext_lazy("ten"),
    gettext_lazy("eleven"),
    gettext_lazy("twelve"),
]
# Translators: which photograph of a letter.
_ORDINALS = [
    gettext_lazy("The first"),
    gettext_lazy("The second"),
    gettext_lazy("The third"),
    gettext_lazy("The fourth"),
    gettext_lazy("The fifth"),
    gettext_lazy("The sixth"),
    gettext_lazy("The seventh"),
    gettext_lazy("The eighth"),
    gettext_lazy("The ninth"),
    gettext_lazy("The tenth"),
    gettext_lazy("The eleventh"),
    gettext_lazy("The twelfth"),
]


def in_words(number: int) -> str:
    """ "six", or "14" where a word would be too long."""
    return str(_WORDS[number]) if number < len(_WORDS) else str(number)


def photographs(number: int) -> str:
    """ "Six photographs", as a heading."""
    said = ngettext("One photograph", "%(number)s photographs", number)
    return capital(said % {"number": in_words(number)})


def more_photographs(number: int) -> str:
    """ "Two more photographs", as a heading, where others are open."""
    said = ngettext("One more photograph", "%(number)s more photographs", number)
    return capital(said % {"number": in_words(number)})


def ordinal(place: int) -> str:
    """ "The first" for 1."""
    if place <= len(_ORDINALS):
        return str(_ORDINALS[place - 1])
    return _("Number %(place)s") % {"place": place}


def capital(text: str) -> str:
    """The sentence with a capital at its beginning."""
    return text[:1].upper() + text[1:]
