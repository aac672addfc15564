"""What became of the photographs in a plain form, where some couldn't be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beside.web.http.multipart import Came


@dataclass(frozen=True)
class FormUploadPage:
    """The files that couldn't be kept, whether others were, and where to go back to."""

    missing: Sequence[Came]
    some_came: bool
    back: str


def form_upload_page(files: Sequence[Came], *, back: str) -> FormUploadPage:
    """The page for a form that brought `files`."""
    missing = [one for one in files if one.photo is None]
    return FormUploadPage(missing, some_came=len(missing) < len(files), back=back)
