"""The acts of `bench/broken_acts.toml`: one of them is broken in memory, and the state machine plays against it."""

from __future__ import annotations

import ast
import inspect
import json
import os
import select
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from random import Random
from types import CodeType
from typing import Any

SOURCES = Path(__file__).parents[1] / "src"
LIST = Path(__file__).with_suffix(".toml")


class AnchorLost(Exception):
    """The function isn't there any more, or no longer says what would be broken."""


@dataclass(frozen=True)
class BrokenAct:
    """One act, and how it is broken.

    `place` is a module of `beside` and a function or method in it: "posts.closing:close", "posts.models.post:Post.save".
    """

    name: str
    place: str
    old: str
    new: str

    @property
    def module(self) -> str:
        """The module's whole name."""
        return f"beside.{self.place.split(':')[0]}"

    @property
    def function(self) -> str:
        """The function's name in it, with the class before the name of a method."""
        return self.place.split(":")[1]

    def code(self) -> CodeType:
        """What the broken function runs. Raises `AnchorLost`."""
        path = SOURCES.joinpath(*self.module.split(".")).with_suffix(".py")
        if not path.is_file():
            raise AnchorLost(f"{self.name}: there is no module {self.module}")
        found: ast.AST | None = ast.parse(path.read_text("utf-8"))
        for name in self.function.split("."):
            defined = [
                one for one in getattr(found, "body", []) if getattr(one, "name", "") == name
            ]
            found = defined[0] if defined else None
        if not isinstance(found, ast.FunctionDef):
            raise AnchorLost(f"{self.name}: {self.module} has no function {self.function}")
        return self._broken(found)

    def _broken(self, function: ast.FunctionDef) -> CodeType:
        function.decorator_list = []
        if ast.get_docstring(function) and len(function.body) > 1:
            function.body = function.body[1:]
        text = ast.unparse(function)
        times = text.count(self.old)
        if times != 1:
            raise AnchorLost(f"{self.name}: {times} times in {self.place}: {self.old}")
        source = "from __future__ import annotations\n" + text.replace(self.old, self.new)
        code = compile(source, f"<{self.name}>", "exec")
        return next(one for one in code.co_consts if isinstance(one, CodeType))

    def break_it(self) -> None:
        """Have the function run the broken code from now on, in this process, whoever holds it."""
        function = inspect.unwrap(attrgetter(self.function)(import_module(self.module)))
        function.__code__ = self.code()
        # Whatever was compiled of it meanwhile was that of the code that isn't broken.
        import_module("beside.querysets.prepared").forget()


def broken_acts() -> list[BrokenAct]:
    """All of them, in the order of the list."""
    return [BrokenAct(**one) for one in tomllib.loads(LIST.read_text("utf-8"))["act"]]


def lost_anchors(acts: Sequence[BrokenAct]) -> list[str]:
    """What is wrong with those that can't be broken any more."""
    lost = []
    for act in acts:
        try:
            act.code()
        except (AnchorLost, SyntaxError) as reason:
            lost.append(str(reason))
    return lost


@dataclass(frozen=True)
class Played:
    """How many examples and seconds it took; `what` is what was noticed in the last of them, if anything."""

    examples: int
    seconds: float
    what: str | None


class Playing:
    """The machine plays in a process of its own, forked from this one, with `act` broken or none.

    Needs the tests' tables in memory; it is quicker after this process has let the machine play once.
    """

    def __init__(self, act: BrokenAct | None, *, seed: str, examples: int, steps: int) -> None:
        reading, writing = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            os.close(reading)
            _answer(writing, lambda: _play(act, seed=seed, examples=examples, steps=steps))
        os.close(writing)
        self.pipe = os.fdopen(reading, "rb")

    def end(self) -> Played:
        """Wait for it. Raises RuntimeError where the process ends without an answer."""
        with self.pipe as pipe:
            answer = pipe.read()
        os.waitpid(self._child, 0)
        if not answer:
            raise RuntimeError("The process of the machine ended without an answer.")
        return Played(**json.loads(answer))


def play_unbroken(*, seed: str, examples: int, steps: int) -> Played:
    """The machine plays in this very process, which has then loaded everything that it needs."""
    return _play(None, seed=seed, examples=examples, steps=steps)


def play_each(
    acts: Sequence[BrokenAct], *, jobs: int, seed: str, examples: int, steps: int
) -> Iterator[tuple[BrokenAct, Played]]:
    """Each act and what came of it, so many at a time, as they end."""
    waiting = list(reversed(acts))
    running: dict[Any, tuple[BrokenAct, Playing]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            act = waiting.pop()
            playing = Playing(act, seed=seed, examples=examples, steps=steps)
            running[playing.pipe] = act, playing
        for pipe in select.select(list(running), [], [])[0]:
            act, playing = running.pop(pipe)
            yield act, playing.end()


def _answer(writing: int, ask: Callable[[], Played]) -> None:
    try:
        os.write(writing, json.dumps(vars(ask())).encode())
    finally:
        sys.stderr.flush()
        os._exit(0)


def _play(act: BrokenAct | None, *, seed: str, examples: int, steps: int) -> Played:
    if act is not None:
        act.break_it()
    play = import_module("tests.access.state_machine").play
    began = time.perf_counter()
    for number in range(examples):
        try:
            play(Random(f"{seed}/{number}"), acts=steps)
        except Exception as noticed:  # noqa: BLE001
            what = f"{type(noticed).__name__}: {noticed}".split(", after [")[0][:200]
            return Played(number + 1, round(time.perf_counter() - began, 1), what)
    return Played(examples, round(time.perf_counter() - began, 1), None)
