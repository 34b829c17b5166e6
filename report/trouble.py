"""Trouble: what stops a command though no text is to blame, in words for whoever typed it.

The disk, a folder's permissions, an event's own templates and styles. Anything else is a fault of
the compiler, and is left to be seen as such.
"""

from __future__ import annotations

import errno
import traceback
from concurrent.futures import BrokenExecutor

from jinja2 import TemplateError, TemplateSyntaxError

from report.edition import UnknownEditionError
from report.failure import UnitsFailedError
from report.link import DanglingLinkError
from report.look import MissingTokenError
from report.pandoc import NoPandocError, PandocError
from report.resources import ResourceRefusedError
from report.typeset import UnsettledError
from report.unit import NoSuchUnitError
from report.wellformed import StyleError

_STAYS = "nothing was replaced"
_REASONS = {
    errno.ENOSPC: f"the disk is full; make room and try again, {_STAYS}",
    errno.EDQUOT: f"your share of the disk is used up; make room and try again, {_STAYS}",
    errno.EFBIG: f"the file would be larger than is allowed here; {_STAYS}",
    errno.EROFS: f"this disk can only be read; name another folder, {_STAYS}",
    errno.EACCES: f"you are not allowed to open or write it; {_STAYS}",
    errno.EPERM: f"you are not allowed to open or write it; {_STAYS}",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.EEXIST: "a file stands where a folder is needed",
}


def in_words(error: Exception) -> str | None:
    """What happened and what to do, on one line; None for a fault of the compiler itself."""
    match error:
        case OSError():
            what = _REASONS.get(error.errno or 0) or error.strerror or str(error)
            return f"{error.filename}: {what}" if error.filename else what
        case BrokenExecutor():
            return f"workers end as soon as they begin: has this machine memory enough? {_STAYS}"
        case MemoryError():
            return f"this machine has not memory enough; {_STAYS}"
        case TemplateSyntaxError():
            return f"{error.filename or error.name}:{error.lineno}: {error.message}"
        case TemplateError():
            return f"{_template_line(error)}{error.message or type(error).__name__}"
        case MissingTokenError() | ResourceRefusedError() | UnsettledError() | DanglingLinkError():
            return str(error)
        case StyleError():
            return f"{error}; {_STAYS}"
        case NoPandocError() | NoSuchUnitError() | UnknownEditionError():
            return str(error)
        case PandocError():
            return f"pandoc failed: {error}; {_STAYS}"
        case UnitsFailedError():
            return f"cannot be typeset: {error}"
    return None


def _template_line(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    line = next((frame for frame in reversed(frames) if frame.filename.endswith(".html")), None)
    return f"{line.filename}:{line.lineno}: " if line else ""
