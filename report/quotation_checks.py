"""Whether each quotation says what was said, and in the paragraph that it cites."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from report import reference, rules, wording
from report.clearance import withheld
from report.diagnostics import Diagnostic, Place, Rule
from report.languages import primary
from report.model import Event, Finding, Origin
from report.quotation import Quotation, quotations
from report.reference import MalformedReference
from report.source import KeyPath
from report.wording import Difference, Piece, Wording


def check_quotations(event: Event) -> Iterator[Diagnostic]:
    """Every quotation occurs word for word in the paragraphs that it cites."""
    verification = Verification(event)
    for identity, origin in _citing(event):
        assert origin.document
        for quotation in quotations(origin.document.body):
            if fault := verification.fault(quotation, identity):
                place = origin.document.place_in_body(quotation.offset, quotation.width)
                yield Diagnostic(fault.rule, place, fault.message, fault.hint)
    for identity, origin, path, text in _conclusions(event):
        for quotation in quotations(text):
            if fault := verification.fault(quotation, identity):
                written = text[quotation.offset :][: quotation.width]
                place = _place_in_value(origin, path, written)
                yield Diagnostic(fault.rule, place, fault.message, fault.hint)


def _citing(event: Event) -> Iterator[tuple[str, Origin]]:
    """The identity and origin of every text that may quote another."""
    for chapter in event.chapters.values():
        yield chapter.id, chapter.origin
    for session in event.sessions:
        yield session.id, session.origin
        for statement in session.statements:
            yield statement.id, statement.origin
    if event.summary:
        yield event.summary.id, event.summary.origin
    for identity, (_, origin) in event.aside.items():
        yield identity, origin


def _conclusions(event: Event) -> Iterator[tuple[str, Origin, KeyPath, str]]:
    """Every conclusion: the text that it belongs to, its place there, and what it says."""
    if summary := event.summary:
        for key in ("findings", "recommendations", "way_forward"):
            for index, conclusion in enumerate(getattr(summary, key)):
                yield summary.id, summary.origin, (key, index, "text"), _as_printed(conclusion)
    for statement in event.statements:
        for index, wish in enumerate(statement.recommendations):
            path = ("recommendations", index, "text")
            yield statement.id, statement.origin, path, wish.text


def _as_printed(conclusion: Finding) -> str:
    """The text with its evidence after it: quoted words at its end are quoted from there."""
    evidence = "; ".join(str(target) for target in conclusion.evidence)
    return f"{conclusion.text} [@{evidence}]" if evidence else conclusion.text


def _place_in_value(origin: Origin, path: KeyPath, words: str) -> Place:
    """Where words stand in a value of the front matter; the value when its lines hide them."""
    place = origin.tree.place(*path)
    assert origin.document
    source = origin.document.source
    if source.name != place.file:
        # The text beside the value is a translation, which lies in a file of its own.
        return place
    above = sum(len(line) + 1 for line in source.text.split("\n")[: place.line - 1])
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = pattern and re.compile(pattern).search(source.text, above + place.column - 1)
    return source.place_of(found.start(), len(found[0])) if found else place


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a quotation, and what to do about it."""

    rule: Rule
    message: str
    hint: str


