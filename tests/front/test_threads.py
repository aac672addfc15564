from __future__ import annotations

import asyncio
from threading import Event
from weakref import ref

from beside.front.threads import Threads
from beside.front.turns import Turns
from tests.serving import PATIENCE_S, until


class Result:
    """Something as large as an original's piece."""


def test_a_thread_with_nothing_to_do_keeps_nothing_of_its_last_call():
    threads = Threads("test", 1, waiting=0)

    async def of_a_result() -> ref[Result]:
        return ref(await threads.run(Result))

    result = asyncio.run(of_a_result())

    until(lambda: result() is None)
    threads.stop(within_s=PATIENCE_S)


def test_threads_that_share_turns_work_one_at_a_time_and_go_round_one_that_hangs():
    turns, goes_on = Turns(), Event()
    some = [Threads(f"test-{number}", 1, waiting=9, turns=turns) for number in range(3)]
    at_once, most = 0, []

    def work() -> None:
        nonlocal at_once
        at_once += 1
        most.append(at_once)
        at_once -= 1

    async def beside_one_that_hangs() -> None:
        hangs = asyncio.create_task(some[0].run(lambda: goes_on.wait(PATIENCE_S)))
        await asyncio.gather(*(threads.run(work) for threads in some[1:] for _ in range(9)))
        goes_on.set()
        assert await hangs

    asyncio.run(beside_one_that_hangs())

    assert most == [1] * 18
    for threads in some:
        threads.stop(within_s=PATIENCE_S)
