"""The rules of an event's content, each with its stable code.

Codes go by subject: E0 files and YAML, E1 front matter, E2 order and identity, E3 references and
evidence, E4 pictures and slides, E5 expressions, E6 indexes, E7 release, E8 import, E9
typesetting. W stands for a warning.
"""

from __future__ import annotations

from report.diagnostics import Example, Rule, Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

MISSING_FILE = Rule(
    "E001",
    _ERROR,
    "A file that the event needs is missing",
    means="A file without which the report cannot be made is not where it is looked for.",
    why="The report would have a gap that no reader could explain.",
    example=Example(
        wrong="1-opening/01-minister.md",
        right="1-opening/session.md\n1-opening/01-minister.md",
    ),
    mend=(
        "Write the file, or give it the name that is expected: letters and case count. `build.py "
        "new` makes files to fill in."
    ),
)
UNREADABLE = Rule(
    "E002",
    _ERROR,
    "A file cannot be read",
    means=(
        "Something has the name of a text and cannot be opened as one: a folder, a device, a file "
        "that is too large, one that you may not read, or a link that leads out of the event's "
        "folder."
    ),
    why="A text from outside the folder would be missing wherever the event is copied to.",
    example=Example(
        wrong="1-opening/02-deputy.md/",
        right="1-opening/02-deputy.md",
    ),
    mend="Put a plain text file in its place, and see that you are allowed to open it.",
)
NOT_UTF8 = Rule(
    "E003",
    _ERROR,
    "A file is not encoded in UTF-8",
    means=(
        "The file's bytes are not text in UTF-8. It comes from an older encoding of Windows, or "
        "is no plain text at all."
    ),
    why=(
        "Read in the wrong encoding, names lose their accents, and a reader is the first to see it."
    ),
    example=Example(
        wrong="1-opening/01-minister.docx, renamed 01-minister.md",
        right="1-opening/01-minister.md, saved as plain text with the encoding UTF-8",
    ),
    mend=(
        "Open it in the program that wrote it, and save it as plain text with the encoding UTF-8. "
        "For documents of Word there is `build.py import`."
    ),
)
BAD_YAML = Rule(
    "E004",
    _ERROR,
    "The YAML cannot be read",
    means=(
        "The lines of facts, in event.yaml or between two lines of dashes, break the rules of "
        "YAML: a colon, a quotation mark or an indentation stands where it cannot."
    ),
    why="Nothing in such lines can be relied on, so the file is not used.",
    example=Example(
        file="event.yaml",
        wrong="venue: City Hall: the large room",
        right='venue: "City Hall: the large room"',
    ),
    mend=(
        "Put a value in quotes when it holds a colon and a space or begins with a sign. Indent "
        "with spaces, never with tabs."
    ),
)
DUPLICATE_KEY = Rule(
    "E005",
    _ERROR,
    "A key is given twice",
    means="The same key stands twice in one list of facts.",
    why="Only one of the two can be meant, and a computer cannot know which.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="minutes: 6\nminutes: 7",
        right="minutes: 6",
    ),
    mend="Keep the right one.",
)
ALIAS = Rule(
    "E006",
    _ERROR,
    "YAML's anchors, aliases and tags are not used here",
    means="A value begins with `&`, `*` or `!`, to which YAML gives a meaning of its own.",
    why="YAML would put something else in the place of your words.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="speaker: *minister",
        right='speaker: "*minister"',
    ),
    mend="Put the value in quotes.",
)
BAD_CHARACTER = Rule(
    "E007",
    _ERROR,
    "A character cannot stand in a text",
    means=(
        "The text holds an invisible character that no text may hold. Another program left it "
        "there."
    ),
    why="Such characters break PDF, web page and data, and nobody can see why.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong='speaker: "Minister\\x07"',
        right='speaker: "Minister"',
    ),
    mend=(
        "Delete the character, or type the line anew. In Word, it is often a line break or an "
        "optional hyphen."
    ),
)
LOST_VALUE = Rule(
    "W008",
    _WARNING,
    "A number sign ends a value",
    means="A value without quotes has a space and `#` in it, with a letter or digit right after.",
    why="YAML takes the rest of the line for a comment, and the report lacks those words.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="title: Initiative #3 for youth",
        right='title: "Initiative #3 for youth"',
    ),
    mend="Put the value in quotes. If it is a comment, write a space after the `#`.",
)

