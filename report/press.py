"""The press: one unit typeset by WeasyPrint, as a fragment for the linker.

This module and `structure` are all that import WeasyPrint, and they are imported only where a
unit really has to be typeset: a build without changes never pays for it.
"""

from __future__ import annotations

import errno
import gc
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from multiprocessing import parent_process
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, TypeVar
from urllib.parse import unquote
from weakref import finalize

import pydyf
import uharfbuzz
from weasyprint import CSS, HTML, Document, Page
from weasyprint.formatting_structure.boxes import TextBox
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from report import (
    balance,
    cascade,
    columns,
    constants,
    content,
    drawntext,
    excerpt,
    htmlpatterns,
    justification,
    knownlines,
    leaders,
    linebreaks,
    marginnotes,
    usedvalues,
)
from report.environ import no_faces
from report.excerpt import Copy
from report.failure import Failure, failure
from report.fragment import Begin, Bookmark, Excerpt, FaceUse, Store, TypesetUnit
from report.glyphtexts import Fonts
from report.job import Job
from report.placing import place, placeholder, placeholders
from report.printform import FILE_SCHEME, REFERENCE_SCHEME, print_document
from report.quota import OutOfTimeError, quota
from report.resources import (
    event_url,
    fonts_digest,
    locate,
    names_event_files,
    names_files,
    pictures_digest,
)
from report.structure import StructureTree, write_structure

balance.install()
cascade.install()
columns.install()
drawntext.install()
excerpt.install()
htmlpatterns.install()
justification.install()
knownlines.install()
leaders.install()
linebreaks.install()
marginnotes.install()
usedvalues.install()

_Made = TypeVar("_Made")

POINTS_PER_PIXEL = 0.75
"""A CSS pixel is 1/96 inch, a point 1/72 (CSS Values 3, 5.2)."""

_SIZE = re.compile(rb"/Size (\d+)")

OPENING = 80
"""How many characters are kept of the words with which a page begins."""


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Serve what the policy of `resources` serves, and nothing else."""

    def __init__(self, folder: Path) -> None:
        """Serve files of an event's folder and of installed packages."""
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._folder = folder
        self._read: dict[str, str] = {}
        """The digests of the files that were asked for; none of one that cannot be read."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
        """Return a file, or a slide's place, or refuse the URL."""
        if (picture := placeholder(url)) is not None:
            return URLFetcherResponse(url, picture)
        self._read[url] = ""
        content = locate(url, self._folder).read_bytes()
        self._read[url] = hashlib.sha256(content).hexdigest()
        return URLFetcherResponse(url, content)

    def confirm(self, pictures: Mapping[str, str]) -> None:
        """See that pictures were read as the digests of their paths say, by which they are kept.

        Raises `OSError` for one that was replaced meanwhile.
        """
        for path, digest in pictures.items():
            if self._read.get(event_url(path), digest) != digest:
                raise OSError(errno.ESTALE, "it changed while it was read; try again", path)


class OwnFaces(FontConfiguration):  # type: ignore[misc]
    """The faces that stylesheets name, and none of the machine's.

    Otherwise a character that the report's faces lack would be set in whatever face a machine has,
    with another outcome on every machine, and nobody would be told.
    """

    def __init__(self) -> None:
        """Begin without a face."""
        with no_faces():
            super().__init__()
        # A copy of each face is kept there, which is read again whenever a text wants the face.
        self._folder = Path(mkdtemp(prefix="rapporteur-"))
        finalize(self, _remove, self._folder, os.getpid())

    def __del__(self) -> None:
        """Leave the folder where it is: processes that were forked have it too."""


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        rmtree(folder, ignore_errors=True)


