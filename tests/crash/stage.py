"""Plays one journey again and again in processes of its own, each cut off elsewhere, and prints what went wrong.

    python -m tests.crash.stage killed upload /tmp/folder      one line of JSON

`tests.crash.playing` starts it, in an environment of its own. A child is forked for each run from this
process, which has everything loaded and no connection open.
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
from tests.crash import scene  # noqa: E402
from tests.crash.disk import Disk, DiskThatKills, ForgetfulDisk, FullDisk, ReadOnlyDisk  # noqa: E402
from tests.crash.journeys import JOURNEYS, LAST_RESORT, restart  # noqa: E402
from tests.crash.place import Place  # noqa: E402

_tell = os.write


class Stage:
    def __init__(self, journey: str, folder: Path) -> None:
        self._journey = journey
        self._place = Place(folder)
        self._folder = folder
        scene.make()
        self._place.keep()
        gc.freeze()

    def killed(self, share: str = "1/1") -> dict[str, object]:
        """The process is killed before each step, and in the middle of each write of ours.

        "2/3": before the second of every three steps, so that several cores share the work.
        """
        first, stride = (int(number) for number in share.split("/"))
        self._place.put_back()
        uncut = self._until(DiskThatKills(0))
        points = uncut[-1]["steps"]
        wrong = [f"uncut: {line}" for line in uncut if "raised" in line or "broke" in line]
        for point in range(first, points + 1, stride):
            self._place.put_back()
            told = self._until(DiskThatKills(point))
            wrong += self._restarted(told, f"killed before step {point} of {points}")
        return {"points": points, "wrong": wrong}

    def power_cut(self) -> dict[str, object]:
        """The power goes after each answer, and after each step that puts something on disk."""
        self._place.put_back()
        cuts = self._folder / "cuts"
        cuts.mkdir()
        told = self._until(ForgetfulDisk(self._place.now), cuts=cuts)
        wrong = []
        moments = sorted(cuts.iterdir())
        for moment in moments:
            self._place.put_back()
            self._place.replace(moment)
            before = [line for line in told if line["moment"] <= int(moment.name)]
            wrong += self._restarted(before, f"power cut at moment {moment.name}")
        return {"points": len(moments), "wrong": wrong}

    def full(self) -> dict[str, object]:
        """The disk is full from each write on, and has room again afterwards.

        Each under CI; elsewhere every third, since a full disk is a kill that the process outlives.
        """
        wrong, first = [], 0
        stride = 1 if os.environ.get("CI") == "true" else 3
        while True:
            first += stride
            self._place.put_back()
            told = self._until(FullDisk(first))
            end = told[-1]
            where = f"full from write {first}"
            if not end["refused"]:
                return {"points": first // stride, "wrong": wrong}
            must = LAST_RESORT.get(self._journey)
            if end.get("unkind") or (must and must not in [line.get("said") for line in told]):
                wrong.append(f"{where}: {end.get('raised')}")
            wrong += self._restarted(told, where)

    def read_only(self) -> dict[str, object]:
        """Nothing can be written from the first step on; afterwards it can."""
        self._place.put_back()
        told = self._until(ReadOnlyDisk())
        end = told[-1]
        wrong = [] if end.get("raised") and not end["unkind"] else [f"read-only: {end}"]
        return {"points": end["refused"], "wrong": wrong + self._restarted(told, "read-only")}

    def _until(self, disk: Disk, *, cuts: Path | None = None) -> list[dict]:
        """What a child was told, line by line, until it ended or was killed."""
        return list(_forked(lambda tell: self._act(disk, tell, cuts)))

    def _act(self, disk: Disk, tell: Callable[..., None], cuts: Path | None) -> None:
        if isinstance(disk, ForgetfulDisk):
            disk.cut_into(cuts)
        disk.take_over()
        raised: dict[str, object] = {}

        def say(what: str, value: object = True) -> None:
            tell(said=what, value=value, moment=disk.moment)
            disk.answered()

        try:
            JOURNEYS[self._journey](say)
        except Exception as refused:  # noqa: BLE001
            kind = type(refused)
            # Either a sentence already, or one of those that web.http.middleware has a page for.
            told = kind.__module__.startswith("beside.") or disk_full.refusal(refused) is not None
            raised = {"raised": f"{kind.__name__}: {refused}", "unkind": not told}
        tell(steps=disk.steps, refused=disk.refused, moment=disk.moment, **raised)

    def _restarted(self, told: list[dict], where: str) -> list[str]:
        said = {line["said"]: line["value"] for line in told if "said" in line}
        found = list(_forked(lambda tell: tell(wrong=restart(self._journey, said))))
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


def main(ending: str, journey: str, folder: str, *more: str) -> None:
    tempfile.tempdir = folder
    stage = Stage(journey, Path(folder))
    print(json.dumps(getattr(stage, ending)(*more)))


if __name__ == "__main__":
    main(*sys.argv[1:])
