"""The crawl's memory by itself: the frontier, locks, archive files, verdicts, schedules."""

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from cleaners.reason import Reason
from govscrape.errors import UsageError
from govscrape.schedule import write_schedule
from govscrape.state import Frontier, LockedError, RunBook, StateError, open_state
from govscrape.state.verdict import Numbers, Verdict, judge_run
from output.archive import RawArchive
from output.record import Rejected
from pipelines.crawl import Change, CrawlItem, Tally

DAY = date(2024, 3, 20)
DAILY = [(DAY - timedelta(days=n)).isoformat() for n in range(30)]


class Opened(NamedTuple):
    db: sqlite3.Connection
    book: RunBook
    archive: RawArchive


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    with closing(open_state(tmp_path / "state.sqlite")) as db:
        book = RunBook(db)
        with closing(RawArchive(tmp_path, "", book)) as archive:
            yield Opened(db, book, archive)


def test_a_leased_page_comes_back_when_its_run_is_taken_up(opened: Opened) -> None:
    db, book, archive = opened
    run = book.begin(["a"], "a")
    frontier = Frontier(db, run.id, ["a"], archive)
    assert [frontier.offer("a", url, None) for url in ("http://a.cn/1", "https://a.cn/1", "http://a.cn/2")] == [
        True,
        False,
        True,
    ]
    frontier.flush()
    done, lost = frontier.lease("a", 5)
    frontier.reject(CrawlItem("a", done.url, Change.GONE, done.id), Rejected(url=done.url, reason=Reason.TOO_SHORT))
    again = book.begin(["a"], "a")
    assert (again.id, again.resumed) == (run.id, True)
    frontier = Frontier(db, again.id, ["a"], archive)
    assert not frontier.offer("a", "http://a.cn/1", None)
    assert [page.url for page in frontier.lease("a", 5)] == [lost.url]
    tally = Tally()
    frontier.count_into(tally)
    assert (tally.articles["a"], tally.rejected["a"]) == (2, 1)


def test_another_command_does_not_take_up_a_run(opened: Opened) -> None:
    book = opened.book
    first = book.begin(["a"], "a")
    other = book.begin(["a"], "a limit 5")
    assert (other.id, other.resumed) == (first.id + 1, False)
    assert [run.verdict for run in book.history("a")] == ["interrupted", "running"]


@pytest.mark.parametrize(
    ("holder", "taken", "holds"),
    [
        (f"{socket.gethostname()} 999999999 5", "2999-01-01T00:00:00Z", False),
        (f"{socket.gethostname()} {os.getpid()} 1", "2999-01-01T00:00:00Z", False),
        ("elsewhere 1 1", "2024-01-01T00:00:00Z", False),
        ("elsewhere 1 1", "2999-01-01T00:00:00Z", True),
        (f"{socket.gethostname()} 1 {{start of 1}}", "2024-01-01T00:00:00Z", True),
    ],
    ids=["dead process", "its number given anew", "silent elsewhere", "alive elsewhere", "alive here"],
)
def test_a_lock_holds_as_long_as_its_holder_lives(opened: Opened, holder: str, taken: str, holds: bool) -> None:
    db, book, _ = opened
    started = Path("/proc/1/stat").read_text().rpartition(")")[2].split()[19]
    db.execute("INSERT INTO lock VALUES ('a', ?, ?)", (holder.replace("{start of 1}", started), taken))
    if holds:
        with pytest.raises(LockedError, match="a run of a goes on already"):
            book.begin(["a"], "a")
        book.begin(["b"], "b")
    else:
        book.begin(["a"], "a")


def test_an_archive_is_gone_on_with_and_what_a_killed_run_wrote_last_is_cut_off(tmp_path: Path, opened: Opened) -> None:
    db, book, archive = opened
    name, size = archive.position()
    db.execute("UPDATE archive SET size = ?", (size,))
    archive.close()
    with (tmp_path / name).open("ab") as file:
        file.write(b"half a rec")
    with closing(RawArchive(tmp_path, "", book)) as again:
        assert again.position() == (name, size)


def test_an_archive_that_the_state_does_not_know_is_left_alone(tmp_path: Path, opened: Opened) -> None:
    (tmp_path / "x.raw.warc.gz").write_bytes(b"of an earlier crawl")
    with closing(RawArchive(tmp_path, "x.", opened.book)) as archive:
        assert archive.path.name == "x.raw-00001.warc.gz"
    assert (tmp_path / "x.raw.warc.gz").read_bytes() == b"of an earlier crawl"


