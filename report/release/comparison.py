"""The comparison of two editions: what changed, by statement and paragraph."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from report.model import Event
from report.release.alignment import Run, align, increasing, runs
from report.release.inventory import PASSAGES, Entry, Item, inventory
from report.words import gettext_noop


class Kind(StrEnum):
    """What became of something between two editions."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"

    @property
    def word(self) -> str:
        """The message that says what became of something, after its name."""
        return _WORDS[self]

    @property
    def heading(self) -> str:
        """The message that says it by itself."""
        return _HEADINGS[self]


_WORDS = {
    Kind.ADDED: gettext_noop("added"),
    Kind.REMOVED: gettext_noop("removed"),
    Kind.MOVED: gettext_noop("moved"),
    Kind.CHANGED: gettext_noop("changed"),
}
_HEADINGS = {
    Kind.ADDED: gettext_noop("Added"),
    Kind.REMOVED: gettext_noop("Removed"),
    Kind.MOVED: gettext_noop("Moved"),
    Kind.CHANGED: gettext_noop("Changed"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one item: its label and its text in each edition, empty where it is not.

    Something may have moved and changed at once; its kind is then `MOVED`. A conclusion is now in
    the words `of` a text with this id.
    """

    kind: Kind
    was: str
    now: str
    old: str
    new: str
    of: str = ""

    @property
    def label(self) -> str:
        """How the item is called now, and how it was where that differs."""
        if self.was and self.now and self.was != self.now:
            return f"{self.now} (was: {self.was})"
        return self.now or self.was

    @property
    def runs(self) -> tuple[Run, ...]:
        """What stays and what changes in its words."""
        return runs(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of a part of the report, and of what it says.

    `was` is its name if it had another; `id` is what the new edition knows it by. One that was
    removed has no id and is only named: what is withdrawn is not printed again.
    """

    kind: Kind
    name: str
    was: str
    language: str
    changes: tuple[Change, ...]
    id: str = ""

    @property
    def texts(self) -> frozenset[str]:
        """The ids of the texts of the new edition whose words it tells."""
        return frozenset({self.id, *(change.of for change in self.changes)})


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changed between two events, in the order of the report."""

    differences: tuple[Difference, ...]

    @property
    def tally(self) -> Mapping[Kind, int]:
        """How many items were added, removed, moved and changed in all."""
        return Counter(c.kind for difference in self.differences for c in difference.changes)


def compare(old: Event, new: Event) -> Comparison:
    """Compare two editions of an event by what they say, whatever their files are called."""
    return Comparison(tuple(_Comparing(inventory(old), inventory(new)).differences()))


class _Comparing:
    def __init__(self, old: Sequence[Entry], new: Sequence[Entry]):
        self.old, self.new = old, new
        self.became = _paired(old, new)
        """The new entry for the id of each old one that stays."""
        self.before = {entry.id: before for before, entry in self._pairs()}
        self.moved = frozenset(self._moved())
        stay = {entry.id for entry, after in self._pairs() if not after.is_withheld}
        self.withdrawn = frozenset(entry.id for entry in old) - stay
        """The ids of old entries whose words are in the report no more."""

    def differences(self) -> Iterator[Difference]:
        """What differs, part by part; what was removed comes after what stood before it."""
        found = [*self._of_new(), *self._of_removed()]
        in_order = [difference for _, difference in sorted(found, key=lambda entry: entry[0])]
        told = _with_moves(in_order)
        return (d for d in told if d.changes or d.was or d.kind is not Kind.CHANGED)

    def _pairs(self) -> Iterator[tuple[Entry, Entry]]:
        return ((entry, self.became[entry.id]) for entry in self.old if entry.id in self.became)

    def _of_new(self) -> Iterator[tuple[tuple[int, int], Difference]]:
        for place, entry in enumerate(self.new):
            before = self.before.get(entry.id)
            if before is None:
                changes = tuple(_added(item) for item in entry.items)
                kind, was = Kind.ADDED, ""
            else:
                kind = Kind.MOVED if entry.id in self.moved else Kind.CHANGED
                was = before.name if before.name != entry.name else ""
                changes = tuple(_changes_of(before, entry, self.withdrawn))
            difference = Difference(kind, entry.name, was, entry.language, changes, entry.id)
            yield (place, 0), difference

    def _of_removed(self) -> Iterator[tuple[tuple[int, int], Difference]]:
        places = {entry.id: place for place, entry in enumerate(self.new)}
        place = 0
        for order, entry in enumerate(self.old, start=1):
            if entry.id in self.became:
                place = places[self.became[entry.id].id]
            else:
                difference = Difference(Kind.REMOVED, entry.name, "", entry.language, ())
                yield (place, order), difference

    def _moved(self) -> Iterator[str]:
        """The ids of new entries that stand in another session, or in another order in theirs."""
        order: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for entry in self.new:
            if entry.id in self.before:
                order[entry.within].append((self.before[entry.id].id, entry.id))
        for within, entries in order.items():
            session = self.before[within].id if within else ""
            places = {e.id: n for n, e in enumerate(self.old) if e.within == session}
            stayed = increasing([places[old] for old, _ in entries if old in places])
            yield from (new for old, new in entries if places.get(old) not in stayed)


_Key = Callable[[Entry], Hashable]

_KEYS: tuple[_Key, ...] = (
    lambda entry: (entry.kind, entry.id, entry.paragraphs),
    lambda entry: entry.paragraphs and (entry.kind, entry.paragraphs),
    lambda entry: (entry.kind, entry.id),
    lambda entry: (entry.kind, entry.name),
    lambda entry: entry.paragraphs and (entry.kind, max(entry.paragraphs, key=len)),
)
"""By what the parts of two editions are known to be the same, the surest first."""


def _paired(old: Sequence[Entry], new: Sequence[Entry]) -> dict[str, Entry]:
    """The new entry for the id of each old one that is there still."""
    pairs: dict[str, Entry] = {}
    taken: set[str] = set()
    for key in _KEYS:
        free = {key(entry): entry for entry in reversed(new) if entry.id not in taken}
        for entry in old:
            found = free.pop(key(entry), None) if entry.id not in pairs and key(entry) else None
            if found:
                pairs[entry.id] = found
                taken.add(found.id)
    return pairs


def _changes_of(old: Entry, new: Entry, withdrawn: Collection[str]) -> Iterator[Change]:
    """What changed in a part, without words that are withdrawn: they are not printed again."""
    if new.is_withheld:
        known = {item.key for item in new.items} - PASSAGES
        was, now = ([item for item in entry.items if item.key in known] for entry in (old, new))
        yield from _changes(was, now)
        return
    for change in _changes(old.items, new.items, withdrawn):
        is_withdrawn = new.kind == "conclusions" and change.kind is Kind.REMOVED
        yield replace(change, old="") if is_withdrawn else change


def _changes(
    old: Sequence[Item], new: Sequence[Item], withdrawn: Collection[str] = ()
) -> Iterator[Change]:
    """What changed in a part, in its order; what was removed stands where it was.

    What is in the words of a text that is withdrawn has become nothing else, however alike it is.
    """
    olds, news = _by_key(old), _by_key(new)
    found: list[tuple[float, Change]] = []
    for key in dict.fromkeys((*olds, *news)):
        before, after = olds.get(key, []), news.get(key, [])
        stay = [n for n in before if old[n].of not in withdrawn]
        pairs = align([old[n].text for n in stay], [new[n].text for n in after])
        became = {stay[pair.old]: after[pair.new] for pair in pairs}
        for pair in pairs:
            was, now = old[stay[pair.old]], new[after[pair.new]]
            if pair.is_moved or was.text != now.text:
                kind = Kind.MOVED if pair.is_moved else Kind.CHANGED
                change = Change(kind, was.label, now.label, was.text, now.text, now.of)
                found.append((after[pair.new], change))
        came = set(after) - set(became.values())
        found += ((place, _added(new[place])) for place in came)
        found += ((place, _removed(old[n])) for n, place in _gone(before, became, after))
    return (change for _, change in sorted(found, key=lambda entry: entry[0]))


def _gone(
    before: Sequence[int], became: Mapping[int, int], after: Sequence[int]
) -> Iterator[tuple[int, float]]:
    """The items of a key that went, each with the place after the one that it followed."""
    place = after[0] - 0.5 if after else float(before[0])
    for item in before:
        if item in became:
            place = became[item] + 0.5
        else:
            yield item, place


def _with_moves(differences: Sequence[Difference]) -> Iterator[Difference]:
    """Tell of words that went from one part to another as moved, in both."""
    went, came = _places(differences, Kind.REMOVED), _places(differences, Kind.ADDED)

    def told(change: Change) -> Change:
        if change.kind is Kind.ADDED and change.new in went:
            return replace(change, kind=Kind.MOVED, was=went[change.new], old=change.new)
        if change.kind is Kind.REMOVED and change.old in came:
            return replace(change, kind=Kind.MOVED, now=came[change.old], new=change.old)
        return change

    for difference in differences:
        yield replace(difference, changes=tuple(map(told, difference.changes)))


def _places(differences: Iterable[Difference], kind: Kind) -> Mapping[str, str]:
    """Where longer texts were added or removed; a short one may be in two places by chance."""
    return {
        change.old or change.new: f"{difference.name}, {change.was or change.now}"
        for difference in differences
        for change in difference.changes
        if change.kind is kind and len(change.old or change.new) >= _TELLING
    }


_TELLING = 60
"""From how many characters on a text is told again by its words alone."""


def _by_key(items: Iterable[Item]) -> Mapping[str, list[int]]:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        places[item.key].append(place)
    return places


def _added(item: Item) -> Change:
    return Change(Kind.ADDED, "", item.label, "", item.text, item.of)


def _removed(item: Item) -> Change:
    return Change(Kind.REMOVED, item.label, "", item.text, "")
