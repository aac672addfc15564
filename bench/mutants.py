"""Whether the random worlds notice: each condition of the rule is taken away, and a world must differ.

    python -m bench.mutants [--count 3000] [--only WORDS]

The text of `access.conditions`, `access.policy` or `access.profiles` is changed in one place
(`bench.weakened`) and run in its stead. A change that no world notices is printed as "survived", and the
exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random
from types import ModuleType

from bench import weakened
from bench.reporting import Table
from bench.worlds import place_for_tests

CHANGES = {
    "conditions": weakened.IN_CONDITIONS,
    "policy": weakened.IN_POLICY,
    "acquaintance": weakened.IN_ACQUAINTANCE,
}


def main() -> int:
    """Try each; the exit code is 1 if one is not noticed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    test = place_for_tests()
    table = Table("mutants", ["taken away", "noticed in world"])
    survived = 0
    for name, changes in CHANGES.items():
        module = import_module(f"beside.access.{name}")
        for what, old, new in changes:
            if options.only in what:
                number = _noticed(module, old, new, count=options.count)
                survived += number is None
                print(what, "survived" if number is None else number, flush=True)
                table.add(what, "survived" if number is None else number)
    test.destroy_test_db("unused", verbosity=0)
    table.finish()
    return survived > 0


def _noticed(module: ModuleType, old: str, new: str, *, count: int) -> int | None:
    source = Path(str(module.__file__)).read_text("utf-8")
    if old not in source:
        sys.exit(f"{module.__name__} says no longer: {old}")
    worlds, agreement = (
        import_module("tests.access.worlds"),
        import_module("tests.access.agreement"),
    )
    _run_instead(module, source.replace(old, new))
    try:
        for number in range(count):
            random = Random(f"mutants/{number}")
            world = worlds.imagine(random)
            try:
                agreement.hold_to_the_plain_rule(world, asked_afresh=random.choice(world.viewers))
            except AssertionError:
                return number
        return None
    finally:
        _run_instead(module, source)


def _run_instead(module: ModuleType, source: str) -> None:
    """Only functions are replaced: what other modules hold of it goes on being what they hold."""
    kept = {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) or not callable(value)
    }
    exec(compile(source, str(module.__file__), "exec"), module.__dict__)
    module.__dict__.update(kept)
    for holder in map(import_module, ("beside.access.conditions", "tests.access.agreement")):
        for name, held in list(vars(holder).items()):
            if getattr(held, "__module__", "") == module.__name__ and name not in kept:
                setattr(holder, name, vars(module)[name])
    _forget()


def _forget() -> None:
    policy, agreement = (
        import_module("beside.access.policy"),
        import_module("tests.access.agreement"),
    )
    server, delivery = import_module("beside.config.wsgi"), import_module("beside.delivery.app")
    everything: list[Callable[[], None]] = [
        value.cache_clear
        for module in (policy, agreement)
        for value in vars(module).values()
        if hasattr(value, "cache_clear")
    ]
    for forget in everything:
        forget()
    vars(server)["photographs"] = delivery.Delivery()


if __name__ == "__main__":
    sys.exit(main())