NO_FRONT_MATTER = Rule(
    "E101",
    _ERROR,
    "The front matter is missing",
    means="A text does not begin with its facts between two lines of three dashes.",
    why="Without them nothing is known of a text: who spoke, for whom, when.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="speaker: Minister",
        right="---\nspeaker: Minister",
    ),
    mend=(
        "Make `---` the very first line, write the facts below it, one `key: value` a line, and "
        "close them with another `---`."
    ),
)
UNCLOSED_FRONT_MATTER = Rule(
    "E102",
    _ERROR,
    "The front matter is not closed",
    means="The facts at the head of a text are opened with `---`, but no second `---` ends them.",
    why="Where the facts end and the speech begins cannot be told.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="We are glad to be here.",
        right="---\nWe are glad to be here.",
    ),
    mend="Put a line `---` between the last fact and the text.",
)
UNKNOWN_KEY = Rule(
    "E103",
    _ERROR,
    "A key is not known",
    means="A key is not one of those that this kind of file has. Most often it is misspelt.",
    why="A fact under an unknown key would be dropped in silence.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="minuts: 6",
        right="minutes: 6",
    ),
    mend=(
        "Correct the key, or take the line out. docs/keys.md lists the keys; a text editor "
        "completes them with the schemas of `build.py schema`."
    ),
)
MISSING_KEY = Rule(
    "E104",
    _ERROR,
    "A required key is missing",
    means="A key that this kind of file must have is missing or empty.",
    why="The report would print a speaker without affiliation, or a session without a time.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="affiliation:",
        right="affiliation: Member State A",
    ),
    mend="Add a line with the key and its value.",
)
BAD_VALUE = Rule(
    "E105",
    _ERROR,
    "A value is not of the right kind",
    means=(
        "A value is not of the kind that its key wants: a number, a date, a time, or one of a few "
        "words."
    ),
    why=(
        "A date such as 09/10/2011 is two different days to two readers; so the form is prescribed."
    ),
    example=Example(
        file="1-opening/01-minister.md",
        wrong="minutes: six",
        right="minutes: 6",
    ),
    mend="Write the value in the form that the message shows.",
)
EMPTY_TEXT = Rule(
    "E106",
    _ERROR,
    "A text is empty",
    means="There is nothing below the facts of a text, or a list that must name somebody is empty.",
    why="An empty page in a report looks like a mistake, and it is one.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="",
        right="We are glad to be here.\n\nWe ask all States to meet every year.",
    ),
    mend=(
        "Write the text, or take the file out. A text that may not be distributed has `status: "
        "withheld`."
    ),
)
TOO_INTRICATE = Rule(
    "E107",
    _ERROR,
    "A text is too intricate to be read",
    means=(
        "The text has so many brackets, or so many lists and quotations one within the other, "
        "that it cannot be laid out."
    ),
    why=(
        "Nobody writes so on purpose: it is the wrong file, or one that is meant to stop the "
        "program."
    ),
    example=Example(
        file="1-opening/01-minister.md",
        wrong="> " * 70 + "A quotation.",
        right="> A quotation.",
    ),
    mend="Check that it is the text that you meant, and simplify it.",
)
TOO_MANY_WORDS = Rule(
    "E109",
    _ERROR,
    "A text has too many words",
    means=(
        "A text has more words than any speech: more than `words` under `limits:` in event.yaml "
        "allows."
    ),
    why=(
        "It is the wrong file, such as the whole proceedings in place of one statement, or one "
        "that is meant to exhaust the machine."
    ),
    example=Example(
        file="event.yaml",
        wrong="limits: {words: 5}",
        right="limits: {words: 40000}",
    ),
    mend="Divide it into several texts. If it is as long as it should be, raise the limit.",
)
TOO_LONG = Rule(
    "W108",
    _WARNING,
    "A statement takes longer than the minutes it was given",
    means=(
        "At the usual rate of speaking, the statement takes longer than the minutes it was given. "
        "Told by `check --speaking-time` only."
    ),
    why=(
        "Whoever speaks too fast cannot be interpreted; or the text was not delivered as it stands."
    ),
    example=Example(
        file="1-opening/01-minister.md",
        wrong="minutes: 1",
        right="minutes: 6",
    ),
    mend=(
        "Check the text against delivery, or correct the minutes. `speaking_rates` in event.yaml "
        "changes the rates."
    ),
)

NO_GLYPH = Rule(
    "W110",
    _WARNING,
    "A character has no glyph in any font",
    means="No font of the report can show a character. Told by `build` only.",
    why="An empty box is printed in its place, and readers do not learn what was said.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="We met on \U0001240f.",
        right="We met on forty days.",
    ),
    mend=(
        "Write it in other characters, or copy styles/fonts.css into the event and name a font "
        "there that has it."
    ),
)
NO_CHINESE_FONTS = Rule(
    "W111",
    _WARNING,
    "The fonts of Chinese are not on this machine",
    means=(
        "A text has Chinese characters, and the fonts for them, which set-up fetches, are not "
        "there. Told by `build` only."
    ),
    why="An empty box is printed in the place of every character.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="\u548c\u5e73, without the fonts.",
        right="\u548c\u5e73, after `build.py fonts`.",
    ),
    mend=(
        "Run `build.py fonts` once where the network reaches registry.npmjs.org, or copy the "
        "folder share/rapporteur of an environment that has them into that of this one."
    ),
)

