"""Families of texts that grow: each is a function from a number to that much of something nasty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

Family: TypeAlias = Callable[[int], str]


def repeated(piece: str, end: str = "") -> Family:
    """The same piece, again and again."""
    return lambda n: piece * n + end


def numbered(piece: str, between: str = "") -> Family:
    """A piece with its number in the place of `#`, so that no two are the same."""
    return lambda n: between.join(piece.replace("#", str(number)) for number in range(n))


def nested(start: str, end: str) -> Family:
    """Pieces that stand one within the other."""
    return lambda n: start * n + "word" + end * n


BODIES: Mapping[str, Family] = {
    "words": repeated("word "),
    "one long word": repeated("w"),
    "paragraphs": repeated("A paragraph of words.\n\n"),
    "lines": repeated("a line\n"),
    "empty lines": repeated("\n"),
    "spaces": repeated(" ", "."),
    "spaces within lines": repeated("a          \n"),
    "tabs": repeated("\t"),
    "headings": repeated("# Heading\n\n"),
    "underlined headings": repeated("Heading\n=====\n\n"),
    "hashes": repeated("#"),
    "emphasis": repeated("*a* "),
    "strong emphasis": repeated("**a** __b__ "),
    "open emphasis": repeated("*a "),
    "open strong emphasis": repeated("**a "),
    "open and strong emphasis": repeated("*a **b "),
    "open underlines": repeated("_a "),
    "asterisks": repeated("*"),
    "underscores": repeated("_"),
    "asterisks and underscores": repeated("*_"),
    "nested emphasis": nested("*a **b ", " b** a*"),
    "backticks": repeated("`"),
    "open code": lambda n: " ".join("`" * (k % 7 + 1) for k in range(n)),
    "code": repeated("`a` "),
    "indented code": repeated("    code\n"),
    "fences": repeated("```\ncode\n```\n\n"),
    "open brackets": repeated("["),
    "closed brackets": repeated("]"),
    "brackets": repeated("[a] "),
    "nested brackets": nested("[", "]"),
    "brackets and parentheses": repeated("[a]("),
    "parentheses": repeated("("),
    "exclamations": repeated("!["),
    "links": numbered("[a#](https://example.org/#) "),
    "links with titles": repeated('[a](b "c" '),
    "links to nowhere": numbered("[a](#x#) "),
    "links with definitions": lambda n: (
        numbered("[a#][r#] ")(n) + "\n\n" + numbered("[r#]: /#\n")(n)
    ),
    "definitions": numbered("[r#]: https://example.org/#\n"),
    "addresses": repeated("<https://example.org/> "),
    "bare addresses": repeated("https://example.org/a/b "),
    "pictures": repeated("![a](../media/hall.png)\n\n"),
    "references": repeated("[@1-opening/01-minister:1] "),
    "references in one": lambda n: "[@" + "; ".join(["1-opening/01-minister:1"] * n) + "]",
    "ranges in a reference": lambda n: "[@1-opening/01-minister:" + ",".join(["1"] * n) + "]",
    "open references": repeated("[@a "),
    "references without ends": repeated("[@"),
    "symbols": repeated("A/RES/60/288 "),
    "symbols in a row": repeated("A/RES/60/288/"),
    "almost symbols": repeated("A/"),
    "dots of symbols": lambda n: "A/RES/6" + "." * n + " ",
    "stroke and dots": repeated("A/R.-"),
    "footnotes": lambda n: numbered("word[^#] ")(n) + "\n\n" + numbered("[^#]: note\n")(n),
    "calls of one note": lambda n: "word[^1] " * n + "\n\n[^1]: note\n",
    "notes without calls": numbered("[^#]: note\n"),
    "calls without notes": numbered("word[^#] "),
    "long notes": lambda n: "word[^1]\n\n[^1]: note\n" + "    more\n\n" * n,
    "tables": repeated("| a | b |\n|---|---|\n| 1 | 2 |\n\n"),
    "a long table": lambda n: "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * n,
    "a wide table": lambda n: "|" + " a |" * n + "\n|" + "---|" * n + "\n|" + " 1 |" * n + "\n",
    "pipes": repeated("|"),
    "captions": repeated("Table: a\n\n| a |\n|---|\n| 1 |\n\n"),
    "almost tables": repeated("a | b\n"),
    "items": repeated("- item\n"),
    "items apart": repeated("- item\n\n"),
    "numbered items": repeated("1. item\n"),
    "lists": repeated("- item\n\nword\n\n"),
    "nested items": lambda n: "".join(f"{'    ' * (k % 12)}- item\n" for k in range(n)),
    "quoted": repeated("> word\n"),
    "quoted apart": repeated("> word\n\nword\n\n"),
    "nested quotations": lambda n: "".join(f"{'> ' * (k % 20 + 1)}word\n" for k in range(n)),
    "angles": repeated(">"),
    "definitions of terms": repeated("Term\n: definition\n\n"),
    "colons": repeated(": a\n"),
    "acronyms": lambda n: numbered("*[A#]: word\n")(n) + "\n" + numbered("A# ")(n),
    "one acronym": lambda n: "*[ABC]: word\n\n" + "ABC " * n,
    "attributes": repeated("word {: #a .b c=d }\n\n"),
    "open attributes": repeated("{: "),
    "entities": repeated("&amp;"),
    "odd entities": repeated("&#x;&#;&;"),
    "ampersands": repeated("&"),
    "less than": repeated("<"),
    "open tags": repeated("<a "),
    "open attributes of tags": repeated('<a b="'),
    "tags": repeated("<em>a</em>"),
    "unknown tags": repeated("<sic>a</sic>"),
    "blocks": repeated("<div>a</div>\n\n"),
    "open blocks": repeated("<div>\n\n"),
    "closing tags": repeated("</p>"),
    "nested tags": nested("<em>", "</em>"),
    "comments": repeated("<!-- a -->"),
    "open comments": repeated("<!--"),
    "closed comments": repeated("-->"),
    "instructions": repeated("<?"),
    "sections of characters": repeated("<![CDATA["),
    "ids": numbered('<p id="a#">word</p>\n\n'),
    "same ids": repeated('<p id="a">word</p>\n\n'),
    "cells": lambda n: "<table><tr>" + "<td>a</td>" * n + "</tr></table>",
    "quotation marks": repeated('"'),
    "curly quotation marks": repeated("\u201c\u201d"),
    "apostrophes": repeated("'"),
    "said": repeated('"word" '),
    "quotations": repeated('He said "we are glad" [@1-opening/01-minister:1]. '),
    "other quotations": repeated('"We are sorry" [@1-opening/01-minister:1]. '),
    "open quotations": repeated('"we are glad '),
    "open quotations at last": lambda n: '"a ' * n + '" [@1-opening/01-minister:1]',
    "quotations of paragraphs": repeated("> We are glad\n>\n> -- [@1-opening/01-minister:1]\n\n"),
    "a long quotation": lambda n: '"' + "we are " * n + '" [@1-opening/01-minister:1]',
    "omissions": lambda n: '"' + "we [\u2026] " * n + '" [@1-opening/01-minister:1]',
    "insertions": lambda n: '"' + "we [all] " * n + '" [@1-opening/01-minister:1]',
    "notes at a quotation": lambda n: '"a"' + "[^1]" * n + " [@1-opening/01-minister:1]",
    "dashes": repeated("-"),
    "dashes apart": repeated("- "),
    "dots": repeated("."),
    "rules": repeated("* * *\n"),
    "backslashes": repeated("\\"),
    "escapes": repeated("\\*"),
    "equals signs": repeated("="),
    "tildes": repeated("~"),
    "expressions in a statement": repeated("{{ 1 }} "),
    "braces": repeated("{"),
    "combining marks": repeated("a\u0301"),
    "many marks on one letter": repeated("\u0301"),
    "directions": repeated("\u202e\u2066"),
    "Chinese": repeated("\u4e2d\u6587"),
    "Arabic": repeated("\u0645\u062b\u0627\u0644 "),
}
"""Bodies of texts: Markdown."""

EXPRESSIONS: Mapping[str, Family] = {
    "expressions": repeated("{{ 1 }} "),
    "wrong expressions": repeated("{{ a }}\n"),
    "open expressions": repeated("{{ "),
    "an open expression": lambda n: "{{ " + "word " * n,
    "closed expressions": repeated("}} "),
    "a sum": lambda n: "{{ " + "1 + " * n + "1 }}",
    "a nested expression": lambda n: "{{ " + "(" * n + "1" + ")" * n + " }}",
    "a long text": lambda n: "{{ '" + "a" * n + "' }}",
    "texts put together": lambda n: "{{ " + "'a' ~ " * n + "'a' }}",
    "filters": lambda n: "{{ 'a'" + " | upper" * n + " }}",
    "a product": lambda n: "{{ " + "99 * " * n + "1 }}",
    "blank lines": repeated("{{\n\n"),
}
"""Bodies with expressions, as the Chairman's Summary may have them."""

MATTERS: Mapping[str, Family] = {
    "keys": numbered("key#: value\n"),
    "same keys": repeated("key: value\n"),
    "items of a list": lambda n: "key_points:\n" + "  - word\n" * n,
    "a list on one line": lambda n: "key_points: [" + "word, " * n + "]\n",
    "open lists": lambda n: "key_points: " + "[" * n + "\n",
    "a long value": lambda n: "title: " + "word " * n + "\n",
    "a long quoted value": lambda n: 'title: "' + "word " * n + '"\n',
    "a block": lambda n: "title: |\n" + "  word\n" * n,
    "a folded block": lambda n: "title: >\n" + "  word\n" * n,
    "records": lambda n: "recommendations:\n" + "  - text: word\n    level: national\n" * n,
    "comments": repeated("# a remark\n"),
    "empty lines": repeated("\n"),
    "invisible characters": lambda n: "title: " + "\x01" * n + "\n",
    "escapes": lambda n: 'title: "' + "\\x01" * n + '"\n',
    "tabs": repeated("\t\n"),
    "colons": lambda n: "title: " + ": " * n + "\n",
    "marks": lambda n: "key_points:\n" + "  - *a\n" * n,
}
"""Front matter: YAML, to be put between the two lines of dashes."""
