from __future__ import annotations

import html as entities
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from beside.posts import markup
from beside.posts.markup import Passage, PhotographLine, SignatureLine, opening, parts


def text_of(words, numbers=()):
    return [one.html if isinstance(one, Passage) else one.number for one in parts(words, numbers)]


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("One\n\nTwo", '<p dir="auto">One</p>\n<p dir="auto">Two</p>\n'),
        ("One\nline", '<p dir="auto">One<br>line</p>\n'),
        ("*so* **very**", '<p dir="auto"><em>so</em> <strong>very</strong></p>\n'),
        ("**so *very* much**", '<p dir="auto"><strong>so <em>very</em> much</strong></p>\n'),
        ("*over\ntwo lines*", '<p dir="auto"><em>over<br>two lines</em></p>\n'),
        (
            "> said\nand then",
            '<blockquote>\n<p dir="auto">said</p>\n</blockquote>\n<p dir="auto">and then</p>\n',
        ),
        ("> > twice", '<blockquote>\n<p dir="auto">&gt; twice</p>\n</blockquote>\n'),
        ("> a\n>\n> b", '<blockquote>\n<p dir="auto">a</p>\n<p dir="auto">b</p>\n</blockquote>\n'),
        (
            "- a\n- *b*\n\n- c",
            '<ul dir="auto">\n<li>a</li>\n<li><em>b</em></li>\n<li>c</li>\n</ul>\n',
        ),
        ("# Big\n# Too", '<h3 dir="auto">Big</h3>\n<h3 dir="auto">Too</h3>\n'),
    ],
)
def test_the_signs_that_the_help_names(words, html):
    assert text_of(words) == [html]


@pytest.mark.parametrize(
    "bullet",
    [
        *("•\t", "• ", "•\u00a0", "\t•\t", "  •\t", "–\t", "·\t", "-\t", "  - "),
        *("\uf0b7\t", "\uf0a7\t", "o\t", "§\t", "▪\t", "◦\t", "‣\t"),
    ],
)
def test_a_bullet_pasted_from_a_word_processor_makes_a_list(bullet):
    assert text_of(f"{bullet}a\n{bullet}b") == ['<ul dir="auto">\n<li>a</li>\n<li>b</li>\n</ul>\n']


@pytest.mark.parametrize(
    "words",
    [
        "14. März: Rose\n\n17. März: Tom\n\n2. Mai: beide",
        "1986. Then.\n\n1991. After.",
        "07. a",
        "* 14.03.2019 † 15.03.2019",
        "*14.03.2019",
        "+ 2",
        "5*3*2",
        "5 * 3 * 2",
        "***both***",
        "*not closed **and this",
        "2**3 and 4**5",
        "– Ja, sagte sie.",
        "o weh",
        "§ 1901a",
        "Week\tWeight\n20\t300 g\n21\t360 g",
        "“so”, ‘she’ said…\u00a0– in 20\u202fweeks",
        "-5 °C",
        "#1",
        ">:(",
        "> ",
        "# ",
        "- ",
        ">",
        "## two",
        "_under_ `code` ~~gone~~ \\*",
        "[a](https://e.example) <https://e.example> ![x](y)",
        "&amp; &lt; <b>x</b> \"quoted\" 'so'",
        "Title\n=====\nOther\n---\n***\n___",
        "```\nfence\n```",
        "    four spaces and  two",
        "word  \nnext",
        "a\u200db\u00a0c",
        "[photograph 1] here",
        "[signed Nobody]",
    ],
)
def test_anything_else_stays_as_it_was_typed(words):
    assert shown(words) == expected(words) == words.replace("\n\n", "\n")


TYPED = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
        st.sampled_from(
            [
                "\n",
                "\n\n",
                "> ",
                ">",
                "- ",
                "•\t",
                "–\t",
                "o\t",
                "§\t",
                "# ",
                "*",
                "**",
                "***",
                " ",
                "\t",
                "a",
                "14.",
                "1) ",
                "+ ",
                "* ",
                "_",
                "`",
                "[x](y)",
                "<b>",
                "&amp;",
                "\\",
                "5*3*2",
                "]",
            ]
        ),
    ),
    max_size=24,
).map("".join)


