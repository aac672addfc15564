from __future__ import annotations

import pytest

from tests.serving import until

KIND = b"Nothing is lost. Please try again in a few minutes."


def is_told_kindly(node, path: str, cookie: str) -> bool:
    answer = node.ask(path, cookie)
    assert answer.status == 503
    return KIND in answer.body


@pytest.mark.parametrize("trouble", ["cut", "stall"])
def test_a_node_cut_off_from_the_database_says_so_and_the_balancer_goes_round_it(
    nodes, nan, letter, trouble
):
    node = nodes.nodes[1]
    getattr(node.database, trouble)()

    assert is_told_kindly(node, letter["page"], nan)
    assert node.ask(letter["photograph"], nan).status == 503
    assert node.ask("/healthz").status == 503
    until(lambda: [nodes.balancer.ask(letter["page"], nan).status for _ in range(6)] == [200] * 6)


def test_a_node_goes_on_by_itself_once_it_reaches_the_database_again(nodes, nan, letter):
    node = nodes.nodes[2]
    node.database.cut()
    assert is_told_kindly(node, letter["page"], nan)

    node.database.mend()

    until(lambda: node.ask(letter["page"], nan).status == 200)
    assert node.ask(letter["photograph"], nan).status == 200


def test_nothing_has_to_be_restarted_where_the_database_was(nodes, rose, nan, letter):
    nodes.cluster.halt()
    assert all(is_told_kindly(node, letter["page"], nan) for node in nodes.nodes)
    nodes.cluster.run()
    nodes.wait_until_well()

    for node in nodes.nodes:
        assert node.ask(letter["photograph"], nan).status == 200
    assert nodes.nodes[0].post(f"{letter['page']}taking-back/", rose).status == 302
    assert [node.ask(letter["page"], nan).status for node in nodes.nodes] == [404] * 3
