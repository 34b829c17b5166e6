"""The domain in the field's own words: the event, its sessions, statements and conclusions.

Every class is frozen. A class whose name ends in `Matter` is what an editor writes at the head of a
file, key by key; the class without that ending adds what the compiler knows besides: its identity
and its text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Self, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from report.companion import CompanionReport, CompanionText
from report.deck import Deck
from report.diagnostics import Place
from report.digits import Digits
from report.limits import USUAL, Limits
from report.markup import Text
from report.reference import MalformedReference, Reference, parse_one
from report.source import Document, Tree
from report.translatable import (
    CODE,
    COMPOSED,
    MaybeTranslatable,
    Translatable,
    TranslatableList,
    is_by_language,
    of_language,
)
from report.words import gettext_noop


class Record(BaseModel):
    """A frozen record: no key that it does not name, no value but of its type."""

    model_config = ConfigDict(
        # A validator is made when first used: most kinds are validated only within others.
        defer_build=True,
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        arbitrary_types_allowed=True,
    )

    @classmethod
    def of(cls, matter: Record, **known: Any) -> Self:
        """Return a record of what an editor wrote, valid already, and of what is known besides.

        What counts as set is what the editor set: a set of its own for each would be larger than
        what it names.
        """
        made = cls.model_construct(matter.model_fields_set, **vars(matter), **known)
        return cast(Self, made)


class Category(StrEnum):
    """Whom a participant or speaker represents."""

    GOVERNMENTS = "governments"
    REGIONAL_ORGANIZATIONS = "regional_organizations"
    CIVIL_SOCIETY = "civil_society"
    MEDIA = "media"
    UNITED_NATIONS = "united_nations"

    @property
    def heading(self) -> str:
        """The message that heads the category in the list of participants."""
        return _CATEGORY_TITLES[self]


_CATEGORY_TITLES = {
    Category.GOVERNMENTS: gettext_noop("Governments"),
    Category.REGIONAL_ORGANIZATIONS: gettext_noop("Regional organizations"),
    Category.CIVIL_SOCIETY: gettext_noop("Civil society"),
    Category.MEDIA: gettext_noop("Media"),
    Category.UNITED_NATIONS: gettext_noop("United Nations entities"),
}


class Region(StrEnum):
    """The part of the world that a speaker represents: the regional groups of Member States."""

    AFRICA = "africa"
    ASIA_PACIFIC = "asia_pacific"
    EASTERN_EUROPE = "eastern_europe"
    LATIN_AMERICA_CARIBBEAN = "latin_america_caribbean"
    WESTERN_EUROPE_OTHER = "western_europe_other"

    @property
    def heading(self) -> str:
        """The message that names the region in charts."""
        return _REGION_TITLES[self]


_REGION_TITLES = {
    Region.AFRICA: gettext_noop("Africa"),
    Region.ASIA_PACIFIC: gettext_noop("Asia and the Pacific"),
    Region.EASTERN_EUROPE: gettext_noop("Eastern Europe"),
    Region.LATIN_AMERICA_CARIBBEAN: gettext_noop("Latin America and the Caribbean"),
    Region.WESTERN_EUROPE_OTHER: gettext_noop("Western Europe and other States"),
}


class SessionKind(StrEnum):
    """The three kinds of session of a symposium."""

    OPENING = "opening"
    THEMATIC = "thematic"
    CLOSING = "closing"

    @property
    def heading(self) -> str:
        """The message that says of a session that it is of this kind."""
        return _SESSION_TITLES[self]

    @property
    def discussion(self) -> str:
        """The message that heads what is told of the session besides its statements."""
        is_thematic = self is SessionKind.THEMATIC
        return _DISCUSSION_TITLE if is_thematic else _SESSION_SUMMARY_TITLE


_SESSION_TITLES = {
    SessionKind.OPENING: gettext_noop("Opening session"),
    SessionKind.THEMATIC: gettext_noop("Thematic session"),
    SessionKind.CLOSING: gettext_noop("Closing session"),
}
_DISCUSSION_TITLE = gettext_noop("Summary of the discussion")
_SESSION_SUMMARY_TITLE = gettext_noop("Summary of the session")


class StatementKind(StrEnum):
    """What a speaker delivers."""

    KEYNOTE = "keynote"
    STATEMENT = "statement"
    PRESENTATION = "presentation"

    @property
    def heading(self) -> str:
        """The message that says of a statement that it is of this kind."""
        return _STATEMENT_TITLES[self]


_STATEMENT_TITLES = {
    StatementKind.KEYNOTE: gettext_noop("Keynote address"),
    StatementKind.STATEMENT: gettext_noop("Statement"),
    StatementKind.PRESENTATION: gettext_noop("Presentation"),
}


class Status(StrEnum):
    """Whether a text may be distributed."""

    DRAFT = "draft"
    """It is not cleared yet: its pages say so, and nothing is released with it."""

    CLEARED = "cleared"
    """Whoever it belongs to has agreed that it is distributed."""

    WITHHELD = "withheld"
    """It is not distributed: the report says that it is not available, and none of its words."""


class Level(StrEnum):
    """The level at which a recommendation is to be carried out."""

    INTERNATIONAL = "international"
    REGIONAL = "regional"
    NATIONAL = "national"

    @property
    def heading(self) -> str:
        """The message above recommendations of this level."""
        return _LEVEL_HEADINGS[self]

    @property
    def word(self) -> str:
        """The message that names the level in a column of levels."""
        return _LEVEL_WORDS[self]


_LEVEL_HEADINGS = {
    Level.INTERNATIONAL: gettext_noop("International level"),
    Level.REGIONAL: gettext_noop("Regional level"),
    Level.NATIONAL: gettext_noop("National level"),
}
_LEVEL_WORDS = {
    Level.INTERNATIONAL: gettext_noop("International"),
    Level.REGIONAL: gettext_noop("Regional"),
    Level.NATIONAL: gettext_noop("National"),
}


_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when a session sits, in minutes after midnight, local time."""

    start: int
    end: int

    @classmethod
    def parse(cls, text: object) -> Hours:
        """Read `10:15-11:30`; raises `ValueError` when it is not two times of the day in order."""
        parts = re.split(r"\s*[-\u2013]\s*", str(text).strip())
        times = [_CLOCK.fullmatch(part) for part in parts]
        if len(times) != 2 or not times[0] or not times[1]:
            raise ValueError("write two times of the day, such as 10:15-11:30")
        start, end = (int(time[1]) * 60 + int(time[2]) for time in times if time)
        if start >= end:
            raise ValueError("the second time must be later than the first, as in 10:15-11:30")
        return cls(start=start, end=end)

    def __str__(self) -> str:
        return f"{_clock(self.start)}\u2013{_clock(self.end)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _date(text: object) -> datetime.date:
    """Read a date; only `2011-09-19`, since 09/10/2011 is two dates and 2011 a second of 1970."""
    if _DATE.fullmatch(str(text).strip()):
        try:
            return datetime.date.fromisoformat(str(text).strip())
        except ValueError:
            raise ValueError("there is no such day: check the month and the day") from None
    raise ValueError("write a date as year-month-day, such as 2011-09-19")


