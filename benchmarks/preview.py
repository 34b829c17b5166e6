"""`python -m benchmarks.preview`: how soon the live preview shows a change, at the page being read.

Serves a copy of the sample, as an editor would, says which part is read, changes a file and waits
for what the preview tells of that part. The files are read, typeset and drawn as ever; only the
browser is left out. Writes preview.md.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from benchmarks.results import machine

PROJECT = Path(__file__).parent.parent
RUNS = 9
AIM = 0.5
"""Seconds after which a change should show."""

Change = Callable[[str], str]
"""Takes the text of a file, and returns it with a change in it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A file that is changed, relative to the event, and the part of the report that is read.

    A file that the event has not is the report's own at first, as an editor would begin with it.
    `page` is the one of the part that is read, from 0.
    """

    file: str
    read: str
    change: Change
    page: int = 0

    @property
    def place(self) -> Mapping[str, Any]:
        """What is read, as the preview's page tells it."""
        return {"unit": self.read, "page": self.page}


def _another_word(text: str) -> str:
    return f"{text.rstrip()} Indeed.\n"


def _another_title(text: str) -> str:
    return re.sub(r"(?m)^  en: The Secretary-General's", r"\g<0> Own", text)


def _another_series(text: str) -> str:
    return re.sub(r"(?m)^  en: Counter-Terrorism", r"\g<0> Own", text)


def _another_session(text: str) -> str:
    return re.sub(r"(?m)^short_title: {en:", r"\g<0> Own", text)


def _another_name(text: str) -> str:
    return re.sub(r"en: Minister of (Much )*", r"\g<0>Much ", text, count=1)


def _another_size(text: str) -> str:
    return f"{text}.statement .kicker {{ letter-spacing: 0.{len(text)}pt }}\n"


def _another_colour(text: str) -> str:
    return re.sub(r"(?<=--accent: #)\w+", lambda found: f"{int(found[0], 16) + 1:06x}", text)


def _another_line(text: str) -> str:
    return text.replace("</header>", "<p>Checked.</p>\n</header>")


def _in(words: str) -> Change:
    """Put one word more, each time, before the first of some that stand in a file."""
    return lambda text: text.replace(words, f"indeed {words}", 1)


STATEMENT = "2-dialogue/03-mayor-member-state-c"
SESSION = "2-dialogue/session"
LONGER_STATEMENT = "5-human-rights/02-minister-of-justice-member-state-p"
SUMMARY = "6-closing/chairmans-summary"