class Press:
    """A warm typesetter: fonts loaded and styles parsed once for many units."""

    def __init__(
        self, styles: tuple[tuple[str, str], ...], folder: Path, files: tuple[str, ...] = ()
    ) -> None:
        """Load the fonts and parse the styles, which may name files of a folder.

        `files` says which these were, by digests.
        """
        texts = constants.resolve([text for _, text in styles])
        self._fonts, parsed = _with_files(tuple(filter(names_files, texts)), folder, files)
        self._styles = [parsed.get(text) or _parsed_once(text) for text in texts]

    def typeset(self, job: Job) -> TypesetUnit:
        """Typeset a unit and keep it in the cache."""
        knownlines.remember(self._fonts, {})
        source = _source(job)
        return self._whole(job, source, HTML(string=source))

    def excerpt(self, job: Job, before: TypesetUnit, page: int) -> Excerpt | TypesetUnit:
        """Typeset the page of a unit that is read, given its pages `before` a change.

        It is laid out from the first page that the change may touch, but of these only the one that
        is read is drawn. The unit is typeset as a whole when that page has not changed, or is
        hardly less work.
        """
        knownlines.remember(self._fonts, _lines_of(job.unit.id, self._fonts))
        source, begins = _source(job), before.begins()
        parsed = _parsed_again(source)
        first = excerpt.first_to_lay_out(source, _look(job), begins)
        pages = page + 1 - first
        # Slides are put in their places in a whole unit only.
        if pages < 1 or (not begins and pages >= before.pages) or job.unit.slides:
            return self._whole(job, source, parsed)
        state = begins[first].state if first else ""
        copy = Copy(source, parsed, Fetcher(job.folder), first, state, pages)
        document = self._laid_out(copy, job)
        part = replace(job, key=hashlib.sha256(f"{job.key} {first} {page}".encode()).hexdigest())
        read = document.copy(document.pages[-1:])
        last = first + len(document.pages) - 1
        return Excerpt(last, _Impression(part, read).keep(Store(job.cache), ()))

    def _whole(self, job: Job, source: str, parsed: HTML) -> TypesetUnit:
        copy = Copy(source, parsed, Fetcher(job.folder))
        document = self._laid_out(copy, job)
        begins = excerpt.begins(copy, document.pages, _look(job))
        return _Impression(job, document).keep(Store(job.cache), begins)

    def _laid_out(self, copy: Copy, job: Job) -> Document:
        document = copy.render(font_config=self._fonts, stylesheets=self._styles)
        copy.url_fetcher.confirm(job.unit.images)
        _confirm_files(job)
        return document


def _confirm_files(job: Job) -> None:
    """See that what styles name is what the key has. Raises `OSError` when it is not."""
    files = _files(job.styles, job.folder)
    if files and job.files and files != job.files:
        raise OSError(errno.ESTALE, "a file that styles name changed while it was read; try again")


def _source(job: Job) -> str:
    return print_document(job.unit, job.folios, job.specimen)


def _look(job: Job) -> str:
    """Name what says how the text of a unit looks."""
    look = job.styles, _files(job.styles, job.folder), sorted(job.unit.images.items())
    return hashlib.sha256(repr(look).encode()).hexdigest()


@lru_cache(maxsize=1)
def _lines_of(_unit: str, _faces: OwnFaces) -> dict[Any, Any]:
    """The lines of the unit that is read, whose pages are asked for again and again."""
    return {}


@lru_cache(maxsize=1)
def _parsed_again(source: str) -> HTML:
    """Parse the text that is read, but once while only its looks change."""
    return HTML(string=source)


@lru_cache(maxsize=4)
def _with_files(
    sheets: tuple[str, ...], folder: Path, _files: tuple[str, ...]
) -> tuple[OwnFaces, Mapping[str, CSS]]:
    """Parse stylesheets that name files, and load the faces that they name."""
    faces, fetcher = OwnFaces(), Fetcher(folder)
    return faces, {css: CSS(string=css, font_config=faces, url_fetcher=fetcher) for css in sheets}


@lru_cache(maxsize=16)
def _parsed_once(css: str) -> CSS:
    """Parse a stylesheet that names no file, for all presses: mostly but one of a few changes."""
    return CSS(string=css, url_fetcher=URLFetcher(allowed_protocols=(), allow_redirects=False))


def press(styles: tuple[tuple[str, str], ...], folder: Path) -> Press:
    """Return the press of this process for some styles, warm after its first unit.

    Events share it, unless their styles name files of theirs.
    """
    files = _files(styles, folder)
    return _press(styles, folder if files else Path(), files)


def _files(styles: tuple[tuple[str, str], ...], folder: Path) -> tuple[str, ...]:
    """The digests of the event's files that styles name, if they name any."""
    texts = [text for _, text in styles]
    if not names_event_files(texts):
        return ()
    return fonts_digest(texts, folder), pictures_digest(texts, folder)


@lru_cache(maxsize=4)
def _press(styles: tuple[tuple[str, str], ...], folder: Path, files: tuple[str, ...]) -> Press:
    return Press(styles, folder, files)


def run(job: Job) -> TypesetUnit | Failure:
    """Typeset a unit within its limits: what the workers of the pool do.

    Raises `OSError` for what the machine lacks, which is no fault of the unit.
    """
    return _within_limits(job, lambda warm: warm.typeset(job))


def run_excerpt(job: Job, before: TypesetUnit, page: int) -> Excerpt | TypesetUnit | Failure:
    """Typeset one page of a unit, as `Press.excerpt` does; otherwise as `run`."""
    # Somebody waits for it: garbage is looked for afterwards.
    gc.disable()
    try:
        return _within_limits(job, lambda warm: warm.excerpt(job, before, page))
    finally:
        gc.enable()


