"""A Dask cluster as an executor: what it is given to do, workers of other machines do.

Nothing is shared with them but the network. A worker that is lost costs nothing, as the scheduler
has another do its work; a scheduler that is lost costs only what was under way.
"""

from __future__ import annotations

import logging
import pickle
import re
import time
from concurrent.futures import BrokenExecutor, CancelledError, wait
from typing import Any, cast

from distributed import Client, KilledWorker
from distributed.comm.core import CommClosedError

from report.cluster.carriage import Carriage
from report.cluster.errand import UnlikeWorkerError, Work, errand
from report.cluster.parcel import Delivery, Parcel, Wanted, pack, receive
from report.cluster.tools import differences, lacking, tools
from report.failure import Failure, failure
from report.fragment import Store, TypesetUnit
from report.job import Job

_PATIENCE = 10.0
"""Seconds within which a scheduler must answer, and after which one without workers is given up."""

_LOOK = 2.0
"""Seconds between looks whether the cluster is still there."""

_FEWEST = 32
"""Jobs done at a time at least: workers may join at any time."""

_STAYS = "what was typeset is kept, and no report was replaced"


_ADDRESS = re.compile(r"(tcp|tls)://[^/\s]+:\d+/?")

_CARRIERS = ("python", "dask", "distributed", "cloudpickle", "msgpack", "tornado")
"""Programs that carry units between machines, and may work together in different versions."""


class ClusterError(ConnectionError):
    """A cluster that cannot be used, or can no longer."""


class Cluster(Carriage):
    """The workers of a scheduler. It carries jobs to them, and typeset units back to the cache."""

    def __init__(self, address: str, patience: float = _PATIENCE) -> None:
        """Connect to a scheduler, such as `tcp://10.0.0.5:8786`.

        Raises `ClusterError` when it cannot be reached, when it has no worker, or when a worker
        does not typeset as this machine does.
        """
        _silence()
        self._address = address
        self._patience = patience
        self._client = _connect(address, patience)
        self._is_lost = False
        self._last_seen = time.monotonic()
        try:
            self.warnings = _examine(self._client, address, patience)
            threads = sum(self._client.nthreads().values())
        except BaseException:
            self._client.close()
            raise
        super().__init__(max(_FEWEST, threads))
        self._remote = self._client.get_executor(pure=False)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, once what is under way has come back unless nobody wants it."""
        self._carriers.shutdown(wait=wait and not cancel_futures, cancel_futures=cancel_futures)
        self._client.close()

    def __exit__(self, *_: object) -> None:
        self.shutdown(cancel_futures=True)

    def _carry(self, work: Work, job: Job) -> TypesetUnit | Failure:
        """Take a job to a worker, with the files that it asks for, and bring back what it makes."""
        parcel, files = pack(job)
        contents: dict[str, bytes] = {}
        while True:
            try:
                answer = self._ask(work, parcel, contents)
            except KilledWorker:
                return failure(job.unit.id, BrokenExecutor(), job.allowance)
            match answer:
                case Wanted(digests):
                    contents |= {digest: files[digest].read_bytes() for digest in digests}
                case Delivery():
                    return receive(answer, Store(job.cache))
                case Failure():
                    return answer

    def _ask(
        self, work: Work, parcel: Parcel, contents: dict[str, bytes]
    ) -> Delivery | Failure | Wanted:
        """Send a parcel to the cluster and wait for the answer of the worker that gets it.

        Raises `ClusterError`, and `KilledWorker` when several workers died with the job in hand.
        """
        answer = self._remote.submit(errand, work, pickle.dumps((parcel, contents)))
        while not wait([answer], _LOOK).done:
            self._look()
        try:
            return cast(Delivery | Failure | Wanted, answer.result())
        except CancelledError:
            self._is_lost = True
            raise self._lost() from None
        except UnlikeWorkerError as error:
            raise ClusterError(str(error)) from None

    def _look(self) -> None:
        """See to it that nobody waits for a cluster that is no longer there."""
        if self._is_lost:
            raise self._lost()
        try:
            has_workers = bool(self._client.nthreads())
        except (OSError, CommClosedError):
            raise self._lost() from None
        now = time.monotonic()
        if has_workers:
            self._last_seen = now
        elif now - self._last_seen > self._patience:
            raise ClusterError(f"the scheduler {self._address} has lost all workers; {_STAYS}")

    def _lost(self) -> ClusterError:
        return ClusterError(f"the scheduler {self._address} is lost; {_STAYS}")


def _silence() -> None:
    """Have Dask say nothing: what concerns a build is told by the build."""
    for name in ("distributed", "distributed.client", "tornado", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _connect(address: str, patience: float) -> Client:
    if not _ADDRESS.fullmatch(address):
        raise ClusterError(f"`{address}` is no scheduler's address: write tcp://HOST:PORT")
    try:
        return Client(address, timeout=patience, set_as_default=False)
    except OSError:
        raise ClusterError(
            f"no scheduler answered at {address} within {patience:g} seconds: "
            "see whether it runs, and whether this machine may reach it"
        ) from None


def _examine(client: Client, address: str, patience: float) -> tuple[str, ...]:
    """See to it that all machines typeset alike; return what else differs between them."""
    try:
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError:
        raise ClusterError(f"the scheduler {address} has no workers: start some") from None
    for worker, there in client.run(tools, on_error="return").items():
        if isinstance(there, Exception):
            raise ClusterError(f"the worker {worker} cannot typeset: {lacking(there)}")
        if differing := differences(there, tools()):
            raise ClusterError(f"the worker {worker} would typeset other bytes: {differing}")
    try:
        client.submit(tools, pure=False).result(timeout=patience)
    except RuntimeError as error:
        raise ClusterError(f"the scheduler {address} cannot serve: {lacking(error)}") from None
    found: Any = client.get_versions()
    here = {name: found["client"]["packages"][name] for name in _CARRIERS}
    machines = {f"the scheduler {address}": found["scheduler"], **found["workers"]}
    return tuple(
        f"{name} has other programs: {differing}"
        for name, there in machines.items()
        if (differing := differences(there["packages"], here))
    )
