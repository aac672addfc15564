"""Every form of the rule against the plain one, over many random worlds; CI holds 500, this 100,000.

    python -m bench.worlds [--count 100000] [--seed SEED] [--start-at NUMBER] [--only NUMBER] [--acting]

World number n of a seed is the same but for its ids, for as long as nobody changes how worlds are imagined:
a run that was stopped goes on with --start-at, and a world that failed is looked at again with --only. With
--acting each is a few letters that people act upon sixty times by the real acts, and everything is held after
each: the forms of the rule, what the act means to change, and who sees more.
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
    began, done, differs = time.perf_counter(), 0, "none"
    numbers = [options.only] if options.only is not None else range(options.start_at, options.count)
    try:
        for number in numbers:
            random = Random(f"{options.seed}/{number}")
            try:
                _act_in(random) if options.acting else _hold(random)
            except AssertionError as difference:
                differs = str(number)
                print(f"\nworld {number} of seed {options.seed}: {difference}", file=sys.stderr)
                break
            done += 1
            if done % 500 == 0:
                print(f"seed {options.seed}: {number + 1} worlds agree", flush=True)
    except KeyboardInterrupt:
        print("Stopped; the next run can go on with --start-at.", file=sys.stderr)
    test.destroy_test_db("unused", verbosity=0)
    took = time.perf_counter() - began
    name = "acting" if options.acting else "worlds"
    name += f"-from-{numbers[0]}" if numbers[0] else ""
    table = Table(name, ["seed", "worlds that agree", "seconds", "first that differs"])
    table.add(options.seed, done, round(took, 1), differs)
    table.finish()
    return differs != "none"


def _hold(random: Random) -> None:
    world = import_module("tests.access.worlds").imagine(random)
    agreement = import_module("tests.access.agreement")
    agreement.hold_to_the_plain_rule(world, asked_afresh=random.choice(world.viewers))


def _act_in(random: Random) -> None:
    transaction = import_module("django.db").transaction
    with transaction.atomic():
        try:
            import_module("tests.access.acting").play(random)
        finally:
            transaction.set_rollback(True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--start-at", type=int, default=0)
    parser.add_argument("--only", type=int)
    parser.add_argument("--acting", action="store_true")
    return parser.parse_args()


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
