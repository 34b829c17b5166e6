"""Quotation marks and spaces by language: in plain texts, in Markdown, in what is compared."""

import pytest

from report.markup import parse
from report.typography import smarten
from report.wording import Wording, pieces

CASES = [
    ("en", 'The "Chairman\'s Summary" -- part 2', "The “Chairman’s Summary” – part 2"),
    ("fr", '"Oui" ; non ! Qui ?!', "«\u00a0Oui\u00a0»\u202f; non\u202f! Qui\u202f?!"),
    ("fr", "Voici: l'avis «cité» ; fin", "Voici\u00a0: l’avis «\u00a0cité\u00a0»\u202f; fin"),
    ("fr", 'Le "petit "mot" dit"', "Le «\u00a0petit “mot” dit\u00a0»"),
    ("fr", "Déjà\u00a0: fait\u202f!", "Déjà\u00a0: fait\u202f!"),
    ("fr", "À 10:30, voir https://example.org/a;b?c=1", None),
    ("fr", "Écrire à nom@example.org", None),
    ("ru", 'Сказано: "Это "новый" план" — да', "Сказано: «Это „новый“ план»\u00a0— да"),
    ("ru", "«Уже так»", None),
    (
        "ru",
        "1 250 000 человек в 2006 году, 2006 125",
        "1\u00a0250\u00a0000 человек в 2006 году, 2006 125",
    ),
    ("ru", "Закон -- это сила, мир - тоже", "Закон\u00a0— это сила, мир\u00a0— тоже"),
    ("ru", "что-то, 2 - 1, № 5, 12 %", "что-то, 2 - 1, №\u00a05, 12\u00a0%"),
    ("fr", "Loi n° 5, 12 % et 12%", "Loi n°\u00a05, 12\u00a0% et 12%"),
    ("es", "El 12 % de 1 250 000", "El 12\u00a0% de 1\u00a0250\u00a0000"),
    ("ar", "بلغ 1 250 شخصا", "بلغ 1\u00a0250 شخصا"),
    ("es", '¿"Qué"? ¡"No"! Siempre', "¿“Qué”? ¡“No”! Siempre"),
    ("ar", 'قال "نعم"', "قال «نعم»"),
    ("zh", '他说"你好"的。', "他说“你好”的。"),
    ("zh", "共1 250人", "共1\u00a0250人"),
]
"""Language, what an editor types, and how it is set; none means that it stays as it is."""


@pytest.mark.parametrize(("language", "typed", "wanted"), CASES)
def test_a_plain_text_has_the_signs_of_its_language(
    language: str, typed: str, wanted: str | None
) -> None:
    assert smarten(typed, language) == (wanted or typed)


@pytest.mark.parametrize(("language", "typed", "wanted"), CASES)
def test_a_statement_has_the_signs_of_its_language(
    language: str, typed: str, wanted: str | None
) -> None:
    text = parse(typed, "x", "x.md", 3, language=language)
    assert text.paragraphs == ((wanted or typed).replace("\u202f", " ").replace("\u00a0", " "),)
    assert (wanted or typed) in text.html


def test_signs_beside_emphasis_and_references_have_their_spaces_too() -> None:
    text = parse('Il *dit* ! "Mot" [@a/b:1] ; `x ; y` et "*fin*" ?', "x", "x.md", 3, language="fr")
    assert "<em>dit</em>\u202f!" in text.html
    assert "</a>\u202f;" in text.html
    assert "<code>x ; y</code>" in text.html
    assert "«\u00a0<em>fin</em>\u00a0»\u202f?" in text.html


def test_marks_are_counted_anew_in_every_paragraph() -> None:
    text = parse('Un "mot ouvert.\n\nUn "autre" mot.', "x", "x.md", 3, language="fr")
    assert "«\u00a0autre\u00a0»" in text.html


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("Il dit\u00a0: «\u00a0Oui\u00a0»\u202f!", 'Il dit: "Oui"!'),
        ("Сказано: «Это „новый“ план»\u00a0— да", 'Сказано: "Это "новый" план" - да'),
        ("他说“你好”的。", '他说"你好"的。'),
        ("قال «نعم»", 'قال "نعم"'),
        ("¿“Qué”? ¡“No”!", "¿«Qué»? ¡«No»!"),
        ("عام ٢٠٠٦", "عام 2006"),
    ],
)
def test_words_are_the_same_whatever_signs_they_are_quoted_with(said: str, quoted: str) -> None:
    assert Wording([said]).difference(pieces(quoted)) is None
    assert Wording([quoted]).difference(pieces(said)) is None
