from __future__ import annotations

import asyncio
import os
from contextlib import suppress

from beside.front.streams import Pipe, Stalled


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
