"""Memory of a crawl whose state knows 200,000 addresses and whose lists name them all again."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from govscrape.state import open_state
from govscrape.state.store import transaction
from tests.sim.many_pages import QuickSite
from tests.sim.server import Page
from tests.sim.specs import spec_of

A_PAGE = 500


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--urls", type=int, default=200_000)
    urls = options.parse_args().urls
    with QuickSite(_lists(urls)) as site, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sim.toml").write_text(spec_of(site.root), "utf-8")
        _know(Path(folder) / "out.state.sqlite", site.root, urls)
        command = [sys.executable, "-m", "govscrape", "crawl", str(Path(folder) / "sim.toml")]
        command += ["-o", str(Path(folder) / "out.jsonl"), "--minutes", "0.5"]
        started = time.monotonic()
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        usage = os.wait4(run.pid, 0)[2]
        lists = sum("index" in hit.path for hit in site.hits)
        articles = sum(1 for _ in site.articles())
        seconds = time.monotonic() - started
    print(f"{lists} list pages with {urls} known addresses and {articles} articles in {seconds:.0f} s")
    print(f"most memory: {usage.ru_maxrss / 1024:.0f} MB (bar: 300 MB)")
    return int(usage.ru_maxrss / 1024 > 300)


def _path(number: int) -> str:
    return f"zwyw/202403/t20240301_{number}.html"


def _lists(urls: int) -> dict[str, Page]:
    total = -(-urls // A_PAGE)
    pages = {}
    for page in range(total):
        numbers = range(page * A_PAGE, min(urls, (page + 1) * A_PAGE))
        rows = "".join(f"<li><a href='/{_path(n)}'>关于某事的通知</a><i>2024-03-01</i></li>" for n in numbers)
        html = f"<ul>{rows}</ul><script>createPageHTML({total}, {page}, 'index', 'html');</script>"
        pages[f"zwyw/index{f'_{page}' if page else ''}.html"] = Page(html.encode(), "text/html; charset=utf-8")
    return pages


def _know(state: Path, root: str, urls: int) -> None:
    host = root.removeprefix("http://")
    rows = ((f"{host}{_path(n)}", f"{root}{_path(n)}") for n in range(urls))
    with closing(open_state(state)) as db, transaction(db):
        db.executemany(
            "INSERT INTO page (key, url, site, state, run, listed, verdict, first_seen)"
            " VALUES (?, ?, 'sim', 'done', 0, 0, 'too_short', '2024-03-01T00:00:00Z')",
            rows,
        )


if __name__ == "__main__":
    sys.exit(main())
