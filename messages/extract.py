"""Every sentence of the source that is to be translated, from Python (Babel) and from templates (Django reads them)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[1] / "src" / "beside"
FRAMEWORK = Path(__file__).parent / "framework.py"
_ONE: tuple[int, ...] = (1,)
_PLURAL = (1, 2)
_IN_CONTEXT = ((1, "c"), 2)
_PLURAL_IN_CONTEXT = ((1, "c"), 2, 3)
# Django's functions, by where their sentences stand among their arguments.
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), _ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _IN_CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _PLURAL_IN_CONTEXT),
}
_FOR_TRANSLATORS = ("Translators:",)


def catalogue() -> Catalog:
    """All of them, in the order of the files, each with the files it comes from."""
    found = Catalog(project="Beside", charset="utf-8", fuzzy=False)
    for path in [*sorted(SOURCE.rglob("*")), FRAMEWORK]:
        for sentence, context, comments in _sentences(path):
            file = path.relative_to(SOURCE.parent if path != FRAMEWORK else FRAMEWORK.parents[1])
            found.add(sentence, None, [(str(file), 1)], auto_comments=comments, context=context)
    return found


def _sentences(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    if path.suffix == ".py" and "migrations" not in path.parts:
        source = path.read_text("utf-8")
    elif "templates" in path.parts and path.suffix in (".html", ".txt", ".js"):
        # In parentheses, the lines of what Django makes of a template need no indentation.
        source = f"(\n{templatize(path.read_text('utf-8'), origin=str(path))}\n)"
    else:
        return
    read = extract("python", io.BytesIO(source.encode()), KEYWORDS, _FOR_TRANSLATORS)
    for _line, sentence, comments, context in read:
        yield sentence, context, comments
