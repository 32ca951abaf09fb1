"""Crawl a site, change it, crawl it again: is exactly that told and downloaded which has changed?"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.sim.many_pages import QuickSite, article, site_pages
from tests.sim.specs import spec_of
from tests.sim.trs_site import Article


class Step(NamedTuple):
    """What is done to the site before a crawl: `changed` of its first articles, `gone` of its last, `new` before all."""

    changed: int = 0
    gone: int = 0
    new: int = 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--changed", type=int, default=300)
    asked = options.parse_args()
    steps = (Step(new=asked.pages), Step(), Step(changed=asked.changed), Step(changed=10, gone=5, new=7))
    articles: list[Article] = []
    bad = 0
    with QuickSite({}) as site, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "sim.toml").write_text(spec_of(site.root, stale_after=100_000), "utf-8")
        for version, step in enumerate(steps):
            articles, changed = _apply(step, articles, version)
            site.pages = site_pages(articles)
            bad += not _exact(site, Path(folder), step, changed, len(articles))
    print("exact, every time" if not bad else f"{bad} of {len(steps)} crawls were not exact")
    return int(bool(bad))


def _apply(step: Step, before: list[Article], version: int) -> tuple[list[Article], set[str]]:
    """The articles after a step, and the paths of those that changed."""
    kept = before[: len(before) - step.gone]
    changed = [_again(each, version) for each in kept[: step.changed]]
    new = [article(10_000 * version + number) for number in range(step.new)]
    return [*new, *changed, *kept[step.changed :]], {each.path for each in changed}


def _again(old: Article, version: int) -> Article:
    """The same page with a changed text."""
    return article(int(old.path.rpartition("_")[2].removesuffix(".html")) - 100_000, version=version)


def _exact(site: QuickSite, folder: Path, step: Step, changed: set[str], pages: int) -> bool:
    site.hits.clear()
    out = folder / "out.jsonl"
    command = [sys.executable, "-m", "govscrape", "crawl", str(folder / "sim.toml"), "-o", str(out), "--json"]
    said = json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout)
    numbers: Mapping[str, int] = said["sites"]["sim"]
    records = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    told = Counter(record["change"] for record in records)
    told_changed = {record["url"].split("/", 3)[3] for record in records if record["change"] == "changed"}
    status = Counter(hit.status for hit in site.articles())
    wanted = Counter(new=step.new, changed=step.changed, gone=step.gone, unchanged=pages - step.new - step.changed)
    downloaded = step.new + step.changed
    print(
        f"{said['verdict']}: {', '.join(f'{told[kind]} {kind}' for kind in wanted)}; answers: {status[200]} whole,"
        f" {status[304]} not modified (304), {status[404]} not there (404)"
    )
    return (
        told == +wanted
        and told_changed == changed
        and {kind: numbers[kind] for kind in wanted} == dict(wanted)
        and (status[200], status[304], status[404]) == (downloaded, pages - downloaded, step.gone)
        and said["verdict"] == "ok"
    )


if __name__ == "__main__":
    sys.exit(main())
