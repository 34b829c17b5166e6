"""Guessing a statement's front matter from the lines at its head.

A statement that comes by e-mail begins with lines such as "Statement by H.E. Ms. Jane Doe, Minister
of Justice of Member State P", "New York, 19 September 2011" and "Check against delivery". What is
guessed from them is for an editor to confirm; the lines themselves are kept beside the guesses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from report.desk.conversion import Node
from report.desk.dialect import plain
from report.desk.tokens import tokens
from report.model import Category, Event, Participants, StatementKind

_MOST_LINES = 12
_LONGEST_LINE = 30
"""The most words that a line of a head has."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was guessed; None or empty where nothing could be. `lines` were taken from the text."""

    lines: tuple[str, ...]
    speaker: str
    function: str
    affiliation: str
    category: Category | None
    kind: StatementKind
    title: str
    language: str
    check_against_delivery: bool

    @property
    def short_name(self) -> str:
        """The speaker without titles, for the name of a file."""
        return _HONOURS.sub("", self.speaker) or self.speaker


_HONOURS = re.compile(
    r"^(?:(?:H\.? ?E|S\.? ?E|Mrs?|Ms|Mme|M|Dr|Prof|Professor|Ambassador|Sir|Dame|Hon|the)"
    r"\b\.?\s*)+",
    re.IGNORECASE,
)


def read_head(blocks: Sequence[Node], event: Event, file: str) -> tuple[Head, tuple[Node, ...]]:
    """Divide a text into what was guessed from its head, and its blocks without those lines.

    Only lines that are understood are taken. `file` is the name of the file, which often names the
    speaker when the text does not.
    """
    language = language_of(_words(blocks))
    lines = _lines(blocks)
    taken: dict[int, str] = {}
    byline = _byline(lines, taken)
    delivery = _delivery(blocks, taken)
    taken |= {index: line for index, line in lines.items() if _is_occasion(line, event)}
    title = _title(blocks, lines, taken)
    entity, category = _entity([byline, *lines.values()], event.participants)
    speaker, function = _person(byline, entity) if byline else (_from_name(file), "")
    rest = tuple(block for index, block in enumerate(blocks) if index not in taken)
    if not _words(rest):
        taken, rest = {}, tuple(blocks)
    head = Head(
        lines=tuple(taken[index] for index in sorted(taken)),
        speaker=speaker,
        function=function,
        affiliation=entity,
        category=category,
        kind=_kind(taken.values()),
        title=title,
        language=language,
        check_against_delivery=delivery,
    )
    return head, rest


def _lines(blocks: Sequence[Node]) -> dict[int, str]:
    """The short lines before the first paragraph of the statement itself, by their index."""
    lines: dict[int, str] = {}
    for index, block in enumerate(blocks[:_MOST_LINES]):
        text = _line(block)
        if text is None or len(text.split()) > _LONGEST_LINE or _SALUTATION.match(text):
            break
        if text:
            lines[index] = text
    return lines


def _line(block: Node) -> str | None:
    """The words of a paragraph or heading; None for what is neither, or has notes or pictures."""
    match block["t"]:
        case "Para" | "Plain":
            inlines = block["c"]
        case "Header":
            inlines = block["c"][2]
        case _:
            return None
    if any(inline["t"] in ("Note", "Image") for inline in inlines):
        return None
    return plain(inlines)


_SALUTATION = re.compile(
    r"(?:(?:Mr|Madame?|Mrs|Ms|Mister)\.? (?:President|Chair\w*|Secretary|Speaker|Moderator)"
    r"|(?:Your )?Excellenc|Distinguished|Ladies and|Dear |Thank you"
    r"|Monsieur l|Madame l|Mesdames|Excellences|Señor|Señora|Excelencias|Distinguid"
    r"|Уважаем|Господин|Госпожа|Дамы|السيد|سيدي|أصحاب|主席|各位|尊敬)",
    re.IGNORECASE,
)

_BY = re.compile(
    r"^\W*(?:(?:opening|closing|keynote|introductory|national|welcom\w+|video|oral|written)\s+)*"
    r"(?:statement|remarks|address|speech|presentation|intervention|message|keynote)"
    r"(?:\s+(?:(?:made|delivered|given)\s+)?by|\s+of)\b[\s:]*"
    r"|^\W*(?:déclaration|allocution|discours|intervention|message|exposé)"
    r"(?:\s+(?:prononcée?|faite?)\s+par|\s+de|\s+du|\s+d['’])(?:\s|(?<=['’]))\s*"
    r"|^\W*(?:declaración|discurso|intervención|alocución|palabras|mensaje|exposición)"
    r"(?:\s+(?:pronunciad[oa]|formulad[oa])\s+por|\s+de|\s+del)\b[\s:]*"
    r"|^\W*(?:заявление|выступление|речь|обращение)\b[\s:]*"
    r"|^\W*(?:كلمة|بيان|خطاب)\s+(?:يلقيها\s+|ألقاها\s+|ألقتها\s+)?"
    r"|^\W*(?:(?:delivered|pronounced|presented)\s+)?(?:by|par|por)\b[\s:]+"
    r"(?=H\.?\s?E\b|S\.?\s?E\b|M(?:rs?|s|me)?\b|Dr\b|Prof|Ambassad|Embajad|Minist|the\s+[A-Z])",
    re.IGNORECASE,
)