def test_a_file_that_is_no_state_is_told(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_text("hello " * 100)
    with pytest.raises(StateError, match="cannot be used as state file"):
        open_state(tmp_path / "state.sqlite")


GOOD = Numbers(responses=70, listed=60, asked=60, new=60, judged=60, misread=1, newest=DAILY[0], days=DAILY)
VERDICTS = [
    ("ok", {}, "ok", ""),
    ("one fetch failed", {"failed": 1}, "partial", "1 article not fetched"),
    ("a list failed", {"list_failures": 2}, "partial", "2 lists could not be read"),
    ("refused", {"responses": 10, "blocked": 6}, "blocked", "6 of 10 answers were refusals"),
    ("nothing listed", {"listed": 0, "asked": 0, "new": 0, "judged": 0}, "empty", "no list gave an article"),
    ("nothing came of it", {"new": 0, "rejected": 60, "judged": 0}, "empty", "none became a record"),
    ("all older than wanted", {"asked": 0, "new": 0, "judged": 0}, "ok", ""),
    ("redesigned", {"misread": 25}, "schema_drift", "25 of 60 pages were no articles, 1 of 60 in the runs before"),
    ("fields empty", {"blank": 30}, "schema_drift", "30 of 60 pages had no title or date"),
    ("gone at once", {"new": 0, "unchanged": 20, "gone": 40}, "schema_drift", "40 of 60 known articles are gone"),
    ("silent for three weeks", {"days": DAILY[21:]}, "stale", "the newest article is of 2024-02-28"),
    ("silent over a holiday", {"days": DAILY[12:]}, "ok", ""),
    ("too few days for a rhythm", {"days": ["2019-01-01", "2019-01-02"]}, "ok", ""),
    ("a slow site", {"days": ["2023-10-10", "2023-11-10", "2023-12-10", "2024-01-10", "2024-02-10"]}, "ok", ""),
]


@pytest.mark.parametrize(("numbers", "verdict", "why"), [case[1:] for case in VERDICTS], ids=[c[0] for c in VERDICTS])
def test_the_verdict_says_what_is_wrong(numbers: dict[str, object], verdict: str, why: str) -> None:
    changed = Numbers.of_dict({**GOOD.as_dict(), "days": DAILY, **numbers})
    judged = judge_run(changed, [GOOD], DAY)
    assert judged.verdict == verdict
    assert why in judged.why
    assert bool(judged.why) == (verdict != "ok")


def test_a_retry_is_not_judged_by_what_lists_would_show() -> None:
    assert judge_run(Numbers(failed=2), [GOOD], DAY, lists=False).verdict is Verdict.PARTIAL
    assert judge_run(Numbers(), [GOOD], DAY, lists=False).verdict is Verdict.OK


def test_exit_codes() -> None:
    assert {verdict.value: verdict.exit_code for verdict in Verdict} == {
        "ok": 0,
        "partial": 1,
        "interrupted": 1,
        "stale": 3,
        "schema_drift": 3,
        "empty": 3,
        "blocked": 3,
    }


def test_a_schedule_is_a_timer_and_a_cron_line(tmp_path: Path) -> None:
    written = write_schedule(["mof", "./my city.toml"], tmp_path / "100% data", "03:05", tmp_path / "units")
    assert "OnCalendar=*-*-* 03:05:00 Asia/Shanghai" in written.timer.read_text()
    service = written.service.read_text()
    assert f'-m govscrape crawl mof "{Path.cwd()}/my city.toml" -o "{tmp_path}/100%% data"' in service
    assert written.cron_line.startswith("5 3 * * * cd ")
    assert f"'{tmp_path}/100\\% data'" in written.cron_line
    assert written.cron.read_text() == f"CRON_TZ=Asia/Shanghai\n{written.cron_line}\n"


@pytest.mark.parametrize("at", ["3", "24:00", "03:60", "3:00", "noon"])
def test_a_time_that_is_none_is_told(tmp_path: Path, at: str) -> None:
    with pytest.raises(UsageError, match="no time of day"):
        write_schedule(["mof"], tmp_path, at, tmp_path / "units")
