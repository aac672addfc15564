from __future__ import annotations

import pytest
from django.template import Context, Engine, Template
from django.utils import translation

LOADED = "{% load i18n %}"
# Django's own tags, for comparison.
PLAIN = Engine(libraries={"i18n": "django.templatetags.i18n"})
SENTENCES = [
    '{% translate "Home" %}',
    '{% translate "Home" as there %}[{{ there }}]',
    '{% translate "Home" noop %}',
    "{% translate word %}",
    '{% translate "100 %" %}',
    "{% translate 'They’re kept just as they are. You can look at them whenever you choose.' %}",
    "{% blocktranslate trimmed with name=word %}{{ name }} asks to follow you.{% endblocktranslate %}",
    "{% blocktranslate trimmed %}{{ word }} asks to follow you.{% endblocktranslate %}",
    "{% blocktranslate %}100 % of {{ word }}{% endblocktranslate %}",
    "{% blocktranslate %}{{ nothing }} there{% endblocktranslate %}",
    "{% blocktranslate asvar there %}Home{% endblocktranslate %}[{{ there }}]",
    "{% blocktranslate count n=many %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
    "{% autoescape off %}{% blocktranslate %}{{ word }} here{% endblocktranslate %}{% endautoescape %}",
    "{% get_current_language as language %}{{ language }}",
]


def said(template: Template, **values: object) -> str:
    return template.render(Context(values))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_as_djangos_own_tag_says_it_in_each_language(sentence):
    ours, plain = Template(LOADED + sentence), Template(LOADED + sentence, engine=PLAIN)

    # Twice each: what was looked up once is kept for its language alone.
    for language in ("en-gb", "de", "fr", "es", "en-gb", "de"):
        for word in ("Home", "<b>& Tom"):
            with translation.override(language):
                assert said(ours, word=word, many=2) == said(plain, word=word, many=2)


def test_what_somebody_typed_is_escaped_in_a_sentence():
    template = Template(
        LOADED + "{% blocktranslate %}{{ word }} asks to follow you.{% endblocktranslate %}"
    )

    assert said(template, word="<script>") == "&lt;script&gt; asks to follow you."


def test_a_name_of_a_sentence_is_not_kept_for_whoever_comes_next():
    template = Template(
        LOADED
        + "{% blocktranslate with name=word %}{{ name }} asks to follow you.{% endblocktranslate %}"
    )

    assert said(template, word="Rose").startswith("Rose")
    assert said(template, word="Tom").startswith("Tom")
