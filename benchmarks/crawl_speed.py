"""Pages per second of a whole crawl (archive, state, cleaning, validation) against a bare Scrapy spider, same server.

Both are bound by one core: the CPU time a page, start-up aside, tells the same on a machine that has other work.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.sim.many_pages import QuickSite, article, site_pages
from tests.sim.specs import spec_of

BARE = """
import json, sys, scrapy
from scrapy.crawler import CrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    custom_settings = {"CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0,
                       "LOG_LEVEL": "INFO", "ROBOTSTXT_OBEY": True, "TELNETCONSOLE_ENABLED": False,
                       "FEEDS": {sys.argv[2]: {"format": "jsonlines"}}}

    async def start(self):
        yield scrapy.Request(sys.argv[1])

    def parse(self, response):
        for href in response.css("div.list li a::attr(href)").getall():
            yield response.follow(href, self.article)
        number = int(response.meta.get("number", 0)) + 1
        if number < int(sys.argv[3]):
            yield response.follow(f"index_{number}.html", self.parse, meta={"number": number})

    def article(self, response):
        yield {
            "url": response.url,
            "title": response.css("h1::text").get(),
            "published_at": response.css("meta[name=PubDate]::attr(content)").get(),
            "source": response.css("meta[name=ContentSource]::attr(content)").get(),
            "text": "\\n".join(p.strip() for p in response.css("#zoom p::text").getall()),
        }

process = CrawlerProcess()
process.crawl(Bare)
process.start()
"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    pages = site_pages([article(number) for number in range(asked.pages)])
    lists = sum("index" in path for path in pages)
    best = {"bare": 0.0, "govscrape": 0.0}
    cost = {"bare": 9.9, "govscrape": 9.9}
    with QuickSite(pages) as site, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sim.toml").write_text(spec_of(site.root), "utf-8")
        (Path(folder) / "bare.py").write_text(BARE)
        for number in range(asked.rounds):
            for name in ("bare", "govscrape"):
                out = Path(folder) / f"{name}{number}.jsonl"
                ran = _run(site, _command(name, site, out, lists), out, asked.pages)
                print(f"{name:10} {ran.rate:6.0f} pages/s, {ran.cpu * 1000:.2f} ms of CPU a page")
                best[name], cost[name] = max(best[name], ran.rate), min(cost[name], ran.cpu)
    print(
        f"best of {asked.rounds}: govscrape at {best['govscrape'] / best['bare']:.0%} of the bare spider by the clock,"
    )
    print(f"{cost['bare'] / cost['govscrape']:.0%} by CPU time")
    return 0


def _command(name: str, site: QuickSite, out: Path, lists: int) -> list[str]:
    if name == "bare":
        return [sys.executable, str(out.parent / "bare.py"), f"{site.root}zwyw/index.html", str(out), str(lists)]
    return [sys.executable, "-m", "govscrape", "crawl", str(out.parent / "sim.toml"), "-o", str(out)]


class Ran(NamedTuple):
    rate: float
    cpu: float


def _run(site: QuickSite, command: list[str], out: Path, count: int) -> Ran:
    """Articles a second from the first request to the end of the process; CPU seconds an article, from the same moment."""
    site.hits.clear()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not site.hits:
        time.sleep(0.001)
    at_start = sum(map(int, Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    usage = os.wait4(process.pid, 0)[2]
    ended = time.monotonic()
    cpu = usage.ru_utime + usage.ru_stime - at_start / os.sysconf("SC_CLK_TCK")
    lines = out.read_text("utf-8").splitlines()
    if len({json.loads(line)["url"] for line in lines}) != count:
        raise SystemExit(f"{command}: {len(lines)} lines, not {count}")
    return Ran(count / (ended - site.hits[0].began), cpu / count)


if __name__ == "__main__":
    sys.exit(main())
