"""The same batches on a Dask cluster: inputs are read and outputs written here, cleaned there."""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from output.build import own_version
from output.raw import Input
from pipelines.job import Job, Outcome
from pipelines.workers import AHEAD, Worker, WorkersError

_TIMEOUT = 30.0
"""Seconds to wait for the scheduler, and for a first worker."""
_workers: dict[int, Worker] = {}
"""On a Dask worker: the process that each of its threads drives."""


def clean_batch(job: Job, batch: list[Input]) -> list[Outcome]:
    """Clean a batch on a Dask worker, in a process of its thread's own: poison ends that one, never the Dask worker."""
    thread = threading.get_ident()
    worker = _workers.get(thread)
    if worker is None or worker.job != job:
        if worker:
            worker.end()
        worker = _workers[thread] = Worker(job)
    return worker.clean(batch)


def end_workers() -> None:
    """End the processes of a Dask worker's threads; the next batch starts new ones."""
    while _workers:
        _workers.popitem()[1].end()


class DaskEngine:
    """Cleans batches on the cluster whose scheduler is at `address`. A lost Dask worker's batches are done again elsewhere.

    Raises WorkersError where the cluster cannot be reached, has no worker, runs another version or breaks down.
    """

    def __init__(self, job: Job, address: str) -> None:
        try:
            import distributed  # noqa: PLC0415 - an optional extra
        except ModuleNotFoundError:
            raise WorkersError("--dask needs Dask; install it with: .venv/bin/pip install -e '.[dask]'") from None
        self._job = job
        self._address = address
        try:
            untyped: Any = distributed
            self._client: Any = untyped.Client(address, timeout=_TIMEOUT)
            self._client.wait_for_workers(1, timeout=_TIMEOUT)
            versions = self._client.run(own_version, on_error="return")
        except (OSError, TimeoutError, ValueError, ImportError) as error:
            raise WorkersError(f"{address}: no Dask cluster to be had ({error})") from None
        # a worker that is lost at this moment has no version, and its place may be taken
        others = {at: v for at, v in versions.items() if v != own_version() and not isinstance(v, OSError)}
        if others:
            raise WorkersError(f"{address}: not all workers run govscrape {own_version()}: {others}")

    def run(self, work: Iterable[list[Input]]) -> Iterator[list[Outcome]]:
        """Clean all batches; what comes back is in the order of what went in. Reads only so far ahead."""
        waiting: deque[Any] = deque()  # of Dask's untyped futures
        try:
            for batch in work:
                waiting.append(self._client.submit(clean_batch, self._job, batch, pure=False))
                ahead = AHEAD * max(1, sum(self._client.nthreads().values()))
                while len(waiting) > ahead or (waiting and waiting[0].done()):
                    yield self._result(waiting.popleft())
            while waiting:
                yield self._result(waiting.popleft())
            self._client.run(end_workers, on_error="ignore")
        finally:
            self._client.cancel(list(waiting))
            self._client.close()

    def _result(self, future: Any) -> list[Outcome]:
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 - an optional extra

        try:
            outcomes: list[Outcome] = future.result()
        except (KilledWorker, CancelledError, OSError) as error:
            raise WorkersError(f"{self._address}: the cluster lost the run ({error})") from None
        return outcomes
