"""A cache that several machines share: units that one of them typeset are there for all.

It is a store like that of a machine alone, at any address that fsspec knows: a folder of a file
server, a bucket. What is taken from it is checked, and kept by this machine too.
"""

from __future__ import annotations

from collections.abc import Iterable

from fsspec.core import url_to_fs

from report.cluster.carriage import Carriage
from report.cluster.errand import Work
from report.cluster.parcel import hold_fonts
from report.failure import Failure
from report.fragment import Store, TypesetUnit, replace
from report.job import Job
from report.workers import Hands


class SharedCacheError(ConnectionError):
    """A shared cache that cannot be used."""


class SharedCache(Carriage):
    """An executor that looks whether another machine has done a job, before it has it done."""

    def __init__(self, url: str, executor: Hands) -> None:
        """Look at a URL, and have an executor do what is not there. Raises `SharedCacheError`."""
        super().__init__(executor.jobs)
        self._url = url
        self._executor = executor
        self._known: set[str] = set()
        try:
            self._files, self._root = url_to_fs(url)
            self._files.makedirs(self._root, exist_ok=True)
        except Exception as error:
            raise self._trouble(error) from None

    def _carry(self, work: Work, job: Job) -> TypesetUnit | Failure:
        """Fetch what was done, or have the executor do it. The executor outlives this one."""
        store = Store(job.cache)
        held = hold_fonts(job)
        unit = self._unit(job, store)
        if unit is not None and self._fetch(_programs(unit, held), store):
            return unit
        done = self._executor.submit(work, job).result()
        if isinstance(done, TypesetUnit):
            self._send((*_programs(done, held), job.key), store)
        return done

    def _unit(self, job: Job, store: Store) -> TypesetUnit | None:
        return store.unit(job.key, job.unit.id) if self._fetch((job.key,), store) else None

    def _fetch(self, keys: Iterable[str], store: Store) -> bool:
        """Take what this machine lacks; return whether all of it is there now, and whole."""
        for key in keys:
            if not store.path(key).exists():
                try:
                    replace(store.path(key), self._files.cat_file(self._path(key)), lasting=False)
                except FileNotFoundError:
                    return False
                except Exception as error:
                    raise self._trouble(error) from None
            if store.read(key) is None:
                return False
        return True

    def _send(self, keys: Iterable[str], store: Store) -> None:
        for key in keys:
            if key not in self._known:
                self._known.add(key)
                try:
                    self._files.makedirs(self._files._parent(self._path(key)), exist_ok=True)
                    self._files.pipe_file(self._path(key), store.path(key).read_bytes())
                except Exception as error:
                    raise self._trouble(error) from None

    def _path(self, key: str) -> str:
        return f"{self._root}/{key[:2]}/{key[2:]}"

    def _trouble(self, error: Exception) -> SharedCacheError:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return SharedCacheError(f"the shared cache {self._url} cannot be used: {reason}")


def _programs(unit: TypesetUnit, held: frozenset[str]) -> frozenset[str]:
    """The fonts of a unit that are not files of its styles, but were made of them."""
    return frozenset(face.program for face in unit.faces()) - held
