"""The page for somebody who has been let in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beside.access.door import admissions
from beside.access.policy import Viewer
from beside.posts.authorship import authors_of, name_of
from beside.web.pages import letter
from beside.web.pages.letter import Letter
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class AdmissionPage:
    """The letter, what its authors said on letting the reader in, and who they are."""

    letter: Letter
    message: str
    names: str
    authors: int


def admission_page(post_id: UUID, viewer: Viewer, *, at: datetime) -> AdmissionPage:
    """The page for `viewer`; raises `NothingToSee` unless they were let in."""
    post, admission = admissions.admission_of(viewer, post_id, at=at)
    names = [name_of(author) for author in authors_of(post)]
    return AdmissionPage(
        letter=letter.letter(post, viewer, at=at),
        message=admission.message,
        names=in_a_row(names),
        authors=len(names),
    )
