"""Every sentence of the source is in every catalogue, translated. `make messages` says what is missing."""

from __future__ import annotations

import pytest

from messages import checks
from messages.catalogues import LANGUAGES, read, sentences
from messages.extract import catalogue


@pytest.fixture(scope="module")
def source():
    return catalogue()


def keys(some) -> set[tuple]:
    return {(one.context, one.id) for one in sentences(some)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_has_every_sentence_of_the_source_and_no_other(source, code):
    kept, wanted = keys(read(code)), keys(source)

    assert kept - wanted == set()
    assert wanted - kept == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_is_translated(code):
    assert checks.missing(read(code)) == []
