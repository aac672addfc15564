"""A storm of responses to one letter: what its authors, its readers and those who write notice of it.

    python -m bench.storm [--minutes 10] [--waiting 0] [--brake] [--turns 3] [--each 10] [--name storm]

Each account sends `--each` responses, so that 20,000 come from 2,000 accounts in ten minutes; a place takes
three a day from one account to one letter, and answers kindly to the others. Beside them, somebody guesses links
and readers come. The limit for one hour is lifted, or responses would have closed after sixty of them: with
`--brake` it stays, and that is what is measured. A shorter run sends as many a second; `--waiting` puts that many into the
queue beforehand, as if the first minutes were over.

The author's pages and photographs are asked for in turns, quiet and beside the storm, by clients on the same
machine, whose work counts against the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from bench.reporting import Table
from bench.start import environment, is_well
from tests.serving import BESIDE, free_port

RESPONSES, MINUTES = 20_000, 10
RATE = RESPONSES / (MINUTES * 60)
LINKS_A_SECOND, READERS_A_SECOND = 10, 10
WORDS = 400
QUIET_S = 20
GOAL_TIMES, GOAL_BYTES = 1.5, 60
_PAUSE_S = 0.25
_TOKEN = "b" * 32
_PAGES = {"Home": "/", "the letter": "", "News": "/news/", "letters to you": "/letters/to-you/"}


@dataclass
class Storm:
    """What the writers, guessers and readers were answered, and how long the writers waited (s)."""

    sent: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)


@dataclass
class Place:
    """A served place: its port, and what `bench.storm_place` told."""

    port: int
    told: dict[str, Any]

    async def ask(self, path: str, cookie: str, address: str, form: dict[str, str] | None) -> int:
        """The answer's status; 0 if it wasn't whole."""
        lines = [
            f"{'GET' if form is None else 'POST'} {path} HTTP/1.1",
            f"Host: localhost:{self.port}",
            f"Cookie: {cookie}; csrf={_TOKEN}",
            "Connection: close",
        ]
        body = urlencode({**(form or {}), "csrfmiddlewaretoken": _TOKEN}).encode()
        if form is not None:
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        try:
            async with asyncio.timeout(120):
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", self.port, local_addr=(address, 0)
                )
                writer.write(head + (body if form is not None else b""))
                answer = await reader.read(-1)
                writer.close()
        except (OSError, TimeoutError):
            return 0
        return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


def main() -> int:
    """Measure it, and end with 1 where a goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--waiting", type=int, default=0)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--brake", action="store_true")
    parser.add_argument("--name", default="storm")
    asked = parser.parse_args()
    responses = round(RATE * asked.minutes * 60)
    writers = max(1, responses // asked.each)
    with tempfile.TemporaryDirectory(prefix="beside-storm-") as folder:
        environ = environment(Path(folder), port := free_port())
        environ["BESIDE_RESPONSES_AN_HOUR"] = "60" if asked.brake else "1000000"
        told = _run(environ, "make", str(writers), str(asked.waiting), str(WORDS))
        before = _run(environ, "check", said=[])
        server = subprocess.Popen([BESIDE, "serve"], env=environ, stdout=subprocess.DEVNULL)
        try:
            while not is_well(port):
                time.sleep(0.05)
            storm, took = asyncio.run(_by_turns(Place(port, told), asked))
        finally:
            server.terminate()
            server.wait()
        after = _run(environ, "check", said=storm.sent)
    return _report(asked.name, storm, took, before, after)


def _run(environ: dict[str, str], *words: str, said: list[str] | None = None) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.storm_place", *words],
        env=environ | {"PYTHONPATH": os.getcwd()},
        check=True,
        input=json.dumps(said or []).encode(),
        stdout=subprocess.PIPE,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


Took = dict[str, dict[str, list[float]]]


async def _by_turns(place: Place, asked: argparse.Namespace) -> tuple[Storm, Took]:
    """The storm in as many pieces as there are turns, with a quiet while before each."""
    storm = Storm()
    took: Took = {"quiet": {}, "beside": {}}
    writers = _shuffled(place.told["writers"], asked.each)
    await _ordinary(place, 5, {}, Counter())
    for turn in range(asked.turns):
        await _ordinary(place, QUIET_S, took["quiet"], storm.wrong)
        seconds = asked.minutes * 60 / asked.turns
        blowing = asyncio.gather(
            _at_a_rate(
                RATE, [partial(_write, place, storm, one) for one in writers[turn :: asked.turns]]
            ),
            _at_a_rate(
                LINKS_A_SECOND, [partial(_guess, place, storm)] * int(seconds * LINKS_A_SECOND)
            ),
            _at_a_rate(
                READERS_A_SECOND, [partial(_read, place, storm)] * int(seconds * READERS_A_SECOND)
            ),
        )
        await _ordinary(place, seconds, took["beside"], storm.wrong)
        await blowing
    return storm, took


def _shuffled(writers: list[str], each: int) -> list[str]:
    every = writers * each
    random.Random(1).shuffle(every)
    return every


async def _at_a_rate(rate: float, acts: list[Callable[[], Coroutine[Any, Any, None]]]) -> None:
    """Begin so many a second, whether or not those before them are done, as people would."""
    began = time.monotonic()
    async with asyncio.TaskGroup() as running:
        for number, act in enumerate(acts):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            running.create_task(act())


async def _write(place: Place, storm: Storm, cookie: str) -> None:
    key, path = str(uuid.uuid4()), f"{place.told['letter']}response/"
    words = f"To you both, from {key}. " + "I read it twice, and have said his name aloud. " * 99
    form = {"id": key, "words": words[:WORDS], "pen_name": ""}
    began = time.perf_counter()
    status = await place.ask(path, cookie, _somewhere(1), form)
    storm.answers[f"response {status}"] += 1
    if status == 302:
        storm.took.append(time.perf_counter() - began)
        storm.sent.append(key)


async def _guess(place: Place, storm: Storm) -> None:
    form = {"secret": f"{uuid.uuid4().hex}guessed"}
    storm.answers[f"link {await place.ask('/for-you/', '', _somewhere(2), form)}"] += 1


async def _read(place: Place, storm: Storm) -> None:
    cookie = random.choice(place.told["writers"])
    status = await place.ask(place.told["letter"], cookie, _somewhere(3), None)
    storm.answers[f"reader {status}"] += 1


def _somewhere(network: int) -> str:
    return f"127.{network}.{random.randrange(250)}.{random.randrange(1, 250)}"


async def _ordinary(
    place: Place, seconds: float, took: dict[str, list[float]], wrong: Counter[str]
) -> None:
    """The author at their pages, who reads first at the desk, and a reader's photographs, one after another each."""
    ends, told = time.monotonic() + seconds, place.told
    pages = [(name, path or told["letter"], told["author"]) for name, path in _PAGES.items()]
    pages.append(("the desk", "/reading/", told["screener"]))
    sent = [("a photograph", path, told["reader"]) for path in told["photographs"]]

    async def ask(what: list[tuple[str, str, str]], address: str) -> None:
        while time.monotonic() < ends:
            for name, path, cookie in what:
                began = time.perf_counter()
                status = await place.ask(path, cookie, address, None)
                wrong[name] += status != 200
                took.setdefault(name, []).append(time.perf_counter() - began)
                await asyncio.sleep(_PAUSE_S)

    await asyncio.gather(ask(pages, "127.0.0.2"), ask(sent, "127.0.0.3"), ask(sent, "127.0.0.4"))


def _report(
    name: str, storm: Storm, took: Took, before: dict[str, int], after: dict[str, int]
) -> int:
    table = Table(
        name, ["what", "p50 quiet (ms)", "p50 beside (ms)", "times", "p99 quiet", "p99 beside"]
    )
    missed = 0
    for what, quiet in took["quiet"].items():
        beside = took["beside"][what]
        times = median(beside) / median(quiet)
        missed += times > GOAL_TIMES
        table.add(
            what,
            _ms(quiet, 0.5),
            _ms(beside, 0.5),
            round(times, 2),
            _ms(quiet, 0.99),
            _ms(beside, 0.99),
        )
    if storm.took:
        table.add("a response is sent", "", _ms(storm.took, 0.5), "", "", _ms(storm.took, 0.99))
    for what, number in storm.wrong.items():
        table.add(f"not answered: {what}", "", number, "", "", "")
    for answer, times_given in sorted(storm.answers.items()):
        table.add(f"answered: {answer}", "", times_given, "", "", "")
    text = after["text"] - before["text"]
    over = (after["database"] - before["database"] - text) / max(text, 1)
    table.add("sent, and not there", "", after["lost"], "", "", "")
    table.add("bytes beside each byte of text", "", round(over, 1), "", "", "")
    table.add("responses in the database", "", after["responses"], "", "", "")
    table.finish()
    failed = (
        sum(count for said, count in storm.answers.items() if said.endswith((" 0", " 500")))
        + storm.wrong.total()
    )
    return int(bool(missed or after["lost"] or over > GOAL_BYTES or failed))


def _ms(took: list[float], share: float) -> int:
    return round(sorted(took)[int(len(took) * share)] * 1000)


if __name__ == "__main__":
    sys.exit(main())
