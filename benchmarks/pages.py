"""The page path against an lxml parse and other extractors: speed, quality, hostile pages, memory. One run, one core.

    python -m benchmarks.pages                     speed and quality side by side
    python -m benchmarks.pages hostile [COUNT]     5,000 hostile and mutated pages: 95th percentile, worst, exceptions
    python -m benchmarks.pages memory [COUNT]      20,000 pages in one process: is its size flat after the first 1,000
    python -m benchmarks.pages hostile-memory [COUNT]   the same with a page in ten mutated, as in `hostile`

Peers that are not installed are skipped. readability-lxml asks for an older chardet than the project has and needs it only
for bytes: `pip install --no-deps readability-lxml cssselect`.
"""

import importlib.util
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import chardet
import lxml.html
import trafilatura

from benchmarks.mutations import mutated
from cleaners.core import Clean, clean_page
from cleaners.html import read_page
from cleaners.html.decode import Decoded, decode
from cleaners.repair.model import table

ROOT = Path(__file__).resolve().parent.parent
EVAL = ROOT.parent / "shared" / "eval"
ROUNDS = 5
SETTLED = 1000
"""Pages after which the process should have its size."""


class Page(NamedTuple):
    """A page of the evaluation set: its bytes, its text, and what its record should hold."""

    name: str
    url: str | None
    body: bytes
    text: str
    gold: dict[str, Any]


class Tool(NamedTuple):
    """An extractor: what is timed on a page, and what it makes of it (text and metadata)."""

    name: str
    run: Callable[[Page], object]
    read: Callable[[Page], dict[str, Any]] | None


