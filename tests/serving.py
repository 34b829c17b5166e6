"""The live preview as an editor starts it: a process of its own, and what it tells."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests.waiting import PATIENCE

HERE = Path(__file__).parent

State = dict[str, Any]


def event_in(folder: Path) -> Path:
    """A copy of the smallest event that a test may write in, with statements of several pages."""
    event = folder / "event"
    shutil.copytree(HERE / "events" / "minimal", event)
    for number, name in enumerate(("envoy", "mayor"), start=2):
        paragraphs = "\n\n".join(
            f"We speak of point {n}. " + "Words follow. " * 60 for n in range(9)
        )
        (event / "1-opening" / f"{number:02d}-{name}.md").write_text(
            f"---\nspeaker: {name.title()}  # as announced\naffiliation: Member State A\n"
            f"category: governments\nminutes: 6\n---\n{paragraphs}\n"
        )
    return event


@contextmanager
def served(event: Path, *options: str) -> Iterator[str]:
    """Serve an event; gives the address, and keeps the cache beside the event."""
    command = [sys.executable, str(HERE.parent / "build.py"), "serve", "--no-open"]
    process = subprocess.Popen(
        [*command, "--event", str(event), *options],
        cwd=event.parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        yield address[0]
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for_state(address: str, wanted: Callable[[State], bool]) -> State:
    """The first state of the preview that is wanted."""
    state: State = {}
    with (
        suppress(httpx.ReadTimeout),
        httpx.stream("GET", f"{address}events", timeout=PATIENCE) as answer,
    ):
        for line in answer.iter_lines():
            if line.startswith("data: ") and wanted(state := json.loads(line[6:])):
                return state
    raise AssertionError(f"the preview does not come to what is wanted: {state}")


def pages_of(state: State) -> list[list[State]]:
    """What is shown of each part of the report."""
    return [part["pages"] for part in state["parts"]]


def save(file: Path, content: str | bytes) -> None:
    """Write a file at once, so that nobody who watches it finds it empty."""
    file.parent.mkdir(exist_ok=True)
    new = file.with_name(f".{file.name}")
    new.write_bytes(content if isinstance(content, bytes) else content.encode())
    new.replace(file)


def is_settled(state: State) -> bool:
    return bool(state["parts"]) and not state["busy"] and not state["failed"]
