"""Leaders that are one text each.

WeasyPrint 70 makes a box of each dot of a leader (CSS Generated Content 3, 2.5), and marked content
of each box: some thirty in a line of contents, and most of the memory which contents take.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import inline
from weasyprint.layout.leader import leader_index
from weasyprint.text.line_break import create_layout

_handle_leader = inline.handle_leader


def install() -> None:
    """Have WeasyPrint join the dots of leaders from now on."""
    inline.handle_leader = handle_leader


def handle_leader(context: Any, line: Any, containing_block: Any) -> None:
    """Fill the room in a line with its leader, as WeasyPrint does, and make that one text."""
    _handle_leader(context, line, containing_block)
    _, leader = leader_index(line)
    if leader is None or len(leader.children) < 2:
        return
    first, *others = sorted(leader.children, key=lambda dot: dot.position_x)
    first.text *= 1 + len(others)
    first.width *= 1 + len(others)
    first.pango_layout = create_layout(first.text, first.style, context, None, 0)
    first.pango_layout.deactivate()
    leader.children = (first,)
