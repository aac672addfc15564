from __future__ import annotations

import pytest

from beside.index.analysis import LONGEST_QUERY, query_of, tokens_of, words_in


def finds(typed: str, text: str, language: str = "") -> bool:
    tokens = frozenset(tokens_of(text, language))
    query = query_of(typed)
    return bool(query) and all(sought.is_among(tokens) for sought in query)


@pytest.mark.parametrize(
    ("typed", "text", "language"),
    [
        ("kind", "Unser Sternenkind schläft.", "de"),
        ("Kind", "Die Sternenkinder", "de"),
        ("kind", "zwei Kinder", "de"),
        ("Kinder", "ein Kind", "de"),
        ("KINDER", "Sternenkind", "de"),
        ("klinik", "in der Universitätsklinik", "de"),
        ("Müller", "Frau Mueller", "de"),
        ("Mueller", "Frau Müller", "de"),
        ("muller", "Frau Müller", "de"),
        ("strasse", "Straße", "de"),
        ("barn", "änglabarnet, mitt änglabarn", "sv"),
        ("eleve", "une élève", "fr"),
        ("ÉLÈVE", "une eleve", "fr"),
        ("holding", "We held and hold her.", "en"),
        ("missed", "missing her", "en"),
        ("Lodz", "Łódź", "pl"),
        ("smorrebrod", "smørrebrød", "da"),
        ("istanbul", "İSTANBUL", "tr"),
        ("потеряла", "потеряли", "ru"),
        ("σ", "ς", "el"),
        # Arabic with and without marks, in any of its letters, with the article and "and".
        ("كتاب", "الكتاب", "ar"),
        ("الكتاب", "كتاب", "ar"),
        ("كتاب", "والكتاب", ""),
        ("مكتبه", "مَكْتَبَةٌ", ""),
        ("احمد", "أحمد", ""),
        ("بيت", "بـــيت", "ar"),
        # Hebrew with and without points, its last letters, and what is written before a word.
        ("ילד", "הַיֶּלֶד", ""),
        ("ילד", "ולילד", "he"),
        ("הילד", "ילד", "he"),
        ("שלומ", "שלום", "he"),
        # A word of one letter, half a word, and signs.
        ("a", "A", "en"),
        ("é", "é", "fr"),
        ("Emi", "Emilia was born", "en"),
        ("was emi", "Emilia was born", "en"),
        ("🕯", "We lit a 🕯️.", "en"),
        ("👍", "👍🏽", ""),
        ("20", "20 weeks", ""),
        # Scripts without spaces.
        ("流産", "去年の流産のあと", "ja"),
        ("流", "流産", "ja"),
        ("แท้ง", "เขาแท้งลูก", "th"),
        # Words of which a mark is a part, and an invisible one isn't.
        ("Zu\u00adsammen", "zusammen", "de"),
        ("cafe\u0301", "café", "fr"),
        ("l’amour", "l'amour", "fr"),
        ("don't go", "I don’t go", "en"),
    ],
)
def test_what_is_looked_for_is_found(typed, text, language):
    assert finds(typed, text, language)


@pytest.mark.parametrize(
    ("typed", "text", "language"),
    [
        ("Kind", "She was kin to us.", "en"),
        ("a", "apple", "en"),
        ("emi born", "Emilia was born", "en"),
        ("rand", "Der Brand", "de"),
        ("eine", "Steine", "de"),
        ("kind", "mankind", "en"),
        ("born gone", "Emilia was born", "en"),
        ("Emi", "Die Akademie", "de"),
    ],
)
def test_what_is_only_like_it_is_not(typed, text, language):
    assert not finds(typed, text, language)


@pytest.mark.parametrize("typed", ["", "   ", "—…!?", "\"*'()", "\x00", "_", "=", "~", "@", "ـ"])
def test_without_a_word_nothing_is_looked_for(typed):
    assert query_of(typed) == ()


@pytest.mark.parametrize(
    "typed",
    [
        '" OR *',
        "kind\x00garten",
        "a' | 'b",
        "NEAR(kind x)",
        "tokens:kind",
        "=language=de",
        "_kind @rose ca~em",
    ],
)
def test_nothing_typed_is_more_than_words(typed):
    words = {one for sought in query_of(typed) for one in (*sought.words, *sought.beginnings)}

    assert words
    assert all(one.lstrip("_").replace("~", "").isalnum() for one in words)
    assert "=language=de" not in words


@pytest.mark.thorough
def test_a_long_query_is_cut_and_a_long_text_is_read_once():
    assert len(query_of("kind " * 10_000)) == 1
    assert query_of("x" * 10_000) == query_of("x" * LONGEST_QUERY)
    assert len(query_of(" ".join(map(str, range(10_000))))) == 12
    assert len(tokens_of("x" * 1_000_000)) == 1
    assert len(tokens_of(" ".join(map(str, range(100_000))))) <= 30_100


def test_the_language_that_nobody_said_is_guessed_by_little_words():
    assert "kind" in tokens_of("Und das ist nicht für die Kinder, sie war mit uns.")
    assert "hous" in tokens_of("And it was the houses that we had.")


def test_words_are_shown_where_they_were_typed():
    text = "«Más» and 流産 מַיִם."

    assert [text[start:end] for start, end, _ in words_in(text)] == ["Más", "and", "流産", "מַיִם"]
