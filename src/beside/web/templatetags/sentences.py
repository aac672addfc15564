"""Django's tags of `{% load i18n %}`, which keep what a sentence of ours is in each language once it was looked up.

A sentence is looked up in one catalogue after the other, for English in five. None changes while a process runs.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, render_value_in_context
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language, gettext

register = template.Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


class SentenceNode(i18n.TranslateNode):
    """A sentence without a variable, a filter or a context."""

    def __init__(self, sentence: FilterExpression, asvar: str | None) -> None:
        super().__init__(sentence, noop=False, asvar=asvar)
        self._says = i18n.TranslateNode(sentence, noop=False)
        self._said: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        """The sentence in the language that is active, or nothing if it is kept in a variable (`as`)."""
        key = get_language(), bool(context.autoescape)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = self._says.render(context)
        if self.asvar is None:
            return said
        context[self.asvar] = said
        return ""


class FilledSentenceNode(i18n.BlockTranslateNode):
    """A sentence with variables, and no plural, context or name to keep it in."""

    def __init__(self, *told: Any, **named: Any) -> None:  # noqa: ANN401 -- as Django's
        super().__init__(*told, **named)
        self._source, self._names = self.render_token_list(self.singular)
        self._said: dict[str | None, str] = {}

    def render(self, context: Context, nested: bool = False) -> str:
        """The sentence in the language that is active, filled in."""
        language = get_language()
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = gettext(self._source)
        values = {name: one.resolve(context) for name, one in self.extra_context.items()}
        for name in self._names:
            if name not in values:
                if name not in context:
                    return super().render(context, nested)
                values[name] = context[name]
        try:
            return said % {
                one: render_value_in_context(values[one], context) for one in self._names
            }
        except (KeyError, ValueError):
            return super().render(context, nested)


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """`{% translate "Home" %}`."""
    node = i18n.do_translate(parser, token)
    said = node.filter_expression
    is_plain = not (said.filters or node.message_context or node.noop or said.var.lookups)
    return SentenceNode(said, node.asvar) if is_plain else node


@register.tag("blocktranslate")
@register.tag("blocktrans")
def blocktranslate(parser: Parser, token: Token) -> Node:
    """`{% blocktranslate with name=one.name %}…{{ name }}…{% endblocktranslate %}`."""
    node = i18n.do_block_translate(parser, token)
    if node.plural or node.message_context or node.asvar:
        return node
    return FilledSentenceNode(node.extra_context, node.singular, trimmed=node.trimmed)
