"""Explanations of diagnostics: what a code means, why it matters, an example and the mend.

Everything that is told stands in `rules`, beside the code.
"""

from __future__ import annotations

import textwrap

from report.diagnostics import Example, Rule
from report.rules import RULES

_WIDTH = 88


def find(code: str) -> Rule | None:
    """The rule with this code, in capitals or small letters."""
    return next((rule for rule in RULES if rule.code == code.strip().upper()), None)


def listing() -> str:
    """Every code with its title, one a line, in the order of the codes' numbers."""
    listed = sorted(RULES, key=lambda rule: rule.code[1:])
    return "\n".join(f"{rule.code}  {rule.title}" for rule in listed)


def explain(rule: Rule) -> str:
    """All that is to be said of a rule, as plain text without a final newline."""
    parts = [
        f"{rule.severity}[{rule.code}]: {rule.title}",
        _wrapped(rule.means),
        _wrapped(f"Why it matters: {rule.why}"),
        *(_example(rule.example) if rule.example else ()),
        _wrapped(f"What to do: {rule.mend}"),
    ]
    return "\n\n".join(parts)


def page() -> str:
    """A page in Markdown that explains every code, each under an address of its own: #e302."""
    listed = sorted(RULES, key=lambda rule: rule.code[1:])
    index = "\n".join(f"- [{rule.code}](#{rule.code.lower()}) {rule.title}" for rule in listed)
    return "\n\n".join((_HEAD, index, *map(_section, listed))) + "\n"


_HEAD = """\
# What the program says, and what to do

A code that begins with E is an error: no report is made until it is mended. One that begins with W
is a warning. `python build.py explain CODE` tells the same in the terminal. This page is written by
`make docs`."""


def _section(rule: Rule) -> str:
    anchor = f'<a id="{rule.code.lower()}"></a>'
    parts = [f"## {anchor}{rule.code}: {rule.title}", rule.means, rule.why]
    if rule.example:
        where = f", in `{rule.example.file}`" if rule.example.file else ""
        wrong = _fenced(rule.example.wrong or "(nothing)")
        parts += [f"Wrong{where}:", wrong, "Right:", _fenced(rule.example.right)]
    return "\n\n".join((*parts, rule.mend))


def _fenced(text: str) -> str:
    fence = "````" if "```" in text else "```"
    return f"{fence}\n{text}\n{fence}"


def _example(example: Example) -> tuple[str, str]:
    where = f", in {example.file}" if example.file else ""
    wrong = example.wrong or "(nothing)"
    return (
        f"Wrong{where}:\n\n{textwrap.indent(wrong, '    ')}",
        f"Right:\n\n{textwrap.indent(example.right, '    ')}",
    )


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    print(page(), end="")
