"""A look at servers: does a site still match its spec, a first spec for a new one (`govscrape sites`), single pages."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from parsel import Selector
from pydantic import ValidationError
from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from cleaners.reason import Reason, Rejection
from govscrape.crawl import crawl_settings
from govscrape.errors import SiteSpecError
from govscrape.guards import KeepRaw
from govscrape.site_specs import Column, Politeness, SiteSpec
from govscrape.spiders.look import Look, LookSpider
from govscrape.spiders.page import PageSpider
from output.build import clean_item
from output.raw import RawItem
from output.record import Rejected

FEW_CHARS = 20  # an article's text below it shows that only furniture was found


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """What a check of a column found; `problem` is "" where it matches its spec."""

    column: str
    family: str
    links: int
    newest: date | None
    article: str
    title: str
    chars: int
    problem: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A first spec for a site, as TOML, and what went wrong: without articles there is no spec (`toml` is "")."""

    toml: str
    problem: str = ""


def check_site(spec: SiteSpec) -> list[ColumnCheck]:
    """Ask for each column's list and one article of it, and say whether they are still what the spec says.

    Nothing is written, and no more than that is asked for. It runs Scrapy's reactor: once in a process.
    """
    looks = [Look(spec, column) for column in spec.columns]
    _look(looks)
    return [_checked(look) for look in looks]


def draft_spec(url: str, *, private: bool = False, js: bool = False) -> Draft:
    """Ask for a list page, find out which system made it, and write a first spec for its site.

    Hosts that the list leads to are named: those of the same domain as hosts, others in a remark. It runs Scrapy's
    reactor: once in a process. Raises SiteSpecError for what is no address of a page.
    """
    host = urlsplit(url).hostname or ""
    try:
        column = Column(name="(new)", url=url, js=js)
        politeness = Politeness(delay=0) if private else Politeness()
        spec = SiteSpec(
            id="new",
            name="(new)",
            hosts=(host,),
            columns=(column,),
            cms="generic" if js else "auto",  # what a script made pages as no system does
            politeness=politeness,
            private_addresses=private,
        )
    except ValidationError as error:
        raise SiteSpecError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error
    look = Look(spec, column)
    _look([look])
    linked = Counter(urlsplit(link.url).hostname or "" for link in look.links)
    return Draft(_toml(look, host, linked, private=private) if look.links else "", look.problem)


def _checked(look: Look) -> ColumnCheck:
    result = clean_item(look.article) if look.article else None
    problem, title, chars = look.problem, "", 0
    if isinstance(result, Rejected):
        problem = f"one article is rejected as {result.reason.value}: {result.detail}"
    elif result is not None:
        title, chars = result.title or "", len(result.text)
        problem = "one article has no title" if not title else "one article has hardly any text" * (chars < FEW_CHARS)
    days = [link.day for link in look.links if link.day]
    article = (look.article.url if look.article else None) or ""
    newest = max(days, default=None)
    return ColumnCheck(look.column.name, look.family, len(look.links), newest, article, title, chars, problem)


def _toml(look: Look, host: str, linked: Counter[str], *, private: bool) -> str:
    page = Selector(look.front or "<html/>", "html")
    heading = page.xpath("normalize-space(//title)").get("")
    site, column = _meta(page, "sitename") or heading, _meta(page, "columnname") or heading
    kin = [host, *sorted(other for other in linked if other != host and _domain(other) == _domain(host))]
    strange = [f"{other} ({count})" for other, count in linked.most_common() if other not in kin]
    lines = [
        f"# Drafted on {date.today()} from one look at the list. Look it over, then: govscrape sites check ./THIS.toml",  # noqa: DTZ011
        *([f"# The list leads to these hosts too, which are not asked: {', '.join(strange)}"] if strange else []),
        f"name = {_quoted(site or host)}",
        f"hosts = [{', '.join(map(_quoted, kin))}]",
        f"cms = {_quoted(look.family)}",
        *(["private_addresses = true"] if private else []),
        "",
        "[[columns]]",
        f"name = {_quoted(column or host)}",
        f"url = {_quoted(look.column.url)}",
        *(["js = true"] if look.column.js else []),
        "",
    ]
    return "\n".join(lines)


def _meta(page: Selector, name: str) -> str:
    values = [
        (meta.attrib.get("name", "").lower(), meta.attrib.get("content", "").strip()) for meta in page.xpath("//meta")
    ]
    return next((value for key, value in values if key == name and value), "")


def _domain(host: str) -> str:
    """The domain a host lies in, without the host's own label; an IP address is its own."""
    try:
        return str(ip_address(host))
    except ValueError:
        return host.partition(".")[2]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def fetch_pages(urls: Sequence[str], specs: Sequence[SiteSpec]) -> list[RawItem]:
    """Ask for single pages of these sites; what could not be fetched says why. Nothing is written.

    It runs Scrapy's reactor: once in a process.
    """
    found: dict[str, RawItem] = {}
    _run(PageSpider, specs, urls=urls, found=found, hosts=frozenset(host for spec in specs for host in spec.hosts))
    unasked = Rejection(Reason.FETCH_FAILED, "not asked: the look was stopped")
    return [found.get(url) or RawItem(url=url, problem=unasked) for url in urls]


def _look(looks: Sequence[Look]) -> None:
    _run(LookSpider, [look.site for look in looks], looks=looks)


def _run(spider: type[Spider], specs: Sequence[SiteSpec], **arguments: Any) -> None:
    """Run a spider under all of a crawl's rules: robots.txt, delays, hosts, addresses, certificates."""
    process = AsyncCrawlerProcess(_settings(specs))
    task = process.crawl(spider, **arguments)
    process.start()
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise error


def _settings(specs: Sequence[SiteSpec]) -> Settings:
    settings = crawl_settings(specs)
    nothing_kept = {**settings.getdict("DOWNLOADER_MIDDLEWARES"), KeepRaw: None}
    here = {
        "DOWNLOADER_MIDDLEWARES": nothing_kept,
        "ITEM_PIPELINES": {},
        "SCHEDULER": "scrapy.core.scheduler.Scheduler",
        "RETRY_ENABLED": False,
        "LOG_LEVEL": "CRITICAL",
    }
    settings.setdict(here, priority="cmdline")
    return settings
