from __future__ import annotations

import pytest
from django.db.models import F, Value

from beside.access.compiled import AT, POST, CannotCompile, as_time, compiled, expression, from_uuid
from beside.posts.models import Post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["' OR 1=1 --", "it's", "a;b", "%s", "é"])
def test_text_that_is_no_constant_of_the_policy_never_becomes_sql(text):
    with pytest.raises(CannotCompile):
        compiled(Post.objects.filter(title=text))
    with pytest.raises(CannotCompile):
        expression(Post.objects.annotate(found=Value(text)), "found")


def test_an_expression_that_is_about_two_tables_is_refused():
    with pytest.raises(CannotCompile):
        expression(Post.objects.annotate(found=F("placed__position")), "found")


def test_placeholders_become_parameters_and_nothing_else_does():
    found = compiled(Post.objects.filter(pk=POST, state=Post.State.PUBLISHED, begun_at=AT))

    assert found.first(post=from_uuid(POST), at=as_time(AT)) is None
    assert "'published'" in found.sql