SAME_NUMBER = Rule(
    "E201",
    _ERROR,
    "Two files or folders have the same number",
    means="Two files of a folder, or two sessions, begin with the same number.",
    why=(
        "The numbers are the order of the report, so one of the two would be where chance puts it."
    ),
    example=Example(
        wrong="1-opening/01-minister.md\n1-opening/01-deputy.md",
        right="1-opening/01-minister.md\n1-opening/02-deputy.md",
    ),
    mend="Give each its own number.",
)
NO_NUMBER = Rule(
    "W202",
    _WARNING,
    "A file is left out because its name has no number",
    means=(
        "A text, or a folder with a session.md, is left out of the report because its name does "
        "not begin with a number and a hyphen."
    ),
    why="A statement that was delivered may be missing from the report.",
    example=Example(
        wrong="1-opening/deputy.md",
        right="1-opening/02-deputy.md",
    ),
    mend=(
        "Begin the name with the number of its place. To leave a file out on purpose, begin its "
        "name with `_`."
    ),
)
DUPLICATE_ID = Rule(
    "E203",
    _ERROR,
    "An identifier is given twice",
    means="Two things have the same identifier, or there are two of what there can be only one.",
    why="References to it would lead to either.",
    example=Example(
        file="event.yaml",
        wrong=(
            "pillars:\n"
            "  - id: trust\n"
            "    title: Measures to build trust\n"
            "  - id: trust\n"
            "    title: Measures to keep trust"
        ),
        right="pillars:\n  - id: trust\n    title: Measures to build trust",
    ),
    mend="Give each an identifier of its own.",
)
UNKNOWN_SESSION = Rule(
    "E204",
    _ERROR,
    "A session does not exist",
    means="A photograph is said to belong to a session that does not exist.",
    why="It would be printed with the wrong session, or with none.",
    example=Example(
        file="media/photographs.yaml",
        wrong="    session: 1-openning",
        right="    session: 1-opening",
    ),
    mend="Write the name of the session's folder.",
)
UNKNOWN_CHAIR = Rule(
    "E205",
    _ERROR,
    "A chairperson is not among the participants",
    means=(
        "Whoever chairs a session, or signs the Chairman's Summary, is not in the list of "
        "participants."
    ),
    why="Office and entity must be the same wherever the report names them.",
    example=Example(
        file="1-opening/session.md",
        wrong="chair: Chairwoman, United Nations entity B",
        right="chair: Chairman, United Nations entity B",
    ),
    mend="Write `office, entity` as in participants.yaml, or add them there.",
)
UNKNOWN_PILLAR = Rule(
    "E206",
    _ERROR,
    "A pillar does not exist",
    means="A pillar is named that event.yaml does not list.",
    why="A recommendation under an unknown pillar would be missing from every table by pillar.",
    example=Example(
        file="1-opening/session.md",
        wrong="pillar: thrust",
        right="pillar: trust",
    ),
    mend="Use the `id` of a pillar of event.yaml.",
)
UNKNOWN_PARTICIPANT = Rule(
    "W207",
    _WARNING,
    "A name is not among the participants",
    means="An affiliation, or a name under `floor`, is not in the list of participants.",
    why="The index would count one delegation as two, or miss one.",
    example=Example(
        file="1-opening/session.md",
        wrong="floor: [Member State Z]",
        right="floor: [Member State A]",
    ),
    mend="Write the name as in participants.yaml, or add it there.",
)
SESSIONS_MISSING = Rule(
    "E208",
    _ERROR,
    "The event has no session",
    means="There is no folder with a number that holds a session.",
    why="A report without sessions has nothing to report.",
    example=Example(
        wrong="event.yaml",
        right="event.yaml\n1-opening/session.md",
    ),
    mend="Make a folder such as 1-opening with a file session.md; `build.py new session` does it.",
)
UNKNOWN_PART = Rule(
    "E209",
    _ERROR,
    "A part named in the order of the report does not exist",
    means=(
        "`front` or `body` in event.yaml names a part that is neither made by the compiler nor a "
        "file of that name."
    ),
    why="The report would lack a part that its order promises.",
    example=Example(
        file="event.yaml",
        wrong="front: [contents, forward]",
        right="front: [contents, foreword]",
    ),
    mend="Correct the name, or write the file: `foreword` is foreword.md.",
)
NO_TEXT = Rule(
    "W210",
    _WARNING,
    "A file is left out because its name does not end in .md",
    means="A file in a session's folder is left out because its name does not end in .md.",
    why="It may be a statement that was put there as it came.",
    example=Example(
        wrong="1-opening/02-deputy.docx",
        right="1-opening/02-deputy.md",
    ),
    mend=(
        "Import it with `build.py import`, or save it as plain text with a name that ends in .md, "
        "in small letters. To leave a file out on purpose, begin its name with `_`."
    ),
)
BAD_NAME = Rule(
    "E211",
    _ERROR,
    "The name of a file or folder cannot be used in references",
    means="The name of a file or folder holds a space or a sign that references cannot use.",
    why="The name is the address of the text in every reference and link.",
    example=Example(
        wrong="1-opening/02-deputy minister.md",
        right="1-opening/02-deputy-minister.md",
    ),
    mend="Use letters, digits, hyphens and full stops.",
)
PART_TWICE = Rule(
    "E212",
    _ERROR,
    "A part is named twice in the order of the report",
    means="`front` and `body` in event.yaml name the same part twice.",
    why="Links could not tell which of the two they mean.",
    example=Example(
        file="event.yaml",
        wrong="front: [contents, foreword, foreword]",
        right="front: [contents, foreword]",
    ),
    mend="Name each part once.",
)
DATES_REVERSED = Rule(
    "E213",
    _ERROR,
    "The event ends before it begins",
    means="The last day of the event lies before its first.",
    why="Dates go into the cover, the imprint and the way in which the report is cited.",
    example=Example(
        file="event.yaml",
        wrong="end_date: 2011-09-18",
        right="end_date: 2011-09-20",
    ),
    mend="Correct one of the two; an event of one day has no `end_date`.",
)
EDITION_TOO_EARLY = Rule(
    "E214",
    _ERROR,
    "An edition is older than its event",
    means="An edition of the report is dated before the event.",
    why="No report can be issued before what it reports on.",
    example=Example(
        file="event.yaml",
        wrong="edition: {date: 2011-09-01}",
        right="edition: {date: 2012-03-01}",
    ),
    mend="Write the day on which the edition is issued.",
)
ORDER_BESIDE_VOLUMES = Rule(
    "E215",
    _ERROR,
    "The order of the report stands beside its volumes",
    means="event.yaml has `volumes`, and `front` or `body` besides them.",
    why="A part that belongs to no volume would be printed nowhere.",
    example=Example(
        file="event.yaml",
        wrong=(
            "front: [contents, foreword]\nvolumes:\n  - title: Statements\n    body: [sessions]"
        ),
        right=(
            "volumes:\n  - title: Statements\n    front: [contents, foreword]\n    body: [sessions]"
        ),
    ),
    mend="Give each part to one of the volumes.",
)
SESSION_LEFT_OUT = Rule(
    "E216",
    _ERROR,
    "A session is left out of the order of the report",
    means="The order of the report names sessions one by one, and this one is not among them.",
    why="Its statements would be missing, while programme and indexes lead to them.",
    example=Example(
        file="event.yaml",
        wrong="body: [1-opening, 3-closing]",
        right="body: [1-opening, 2-dialogue, 3-closing]",
    ),
    mend="Name the session in a `body`, or `sessions`, which stands for all that are not named.",
)

