"""The time zones that somebody can choose from, by region."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.people import time_zones

# The first part of a zone's name, and its words. Names under others, such as "Etc", aren't offered.
REGIONS = {
    "Africa": gettext_lazy("Africa"),
    "America": gettext_lazy("North and South America"),
    "Antarctica": gettext_lazy("Antarctica"),
    "Arctic": gettext_lazy("The Arctic"),
    "Asia": gettext_lazy("Asia"),
    "Atlantic": gettext_lazy("Atlantic islands"),
    "Australia": gettext_lazy("Australia"),
    "Europe": gettext_lazy("Europe"),
    "Indian": gettext_lazy("Islands of the Indian Ocean"),
    "Pacific": gettext_lazy("Pacific islands and New Zealand"),
}
Choice = tuple[str, str]


def choices(chosen: str = "") -> list[Choice | tuple[str, list[Choice]]]:
    """The choices of a select: the place's zone first, then a group for each region.

    `chosen` is offered even if no region has it.
    """
    place = _("The same as this place: %(zone)s") % {
        "zone": in_words(str(timezone.get_default_timezone()))
    }
    offered = [(str(REGIONS[region]), list(zones)) for region, zones in _by_region().items()]
    is_offered = not chosen or any((chosen, in_words(chosen)) in zones for _name, zones in offered)
    others = [] if is_offered else [(chosen, in_words(chosen))]
    return [("", place), *others, *offered]


def in_words(name: str) -> str:
    """The place that a zone is named after: "Buenos Aires, Argentina" for "America/Argentina/Buenos_Aires"."""
    if name.partition("/")[0] not in REGIONS:
        return name
    return ", ".join(reversed(name.replace("_", " ").split("/")[1:]))


@cache
def _by_region() -> dict[str, list[Choice]]:
    found: dict[str, list[Choice]] = defaultdict(list)
    for name in time_zones.known():
        found[name.partition("/")[0]].append((name, in_words(name)))
    return {region: sorted(found[region], key=lambda one: one[1]) for region in REGIONS}
