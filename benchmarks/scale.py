"""What a dump run costs and survives, on a made dump.

    python -m benchmarks.scale speed [PAGES]      1 worker, 2 workers: times, ratio, peak memory
    python -m benchmarks.scale overhead [PAGES]   1 worker and its supervisor against the bare loop over `clean_page`
    python -m benchmarks.scale memory [PAGES]     peak memory of PAGES against ten times as many
    python -m benchmarks.scale kills [MOMENTS]    kill -9 of workers and of the supervisor at so many moments
    python -m benchmarks.scale dask [MOMENTS]     the same of Dask workers

Machines are shared and busy: times are told with the load beside them.
"""

import hashlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.made_dump import write_dump

ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}


class Run(NamedTuple):
    seconds: float
    cpu: float  # seconds, of all its processes
    peaks: dict[str, int]


def _command(given: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "govscrape", "clean", str(given), "-o", str(out), *options]


def children(pid: int) -> list[int]:
    """The processes that a process has started and that still live."""
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _resident(pid: int) -> int:
    """Peak resident memory of a process (KiB), 0 if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def timed(given: Path, out: Path, *options: str) -> Run:
    """Run once, watching the memory of all its processes."""
    return watched(_command(given, out, *options))


def watched(command: list[str]) -> Run:
    """A command from its start to its end: seconds, and those of cpu in it and in all that it started."""
    peaks: dict[int, int] = {}
    start, before = time.perf_counter(), os.times()
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        for pid in (process.pid, *children(process.pid)):
            peaks[pid] = max(peaks.get(pid, 0), _resident(pid))
        time.sleep(0.05)
    seconds, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    own = peaks.pop(process.pid)
    return Run(
        seconds, cpu, {"supervisor": own, "worker": max(peaks.values(), default=0), "all": own + sum(peaks.values())}
    )


def _bare(given: Path) -> Run:
    """The bare loop, a process of its own: each page read and cleaned by the library's `clean_page`, nothing written."""
    code = (
        "import sys; from output.readers import read_inputs; from govscrape import clean_page\n"
        "for item in read_inputs([sys.argv[1]]): clean_page(item.body, url=item.url)"
    )
    return watched([sys.executable, "-c", code, str(given)])


def speed(folder: Path, count: int) -> None:
    given = write_dump(folder / "dump.jsonl", count)
    print(f"{count} made pages, {given.stat().st_size / 1e6:.0f} MB; {_load()}")
    one = timed(given, folder / "one", "--workers", "1")
    two = timed(given, folder / "two", "--workers", "2")
    for name, run in (("1 worker", one), ("2 workers", two)):
        print(
            f"  {name:25}  {run.seconds:7.1f} s  {count / run.seconds:7.0f} pages/s  cpu {run.cpu:.1f} s  "
            + ", ".join(f"{who} {kib // 1024} MiB" for who, kib in run.peaks.items())
        )
    print(f"  2 workers against 1: {one.seconds / two.seconds:.2f} x in time, {two.cpu / one.cpu - 1:+.1%} in cpu")
    print(f"  same output: {_hashes(folder / 'one') == _hashes(folder / 'two')}; {_load()}")