NO_SUCH_EDITION = Rule(
    "W218",
    _WARNING,
    "A translation is of a language without an edition",
    means="A file is named as a translation into a language that event.yaml does not list.",
    why="It is in no edition of the report, and whoever wrote it believes that it is.",
    example=Example(
        file="event.yaml",
        wrong="languages: [en, ar]",
        right="languages: [en, ar, fr]",
    ),
    mend="Add the language to `languages:` in event.yaml, or give the file another name.",
)
TRANSLATION_DIFFERS = Rule(
    "W219",
    _WARNING,
    "A translation does not correspond to its original",
    means=(
        "The translation has more or fewer paragraphs than its original, or more or fewer "
        "findings, recommendations or steps."
    ),
    why=(
        "What the report cites is cited by number: in another edition the number would lead to "
        "other words. Until both correspond, the edition shows the original."
    ),
    example=Example(
        file="1-opening/01-minister.fr.md",
        wrong="Nous avons construit des routes.\n\nEt des ponts.",
        right="Nous avons construit des routes. Et des ponts.",
    ),
    mend="Divide the translation as the original is divided.",
)
MAIN_LANGUAGE_MISSING = Rule(
    "E220",
    _ERROR,
    "The main language is not the first of the languages",
    means="`language:` and the first of `languages:` name two main languages.",
    why="The editions would be called by the wrong names.",
    example=Example(
        file="event.yaml",
        wrong="language: fr\nlanguages: [en, fr]",
        right="languages: [fr, en]",
    ),
    mend="Leave `language:` away: the first of `languages:` is the main one.",
)
NOT_TRANSLATED = Rule(
    "W221",
    _WARNING,
    "Something is not translated",
    means=(
        "A text, or a value of event.yaml, participants.yaml or photographs.yaml, is not there in "
        "the language of an edition. Told by `build.py check --language` alone."
    ),
    why=(
        "The edition has it in the language in which it exists. That may be what you want: a "
        "statement may stand as it was delivered."
    ),
    example=Example(
        file="event.yaml",
        wrong="title: Symposium",
        right="title: {en: Symposium, fr: Colloque}",
    ),
    mend=(
        "Write the translation of a text beside it, such as 01-mayor.fr.md beside 01-mayor.md, and "
        "give a value for each language."
    ),
)
BAD_REFERENCE = Rule(
    "E301",
    _ERROR,
    "A reference is not well formed",
    means="A reference in square brackets is not closed, or is not written as references are.",
    why="It would be printed as it stands, brackets and all.",
    example=Example(
        file="1-opening/session.md",
        wrong="[@1-opening/01-minister:two]",
        right="[@1-opening/01-minister:2]",
    ),
    mend=(
        "Write the text's folder and name without .md, a colon and the number of the paragraph. "
        "Ranges and lists are understood: `:4-6,9`."
    ),
)
UNKNOWN_REFERENCE = Rule(
    "E302",
    _ERROR,
    "A reference leads to a text that does not exist",
    means="A reference names a text that the event does not have.",
    why="A reader who follows it would arrive nowhere.",
    example=Example(
        file="1-opening/session.md",
        wrong="[@1-opening/01-ministre:2]",
        right="[@1-opening/01-minister:2]",
    ),
    mend="Write the name of the file, with its folder and without .md.",
)
UNKNOWN_PARAGRAPH = Rule(
    "E303",
    _ERROR,
    "A reference leads to a paragraph that does not exist",
    means="A reference names a paragraph that the text does not have.",
    why=(
        "What it should prove cannot be looked up. Often a paragraph was joined with another "
        "after it was cited."
    ),
    example=Example(
        file="1-opening/session.md",
        wrong="[@1-opening/01-minister:3]",
        right="[@1-opening/01-minister:2]",
    ),
    mend="Count the numbers in the margin of the report's page, and cite the right one.",
)
NO_EVIDENCE = Rule(
    "W304",
    _WARNING,
    "A finding or recommendation rests on no evidence",
    means=(
        "A finding, a recommendation or a step of the way forward names no paragraph on which it "
        "rests."
    ),
    why="A summary can be trusted as far as it can be followed to what was said.",
    example=Example(
        file="1-opening/chairmans-summary.md",
        wrong="  - text: Meetings build trust.\n    pillar: trust",
        right=(
            "  - text: Meetings build trust.\n"
            "    pillar: trust\n"
            "    evidence: 1-opening/01-minister:2"
        ),
    ),
    mend=(
        "Add `evidence:` with the paragraphs. With `evidence: required` in event.yaml this is an "
        "error."
    ),
)
EVIDENCE_REQUIRED = Rule(
    "E304",
    _ERROR,
    "A finding or recommendation rests on no evidence",
    means=(
        "A finding, a recommendation or a step of the way forward names no paragraph on which it "
        "rests, and event.yaml says `evidence: required`."
    ),
    why="The event has promised that every conclusion can be followed to what was said.",
    example=Example(
        file="1-opening/chairmans-summary.md",
        wrong="  - text: Meetings build trust.\n    pillar: trust",
        right=(
            "  - text: Meetings build trust.\n"
            "    pillar: trust\n"
            "    evidence: 1-opening/01-minister:2"
        ),
    ),
    mend="Add `evidence:` with the paragraphs, or take the conclusion out.",
)
CITED_TEXT_CHANGED = Rule(
    "W305",
    _WARNING,
    "A paragraph has changed since it was cited",
    means=(
        "A paragraph that the Chairman's Summary cites has been changed since the summary was "
        "accepted."
    ),
    why="The summary may now say something that the speaker no longer says.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="We ask all States to meet twice a year.",
        right="We ask all States to meet every year.",
    ),
    mend="Read both again. When they agree, run `build.py accept`.",
)
NOT_ACCEPTED = Rule(
    "W306",
    _WARNING,
    "A citation has not been accepted yet",
    means="The Chairman's Summary cites a paragraph that it did not cite when last accepted.",
    why="Nobody has yet confirmed that this paragraph supports it.",
    example=Example(
        file="1-opening/chairmans-summary.md",
        wrong="    evidence: [1-opening/01-minister:1, 1-opening/01-minister:2]",
        right="    evidence: 1-opening/01-minister:2",
    ),
    mend="Read both. When they agree, run `build.py accept`.",
)
UNKNOWN_RECOMMENDATION = Rule(
    "E307",
    _ERROR,
    "A recommendation repeats one that does not exist",
    means="`same_as` names a recommendation that does not exist.",
    why="The two would be printed as two, although you have said that they are one.",
    example=Example(
        file="1-opening/chairmans-summary.md",
        wrong=(
            "recommendations:\n  - text: Meet again.\n    level: national\n    same_as: meeting"
        ),
        right="recommendations:\n  - text: Meet again.\n    level: national",
    ),
    mend="Give the other recommendation the `id:` that `same_as` names, or correct it.",
)
ALIKE = Rule(
    "W308",
    _WARNING,
    "Two recommendations are nearly the same",
    means="Two recommendations are so alike that they are probably one.",
    why="Counted twice, it would have two numbers, and half of its support under each.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong=(
            "recommendations:\n"
            "  - text: States should meet every year.\n"
            "    level: international\n"
            "  - text: The States should meet every year.\n"
            "    level: international"
        ),
        right=(
            "recommendations:\n"
            "  - id: yearly\n"
            "    text: States should meet every year.\n"
            "    level: international\n"
            "  - text: The States should meet every year.\n"
            "    level: international\n"
            "    same_as: yearly"
        ),
    ),
    mend=(
        "If they are the same, write `same_as:` with the `id` of the other; if not, say how they "
        "differ."
    ),
)
DEAD_LINK = Rule(
    "E309",
    _ERROR,
    "A link leads to nothing in the report",
    means="A link in a text leads to a file or a place that is not in the report.",
    why="The report travels alone: what lies beside its sources is not with its readers.",
    example=Example(
        file="1-opening/session.md",
        wrong="See [the statement](01-minister.md).",
        right="See [@1-opening/01-minister].",
    ),
    mend="Refer to another text like [@2-dialogue/03-mayor:4], and to the web with https://.",
)
NOT_IN_REPORT = Rule(
    "E310",
    _ERROR,
    "A reference leads to a text that the report leaves out",
    means="A reference leads to a text that `front` and `body` in event.yaml leave out.",
    why="There is no page to which the link could lead.",
    example=Example(
        file="event.yaml",
        wrong="body: [programme, chairmans-summary]",
        right="body: [programme, chairmans-summary, sessions, photographs, participants]",
    ),
    mend="Name the part under `front` or `body`, or take the reference out.",
)
MISQUOTED = Rule(
    "E311",
    _ERROR,
    "A quotation differs from what was said",
    means="Words in quotation marks do not stand in the paragraph that is cited for them.",
    why=(
        "To be quoted with words that one did not say is the gravest fault that a report can have."
    ),
    example=Example(
        file="1-opening/session.md",
        wrong='The Minister said, "We ask some States" [@1-opening/01-minister:2].',
        right='The Minister said, "We ask all States" [@1-opening/01-minister:2].',
    ),
    mend=(
        "Quote word for word. `[…]` stands for words left out, `[words]` for words put in. In the "
        "message, {-…-} is only in the quotation and {+…+} only in the source."
    ),
)
UNCALLED_NOTE = Rule(
    "E319",
    _ERROR,
    "A note is called nowhere",
    means="A note is written at the end of a text, and no call such as [^1] leads to it.",
    why="A note stands at the foot of the page of its call: without a call, no page would have it.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="We ask all States[^1].\n\n[^2]: And all regions.",
        right="We ask all States[^2].\n\n[^2]: And all regions.",
    ),
    mend="Write the call after the words that the note belongs to, or take the note out.",
)
NO_NOTE = Rule(
    "E320",
    _ERROR,
    "A call leads to no note",
    means="A text has a call such as [^1], and nowhere the note that belongs to it.",
    why="The call would be printed as it is written, and what the note says would be missing.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="We ask all States[^1].\n\n[^1] And all regions.",
        right="We ask all States[^1].\n\n[^1]: And all regions.",
    ),
    mend=(
        "Write the note on a line of its own, its name and the colon first, or take the call out."
    ),
)
TOO_MANY_CELLS = Rule(
    "E321",
    _ERROR,
    "A row has more cells than its table has columns",
    means="A row of a table has more cells than the head of the table.",
    why="The table has no place for the words in the last cells: they would be lost.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="| year | meetings |\n| --- | --- |\n| 2011 | 2 | two more planned |",
        right=(
            "| year | meetings | remarks |\n| --- | --- | --- |\n| 2011 | 2 | two more planned |"
        ),
    ),
    mend="Give the head a cell more, and the line of dashes too, or join cells of the row.",
)
ROW_IN_NO_TABLE = Rule(
    "E322",
    _ERROR,
    "A row is in no table",
    means="A line begins with a bar, as the rows of tables do, and belongs to no table.",
    why="The lines would be printed one after the other, with their bars.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="| year | meetings |\n| 2011 | 2 |",
        right="| year | meetings |\n| --- | --- |\n| 2011 | 2 |",
    ),
    mend=(
        "Leave an empty line above the table, and write a line of dashes below its head, with as "
        "many cells. Where a line is to begin with a bar, write a backslash before it."
    ),
)
UNUSED_DEFINITION = Rule(
    "E323",
    _ERROR,
    "A line is taken for a definition, and would not be printed",
    means=(
        "A line begins as one that says where a link leads, [name]: address, or what an "
        "abbreviation means, *[UN]: United Nations. Nothing in the text uses it."
    ),
    why="Such lines are not printed where they stand: the words would be lost.",
    example=Example(
        file="1-opening/session.md",
        wrong="[The Chair]: Agreed.",
        right="\\[The Chair]: Agreed.",
    ),
    mend=(
        "Write a backslash before the bracket where the line is to be printed. Where it is a "
        "definition, use it, or take it out."
    ),
)
UNMARKED_TRANSLATION = Rule(
    "E312",
    _ERROR,
    "A quotation in translation is not marked as such",
    means="Words are quoted from a statement in another language, and do not stand there.",
    why="A translation is somebody else's words; a reader must be told.",
    example=Example(
        file="1-opening/session.md",
        wrong='The Minister said, "We ask everyone" [@1-opening/01-minister:2].',
        right='The Minister said, "We ask everyone" (translated) [@1-opening/01-minister:2].',
    ),
    mend=(
        "Write (translated) after the closing quotation mark, or quote the words as they were "
        "spoken."
    ),
)
UNOPENED_QUOTATION = Rule(
    "W313",
    _WARNING,
    "A quotation ends that has not begun",
    means="A quotation mark closes before a reference, but none opens.",
    why="Where the quotation begins is unknown, so it is not compared with its source.",
    example=Example(
        file="1-opening/session.md",
        wrong='The Minister asked all States" [@1-opening/01-minister:2].',
        right='The Minister said, "We ask all States" [@1-opening/01-minister:2].',
    ),
    mend="Put a quotation mark before the first word that is quoted.",
)
WITHHELD_EVIDENCE = Rule(
    "E314",
    _ERROR,
    "A conclusion rests on a text that is withheld",
    means=(
        "A conclusion of the Chairman's Summary names a text as evidence that has `status: "
        "withheld`."
    ),
    why="Readers could not follow it, and it may tell what is not to be told.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="status: withheld",
        right="status: cleared",
    ),
    mend="Name another text that says it, or have the withheld one cleared.",
)
UNCLEARED_EVIDENCE = Rule(
    "W315",
    _WARNING,
    "A conclusion rests on a text that is a draft",
    means=(
        "A conclusion of the Chairman's Summary names a text as evidence that has `status: draft`."
    ),
    why="A draft may change, and the conclusion would then rest on what nobody said.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="status: draft",
        right="status: cleared",
    ),
    mend="Have the text cleared by its owner. Nothing is released before that.",
)
WITHHELD_QUOTED = Rule(
    "E316",
    _ERROR,
    "A text that is withheld is quoted",
    means="Words of a text that has `status: withheld` are quoted in another text.",
    why="What is withheld would be distributed all the same.",
    example=Example(
        file="1-opening/session.md",
        wrong='The Minister said, "We ask all States" [@1-opening/01-minister:2].',
        right="The Minister spoke of meetings [@1-opening/01-minister:2].",
    ),
    mend=(
        "Take the quotation out, or have the text cleared. A reference without quotation may "
        "stay: it leads to the words `Text not available`."
    ),
)

