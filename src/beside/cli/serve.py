"""`beside serve`: run everything that a place needs."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from threading import Thread

import click

from beside.cli.demo.place import throw_away
from beside.cli.process import health
from beside.cli.process.supervisor import address, supervise
from beside.config.env import Env, load
from beside.photos import reserve

# A server that is asked while it starts answers once it has.
_ANSWERS_S, _PAUSE_S = 60, 0.2


@click.command(help="Run Beside: the server and its background worker.")
@click.option(
    "--demo", is_flag=True, help="Run a temporary place with a made-up family, deleted at the end."
)
def command(*, demo: bool) -> None:
    """Prepare the place, print its address, and run until it is told to stop."""
    with throw_away(os.environ) if demo else nullcontext():
        env = load(os.environ)
        _refuse_busy(*address(env))
        _make_room(env)
        supervise(env, when_listening=_greeting(env, demo=demo))


def _refuse_busy(host: str, port: int) -> None:
    """Check the port first: the server's own error comes late and is a Rust traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((host, port))
        except OSError as busy:
            raise click.ClickException(
                f"Beside can't listen on {host}:{port} ({busy.strerror})."
                " If another program uses that port, set BESIDE_BIND and BESIDE_URL to a different one."
            ) from None


def _make_room(env: Env) -> None:
    """Before any process opens the database, which needs a little room even to be read."""
    if env.data.exists() and reserve.give_up_if_needed(env.data):
        click.echo(
            f"The disk of {env.data} is full. The room kept aside on it is in use now: make room.",
            err=True,
        )


def _greeting(env: Env, *, demo: bool) -> Callable[[], None]:
    """What says where Beside is, once it answers: the port is open for seconds before."""

    def greet() -> None:
        while health.of(*address(env), within_s=_ANSWERS_S) is None:
            time.sleep(_PAUSE_S)
        click.echo(f"Beside is at {env.url} – stop it with Ctrl-C.")
        if not demo and env.data.name == "data" and env.data.parent.name == "var":
            click.echo(f"To look around first, with a made-up family: {_how_to_look_around()}")

    return Thread(target=greet, name="greeting", daemon=True).start


def _how_to_look_around() -> str:
    """In a checkout, make knows where everything is; elsewhere there is no Makefile."""
    is_checkout = (Path(__file__).parents[3] / "Makefile").exists()
    return "make demo" if is_checkout else "beside serve --demo"
