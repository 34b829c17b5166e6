"""Carriage: jobs that threads of this process take to where they are done, and wait for there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar, cast

from report.cluster.errand import Work
from report.failure import Failure
from report.fragment import TypesetUnit
from report.job import Job
from report.workers import Hands

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")

_AHEAD = 2
"""Jobs under way for each that is done at a time, so that nobody waits for the network."""


class Carriage(Hands, ABC):
    """An executor that carries jobs. One that has this for its base says how, in `_carry`."""

    def __init__(self, jobs: int) -> None:
        """Have so many jobs done at a time."""
        self.jobs = jobs
        self._carriers = ThreadPoolExecutor(_AHEAD * jobs, "carrier")

    def submit(
        self, work: Callable[_Given, _Result], /, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Result]:
        """Have a job done."""
        return self._carriers.submit(cast(Any, self._carry), work, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End once what is under way is done."""
        self._carriers.shutdown(wait, cancel_futures=cancel_futures)

    @abstractmethod
    def _carry(self, work: Work, job: Job) -> TypesetUnit | Failure:
        """Take a job to where it is done, and bring back what comes of it."""