def _within_limits(job: Job, work: Callable[[Press], _Made]) -> _Made | Failure:
    allowance = job.allowance
    warm = press(job.styles, job.folder)
    in_worker = parent_process() is not None
    # Where foreign code finds no memory it ends its process, so only a worker's is limited.
    megabytes = allowance.megabytes if in_worker else None
    try:
        with quota(allowance.seconds, megabytes, dies=in_worker):
            return work(warm)
    except OSError:
        raise
    # A text can bring the typesetter to anything; the other texts go on.
    except (Exception, OutOfTimeError) as error:
        return failure(job.unit.id, error, allowance)


class _Impression:
    """One unit on its way through the press: a laid-out document becoming a fragment."""

    def __init__(self, job: Job, document: Document) -> None:
        self._job = job
        self._pages = document.pages
        self._tree = StructureTree(hashlib.sha256(job.unit.id.encode()).hexdigest()[:12])
        self._targets: tuple[str, ...] = ()
        self._images: dict[str, str] = {}
        self._fonts: list[Any] = []
        self._document = document.copy(_MarkedPage(page, self._add) for page in document.pages)
        self._document.fonts = Fonts()

    def keep(self, store: Store, begins: Iterable[Begin]) -> TypesetUnit:
        """Draw the pages, and keep them in the cache with what the linker must know."""
        pdf = self._document.write_pdf(pdf_tags=True, finisher=self._finish)
        if self._job.unit.slides:
            pdf = place(pdf, self._job.unit.slides)
        unit = TypesetUnit(
            id=self._job.unit.id,
            key=self._job.key,
            pages=len(self._pages),
            anchors=dict(_anchors(self._pages)),
            bookmarks=tuple(_bookmarks(self._pages)),
            targets=self._targets,
            images=self._images,
            missing="".join(sorted({chr(c) for font in self._fonts for c in font.missing})),
            openings=tuple(_opening(page) for page in self._pages),
            objects=_objects(pdf),
        )
        return store.keep(unit, _faces(self._fonts, store), begins, pdf)

    def _add(self, page: Page, stream: Any) -> None:
        """Take the marked content of a drawn page for our own structure tree."""
        number = self._pages.index(page)
        properties = content.marks(stream.stream)
        marks = {box: properties[mark["mcid"]] for box, mark in stream._tags.items()}
        stream._tags.clear()
        joints = self._tree.add_page(number, page._page_box, marks)
        fonts = self._document.fonts
        content.settle(stream.stream, joints, _spaces(fonts.values()), fonts.letters())
        if number == len(self._pages) - 1:
            # The linker embeds one subset of each face, so WeasyPrint is left none to embed.
            self._document.fonts.settle()
            self._fonts = list(self._document.fonts.values())
            self._document.fonts.clear()

    def _finish(self, _document: Document, pdf: pydyf.PDF) -> None:
        """Turn what WeasyPrint is about to write into a fragment."""
        annotations: list[Any] = [
            o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/Annot"
        ]
        owned = [annotation for annotation in annotations if self._tree.owns(annotation)]
        _keep_annotations(pdf, {annotation.reference for annotation in owned})
        self._targets = tuple(dict.fromkeys(filter(None, map(_name_target, owned))))
        write_structure(pdf, self._tree)
        kept_places = placeholders(self._job.unit.slides)
        images = dict(_images(pdf))
        self._images = {name: d for name, d in images.items() if f"/{name}" not in kept_places}
        for entry in ("Outlines", "Names", "ViewerPreferences"):
            pdf.catalog.pop(entry, None)


def _objects(pdf: bytes) -> int:
    """One more than the highest number of an object, as the file's trailer says (7.5.5)."""
    return int(_SIZE.findall(pdf)[-1])


def _spaces(fonts: Iterable[Any]) -> dict[str, int]:
    """Return the glyph of the space in each font, used from now on if it was not before."""
    return {font.hash: glyph for font in fonts if (glyph := _space(font))}


def _space(font: Any) -> int:
    for glyph, text in font.to_unicode.items():
        if text == " ":
            return int(glyph)
    face = uharfbuzz.Face(font.file_content, font.index)
    shaper = uharfbuzz.Font(face)
    space = int(shaper.get_nominal_glyph(ord(" ")) or 0)
    if space:
        font.to_unicode[space] = " "
        font.widths[space] = round(shaper.get_glyph_h_advance(space) * 1000 / face.upem)
    return space


