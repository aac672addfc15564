"""Whether the random worlds notice: each condition of the rule is taken away, and a world must differ.

    python -m bench.mutants [--count 3000] [--only WORDS]

The text of `access.conditions`, or of `access.policy`, is changed in one place and run in its stead. A
change that no world notices is printed as "survived", and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random
from types import ModuleType

from bench.reporting import Table
from bench.worlds import place_for_tests

IN_CONDITIONS = [
    ("a block by an author", "Q(Exists(by_author)) | Q(Exists(by_me))", "Q(Exists(by_me))"),
    ("a block by the reader", "Q(Exists(by_author)) | Q(Exists(by_me))", "Q(Exists(by_author))"),
    ("signed in only", 'for_anyone & Q(**{f"{part}_signed_in": False})', "for_anyone"),
    ("named only in words for people", "named = for_people & (", "named = ("),
    (
        "named also where some are let in",
        "(Audience.PEOPLE, Audience.LET_IN)}",
        "(Audience.PEOPLE,)}",
    ),
    ("a circle from now on", "granted.filter(counts, circle", "granted.filter(circle"),
    ("let in counts only at a door", "for_let_in & is_let_in(me)", "is_let_in(me)"),
    ("the door is for whoever is signed in", "NEVER if me is None else Q(photo", "Q(photo"),
    ("every author then and now let in", "mine.filter(~Exists(one_did_not), ", "mine.filter("),
    ("nobody who is no author now", "~Exists(one_is_no_author), ", ""),
    ("let in to everything", "is_shared=True)\n    at_a_door", ")\n    at_a_door"),
    ("the other door is shared", "Q(door_is_shared=True) & Q(Exists", "Q(Exists"),
    ("let in at this very door", "mine.filter(post=OuterRef", "mine.exclude(post=OuterRef"),
    ("kept out at all", " & ~is_kept_out(me)", ""),
    ("kept out by account", 'Q(account=OuterRef("pk")) | Q(address', "Q(address"),
    ("kept out by address", ' | Q(address=Lower(OuterRef("email")))', ""),
    ("an address in other capitals", 'Lower(OuterRef("email"))', 'OuterRef("email")'),
    (
        "kept out by one of its authors",
        '        keeper__authorships__post=OuterRef(OuterRef("pk")),\n',
        "",
    ),
    ("every author's yes to a link", "        ~Exists(no_yes_yet),\n", ""),
    ("a link in this visit", "        session=asker.session,\n", ""),
    ("in a visit that is alive", "        session__expire_date__gt=asker.at,\n", ""),
    ("on a device that may", "        allowed_at__isnull=False,\n", ""),
    ("a link to this post", '        link__post=OuterRef("pk"),\n', ""),
    ("a link that nobody ended", "        link__ended_at=None,\n", ""),
    ("a link in its time", "        link__ends_at__gt=asker.at,\n", ""),
    ("a link for photographs too", "opened.filter(link__with_photographs=True)", "opened"),
    ("a photograph that is ready", ", photo__state=Photo.State.READY)", ")"),
    ("closed for one", "HeldUnseen.objects.filter(photo", "HeldUnseen.objects.none().filter(photo"),
    (
        "a choice that still lasts",
        "session=viewer.session, ends_at__gt=at)",
        "session=viewer.session)",
    ),
]
IN_POLICY = [
    (
        "only its authors",
        "conditions.is_author(me), Sight.PHOTOGRAPHS",
        "conditions.is_author(me), Sight.WORDS",
    ),
    ("published", "~Q(state=PUBLISHED), nothing", "Q(pk__in=[]), nothing"),
    ("blocked", "conditions.is_blocked(me)", "Q(pk__in=[])"),
    ("words for", "~reach_words, nothing", "Q(pk__in=[]), nothing"),
    ("the door before the photographs", "at_the_door, Sight.DOOR", "Q(pk__in=[]), Sight.DOOR"),
    ("photographs for", "~reach_photographs, words", "Q(pk__in=[]), words"),
    ("veiled", "Q(veiled=True), Sight.VEIL", "Q(pk__in=[]), Sight.VEIL"),
]


def main() -> int:
    """Try each; the exit code is 1 if one is not noticed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    test = place_for_tests()
    table = Table("mutants", ["taken away", "noticed in world"])
    survived = 0
    for name, changes in (("conditions", IN_CONDITIONS), ("policy", IN_POLICY)):
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
