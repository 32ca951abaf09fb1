"""The guard against another project's packages of the same names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from govscrape.namesakes import check_namesakes

ROOT = Path(__file__).resolve().parent.parent


def test_own_packages_pass() -> None:
    check_namesakes()


@pytest.mark.parametrize("command", [["-m", "govscrape", "schema"], ["-m", "scrapy", "list"]])
def test_a_namesake_is_named_at_the_start(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "__init__.py").write_text("")
    script = "import sys, runpy; sys.path.insert(0, sys.argv.pop(1)); sys.argv = sys.argv[1:]; runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
    env = {**os.environ, "SCRAPY_SETTINGS_MODULE": "govscrape.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), *command[1:]],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "the package 'output' is taken from" in done.stderr


def test_scrapy_finds_the_spider() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()
