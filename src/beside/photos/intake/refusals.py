"""What a person is told about a photograph that can't be developed, or only in part."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from beside.photos.darkroom.terms import Notice, Refusal

_REFUSALS: dict[Refusal, Promise] = {
    Refusal.FORMAT: _(
        "This isn’t a photograph that can be opened here, whatever its name says. "
        "JPEG, HEIC, PNG, WebP and AVIF can. Nothing was kept of it. "
        "It’s still on your phone, just as it was."
    ),
    Refusal.FILM: _(
        "It’s a film, and this place holds only photographs. Most phones can save one picture "
        "from a film; that picture can come here. It’s still on your phone, just as it was."
    ),
    Refusal.EMPTY: _(
        "This file is empty: nothing of the photograph came with it. "
        "It’s still on your phone. Choosing it again often helps."
    ),
    Refusal.PIXELS: _(
        "This photograph has more pixels than this place can open. Your phone can send a smaller "
        "copy. The large one is still on your phone, just as it was."
    ),
    Refusal.BYTES: _(
        "This photograph is larger than this place can hold. Your phone can send a smaller copy. "
        "The large one is still on your phone, just as it was."
    ),
    Refusal.DAMAGED: _(
        "This one can’t be opened; something in the file is damaged. It’s still on your phone. "
        "If it matters, give the file to whoever runs this place, and they’ll try."
    ),
    Refusal.TOO_HARD: _(
        "This one took more time or memory to open than this place has. The file is kept here, just "
        "as you gave it, and you can have it tried again. Keep it on your phone too. A smaller copy, "
        "or a JPEG of it, may work at once."
    ),
    Refusal.NOT_YET: _(
        "We can’t open this one yet. Nothing was found wrong with it: the file is kept here, just as "
        "you gave it, and will be tried again when this place is updated. Keep it on your phone too."
    ),
}
_NOTICES: dict[Notice, Promise] = {
    Notice.DAMAGED: _(
        "Part of this photograph was damaged before it came. What could be read of it is here, "
        "and the file itself is kept just as you gave it."
    ),
    Notice.MOVING: _(
        "This one moves. Readers see a single still picture from it. "
        "The whole of it is kept just as you gave it."
    ),
    Notice.SEVERAL: _(
        "There are several pictures in this one file. Readers see the main one. "
        "All of them are kept just as you gave them."
    ),
}


class Refused(Exception):
    """The photograph wasn't developed. `refusal` is why; the message is the sentence for it.

    `fault` is what went wrong in the program, for the log; empty for a verdict on the file.
    """

    def __init__(self, refusal: Refusal, *, fault: str = "") -> None:
        super().__init__(_REFUSALS[refusal])
        self.refusal = refusal
        self.fault = fault


def sentence(told: Notice | Refusal) -> str:
    """The sentence for a notice or a refusal, in the reader's language."""
    return str(_NOTICES[told] if isinstance(told, Notice) else _REFUSALS[told])
