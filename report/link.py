"""Linking: typeset units as one PDF (ISO 32000-1), accessible and fit for archives.

Conforms to PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3) at once. Links name their
destinations, so they need no rewriting: the linker puts one gathering of units after the other into
the file, stamps the folios, which only it can know, and adds what the document has once: the roots
of pages and structure, names, outline, labels, fonts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, count
from pathlib import Path

import pydyf

from report import faces, resources
from report.attachment import Attachment, attach
from report.digits import Digits
from report.fragment import Bookmark, FaceUse, Store, TypesetUnit
from report.frame import (
    CATALOGUE,
    DOCUMENT,
    FIRST,
    FONTS,
    INFORMATION,
    PAGES,
    Frame,
    name_bytes,
    reference,
    tree,
)
from report.gathering import Gathering, Run, Surroundings, gather, runs
from report.languages import direction
from report.metadata import information, xmp
from report.outline import outline
from report.pdffile import Segment, pieces, segment
from report.programs import package_version
from report.stamps import stamps
from report.typeset import Typeset, digest, source_digest
from report.unit import Report

_KEPT = "report-linked-last"
"""Under which name the cache has it."""


_NOWHERE: Mapping[str, str] = {}


class DanglingLinkError(ValueError):
    """Links to places that no unit defines."""


def bind(report: Report, typeset: Typeset, cache: Path, suffix: str = "") -> Mapping[str, bytes]:
    """Return the files that the report is printed as: `report.pdf`, or `report-1.pdf` and so on.

    Names have the `suffix` before their endings. A link to a place in another volume leads into
    that volume's file, which lies beside it.
    """
    places = homes(report, typeset, suffix)
    return {
        file: link(volume, pages, cache, elsewhere=places)
        for file, volume, pages in zip(
            _file_names(report, suffix), report.bound, typeset.bound, strict=True
        )
    }


def homes(report: Report, typeset: Typeset, suffix: str) -> Mapping[str, str]:
    """Return the file of the printed report in which each place is."""
    bound = zip(_file_names(report, suffix), typeset.bound, strict=True)
    return {n: file for file, pages in bound for unit in pages.units for n in unit.anchors}


def _file_names(report: Report, suffix: str) -> Iterator[str]:
    if not report.volumes:
        yield f"report{suffix}.pdf"
    for number, _ in enumerate(report.volumes, start=1):
        yield f"report-{number}{suffix}.pdf"


def link(
    report: Report,
    typeset: Typeset,
    cache: Path,
    attachments: Iterable[Attachment] = (),
    elsewhere: Mapping[str, str] = _NOWHERE,
) -> bytes:
    """Return a report in one volume, or one volume of it, as a PDF: the same for the same input.

    `elsewhere` names the file of each place that the volume does not define. What was linked last
    of each volume and language is kept, so that a build without changes does not link at all.
    """
    attachments, outside = tuple(attachments), _outside(typeset, elsewhere)
    key = _key(report, typeset, attachments, outside)
    store, name = Store(cache), f"{_KEPT}{report.volume}{report.language}"
    kept = store.read(name, key)
    if kept is not None:
        return kept
    segments = _Linker(report, typeset, store, attachments, outside).segments()
    file = pieces(segments, CATALOGUE, INFORMATION, identifier=key[:32].decode())
    return store.assemble(name, key, file)


def _key(
    report: Report,
    typeset: Typeset,
    attachments: tuple[Attachment, ...],
    outside: Mapping[str, str],
) -> bytes:
    """Return a digest of all that the linked report is made of."""
    placed = zip(typeset.units, typeset.pagination.units, strict=True)
    units = [(unit.key, source.paging) for unit, (source, _, _) in placed]
    sheets = sorted({sheet.key for sheet in typeset.sheets.values()})
    files = [(replace(file, content=b""), _sha256(file.content)) for file in attachments]
    said = (xmp(report).decode(), information(report), report.language)
    numbers = [typeset.pagination.first, typeset.pagination.lead]
    led = sorted(outside.items())
    return digest([units, numbers, sheets, repr(files), said, led, _tools()]).encode()


def _outside(typeset: Typeset, elsewhere: Mapping[str, str]) -> Mapping[str, str]:
    """Return the places outside the volume to which its links lead, and the file of each."""
    targets = set(chain.from_iterable(unit.targets for unit in typeset.units))
    own = set(chain.from_iterable(unit.anchors for unit in typeset.units))
    return {name: elsewhere[name] for name in targets - own if name in elsewhere}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@lru_cache
def _tools() -> list[str]:
    own = source_digest(
        *("attachment.py", "faces.py", "fragment.py", "frame.py", "gathering.py", "link.py"),
        *("metadata.py", "outline.py", "pdffile.py", "relocation.py", "sewing.py", "stamps.py"),
        "typeset.py",
    )
    return [own, pydyf.VERSION, package_version("pikepdf"), package_version("uharfbuzz")]


class _Linker:
    """Makes what all units of a report have in common, and tells where in the file they come."""

    def __init__(
        self,
        report: Report,
        typeset: Typeset,
        store: Store,
        attachments: tuple[Attachment, ...],
        outside: Mapping[str, str],
    ) -> None:
        self._report = report
        self._typeset = typeset
        self._store = store
        self._attachments = attachments
        self._outside = outside
        self._sheets = tuple({s.id: s for s in typeset.sheets.values()}.values())
        self._runs = tuple(runs(typeset))
        self._frame = Frame(self._runs[-1].end if self._runs else FIRST)
        self._pages: list[int] = []
        """The number of each page's object."""
        self._kids: list[int] = []
        """The numbers of the nodes below the root of the tree of pages."""

    def segments(self) -> Iterator[Segment]:
        """Yield what the file consists of, one part at a time."""
        self._check_targets()
        folios, states = self._stamps()
        surroundings = Surroundings(self._outside, states)
        images: dict[str, int] = {}
        structure = _Structure()
        used = faces.join(face for sheet in self._sheets for face in sheet.faces())
        box: tuple[float, ...] = ()
        for run in self._runs:
            gathering = gather(run, images, surroundings, self._store)
            self._fill_up(run.start, box)
            yield gathering.segment
            yield segment(_folios(run, gathering, folios), (), count())
            self._kids.append(gathering.node)
            self._pages += gathering.pages
            images |= gathering.images
            structure.add(gathering)
            used = faces.join((*used, *gathering.faces))
            box = gathering.box
        self._write_common(structure, used)
        yield self._frame.segment()

    def _check_targets(self) -> None:
        units = self._typeset.units
        defined = {*chain.from_iterable(unit.anchors for unit in units), *self._outside}
        dangling = {name for unit in units for name in unit.targets if name not in defined}
        if dangling:
            raise DanglingLinkError("links lead nowhere: " + ", ".join(sorted(dangling)))

    def _fill_up(self, start: int, box: tuple[float, ...]) -> None:
        """Add empty pages of the size of the one before, until the next has its place."""
        while len(self._pages) < start:
            blank = {
                "Type": "/Page",
                "Parent": reference(PAGES),
                "MediaBox": pydyf.Array(box),
                "Resources": pydyf.Dictionary(),
                "Tabs": "/S",
            }
            number = self._frame.put(pydyf.Dictionary(blank))
            self._kids.append(number)
            self._pages.append(number)

    def _stamps(self) -> tuple[Mapping[int, bytes], Mapping[str, str]]:
        """Return what is drawn on each page that shows its folio, and the states that it needs."""
        pagination, sheets = self._typeset.pagination, self._typeset.sheets
        drawn = {sheet.id: stamps(sheet, self._store) for sheet in self._sheets}
        states = {name: state for each in drawn.values() for name, state in each.states.items()}
        folios = {
            page: drawn[sheets[pagination.label(page)].id].drawings[pagination.place(page)]
            for page in pagination.stamped
        }
        return folios, states

    def _write_common(self, structure: _Structure, used: Iterable[FaceUse]) -> None:
        """Write what the document has once (7.7)."""
        frame = self._frame
        told = information(self._report).items()
        entries = {name.lstrip("/"): pydyf.String(text) for name, text in told}
        frame.put(self._catalogue(structure), CATALOGUE)
        frame.put(pydyf.Dictionary(entries), INFORMATION)
        frame.put_pages(self._kids, len(self._pages))
        frame.put(faces.embed(used, self._store, frame.add), FONTS)

    def _catalogue(self, structure: _Structure) -> pydyf.Dictionary:
        """State what the document is: its language, metadata, colours, and all that is named."""
        frame, language = self._frame, self._report.language
        packet = pydyf.Stream([xmp(self._report)], {"Type": "/Metadata", "Subtype": "/XML"})
        preferences = pydyf.Dictionary({"DisplayDocTitle": "true"})
        if direction(language) == "rtl":
            # Spreads begin at the right (12.2).
            preferences["Direction"] = "/R2L"
        catalogue = pydyf.Dictionary({
            "Type": "/Catalog",
            "Pages": reference(PAGES),
            "Lang": pydyf.String(language),
            "MarkInfo": pydyf.Dictionary({"Marked": "true"}),
            "Metadata": frame.add(packet),
            "OutputIntents": pydyf.Array([_output_intent(frame)]),
            "PageLabels": pydyf.Dictionary({"Nums": pydyf.Array(self._labels())}),
            "StructTreeRoot": structure.write(frame),
            "ViewerPreferences": preferences,
        })  # fmt: skip
        files = [attach(frame, each, self._report.timestamp) for each in self._attachments]
        if files:
            catalogue["AF"] = pydyf.Array(file for _, file in files)
        if names := self._names(files):
            catalogue["Names"] = frame.add(names)
        if shown := outline(frame, list(self._bookmarks())):
            catalogue |= {"Outlines": shown, "PageMode": "/UseOutlines"}
        return catalogue

    def _names(self, files: Sequence[tuple[bytes, str]]) -> pydyf.Dictionary:
        """Return the trees of what is found by its name (7.7.4)."""
        named = {"Dests": list(self._destinations()), "EmbeddedFiles": files}
        return pydyf.Dictionary(
            {kind: tree(self._frame, sorted(entries)) for kind, entries in named.items() if entries}
        )

    def _destinations(self) -> Iterator[tuple[bytes, str]]:
        """Yield every anchor as a named destination (12.3.2.3)."""
        for unit, start in self._placed():
            for name, (page, x, y) in unit.anchors.items():
                there = reference(self._pages[start + page])
                yield name_bytes(name), f"[{there} /XYZ {x:g} {y:g} null]"

    def _placed(self) -> Iterator[tuple[TypesetUnit, int]]:
        return zip(self._typeset.units, self._typeset.pagination.starts, strict=True)

    def _labels(self) -> Iterator[object]:
        """Yield the labels of the pages (12.4.2), as their folios are."""
        pagination = self._typeset.pagination
        front = pagination.front
        if front:
            yield from (0, pydyf.Dictionary({"S": "/r", "St": pagination.lead}))
        if front >= len(self._pages):
            return
        if pagination.digits is Digits.LATIN:
            yield from (front, pydyf.Dictionary({"S": "/D", "St": pagination.first}))
            return
        # Other digits are no style of labels, so each page has its own.
        for page in range(front, len(self._pages)):
            yield from (page, pydyf.Dictionary({"P": pydyf.String(pagination.label(page))}))

    def _bookmarks(self) -> Iterator[tuple[Bookmark, int]]:
        for unit, start in self._placed():
            for bookmark in unit.bookmarks:
                yield bookmark, self._pages[start + bookmark.page]


