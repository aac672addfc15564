from __future__ import annotations

import re
from itertools import cycle, islice

import psycopg
import pytest

from tests.nodes import uploading
from tests.nodes.asking import of
from tests.nodes.uploading import picture
from tests.serving import until

STATIC = re.compile(rb'(?:href|src)="(/static/[^"]+)"')


def test_nodes_that_start_together_make_one_place(nodes):
    with psycopg.connect(nodes.cluster.url("place")) as asking:
        again = asking.execute(
            "SELECT app, name FROM django_migrations GROUP BY app, name HAVING count(*) > 1"
        ).fetchall()
        epochs = asking.execute("SELECT count(*) FROM photos_keyepoch").fetchone()

    assert again == []
    assert epochs == (1,)


def test_every_node_shows_the_same(nodes, nan, letter):
    assert of(nodes, letter, nan) == [(200, 200)] * 3
    photographs = {node.ask(letter["photograph"], nan).body for node in nodes.nodes}
    assert len(photographs) == 1


def test_what_a_page_of_one_node_names_every_other_has(nodes):
    for node, other in zip(nodes.nodes, islice(cycle(nodes.nodes), 1, 4), strict=True):
        names = STATIC.findall(node.ask("/").body)
        assert names
        assert {other.ask(name.decode()).status for name in names} == {200}


@pytest.mark.parametrize("act", ["closing", "taking-back"])
def test_a_narrowing_on_one_node_is_in_force_on_every_other_at_the_next_request(
    nodes, rose, nan, letter, act
):
    assert of(nodes, letter, nan) == [(200, 200)] * 3

    assert nodes.nodes[0].post(f"{letter['page']}{act}/", rose).status == 302

    assert of(nodes, letter, nan) == [(404, 404)] * 3


def test_who_is_added_from_now_on_at_a_slow_node_does_not_see_what_was_published_at_a_fast(
    nodes, rose, nan
):
    _right, fast, slow = nodes.nodes
    draft, cookies, ids = (nodes.told[what] for what in ("draft", "cookies", "ids"))
    assert fast.post(f"{draft}publication/", rose).status == 302

    ines = {"person": ids["ines"], "meant": "from now on"}
    assert slow.post(nodes.told["members"], rose, **ines).status == 302

    assert [node.ask(draft, nan).status for node in nodes.nodes] == [200] * 3
    assert [node.ask(draft, cookies["ines"]).status for node in nodes.nodes] == [404] * 3


def test_a_block_on_one_node_is_in_force_on_every_other_at_the_next_request(nodes, rose, letter):
    ada, id_of_ada = nodes.told["cookies"]["ada"], nodes.told["ids"]["ada"]
    of_ada = letter | {"photograph": letter["photographs"]["ada"]}
    assert of(nodes, of_ada, ada) == [(200, 200)] * 3

    assert nodes.nodes[2].post(f"/people/{id_of_ada}/block/", rose).status == 302

    assert of(nodes, of_ada, ada) == [(404, 404)] * 3


def test_whoever_goes_from_node_to_node_stays_signed_in_and_sees_their_own_writing(
    nodes, rose, letter
):
    first, second, third = nodes.nodes
    assert first.post(f"{letter['page']}closing/", rose).status == 302
    assert b"closed" in second.ask(f"{letter['page']}closing/", rose).body.lower()
    assert second.post(f"{letter['page']}closing/", rose, do="reopen").status == 302
    assert third.ask(letter["page"], rose).status == 200


def test_guesses_are_counted_for_all_nodes_together(nodes):
    """Five passwords in a quarter of an hour, at whichever node."""
    wrong = {"login": "rose@home.example", "password": "not this one"}
    asked = islice(cycle(nodes.nodes), 9)
    answers = [node.post("/account/sign-in/", "", **wrong).status for node in asked]

    assert answers == [200] * 5 + [429] * 4


def test_a_photograph_goes_on_at_another_node_where_the_first_has_died(nodes, rose):
    half = len(picture()) // 2
    first, second, third = nodes.nodes
    where = uploading.begin(first, rose, sent=half)
    first.kill()
    here = uploading.arrived(second, where, rose)
    ended = uploading.send_rest(second, where, rose, offset=here)
    first.start()

    assert (here, ended.status) == (half, 204)
    until(lambda: third.ask(uploading.original(where), rose).body == picture())


def test_no_node_keeps_anything_that_another_would_miss(nodes, folder):
    """Each has a folder of its own; what is in it may go with the machine."""
    kept = {path.name for path in folder.glob("node-*/data/*")}

    assert "static" in kept
    assert not kept & {"blobs", "keyring", "beside.sqlite3"}