def overhead(folder: Path, count: int, rounds: int = 3) -> None:
    """The bare loop and a run with one worker in turns, whole processes both; what one page takes is their start-up."""
    given, single = write_dump(folder / "dump.jsonl", count), write_dump(folder / "single.jsonl", 1)
    print(f"{count} made pages, {rounds} rounds in turns; {_load()}")
    runs: dict[str, list[Run]] = {"loop": [], "run": [], "loop, 1 page": [], "run, 1 page": []}
    for _ in range(rounds):
        for pages, name in ((given, ""), (single, ", 1 page")):
            runs[f"loop{name}"].append(_bare(pages))
            runs[f"run{name}"].append(timed(pages, folder / "out", "--workers", "1"))
    middle = {name: Run(*(statistics.median(r[i] for r in of) for i in (0, 1)), {}) for name, of in runs.items()}
    for name, run in middle.items():
        print(f"  {name:14} {run.seconds:7.2f} s  cpu {run.cpu:7.2f} s  (medians)")
    for what, at in (("time", 0), ("cpu", 1)):
        loop, run, loop1, run1 = (middle[name][at] for name in runs)
        print(f"  1 worker and its supervisor against the loop, in {what}: {run / loop - 1:+.1%} with their start-up,")
        print(f"    {(run - run1) / (loop - loop1) - 1:+.1%} without it (a page more against a page more)")
    print(f"  {_load()}")


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def memory(folder: Path, count: int) -> None:
    small = timed(write_dump(folder / "small.jsonl", count), folder / "small").peaks
    large = timed(write_dump(folder / "large.jsonl", count * 10), folder / "large").peaks
    for who, kib in small.items():
        print(f"  {who:12} {kib // 1024:5} MiB -> {large[who] // 1024:5} MiB  {large[who] / kib - 1:+.1%}")


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.iterdir() if path.name != "manifest.json")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def kills(folder: Path, moments: int, count: int = 1000) -> None:
    """At each moment either a worker or the supervisor; after the supervisor's death the run is gone on with."""
    given = write_dump(folder / "dump.jsonl", count)
    whole = timed(given, folder / "whole", "--workers", "2")
    wanted, rng, same = _hashes(folder / "whole"), random.Random(7), 0
    for moment in range(moments):
        out, delay = folder / f"out{moment}", rng.uniform(0.1, 0.95) * whole.seconds
        victim = "worker" if moment % 2 else "supervisor"
        process = subprocess.Popen(_command(given, out, "--workers", "2"), env=ENVIRONMENT, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        workers = children(process.pid)
        pid = rng.choice(workers) if victim == "worker" and workers else process.pid
        os.kill(pid, signal.SIGKILL)
        if pid == process.pid:
            process.wait()
            resumed = [*_command(given, out, "--workers", "2"), "--resume"]
            subprocess.run(resumed, env=ENVIRONMENT, stderr=subprocess.DEVNULL, check=False)
        process.wait()
        equal = _hashes(out) == wanted
        same += equal
        print(f"  {moment + 1:3} {victim:10} killed after {delay:5.1f} s: {'identical' if equal else 'DIFFERENT'}")
    print(f"kill -9 at {moments} random moments: {same} outputs identical to the undisturbed run's")


def dask(folder: Path, moments: int, count: int = 1000) -> None:
    """A scheduler and two workers as processes; one worker is killed at each moment, another takes its place."""
    given = write_dump(folder / "dump.jsonl", count)
    timed(given, folder / "whole")
    with DaskCluster(folder) as cluster:
        undisturbed = timed(given, folder / "on_dask", "--dask", cluster.address)
        wanted = _hashes(folder / "whole")
        print(
            f"  undisturbed on Dask {undisturbed.seconds:.1f} s: {'identical' if _hashes(folder / 'on_dask') == wanted else 'DIFFERENT'}"
        )
        rng, same = random.Random(3), 0
        for moment in range(moments):
            delay = rng.uniform(0.1, 0.9) * undisturbed.seconds
            killer = threading.Timer(delay, cluster.kill_one)
            killer.start()
            over = _command(given, folder / f"d{moment}", "--dask", cluster.address)
            said = subprocess.run(over, env=ENVIRONMENT, capture_output=True, text=True, check=False).stderr
            killer.join()
            equal = _hashes(folder / f"d{moment}") == wanted
            same += equal
            verdict = "identical" if equal else f"DIFFERENT; it said {said[-500:]}"
            print(f"  {moment + 1:3} Dask worker killed after {delay:5.1f} s: {verdict}")
    print(f"kill -9 of a Dask worker at {moments} random moments: {same} outputs identical to the undisturbed run's")


class DaskCluster:
    """A scheduler and two workers on the loopback, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "scheduler.json"
        self._workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "DaskCluster":
        import json

        local = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self._scheduler = self._start("scheduler", *local, "--scheduler-file", str(self._file))
        while not self._file.exists() or not self._file.read_text():
            time.sleep(0.1)
        self.address = str(json.loads(self._file.read_text())["address"])
        self._workers = [self._start_worker(), self._start_worker()]
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self._workers, self._scheduler):
            process.kill()
            process.wait()

    def kill_one(self) -> None:
        """Kill a worker and start another in its place."""
        victim = self._workers.pop(0)
        victim.kill()
        victim.wait()
        self._workers.append(self._start_worker())

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny")

    def _start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + what, *options]
        return subprocess.Popen(
            command, cwd=self.folder, stderr=subprocess.DEVNULL, env={**ENVIRONMENT, "PYTHONPATH": str(Path.cwd())}
        )


def main() -> None:
    bars = {
        "speed": (speed, 20_000),
        "overhead": (overhead, 4_000),
        "memory": (memory, 2_000),
        "kills": (kills, 20),
        "dask": (dask, 20),
    }
    if len(sys.argv) < 2 or sys.argv[1] not in bars:
        sys.exit(__doc__)
    run, usual = bars[sys.argv[1]]
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), int(sys.argv[2]) if len(sys.argv) > 2 else usual)


if __name__ == "__main__":
    main()