def eval_pages() -> list[Page]:
    """The pages of the evaluation set; none where it is absent."""
    folder = EVAL / "pages"
    if not folder.is_dir():
        return []
    rows = map(json.loads, (folder / "input.jsonl").read_text(encoding="utf-8").splitlines())
    gold = {row["id"]: row for row in map(json.loads, (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines())}
    pages = []
    for row in rows:
        body = (folder / row["file"]).read_bytes()
        decoded = decode(body)
        assert isinstance(decoded, Decoded)
        # lxml refuses a str with an XML declaration that names an encoding
        text = decoded.text.split("?>", 1)[-1] if decoded.text.lstrip().startswith("<?xml") else decoded.text
        pages.append(Page(row["id"], row["url"], body, text, gold[row["id"]]))
    return pages


def tools() -> Iterator[Tool]:
    """The parse that all is measured by, this project, and the peers that are installed."""
    yield Tool("lxml.html parse", lambda page: lxml.html.document_fromstring(page.text), None)
    yield Tool("clean_page", lambda page: clean_page(page.body, page.url), _ours)
    yield Tool("read_page", lambda page: read_page(page.body, page.url), None)
    for name, build in (("trafilatura", _trafilatura), ("readability", _readability), ("resiliparse", _resiliparse)):
        if importlib.util.find_spec(name):
            yield build()
        else:
            print(f"{name} is not installed: skipped")


def _ours(page: Page) -> dict[str, Any]:
    done = clean_page(page.body, page.url)
    if not isinstance(done, Clean):
        return {}
    names = ("title", "published_at", "author", "issuer", "doc_no", "index_no", "source")
    return {"text": done.text, **{name: getattr(done.meta, name) for name in names}}


def _trafilatura() -> Tool:
    from trafilatura import extract
    from trafilatura.metadata import extract_metadata

    def read(page: Page) -> dict[str, Any]:
        found = extract_metadata(page.text)
        return {
            "text": extract(page.text),
            "title": found.title,
            "author": found.author,
            "published_at": found.date,
            "source": found.sitename,
        }

    return Tool("trafilatura.extract", lambda page: extract(page.text), read)


def _readability() -> Tool:
    from readability import Document

    def run(page: Page) -> str:
        return str(Document(page.text).summary())

    def read(page: Page) -> dict[str, Any]:
        summary = lxml.html.fromstring(run(page))
        return {"text": summary.text_content(), "title": Document(page.text).short_title()}

    return Tool("readability-lxml", run, read)


def _resiliparse() -> Tool:
    from resiliparse.extract.html2text import extract_plain_text

    def run(page: Page) -> str:
        return str(extract_plain_text(page.text, main_content=True))

    return Tool("resiliparse", run, lambda page: {"text": run(page)})


def _seconds(tool: Tool, page: Page) -> float:
    start = time.process_time()
    tool.run(page)
    return time.process_time() - start


def _time_all(all_tools: list[Tool], pages: list[Page]) -> dict[str, list[float]]:
    """The median CPU time of each page by tool. In each round every tool goes over all pages in turn, as a run would, so
    that a busy machine slows all alike and none works in the other's caches."""
    rounds = [{tool.name: [_seconds(tool, page) for page in pages] for tool in all_tools} for _ in range(ROUNDS + 1)]
    # the first round loads tables and fills caches
    return {
        tool.name: [statistics.median(each) for each in zip(*(r[tool.name] for r in rounds[1:]), strict=True)]
        for tool in all_tools
    }


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_pages", EVAL / "score_pages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _scores(tool: Tool, pages: list[Page], scorer: ModuleType) -> str:
    """Mean F1 by kind of page and the share of right metadata."""
    f1, right, asked = defaultdict(list), 0, 0
    for page in pages:
        found = tool.read(page) if tool.read else {}
        letters = scorer.letters(found.get("text")), scorer.letters(page.gold["text"])
        f1[page.name.split("-")[0]].append(scorer.f1(*letters))
        wanted = {key: scorer.value(page.gold, key) for key in scorer.META if scorer.value(page.gold, key)}
        asked += len(wanted)
        right += sum(scorer.agree(key, want, str(found.get(key) or "")) for key, want in wanted.items())
    return "  ".join(f"{statistics.mean(f1[kind]):.4f}" for kind in sorted(f1)) + f"  {right:3}/{asked}"


def speed() -> None:
    """Print the table of speed and quality."""
    pages, all_tools = eval_pages(), list(tools())
    if not pages:
        sys.exit(f"no evaluation pages at {EVAL}")
    times = _time_all(all_tools, pages)
    scorer, base, ours = _scorer(), times["lxml.html parse"], times["clean_page"]
    kinds = sorted({page.name.split("-")[0] for page in pages})
    print(
        f"{len(pages)} pages, each page's median CPU time of {ROUNDS} rounds, one process; F1 by kind: {', '.join(kinds)}; metadata right of asked"
    )
    for tool in all_tools:
        mine = times[tool.name]
        ratio = statistics.median(a / b for a, b in zip(mine, base, strict=True))
        slower = statistics.median(a / b for a, b in zip(mine, ours, strict=True))
        scores = _scores(tool, pages, scorer) if tool.read else ""
        print(
            f"  {tool.name:20} {len(pages) / sum(mine):7.0f} pages/s {ratio:6.2f} x lxml (all pages: {sum(mine) / sum(base):.2f})"
            f" {slower:6.2f} x clean_page   {scores}"
        )


def _bodies() -> list[bytes]:
    own = [path.read_bytes() for path in sorted((ROOT / "tests" / "pages").glob("*.html"))]
    return own + [page.body for page in eval_pages()]


def hostile(count: int = 5000) -> None:
    """Print percentiles of the time that mutated pages take (CPU time, so that a busy machine counts for nothing)."""
    bodies, times, errors = _bodies(), [], 0
    for number in range(count):
        body = mutated(bodies, number)
        start = time.process_time()
        try:
            clean_page(body, "http://www.example.gov.cn/a/202501/t20250102_1.html")
        except Exception as error:  # noqa: BLE001 - that there is none is what is measured
            print(f"page {number}: {type(error).__name__}: {error}")
            errors += 1
        times.append((time.process_time() - start, len(body), number))
    ordered = sorted(times)
    cuts = {share: ordered[min(count - 1, int(count * share))][0] * 1000 for share in (0.5, 0.95, 0.99)}
    print(f"{count} hostile and mutated pages of {len(bodies)}: {errors} exceptions")
    print("  " + ", ".join(f"{share:.0%} within {ms:.1f} ms" for share, ms in cuts.items()))
    for seconds, size, number in ordered[: -min(count, 5) - 1 : -1]:
        print(f"  page {number}: {seconds * 1000:.0f} ms, {size} bytes")


def hostile_memory(count: int = 20_000) -> None:
    """The same, with caches that never see the end of new strings, and now and then a page that is heavy to repair. What
    is loaded once, at whichever page needs it first, is loaded before: the detector's tables, the last resort, the
    language model."""
    chardet.detect("某县人民政府".encode("gbk") * 50)
    trafilatura.extract("<p>某县人民政府</p>")
    table()
    memory(count, mutate=10)


def memory(count: int = 20_000, mutate: int = 0) -> None:
    """Print how the process grows over many pages; one in so many is mutated."""
    bodies, sizes = _bodies(), []
    for number in range(count):
        clean_page(mutated(bodies, number) if mutate and number % mutate == 0 else bodies[number % len(bodies)])
        if number + 1 >= SETTLED and (number + 1) % max(1, (count - SETTLED) // 19) == 0:
            sizes.append(_resident())
    settled = sizes[0]
    print("  " + " ".join(f"{size:.0f}" for size in sizes))
    print(
        f"{count} pages: {settled:.1f} MB after the first {SETTLED}, then at most {max(sizes):.1f}, at the end {sizes[-1]:.1f} MB"
    )
    print(f"  growth {(max(sizes) / settled - 1):+.1%} at most, {(sizes[-1] / settled - 1):+.1%} at the end")


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Run what the command line names."""
    what, *count = sys.argv[1:] or ["speed"]
    commands = {"speed": speed, "hostile": hostile, "memory": memory, "hostile-memory": hostile_memory}
    if what not in commands:
        sys.exit(__doc__)
    commands[what](*map(int, count))


if __name__ == "__main__":
    main()
