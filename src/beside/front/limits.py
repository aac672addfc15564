"""How much one server process takes on at once: in all, for one address, and for one person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_KIB, _MIB = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds, rates in bytes a second; each holds for one server process."""

    requests_at_once: int = 8192
    """Requests in progress; each costs some kilobytes while it waits for its socket."""
    address_at_once: int = 96
    """Requests in progress from one address, behind which a whole ward may sit."""
    person_at_once: int = 48
    """Requests in progress with one session cookie."""
    connections_of_address: int = 512
    """Open connections from one address, whether or not anything was asked on them."""

    page_threads: int = 28
    write_threads: int = 4
    """Threads for what may change something: SQLite lets one write at a time, and all others wait for it."""
    photograph_threads: int = 4
    first_piece_threads: int = 2
    """Threads for uploads of which nothing was taken yet."""
    upload_threads: int = 4
    form_threads: int = 8
    stream_threads: int = 4
    waiting_for_thread: int = 512
    """Requests that may wait for each kind of thread; more are told to come again."""

    body_bytes: int = 5 * _MIB
    """The largest body that is read whole: above Django's own limit on a form, which says so kindly."""
    bodies_bytes: int = 48 * _MIB
    """Bytes of unfinished bodies that are kept in memory."""
    body_s: float = 20
    """How long a body may take, besides the time that its length needs at the lowest rate."""
    idle_s: float = 20
    """How long an upload may send nothing, and the reader of a stream take nothing."""
    lowest_rate: int = 2048

    uploads_at_once: int = 48
    uploads_of_person: int = 8
    first_piece_bytes: int = 16 * _KIB
    """What is read of an upload before Django has said whose it is."""
    piece_bytes: int = _MIB
    """What is read of an upload before it is sealed: one segment of the vault."""
    forms_of_person: int = 2

    streams_at_once: int = 32
    streams_of_person: int = 4
    answer_bytes: int = 256 * _KIB
    """An answer of unknown length that is no longer than this is sent in one go."""
    unread_bytes: int = 48 * _MIB
    """Bytes of answers that were sent in one go, and that their readers haven't taken yet."""
    unread_of_person: int = 24 * _MIB
    waiting_for_room: int = 256
    """Requests that may wait until some of it was taken."""
    waiting_of_person: int = 24
    unread_s: float = 20
    """How long an answer may stay unread, besides the time that its length needs at the lowest rate."""

    @property
    def threads(self) -> int:
        """All threads of one process, each of which may hold a connection to the database."""
        return (
            self.page_threads
            + self.write_threads
            + self.photograph_threads
            + self.first_piece_threads
            + self.upload_threads
            + self.form_threads
            + self.stream_threads
        )


class Refused(Exception):
    """The front answers this request itself: with `status` and one plain sentence."""

    def __init__(self, status: int, says: str, *, retry_after: int | None = None) -> None:
        super().__init__(says)
        self.status = status
        self.retry_after = retry_after


class AtOnce:
    """Counts what is in progress. Used in the event loop alone, and therefore without a lock."""

    def __init__(self, in_all: int, of_one: int) -> None:
        self._in_all = in_all
        self._of_one = of_one
        self._counts: dict[str, int] = {}
        self.total = 0

    def enter(self, key: str) -> None:
        """Count one more for `key`, until `leave`. Raises `Refused`: 429 for `key`, 503 for everybody."""
        count = self._counts.get(key, 0)
        if count >= self._of_one:
            raise too_much()
        if self.total >= self._in_all:
            raise busy()
        self._counts[key] = count + 1
        self.total += 1

    def leave(self, key: str) -> None:
        """Count one less."""
        self.total -= 1
        self._counts[key] -= 1
        if not self._counts[key]:
            del self._counts[key]

    @contextmanager
    def one_more(self, key: str) -> Iterator[None]:
        """Count one for `key` while the block runs. Raises as `enter` does."""
        self.enter(key)
        try:
            yield
        finally:
            self.leave(key)


class ComeAgain:
    """Who was told to come again later, and for what: whoever comes sooner is told so without being looked up."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], float] = {}

    def tell(self, person: str, path: str, refused: Refused, *, now: float) -> None:
        """Remember that this person was refused this path at `now`."""
        self._until = {key: until for key, until in self._until.items() if until > now}
        self._until[person, path] = now + (refused.retry_after or 0)

    def require_later(self, person: str, path: str, *, now: float) -> None:
        """Raises `Refused` where it is too soon."""
        if self._until and self._until.get((person, path), 0) > now:
            raise too_much()


def too_much() -> Refused:
    """One address or one person has as much in progress as they may."""
    return Refused(429, "That is a lot at once. Please try again in a moment.", retry_after=5)


def busy() -> Refused:
    """Everything that this process has room for is taken."""
    return Refused(
        503, "There is a lot going on here just now. Please try again in a moment.", retry_after=5
    )
