"""A file that cannot be imported, and why."""

from __future__ import annotations

from report.diagnostics import Diagnostic, Place, Rule


class Refused(Exception):  # noqa: N818 (it names what happened to the file, not a fault of ours)
    """A file that is not imported: the rule that it breaks, what is wrong, and what to do."""

    def __init__(self, rule: Rule, message: str, hint: str):
        super().__init__(message)
        self.rule = rule
        self.hint = hint

    def diagnostic(self, file: str) -> Diagnostic:
        """The refusal as a diagnostic of the file."""
        return Diagnostic(self.rule, Place(file), str(self), self.hint)
