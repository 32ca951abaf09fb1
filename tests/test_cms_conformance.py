"""Each content system's simulated site, crawled: every article exactly once, whole, and nothing else."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from govscrape.cms import FAMILY_NAMES
from govscrape.crawl import CrawlSummary
from govscrape.site_specs import parse_site
from tests.sim.crawling import path_of, read_lines, run_apart
from tests.sim.families import hanweb, servers, static
from tests.sim.families.sim import Sim
from tests.sim.server import SimSite

SIMS: dict[str, Callable[[], Sim]] = {
    make.__name__: make
    for make in (
        hanweb.jpage_by_page,
        hanweb.jpage_by_record,
        hanweb.jpage_encrypted,
        hanweb.jpage_empty_body,
        hanweb.xxgk,
        servers.truecms,
        servers.truecms_empty,
        hanweb.jpaas_by_param,
        hanweb.jpaas_by_number,
        hanweb.jpaas_stuck,
        static.kaipuyun_static,
        static.kaipuyun_search,
        servers.gkmlpt,
        servers.epoint,
        servers.govcn_feed,
        servers.govcn_library,
        servers.search_front,
        static.trs_with_stubs,
        static.trs_count_page,
        static.vsb,
        static.vsb_numbers,
        static.sudy,
        static.generic_by_name,
        static.generic_by_anchor,
        static.generic_frame,
    )
}
SPEC = """
name = "{name}"
hosts = ["127.0.0.1"]
private_addresses = true
cms = "{cms}"
politeness = {{delay = 0, concurrency = 8}}
columns = [{{name = "公开", url = "{root}{column}"}}]
"""


class Crawled(NamedTuple):
    """What came of one of the sites."""

    sim: Sim
    site: SimSite
    records: list[dict[str, Any]]
    rejects: list[dict[str, Any]]
    warnings: list[str]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Crawled]]:
    """All sites in one crawl: a crawl of each by itself would spend its time on starting."""
    sims = {name: make() for name, make in SIMS.items()}
    with ExitStack() as stack:
        sites = {name: stack.enter_context(SimSite(sim.pages, sim.program)) for name, sim in sims.items()}
        specs = [
            parse_site(
                SPEC.format(name=name, cms=sim.cms, root=sites[name].root, column=sim.column), Path(f"{name}.toml")
            )
            for name, sim in sims.items()
        ]
        summary = run_apart(specs, tmp_path_factory.mktemp("families") / "out.jsonl")
        yield {name: _of(name, sims[name], sites[name], summary) for name in sims}


def _of(name: str, sim: Sim, site: SimSite, summary: CrawlSummary) -> Crawled:
    records = [record for record in read_lines(summary.files[0]) if record["url"].startswith(site.root)]
    rejects = [reject for reject in read_lines(summary.rejects_at) if reject["url"].startswith(site.root)]
    warnings = [warning for warning in summary.tally.warnings if f"({name})" in warning]
    return Crawled(sim, site, records, rejects, warnings)


def test_every_family_has_a_simulated_site() -> None:
    assert {make().family for make in SIMS.values()} == set(FAMILY_NAMES)


@pytest.mark.parametrize("name", SIMS)
def test_every_article_comes_out_exactly_once(crawled: dict[str, Crawled], name: str) -> None:
    sim, site, records, rejects, _ = crawled[name]
    assert rejects == []
    assert len(sim.articles) >= 60
    assert sorted(path_of(record["url"]) for record in records) == sorted(sim.reachable)
    asked = Counter(asked.path.lstrip("/") for asked in site.asked if asked.path.lstrip("/") in sim.articles)
    assert asked == Counter(sim.reachable.keys()), "asked for once each, and no others"


@pytest.mark.parametrize("name", SIMS)
def test_text_and_metadata_are_those_of_the_article(crawled: dict[str, Crawled], name: str) -> None:
    sim, _, records, _, _ = crawled[name]
    for record in records:
        story = sim.articles[path_of(record["url"])]
        assert record["title"] == story.title
        assert record["meta"]["published_at"].startswith(str(story.day))
        assert record["meta"]["source"] == story.source
        assert record["text"].splitlines() == list(story.paragraphs)


@pytest.mark.parametrize("name", SIMS)
def test_only_what_is_odd_is_warned_of(crawled: dict[str, Crawled], name: str) -> None:
    sim, site, _, _, warnings = crawled[name]
    assert len(warnings) == bool(sim.warning), warnings
    assert all(sim.warning in warning for warning in warnings)
    lists = [asked for asked in site.asked if asked.path.lstrip("/") not in sim.articles]
    assert len(lists) <= 20, "no endless walk"