BAD_COMPANION = Rule(
    "E317",
    _ERROR,
    "The data of another report cannot be used",
    means=(
        "`companions` names a file that is missing, lies outside the event's folder, or does not "
        "hold the data of a report."
    ),
    why="References to that report could not be checked, and its quotations not be verified.",
    example=Example(
        file="event.yaml",
        wrong="companions:\n  part-1: {data: ../part-1/dist/report.json}",
        right="companions:\n  part-1: {data: part-1.json}",
    ),
    mend=(
        "Compile that report, copy its `report.json` into this event's folder, and name the copy. "
        "Copy it anew whenever that report has a new edition."
    ),
)
UNKNOWN_COMPANION = Rule(
    "E318",
    _ERROR,
    "A reference leads to a report that is not named",
    means="What stands before the first colon of a reference is no name under `companions`.",
    why="Nobody can tell which report is meant, or whether it says what is cited.",
    example=Example(
        file="1-opening/session.md",
        wrong="[@part-one:1-opening/01-minister:2]",
        right="[@1-opening/01-minister:2]",
    ),
    mend=(
        "Write the name that event.yaml gives that report under `companions`, and no name before a "
        "text of this report."
    ),
)

MISSING_IMAGE = Rule(
    "E401",
    _ERROR,
    "A picture does not exist",
    means="A picture that a text or the list of photographs names is not in the event's folder.",
    why="The page would have a hole.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="![Delegates in the hall](../media/Hall.png)",
        right="![Delegates in the hall](../media/hall.png)",
    ),
    mend="Put the picture into the folder media/, and mind the case of letters in its name.",
)
NO_ALTERNATIVE = Rule(
    "E402",
    _ERROR,
    "A picture has no alternative text",
    means="Nothing says in words what a picture shows.",
    why="Whoever cannot see it learns nothing, and the PDF would break PDF/UA.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="![](../media/hall.png)",
        right="![Delegates in the hall](../media/hall.png)",
    ),
    mend=(
        "Say in the square brackets, or under `alt:`, what the picture shows, not that it is a "
        "picture."
    ),
)
BAD_IMAGE = Rule(
    "E403",
    _ERROR,
    "A picture cannot be used",
    means=(
        "A picture is damaged, too large, of a kind that cannot be printed, or no file of the "
        "event."
    ),
    why=(
        "The report takes nothing from the web and from other folders: it must be the same "
        "wherever it is made."
    ),
    example=Example(
        file="1-opening/01-minister.md",
        wrong="![Delegates in the hall](https://example.org/hall.png)",
        right="![Delegates in the hall](../media/hall.png)",
    ),
    mend=(
        "Save it anew as PNG or JPEG in the folder media/; 3000 pixels are enough for the width "
        "of a page."
    ),
)
MISSING_DECK = Rule(
    "E404",
    _ERROR,
    "A deck of slides does not exist",
    means="A statement names a deck of slides that is not in the event's folder.",
    why="The presentation would be in the report without what was shown.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="slides: media/Deck.pdf",
        right="slides: media/deck.pdf",
    ),
    mend="Put the deck into the folder media/, and mind the case of letters in its name.",
)
BAD_DECK = Rule(
    "E405",
    _ERROR,
    "A deck of slides cannot be used",
    means="A deck of slides is damaged, too large, or of a kind that cannot be placed.",
    why="A page that cannot be drawn would stop the whole report.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="slides: media/deck.key",
        right="slides: media/deck.pdf",
    ),
    mend="Export the deck as PDF from the program that made it.",
)
ENCRYPTED_DECK = Rule(
    "E406",
    _ERROR,
    "A deck of slides is protected",
    means="A deck of slides is protected by a password or against copying.",
    why="Its pages can be neither placed nor made accessible.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="slides: media/protected.pdf",
        right="slides: media/deck.pdf",
    ),
    mend="Ask the speaker for a deck without protection.",
)
NO_CONVERTER = Rule(
    "E407",
    _ERROR,
    "A deck of slides cannot be converted",
    means=(
        "A deck comes as .pptx or .odp, and LibreOffice, which turns it into PDF, is missing or "
        "failed."
    ),
    why="Only PDF can be placed on the report's pages.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="slides: media/deck.pptx",
        right="slides: media/deck.pdf",
    ),
    mend="Install LibreOffice (`build.py doctor` says how), or export the deck as PDF.",
)
SLIDES_NOT_DESCRIBED = Rule(
    "E408",
    _ERROR,
    "Slides have no alternative text",
    means="Nothing says in words what the slides show.",
    why="Whoever cannot see them learns nothing, and the PDF would break PDF/UA.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="slides: media/deck.pdf",
        right="slides: media/deck.pdf\nslides_alt: Four charts of the survey",
    ),
    mend="Add `slides_alt:` with a text for the deck, or a list with one for each slide.",
)
SLIDE_AS_PICTURE = Rule(
    "W409",
    _WARNING,
    "A slide is shown as a picture",
    means="A slide could be taken over only as a picture of itself.",
    why="Its words cannot be searched, and blur when they are enlarged.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="slides: media/scanned.pdf",
        right="slides: media/deck.pdf",
    ),
    mend="Export the deck anew as PDF, with its fonts.",
)

