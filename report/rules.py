"""The rules of an event's content, each with its stable code.

Codes go by subject: E0 files and YAML, E1 front matter, E2 order and identity, E3 references and
evidence, E4 pictures, E5 expressions, E6 indexes, E7 release, E8 import. W stands for
a warning.
"""

from __future__ import annotations

from report.diagnostics import Rule, Severity

_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

MISSING_FILE = Rule("E001", _ERROR, "A file that the event needs is missing")
UNREADABLE = Rule("E002", _ERROR, "A file cannot be read")
NOT_UTF8 = Rule("E003", _ERROR, "A file is not encoded in UTF-8")
BAD_YAML = Rule("E004", _ERROR, "The YAML cannot be read")
DUPLICATE_KEY = Rule("E005", _ERROR, "A key is given twice")
ALIAS = Rule("E006", _ERROR, "YAML's anchors, aliases and tags are not used here")
BAD_CHARACTER = Rule("E007", _ERROR, "A character cannot stand in a text")

NO_FRONT_MATTER = Rule("E101", _ERROR, "The front matter is missing")
UNCLOSED_FRONT_MATTER = Rule("E102", _ERROR, "The front matter is not closed")
UNKNOWN_KEY = Rule("E103", _ERROR, "A key is not known")
MISSING_KEY = Rule("E104", _ERROR, "A required key is missing")
BAD_VALUE = Rule("E105", _ERROR, "A value is not of the right kind")
EMPTY_TEXT = Rule("E106", _ERROR, "A text is empty")
TOO_INTRICATE = Rule("E107", _ERROR, "A text is too intricate to be read")
TOO_LONG = Rule("W108", _WARNING, "A statement takes longer than the minutes it was given")

SAME_NUMBER = Rule("E201", _ERROR, "Two files or folders have the same number")
NO_NUMBER = Rule("W202", _WARNING, "A file is left out because its name has no number")
DUPLICATE_ID = Rule("E203", _ERROR, "An identifier is given twice")
UNKNOWN_SESSION = Rule("E204", _ERROR, "A session does not exist")
UNKNOWN_CHAIR = Rule("E205", _ERROR, "A chairperson is not among the participants")
UNKNOWN_PILLAR = Rule("E206", _ERROR, "A pillar does not exist")
UNKNOWN_PARTICIPANT = Rule("W207", _WARNING, "A name is not among the participants")
SESSIONS_MISSING = Rule("E208", _ERROR, "The event has no session")
UNKNOWN_PART = Rule("E209", _ERROR, "A part named in the order of the report does not exist")
NO_TEXT = Rule("W210", _WARNING, "A file is left out because it is no text")
BAD_NAME = Rule("E211", _ERROR, "The name of a file or folder cannot be used in references")
PART_TWICE = Rule("E212", _ERROR, "A part is named twice in the order of the report")
DATES_REVERSED = Rule("E213", _ERROR, "The event ends before it begins")
EDITION_TOO_EARLY = Rule("E214", _ERROR, "An edition is older than its event")

BAD_REFERENCE = Rule("E301", _ERROR, "A reference is not well formed")
UNKNOWN_REFERENCE = Rule("E302", _ERROR, "A reference leads to a text that does not exist")
UNKNOWN_PARAGRAPH = Rule("E303", _ERROR, "A reference leads to a paragraph that does not exist")
NO_EVIDENCE = Rule("W304", _WARNING, "A finding or recommendation rests on no evidence")
EVIDENCE_REQUIRED = Rule("E304", _ERROR, "A finding or recommendation rests on no evidence")
CITED_TEXT_CHANGED = Rule("W305", _WARNING, "A paragraph has changed since it was cited")
NOT_ACCEPTED = Rule("W306", _WARNING, "A citation has not been accepted yet")
UNKNOWN_RECOMMENDATION = Rule("E307", _ERROR, "A recommendation repeats one that does not exist")
ALIKE = Rule("W308", _WARNING, "Two recommendations are nearly the same")
DEAD_LINK = Rule("E309", _ERROR, "A link leads to nothing in the report")
NOT_IN_REPORT = Rule("E310", _ERROR, "A reference leads to a text that the report leaves out")
MISQUOTED = Rule("E311", _ERROR, "A quotation differs from what was said")
UNMARKED_TRANSLATION = Rule("E312", _ERROR, "A quotation in translation is not marked as such")
UNOPENED_QUOTATION = Rule("W313", _WARNING, "A quotation ends that has not begun")
WITHHELD_EVIDENCE = Rule("E314", _ERROR, "A conclusion rests on a text that is withheld")
UNCLEARED_EVIDENCE = Rule("W315", _WARNING, "A conclusion rests on a text that is a draft")
WITHHELD_QUOTED = Rule("E316", _ERROR, "A text that is withheld is quoted")

MISSING_IMAGE = Rule("E401", _ERROR, "A picture does not exist")
NO_ALTERNATIVE = Rule("E402", _ERROR, "A picture has no alternative text")
BAD_IMAGE = Rule("E403", _ERROR, "A picture cannot be used")

BAD_EXPRESSION = Rule("E501", _ERROR, "An expression in the text cannot be filled in")

UNKNOWN_ACRONYM = Rule("W601", _WARNING, "An acronym is not in the list of acronyms")
UNKNOWN_SUBJECT = Rule("E602", _ERROR, "A subject leads to one that does not exist")
UNUSED_SUBJECT = Rule("W603", _WARNING, "No text speaks of a subject of the index")
UNCITED_DOCUMENT = Rule("W604", _WARNING, "No text cites a document that has a title")

NOT_CLEARED = Rule("E701", _ERROR, "A text is not cleared for distribution")
UNDER_EMBARGO = Rule("E702", _ERROR, "A text is under embargo")
SUMMARY_NOT_ACCEPTED = Rule("E703", _ERROR, "The Chairman's Summary is not accepted as it stands")
NO_EDITION = Rule("E704", _ERROR, "A release has no edition that can be issued")

UNKNOWN_KIND = Rule("E801", _ERROR, "A file is of no kind that can be imported")
DAMAGED_SOURCE = Rule("E802", _ERROR, "A file to be imported is damaged")
ENCRYPTED_SOURCE = Rule("E803", _ERROR, "A file to be imported is protected by a password")
HOSTILE_SOURCE = Rule("E804", _ERROR, "A file to be imported holds what can do harm")
EMPTY_SOURCE = Rule("E805", _ERROR, "A file to be imported has no text")
SOURCE_TOO_GREAT = Rule("E806", _ERROR, "A file to be imported asks for too much time or memory")
WORDS_DIFFER = Rule("E807", _ERROR, "A statement has not the words of the file it was made from")
CHANGE_LEFT_OUT = Rule("W808", _WARNING, "A tracked change was left out")
CHANGE_ACCEPTED = Rule("W809", _WARNING, "A tracked change was accepted")
COMMENT_LEFT_OUT = Rule("W810", _WARNING, "A comment was left out")
PART_LEFT_OUT = Rule("W811", _WARNING, "A part of a file is not taken over into a statement")
PICTURE_LEFT_OUT = Rule("W812", _WARNING, "A picture could not be taken over")
STRUCTURE_GUESSED = Rule("W813", _WARNING, "Paragraphs or letters of a file had to be guessed")
CHANGES_UNSETTLED = Rule("E814", _ERROR, "A file has tracked changes that must be settled first")

RULES: tuple[Rule, ...] = tuple(value for value in globals().values() if isinstance(value, Rule))
