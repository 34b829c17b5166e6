"""Languages by their codes (BCP 47): which one a code belongs to, and where its lines begin."""

from __future__ import annotations

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages whose script runs from right to left."""


def primary(language: str) -> str:
    """The language without its region or script: zh for zh-Hans."""
    return language.partition("-")[0].lower()


def direction(language: str) -> str:
    """The value of `dir` for a language (HTML Living Standard, 3.2.6.4)."""
    return "rtl" if primary(language) in RIGHT_TO_LEFT else "ltr"
