"""A pool of processes in which no worker dies unnoticed.

Python's own (3.11 to 3.13) looks from the next event on whether a worker lives that it has just
started. There may be none: whoever waited for a piece of work that was handed out last, and that
its worker died of, waited for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Pool(ProcessPoolExecutor):
    """A process pool that watches each of its workers from its start."""

    def submit(
        self, work: Callable[_Given, _Result], /, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Result]:
        """Have a worker do something; `BrokenExecutor` comes of it when one has died.

        Raises `BrokenExecutor` when one had died before, or the process that they are forked from.
        """
        try:
            future = super().submit(work, *args, **kwargs)
        except EOFError as error:
            raise BrokenProcessPool("the process that workers fork from is gone") from error
        with self._shutdown_lock:
            # It is gone when another thread has ended the pool meanwhile.
            if self._executor_manager_thread_wakeup is not None:
                self._executor_manager_thread_wakeup.wakeup()
        return future

    def kill(self) -> None:
        """End all workers amid what they do, and take no more work.

        `BrokenExecutor` comes of it for whoever waits, and `RuntimeError` for whoever submits.
        """
        # Another thread may be about to start a worker, which nobody would end, but wait for.
        with self._shutdown_lock:
            self._shutdown_thread = True
            # They are gone when the pool was shut down.
            workers = [*(self._processes or {}).values()]
        for worker in workers:
            worker.kill()
