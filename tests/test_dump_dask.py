"""The same batches on a real Dask cluster of processes, one of which dies in the middle."""

import subprocess
import time
from pathlib import Path

import pytest

from benchmarks.made_dump import write_dump
from benchmarks.scale import DaskCluster
from tests.test_cli import run
from tests.test_dump_runs import ENVIRONMENT, command, contents

pytest.importorskip("distributed")


def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(tmp_path: Path) -> None:
    given = write_dump(tmp_path / "dump.jsonl", 500)
    here, there = tmp_path / "here" / "out", tmp_path / "there" / "out"
    subprocess.run(command(given, here), env=ENVIRONMENT, check=True, capture_output=True)
    with DaskCluster(tmp_path) as cluster:
        dask = command(given, there, "--dask", cluster.address)
        run_there = subprocess.Popen(dask, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
        part = there / "part-00000.jsonl.part"
        while run_there.poll() is None and not (part.exists() and part.stat().st_size):
            time.sleep(0.02)
        cluster.kill_one()
        _, said = run_there.communicate()
    assert run_there.returncode == 0, said
    assert "500 inputs" in said
    assert contents(there) == contents(here)


def test_no_cluster_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.on_dask._TIMEOUT", 1.0)
    given = write_dump(tmp_path / "dump.jsonl", 1)
    done = run("clean", given, "-o", tmp_path / "x.jsonl", "--dask", "tcp://127.0.0.1:9")
    assert done.exit_code == 1
    assert "tcp://127.0.0.1:9: no Dask cluster to be had" in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "x.jsonl").exists()
