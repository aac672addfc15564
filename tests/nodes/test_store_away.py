"""One node that has lost the object store, or the keyring in it, among others that have not."""

from __future__ import annotations

import pytest

from tests.nodes import uploading
from tests.nodes.asking import of
from tests.nodes.test_parts_away import is_told_kindly
from tests.nodes.uploading import picture
from tests.objects import KEYRING
from tests.serving import until

ON_PHONE = "still on your phone"
NOT_SENT = "a photograph was not sent"


@pytest.mark.parametrize("trouble", ["cut", "stall"])
def test_a_node_cut_off_from_the_store_sends_no_photograph_says_so_and_goes_on_by_itself(
    nodes, rose, nan, letter, trouble
):
    node, other = nodes.nodes[1], nodes.nodes[0]
    half = len(picture()) // 2
    where = uploading.begin(other, rose, sent=half)
    getattr(node.store, trouble)()
    said = len(node.said())

    assert node.ask(letter["photograph"], nan).status == 503
    rest = uploading.send_rest(node, where, rose, offset=half)
    assert (rest.status, ON_PHONE in rest.body.decode()) == (503, True)
    assert NOT_SENT in node.said()[said:]
    assert node.ask("/healthz").status == 503
    assert node.ask(letter["page"], nan).status == 200, "words need no store"
    assert other.ask(letter["photograph"], nan).status == 200
    until(
        lambda: (
            [nodes.balancer.ask(letter["photograph"], nan).status for _ in range(6)] == [200] * 6
        )
    )

    node.mend()
    until(node.is_well)
    until(lambda: of(nodes, letter, nan) == [(200, 200)] * 3)
    until(lambda: uploading.go_on(node, where, rose))
    assert other.ask(uploading.original(where), rose).body == picture()


def test_an_original_that_cannot_be_read_is_a_page_that_says_so(nodes, rose):
    node = nodes.nodes[2]
    where = uploading.begin(node, rose, sent=len(picture()))
    node.store.cut()

    assert is_told_kindly(node, uploading.original(where), rose)
    node.mend()
    assert node.ask(uploading.original(where), rose).body == picture()


def test_where_no_node_reaches_the_store_words_are_read_and_letters_closed_through_the_balancer(
    nodes, rose, nan, letter
):
    for node in nodes.nodes:
        node.store.cut()
    for node in nodes.nodes:
        until(lambda node=node: node.ask("/healthz").status == 503)
    until(lambda: nodes.balancer.ask("/healthz").status == 503)

    for _ in range(6):
        assert nodes.balancer.ask(letter["page"], nan).status == 200
    refused = nodes.balancer.ask(letter["photograph"], nan)
    assert refused.status == 503
    assert nodes.balancer.post(f"{letter['page']}closing/", rose).status == 302
    assert nodes.balancer.ask(letter["page"], nan).status == 404


@pytest.mark.parametrize("fault", ["refuses", "stalls"])
def test_a_node_that_cannot_read_the_keyring_sends_nothing_once_it_has_turned(
    nodes, rose, nan, letter, another, fault
):
    """What a node remembers of the keyring opens nothing after another has replaced it."""
    assert of(nodes, letter, nan) == [(200, 200)] * 3
    node, other = nodes.nodes[1], nodes.nodes[0]
    node.faulty.only = KEYRING
    setattr(node.faulty, fault, True)
    said = len(node.said())

    assert other.post(f"{letter['page']}taking-back/", rose).status == 302

    assert node.ask(letter["photograph"], nan).status == 404
    assert node.ask(another["photograph"], nan).status == 503
    assert NOT_SENT in node.said()[said:]
    assert node.ask("/healthz").status == 503
    assert other.ask(another["photograph"], nan).status == 200
    node.mend()
    assert node.ask(another["photograph"], nan).status == 200


@pytest.mark.parametrize("fault", ["refuses", "stalls"])
def test_a_node_that_cannot_write_the_keyring_takes_nothing_back_by_half(
    nodes, rose, nan, letter, fault
):
    node = nodes.nodes[2]
    node.faulty.only = KEYRING
    setattr(node.faulty, fault, True)

    refused = node.post(f"{letter['page']}taking-back/", rose)

    assert refused.status == 503
    node.mend()
    assert of(nodes, letter, nan) == [(200, 200)] * 3
    assert node.post(f"{letter['page']}taking-back/", rose).status == 302
    assert of(nodes, letter, nan) == [(404, 404)] * 3
