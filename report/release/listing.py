"""A comparison as text for the terminal: `{-what was taken out-}` and `{+what was put in+}`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from report.release.alignment import Run
from report.release.comparison import Change, Comparison, Difference, Kind

_CONTEXT = 6
"""How many words that stay are shown on either side of those that change."""

_STYLES = {
    Kind.ADDED: "green", Kind.REMOVED: "red", Kind.MOVED: "cyan", Kind.CHANGED: "yellow",
}  # fmt: skip


def listing(comparison: Comparison) -> Iterator[Text]:
    """Each part that differs and, below it, what became of its paragraphs and values."""
    for difference in comparison.differences:
        yield _head(difference)
        if difference.kind is not Kind.ADDED:
            yield from map(_line, difference.changes)


def tally(comparison: Comparison) -> str:
    """How much changed, in one line: `2 paragraphs and values changed, 1 added`."""
    counts = [f"{count} {kind}" for kind in Kind if (count := comparison.tally.get(kind))]
    parts = len(comparison.differences)
    listed = f"{parts} part{'' if parts == 1 else 's'} of the report"
    return f"{listed}: {', '.join(counts)}" if counts else listed


def _head(difference: Difference) -> Text:
    head = Text(difference.name, style="bold")
    if difference.was:
        head.append(f" (was: {difference.was})", style="not bold")
    if difference.kind is not Kind.CHANGED:
        head.append(f" [{difference.kind}]", style=_STYLES[difference.kind])
    return head


def _line(change: Change) -> Text:
    line = Text("  ").append(f"{change.kind:8} ", style=_STYLES[change.kind])
    line.append(change.label)
    if change.old == change.new:
        return line
    line.append(": ")
    runs = change.runs
    for place, run in enumerate(runs):
        if run.stays:
            line.append(_shortened(run, runs, place))
        else:
            _append_edit(line, run)
    return line


def _append_edit(line: Text, run: Run) -> None:
    if run.old:
        line.append(f"{{-{run.old.strip()}-}}", style="red")
    if run.old and run.new:
        line.append(" ")
    if run.new:
        line.append(f"{{+{run.new.strip()}+}}", style="green")
    if (run.new or run.old)[-1].isspace():
        line.append(" ")


def _shortened(run: Run, runs: Sequence[Run], place: int) -> str:
    """Words that stay, without those that are far from any change."""
    words = run.new.split()
    after = words[:_CONTEXT] if place > 0 else []
    before = words[-_CONTEXT:] if place < len(runs) - 1 else []
    if len(words) <= len(after) + len(before):
        return run.new
    space = " " if before and run.new[-1].isspace() else ""
    return " ".join((*after, "\u2026", *before)) + space
