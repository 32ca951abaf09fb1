"""Dump runs that are killed, poisoned, cut short: the output is that of an undisturbed run."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard

from benchmarks.made_dump import write_dump
from benchmarks.scale import children
from output.raw import RawItem
from output.record import Record
from output.writer import OutputError, RunWriter
from pipelines.dump import DumpRun
from pipelines.job import Job
from pipelines.workers import LocalEngine, batches
from tests.test_cli import ARTICLE, rows, run, write_jsonl

NOW = datetime(2024, 1, 1, tzinfo=UTC)
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}


def command(given: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "govscrape", "clean", str(given), "-o", str(out), *options]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("dump")
    given = write_dump(folder / "dump.jsonl", 500)
    subprocess.run(command(given, folder / "out"), env=ENVIRONMENT, check=True, capture_output=True)
    return given, contents(folder / "out")


@pytest.mark.parametrize("victim", ["supervisor", "worker"])
@pytest.mark.parametrize("at", [0.05, 0.6])
def test_kill_9_anything_and_go_on(tmp_path: Path, dump: tuple[Path, dict[str, bytes]], victim: str, at: float) -> None:
    given, undisturbed = dump
    out = tmp_path / "out"
    first = subprocess.Popen(command(given, out, "--workers", "2"), env=ENVIRONMENT, stderr=subprocess.PIPE)
    part = out / "part-00000.jsonl.part"
    while first.poll() is None and not (
        part.exists() and part.stat().st_size > at * len(undisturbed["part-00000.jsonl"])
    ):
        time.sleep(0.01)
    workers = children(first.pid)
    os.kill(workers[0] if victim == "worker" and workers else first.pid, signal.SIGKILL)
    _, said = first.communicate()
    if victim == "supervisor":
        assert first.returncode == -signal.SIGKILL
        assert not (out / "part-00000.jsonl").exists()
        resumed = command(given, out, "--resume", "--workers", "1")
        said = subprocess.run(resumed, env=ENVIRONMENT, check=True, capture_output=True).stderr
    assert b"500 inputs" in said, "a resumed run counts what was done before"
    assert contents(out) == undisturbed


def test_number_of_workers_and_shards_change_no_record(tmp_path: Path, dump: tuple[Path, dict[str, bytes]]) -> None:
    given, undisturbed = dump
    subprocess.run(command(given, tmp_path / "x.jsonl.zst", "--workers", "3"), env=ENVIRONMENT, check=True)
    packed = zstandard.ZstdDecompressor().stream_reader((tmp_path / "x.jsonl.zst").read_bytes()).read()
    assert packed == undisturbed["part-00000.jsonl"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rejects.jsonl", "x.jsonl.zst"]


def faulty_run(tmp_path: Path, texts: list[str], time_limit: float = 60.0) -> tuple[list[str], dict[str, str]]:
    """Clean texts by the faulty function; returns the ids of the records and the details of poison by id."""
    writer = RunWriter(tmp_path / "out.jsonl")
    job = Job(NOW, clean="tests.dump_faults:faulty", time_limit=time_limit)
    items = (RawItem(id=str(n), text=f"{text} {n}" if "ONCE" not in text else text) for n, text in enumerate(texts))
    DumpRun(writer).write(items, LocalEngine(job, 2))
    writer.finish()
    poison = {row["id"]: row["detail"] for row in rows(tmp_path / "rejects.jsonl") if row["reason"] == "poison"}
    return [row["id"] for row in rows(tmp_path / "out.jsonl")], poison


def test_what_kills_its_worker_is_poison_and_the_run_goes_on(tmp_path: Path) -> None:
    texts = [ARTICLE] * 80
    texts[7], texts[40], texts[41] = "KILL", "EXIT", "KILL"
    ids, poison = faulty_run(tmp_path, texts)
    assert poison == {
        "7": "ended its worker (SIGKILL), 3 times in a row",
        "40": "ended its worker (exit code 7), 3 times in a row",
        "41": "ended its worker (SIGKILL), 3 times in a row",
    }
    assert ids == [str(n) for n in range(80) if str(n) not in poison]


def test_what_hangs_is_poison_after_its_time(tmp_path: Path) -> None:
    ids, poison = faulty_run(tmp_path, [ARTICLE, "HANG", ARTICLE], time_limit=1.5)
    assert poison == {"1": "took more than 1.5 s, 3 times in a row"}
    assert ids == ["0", "2"]


def test_a_worker_killed_from_outside_makes_no_poison(tmp_path: Path) -> None:
    ids, poison = faulty_run(tmp_path, [ARTICLE, f"ONCE {tmp_path}/mark", ARTICLE])
    assert poison == {}
    assert len(ids) == 3


def test_of_equal_texts_the_first_stays(tmp_path: Path) -> None:
    given = write_jsonl(
        tmp_path / "in.jsonl",
        {"id": "a", "text": ARTICLE * 4},
        {"id": "b", "text": ARTICLE * 3},
        {"id": "c", "text": ARTICLE.replace("，", "，\n", 1) + ARTICLE * 3},
    )
    assert run("clean", given, "-o", tmp_path / "out.jsonl").exit_code == 0
    assert [row["id"] for row in rows(tmp_path / "out.jsonl")] == ["a", "b"]
    (reject,) = rows(tmp_path / "rejects.jsonl")
    assert (reject["id"], reject["reason"], reject["duplicate_of"]) == ("c", "duplicate", "a")
    run("clean", given, "-o", tmp_path / "out.jsonl", "--keep-duplicates")
    assert len(rows(tmp_path / "out.jsonl")) == 3


def test_a_duplicate_is_known_after_going_on(tmp_path: Path) -> None:
    plan: dict[str, Any] = {"inputs": [], "cleaned_at": NOW.isoformat()}
    items = [RawItem(id=str(n), text=ARTICLE * (n % 3 + 3)) for n in range(6)]
    first = RunWriter(tmp_path / "out", plan=plan)
    DumpRun(first).write(items[:4], LocalEngine(Job(NOW), 1))
    first.abort()
    second = RunWriter(tmp_path / "out", plan=plan, resume=True)
    rerun = DumpRun(second)
    assert (rerun.summary.records, rerun.summary.rejects) == (3, 1)
    rerun.write(items, LocalEngine(Job(NOW), 1))
    second.finish()
    assert [row["id"] for row in rows(tmp_path / "out" / "part-00000.jsonl")] == ["0", "1", "2"]
    assert [row["id"] for row in rows(tmp_path / "out" / "rejects.jsonl")] == ["3", "4", "5"]


def written(folder: Path, count: int, **options: Any) -> RunWriter:
    writer = RunWriter(folder, shard_rows=2, **options)
    for number in range(writer.done, count):
        writer.add(b'{"n":%d}' % number)
    return writer


@pytest.mark.parametrize("compress", [False, True])
def test_shards_have_completion_records_and_old_ones_go(tmp_path: Path, compress: bool) -> None:
    plan = {"version": "1", "cleaned_at": "now"}
    written(tmp_path, 7, plan=plan, compress=compress).finish()
    again = written(tmp_path, 4, plan=plan, compress=compress)
    assert (
        len([p for p in tmp_path.iterdir() if ".jsonl" in p.name and "part-" in p.name and "zst.part" not in p.name])
        >= 4
    )
    again.abort()
    last = written(tmp_path, 5, plan=plan, compress=compress, resume=True)
    assert last.done == 5
    last.finish()
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    shards = manifest["resources"][:-1]
    assert [(s["rows"], s["inputs"]) for s in shards] == [(2, [0, 2]), (2, [2, 4]), (1, [4, 5])]
    assert {p.name for p in tmp_path.iterdir()} == {"manifest.json", "rejects.jsonl", *(s["path"] for s in shards)}
    assert manifest["version"] == "1"


def test_going_on_with_another_run_is_refused(tmp_path: Path) -> None:
    given = write_jsonl(tmp_path / "in.jsonl", {"id": "1", "text": ARTICLE})
    written(tmp_path / "out", 3, plan={"inputs": ["other"]}).abort()
    done = run("clean", given, "-o", tmp_path / "out", "--resume")
    assert done.exit_code == 1
    assert "the interrupted run was another one" in done.output
    with pytest.raises(OutputError, match="another one"):
        RunWriter(tmp_path / "out", resume=True, plan={"inputs": []})


@pytest.mark.parametrize("state", ["before", "between"])
def test_killed_while_names_are_given(tmp_path: Path, state: str) -> None:
    plan = {"cleaned_at": "now"}
    writer = written(tmp_path, 5, plan=plan)
    if writer._open:
        writer._complete_shard()
    writer.checkpoint(publishing=True)
    writer._rejects.complete()
    if state == "between":
        (tmp_path / "rejects.jsonl.part").replace(tmp_path / "rejects.jsonl")
    writer._leave_place()
    written(tmp_path, 5, plan=plan, resume=True).finish()
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "manifest.json",
        *(f"part-0000{n}.jsonl" for n in range(3)),
        "rejects.jsonl",
    ]
    assert [row["n"] for n in range(3) for row in rows(tmp_path / f"part-0000{n}.jsonl")] == list(range(5))


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, dump: tuple[Path, dict[str, bytes]]) -> None:
    given, undisturbed = dump

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    done = subprocess.run(
        command(given, tmp_path / "out"),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=small_files,
    )
    assert done.returncode == 1
    assert "file too large; what was finished is kept, --resume goes on from there" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [path for path in (tmp_path / "out").iterdir() if path.name in undisturbed]
    subprocess.run(command(given, tmp_path / "out", "--resume"), env=ENVIRONMENT, check=True, capture_output=True)
    assert contents(tmp_path / "out") == undisturbed


def test_batches_are_bounded_by_number_and_bytes() -> None:
    items = [RawItem(body=b"x" * 900_000) for _ in range(5)] + [RawItem(text="x")] * 140
    sizes = [len(batch) for batch in batches(items)]
    assert sizes == [2, 2, 128, 13]


def test_all_records_of_a_run_bear_its_start(dump: tuple[Path, dict[str, bytes]]) -> None:
    lines = dump[1]["part-00000.jsonl"].splitlines()
    assert {Record.model_validate_json(line).cleaned_at.timestamp() for line in lines} == {1_700_000_000}