BAD_EXPRESSION = Rule(
    "E501",
    _ERROR,
    "An expression in the text cannot be filled in",
    means="An expression between `{{` and `}}` in the Chairman's Summary cannot be worked out.",
    why="The sentence around it would have a gap where a number belongs.",
    example=Example(
        file="1-opening/chairmans-summary.md",
        wrong="{{ sesions | length }}",
        right="{{ sessions | length }}",
    ),
    mend="Correct the name, or write the number itself.",
)

UNKNOWN_ACRONYM = Rule(
    "W601",
    _WARNING,
    "An acronym is not in the list of acronyms",
    means="The texts use an acronym that `acronyms:` in event.yaml does not explain.",
    why="A reader from another field does not know it.",
    example=Example(
        file="foreword.md",
        wrong="The CTITF met often.",
        right="The task force met often.",
    ),
    mend="Add it to `acronyms:`; it is then explained where each text first uses it.",
)
UNKNOWN_SUBJECT = Rule(
    "E602",
    _ERROR,
    "A subject leads to one that does not exist",
    means="A subject of the index refers to one that does not exist.",
    why="The reader of the index is sent to an entry that is not there.",
    example=Example(
        file="event.yaml",
        wrong="subjects:\n  - term: meetings\n    see: meeting",
        right="subjects:\n  - term: meetings\n    variants: [meet]",
    ),
    mend="Write a term of the list after `see:` and `see_also:`.",
)
UNUSED_SUBJECT = Rule(
    "W603",
    _WARNING,
    "No text speaks of a subject of the index",
    means="No text uses a subject's term, or a variant of it.",
    why="The index would have an entry without pages.",
    example=Example(
        file="event.yaml",
        wrong="subjects: [prisons]",
        right="subjects: [States]",
    ),
    mend="Add the words that the texts use to its `variants:`, or take it out.",
)
UNCITED_DOCUMENT = Rule(
    "W604",
    _WARNING,
    "No text cites a document that has a title",
    means="`documents:` in event.yaml gives the title of a document that no text cites.",
    why=(
        "The index lists what is cited, so the title is printed nowhere. Often the symbol is "
        "misspelt."
    ),
    example=Example(
        file="event.yaml",
        wrong="documents: {A/60/825: Uniting against terrorism}",
        right="documents: {}",
    ),
    mend="Correct the symbol, or take the line out.",
)

