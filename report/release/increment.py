"""What a signature added to a PDF: an incremental update (ISO 32000-1, 7.5.6), and nothing seen."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf


def additions(before: bytes, after: bytes) -> tuple[str, ...]:
    """What was added to a PDF beside an invisible signature, or changed: each in a few words.

    `after` begins with the bytes of `before`.
    """
    with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(after)) as new:
        return tuple(_additions(old, new))


def _additions(old: pikepdf.Pdf, new: pikepdf.Pdf) -> Iterator[str]:
    places: dict[tuple[int, int], tuple[str, tuple[str, ...]]] = {
        old.Root.objgen: ("the catalogue", ("/AcroForm", "/Extensions", "/Perms")),
        old.pages[0].obj.objgen: ("page 1", ("/Annots",)),
    }
    for there in old.objects:
        name, may_change = places.get(there.objgen, (f"object {there.objgen[0]}", ()))
        if _bare(there, may_change) != _bare(new.get_object(there.objgen), may_change):
            yield f"{name} was changed"
    if not _is_invisible_field_alone(old, new):
        yield "a form or a note was added"


def _bare(value: pikepdf.Object, without: tuple[str, ...]) -> tuple[bytes, bytes]:
    """An object as it is written, without some of its keys, and its stream."""
    is_stream = isinstance(value, pikepdf.Stream)
    keys = value.stream_dict if is_stream else value
    if isinstance(keys, pikepdf.Dictionary):
        keys = pikepdf.Dictionary({k: v for k, v in keys.items() if k not in without})
    return keys.unparse(), value.read_raw_bytes() if is_stream else b""


def _is_invisible_field_alone(old: pikepdf.Pdf, new: pikepdf.Pdf) -> bool:
    """Whether the form is one signature without an area, and no other annotation was added."""
    form = new.Root.get("/AcroForm", pikepdf.Dictionary())
    field = form.get("/Fields", [pikepdf.Dictionary()])[0]
    had, has = (list(pdf.pages[0].obj.get("/Annots", ())) for pdf in (old, new))
    left, bottom, right, top = field.get("/Rect", (0, 0, 1, 1))
    return (
        set(form.keys()) <= {"/Fields", "/SigFlags"}
        and len(form.Fields) == 1
        and field.get("/FT") == pikepdf.Name.Sig
        and "/AP" not in field
        and (left, bottom) == (right, top)
        and [annotation.objgen for annotation in has[: len(had)]] == [a.objgen for a in had]
        and [annotation.objgen for annotation in has[len(had) :]] == [field.objgen]
    )
