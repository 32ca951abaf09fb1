"""Worker processes: batches of inputs in, outcomes out in the same order; one that dies is replaced, and what kills
workers time and again is poison.
"""

import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any

from output.raw import Input
from pipelines.job import Job, Outcome, poison

BATCH_ITEMS, BATCH_BYTES = 128, 2_000_000
"""A batch is full with so many inputs or bytes: some 0.3 s of work, against 1 ms to hand it over."""
AHEAD = 4
"""Batches a worker that are read ahead of the one to be written next, so that a slow page holds nobody up."""
TRIES = 3
"""A worker may be killed for no fault of its input: an input is poison when it has ended so many in a row."""
_START = 120.0
"""Seconds that a worker may take to start; it takes one, on a machine that is not overwhelmed."""
_GATHER = 0.1
"""Seconds that a worker gathers outcomes before it sends them."""


class WorkersError(Exception):
    """Worker processes cannot be had; the message says why."""


class WorkerLostError(Exception):
    """The worker died or went over the time limit; the message says how it ended."""


def batches(items: Iterable[Input]) -> Iterator[list[Input]]:
    """Cut inputs into batches, in order, each within the limits (one large input makes a batch of its own)."""
    batch: list[Input] = []
    size = 0
    for item in items:
        if batch and (len(batch) >= BATCH_ITEMS or size + item.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += item.size
    if batch:
        yield batch


def _send(stream: IO[bytes], message: object) -> None:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(8) + data)
    stream.flush()


def serve() -> None:
    """The worker's side: take a job, then batches, until the supervisor is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    given = sys.stdin.buffer
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever is printed must not get among the messages
        try:
            clean = pickle.load(given).function()  # noqa: S301 - only processes of one run speak here, over own pipes
            _send(out, [])
            while True:
                outcomes: list[Outcome] = []
                sent = time.monotonic()
                for item in pickle.load(given):  # noqa: S301
                    outcomes.append(clean(item.read()))
                    if time.monotonic() - sent > _GATHER:
                        _send(out, outcomes)
                        outcomes, sent = [], time.monotonic()
                if outcomes:
                    _send(out, outcomes)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            os._exit(0)


class Worker:
    """One worker process, started when it is first needed and again after a loss. For use by one thread."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._process: subprocess.Popen[bytes] | None = None
        self._buffered, self._at = b"", 0
        self._closed = False

    def clean(self, items: list[Input]) -> list[Outcome]:
        """Clean a batch, whatever happens to processes: an input that ends several in a row comes back as poison.

        After a loss the rest of the batch goes one by one, so that the one at work is the one to blame.
        """
        outcomes: list[Outcome] = []
        tries, at_once = 0, len(items)
        while len(outcomes) < len(items):
            at = len(outcomes)
            try:
                for some in self._run(items[at : at + at_once]):
                    outcomes += some
                    tries = 0
            except WorkerLostError as lost:
                self.end()
                tries, at_once = tries + 1, 1
                if tries >= TRIES:
                    outcomes.append(poison(items[len(outcomes)], f"{lost}, {TRIES} times in a row"))
                    tries = 0
        return outcomes

    def _run(self, items: list[Input]) -> Iterator[list[Outcome]]:
        process = self._process or self._start()
        self._give(process, items)
        left = len(items)
        while left:
            outcomes: list[Outcome] = self._next(process, self.job.time_limit + _GATHER)
            yield outcomes
            left -= len(outcomes)

    def _give(self, process: subprocess.Popen[bytes], message: object) -> None:
        """Hand a message over piece by piece, as it is pickled."""
        try:
            pickle.dump(message, process.stdin, pickle.HIGHEST_PROTOCOL)  # type: ignore[arg-type]
            process.stdin.flush()  # type: ignore[union-attr]
        except OSError:
            raise WorkerLostError(self._how_it_ended()) from None

    def _next(self, process: subprocess.Popen[bytes], seconds: float) -> Any:
        """The next message of the process, waited for so long."""
        stream = process.stdout
        if stream is None:
            raise WorkerLostError("it has no output")
        while len(self._buffered) - self._at < 8 or len(self._buffered) < self._message_end():
            if not select.select([stream], [], [], seconds)[0]:
                raise WorkerLostError(f"took more than {self.job.time_limit:g} s")
            data = os.read(stream.fileno(), 1 << 16)
            if not data:
                raise WorkerLostError(self._how_it_ended())
            self._buffered, self._at = self._buffered[self._at :] + data, 0
        end = self._message_end()
        message, self._at = self._buffered[self._at + 8 : end], end
        return pickle.loads(message)  # noqa: S301 - from our own child, over its own pipe

    def _message_end(self) -> int:
        """Where the message ends whose length stands at the place reached in the buffer."""
        return self._at + 8 + int.from_bytes(self._buffered[self._at : self._at + 8])

    def _start(self) -> subprocess.Popen[bytes]:
        code = f"import sys; sys.path[:] = {sys.path!r}; from pipelines.workers import serve; serve()"
        for _ in range(TRIES):
            if self._closed:
                raise WorkersError("the run has ended")
            self._process = process = subprocess.Popen(  # noqa: S603 - this interpreter, this code
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for the supervisor, which ends its workers in order
            )
            try:
                self._give(process, self.job)
                self._next(process, _START)
            except WorkerLostError:
                self.end()
            else:
                return process
        raise WorkersError("a worker process cannot be started; what it said stands above")

    def _how_it_ended(self) -> str:
        code = self._process.wait() if self._process else 0
        return f"ended its worker ({signal.Signals(-code).name if code < 0 else f'exit code {code}'})"

    def end(self) -> None:
        """End the process and clear up after it; the next batch starts another."""
        self._buffered, self._at = b"", 0
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()

    def close(self) -> None:
        """Let the process be killed now and never started again; from any thread. `end` clears up."""
        self._closed = True
        if self._process:
            self._process.kill()


class LocalEngine:
    """Cleans batches in `count` worker processes of this machine, each driven by a thread of its own."""

    def __init__(self, job: Job, count: int) -> None:
        self._job = job
        self._count = count
        self._own = threading.local()
        self._workers: list[Worker] = []

    def run(self, work: Iterable[list[Input]]) -> Iterator[list[Outcome]]:
        """Clean all batches; what comes back is in the order of what went in. Reads only so far ahead."""
        pool = ThreadPoolExecutor(self._count)
        waiting: deque[Future[list[Outcome]]] = deque()
        try:
            for batch in work:
                waiting.append(pool.submit(self._clean, batch))
                while len(waiting) > AHEAD * self._count or (waiting and waiting[0].done()):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for worker in self._workers:
                worker.close()
            pool.shutdown(cancel_futures=True)
            for worker in self._workers:
                worker.end()

    def _clean(self, batch: list[Input]) -> list[Outcome]:
        worker: Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            worker = self._own.worker = Worker(self._job)
            self._workers.append(worker)
        return worker.clean(batch)
