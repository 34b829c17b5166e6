"""Precompiled: what libraries would work out anew in every process that typesets.

cffi parses the C declarations of the libraries that WeasyPrint calls, and Pyphen the patterns by
which a language divides its words: a quarter of a second before the first page. What comes of
that is kept beside the bytecode of this package (`bytecode`), and is as good as absent when it was
made from anything else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import _cffi_backend
import cffi
import pyphen

from report.bytecode import Plain, keep_values, kept_values


def precompiled(name: str, source: bytes, make: Callable[[], Plain]) -> Plain:
    """Return what was made of a source, under a name, or make it now."""
    digest = hashlib.sha256(source).digest()
    values = kept_values(name, digest)
    if values is None:
        values = make()
        # Some are not plain: a few languages divide words with a change of letters.
        keep_values(name, digest, values)
    return values


class _Declared(_cffi_backend.FFI):  # type: ignore[misc]
    """To WeasyPrint what `cffi.FFI` is, but with everything declared from the beginning."""

    def cdef(self, source: str) -> None:
        """Declare nothing."""


@contextmanager
def declarations() -> Iterator[None]:
    """Have WeasyPrint, which is imported inside, find its C declarations parsed."""
    spec = find_spec("weasyprint")
    assert spec and spec.origin
    source = Path(spec.origin).with_name("text") / "ffi.py"
    made_by = cffi.__version__.encode()
    parsed = precompiled("declarations", made_by + source.read_bytes(), _parsed)
    parse, cffi.FFI = cffi.FFI, lambda: _Declared("declarations", **parsed)
    try:
        yield
    finally:
        cffi.FFI = parse


def _parsed() -> Plain:
    """What cffi's out-of-line mode states of WeasyPrint's declarations, as plain values."""
    # Imported here, as this is done but once.
    import ast
    import io

    from cffi.recompiler import make_py_source
    from weasyprint.text.ffi import ffi

    written = io.StringIO()
    make_py_source(ffi, "declarations", written)
    call = next(
        node for node in ast.walk(ast.parse(written.getvalue())) if isinstance(node, ast.Call)
    )
    return {each.arg: ast.literal_eval(each.value) for each in call.keywords if each.arg}


class _Patterns(pyphen.HyphDict):  # type: ignore[misc]
    """The patterns of a language, read once for all processes."""

    def __init__(self, path: Path) -> None:
        def read() -> Plain:
            super(_Patterns, self).__init__(path)
            return dict(self.__dict__)

        made_by = pyphen.VERSION.encode()
        self.__dict__.update(precompiled(path.stem, made_by + path.read_bytes(), read))


def install() -> None:
    """Have Pyphen read patterns as they were kept."""
    pyphen.HyphDict = _Patterns