def _folios(
    run: Run, gathering: Gathering, drawings: Mapping[int, bytes]
) -> Iterator[tuple[int, bytes]]:
    """Yield the folios of a gathering's pages, with their numbers."""
    for page, shows in enumerate(run.stamped):
        if shows:
            yield gathering.folio(page), drawings[run.start + page]


class _Structure:
    """The root of the structure (14.7.2): all units hang under one document (14.8.4.2)."""

    def __init__(self) -> None:
        self._elements: list[int] = []
        self._leaves: list[tuple[int, int, int]] = []
        self._ids: list[tuple[bytes, str]] = []

    def add(self, gathering: Gathering) -> None:
        """Add the structure of a gathering."""
        self._elements += gathering.elements
        self._leaves += gathering.leaves
        self._ids += ((bytes.fromhex(name), reference(n)) for name, n in gathering.ids)

    def write(self, frame: Frame) -> str:
        """Return the reference to the root."""
        leaves = pydyf.Array(reference(number) for number, _, _ in self._leaves)
        root = pydyf.Dictionary({
            "Type": "/StructTreeRoot",
            "K": pydyf.Array([reference(DOCUMENT)]),
            "ParentTree": frame.add(pydyf.Dictionary({"Kids": leaves})),
            "ParentTreeNextKey": self._leaves[-1][2] + 1 if self._leaves else 0,
        })  # fmt: skip
        if self._ids:
            root["IDTree"] = tree(frame, sorted(self._ids))
        place = frame.add(root)
        document = {
            "Type": "/StructElem",
            "S": "/Document",
            "P": place,
            "K": pydyf.Array(map(reference, self._elements)),
        }
        frame.put(pydyf.Dictionary(document), DOCUMENT)
        return place


def _output_intent(frame: Frame) -> pydyf.Dictionary:
    """Return the colours that the pages mean: sRGB (19005-3, 6.2.3)."""
    # Found without importing WeasyPrint, which carries the profile.
    profile = resources.locate("package:weasyprint/pdf/sRGB2014.icc", Path()).read_bytes()
    return pydyf.Dictionary({
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pydyf.String("sRGB2014"),
        "Info": pydyf.String("sRGB2014"),
        "DestOutputProfile": frame.add(pydyf.Stream([profile], {"N": 3}, compress=True)),
    })  # fmt: skip
