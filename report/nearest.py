"""The nearest known word to one that is not known, for hints such as "did you mean ...?"."""

from __future__ import annotations

from collections.abc import Iterable

_LIKE_ENOUGH = 70


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that `word` was most likely meant to be, or None when none is like it.

    >>> nearest("Goverments", ["media", "governments"])
    'governments'
    """
    # Imported here because only an event with mistakes needs it.
    from rapidfuzz import process, utils

    found = process.extractOne(
        word, list(known), processor=utils.default_process, score_cutoff=_LIKE_ENOUGH
    )
    return found[0] if found else None


def hint(word: str, known: Iterable[str], otherwise: str) -> str:
    """Ask whether the nearest known word was meant; say `otherwise` when none is near."""
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found else otherwise
