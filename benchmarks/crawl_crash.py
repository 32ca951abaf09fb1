"""Kill -9 at random points of a crawl, then the same command again: is every record there exactly once?"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.sim.many_pages import QuickSite, article, site_pages
from tests.sim.specs import spec_of


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    pages = site_pages([article(number) for number in range(asked.pages)])
    wanted = {f"{path}" for path in pages if "/t20" in path}
    chance = random.Random(asked.seed)
    bad = 0
    with QuickSite(pages) as site:
        for number in range(asked.kills):
            at = chance.randrange(asked.pages)
            bad += _try(site, wanted, at, chance.uniform(0, 0.05))
            print(f"  ({number + 1} of {asked.kills})", flush=True)
    print("every record exactly once, every time" if not bad else f"{bad} of {asked.kills} went wrong")
    return int(bool(bad))


def _try(site: QuickSite, wanted: set[str], kill_at: int, then: float) -> int:
    """Kill when so many articles have been asked for, and a moment has passed; crawl again; count."""
    with tempfile.TemporaryDirectory() as folder:
        site.hits.clear()
        with _crawl(site, Path(folder)) as run:
            while run.poll() is None and len(list(site.articles())) < kill_at:
                time.sleep(0.005)
            time.sleep(then)
            run.kill()
        at = len(list(site.articles()))
        with _crawl(site, Path(folder)) as run:
            code = run.wait()
        lines = (Path(folder) / "out.jsonl").read_text("utf-8").splitlines()
        found = Counter(json.loads(line)["url"].split("/", 3)[3] for line in lines)
        missing, doubled = wanted - set(found), [url for url, count in found.items() if count > 1]
        again = len(list(site.articles())) - len(wanted)
        print(
            f"killed after {at:4} articles: {len(lines)} records, {len(missing)} missing, {len(doubled)} doubled,"
            f" {again} asked for again, exit code {code}",
            end="",
        )
        return int(bool(missing or doubled or len(lines) != len(wanted)))


def _crawl(site: QuickSite, folder: Path) -> "subprocess.Popen[bytes]":
    spec = folder / "sim.toml"
    spec.write_text(spec_of(site.root), "utf-8")
    command = [sys.executable, "-m", "govscrape", "crawl", str(spec), "-o", str(folder / "out.jsonl")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
