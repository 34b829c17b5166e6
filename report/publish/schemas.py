"""JSON Schemas of what editors write and of what is published, made from the models.

A text editor such as Visual Studio Code completes and explains the keys of a file by its schema.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from report.model import (
    ChapterMatter,
    ChapterTranslation,
    EventMatter,
    Participants,
    PhotographList,
    SessionMatter,
    SessionTranslation,
    StatementMatter,
    StatementTranslation,
    SummaryMatter,
    SummaryTranslation,
)
from report.publish.data import SCHEMA_FILE, ReportData, schema

_MODELS: Mapping[str, type[BaseModel]] = {
    SCHEMA_FILE: ReportData,
    "schemas/event.json": EventMatter,
    "schemas/chapter.json": ChapterMatter,
    "schemas/session.json": SessionMatter,
    "schemas/statement.json": StatementMatter,
    "schemas/chairmans-summary.json": SummaryMatter,
    "schemas/translation/chapter.json": ChapterTranslation,
    "schemas/translation/session.json": SessionTranslation,
    "schemas/translation/statement.json": StatementTranslation,
    "schemas/translation/chairmans-summary.json": SummaryTranslation,
    "schemas/participants.json": Participants,
    "schemas/photographs.json": PhotographList,
}


def schemas() -> Mapping[str, bytes]:
    """Every schema, by the path of its file."""
    return {path: schema(model) for path, model in _MODELS.items()}
