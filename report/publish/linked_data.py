"""The report in the vocabulary of schema.org, as JSON-LD: what search engines read in a page."""

from __future__ import annotations

import json
from typing import Any

from report import naming
from report.citation import Entry
from report.model import Event, Session, Statement
from report.publish.data import clock
from report.typography import smarten
from report.unit import Report


def linked_data(event: Event, report: Report) -> str:
    """The report, the event it is about, its sessions and statements, as JSON-LD 1.1.

    The text can stand in a `script` element: it has none of the characters that HTML would take
    for the element's end or for a comment (JSON-LD 1.1, 7.3).
    """
    assert report.entry
    graph = {"@context": "https://schema.org", **_report(event, report, report.entry)}
    text = json.dumps(_filled(graph), ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _report(event: Event, report: Report, entry: Entry) -> dict[str, Any]:
    return {
        "@type": "Report",
        "name": report.title,
        "description": report.subject,
        "disambiguatingDescription": report.specimen,
        "inLanguage": report.language,
        "author": [_organization(author) for author in entry.authors],
        "contributor": [_organization(partner) for partner in entry.contributors],
        "publisher": _organization(entry.publisher) if entry.publisher else None,
        "datePublished": entry.issued.isoformat(),
        "reportNumber": entry.symbol,
        "version": event.edition.number if event.edition else None,
        "creativeWorkStatus": event.edition.status.value if event.edition else None,
        "keywords": list(report.keywords),
        "citation": [smarten(f"{r.symbol}, {r.title}", event.language) for r in event.resolutions],
        "about": _event(event, entry),
        "hasPart": [_statement(event, statement) for statement in event.statements],
    }


def _event(event: Event, entry: Entry) -> dict[str, Any]:
    return {
        "@type": "Event",
        "name": smarten(event.title, event.language),
        "startDate": event.date.isoformat(),
        "endDate": (event.end_date or event.date).isoformat(),
        "location": _place(entry),
        "organizer": [_organization(organizer) for organizer in entry.authors],
        "subEvent": [_session(session, event, entry) for session in event.sessions],
    }


def _session(session: Session, event: Event, entry: Entry) -> dict[str, Any]:
    # A session tells its hours; on which of several days it sat is not known.
    day = event.date.isoformat()
    hours = {
        "startDate": f"{day}T{clock(session.time.start)}",
        "endDate": f"{day}T{clock(session.time.end)}",
    }
    return {
        "@type": "Event",
        "@id": f"#{session.id}",
        "name": smarten(naming.session_title(event, session), event.language),
        **({} if event.end_date else hours),
        "location": _place(entry),
        "performer": [_speaker(statement, event.language) for statement in session.statements],
    }


def _statement(event: Event, statement: Statement) -> dict[str, Any]:
    return {
        "@type": "CreativeWork",
        "@id": f"#{statement.id}",
        "genre": statement.kind.value,
        "name": smarten(statement.title or naming.byline(event, statement), event.language),
        "inLanguage": statement.language,
        "author": _speaker(statement, event.language),
    }


def _speaker(statement: Statement, language: str) -> dict[str, Any]:
    return {
        "@type": "Person",
        "name": smarten(statement.speaker, language),
        "jobTitle": smarten(statement.function, language),
        "affiliation": _organization(smarten(statement.affiliation, language)),
    }


def _organization(name: str) -> dict[str, Any]:
    return {"@type": "Organization", "name": name}


def _place(entry: Entry) -> dict[str, Any]:
    return {"@type": "Place", "name": entry.coverage}


def _filled(value: Any) -> Any:
    """The value without what is empty."""
    if isinstance(value, list):
        return [_filled(item) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items() if item not in (None, "", [])}
    return value
