from __future__ import annotations

import pytest

from beside.posts import facets
from beside.posts.authorship import NotAnAuthor
from beside.posts.models import Facet
from tests.cast import make_post


def test_any_author_chooses_alone_and_exactly_these_count(cast):
    post = make_post(cast.rose, cast.tom)
    facets.choose(post, [Facet.TWINS, Facet.MISCARRIAGE], by=cast.rose)

    facets.choose(post, [Facet.ILLNESS, Facet.TWINS], by=cast.tom)

    assert facets.of(post) == [Facet.TWINS, Facet.ILLNESS]


def test_nobody_else_chooses(cast):
    post = make_post(cast.rose)

    with pytest.raises(NotAnAuthor):
        facets.choose(post, [Facet.TWINS], by=cast.nan)

    assert facets.of(post) == []
