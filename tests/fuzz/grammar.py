"""Texts made of what has a meaning, put together as nobody would: Hypothesis's strategies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

CORPUS = Path(__file__).parents[1] / "corpus"
"""What was found, and what looks promising, as files: one folder for each property."""

_SIGNS = (
    "\"'`*_[](){}<>!#|:;,.-+=~^@&%$/\\? \n\t019aAzé中م\u202e\u200b\u00a0\u2019\u201c\u201d\u2026"
)

MARKDOWN = (
    *("# ", "## ", "\n===\n", "\n---\n", "- ", "1. ", "> ", "    ", "\t", "\n", "\n\n", "  \n"),
    *("*", "**", "_", "__", "***", "`", "``", "```\n", "~~~", "\\", "[", "]", "(", ")", "!["),
    *("[a](b)", "[a](b 'c')", "[a][b]", "[b]: /c\n", "![a](media/hall.png)", "![](x)", "<a:b>"),
    *("[^1]", "\n[^1]: note\n", "[^a b]", "*[ABC]: words\n", "ABC", "\nTerm\n: meaning\n"),
    *("{: #a .b c=d }", "{: ", "{#a}", "| a | b |\n|---|:-:|\n| 1 | 2 |\n", "|", "|-|\n"),
    *("Table: caption\n", "Table:", "[@1-opening/01-minister:1]", "[@", "[@a:1-", "@", ":1]"),
    *("A/RES/60/288", "S/RES/1373 (2001)", "A/", "/288", '"', "\u201c", "\u201d", "'", "\u2019"),
    *("(translated)", "[\u2026]", "[all]", "--", "---", "...", "<<", ">>", "&amp;", "&#1;", "&lt;"),
    *("&#xD800;", "&", ";", "<", ">", "<p>", "</p>", "<div>", "</div>", "<em>", "</em>", "<sic>"),
    *("<a href='javascript:x'>", "<img src=x onerror=x>", "<script>", "</script>", "<style>"),
    *("<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<svg>", "<math>", "<table>", "<td>", "<li>"),
    *('<p id="a">', '<h1 id="b">', '<div class="footnote">', "<br>", "<hr>", "</", "<a ", '="'),
    *(
        "{{ 1 }}",
        "{{",
        "}}",
        "{%",
        "word",
        "We are glad to be here.",
        "\ufffd",
        "\u2028",
        "a\u0301",
    ),
)
"""What Markdown, HTML and Rapporteur see a meaning in."""

MATTER = (
    *(
        "speaker: Minister\n",
        "title: ",
        "key_points:\n",
        "  - ",
        "- ",
        ": ",
        ":\n",
        "? ",
        "|\n",
        ">\n",
    ),
    *(
        "  ",
        "    ",
        "\n",
        "'",
        '"',
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a ",
        "*a",
        "!x ",
        "!!int ",
        "%",
        "@",
    ),
    *("`", "# ", "---\n", "...\n", "~", "null", "yes", "1:30", "2011-09-19", "0x1F", "1e3", "<<: "),
    *(
        "recommendations:\n",
        "  - text: ",
        "    level: national\n",
        "evidence: ",
        "minutes: ",
        "9" * 30,
    ),
    *(
        "status: draft\n",
        "embargo: ",
        "2011-09-19T10:00Z",
        "language: ",
        "en",
        "zh-Hant",
        "\\",
        "\\x01",
    ),
    *(
        "\\u0000",
        "\t",
        "\u0085",
        "\u2028",
        "limits:\n",
        "edition: ",
        "{number: 1}",
        "1-opening/01-minister:1",
    ),
)
"""What YAML and the model see a meaning in."""

REFERENCE = (
    *("1-opening/01-minister", "1-opening", "a", "/", ":", "1", "12", "-", "\u2013", ",", ";", "@"),
    *("[", "]", "[@", " ", "\n", ".", "..", "0", "00", "9" * 5, "\u0663", "_", "é", ""),
)

SYMBOL = (
    *("A", "S", "E", "ST", "CRC", "/", "/RES/", "/PV.", "/60/", "288", "1373", " (2001)", "(", ")"),
    *(
        ".",
        "-",
        "Add.1",
        "L.5",
        "A/4",
        "a",
        " ",
        "\n",
        "é",
        "1",
        "_",
        ":",
        "http://",
        "@",
        "\u00a0",
    ),
)

QUOTATION = (
    *(
        '"',
        "\u201c",
        "\u201d",
        "\u201e",
        "\u00ab",
        "\u00bb",
        "'",
        "\u2018",
        "\u2019",
        "\u300c",
        "\u300d",
    ),
    *("> ", "\n>\n", "\n", "\n\n", "-- ", "\u2014", "[@1-opening/01-minister:1]", "[@1-opening:1]"),
    *(
        "[@1-opening/02-x:1]",
        "[@1-opening/02-x:1-2; 1-opening:1]",
        "(translated)",
        "[\u2026]",
        "[...]",
    ),
    *(
        "[we]",
        "We are glad to be here.",
        "we",
        "are",
        "glad",
        "otherwise",
        " ",
        ".",
        ",",
        "[^1]",
        "`",
        "*",
    ),
    *(
        "\\",
        "- ",
        "1. ",
        "&quot;",
        "\u4e2d\u6587",
        "\u0645\u062b\u0627\u0644",
        "a\u0301",
        "\u00ad",
        "l'\u00e9",
    ),
)

EXPRESSION = (
    *(
        "{{ ",
        " }}",
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "\n\n",
        "sessions",
        "event",
        "event.title",
        ".",
    ),
    *(
        "statements",
        "participants",
        "speakers",
        " | length",
        "|join(', ')",
        "|first",
        "|sort",
        "|map('",
    ),
    *(
        "upper",
        "attribute='",
        "|sum",
        "|round(",
        "|default('",
        "|list",
        "__class__",
        "['",
        "']",
        "[0]",
    ),
    *(
        "1",
        "9" * 40,
        "1e308",
        "0",
        " + ",
        " - ",
        " * ",
        " ** ",
        " / ",
        " // ",
        " % ",
        " ~ ",
        "'a'",
        '"',
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        ",",
        "not ",
        " and ",
        " if ",
        " else ",
        " in ",
        " is defined",
        "none",
        "true",
    ),
    *("loop", "self", "range(9)", "'%s'", "'\\ud800'", "'\\n'", "x", "="),
)


def texts(pieces: Sequence[str], folder: str) -> st.SearchStrategy[str]:
    """Texts of pieces and of anything, and kept ones into which pieces are put."""
    piece = st.sampled_from(pieces) | st.text(_SIGNS, max_size=6) | st.text(max_size=3)
    made = st.lists(piece, max_size=24).map("".join)
    seeds = kept(folder)
    return made | _changed(seeds, made) if seeds else made


def kept(folder: str) -> list[str]:
    """The kept texts of a property."""
    return [_read(path) for path in sorted((CORPUS / folder).glob("*.txt"))]


def _read(path: Path) -> str:
    # Line ends are part of what was found.
    return path.read_bytes().decode("utf-8", "surrogatepass")


def _changed(seeds: Sequence[str], made: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Kept texts of which a part is replaced, doubled or taken out."""

    def change(seed: str, cuts: tuple[int, int], new: str, times: int) -> str:
        first, last = sorted(cut % (len(seed) + 1) for cut in cuts)
        return seed[:first] + new + seed[first:last] * times + seed[last:]

    cuts = st.tuples(st.integers(0, 999), st.integers(0, 999))
    return st.builds(change, st.sampled_from(seeds), cuts, made, st.integers(0, 3))
