"""Who typesets, as the options of `build` say: this machine, a cluster, those who share a cache."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from report.console import err, escape, fail
from report.workers import Crew, Hands


@contextmanager
def executor(scheduler: str, shared: str, jobs: int) -> Iterator[Hands]:
    """The workers of a scheduler or, without its address, of this machine, as many as `jobs`.

    With the URL of a shared cache they do what is not there. Raises `ConnectionError`.
    """
    with ExitStack() as stack:
        crew = stack.enter_context(_cluster(scheduler) if scheduler else Crew(jobs))
        yield stack.enter_context(_sharing(shared, crew)) if shared else crew


def _cluster(address: str) -> Hands:
    try:
        from report.cluster.cluster import Cluster
    except ModuleNotFoundError as error:
        fail(f"--scheduler needs {error.name}: install rapporteur[cluster]")
    cluster = Cluster(address)
    for warning in cluster.warnings:
        err.print(f"[bold yellow]warning[/]: {escape(warning)}")
    return cluster


def _sharing(url: str, crew: Hands) -> Hands:
    try:
        from report.cluster.shared import SharedCache
    except ModuleNotFoundError as error:
        fail(f"--cache at a URL needs {error.name}: install rapporteur[cluster]")
    return SharedCache(url, crew)