def _byline(lines: dict[int, str], taken: dict[int, str]) -> str:
    """Whom the line names that says by whom the statement is, or the line after it."""
    indexes = list(lines)
    for place, index in enumerate(indexes):
        found = _BY.match(lines[index])
        if not found:
            continue
        rest = lines[index][found.end() :].strip(" :,")
        if rest:
            taken[index] = lines[index]
            return rest
        if place + 1 < len(indexes):
            following = indexes[place + 1]
            taken |= {index: lines[index], following: lines[following]}
            return lines[following]
    return ""


def _kind(lines: Iterable[str]) -> StatementKind:
    words = " ".join(lines).casefold()
    if "keynote" in words:
        return StatementKind.KEYNOTE
    return StatementKind.PRESENTATION if "presentation" in words else StatementKind.STATEMENT


_DELIVERY = re.compile(
    r"^\W*(?:please\s+)?(?:check(?:ed)? against delivery|seul le (?:texte )?prononcé fait foi"
    r"|le texte prononcé fait foi|cot[ée]jese con (?:el )?(?:discurso|texto|pronunciad)\w*.*"
    r"|verif[íi]quese (?:con|contra) .*|сверить с (?:произнес|текст)\w*.*"
    r"|сверять с .*|يرجى المراجعة عند الإلقاء|تراجع عند الإلقاء|以(?:现场|实际)?发言为准)\W*$",
    re.IGNORECASE,
)


def _delivery(blocks: Sequence[Node], taken: dict[int, str]) -> bool:
    """Whether a line of its own, wherever it stands, asks to check against delivery."""
    for index, block in enumerate(blocks):
        text = _line(block)
        if text and _DELIVERY.match(text):
            taken[index] = text
    return any(_DELIVERY.match(line) for line in taken.values())


_DATE = re.compile(
    r"^(?:[\w .,'\u2019-]{0,60},\s*)?(?:le )?\d{1,2} (?:de )?[^\W\d]+ (?:de )?\d{4}\W*$"
    r"|^[^\W\d]+ \d{1,2}, \d{4}\W*$"
)


def _is_occasion(line: str, event: Event) -> bool:
    """Whether a line says only where, when or on what occasion, which the report knows."""
    words = {word.casefold() for word in tokens(line)}
    known = {word.casefold() for word in tokens(f"{event.title} {event.venue} the of at on in to")}
    return bool(_DATE.match(line)) or (len(words) > 1 and words <= known)


def _title(blocks: Sequence[Node], lines: dict[int, str], taken: dict[int, str]) -> str:
    """The only heading of the highest level, when the text begins with it."""
    for index, text in lines.items():
        if index in taken:
            continue
        block = blocks[index]
        if block["t"] == "Header" and _is_alone(block, blocks):
            taken[index] = text
            return text
        if block["t"] == "Header":
            break
    return ""


def _is_alone(heading: Node, blocks: Sequence[Node]) -> bool:
    levels = [block["c"][0] for block in blocks if block["t"] == "Header"]
    return levels.count(min(levels)) == 1 and heading["c"][0] == min(levels)


def _entity(lines: Iterable[str], participants: Participants) -> tuple[str, Category | None]:
    """The participant that the head names: the longest name in the first line that has one."""
    entities = {
        delegation.entity: category
        for category, delegations in participants.by_category()
        for delegation in delegations
    }
    for line in lines:
        named = [name for name in entities if _names(line, name)]
        if named:
            longest = max(named, key=len)
            return longest, entities[longest]
    return "", None


def _names(line: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line, re.IGNORECASE))


def _person(byline: str, entity: str) -> tuple[str, str]:
    """The speaker and the function of a byline: `Name, function of entity`."""
    if entity:
        before = re.split(re.escape(entity), byline, maxsplit=1, flags=re.IGNORECASE)
        # What follows the entity is the occasion, or a further function.
        trimmed = re.sub(r"[\s,–-]*(?:\b(?:of|for|the|de|du|del|la|le)\b\s*)*$", "", before[0])
        byline = trimmed or byline
    speaker, _, function = byline.partition(",")
    return speaker.strip(), function.strip()


def _from_name(file: str) -> str:
    """The words of a file's name, without its number: often the speaker's office."""
    words = re.sub(r"[_\W]+", " ", PurePath(file).stem)
    words = re.sub(r"^\s*\d+\s+", "", words).strip()
    return words[:1].upper() + words[1:] or "Name of the speaker"


# Scripts tell three of the official languages; the most common small words the other three.
_SCRIPTS = {
    "ar": re.compile("[\u0600-\u06ff\u0750-\u077f]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
}
_SMALL_WORDS = {
    code: frozenset(words.split())
    for code, words in (
        ("en", "the of and to in that is for on with as by this we our it are which"),
        ("fr", "le la les des et du dans que qui est pour une sur par nous au aux ce"),
        ("es", "el la los las y en que es para una por con del al nuestro lo se su"),
    )
}


def language_of(text: str) -> str:
    """The official language in which a text is most likely written; `en` when nothing tells."""
    letters = sum(map(str.isalpha, text)) or 1
    for code, script in _SCRIPTS.items():
        if len(script.findall(text)) / letters > 0.5:
            return code
    counts = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    scores = {code: sum(counts[w] for w in words) for code, words in _SMALL_WORDS.items()}
    return max(scores, key=lambda code: scores[code])


def _words(node: object) -> str:
    """All words of a tree, in order."""
    return " ".join(_strings(node))


def _strings(node: object) -> Iterable[str]:
    if isinstance(node, dict):
        if node.get("t") == "Str":
            yield str(node["c"])
        else:
            yield from _strings(node.get("c"))
    elif isinstance(node, list | tuple):
        for each in node:
            yield from _strings(each)