class _MarkedPage:
    """A laid-out page that hands over its marked content before WeasyPrint tags it.

    WeasyPrint builds the tags of a page from its `_page_box`: an empty one leaves it nothing to do.
    """

    def __init__(self, page: Page, drawn: Callable[[Page, Any], None]) -> None:
        self._page = page
        self._drawn = drawn
        self._page_box = page._page_box.copy_with_children([])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Draw the page so that what the linker appends inherits nothing of its state."""
        stream.stream.insert(0, b"q")
        self._page.paint(stream, scale)
        stream.stream.append(b"Q")
        self._drawn(self._page, stream)


def _keep_annotations(pdf: pydyf.PDF, kept: set[bytes]) -> None:
    """Drop the annotations that belong to no element (ISO 14289-1, 7.18.1)."""
    for page in (o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/Page"):
        if annotations := [a for a in page.pop("Annots", ()) if a in kept]:
            page["Annots"] = pydyf.Array(annotations)


def _name_target(annotation: dict[str, Any]) -> str:
    """Make a link to another unit a named destination (12.3.2.3); return the name linked to."""
    # Annotations are to be printed (ISO 19005-3, 6.3.2).
    annotation["F"] = 4
    uri = annotation["A"]["URI"].string if "A" in annotation else ""
    if uri.startswith(f"{REFERENCE_SCHEME}:"):
        del annotation["A"]
        annotation["Dest"] = pydyf.String(unquote(uri.partition(":")[2]))
    elif uri.startswith(f"{FILE_SCHEME}:"):
        file, _, name = unquote(uri.partition(":")[2]).partition("#")
        # A link into another file (12.6.4.3).
        remote = {"S": "/GoToR", "F": pydyf.String(file), "D": pydyf.String(name)}
        annotation["A"] = pydyf.Dictionary(remote)
    return annotation["Dest"].string if "Dest" in annotation else ""


def _images(pdf: pydyf.PDF) -> Iterator[tuple[str, str]]:
    """Yield the name and the digest of each image, made fit for an archive on the way."""
    for page in (o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/Page"):
        resources = pdf.objects[_number(page["Resources"])]
        for name, reference in resources["XObject"].items():
            image = pdf.objects[_number(reference)]
            if image.extra.get("Subtype") == "/Image":
                image.extra["Interpolate"] = "false"  # ISO 19005-3, 6.2.8.1
                yield name, hashlib.sha256(image.data).hexdigest()
        return


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _anchors(pages: list[Page]) -> Iterator[tuple[str, tuple[int, float, float]]]:
    seen: set[str] = set()
    for number, page in enumerate(pages):
        for name, (x, y, _, _) in page.anchors.items():
            if name not in seen:
                seen.add(name)
                yield name, (number, _points(x), _points(page.height - y))


def _opening(page: Page) -> str:
    """The first words of the text on a page, without what styles make, floats and table heads."""
    words = ""
    for text in _texts(page._page_box.children[0]):
        words += text
        if len(words) > OPENING:
            break
    return words[:OPENING]


def _texts(box: Any) -> Iterator[str]:
    if "::" in (box.element_tag or "") or box.is_floated() or getattr(box, "is_header", False):
        return
    if isinstance(box, TextBox):
        yield box.text
    for child in getattr(box, "children", ()):
        yield from _texts(child)


def _bookmarks(pages: list[Page]) -> Iterator[Bookmark]:
    for number, page in enumerate(pages):
        for level, label, (_, y), state in page.bookmarks:
            yield Bookmark(label, level, number, _points(page.height - y), state != "closed")


def _points(pixels: float) -> float:
    return round(pixels * POINTS_PER_PIXEL, 3)


@lru_cache(maxsize=16)
def _digest(program: bytes) -> str:
    """Return the digest of a font's program, which many units show."""
    return hashlib.sha256(program).hexdigest()


def _faces(fonts: list[Any], store: Store) -> Iterator[FaceUse]:
    """Yield the use of each face; WeasyPrint has several fonts of one face at times."""
    by_name: dict[str, list[Any]] = {}
    for font in fonts:
        by_name.setdefault(font.hash, []).append(font)
    for name, same in by_name.items():
        font = same[0]
        digest = _digest(font.file_content)
        if not store.path(digest).exists():
            store.write(digest, font.file_content)
        yield FaceUse(
            name=name,
            base_font=font.name.decode().lstrip("/"),
            family=font.family,
            flags=font.flags,
            ascent=font.ascent,
            descent=font.descent,
            program=digest,
            index=font.index,
            widths={g: w for f in same for g, w in f.widths.items()},
            texts={g: t for f in same for g, t in f.to_unicode.items()},
        )