class Verification:
    """Compares the quotations of an event with the texts that they cite.

    Each text is divided into words once, when it is first cited.
    """

    def __init__(self, event: Event):
        self.event = event
        elsewhere = event.companion_texts.items()
        self._withheld = withheld(event) | {i for i, text in elsewhere if text.is_withheld}
        self._wordings: dict[str, Wording] = {}
        self._compared = 0

    def fault(self, quotation: Quotation, citing: str) -> Fault | None:
        """What is wrong with a quotation in the text `citing`; None when nothing is.

        A reference that leads nowhere is passed over: another check tells it.
        """
        cited = self._cited(quotation.reference)
        if not cited:
            return None
        if hidden := next((target for target in cited if target in self._withheld), ""):
            return Fault(rules.WITHHELD_QUOTED, f"{hidden} is withheld, and quoted here", _CUT)
        if not quotation.is_opened:
            return Fault(rules.UNOPENED_QUOTATION, _UNOPENED, _OPEN_IT)
        pieces = wording.pieces(quotation.text)
        differences = {
            target: self._wording(target).difference(pieces, ranges)
            for target, ranges in cited.items()
        }
        if not pieces or None in differences.values():
            return None
        language = self._language(citing)
        foreign = [target for target in cited if self._language(target) != language]
        if foreign and quotation.is_translated:
            return None
        if len(foreign) == len(cited):
            return self._unmarked(foreign[0])
        return self._misquoted(quotation, pieces, cited, differences, citing)

    def _cited(self, marks: str) -> dict[str, list[tuple[int, int]]]:
        """The ranges of paragraphs that a reference names in each text; none when one is absent."""
        try:
            references = reference.parse(marks)
        except MalformedReference:
            return {}
        cited: dict[str, list[tuple[int, int]]] = {}
        for each in references:
            text = self.event.texts.get(each.target)
            count = len(text.paragraphs) if text else 0
            known = count or each.target in self._withheld
            if not known or any(last > count for _, last in each.ranges):
                return {}
            cited.setdefault(each.target, []).extend(each.ranges or [(1, count)])
        return cited

    def _wording(self, identity: str) -> Wording:
        if identity not in self._wordings:
            self._wordings[identity] = _divided(self.event.texts[identity].paragraphs)
        return self._wordings[identity]

    def _language(self, identity: str) -> str:
        """The language of a text without its region."""
        text = self.event.texts.get(identity)
        return primary(text.language if text else self.event.language)

    def _unmarked(self, source: str) -> Fault:
        return Fault(
            rules.UNMARKED_TRANSLATION,
            f"these words do not stand in {source}, whose language is `{self._language(source)}`",
            "write (translated) after the closing quotation mark, or quote the words as spoken",
        )

    def _misquoted(
        self,
        quotation: Quotation,
        pieces: Sequence[Piece],
        cited: Mapping[str, list[tuple[int, int]]],
        differences: Mapping[str, Difference | None],
        citing: str,
    ) -> Fault:
        named = " ".join(quotation.reference.split())
        self._compared += sum(self._wording(each).size(ranges) for each, ranges in cited.items())
        if self._compared > _MOST_COMPARED:
            return Fault(rules.MISQUOTED, f"this is not what {named} says", _COMPARE)
        elsewhere = self._elsewhere(pieces, cited, citing)
        for target, difference in differences.items():
            if not difference:
                continue
            near = self._wording(target).nearest(difference, cited[target])
            if near and not _MARKED.search(near):
                message = f"{named} says “{near}”, but not in this order"
                return Fault(rules.MISQUOTED, message, elsewhere or _IN_ORDER)
            if near:
                message = f"this is not what {named} says: {near}"
                return Fault(rules.MISQUOTED, message, elsewhere or _MARKS_EXPLAINED)
        message = f"{named} says nothing like this"
        return Fault(rules.MISQUOTED, message, elsewhere or _COMPARE)

    def _elsewhere(self, pieces: Sequence[Piece], cited: Iterable[str], citing: str) -> str:
        """A hint that names the text where the words do stand; empty when it is none of these."""
        for identity in dict.fromkeys((*cited, *self._with_words_of(pieces))):
            if identity != citing and (number := self._wording(identity).paragraph_of(pieces)):
                return f"the words stand in [@{identity}:{number}]: cite that paragraph"
        return ""

    def _with_words_of(self, pieces: Sequence[Piece]) -> Iterator[str]:
        """The statements that have every word of a quotation, in whatever order."""
        words = (word for piece in pieces for word in piece.words)
        having = (set[str]().union(*map(self._statements_with, word.forms)) for word in words)
        found = set.intersection(*having)
        return (each.id for each in self.event.statements if each.id in found)

    def _statements_with(self, form: str) -> set[str]:
        return self._vocabulary.get(form, set())

    @cached_property
    def _vocabulary(self) -> dict[str, set[str]]:
        """The statements that have each form of a word."""
        statements: defaultdict[str, set[str]] = defaultdict(set)
        for statement in self.event.statements:
            for form in self._wording(statement.id).vocabulary:
                statements[form].add(statement.id)
        return dict(statements)


@lru_cache(maxsize=32)
def _divided(paragraphs: tuple[str, ...]) -> Wording:
    """The words of a text, which is often looked up in several editions of an event."""
    return Wording(paragraphs)


_MARKED = re.compile(r"\{[-+]")
_MOST_COMPARED = 500_000
"""In how many words nearest passages are sought; who misquotes more will mend the first ones first.

It takes about a second. Two hundred misquotations of a whole statement have less than half of that.
"""

_UNOPENED = "a quotation ends here that begins nowhere in its paragraph"
_OPEN_IT = "put a quotation mark before its first word"
_CUT = "take the quotation out, or have that text cleared"
_COMPARE = "compare it with the paragraphs cited, word for word"
_IN_ORDER = (
    "keep the order of the source, write […] for what is left out, and let [words] replace no"
    " more than eight words"
)
_MARKS_EXPLAINED = (
    "{-…-} is only in the quotation, {+…+} only in the source; […] stands for words left out"
)
