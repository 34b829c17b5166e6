"""The official languages of the United Nations, by their codes (ISO 639-1)."""

from __future__ import annotations

_NAMES = {
    "ar": "Arabic",
    "zh": "Chinese",
    "en": "English",
    "fr": "French",
    "ru": "Russian",
    "es": "Spanish",
}


def language_name(code: str) -> str:
    """The English name of an official language; any other is told by its code."""
    return _NAMES.get(code, code)
