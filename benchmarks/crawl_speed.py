"""Pages per second of a whole crawl (archive, state, cleaning, validation) against a bare Scrapy spider, same server."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.sim.many_pages import QuickSite, article, site_pages

SPEC = """
name = "模拟"
hosts = ["127.0.0.1"]
private_addresses = true
politeness = {{delay = 0, concurrency = 8}}
columns = [{{name = "要闻", url = "{root}zwyw/index.html"}}]
"""
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
    with QuickSite(pages) as site, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sim.toml").write_text(SPEC.format(root=site.root), "utf-8")
        (Path(folder) / "bare.py").write_text(BARE)
        for number in range(asked.rounds):
            for name in ("bare", "govscrape"):
                out = Path(folder) / f"{name}{number}.jsonl"
                rate = _rate(site, _command(name, site, out, lists), out, asked.pages)
                print(f"{name:10} {rate:6.0f} pages/s")
                best[name] = max(best[name], rate)
    print(f"govscrape at {best['govscrape'] / best['bare']:.0%} of the bare spider (best of {asked.rounds})")
    return 0


def _command(name: str, site: QuickSite, out: Path, lists: int) -> list[str]:
    if name == "bare":
        return [sys.executable, str(out.parent / "bare.py"), f"{site.root}zwyw/index.html", str(out), str(lists)]
    return [sys.executable, "-m", "govscrape", "crawl", str(out.parent / "sim.toml"), "-o", str(out)]


def _rate(site: QuickSite, command: list[str], out: Path, count: int) -> float:
    """Articles a second, from the first request to the end of the process."""
    site.hits.clear()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ended = time.monotonic()
    lines = out.read_text("utf-8").splitlines()
    if len({json.loads(line)["url"] for line in lines}) != count:
        raise SystemExit(f"{command}: {len(lines)} lines, not {count}")
    return count / (ended - site.hits[0].began)


if __name__ == "__main__":
    sys.exit(main())
