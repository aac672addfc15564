from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from messages import checks

PLURAL = ("%(n)s letter", "%(n)s letters")


def one(sentence, translation) -> Catalog:
    catalogue = Catalog(locale="de")
    catalogue.add(sentence, translation)
    return catalogue


@pytest.mark.parametrize(
    ("sentence", "translation"),
    [
        ("Letters of %(name)s", "Briefe von %(name)s"),
        ('<a href="%(to)s">A letter</a> by %(name)s', '%(name)s: <a href="%(to)s">ein Brief</a>'),
        (PLURAL, ("%(n)s Brief", "%(n)s Briefe")),
        (("One letter", "%(n)s letters"), ("Ein Brief", "%(n)s Briefe")),
        ("{name} is here", "{name} ist da"),
        ("a few seconds|a minute", "ein paar Sekunden|eine Minute"),
        ("\nHello\n", "\nHallo\n"),
    ],
)
def test_a_translation_that_keeps_what_is_put_in_has_no_fault(sentence, translation):
    assert checks.faults(one(sentence, translation)) == []
    assert checks.missing(one(sentence, translation)) == []


@pytest.mark.parametrize(
    ("sentence", "translation"),
    [
        ("Letters of %(name)s", "Briefe"),
        ("Letters of %(name)s", "Briefe von %(Name)s"),
        ("Letters of %(name)s", "Briefe von %(name)"),
        ("<strong>Nobody</strong> knows", "<b>Niemand</b> weiß es"),
        (PLURAL, ("%(n)s Brief", "Briefe")),
        ("{name} is here", "{Name} ist da"),
        ("a few seconds|a minute", "ein paar Sekunden"),
        ("\nHello\n", "Hallo"),
        ("It’s here", "It's here"),
        ("Hello", " "),
    ],
)
def test_a_translation_that_loses_or_changes_something_has_a_fault(sentence, translation):
    assert len(checks.faults(one(sentence, translation))) == 1


@pytest.mark.parametrize(("sentence", "translation"), [("A", ""), (PLURAL, ("%(n)s Brief", ""))])
def test_what_is_not_translated_is_missing_and_no_fault(sentence, translation):
    assert checks.faults(one(sentence, translation)) == []
    assert len(checks.missing(one(sentence, translation))) == 1
