from __future__ import annotations

import time

import pytest

from beside.posts.markup import Here, Passage, blocks, opening


def text_of(words, numbers=()):
    return [b.html if isinstance(b, Passage) else b.number for b in blocks(words, numbers)]


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("One\n\nTwo", "<p>One</p>\n<p>Two</p>\n"),
        ("One\nline", "<p>One<br>\nline</p>\n"),
        ("*so* **very**", "<p><em>so</em> <strong>very</strong></p>\n"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("# Big", "<h3>Big</h3>\n"),
        ("##### Small", "<h4>Small</h4>\n"),
        ("    four spaces", "<p>four spaces</p>\n"),
        ("`code`", "<p>`code`</p>\n"),
        ("14. March", '<ol start="14">\n<li>March</li>\n</ol>\n'),
        ("[a](https://e.example)", '<p><a href="https://e.example">a</a></p>\n'),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
    ],
)
def test_a_letter_knows_a_little_markdown(words, html):
    assert text_of(words) == [html]


def test_photographs_stand_among_the_passages():
    words = "Before\n[photograph 2]\nbetween\r\n\r\n  [Photograph 1]  \r\n\r\nafter"

    assert text_of(words, {1, 2}) == ["<p>Before</p>\n", 2, "<p>between</p>\n", 1, "<p>after</p>\n"]


def test_a_photograph_that_was_taken_out_leaves_no_trace():
    assert text_of("Before\n\n[photograph 3]\n\nafter", {1}) == [
        "<p>Before</p>\n",
        "<p>after</p>\n",
    ]


def test_a_photograph_stands_only_once():
    assert blocks("[photograph 1]\n\n[photograph 1]", {1}) == [Here(1)]


def test_the_line_must_be_its_own():
    assert text_of("see [photograph 1] here", {1}) == ["<p>see [photograph 1] here</p>\n"]


def test_a_letter_of_a_megabyte_is_read_at_once_and_whole():
    words = "*We* knew & <b>asked</b>.\n\n" * 40_000

    began = time.process_time()
    (html,) = text_of(words)

    assert html.count("<p>*We* knew &amp; &lt;b&gt;asked&lt;/b&gt;.</p>") == 40_000
    assert time.process_time() - began < 10


@pytest.mark.parametrize("sign", ["[", "*", "_a", "> ", "- ", "![", "[a](", "\\", "<", "&#x3c;"])
def test_a_letter_of_nothing_but_signs_takes_no_long_time(sign):
    began = time.process_time()

    blocks(sign * (90_000 // len(sign)))
    blocks(f"{sign * (9_000 // len(sign))}\n\n" * 5)

    assert time.process_time() - began < 10


def test_the_opening_of_a_letter_is_its_first_passage():
    assert opening("\n\n[photograph 1]\n\nWe knew.\n\nThen") == "We knew."
    assert opening(" ") == ""