NOT_CLEARED = Rule(
    "E701",
    _ERROR,
    "A text is not cleared for distribution",
    means="A text is a draft, or nothing says that it is cleared. Told by `build.py release` only.",
    why="Nothing is distributed to which its owner has not agreed.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="status: draft",
        right="status: cleared",
    ),
    mend=(
        "When its owner agrees, write `status: cleared`. If it is not to be distributed, write "
        "`status: withheld`."
    ),
)
UNDER_EMBARGO = Rule(
    "E702",
    _ERROR,
    "A text is under embargo",
    means=(
        "A text is under embargo until a moment that is still to come. Told by `build.py release` "
        "only."
    ),
    why="A text that is out cannot be called back.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="status: cleared\nembargo: 2999-01-01T09:00-05:00",
        right="status: cleared\nembargo: 2011-09-20T09:00-04:00",
    ),
    mend="Release the report after that moment, or correct the embargo.",
)
SUMMARY_NOT_ACCEPTED = Rule(
    "E703",
    _ERROR,
    "The Chairman's Summary is not accepted as it stands",
    means=(
        "The Chairman's Summary, or a paragraph that it cites, is not what was accepted on the "
        "last review. Told by `build.py release` only."
    ),
    why="What is released under the Chairman's name must be what was reviewed.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="We ask all States to meet twice a year.",
        right="We ask all States to meet every year.",
    ),
    mend="Review the summary with what it cites, then run `build.py accept`.",
)
NO_EDITION = Rule(
    "E704",
    _ERROR,
    "A release has no edition that can be issued",
    means=(
        "event.yaml names no edition, or one whose status is `draft`. Told by `build.py release` "
        "only."
    ),
    why="Two reports of the same event that are in circulation must be told from each other.",
    example=Example(
        file="event.yaml",
        wrong="edition: {date: 2012-03-01, status: draft}",
        right="edition: {date: 2012-03-01, status: final}",
    ),
    mend="Write `edition:` with number, date and the status `provisional` or `final`.",
)

