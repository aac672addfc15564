"""An object store that does wrong to every node: what people do meanwhile, and what is there afterwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.nodes import faults, uploading
from tests.nodes.asking import of
from tests.nodes.several import Node, Several
from tests.nodes.uploading import picture
from tests.objects import KEYRING
from tests.serving import until

# More than a request is tried, whatever it is for.
ALWAYS = 1000
# Two days on, so that whatever nothing names is old enough to be swept; once nobody writes what isn't named yet. What letters
# show was made without originals (`tests.nodes.place`), and waits in vain once it has been taken back.
_SWEEP = """
import sys, time
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from beside.photos.models import Photo
from beside.photos.vault.store import store
from beside.photos.vault.sweeping import sweep
busy = Photo.objects.filter(state=Photo.State.RECEIVED, placed=None)
for _ in range(1200):
    if not busy.exists():
        break
    time.sleep(0.2)
else:
    sys.exit("What was sent is still being developed.")
sweep(store(), at=timezone.now() + timedelta(days=2))
"""


@contextmanager
def wrong(nodes: Several, *, only: str = "", **fault: object) -> Iterator[None]:
    """The store does wrong to every node while the block runs."""
    for node in nodes.nodes:
        node.faulty.only = only
        for name, how in fault.items():
            setattr(node.faulty, name, how)
    yield
    for node in nodes.nodes:
        node.faulty.be_honest()


def taken_back(nodes: Several, number: int, letter: dict[str, str], rose: str) -> int:
    return nodes.nodes[number].post(f"{letter['page']}taking-back/", rose).status


@pytest.mark.parametrize("fault", ["refuses", "stalls"])
def test_while_it_answers_nothing_no_photograph_is_lost_and_nothing_is_half_done(
    nodes, rose, nan, letter, another, fault
):
    first, second, third = nodes.nodes
    half = len(picture()) // 2
    where = uploading.begin(first, rose, sent=half)
    assert first.post(f"{another['page']}taking-back/", rose).status == 302

    with wrong(nodes, **{fault: True}):
        assert uploading.send_rest(second, where, rose, offset=half).status == 503
        assert taken_back(nodes, 0, letter, rose) == 503
        assert of(nodes, letter, nan) == [(200, 503)] * 3
        assert of(nodes, another, nan) == [(404, 404)] * 3

    nodes.wait_until_well()
    # A store that has stalled is not asked for photographs again for a second.
    until(lambda: of(nodes, letter, nan) == [(200, 200)] * 3)
    until(lambda: uploading.go_on(third, where, rose))
    assert first.ask(uploading.original(where), rose).body == picture()
    assert taken_back(nodes, 1, letter, rose) == 302
    assert of(nodes, letter, nan) + of(nodes, another, nan) == [(404, 404)] * 6


def test_an_upload_goes_on_where_pieces_were_written_and_called_failed(nodes, rose):
    first, second, third = nodes.nodes
    half = len(picture()) // 2
    where = uploading.begin(first, rose, sent=half)

    with wrong(nodes, forgets=ALWAYS):
        assert uploading.send_rest(second, where, rose, offset=half).status == 503
        assert uploading.arrived(third, where, rose) == half
    with wrong(nodes, forgets=1):
        until(lambda: uploading.go_on(third, where, rose))

    assert {node.ask(uploading.original(where), rose).body for node in nodes.nodes} == {picture()}


@pytest.mark.parametrize("times", [1, ALWAYS])
def test_a_taking_back_whose_key_was_written_and_called_failed_is_done_or_not_begun(
    nodes, rose, nan, letter, another, times
):
    with wrong(nodes, only=KEYRING, forgets=times):
        said = taken_back(nodes, 0, letter, rose)

    assert said in (302, 503)
    assert of(nodes, letter, nan) == [(404, 404) if said == 302 else (200, 200)] * 3
    assert taken_back(nodes, 1, letter, rose) == 302
    assert of(nodes, letter, nan) == [(404, 404)] * 3
    assert of(nodes, another, nan) == [(200, 200)] * 3


def test_a_store_that_lists_late_costs_no_photograph_and_brings_none_back(
    nodes, rose, nan, letter, another
):
    first, second, third = nodes.nodes
    before = faults.found(first.environ)
    with wrong(nodes, lists_late=True):
        # What is listed from now on is what is there now.
        assert faults.found(first.environ) <= before
        where = uploading.begin(first, rose, sent=len(picture()))
        assert taken_back(nodes, 0, letter, rose) == 302
        _sweep(first)
        assert faults.found(first.environ) <= before
        assert of(nodes, letter, nan) == [(404, 404)] * 3
        assert second.ask(uploading.original(where), rose).body == picture()

    assert faults.found(third.environ) <= before
    assert of(nodes, letter, nan) == [(404, 404)] * 3
    assert of(nodes, another, nan) == [(200, 200)] * 3
    assert third.ask(uploading.original(where), rose).body == picture()


def _sweep(node: Node) -> None:
    environ = node.environ | {"DJANGO_SETTINGS_MODULE": "beside.config.settings"}
    subprocess.run([sys.executable, "-c", _SWEEP], env=environ, check=True)
