from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from weakref import ref

from beside.front.streams import Pipe, Stalled, pump


def test_where_the_server_was_too_slow_to_open_a_pipe_it_finds_nothing_in_its_place(tmp_path):
    private = tmp_path / "private"
    private.write_bytes(b"not for this reader")

    async def found_later():
        pipe = Pipe()
        with suppress(Stalled):
            await pipe.write(b"x" * 1_000_000, idle_s=0.01)
        pipe.close()
        opened = [os.open(private, os.O_RDONLY) for _ in range(20)]
        with open(pipe.path, "rb") as file:
            found = file.read()
        for one in opened:
            os.close(one)
        return found

    assert asyncio.run(found_later()) == b""


class Piece(bytearray):
    """Bytes of which one can tell whether anybody still has them."""


def test_a_piece_is_let_go_before_the_next_is_made_and_only_one_waits_for_its_reader():
    made, alive_before = [], []

    def alive():
        return sum(one() is not None for one in made)

    async def pull():
        alive_before.append(alive())
        piece = Piece(1000 if len(alive_before) < 3 else 1_000_000)
        made.append(ref(piece))
        return piece

    async def stalled():
        pipe = Pipe()
        pumping = asyncio.create_task(pump(pipe, pull, idle_s=600))
        while len(made) < 3 and not pumping.done():
            await asyncio.sleep(0)
        waiting = alive()
        pumping.cancel()
        with suppress(asyncio.CancelledError):
            await pumping
        pipe.close()
        return waiting

    assert asyncio.run(stalled()) == 1
    assert alive_before == [0, 0, 0]
