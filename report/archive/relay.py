"""A relay: the executor of one process, used by others.

Events are read, merged and linked by several processes, while all their units are typeset by the
same workers. So these processes hand their work to the one that has the executor.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from functools import partial
from itertools import count
from multiprocessing import current_process
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from typing import Any, ParamSpec, Self, TypeVar

from report.environ import socket_folder

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Exchange:
    """Does with an executor of this process what others ask over its address."""

    def __init__(self, executor: Executor) -> None:
        """Listen from now on, for processes that descend from this one."""
        self._executor = executor
        self._folder = TemporaryDirectory(prefix="exchange-", dir=socket_folder())
        self.address = str(Path(self._folder.name) / "socket")
        self._listener = Listener(self.address, "AF_UNIX", authkey=current_process().authkey)
        Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self._folder.cleanup()

    def _listen(self) -> None:
        # The listener is closed when nobody is to be served any more.
        with suppress(OSError):
            while True:
                connection = self._listener.accept()
                Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        """Have done what comes over a connection, until the process at its end is gone."""
        answering = Lock()
        with suppress(EOFError, OSError):
            while True:
                number, work, args = connection.recv()
                future = self._executor.submit(work, *args)
                future.add_done_callback(partial(_answer, connection, answering, number))


def _answer(connection: Connection, answering: Lock, number: int, done: Future[Any]) -> None:
    error = done.exception()
    with answering, suppress(OSError):
        connection.send((number, None if error else done.result(), error))


class Relay(Executor):
    """The executor of an exchange."""

    def __init__(self, address: str) -> None:
        """Connect to the exchange of the process from which this one descends."""
        self._connection = Client(address, authkey=current_process().authkey)
        self._numbers = count()
        self._asking = Lock()
        self._asked: dict[int, Future[Any]] = {}
        Thread(target=self._listen, daemon=True).start()

    def submit(
        self, work: Callable[_Given, _Result], /, *args: _Given.args, **kwargs: _Given.kwargs
    ) -> Future[_Result]:
        """Have the executor do something; both it and what comes of it must be fit to be sent."""
        future: Future[_Result] = Future()
        with self._asking:
            number = next(self._numbers)
            self._asked[number] = future
            self._connection.send((number, partial(work, **kwargs) if kwargs else work, args))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Leave the exchange."""
        self._connection.close()

    def _listen(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                number, result, error = self._connection.recv()
                future = self._asked.pop(number)
                if error is None:
                    future.set_result(result)
                else:
                    future.set_exception(error)
        for future in self._asked.values():
            future.set_exception(BrokenExecutor("the exchange is gone"))
