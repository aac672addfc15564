"""The catalogues that are kept: one for each language, as text that people edit and as what Django reads."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import to_locale

from beside.people.languages import NAMES
from messages.extract import SOURCE

# English needs none: the sentences in the source are English.
LANGUAGES = [code for code in NAMES if code != "en-gb"]
FOLDER = SOURCE / "locale"


# One and many. The CLDR has a third form in Spanish and French, for millions, which nothing here comes to.
_PLURALS = {"fr": "(n > 1)"}


class Written(Catalog):
    """A catalogue whose header says nothing of days, people or programs, so that the same words are the same bytes."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        """What gettext needs to read it."""
        return [
            ("Language", str(self.locale_identifier)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", f"nplurals={self.num_plurals}; plural={self.plural_expr};"),
        ]

    mime_headers = property(_get_mime_headers)

    @property
    def num_plurals(self) -> int:
        """How many forms a plural has."""
        return 2

    @property
    def plural_expr(self) -> str:
        """Which of them a number takes."""
        return _PLURALS.get(str(self.locale_identifier), "(n != 1)")


def path_of(code: str, folder: Path = FOLDER) -> Path:
    """The text of the catalogue for a language."""
    return folder / to_locale(code) / "LC_MESSAGES" / "django.po"


def read(code: str) -> Catalog:
    """The catalogue as it is; empty if there is none yet."""
    path = path_of(code)
    if not path.exists():
        return Catalog(locale=to_locale(code))
    with path.open("rb") as file:
        return read_po(file, locale=to_locale(code))


def updated(code: str, template: Catalog) -> Catalog:
    """The template's sentences, in their order, with what `code`'s catalogue says of each. What has gone is left out."""
    told, made = read(code), Written(locale=to_locale(code), fuzzy=False)
    for message in sentences(template):
        known = told.get(message.id, message.context)
        made.add(
            message.id,
            _forms(known),
            message.locations,
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known is not None else (),
            context=message.context,
        )
    return made


def _forms(known: Message | None) -> str | tuple[str, ...] | None:
    said = known.string if known is not None else None
    return tuple(said[:2]) if isinstance(said, list | tuple) else said


def sentences(catalogue: Catalog) -> list[Message]:
    """What is in it, without its header."""
    return [message for message in catalogue if message.id]


def write(catalogue: Catalog, path: Path) -> None:
    """Write the text, and beside it what Django reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, omit_header=False, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    """What Django reads."""
    plain = Written(locale=catalogue.locale_identifier, fuzzy=False)
    for message in sentences(catalogue):
        plain.add(message.id, message.string, context=message.context)
    file = io.BytesIO()
    write_mo(file, plain)
    return file.getvalue()
