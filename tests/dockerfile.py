"""The instructions of deploy/Dockerfile, read as Docker reads them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Instruction(NamedTuple):
    name: str
    words: str

    def listed(self) -> list[str]:
        """The words of one that is written as a list."""
        found: list[str] = json.loads(self.words[self.words.index("[") :])
        return found


def instructions() -> list[Instruction]:
    text = re.sub(r"\\\n\s*", "", (ROOT / "deploy" / "Dockerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [Instruction(*line.split(" ", 1)) for line in lines]


def of(name: str) -> list[Instruction]:
    return [one for one in instructions() if one.name == name]


def environment() -> dict[str, str]:
    words = [word for one in of("ENV") for word in shlex.split(one.words)]
    return dict(word.split("=", 1) for word in words)
