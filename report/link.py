"""Linking: typeset units as one PDF (ISO 32000-1), accessible and fit for archives.

Conforms to PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3) at once. Links name their
destinations, so they need no rewriting: the linker joins what the units define, pages first, then
the structure tree, names, outline and labels, and stamps the folios, which only it can know.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from itertools import chain, pairwise
from pathlib import Path

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Object, Pdf, Stream, String

from report import faces, resources
from report.assembly import Assembly, tree
from report.bundle import bundles
from report.digits import Digits
from report.fragment import Bookmark, Store, TypesetUnit
from report.languages import direction
from report.metadata import information, xmp
from report.typeset import Typeset, digest, source_digest
from report.unit import Report

_OUTLINE_LEVELS = 3

_KEPT = "report-linked-last"
"""Under which name the cache has it."""


_NOWHERE: Mapping[str, str] = {}


class DanglingLinkError(ValueError):
    """Links to places that no unit defines."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels in the report (7.11.4), with its relation to it (19005-3, 6.8)."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: str = "Supplement"


def bind(report: Report, typeset: Typeset, cache: Path, suffix: str = "") -> Mapping[str, bytes]:
    """Return the files that the report is printed as: `report.pdf`, or `report-1.pdf` and so on.

    Names have the `suffix` before their endings. A link to a place in another volume leads into
    that volume's file, which lies beside it.
    """
    places = homes(report, typeset, suffix)
    return {
        file: link(volume, pages, cache, elsewhere={n: f for n, f in places.items() if f != file})
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

    `elsewhere` names the file that defines each place outside the volume. What was linked last of
    each volume and language is kept, so that a build without changes does not link at all.
    """
    attachments = tuple(attachments)
    key = _key(report, typeset, attachments, elsewhere)
    store, name = Store(cache), f"{_KEPT}{report.volume}{report.language}"
    kept = store.read(name)
    if kept is not None and kept.startswith(key):
        return kept.removeprefix(key)
    content = _linked(report, typeset, store, attachments, elsewhere)
    store.write(name, key + content)
    return content


def _linked(
    report: Report,
    typeset: Typeset,
    store: Store,
    attachments: tuple[Attachment, ...],
    elsewhere: Mapping[str, str],
) -> bytes:
    with Pdf.new() as pdf:
        _Linker(pdf, report, typeset, store, elsewhere).link()
        for attachment in attachments:
            _attach(pdf, attachment, report.timestamp)
        output = io.BytesIO()
        pdf.save(
            output,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            force_version="1.7",
        )
    return output.getvalue()


def _key(
    report: Report,
    typeset: Typeset,
    attachments: tuple[Attachment, ...],
    elsewhere: Mapping[str, str],
) -> bytes:
    """Return a digest of all that the linked report is made of."""
    placed = zip(typeset.units, typeset.pagination.units, strict=True)
    units = [(unit.key, source.paging) for unit, (source, _, _) in placed]
    sheets = sorted({sheet.key for sheet in typeset.sheets.values()})
    files = [(replace(file, content=b""), _sha256(file.content)) for file in attachments]
    said = (xmp(report).decode(), information(report), report.language)
    numbers = [typeset.pagination.first, typeset.pagination.lead]
    outside = sorted(_outside(typeset, elsewhere).items())
    return digest([units, numbers, sheets, repr(files), said, outside, _tools()]).encode()


def _outside(typeset: Typeset, elsewhere: Mapping[str, str]) -> Mapping[str, str]:
    """Return the places outside the volume to which its links lead, and the file of each."""
    targets = chain.from_iterable(unit.targets for unit in typeset.units)
    return {name: elsewhere[name] for name in targets if name in elsewhere}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@lru_cache
def _tools() -> list[str]:
    own = source_digest(
        *("assembly.py", "bundle.py", "faces.py", "fragment.py", "link.py", "metadata.py"),
        "typeset.py",
    )
    return [own, pikepdf.__version__, pikepdf.__libqpdf_version__, version("uharfbuzz")]


class _Linker:
    def __init__(
        self,
        pdf: Pdf,
        report: Report,
        typeset: Typeset,
        store: Store,
        elsewhere: Mapping[str, str],
    ) -> None:
        self._pdf = pdf
        self._report = report
        self._typeset = typeset
        self._store = store
        self._outside = _outside(typeset, elsewhere)
        self._bundles = tuple(bundles(typeset, store))
        fragments = (*(bundle.fragment for bundle in self._bundles), *self._sheets())
        uses = chain.from_iterable(fragment.faces() for fragment in fragments)
        self._assembly = Assembly(pdf, faces.embed(pdf, faces.join(uses), store))
        self._pages = self._assembly.pages

    def link(self) -> None:
        self._check_targets()
        for bundle in self._bundles:
            while len(self._pages) < bundle.start:
                self._assembly.add_blank()
            self._assembly.add(Pdf.open(io.BytesIO(bundle.fragment.pdf())), bundle.units)
        self._lead_out()
        self._stamp_folios()
        self._describe()
        self._assembly.write_structure()
        self._write_names()
        self._write_labels()
        _write_outline(self._pdf, list(self._bookmarks()))

    def _sheets(self) -> tuple[TypesetUnit, ...]:
        return tuple({sheet.id: sheet for sheet in self._typeset.sheets.values()}.values())

    def _check_targets(self) -> None:
        units = self._typeset.units
        defined = {*chain.from_iterable(unit.anchors for unit in units), *self._outside}
        dangling = {name for unit in units for name in unit.targets if name not in defined}
        if dangling:
            raise DanglingLinkError("links lead nowhere: " + ", ".join(sorted(dangling)))

    def _lead_out(self) -> None:
        """Make links to places in other volumes lead into their files (12.6.4.3)."""
        files = {name_bytes(name): file for name, file in self._outside.items()}
        for page in self._pages if files else ():
            for annotation in page.get("/Annots", ()):
                name = annotation.get("/Dest")
                if isinstance(name, String) and bytes(name) in files:
                    del annotation.Dest
                    # The file is a plain string: to PDF/A-3 a dictionary is an embedded file's.
                    file = String(files[bytes(name)])
                    annotation.A = Dictionary(S=Name.GoToR, F=file, D=name)

    def _stamp_folios(self) -> None:
        """Append to each page its folio from the folio sheets, an artifact already."""
        pagination, sheets = self._typeset.pagination, self._typeset.sheets
        opened = {sheet.id: Pdf.open(io.BytesIO(sheet.pdf())) for sheet in self._sheets()}
        for number in pagination.stamped:
            label = pagination.label(number)
            sheet = opened[sheets[label].id].pages[pagination.place(number)].obj
            page = self._pages[number]
            page.Contents = Array([page.Contents, self._pdf.copy_foreign(sheet.Contents)])
            states = page.Resources.ExtGState
            for name, state in sheet.Resources.ExtGState.items():
                if name not in states:
                    states[name] = self._pdf.copy_foreign(state)

    def _describe(self) -> None:
        """State what the document is: metadata, language, output intent (14.11.5)."""
        root = self._pdf.Root
        root.Metadata = Stream(self._pdf, xmp(self._report), Type=Name.Metadata, Subtype=Name.XML)
        root.Lang = String(self._report.language)
        root.MarkInfo = Dictionary(Marked=True)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        if direction(self._report.language) == "rtl":
            # Spreads begin at the right (12.2).
            root.ViewerPreferences.Direction = Name.R2L
        root.OutputIntents = Array([_output_intent(self._pdf)])
        for name, text in information(self._report).items():
            self._pdf.docinfo[name] = String(text)

    def _write_names(self) -> None:
        """Define every anchor as a named destination (12.3.2.3)."""
        destinations = sorted(
            (name_bytes(name), Array([self._pages[start + page], Name.XYZ, x, y, None]))
            for unit, start in self._placed()
            for name, (page, x, y) in unit.anchors.items()
        )
        if destinations:
            names = Dictionary(Dests=tree(self._pdf, "Names", destinations))
            self._pdf.Root.Names = self._pdf.make_indirect(names)

    def _placed(self) -> Iterator[tuple[TypesetUnit, int]]:
        return zip(self._typeset.units, self._typeset.pagination.starts, strict=True)

    def _write_labels(self) -> None:
        """Label the pages as their folios do (12.4.2)."""
        pagination = self._typeset.pagination
        front = pagination.front
        labels = [0, Dictionary(S=Name.r, St=pagination.lead)] if front else []
        if front < len(self._pages):
            labels += self._body_labels()
        self._pdf.Root.PageLabels = Dictionary(Nums=Array(labels))

    def _body_labels(self) -> list[Object | int]:
        pagination = self._typeset.pagination
        if pagination.digits is Digits.LATIN:
            return [pagination.front, Dictionary(S=Name.D, St=pagination.first)]
        # Other digits are no style of labels, so each page has its own.
        pages = range(pagination.front, len(self._pages))
        labels = ((page, Dictionary(P=String(pagination.label(page)))) for page in pages)
        return [part for label in labels for part in label]

    def _bookmarks(self) -> Iterator[tuple[Bookmark, Object]]:
        for unit, start in self._placed():
            for bookmark in unit.bookmarks:
                yield bookmark, self._pages[start + bookmark.page]


def name_bytes(name: str) -> bytes:
    """Return a name as pydyf writes it in a link: the bytes of both must be the same."""
    if name.isascii():
        return name.encode()
    return b"\xfe\xff" + name.encode("utf-16-be")


def _output_intent(pdf: Pdf) -> Dictionary:
    """Return the colours that the pages mean: sRGB (19005-3, 6.2.3)."""
    # Found without importing WeasyPrint, which carries the profile.
    profile = resources.locate("package:weasyprint/pdf/sRGB2014.icc", Path()).read_bytes()
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB2014"),
        Info=String("sRGB2014"),
        DestOutputProfile=Stream(pdf, profile, N=3),
    )


def _write_outline(pdf: Pdf, bookmarks: list[tuple[Bookmark, Object]]) -> None:
    """Write the outline (12.3.3) from bookmarks in reading order."""
    shown = [entry for entry in bookmarks if entry[0].level <= _OUTLINE_LEVELS]
    if not shown:
        return
    root = _Item(pdf.make_indirect(Dictionary(Type=Name.Outlines)), 0, True)
    above = [root]
    for bookmark, page in shown:
        while above[-1].level >= bookmark.level:
            above.pop()
        place = Array([page, Name.XYZ, None, bookmark.y, None])
        entry = Dictionary(Title=String(bookmark.label), Parent=above[-1].object, Dest=place)
        item = _Item(pdf.make_indirect(entry), bookmark.level, bookmark.open)
        above[-1].below.append(item)
        above.append(item)
    root.join()
    pdf.Root.Outlines = root.object
    pdf.Root.PageMode = Name.UseOutlines


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of the outline (table 153), with those below it."""

    object: Object
    level: int
    open: bool
    below: list[_Item] = field(default_factory=list)

    def join(self) -> int:
        """Chain the items below; return how many of them are seen when this one is open."""
        if not self.below:
            return 0
        for item, following in pairwise(self.below):
            item.object.Next, following.object.Prev = following.object, item.object
        seen = sum(1 + max(0, item.join()) for item in self.below)
        self.object.First, self.object.Last = self.below[0].object, self.below[-1].object
        self.object.Count = seen if self.open else -seen
        return int(self.object.Count)


def _attach(pdf: Pdf, attachment: Attachment, timestamp: int) -> None:
    """Embed a file (7.11.4), associated with the document (ISO 19005-3, 6.8)."""
    moment = datetime.fromtimestamp(timestamp, UTC)
    specification = AttachedFileSpec(
        pdf,
        attachment.content,
        filename=attachment.name,
        description=attachment.description,
        mime_type=attachment.media_type,
        creation_date=moment.strftime("D:%Y%m%d%H%M%SZ"),
        mod_date=moment.strftime("D:%Y%m%d%H%M%SZ"),
        relationship=Name("/" + attachment.relationship),
    )
    pdf.attachments[attachment.name] = specification
