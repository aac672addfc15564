"""The catalogues that are kept. Where this fails, `make messages` mends it or says what is wrong."""

from __future__ import annotations

import ast

import pytest

from messages import checks
from messages.catalogues import LANGUAGES, compiled, path_of, read, sentences
from messages.extract import KEYWORDS, SOURCE, catalogue


@pytest.fixture(scope="module")
def source():
    return catalogue()


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_translation_has_a_fault(code):
    assert checks.faults(read(code)) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_django_reads_is_what_is_written(code):
    assert path_of(code).with_suffix(".mo").read_bytes() == compiled(read(code))


@pytest.mark.thorough
def test_every_sentence_of_a_template_and_of_python_is_found(source):
    said = {one.id if isinstance(one.id, str) else one.id[0] for one in sentences(source)}

    assert {
        "Skip to the page",  # {% translate %}
        "Nobody but you and %(others)s can see it any more.",  # {% blocktranslate %}
        "A name goes on one line. Please take out the line break.",  # gettext
        "One photograph",  # ngettext
        "Saved at {time}.",  # for a script
        "A photograph without a description",  # _() in a filter
    } <= said


@pytest.mark.thorough
def test_no_sentence_goes_by_a_name_that_is_not_looked_for():
    aliases = [
        (str(path), name.asname)
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in KEYWORDS and name.asname not in (None, "_")
    ]

    assert aliases == []


def test_there_is_one_catalogue_for_each_language():
    assert sorted(SOURCE.rglob("*.po")) == sorted(path_of(code) for code in LANGUAGES)
