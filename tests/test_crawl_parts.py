"""The crawl's parts by themselves: site specs, list pages, guards."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import binary, text

from govscrape.cms import FAMILIES, Reply, trs
from govscrape.crawl_view import sites_table
from govscrape.errors import SiteSpecError, UnknownSiteError
from govscrape.guards import is_public
from govscrape.settings import DOWNLOAD_HANDLERS
from govscrape.site_specs import all_sites, load_site, parse_site

LISTS = json.loads((Path(__file__).parent / "lists/trs.json").read_text("utf-8"))
GOOD = """
name = "某市"
hosts = ["www.example.gov.cn"]
columns = [{name = "通知", url = "https://www.example.gov.cn/tz/index.html"}]
"""


@pytest.mark.parametrize("case", LISTS, ids=[case["label"] for case in LISTS])
def test_trs_list_pages(case: dict[str, Any]) -> None:
    some_article = "" if "links" in case else "<a href='t20240101_1.html'>甲</a>"  # without any a list is at its end
    page = trs.read_list(Reply("http://a.cn/x/", case["html"] + some_article, number=case["number"]))
    assert [ask.url for ask in page.asks] == ([case["next"]] if case["next"] else [])
    if "links" in case:
        assert [[link.url, link.day and link.day.isoformat()] for link in page.links] == case["links"]


def test_a_long_list_is_read_in_time_linear_in_its_length() -> None:
    rows = "".join(f"<li><a href='t20240305_{n}.html'>甲</a><i>2024-03-05</i></li>" for n in range(5_000))
    started = time.process_time()
    assert len(trs.read_list(Reply("http://a.cn/x/", f"<div><ul>{rows}</ul></div>")).links) == 5_000
    assert time.process_time() - started < 5


@given(text() | binary().map(lambda raw: raw.decode("latin-1")))
def test_no_page_is_too_odd_to_be_read_as_a_list(html: str) -> None:
    for family in FAMILIES:
        family.detect(html, html)
        family.read_list(Reply("http://a.cn/x/", f"<a href='{html}'>{html}"))
        family.read_list(Reply(f"http://a.cn/{html}", html, number=1))


def test_each_family_says_what_the_interface_asks() -> None:
    for family in FAMILIES:
        assert family.NAME
        assert family.read_list(Reply("http://a.cn/", "")).links == ()
    assert not any(family.detect("http://a.cn/", "<html><body>hello</body></html>") for family in FAMILIES[:-1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "colour = 1", "s.toml: colour: no such key; see docs/add_a_site.md"),
        (GOOD.replace("hosts", "hots"), "s.toml: hosts: this key is needed"),
        (
            GOOD.replace("https://www", "www"),
            "s.toml: columns.0.url: 'www.example.gov.cn/tz/index.html' is no whole address",
        ),
        (GOOD.replace('["www.', '["'), "add 'www.example.gov.cn' to hosts"),
        (GOOD + 'cms = "wordpress"', "cms: 'wordpress' is not known; choose auto, hanweb_jpage"),
        (GOOD + "politeness = {concurrency = 99}", "s.toml: politeness.concurrency: "),
        ("name = ", "s.toml: not valid TOML"),
    ],
)
def test_a_broken_spec_is_told_by_file_key_and_remedy(text: str, said: str) -> None:
    with pytest.raises(SiteSpecError) as error:
        parse_site(text, Path("s.toml"))
    assert said in str(error.value)


def test_an_unknown_site_is_told_with_what_was_perhaps_meant() -> None:
    with pytest.raises(UnknownSiteError, match="did you mean 'ndrc'"):
        load_site("nrdc")
    with pytest.raises(UnknownSiteError, match="govscrape sites list"):
        load_site("qqqqqqqq")
    with pytest.raises(UnknownSiteError, match="no such site spec"):
        load_site("not/there.toml")


def test_a_name_cannot_lead_out_of_the_sites_folder() -> None:
    with pytest.raises(UnknownSiteError):
        load_site("../../pyproject")


def test_a_spec_of_ones_own_is_read_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD, "utf-8")
    assert load_site(str(tmp_path / "mine.toml")).id == "mine"
    (tmp_path / "gbk.toml").write_bytes(GOOD.encode("gbk"))
    with pytest.raises(SiteSpecError, match="cannot be read"):
        load_site(str(tmp_path / "gbk.toml"))


def test_the_sites_that_come_along_are_whole_polite_and_public() -> None:
    sites = all_sites()
    assert sites_table(sites).row_count == len(sites) > 0
    for site in sites:
        assert site.politeness.delay >= 1
        assert not site.private_addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_of_the_own_network_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_nothing_but_http_can_be_fetched() -> None:
    assert {scheme for scheme, handler in DOWNLOAD_HANDLERS.items() if handler is None} >= {"file", "data", "ftp", "s3"}
