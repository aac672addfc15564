"""Why a place isn't moved, or not yet, in a sentence each."""

from __future__ import annotations

from beside.cli.tables.rows import first_line


class InUse(Exception):
    """Somebody else has the database open."""

    def __init__(self) -> None:
        super().__init__(
            "This place is still in use. Stop every server, worker and pooler of it, and give the same command again."
        )


class AsideAlready(Exception):
    """An earlier move has left something where this one would put the old database."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"An earlier move has set aside {what}. Delete it when you don't need it any more, and begin again."
        )


class TargetNotEmpty(Exception):
    """The other database has tables already."""

    def __init__(self) -> None:
        super().__init__(
            "The database to move to has tables already, and a move writes over nothing. Name an empty one."
        )


class MovedAlready(Exception):
    """The old database was set aside, and not by this move."""

    def __init__(self) -> None:
        super().__init__(
            "This place is set aside by beside move, and what a move has left behind isn't moved a second time: it doesn't"
            " know what was narrowed since. If it has moved, set what the command said; if the move was cut off, give the very"
            " command again that began it; on SQLite, with the same data folder."
        )


class MovedMeanwhile(Exception):
    """The place isn't any more where this move has found it."""

    def __init__(self) -> None:
        super().__init__(
            "Another beside move has moved this place meanwhile, or has put it back. This one has changed nothing. Set what the other"
            " said before you give the command again."
        )


class NotThisVersions(Exception):
    """The tables are another version's."""

    def __init__(self) -> None:
        super().__init__(
            "The database was last used by another version. Start beside serve with this one first."
        )


class NotInForceYet(Exception):
    """Everything is where it moves to, but the last step there failed, and it may have been done or not."""

    def __init__(self, wrong: Exception) -> None:
        super().__init__(
            f"Everything has been copied, and the last step failed: {first_line(wrong)}. The place is set aside until that is done: give the same"
            " command again."
        )


class OldKeyDoesntOpen(Exception):
    """The move failed, and what is in the new keyring may be the only key."""

    def __init__(self, *, old: str, new: str) -> None:
        super().__init__(
            f"The move failed, and the keyring at {old} doesn't open any more. The epoch key at {new} is left as it is, as it may be"
            " the only one. The place is set aside: see that both keyrings can be reached, and give the same command again."
        )


class OldKeyStays(Exception):
    """The old keyring can't be written over."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"The place has moved. But the old keyring at {place} can't be written over, and what is destroyed from now on could be"
            " opened by it. Give the same command again, with the settings of before, before you start the place."
        )
