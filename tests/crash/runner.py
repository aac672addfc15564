"""Runs one act again and again, each time cut off at another step, and prints what was wrong after a restart.

    python -m tests.crash.runner killed upload /tmp/folder      one line of JSON

`tests.crash.process` starts it with its own environment. Each run is a child forked from this process, which
has loaded everything and has no connection open.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import django

django.setup()

from beside.photos import disk_full  # noqa: E402
from tests.crash import mail_acts, scenario  # noqa: E402
from tests.crash.acts import ACTS, LAST_RESORT, restart  # noqa: E402
from tests.crash.disk import Disk, DiskThatKills, ForgetfulDisk, FullDisk, ReadOnlyDisk  # noqa: E402
from tests.crash.folder import Folder  # noqa: E402

_tell = os.write


class Runner:
    """One act, and the folder that it is run in. Each method is one way to be cut off."""

    keeps: Callable[[Path], Folder] = Folder
    kills: Callable[[int], Disk] = DiskThatKills

    def __init__(self, act: str, folder: Path) -> None:
        self._name = act
        self._folder = type(self).keeps(folder)
        self._cuts = folder / "cuts"
        if act == mail_acts.SEND_MAIL:
            mail_acts.begin(self._folder.now)
        self._make()
        self._folder.keep()
        gc.freeze()

    def acting(self, act: str) -> Runner:
        """The same from the same scenario, with another act."""
        self._name = act
        return self

    def _make(self) -> None:
        scenario.make()

    def killed(self, share: str = "1/1") -> dict[str, object]:
        """Kill the process before each step, and in the middle of each write of ours.

        With a share of "2/3", before the second of every three steps, so that several cores can share the work.
        """
        first, stride = (int(number) for number in share.split("/"))
        self._folder.put_back()
        uncut = self._until(type(self).kills(0))
        points = uncut[-1]["steps"]
        wrong = [f"uncut: {line}" for line in uncut if "raised" in line or "broke" in line]
        tried = range(first, points + 1, stride)
        for point in tried:
            self._folder.put_back()
            told = self._until(type(self).kills(point))
            wrong += self._restarted(told, f"killed before step {point} of {points}")
        return {"points": points, "tried": len(tried), "wrong": wrong}

    def power_cut(self) -> dict[str, object]:
        """Cut the power after each answer, and after each step that puts something on disk."""
        self._folder.put_back()
        self._cuts.mkdir()
        told = self._until(ForgetfulDisk(self._folder.now), cuts=self._cuts)
        wrong = []
        moments = sorted(self._cuts.iterdir())
        for moment in moments:
            self._folder.put_back()
            self._folder.replace(moment)
            before = [line for line in told if line["moment"] <= int(moment.name)]
            wrong += self._restarted(before, f"power cut at moment {moment.name}")
        return {"points": len(moments), "wrong": wrong}

    def full(self) -> dict[str, object]:
        """Have the disk full from each write on, and free again afterwards.

        From each write under CI, from every third elsewhere: a full disk is a kill that the process survives.
        """
        wrong, first = [], 0
        stride = 1 if os.environ.get("CI") == "true" else 3
        while True:
            first += stride
            self._folder.put_back()
            told = self._until(FullDisk(first))
            end = told[-1]
            where = f"full from write {first}"
            if not end["refused"]:
                return {"points": first // stride, "wrong": wrong}
            must = LAST_RESORT.get(self._name)
            if end.get("unkind") or (must and must not in [line.get("message") for line in told]):
                wrong.append(f"{where}: {end.get('raised')}")
            wrong += self._restarted(told, where)

    def read_only(self) -> dict[str, object]:
        """Let nothing be written from the first step on, and everything afterwards."""
        self._folder.put_back()
        told = self._until(ReadOnlyDisk())
        end = told[-1]
        wrong = [] if end.get("raised") and not end["unkind"] else [f"read-only: {end}"]
        return {"points": end["refused"], "wrong": wrong + self._restarted(told, "read-only")}

    def _until(self, disk: Disk, *, cuts: Path | None = None) -> list[dict]:
        """What a child said, line by line, until it ended or was killed."""
        return list(_forked(lambda tell: self._run(disk, tell, cuts)))

    def _run(self, disk: Disk, tell: Callable[..., None], cuts: Path | None) -> None:
        if isinstance(disk, ForgetfulDisk):
            disk.cut_into(cuts)
        disk.take_over()
        raised: dict[str, object] = {}

        def say(what: str, value: object = True) -> None:
            tell(message=what, value=value, moment=disk.moment)
            disk.answered()

        try:
            ACTS[self._name](say)
        except Exception as refused:  # noqa: BLE001
            kind = type(refused)
            # An exception with a sentence of ours, or one for which web.http.middleware has a page.
            told = kind.__module__.startswith("beside.") or disk_full.refusal(refused) is not None
            raised = {"raised": f"{kind.__name__}: {refused}", "unkind": not told}
        tell(steps=disk.steps, refused=disk.refused, moment=disk.moment, **raised)

    def _restarted(self, told: list[dict], where: str) -> list[str]:
        said = {line["message"]: line["value"] for line in told if "message" in line}
        found = list(_forked(lambda tell: tell(wrong=restart(self._name, said))))
        if not found or "wrong" not in found[-1]:
            return [f"{where}: starting again did not work: {found}"]
        return [f"{where}, told {list(said)}: {wrong}" for wrong in found[-1]["wrong"]]


def _forked(act: Callable[[Callable[..., None]], None]) -> Iterator[dict]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        gc.disable()
        os.close(reading)
        _act_and_leave(act, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().splitlines()
    os.waitpid(child, 0)
    yield from map(json.loads, lines)


def _act_and_leave(act: Callable[[Callable[..., None]], None], writing: int) -> None:
    def tell(**what: object) -> None:
        _tell(writing, json.dumps(what).encode() + b"\n")

    try:
        act(tell)
    except BaseException:  # noqa: BLE001
        tell(broke=traceback.format_exc())
    finally:
        os._exit(0)


def main(ending: str, act: str, folder: str, *more: str) -> None:
    tempfile.tempdir = folder
    runner = Runner(act, Path(folder))
    print(json.dumps(getattr(runner, ending)(*more)))


if __name__ == "__main__":
    main(*sys.argv[1:])
