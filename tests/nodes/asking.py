"""The same question to every node."""

from __future__ import annotations

from tests.nodes.several import Door, Several


def of(nodes: Several, letter: dict[str, str], cookie: str) -> list[tuple[int, int]]:
    """What each node answers to whoever asks for a letter, and for its photograph."""
    return [_of(node, letter, cookie) for node in nodes.nodes]


def _of(node: Door, letter: dict[str, str], cookie: str) -> tuple[int, int]:
    page = node.ask(letter["page"], cookie).status
    return page, node.ask(letter["photograph"], cookie).status
