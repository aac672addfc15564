"""Every form of the rule against the plain one, over many random worlds; CI holds 500, this 100,000.

    python -m bench.worlds [--count 100000] [--seed SEED] [--start-at NUMBER] [--only NUMBER]
    python -m bench.worlds --acts [--count 300] [--steps 60] [--seed SEED]

World number n of a seed is the same but for its ids, for as long as nobody changes how worlds are imagined: a run
that was stopped goes on with --start-at, and a world that failed is looked at again with --only. With --acts, the
state machine of `tests.access.state_machine` plays that many examples of that many acts instead, and a failure
is shrunk and printed step by step. The same seed plays the same again.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from importlib import import_module
from random import Random
from typing import Any

from bench.reporting import Table


def main() -> int:
    """Run them all; the exit code is 1 at the first that fails."""
    options = _options()
    test = place_for_tests()
    failed = _play(options) if options.acts else _hold_all(options)
    test.destroy_test_db("unused", verbosity=0)
    return failed


def _hold_all(options: argparse.Namespace) -> bool:
    began, done, differs = time.perf_counter(), 0, "none"
    numbers = [options.only] if options.only is not None else range(options.start_at, options.count)
    try:
        for number in numbers:
            try:
                _hold(Random(f"{options.seed}/{number}"))
            except AssertionError as difference:
                differs = str(number)
                print(f"\nworld {number} of seed {options.seed}: {difference}", file=sys.stderr)
                break
            done += 1
            if done % 500 == 0:
                print(f"seed {options.seed}: {number + 1} worlds agree", flush=True)
    except KeyboardInterrupt:
        print("Stopped; the next run can go on with --start-at.", file=sys.stderr)
    took = time.perf_counter() - began
    name = f"worlds-from-{numbers[0]}" if numbers[0] else "worlds"
    table = Table(name, ["seed", "worlds that agree", "seconds", "first that differs"])
    table.add(options.seed, done, round(took, 1), differs)
    table.finish()
    return differs != "none"


def _hold(random: Random) -> None:
    world = import_module("tests.access.worlds").imagine(random)
    agreement = import_module("tests.access.agreement")
    agreement.hold_to_the_plain_rule(world, asked_afresh=random.choice(world.viewers))


def _play(options: argparse.Namespace) -> bool:
    machine, hypothesis = import_module("tests.access.state_machine"), import_module("hypothesis")
    bounded = hypothesis.settings(
        machine.SETTINGS,
        derandomize=False,
        max_examples=options.count,
        stateful_step_count=options.steps,
    )
    hypothesis.seed(options.seed)(machine.Acts)
    began = time.perf_counter()
    play = import_module("hypothesis.stateful").run_state_machine_as_test
    try:
        play(machine.Acts, settings=bounded)
    except AssertionError as difference:
        print(
            f"seed {options.seed}: {difference}", *difference.__notes__, sep="\n", file=sys.stderr
        )
        return True
    table = Table("acts-played", ["seed", "examples", "acts in each", "seconds"])
    took = round(time.perf_counter() - began, 1)
    table.add(options.seed, options.count, options.steps, took)
    table.finish()
    return False


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--acts", action="store_true")
    parser.add_argument("--count", type=int)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--start-at", type=int, default=0)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    options.count = options.count or (300 if options.acts else 100_000)
    return options


def place_for_tests() -> Any:
    """An empty database of the tests, in memory; returns what destroys it again."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import_module("django").setup()
    connection = import_module("django.db").connection
    connection.settings_dict["TEST"]["NAME"] = None  # In memory: nothing of it is kept.
    connection.settings_dict["TEST"]["MIGRATE"] = False
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    return connection.creation


if __name__ == "__main__":
    sys.exit(main())
