"""The demo is the first thing a newcomer runs: it must be right, say what it did, and run again."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.sim.crawling import path_of, read_lines
from tests.sim.demo_site import MISSING, NOT_AN_ARTICLE, SPAM, good_articles, mirror_article

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where the demo was run, twice, and what it said at the second run."""
    folder = tmp_path_factory.mktemp("demo")
    for _ in range(2):
        said = subprocess.run(
            [sys.executable, "-m", "tests.sim.demo"],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": "", "COLUMNS": "120"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (said.returncode, said.stderr) == (0, "")
    return folder / "demo-output", said.stdout


def test_every_good_article_comes_out_whole(demo: tuple[Path, str]) -> None:
    texts = {path_of(record["url"]): record["text"].splitlines() for record in read_lines(demo[0] / "part-00000.jsonl")}
    good = {article.path: article.paragraphs for article in good_articles()}
    assert {path: texts.get(path) for path in good} == good
    assert sorted(texts) == sorted([*good, mirror_article().path])


def test_the_hacked_page_is_repaired(demo: tuple[Path, str]) -> None:
    (record,) = (r for r in read_lines(demo[0] / "part-00000.jsonl") if r["url"].endswith(mirror_article().path))
    assert record["text"].splitlines() == mirror_article().paragraphs
    assert record["title"] == mirror_article().title


def test_every_bad_page_is_left_out_with_its_reason(demo: tuple[Path, str]) -> None:
    reasons = {path_of(reject["url"]): reject["reason"] for reject in read_lines(demo[0] / "rejects.jsonl")}
    assert reasons == {
        SPAM.path: "spam_page",
        MISSING.path: "fetch_failed",
        NOT_AN_ARTICLE.path: "not_article",
        "zwyw/202403/t20240316_1014.html": "duplicate",
    }


def test_it_says_what_was_done_and_where_the_files_are(demo: tuple[Path, str]) -> None:
    for said in ("records", "rejects", "pinyin", "one hacked page", "demo-output/rejects.jsonl", "raw.warc.gz"):
        assert said in demo[1]
