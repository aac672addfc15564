"""Whether the tests notice a weakened rule, or a broken act.

    python -m bench.mutants [--count 3000] [--only WORDS]
    python -m bench.mutants --acts [--count 20] [--steps 50] [--seed SEED] [--jobs 1] [--share 1/1] [--only WORDS]

Without --acts, the text of a module in `CHANGES` is changed in one place (`bench.weakened`), and one of
`--count` random worlds must differ. With --acts, an act is broken in memory (`bench/broken_acts.toml`), and
one of `--count` examples of the state machine, of `--steps` acts each, must fail. What isn't noticed is printed
as "survived"; the exit code is 1 if anything survives. With --only, no results are written. The same seed
gives the same examples for as long as nobody changes the acts. A share of "2/3" breaks the second of every
three.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random
from types import ModuleType

from bench import broken_acts, weakened
from bench.reporting import Table
from bench.worlds import place_for_tests

SOURCES = broken_acts.SOURCES / "beside"
CHANGES = {
    "access.conditions": weakened.IN_CONDITIONS,
    "posts.models.suspension": weakened.IN_SUSPENSION,
    "access.policy": weakened.IN_POLICY,
    "access.profiles": weakened.IN_ACQUAINTANCE,
    "responses.policy": weakened.IN_RESPONSES,
    "responses.private_letter_policy": weakened.IN_PRIVATE_LETTERS,
    "responses.private_letters": weakened.BETWEEN_TWO,
    "responses.desk": weakened.IN_DESK,
    "thanks.policy": weakened.IN_THANKS,
    "family.policy": weakened.IN_FAMILY,
    "responses.reports": weakened.IN_REPORTS,
    "posts.shelved": weakened.IN_SHELF,
    "finding.directory_entries": weakened.IN_DIRECTORY,
}


def main() -> int:
    """Try each; the exit code is 1 if one is not noticed."""
    options = _options()
    return _break_acts(options) if options.acts else _weaken_the_rule(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--acts", action="store_true")
    parser.add_argument("--count", type=int)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--share", default="1/1")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", default="mutants")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    options.count = options.count or (20 if options.acts else 3000)
    return options


def _break_acts(options: argparse.Namespace) -> int:
    acts = broken_acts.broken_acts()
    if lost := broken_acts.lost_anchors(acts):
        sys.exit("\n".join(lost))
    place_for_tests()
    how = {"seed": options.seed, "examples": options.count, "steps": options.steps}
    if whole := broken_acts.play_unbroken(**how).what:
        sys.exit(f"Nothing is broken, and the machine fails: {whole}")
    name = "acts" if options.share == "1/1" else f"acts-{options.share.replace('/', '-of-')}"
    table = Table(name, ["broken", "in", "noticed in example", "seconds", "by"])
    survived = 0
    first, stride = map(int, options.share.split("/"))
    chosen = [act for act in acts if options.only in act.name][first - 1 :: stride]
    for act, played in broken_acts.play_each(chosen, jobs=options.jobs, **how):
        survived += played.what is None
        number = played.examples if played.what else "survived"
        print(act.name, number, played.seconds, played.what, sep=" | ", flush=True)
        table.add(act.name, act.place, number, played.seconds, played.what or "")
    print(f"{survived} of {len(chosen)} survived; {how}")
    _finish(table, options)
    return survived > 0


def lost_changes() -> list[str]:
    """The weakenings whose text isn't found exactly once in their module any more."""
    lost = []
    for name, changes in CHANGES.items():
        source = (SOURCES / f"{name.replace('.', '/')}.py").read_text("utf-8")
        for what, old, _new in changes:
            if (times := source.count(old)) != 1:
                lost.append(f"{what}: {times} times in {name}: {old}")
    return lost


def _weaken_the_rule(options: argparse.Namespace) -> int:
    if lost := lost_changes():
        sys.exit("\n".join(lost))
    test = place_for_tests()
    table = Table("mutants", ["taken away", "noticed in world"])
    survived = 0
    for name, changes in CHANGES.items():
        module = import_module(f"beside.{name}")
        for what, old, new in changes:
            if options.only in what:
                number = _noticed(module, old, new, count=options.count)
                survived += number is None
                print(what, "survived" if number is None else number, flush=True)
                table.add(what, "survived" if number is None else number)
    test.destroy_test_db("unused", verbosity=0)
    _finish(table, options)
    return survived > 0


def _finish(table: Table, options: argparse.Namespace) -> None:
    """Some of them alone must not take the place of the results of all."""
    if not options.only:
        table.finish()


def _noticed(module: ModuleType, old: str, new: str, *, count: int) -> int | None:
    source = Path(str(module.__file__)).read_text("utf-8")
    hold = _held_to_the_plain_rules(module)
    _run_instead(module, source.replace(old, new))
    try:
        for number in range(count):
            try:
                hold(Random(f"mutants/{number}"))
            except AssertionError:
                return number
        return None
    finally:
        _run_instead(module, source)


def _held_to_the_plain_rules(module: ModuleType) -> Callable[[Random], None]:
    """What holds one random world to the plain rules that the package of `module` is held to."""
    package = module.__name__.split(".")[1]
    package = package if package in ("responses", "thanks", "family") else "access"
    worlds = import_module(f"tests.{package}.worlds")
    agreement = import_module(f"tests.{package}.agreement")
    if package != "access":
        return lambda random: agreement.hold_to_the_plain_rules(worlds.imagine(random))

    def hold(random: Random) -> None:
        world = worlds.imagine(random)
        agreement.hold_to_the_plain_rule(world, asked_afresh=random.choice(world.viewers))

    return hold


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
    import_module("beside.querysets.prepared").forget()
    vars(server)["photographs"] = delivery.Delivery()


if __name__ == "__main__":
    sys.exit(main())