CASES = {
    "a statement of two pages": Case(f"{STATEMENT}.md", STATEMENT, _another_word, 1),
    "a statement of three pages": Case(
        f"{LONGER_STATEMENT}.md", LONGER_STATEMENT, _another_word, 2
    ),
    "the first of nine pages of the Chairman's Summary": Case(
        f"{SUMMARY}.md", SUMMARY, _in("This summary is mine")
    ),
    "its third page, a finding": Case(f"{SUMMARY}.md", SUMMARY, _in("is known"), 2),
    "its last page, the way forward": Case(
        f"{SUMMARY}.md", SUMMARY, _in("with every recommendation"), 8
    ),
    "the foreword": Case("foreword.md", "foreword", _another_word),
    "a name among the participants": Case("participants.yaml", "participants", _another_name),
    "the event's title, on the cover": Case("event.yaml", "cover", _another_title),
    "the series, at the head of a chapter": Case("event.yaml", "foreword", _another_series),
    "a session's title, at the head of a statement": Case(
        f"{SESSION}.md", STATEMENT, _another_session
    ),
    "the styles of all pages": Case("styles/event.css", STATEMENT, _another_size),
    "a colour, of figures too": Case("styles/tokens.css", STATEMENT, _another_colour),
    "a colour, while the map is read": Case("styles/tokens.css", "map", _another_colour),
    "a colour, while the charts are read": Case(
        "styles/tokens.css", "at-a-glance", _another_colour
    ),
    "the styles, while the summary's last page is read": Case(
        "styles/event.css", SUMMARY, _another_size, 8
    ),
    "the styles, while the last page of recommendations is read": Case(
        "styles/event.css", "recommendations", _another_size, 5
    ),
    "the styles, while the index of subjects is read": Case(
        "styles/event.css", "subjects", _another_size
    ),
    "the template of statements": Case("templates/statement.html", STATEMENT, _another_line),
}
"""What is changed, by how it is told."""

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from the write of a file until its new pages were told, and one of them drawn."""

    told: float
    drawn: float


def main() -> None:
    """Measure all texts and write preview.md beside this file."""
    with tempfile.TemporaryDirectory(prefix="rapporteur-preview-") as folder:
        event = Path(shutil.copytree(PROJECT / "statements", Path(folder) / "event"))
        with _served(event) as address:
            measured = dict(_measure(event, address))
    page = "\n".join(_page(measured)) + "\n"
    Path(__file__).with_suffix(".md").write_text(page, encoding="utf-8")
    print(page, end="")


@contextmanager
def _served(event: Path) -> Iterator[str]:
    command = (sys.executable, PROJECT / "build.py", "serve", "--no-open", "--event", event)
    with subprocess.Popen(command, cwd=event.parent, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address
        yield address[0]
        server.terminate()


class _Listener:
    """Hears of each state of the preview, as its page does."""

    def __init__(self, lines: Iterator[str]) -> None:
        data = (line for line in lines if line.startswith("data: "))
        self._states = (json.loads(line.removeprefix("data: ")) for line in data)
        self.state: State = next(self._states)

    def wait_for(self, wanted: Callable[[State], bool]) -> State:
        while not wanted(self.state):
            self.state = next(self._states)
        return self.state


def _measure(event: Path, address: str) -> Iterator[tuple[str, Sequence[Times]]]:
    origin = {"Origin": str(httpx.URL(address).copy_with(path=""))}
    with httpx.stream("GET", f"{address}events", timeout=120) as answer:
        listener = _Listener(answer.iter_lines())
        for what, case in CASES.items():
            # As the page does when it shows another unit.
            httpx.post(f"{address}reading", json=case.place, headers=origin).raise_for_status()
            # The first change finds what no later one does: workers that never met this text.
            yield what, [_change(event, case, address, listener) for _ in range(RUNS + 1)][1:]


def _change(event: Path, case: Case, address: str, listener: _Listener) -> Times:
    """Change a file and wait until the new pages of what is read are shown."""
    before = _picture(listener.wait_for(_is_settled), case)
    file = event / case.file
    text = (file if file.exists() else PROJECT / case.file).read_text(encoding="utf-8")
    file.parent.mkdir(exist_ok=True)
    start = time.perf_counter()
    file.write_text(case.change(text), encoding="utf-8")
    new = _picture(listener.wait_for(lambda state: _picture(state, case) != before), case)
    told = time.perf_counter()
    httpx.get(address + new.replace("{width}", "1260"), timeout=60).raise_for_status()
    return Times(told - start, time.perf_counter() - start)


def _picture(state: State, case: Case) -> str:
    """The address of the page that is read; none before there is any."""
    part = next((part for part in state["parts"] if part["id"] == case.read), {"pages": ()})
    return next((page["picture"] for page in part["pages"][case.page :]), "")


def _is_settled(state: State) -> bool:
    return bool(state["parts"]) and not state["busy"] and not state["failed"]


def _page(measured: Mapping[str, Sequence[Times]]) -> Iterator[str]:
    yield "# The live preview"
    yield ""
    yield f"{machine()} `python -m benchmarks.preview` makes this page."
    yield ""
    yield "Seconds from the moment a file of the sample is written until the preview has the page"
    yield "that is read anew and tells the browser of it, and until that is drawn as a picture:"
    yield f"medians of {RUNS} runs, with the least and the most in parentheses. The aim is that a"
    yield f"change shows within {AIM} s at that page, of which the browser tells the server. All"
    yield "other pages follow. The styles change all parts, the series those that are no statement,"
    yield "the template all statements, and a colour all figures too."
    yield ""
    yield "| what is changed | new page told | drawn |"
    yield "| --- | --- | --- |"
    for what, times in measured.items():
        columns = ([getattr(each, name) for each in times] for name in Times.__slots__)
        yield f"| {what} | {' | '.join(map(_told, columns))} |"


def _told(seconds: Sequence[float]) -> str:
    return f"{median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


if __name__ == "__main__":
    main()
