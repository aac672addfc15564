"""The darkroom: what a broken decoder of photographs could do on this machine."""

from __future__ import annotations

from beside.cli.checks.findings import Finding, note, well, wrong
from beside.config.env import Env
from beside.photos.intake import sandbox
from beside.photos.intake.darkrooms import NoDarkroom, Unlocked

_ALLOW_LOCKS = (
    "Linux 5.13 or later with Landlock and seccomp keeps it in; in a container, allow both."
)


def look(env: Env) -> Finding:
    """What a broken decoder could do here; without a lock, that photographs wait or that a risk is taken."""
    try:
        not_refused = ", ".join(str(wall.what) for wall in sandbox.report() if not wall.holds)
        is_unlocked = bool(not_refused) and not sandbox.locks()
    except NoDarkroom as wrong_darkroom:
        return wrong(
            "darkroom",
            str(wrong_darkroom),
            "Without it no photograph can be developed; see the log.",
        )
    if is_unlocked and not env.risk_unlocked_darkroom:
        return wrong(
            "darkroom",
            str(Unlocked()),
            f"{_ALLOW_LOCKS} BESIDE_RISK_UNLOCKED_DARKROOM=true develops them all the same: a photograph"
            " made to break its decoder could then read every key, photograph and letter here.",
        )
    if not_refused:
        says = f"A broken decoder would not be kept from {not_refused}."
        return note("darkroom", says, _ALLOW_LOCKS)
    return well("darkroom", "A broken decoder can reach nothing.")
