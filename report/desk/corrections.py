"""Corrections: proposals that an editor has decided on are made, and what was refused is kept.

Only the words of a proposal change in its file: everything else stays byte for byte. A file is
written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from report.desk.bench import Source, sources
from report.desk.editing import encoded
from report.desk.proposal import Proposal, State
from report.desk.rewording import CannotRewordError, reworded
from report.fragment import replace
from report.model import Event


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was made of proposals, and what could not be made, each with the reason."""

    made: tuple[Proposal, ...]
    failed: tuple[tuple[Proposal, str], ...]


def correct(folder: Path, event: Event, chosen: Iterable[Proposal]) -> Corrected:
    """Make the chosen proposals in the files of the event in `folder`, as `event` was read from it.

    Raises `OSError` when a file cannot be read or written.
    """
    made: list[Proposal] = []
    failed: list[tuple[Proposal, str]] = []
    by_file: defaultdict[str, list[Proposal]] = defaultdict(list)
    for proposal in chosen:
        if proposal.state is State.OPEN:
            by_file[proposal.file].append(proposal)
        elif proposal.state is State.BY_HAND:
            failed.append((proposal, proposal.reason))
        else:
            made.append(proposal)
    known = {source.file: source for source in sources(event).values()}
    for file, proposals in by_file.items():
        done = _corrected(folder / file, known[file], proposals)
        made += done.made
        failed += done.failed
    return Corrected(
        tuple(sorted(made, key=lambda each: each.number)),
        tuple(sorted(failed, key=lambda entry: entry[0].number)),
    )


def _corrected(path: Path, source: Source, proposals: Iterable[Proposal]) -> Corrected:
    """Make proposals in one file, the last in the text first, so that places stay what they are."""
    before = path.read_bytes()
    text = source.document.source.text
    if encoded(text, before) != before:
        reason = "the file was changed just now, or its lines end in different ways"
        return Corrected((), tuple((proposal, reason) for proposal in proposals))
    body, made, failed = source.body, list[Proposal](), list[tuple[Proposal, str]]()
    for proposal in sorted(proposals, key=_place, reverse=True):
        assert proposal.rewording
        try:
            body = reworded(body, proposal.rewording, source.render)
            made.append(proposal)
        except CannotRewordError as error:
            failed.append((proposal, str(error)))
    if made:
        mode = path.stat().st_mode
        replace(path, encoded(text[: len(text) - len(source.body)] + body, before))
        path.chmod(mode)
    return Corrected(tuple(made), tuple(failed))


def _place(proposal: Proposal) -> tuple[int, int]:
    assert proposal.rewording
    return proposal.rewording.start, proposal.rewording.end


class Refusals:
    """The numbers of the proposals of a Word file that an editor has refused: kept in the cache."""

    def __init__(self, cache: Path, data: bytes):
        """Keep those of the file with these bytes."""
        self._path = cache / "corrections" / f"{hashlib.sha256(data).hexdigest()}.json"

    def read(self) -> frozenset[int]:
        """The numbers; none where nothing is kept."""
        try:
            return frozenset(map(int, json.loads(self._path.read_bytes())))
        except (FileNotFoundError, ValueError, TypeError):
            return frozenset()

    def add(self, numbers: Iterable[int]) -> None:
        """Keep more numbers."""
        every = sorted({*self.read(), *numbers})
        replace(self._path, json.dumps(every).encode(), lasting=False)
