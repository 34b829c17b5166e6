"""What a worker of a cluster does with a parcel: here every line runs on another machine.

The worker of Dask only receives and sends. Units are typeset by processes of its own, which are
those of every build, with the same limits of time and memory.
"""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from distributed import get_worker

from report.cluster.parcel import Delivery, Parcel, Wanted, deliver, kept, likeness, unpack
from report.failure import Failure
from report.fragment import Store, TypesetUnit, replace
from report.job import Job
from report.workers import Crew

Work = Callable[[Job], TypesetUnit | Failure]

_hiring = Lock()
_crews: list[Crew] = []


class UnlikeWorkerError(RuntimeError):
    """A worker that would not typeset the same bytes as the machine that asks."""


def errand(work: Work, packed: bytes) -> Delivery | Failure | Wanted:
    """Do a job on the machine of this worker, or tell what is wanted for it.

    `packed` are a pickled parcel and the contents that come with it, by their digests.
    """
    parcel, contents = _open(packed)
    room = Path(get_worker().local_directory) / "rapporteur"
    for digest, content in contents.items():
        replace(kept(digest, room), content, lasting=False)
    wanted = frozenset(each for each in parcel.contents if not kept(each, room).exists())
    if wanted:
        return Wanted(wanted)
    job = unpack(parcel, room)
    if likeness(job) != parcel.likeness:
        raise UnlikeWorkerError(
            f"the worker {get_worker().address} has other programs or fonts than this machine"
        )
    done = _crew().submit(work, job).result()
    if isinstance(done, Failure):
        return done
    return deliver(done, Store(job.cache), parcel.held)


def _open(packed: bytes) -> tuple[Parcel, dict[str, bytes]]:
    opened: tuple[Parcel, dict[str, bytes]] = pickle.loads(packed)
    return opened


def _crew() -> Crew:
    """The processes of this worker, as many as it has threads."""
    with _hiring:
        if not _crews:
            # A nanny forbids its worker to have children, as they could outlive it; ours do not.
            multiprocessing.current_process().daemon = False
            _crews.append(Crew(get_worker().state.nthreads))
        return _crews[0]