@given(TYPED)
@example("> a\n>\n> b\n>")
@example("*a\n\n> *b*\n- c*")
def test_every_character_that_was_typed_is_on_the_page_but_for_the_signs(words):
    assert shown(words) == expected(words)


def shown(words):
    """The visible text, a line for each line break. Stars that set italics or bold are put back."""
    (html,) = text_of(words) or [""]
    html = html.replace("</p>", "\n").replace("</li>", "\n").replace("</h3>", "\n")
    html = re.sub(r"</?em>", "*", re.sub(r"</?strong>", "**", html.replace("\n\n", "\n")))
    text = entities.unescape(re.sub(r"<[^>]*>", "", html.replace("<br>", "\n")))
    return "\n".join(line for line in text.split("\n") if line.strip())


def expected(words):
    """What was typed, without blank lines and without the signs at the beginning of a line."""
    lines, is_quoted = [], False
    for line in words.split("\n"):
        rest = re.sub(
            r"^\s*(?:[-•][ \t]|•\u00a0|[–·o§▪◦‣\uf0b7\uf0a7]\t|[\uf0b7\uf0a7] )\s*(?=\S)|^[>#] (?=\s*\S)",
            "",
            line,
        )
        if line.rstrip() == ">" and is_quoted:
            continue
        is_quoted = line.startswith("> ") and rest != line
        lines.append(rest)
    return "\n".join(line for line in lines if line.strip())


def test_photographs_stand_among_the_passages():
    words = "Before\n[photograph 2]\nbetween\r\n\r\n  [Photograph 1]  \r\n\r\nafter"

    assert text_of(words, {1, 2}) == [
        '<p dir="auto">Before</p>\n',
        2,
        '<p dir="auto">between</p>\n',
        1,
        '<p dir="auto">after</p>\n',
    ]


def test_a_photograph_that_was_taken_out_leaves_no_trace():
    assert text_of("Before\n\n[photograph 3]\n\nafter", {1}) == [
        '<p dir="auto">Before</p>\n',
        '<p dir="auto">after</p>\n',
    ]


def test_a_photograph_stands_only_once():
    assert parts("[photograph 1]\n\n[photograph 1]", {1}) == (PhotographLine(1),)


def test_the_line_must_be_its_own():
    assert text_of("see [photograph 1] here", {1}) == [
        '<p dir="auto">see [photograph 1] here</p>\n'
    ]


@pytest.mark.parametrize(
    "line", ["[photograph]", "[photograph x]", "[photograph 1234567]", "[photograph1]", "[]", "["]
)
def test_a_line_that_names_no_photograph_is_words(line):
    assert text_of(line, {1}) == [f'<p dir="auto">{line}</p>\n']


def test_stars_of_a_word_in_one_text_and_over_several_lines():
    assert text_of("*a *b* c* **d *e* f** *g **h* i** ***j*** *k\nl*") == [
        '<p dir="auto">*a <em>b</em> c* <strong>d <em>e</em> f</strong> <em>g **h</em> i** ***j*** <em>k<br>l</em></p>\n'
    ]


def test_ten_thousand_spaces_after_a_bracket_are_words():
    line = "[signed" + " " * 10_000

    assert parts(line, signers=["Rose"]) == (Passage(f'<p dir="auto">{line}</p>\n'),)
    assert parts(line + "Rose]", signers=["Rose"]) == (SignatureLine("Rose"),)


def test_the_opening_of_a_letter_is_its_first_passage():
    assert opening("\n\n[photograph 1]\n\nWe knew.\nSoon.\n\nThen") == "We knew.\nSoon."
    assert opening(" ") == ""


def test_stars_of_one_paragraph_item_or_heading_never_end_in_another():
    for between in ("\n\n", "\n- ", "\n# ", "\n> "):
        said = markup.html(f"- *a{between}b* *c*")
        assert "<em>c</em>" in said
        assert said.count("*") == 2
