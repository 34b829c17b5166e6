"""Excerpts: some pages of a text, laid out without those before them.

WeasyPrint 70 lays out a text page by page from its beginning, and what it has to know where a page
begins is a small value. It is kept with the pages of a long text, so that layout can begin at any
of them: a word that changes on the eighth page is seen there without the seven before it.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import accumulate, takewhile
from typing import Any

from cssselect2 import ElementWrapper
from weasyprint import HTML, Page, layout
from weasyprint.layout.page import remake_page
from weasyprint.urls import URLFetcher

from report.fragment import Begin

FEWEST = 3
"""The pages from which on a text is long."""

_make_all_pages = layout.make_all_pages
_make_margin_boxes = layout.make_margin_boxes

_TAG = re.compile("<[a-zA-Z]")


def install() -> None:
    """Have WeasyPrint make the pages of a `Copy` so from now on."""
    layout.make_all_pages = make_all_pages
    layout.make_margin_boxes = make_margin_boxes


class Copy(HTML):  # type: ignore[misc]
    """A text to be laid out: whole or, from page `first` on which begins in a `state`, `pages`.

    Of some pages the last is wanted: the others have nothing in their margins. `states` are those
    in which its pages began, once it is laid out.
    """

    def __init__(
        self,
        source: str,
        parsed: HTML,
        fetcher: URLFetcher,
        first: int = 0,
        state: str = "",
        pages: int = 0,
    ) -> None:
        """Take a document and what it was parsed to; all its pages are wanted without a number."""
        self.base_url = parsed.base_url
        self.media_type = parsed.media_type
        self.url_fetcher = fetcher
        # To draw a drawing changes it.
        self.etree_element = deepcopy(parsed.etree_element)
        self.wrapper_element = ElementWrapper.from_html_root(self.etree_element)
        self.source = source
        self.first = first
        self.state = state
        self.pages = pages
        self.states: list[str] = []


def make_all_pages(context: Any, root: Any, html: HTML, before: Sequence[Any]) -> Iterator[Any]:
    """Make pages as WeasyPrint does, and note in which state each begins; or some of them."""
    if not isinstance(html, Copy):
        yield from _make_all_pages(context, root, html, before)
    elif html.pages:
        yield from _some_pages(context, root, html)
    else:
        yield from _all_pages(context, root, html, before)


def _all_pages(context: Any, root: Any, html: Copy, before: Sequence[Any]) -> Iterator[Any]:
    html.states = [_state(context, 0)]
    for number, page in enumerate(_make_all_pages(context, root, html, before), start=1):
        html.states.append(_state(context, number))
        yield page
    # No page begins after the last.
    html.states.pop()


def _some_pages(context: Any, root: Any, html: Copy) -> Iterator[Any]:
    context.rendered_notes = []
    if html.first:
        begin = (*ast.literal_eval(html.state), _unmade())
        # The pages before have their places: on the first page of all, margins are other ones.
        context.page_maker = [begin] * (html.first + 1)
    for number in range(html.first, html.first + html.pages):
        context.page_maker[number][-1].update(_unmade())
        page, rest = remake_page(number, context, root, html)
        context.last_page = page
        yield page
        if rest is None and not context.reported_footnotes:
            return
    # Otherwise WeasyPrint would begin anew for the next page, which is not made.
    context.page_maker[-1][-1].update(_unmade())


def make_margin_boxes(context: Any, page: Any, state: Any) -> Iterator[Any]:
    """Make what stands in the margins of a page; of some pages only the last is drawn."""
    if getattr(context, "last_page", page) is page:
        yield from _make_margin_boxes(context, page, state)


def _unmade() -> dict[str, Any]:
    """What WeasyPrint has noted of a page before it makes it."""
    return {"content_changed": False, "pages_wanted": False, "anchors": [], "content_lookups": []}


def _state(context: Any, number: int) -> str:
    """The state in which a page is about to begin; none where a note or a float goes on there."""
    is_carried = context.reported_footnotes or context.broken_out_of_flow
    return "" if is_carried else _literal(context.page_maker[number][:-1])


def _literal(value: object) -> str:
    """A value as a Python literal, which is the same in every process: a set has no order."""
    match value:
        case set() if value:
            return f"{{{', '.join(sorted(map(_literal, value)))}}}"
        case dict():
            return f"{{{', '.join(f'{name!r}: {_literal(each)}' for name, each in value.items())}}}"
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case tuple():
            return f"({''.join(f'{_literal(each)},' for each in value)})"
    return repr(value)


def begins(copy: Copy, pages: Sequence[Page], look: str) -> tuple[Begin, ...]:
    """Where each page of a text that was laid out begins; nothing for a text that is not long.

    `look` names all that says how a text looks, such as its styles.
    """
    if len(pages) < FEWEST:
        return ()
    places = {element: place for place, element in enumerate(copy.etree_element.iter())}
    ends = [*(tag.start() for tag in _TAG.finditer(copy.source)), len(copy.source)][1:]
    last = accumulate((_last(page, places) for page in pages), max)
    lengths = (ends[min(place, len(ends) - 1)] for place in last)
    return tuple(
        Begin(state, length, _digest(copy.source, length, look))
        for state, length in zip(copy.states, lengths, strict=True)
    )


def _last(page: Page, places: dict[Any, int]) -> int:
    """The place, in the order of the document, of the last element that a page has something of."""
    root = page._page_box.children[0]
    return max(places.get(box.element, 0) for box in root.descendants())


def _digest(source: str, length: int, look: str) -> str:
    return hashlib.sha256(f"{look}{source[:length]}".encode()).hexdigest()


def first_to_lay_out(source: str, look: str, before: Sequence[Begin]) -> int:
    """From which page on a text has to be laid out anew, given where its pages began before.

    It is the page before the first of which anything has changed: what stands at the head of a page
    has a say in where the one before it ends.
    """
    same = takewhile(lambda b: _digest(source, b.length, look) == b.digest, before)
    first = max(sum(1 for _ in same) - 1, 0)
    return max((n for n in range(1, first + 1) if before[n].state), default=0)
