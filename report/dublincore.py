"""The report's description in the fifteen elements of the Dublin Core (ISO 15836-1).

The web page and the PDF give the same description, each in its own form.
"""

from __future__ import annotations

from collections.abc import Mapping

from report.unit import Report


def elements(report: Report) -> Mapping[str, tuple[str, ...]]:
    """The values of each element that says something; an element's name is without prefix."""
    entry = report.entry
    described = {
        "title": (report.title,),
        "creator": entry.authors if entry else (report.author,),
        "subject": report.keywords,
        "description": (report.subject,),
        "language": (report.language,),
        "type": ("Text",),
    }
    if entry:
        described |= {
            "publisher": (entry.publisher,),
            "contributor": entry.contributors,
            "date": (entry.issued.isoformat(),),
            "identifier": (entry.symbol,),
            "coverage": (entry.coverage,),
            "relation": entry.relations,
        }
    filled = ((name, tuple(filter(None, values))) for name, values in described.items())
    return {name: values for name, values in filled if values}