UNKNOWN_KIND = Rule(
    "E801",
    _ERROR,
    "A file is of no kind that can be imported",
    means="A file is of no kind from which a statement can be made.",
    why="What is taken over must be text, not the picture of a text.",
    example=Example(
        wrong="speech.pages",
        right="speech.docx",
    ),
    mend="Save it as .docx, .odt, .rtf, .html or .txt, or as a PDF that has text.",
)
DAMAGED_SOURCE = Rule(
    "E802",
    _ERROR,
    "A file to be imported is damaged",
    means="A file to be imported is cut short or damaged.",
    why="A part of the speech may be missing, and nothing would say so.",
    example=Example(
        wrong="speech.docx, 2 of its 40 kB",
        right="speech.docx, all of its 40 kB",
    ),
    mend="Ask for it to be sent again.",
)
ENCRYPTED_SOURCE = Rule(
    "E803",
    _ERROR,
    "A file to be imported is protected by a password",
    means="A file to be imported opens only with a password.",
    why="Its words cannot be read.",
    example=Example(
        wrong="speech.docx, protected",
        right="speech.docx",
    ),
    mend="Save it without a password.",
)
HOSTILE_SOURCE = Rule(
    "E804",
    _ERROR,
    "A file to be imported holds what can do harm",
    means=(
        "A file to be imported is built so as to do harm: it unpacks without end, reads other "
        "files, or leads out of its folder."
    ),
    why="Speeches come by e-mail from anybody.",
    example=Example(
        wrong="speeches.zip, with ../../secret.md in it",
        right="speeches.zip, with speech.docx in it",
    ),
    mend="Do not open it; ask the sender for the text alone.",
)
EMPTY_SOURCE = Rule(
    "E805",
    _ERROR,
    "A file to be imported has no text",
    means="A file to be imported has no words: it is empty, or holds only pictures of pages.",
    why="Pictures of pages can be neither searched nor heard.",
    example=Example(
        wrong="scan.pdf",
        right="speech.docx",
    ),
    mend="Ask for the file that the speech was written in.",
)
SOURCE_TOO_GREAT = Rule(
    "E806",
    _ERROR,
    "A file to be imported asks for too much time or memory",
    means="A file to be imported is so large or so intricate that reading it would take for ever.",
    why="One file must not stop the work on all others.",
    example=Example(
        wrong="proceedings.docx, of 3,000 pages",
        right="speech.docx, of 5 pages",
    ),
    mend="Divide it, or save its text as .txt.",
)
WORDS_DIFFER = Rule(
    "E807",
    _ERROR,
    "A statement has not the words of the file it was made from",
    means="The statement that was made from a file has not the same words as the file.",
    why="Not a word of what was delivered may be lost or added on the way.",
    example=Example(
        wrong="speech.docx: 812 words; 02-speech.md: 798 words",
        right="speech.docx: 812 words; 02-speech.md: 812 words",
    ),
    mend="Compare the two at the places that the message names, and mend the statement by hand.",
)
CHANGE_LEFT_OUT = Rule(
    "W808",
    _WARNING,
    "A tracked change was left out",
    means="The document has a tracked change, which was not taken over.",
    why="A proposal that nobody accepted is not what was said.",
    example=Example(
        wrong="We [must] should act, with `must` tracked as inserted",
        right="We should act",
    ),
    mend="Settle the changes in Word, or import with `--accept-changes`.",
)
CHANGE_ACCEPTED = Rule(
    "W809",
    _WARNING,
    "A tracked change was accepted",
    means="The document has a tracked change, which was taken over because you asked for it.",
    why="You should see what became part of the text.",
    example=Example(
        wrong="We [must] should act, with `must` tracked as inserted",
        right="We must act",
    ),
    mend="Check each of them against delivery.",
)
COMMENT_LEFT_OUT = Rule(
    "W810",
    _WARNING,
    "A comment was left out",
    means="The document has a comment, which was left out.",
    why="A comment is no part of a speech; but it may say that something is still to be changed.",
    example=Example(
        wrong="We should act (comment: check with capital)",
        right="We should act",
    ),
    mend="Read it in the document.",
)
PART_LEFT_OUT = Rule(
    "W811",
    _WARNING,
    "A part of a file is not taken over into a statement",
    means=(
        "Something in the document has no place in a statement and was left out, such as a text "
        "box or a header."
    ),
    why="It may have held words that were spoken.",
    example=Example(
        wrong="a text box beside the speech",
        right="the same words as a paragraph of the speech",
    ),
    mend=(
        "Look at it in the document, and take its words over by hand if they belong to the speech."
    ),
)
PICTURE_LEFT_OUT = Rule(
    "W812",
    _WARNING,
    "A picture could not be taken over",
    means="A picture in the document is of a kind that cannot be printed, or is damaged.",
    why="The statement may speak of what its reader then does not see.",
    example=Example(
        wrong="chart.wmf",
        right="chart.png",
    ),
    mend="Save the picture as PNG or JPEG, put it into media/, and name it in the statement.",
)
STRUCTURE_GUESSED = Rule(
    "W813",
    _WARNING,
    "Paragraphs or letters of a file had to be guessed",
    means=(
        "The file does not say where its paragraphs end, or which letters it shows; both were "
        "guessed."
    ),
    why="Wrong paragraphs have wrong numbers, by which others cite them.",
    example=Example(
        wrong="speech.pdf",
        right="speech.docx",
    ),
    mend=(
        "Read the statement once from beginning to end; better, ask for the file that the PDF was "
        "made from."
    ),
)
CHANGES_UNSETTLED = Rule(
    "E814",
    _ERROR,
    "A file has tracked changes that must be settled first",
    means=(
        "A file has tracked changes that cannot be told apart well enough to leave them out or "
        "take them over."
    ),
    why="What was said and what was proposed would be mixed.",
    example=Example(
        wrong="speech.docx, with tracked changes in its tables",
        right="speech.docx, with all changes settled",
    ),
    mend="Settle the changes in Word, save the file, and import it again.",
)

NOT_SENT_OUT = Rule(
    "E815",
    _ERROR,
    "A Word file is none that was sent out for correction",
    means=(
        "`build.py corrections` compares a Word file that was made by `build.py --only docx` and "
        "has come back. This one has none of the marks by which its paragraphs would be known."
    ),
    why="Without the marks nobody can tell which paragraph of which text a change is meant for.",
    example=Example(
        wrong="build.py corrections our-own-version.docx",
        right="build.py corrections report.docx",
    ),
    mend=(
        "Ask for the file that was sent out, with the changes in it. A text that was written anew "
        "is imported, or corrected by hand."
    ),
)

UNIT_TOO_SLOW = Rule(
    "E901",
    _ERROR,
    "A part of the report takes too long to be typeset",
    means="Typesetting one text took more than `unit_seconds` under `limits:` in event.yaml.",
    why="A text that holds up the build holds up the whole report, by mistake or by intent.",
    example=Example(
        file="event.yaml", wrong="limits: {unit_seconds: 1}", right="limits: {unit_seconds: 240}"
    ),
    mend=(
        "Look for a very long paragraph or a very wide table, and divide it. If it is as it should "
        "be, raise the limit. `build --keep-going` makes the rest, with a page that says what is "
        "missing."
    ),
)
UNIT_TOO_LARGE = Rule(
    "E902",
    _ERROR,
    "A part of the report takes too much memory",
    means="Typesetting one text took more than `unit_megabytes` under `limits:` in event.yaml.",
    why="A machine without memory ends programs as it likes, and the whole build with them.",
    example=Example(
        file="event.yaml",
        wrong="limits: {unit_megabytes: 10}",
        right="limits: {unit_megabytes: 4000}",
    ),
    mend=(
        "Divide the text, or make its pictures smaller. If it is as it should be, raise the limit. "
        "`build --keep-going` makes the rest, with a page that says what is missing."
    ),
)
UNIT_FAILED = Rule(
    "E903",
    _ERROR,
    "A part of the report cannot be typeset",
    means="The typesetter gave up on one text, or the process that it ran in was ended.",
    why="The report is not whole without it.",
    example=Example(
        file="1-opening/01-minister.md",
        wrong="<table><tr><td><table><tr><td>A table in the cell of a table</td></tr></table>",
        right="| A table | of its own |\n| --- | --- |\n| one | two |",
    ),
    mend=(
        "Take the last change of the text back, or simplify its tables and lists. "
        "`build --keep-going` makes the rest, with a page that says what is missing."
    ),
)

RULES: tuple[Rule, ...] = tuple(value for value in globals().values() if isinstance(value, Rule))
