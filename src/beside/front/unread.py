"""Answers that were given to the server whole, and that their readers may not have taken yet.

The server doesn't say when a reader has taken an answer. Until the same connection asks for
something else, or the kernel has nothing left to send on it, it is counted as unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from beside.front.limits import Limits, busy, too_much

_EXPECTED_BYTES = 512 * 1024
# A busy server takes a while to hand an answer to the kernel, which till then has nothing of it to send.
_REACHES_KERNEL_S = 0.5


@dataclass(slots=True)
class _Sent:
    person: str
    size: int
    at: float


class Expected:
    """Photographs that are being made, each inside a `with`: it counts as `_EXPECTED_BYTES` until it is sent."""

    def __init__(self) -> None:
        self.photographs = 0

    def __enter__(self) -> None:
        self.photographs += 1

    def __exit__(self, *raised: object) -> None:
        self.photographs -= 1


class Unread:
    """The unread answers of one process, by the connection ("address:port") that they went to."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sent: dict[str, _Sent] = {}
        self._of_person: dict[str, int] = {}
        self.total = 0
        self.expected = Expected()

    def asked_again(self, client: str) -> None:
        """A connection that asks for the next answer has taken the last."""
        if (sent := self._sent.pop(client, None)) is not None:
            self.total -= sent.size
            self._of_person[sent.person] -= sent.size
            if not self._of_person[sent.person]:
                del self._of_person[sent.person]

    def has_room(self, person: str) -> bool:
        """Whether more may be sent to this person before something was taken."""
        return not (self._is_full or self._is_full_for(person))

    def has_room_for_page(self, person: str) -> bool:
        """The same for a page. Pages are small, and have a half more than photographs may fill."""
        spare = self._limits.unread_bytes // 2
        return self.total < self._limits.unread_bytes + spare and not self._is_full_for(person)

    def require_room(self, person: str) -> None:
        """Raises `Refused` where this person has left too much unread, or everybody has together."""
        if self._is_full_for(person):
            raise too_much()
        if self._is_full:
            raise busy()

    def sent(self, client: str, person: str, size: int, *, at: float) -> None:
        """Count an answer of `size` bytes, given to the server at the time `at` of the event loop."""
        self.asked_again(client)
        self._sent[client] = _Sent(person, size, at)
        self._of_person[person] = self._of_person.get(person, 0) + size
        self.total += size

    def settle(self, unsent: Mapping[str, int], *, looked_at: float, at: float) -> set[str]:
        """Forget what was taken; returns the connections to end, which take longer than they may.

        `unsent` is what the kernel still had for each open connection, which was looked up from `looked_at`
        on. Where everything is full, the oldest half of what is unread ends before its time.
        """
        for client, sent in list(self._sent.items()):
            reaches_kernel_s = _REACHES_KERNEL_S if client in unsent else 0
            if not unsent.get(client) and sent.at + reaches_kernel_s <= looked_at:
                self.asked_again(client)
        limits = self._limits
        late = {
            client
            for client, sent in self._sent.items()
            if at - sent.at > limits.unread_s + sent.size / limits.lowest_rate
        }
        return late | self._oldest(at=at) if self._is_full else late

    def persons(self, clients: Iterable[str]) -> set[str]:
        """Whose answers these connections have unread."""
        return {self._sent[client].person for client in clients if client in self._sent}

    @property
    def _is_full(self) -> bool:
        return self.total + self.expected.photographs * _EXPECTED_BYTES >= self._limits.unread_bytes

    def _is_full_for(self, person: str) -> bool:
        return self._of_person.get(person, 0) >= self._limits.unread_of_person

    def _oldest(self, *, at: float) -> set[str]:
        oldest, size = set(), 0
        for client, sent in self._sent.items():
            if size > self._limits.unread_bytes // 2 or at - sent.at < 1:
                break
            oldest.add(client)
            size += sent.size
        return oldest
