from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beside.posts import markup
from beside.web import safe_html
from beside.web.safe_html import TAGS, Block, clean, letter

CORPUS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//e.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext></p><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<p style=background:url(//e.example)>x</p>",
    "<!--><img src=x onerror=alert(1)>-->",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
    "[x](//e.example)",
    "[x](x.png)",
    '[x](https://e.example "onmouseover=alert(1)")',
    '[x](<https://e.example/" onmouseover=alert(1) x=">)',
    "![x](https://e.example/x.png)",
    "[![x](https://e.example/x.png)](javascript:alert(1))",
    "> - # <img src=x>\n> - [x](javascript:x)",
    "<https://e.example>",
    "[x]: javascript:alert(1)\n\n[x]",
    "```\n<script>\n```",
    "</p></div></main><form action=//e.example><input>",
    "\x00<script>\x00",
]
TAG = re.compile(r"<(/?)([a-zA-Z0-9!?]+)([^>]*)>")


def html_of(words: str) -> str:
    return "".join(block.html or "" for block in letter(words))


def assert_only_what_a_letter_has(html: str) -> None:
    rest = TAG.sub("", html)
    assert "<" not in rest
    for _close, tag, attributes in TAG.findall(html):
        assert tag in TAGS
        assert attributes in ("", ' dir="auto"')


@pytest.mark.parametrize("words", CORPUS)
def test_nothing_but_a_letters_own_tags_comes_through(words):
    for nested in (words, f"> {words}", f"- {words}", f"**{words}**", f"# {words}", words * 3):
        assert_only_what_a_letter_has(html_of(nested))


@given(
    st.lists(
        st.sampled_from([*CORPUS, "*", "[", "](", ")", ">", "\n", "\n\n", "`", "a", "&", '"']),
        max_size=12,
    )
)
def test_whatever_it_is_made_of(parts):
    assert_only_what_a_letter_has(html_of("".join(parts)))


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<p>a &lt;b&gt; &amp; <em>c</em><br>d</p>", "<p>a &lt;b&gt; &amp; <em>c</em><br>d</p>"),
        ('<p dir="auto">a</p><ul dir="auto">', '<p dir="auto">a</p><ul dir="auto">'),
        ('<p onclick="x" dir="auto">a</p>', '<p dir="auto">a</p>'),
        ('<p dir="rtl">a</p>', "<p>a</p>"),
        ('<li dir="auto">a', "<li>a</li>"),
        ('<p onclick="x">a</p>', "<p>a</p>"),
        ("<p >a</p>", "<p>a</p>"),
        ("<script>x</script><p>a</p>", "<p>a</p>"),
        ("<img src=x><p>a</p>", "<p>a</p>"),
        ("<p>a > b</p>", "<p>a &gt; b</p>"),
        ("<a href=//e.example>a</a>", "a"),
    ],
)
def test_html_of_anything_but_a_letters_bare_tags_is_cleaned(html, cleaned):
    assert clean(html) == cleaned


def test_a_letter_of_many_entities_is_whole():
    assert html_of("& and " * 100_000).count("&amp; and ") == 100_000


def test_what_somebody_typed_as_html_is_read_as_typed():
    assert html_of("<b>not bold</b>") == '<p dir="auto">&lt;b&gt;not bold&lt;/b&gt;</p>\n'


def test_a_text_of_many_signatures_is_one_block():
    # The page puts adjacent blocks together: 70,000 of them would be copied 70,000 times.
    blocks = letter(
        "We knew.\n[signed Rose]\n\n" * 50 + "[photograph 1]\nAfter", {1}, {"Rose": "R"}
    )

    assert [block.number for block in blocks] == [None, 1, None]
    assert blocks[0].html.count('<p class="by" dir="auto">— R</p>') == 50


LONG = "*We* knew & <b>asked</b>.\n\n[photograph 1]\n\n" + "So **long**.\n\n" * 5_000


@pytest.fixture
def rendered(monkeypatch) -> list[str]:
    """The words that are rendered."""
    found, parts = [], markup.parts
    monkeypatch.setattr(safe_html, "_remembered", safe_html._Remembered(2_000_000))
    monkeypatch.setattr(
        markup, "parts", lambda words, *of: found.append(words) or parts(words, *of)
    )
    return found


def test_a_long_letter_has_the_same_signs_and_is_rendered_once(rendered):
    first = letter(LONG, {1}, {"Rose": "R"})

    assert letter(LONG, [1], {"Rose": "R"}) == first
    assert rendered == [LONG]
    assert first[0].html == '<p dir="auto"><em>We</em> knew &amp; &lt;b&gt;asked&lt;/b&gt;.</p>\n'
    assert first[2].html.count("<strong>long</strong>") == 5_000


@pytest.mark.parametrize(
    ("words", "numbers", "signers"),
    [
        (LONG + ".", {1}, {"Rose": "R"}),
        (LONG, {1, 2}, {"Rose": "R"}),
        (LONG, {1}, {"Rose": "Rosie"}),
        (LONG, {1}, {}),
    ],
)
def test_another_text_other_photographs_or_another_name_is_another_letter(
    rendered, words, numbers, signers
):
    letter(LONG, {1}, {"Rose": "R"})
    letter(words, numbers, signers)

    assert rendered == [LONG, words]


def test_a_short_letter_is_not_remembered(rendered):
    letter("So it was.")
    letter("So it was.")

    assert len(rendered) == 2


def test_what_is_remembered_is_bounded_by_its_size_and_the_oldest_goes_first():
    remembered = safe_html._Remembered(10_000)
    for key in ("a", "b", "a", "c"):
        if remembered.find(key) is None:
            remembered.keep(key, [Block(html="x" * 4_000)])

    assert [bool(remembered.find(key)) for key in "abc"] == [True, False, True]

    remembered.keep("too large", [Block(html="x" * 20_000)])

    assert [bool(remembered.find(key)) for key in ("a", "c", "too large")] == [True, True, False]