def _moment(text: object) -> datetime.datetime:
    """Read a moment; without a time zone, half the world would take it for another one."""
    try:
        moment = datetime.datetime.fromisoformat(str(text).strip())
    except ValueError:
        moment = datetime.datetime.min
    if moment.tzinfo is None:
        raise ValueError("write day, time and time zone, such as 2011-09-20T09:00-04:00")
    return moment


def _written(pattern: str, hint: str) -> AfterValidator:
    """A text of this form; `hint` says what the form is."""

    def validate(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(hint)
        return text

    return AfterValidator(validate)


def _text_of(pattern: str, hint: str) -> tuple[AfterValidator, WithJsonSchema]:
    return _written(pattern, hint), WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


Name = Annotated[str, Field(min_length=1)]
Participant = Annotated[Name, COMPOSED]
Date = Annotated[
    datetime.date, PlainValidator(_date), WithJsonSchema({"type": "string", "format": "date"})
]
Moment = Annotated[
    datetime.datetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Identifier = Annotated[
    str,
    *_text_of("[A-Za-z0-9][A-Za-z0-9_-]*", "use letters, digits and hyphens, without spaces"),
]
FileName = Annotated[
    str,
    *_text_of(
        r"((\.\./|[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*)?",
        "write a name such as part-1/report, in letters, digits, hyphens and slashes",
    ),
]
Part = Annotated[
    str,
    *_text_of(
        r"[^\s/\\]+", "write the name of a part, of a chapter's file or of a session's folder"
    ),
]
Language = Annotated[
    str,
    *_text_of(CODE, "write the code of a language, such as en, fr or ar"),
]
Time = Annotated[Hours, PlainValidator(Hours.parse), WithJsonSchema({"type": "string"})]


def _reference(value: Any) -> Reference:
    """Read a reference; to YAML a colon with a space after it makes something else of it."""
    if isinstance(value, dict | list):
        raise MalformedReference("a reference is one text, with no space after its colon")
    return parse_one(str(value))


Evidence = Annotated[
    Reference,
    PlainValidator(_reference),
    WithJsonSchema({"type": "string", "pattern": r"^([\w.-]+:)?[\w./-]+(:[\d,-]+)?$"}),
]


def _one_or_many(value: Any) -> Any:
    """A list of one may be written without the list."""
    return [value] if isinstance(value, str) else value


TextList = Annotated[
    tuple[Name, ...],
    BeforeValidator(_one_or_many, json_schema_input_type=tuple[Name, ...] | Name),
]


def _two_or_four(number: int) -> int:
    if number not in (2, 4):
        raise ValueError("write 2 or 4")
    return number


SlidesPerPage = Annotated[
    int, AfterValidator(_two_or_four), WithJsonSchema({"type": "integer", "enum": [2, 4]})
]
EvidenceList = Annotated[
    tuple[Evidence, ...],
    BeforeValidator(_one_or_many, json_schema_input_type=tuple[Evidence, ...] | Evidence),
]


class Pillar(Record):
    """One of the themes that order the event's recommendations, such as a pillar of a strategy."""

    id: Identifier
    """How files name the pillar."""
    title: Translatable
    """Its title, as headings and charts have it."""


class Resolution(Record):
    """A resolution from which the event has its mandate."""

    symbol: Name
    """Its symbol, such as A/RES/60/288."""
    title: Translatable
    """Its title, for the list of documents."""
    date: Date | None = None
    """The day on which it was adopted."""


class Subject(Record):
    """A subject of the index: a term, and the words by which texts speak of it.

    Other subjects name it by its term in the main language.
    """

    term: Translatable
    """The term as the index prints it. A term in small letters is found in capitals too."""
    variants: TranslatableList = ()
    """Other words for the same, such as a plural."""
    see: str = ""
    """The term to look under instead; this one then has no places of its own."""
    see_also: tuple[Name, ...] = ()
    """Terms of the index that are akin to this one."""


def _term_alone(value: Any) -> Any:
    """A subject that has nothing but a term may be written as the term."""
    is_term = isinstance(value, str) or is_by_language(value)
    return {"term": value} if is_term else value


_TermAlone = BeforeValidator(_term_alone, json_schema_input_type=Subject | str)


class EditionStatus(StrEnum):
    """How far the report has come on its way to the one that is kept."""

    DRAFT = "draft"
    PROVISIONAL = "provisional"
    FINAL = "final"

    @property
    def heading(self) -> str:
        """The message that says on the cover how far the edition has come; none for a final one."""
        return _EDITION_HEADINGS.get(self, "")

    @property
    def remark(self) -> str:
        """The message beside the number of the edition; none for a final one."""
        return _EDITION_REMARKS.get(self, "")


_EDITION_HEADINGS = {
    EditionStatus.DRAFT: gettext_noop("Draft edition"),
    EditionStatus.PROVISIONAL: gettext_noop("Provisional edition"),
}
_EDITION_REMARKS = {
    EditionStatus.DRAFT: gettext_noop("draft"),
    EditionStatus.PROVISIONAL: gettext_noop("provisional"),
}


class CompanionMatter(Record):
    """Another report whose texts this one cites, such as Part 1 of the same event."""

    data: Name
    """Its `report.json`, copied into this event's folder."""
    file: FileName = ""
    """What its PDF and its page are called, without the ending and as seen from this report's:
    part-1/report. Without it, references to it are no links."""


class Edition(Record):
    """An edition of the report, as its imprint tells it."""

    number: int = Field(default=1, ge=1)
    """Counted from 1; a later edition takes the place of the ones before it."""
    date: Date
    """The day on which this edition is issued."""
    status: EditionStatus = EditionStatus.FINAL
    """A draft is for its editors, a provisional edition for the speakers to correct."""


GENERATED_PARTS = frozenset(
    {
        "contents",
        "acronyms",
        "programme",
        "chairmans-summary",
        "sessions",
        "photographs",
        "participants",
        "at-a-glance",
        "map",
        "recommendations",
        "speakers",
        "documents",
        "subjects",
        "figures",
    }
)
"""Parts that the compiler makes; any other part is a chapter with a file of that name."""


class NumberedPages(StrEnum):
    """How the pages of several volumes are counted."""

    SEPARATE = "separate"
    """Each volume begins with page 1."""

    CONTINUOUS = "continuous"
    """A volume goes on from the page on which the one before it ends."""


class Volume(Record):
    """A volume of the report: a book of its own, with cover, imprint and contents."""

    title: Translatable
    """What the volume holds, such as Statements; its number comes from its place."""
    front: tuple[Part, ...] = ("contents",)
    """The parts before page 1, in their order."""
    body: tuple[Part, ...] = Field(min_length=1)
    """The parts from page 1 on, in their order; a session is named by its folder."""


class EvidenceDemand(StrEnum):
    """Whether a conclusion without evidence is a warning or an error."""

    EXPECTED = "expected"
    REQUIRED = "required"


PARTICIPANTS = "participants"
"""The identity of the list of participants."""

PHOTOGRAPHS = "photographs"
"""The identity of the list of photographs."""


class EventMatter(Record):
    """What `event.yaml` says of the event as a whole."""

    title: Translatable
    """The name of the event, without its part."""
    part: int | None = Field(default=None, ge=1)
    """The number of this part, when the event had several."""
    series: MaybeTranslatable = ""
    """The series or body under whose name the report appears."""
    specimen: bool = False
    """Whether the texts are only examples; every page then says so."""
    date: Date
    """The day of the event, or its first day: 2011-09-19."""
    end_date: Date | None = None
    """The last day of an event of several days."""
    venue: Translatable
    """The place, and the city."""
    organizers: tuple[Translatable, ...] = Field(min_length=1)
    """Those who held the event; they are the authors of the report."""
    partners: tuple[Translatable, ...] = ()
    """Those in partnership with whom it was held."""
    symbol: str = ""
    """The document symbol of the report, such as A/60/825."""
    language: Language = "en"
    """The main language of the report: a code such as en, fr or ar."""
    languages: tuple[Language, ...] = ()
    """The languages of the report's editions, the main one first: [en, fr, ar]."""
    publisher: MaybeTranslatable = ""
    """Who publishes the report, as the imprint names them."""
    edition: Edition | None = None
    """The number, date and status of this edition."""
    imprint: MaybeTranslatable = ""
    """A note for the imprint: copyright, disclaimers."""
    pillars: tuple[Pillar, ...] = ()
    """The themes that order sessions, findings and recommendations."""
    resolutions: tuple[Resolution, ...] = ()
    """The resolutions from which the event has its mandate."""
    documents: Mapping[str, Translatable] = Field(default_factory=dict)
    """The titles of further documents that texts cite, each by its symbol, such as A/60/825."""
    subjects: tuple[Annotated[Subject, _TermAlone], ...] = ()
    """The terms of the index of subjects; one with nothing but a term may be the term alone."""
    acronyms: Annotated[Mapping[str, Translatable], BeforeValidator(of_language)] = Field(
        default_factory=dict
    )
    """What each acronym stands for; one of a language alone is in no other edition."""
    companions: Mapping[Identifier, CompanionMatter] = Field(default_factory=dict)
    """Other reports whose texts this one cites, each by the name that references give it."""
    digits: Digits = Digits.LATIN
    """The digits of an edition in Arabic: latin (2011) or arabic_indic (٢٠١١)."""
    evidence: EvidenceDemand = EvidenceDemand.EXPECTED
    """Whether a conclusion without evidence is a warning (expected) or an error (required)."""
    speaking_rates: Mapping[Language, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
    """Words a minute (in Chinese, characters) by language, where the usual rates do not hold."""
    limits: Limits = USUAL
    """How much the event may ask of the machine, where it has good reason for more than usual."""
    front: tuple[Part, ...] = ("contents", "acronyms")
    """The parts before page 1, in their order."""
    body: tuple[Part, ...] = (
        "programme",
        "chairmans-summary",
        "sessions",
        "photographs",
        "participants",
    )
    """The parts from page 1 on, in their order; any that is not generated is a file so named."""
    volumes: tuple[Volume, ...] = ()
    """The volumes of a report that fills several; each has the parts that are its own."""
    paging: NumberedPages = NumberedPages.SEPARATE
    """Whether each volume begins with page 1 (separate), or pages are counted on (continuous)."""
    booklet: tuple[Identifier, ...] = ()
    """The chapters of the programme booklet, each a file so named: practical for practical.md."""

    @cached_property
    def bound(self) -> tuple[Volume, ...]:
        """The volumes of the report; a report in one volume is one without a title."""
        return self.volumes or (Volume.model_construct(title="", front=self.front, body=self.body),)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The parts of the whole report, volume by volume."""
        return tuple(part for volume in self.bound for part in (*volume.front, *volume.body))

    @model_validator(mode="before")
    @classmethod
    def _main_language(cls, data: Any) -> Any:
        """The first of the languages is the main one where nothing says which is."""
        if isinstance(data, dict) and "language" not in data:
            languages = data.get("languages")
            if isinstance(languages, list) and languages:
                return {**data, "language": languages[0]}
        return data

    @property
    def editions(self) -> tuple[str, ...]:
        """The languages in which the report appears, the main one first."""
        return self.languages or (self.language,)


class SpeakerRecommendation(Record):
    """What a speaker asks for, and the paragraph of the statement that says it.

    `same_as` names the `id` of another recommendation that asks for the same.
    """

    text: Translatable
    """What is recommended, in one sentence."""
    level: Level
    """Where it is to be carried out."""
    pillar: Identifier | None = None
    """The `id` of a pillar of event.yaml; none when it cuts across all."""
    id: Identifier | None = None
    """A name by which `same_as` can point to it."""
    same_as: str = ""
    """The `id` of the recommendation that it repeats."""
    paragraph: int | None = Field(default=None, ge=1)
    """The number of the paragraph of the statement that says it."""


class Clearable(Record):
    """What the front matter of a text says of its distribution."""

    status: Status | None = None
    """Whether it may be distributed. Without it pages are not marked, but nothing is released."""
    embargo: Moment | None = None
    """Until when nothing is released with it: 2011-09-20T09:00-04:00."""


class StatementMatter(Clearable):
    """The front matter of a statement."""

    speaker: Translatable
    """A name, or an office such as Minister for Foreign Affairs."""
    function: MaybeTranslatable = ""
    """A further function, such as one on whose behalf the speaker speaks."""
    index_as: MaybeTranslatable = ""
    """How the index of speakers names them, when not by the name as it stands: Doe, Jane."""
    affiliation: Participant
    """The State, organization or entity, as in participants.yaml."""
    category: Category
    """Whom the speaker represents."""
    region: Region | None = None
    """The part of the world that the speaker represents, for the charts."""
    kind: StatementKind = StatementKind.STATEMENT
    """What was delivered."""
    title: MaybeTranslatable = ""
    """The title of the statement, when it has one."""
    language: Language = "en"
    """The language in which it was delivered, and in which the text below is: the report's main
    language, if nothing is said."""
    minutes: int | None = Field(default=None, ge=1, le=240)
    """How long it took."""
    check_against_delivery: bool = False
    """Whether the text was handed out with the request to check it against delivery."""
    key_points: TranslatableList = ()
    """What a reader in haste should know, a sentence each."""
    recommendations: tuple[SpeakerRecommendation, ...] = ()
    """What the speaker asks for."""
    slides: str = ""
    """The deck that was shown, a file of the event's folder: media/deck.pdf, .pptx or .odp."""
    slides_per_page: SlidesPerPage = 2
    """How many slides stand on a page: 2 or 4."""
    slides_alt: TextList = ()
    """What the slides show, for those who cannot see them: a text for each, or one for all."""
    biography: MaybeTranslatable = ""
    """Who the speaker is, in a few sentences, for the programme booklet."""
    portrait: str = ""
    """A picture of the speaker for the booklet, a file of the event's folder: media/mayor.jpg."""


class SessionMatter(Clearable):
    """The front matter of `session.md`."""

    kind: SessionKind
    """What takes place in it."""
    title: Translatable
    """Its title, in full."""
    short_title: MaybeTranslatable = ""
    """The title where room is short: running heads and navigation."""
    chair: Participant
    """`office, entity`, as in participants.yaml."""
    time: Time
    """From when to when, local time: 10:15-11:30."""
    pillar: Identifier | None = None
    """The `id` of a pillar of event.yaml."""
    floor: tuple[Participant, ...] = ()
    """Who took the floor in the discussion, as in participants.yaml."""


class Finding(Record):
    """A key finding of the Chairman's Summary, or a step of its way forward, with its evidence."""

    text: Translatable
    """The conclusion, in one sentence or a few."""
    pillar: Identifier | None = None
    """The `id` of a pillar of event.yaml; none when it cuts across all."""
    evidence: EvidenceList = ()
    """The paragraphs on which it rests, such as 2-dialogue/03-mayor:4-6,9."""


class Recommendation(Finding):
    """A recommendation of the Chairman's Summary."""

    level: Level
    """Where it is to be carried out."""
    id: Identifier | None = None
    """A name by which `same_as` can point to it."""
    same_as: str = ""
    """The `id` of the recommendation that it repeats."""


class SummaryMatter(Clearable):
    """The front matter of `chairmans-summary.md`."""

    chair: Participant
    """Who signs the summary: `office, entity`, as in participants.yaml."""
    findings: tuple[Finding, ...] = ()
    """What the meeting found."""
    recommendations: tuple[Recommendation, ...] = ()
    """What the Chairman recommends, beside what speakers ask for."""
    way_forward: tuple[Finding, ...] = ()
    """The steps that follow."""


class NumberedText(Record):
    """A recommendation as an edition numbered it."""

    number: int = Field(ge=1)
    text: Name


class Accepted(Record):
    """What was accepted on the last review of the Chairman's Summary.

    `citations` holds a fingerprint of each cited paragraph, `recommendations` their numbers.
    """

    citations: Mapping[str, str] = Field(default_factory=dict)
    recommendations: tuple[NumberedText, ...] = ()


class Delegation(Record):
    """A State, organization or entity that took part, and who represented it."""

    entity: Translatable
    """The State, organization or entity."""
    representatives: tuple[Translatable, ...] = ()
    """Their offices or names."""


class Participants(Record):
    """All who took part, by category."""

    governments: tuple[Delegation, ...] = ()
    """States, and those who spoke for them."""
    regional_organizations: tuple[Delegation, ...] = ()
    """Regional and other intergovernmental organizations."""
    civil_society: tuple[Delegation, ...] = ()
    """Non-governmental organizations, universities and others."""
    media: tuple[Delegation, ...] = ()
    """Newspapers, broadcasters and others."""
    united_nations: tuple[Delegation, ...] = ()
    """Entities of the United Nations system."""

    def by_category(self) -> tuple[tuple[Category, tuple[Delegation, ...]], ...]:
        """The delegations of each category that has any, in the order of the categories."""
        listed = ((category, getattr(self, category.value)) for category in Category)
        return tuple((category, delegations) for category, delegations in listed if delegations)

    @cached_property
    def entities(self) -> frozenset[str]:
        """The names of all States, organizations and entities."""
        return frozenset(d.entity for _, group in self.by_category() for d in group)

    @cached_property
    def representatives(self) -> frozenset[str]:
        """Everyone as `office, entity`."""
        return frozenset(
            f"{person}, {d.entity}"
            for _, group in self.by_category()
            for d in group
            for person in d.representatives
        )


class ChapterMatter(Record):
    """The front matter of a text of the event's own."""

    title: Translatable
    """The title of the chapter."""


class ChapterTranslation(Record):
    """The front matter of a translated chapter: what is translated of the original's."""

    title: str = ""
    """The title of the chapter."""


class SessionTranslation(Clearable):
    """The front matter of a translated `session.md`."""

    title: str = ""
    """The title of the session."""
    short_title: str = ""
    """The title where room is short."""


class StatementTranslation(Clearable):
    """The front matter of a translated statement.

    Its status and embargo are those of the translation alone; the original's hold for it too.
    """

    title: str = ""
    """The title of the statement."""
    speaker: str = ""
    """The name or office of the speaker."""
    function: str = ""
    """The further function of the speaker."""
    index_as: str = ""
    """How the index of speakers names them."""
    key_points: tuple[Name, ...] = ()
    """The key points, a text for each of the original's."""
    slides_alt: TextList = ()
    """What the slides show: a text for each, or one for all."""
    recommendations: tuple[Name, ...] = ()
    """What the speaker asks for, a text for each of the original's recommendations."""


class SummaryTranslation(Clearable):
    """The front matter of a translated Chairman's Summary: a text for each of the original's."""

    findings: tuple[Name, ...] = ()
    """A text for each finding of the original."""
    recommendations: tuple[Name, ...] = ()
    """A text for each recommendation of the original."""
    way_forward: tuple[Name, ...] = ()
    """A text for each step of the original."""


class PhotographMatter(Record):
    """A photograph as `media/photographs.yaml` lists it."""

    file: Name
    """The picture, beside `photographs.yaml`: hall.jpg."""
    caption: Translatable
    """What stands below it."""
    credit: Translatable
    """Who took it, or where it is from."""
    alt: Translatable
    """What it shows, for those who cannot see it."""
    session: str = ""
    """The folder of the session that it is of: 1-opening."""


class PhotographList(Record):
    """The whole of `media/photographs.yaml`."""

    photographs: tuple[PhotographMatter, ...] = ()
    """The photographs in their order."""


class Origin(Record):
    """Where a record was read: the places of its keys, and its text when it has one."""

    tree: Tree
    document: Document | None = None


TranslationMatter = (
    ChapterTranslation | SessionTranslation | StatementTranslation | SummaryTranslation
)


class Translation(Record):
    """A text in another language than its original, as the file beside the original has it.

    `text` is None where the file translates nothing but values of the front matter.
    """

    matter: TranslationMatter
    text: Text | None
    origin: Origin


class Picture(Record):
    """An image file: path relative to the event's folder, SHA-256, width and height in pixels."""

    file: str
    digest: str
    width: int
    height: int


class Companion(CompanionMatter):
    """Another report, with what its data say, and the SHA-256 of these."""

    report: CompanionReport
    digest: str


class Photograph(PhotographMatter):
    """A photograph with its picture, and where it is listed."""

    picture: Picture
    place: Place


class Chapter(ChapterMatter):
    """A text of the event's own: foreword, background, format."""

    id: str
    text: Text
    origin: Origin


class Statement(StatementMatter):
    """A statement, keynote address or presentation as delivered, with its text."""

    id: str
    text: Text
    origin: Origin
    deck: Deck | None = None
    """The slides, where the front matter names a deck and it was opened."""
    face: Picture | None = None
    """The portrait, where the front matter names one and it could be read."""

    @property
    def byline(self) -> tuple[str, ...]:
        """How references name the statement: a person by name, an office with its affiliation."""
        if self.kind is StatementKind.KEYNOTE and self.function:
            return (self.speaker,)
        return (self.speaker, self.affiliation)


class Session(SessionMatter):
    """A session: its chair, its statements in order, and the summary of its discussion."""

    id: str
    number: int
    statements: tuple[Statement, ...]
    discussion: Text
    origin: Origin

    @property
    def heading(self) -> str:
        """The title where room is short: running heads and navigation."""
        return self.short_title or self.title


class ChairmansSummary(SummaryMatter):
    """The Chairman's Summary: its narrative, findings, recommendations and way forward."""

    id: str
    text: Text
    origin: Origin


class Event(EventMatter):
    """The whole event as its folder tells it."""

    chapters: Mapping[str, Chapter]
    sessions: tuple[Session, ...]
    participants: Participants
    photographs: tuple[Photograph, ...]
    pictures: Mapping[str, Picture]
    summary: ChairmansSummary | None
    companions: Mapping[Identifier, Companion] = Field(default_factory=dict)
    accepted: Accepted = Accepted()
    origin: Origin
    unreadable: frozenset[str] = frozenset()
    """Identities of texts whose files exist but could not be read; a diagnostic said so."""
    aside: Mapping[str, tuple[Text, Origin]] = Field(default_factory=dict)
    """Texts that are not in the report because something around them was refused."""
    handout: Mapping[str, Chapter] = Field(default_factory=dict)
    """The chapters of the programme booklet, which are in no other form of the report."""
    translations: Mapping[str, Mapping[str, Translation]] = Field(default_factory=dict)
    """Translations by their language, and by the identity of the text that they translate."""
    tables: Mapping[str, Tree] = Field(default_factory=dict)
    """What was read of the lists of participants and photographs, in all languages."""
    foreign: Mapping[tuple[str, str], str] = Field(default_factory=dict)
    """The language of each value that is not in that of the edition, by text and key."""
    numbering: Mapping[str, int] = Field(default_factory=dict)
    """The numbers that the original has given to recommendations, by their identities."""

    def language_of(self, identity: str, key: str) -> str:
        """The language of a value at the head of a text."""
        return self.foreign.get((identity, key), self.language)

    def prints(self, part: str) -> bool:
        """Whether a part is in the order of the report, so that links can lead into it."""
        return part in self.order

    def sessions_in(self, part: str) -> tuple[Session, ...]:
        """The sessions in a part of the order: the one so named, or all that no part names."""
        order = self.order
        return tuple(
            session
            for session in self.sessions
            if part == (session.id if session.id in order else "sessions")
        )

    @property
    def printed_sessions(self) -> tuple[Session, ...]:
        """The sessions that the report prints, in its order."""
        return tuple(session for part in self.order for session in self.sessions_in(part))

    def texts_in(self, part: str) -> Iterator[tuple[str, Text]]:
        """The texts in a part of the order, each with its identity, as they are read."""
        if part in self.chapters:
            yield part, self.chapters[part].text
        elif part == "chairmans-summary" and self.summary:
            yield self.summary.id, self.summary.text
        for session in self.sessions_in(part):
            yield from ((statement.id, statement.text) for statement in session.statements)
            yield session.id, session.discussion

    @cached_property
    def origins(self) -> Mapping[str, Origin]:
        """Where each text was read, by the id of the unit that it becomes."""
        summary = (self.summary,) if self.summary else ()
        texts: tuple[Chapter | Session | Statement | ChairmansSummary, ...] = (
            *self.chapters.values(), *self.sessions, *self.statements, *summary,
        )  # fmt: skip
        return {text.id: text.origin for text in texts}

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All statements in the order of delivery."""
        return tuple(statement for session in self.sessions for statement in session.statements)

    @cached_property
    def texts(self) -> Mapping[str, Text]:
        """Every text that a reference can lead to, by its identity."""
        texts = {chapter.id: chapter.text for chapter in self.chapters.values()}
        texts |= {session.id: session.discussion for session in self.sessions}
        texts |= {statement.id: statement.text for statement in self.statements}
        if self.summary:
            texts[self.summary.id] = self.summary.text
        return texts | {
            identity: Text("", text.paragraphs, (), (), language=text.language)
            for identity, text in self.companion_texts.items()
        }

    @cached_property
    def companion_texts(self) -> Mapping[str, CompanionText]:
        """The texts of other reports that a reference can lead to, by companion and identity."""
        return {
            f"{name}:{identity}": text
            for name, companion in self.companions.items()
            for identity, text in companion.report.texts.items()
        }
