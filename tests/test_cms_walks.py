"""Walks through lists without a server: where they go, and how they end."""

import json
from collections.abc import Callable
from itertools import cycle
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govscrape.cms import Ask, Link
from govscrape.site_specs import Column, SiteSpec
from govscrape.spiders import walk as walking
from govscrape.spiders.walk import Walk
from tests.test_cms_conformance import SIMS

CACHED = {name: make() for name, make in SIMS.items()}
HOST = "http://a.cn"
COLUMN = f"{HOST}/tzgg/index.html"


class Walked(NamedTuple):
    """What a walk gave, and how it ended."""

    links: list[Link]
    asked: list[str]
    said: list[str]


def walk(answer: Callable[[Ask], str], url: str = COLUMN, cms: str = "auto") -> Walked:
    """Walk a list to its end; `answer` gives the text of a request, "" for a page that is not there."""
    column = Column(name="公告", url=url)
    site = SiteSpec(id="a", name="甲", hosts=("a.cn",), columns=(column,), cms=cms)
    todo, walked = [Walk(site, column, Ask(url))], Walked([], [], [])
    while todo:
        now = todo.pop(0)
        walked.asked.append(now.ask.url.removeprefix(HOST))
        step = now.step(now.ask.url, answer(now.ask))
        walked.links.extend(link for link in step.links if link not in walked.links)
        walked.said.extend(said for said in (step.warning, step.problem) if said)
        todo.extend(step.walks)
    return walked


def pages(texts: dict[str, str]) -> Callable[[Ask], str]:
    return lambda ask: texts.get(ask.url.removeprefix(HOST), "")


def rows(*numbers: int, form: str = "/tzgg/202403/t20240305_{}.html") -> str:
    return "".join(f"<li><a href='{form.format(n)}'>第{n}号公告</a> 2024-03-05</li>" for n in numbers)


def test_one_function_name_two_bases() -> None:
    """TRS counts from 0 and has a number first; UCAP counts from 1 and has a string first. Mixed up, a page is lost."""
    trs = 'createPageHTML(3, 0, "index", "html");'
    walked = walk(
        pages(
            {
                "/tzgg/index.html": rows(1) + trs,
                "/tzgg/index_1.html": rows(2) + trs,
                "/tzgg/index_2.html": rows(3) + trs,
            }
        )
    )
    assert walked.asked == ["/tzgg/index.html", "/tzgg/index_1.html", "/tzgg/index_2.html"]
    ucap = "createPageHTML('page', 3, 1, 'index', 'html', 3);"
    form = "/tzgg/202403/{:032x}.shtml"
    first, second, third = (rows(n, form=form) + ucap for n in (1, 2, 3))
    walked = walk(pages({"/tzgg/index.html": first, "/tzgg/index_2.html": second, "/tzgg/index_3.html": third}))
    assert walked.asked == ["/tzgg/index.html", "/tzgg/index_2.html", "/tzgg/index_3.html"]
    assert len(walked.links) == 3
    assert walked.said == []


def test_vsb_counts_down() -> None:
    bar = "".join(f"<span class='p_no'><a href='#'>{n}</a></span>" for n in range(1, 5))
    walked = walk(
        lambda ask: rows(len(ask.url) * 7 + ord(ask.url[-5]), form="/info/1/{}.htm") + bar, f"{HOST}/jwtz.htm"
    )
    assert walked.asked == ["/jwtz.htm", "/jwtz/3.htm", "/jwtz/2.htm", "/jwtz/1.htm"]


@pytest.mark.parametrize(
    "text",
    [
        rows(1, 2) + 'createPageHTML(9999, 0, "index", "html")',
        rows(1, 2, form="/info/1/{}.htm") + "<span class='p_no'><a>1</a></span><span class='p_no'><a>9999</a></span>",
        rows(1, 2, form="/2024/0305/c1a{}/page.htm") + "<div id='wp_paging_w6'><em class='all_pages'>9999</em></div>",
        rows(1, 2, form="/tzgg/202403/{:032x}.shtml") + "createPageHTML('p', 9999, 1, 'index', 'shtml', 9999)",
        rows(1, 2, form="/tzgg/2024/{}00.html") + "<a href='?page=2'>下一页</a>",
    ],
)
def test_a_server_that_ignores_the_page_number_is_left_with_a_warning(text: str) -> None:
    walked = walk(lambda _: text)
    assert len(walked.links) == 2
    assert len(walked.asked) <= 3
    assert "the same articles as on page 1" in walked.said[0]


def test_a_list_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "MAX_PAGES", 40)
    counted: list[Ask] = []

    def answer(ask: Ask) -> str:
        counted.append(ask)
        return rows(len(counted)) + 'createPageHTML(9999, 0, "index", "html")'

    walked = walk(answer)
    assert len(walked.asked) == 41
    assert "no end" in walked.said[0]


def test_pages_turning_in_a_circle_end() -> None:
    ring = {
        f"/tzgg/p{n}.html": rows(n, form="/tzgg/2024/{}00.html") + f"<a href='p{n % 3 + 1}.html'>下一页</a>"
        for n in (1, 2, 3)
    }
    walked = walk(pages(ring), f"{HOST}/tzgg/p1.html", "generic")
    assert len(walked.links) == 3
    assert len(walked.asked) == 4


def test_an_empty_answer_of_jpage_ends_the_list_and_says_how_much_is_missing() -> None:
    page = "totalRecord:90, proxyUrl:'/module/web/jpage/dataproxy.jsp', columnid:'7', unitid:'8'<recordset>"
    page += "".join(f"<record><![CDATA[<a href='/art/2024/3/5/art_7_{n}.html'>甲</a>]]></record>" for n in range(45))
    empty = "<datastore><recordset></recordset></datastore>\r\n\r\n\r\n\r\n"
    assert len(empty) == 54
    walked = walk(lambda ask: empty if "dataproxy" in ask.url else page, f"{HOST}/col/col7/index.html")
    assert len(walked.links) == 45
    assert len(walked.asked) == 2
    assert "45 of the 90 articles" in walked.said[0]


def test_jpage_without_a_total_ends_in_peace() -> None:
    def record(n: int) -> str:
        return f"<record><![CDATA[<a href='/art/2024/3/5/art_7_{n}.html'>甲</a>]]></record>"

    def answer(ask: Ask) -> str:
        if "dataproxy" not in ask.url:
            return "proxyUrl:'/dataproxy.jsp', columnid:'7'" + "".join(map(record, range(20)))
        query = dict(pair.split("=") for pair in ask.url.partition("?")[2].split("&"))
        first = (int(query["page"]) - 1) * int(query["perpage"])
        return "<recordset>" + "".join(record(n) for n in range(first, min(first + int(query["perpage"]), 62)))

    walked = walk(answer, f"{HOST}/col/col7/index.html")
    assert len(walked.links) == 62
    assert len(walked.asked) <= 9
    assert walked.said == []


def test_the_unit_of_the_column_is_taken_not_the_first_on_the_page() -> None:
    unit = "<datastore><recordset><record><![CDATA[<a href='/art/2024/3/5/art_{0}_1.html'>甲</a>]]></record></recordset></datastore>"
    page = (
        unit.format(9)
        + "columnid:'9',totalRecord:1;"
        + unit.format(7)
        + "columnid:'7',totalRecord:1,proxyUrl:'/dataproxy.jsp'"
    )
    walked = walk(lambda _: page, f"{HOST}/col/col7/index.html")
    assert [link.url for link in walked.links] == [f"{HOST}/art/2024/3/5/art_7_1.html"]


def test_truecms_without_its_service_gives_what_stands_in_the_page() -> None:
    inline = rows(*range(10, 70), form="/zcfg/content/8a69b1{}.html")
    page = (
        f"<div id='initData'><ul>{inline}</ul></div>columnId:'7', proxyUrl:'/TrueCMS/messageController/getMessage.do'"
    )
    walked = walk(lambda ask: "" if "getMessage" in ask.url else page)
    assert len(walked.links) == 60
    assert [ask.partition("endrecord=")[2].partition("&")[0] for ask in walked.asked[1:]] == ["110", "80", "70"]


def test_a_window_that_shrinks_on_the_way_loses_nothing() -> None:
    def answer(ask: Ask) -> str:
        if "getMessage" not in ask.url:
            return "columnId:'7', proxyUrl:'/truecms/messageController/getMessage.do'"
        query = dict(pair.split("=") for pair in ask.url.partition("?")[2].split("&"))
        first, last = int(query["startrecord"]), int(query["endrecord"])
        if last - first + 1 > (50 if first == 1 else 20):
            return ""
        records = "".join(
            f"<record><![CDATA[<a href='/x/content/8a69b1{n:03d}.html'>甲</a>]]></record>"
            for n in range(first, min(last, 95) + 1)
        )
        return f'cb({{"result": "<datastore>{records}</datastore>"}})'

    assert len(walk(answer).links) == 95


def test_the_search_of_ucap_is_found_among_its_addresses() -> None:
    page = '<meta name="channelid" content="0123456789abcdef0123456789abcdef">'
    found = '{"data": {"total": 1, "results": [{"url": "/1.shtml", "publishedTime": 1709604000000}]}}'
    walked = walk(lambda ask: page if ask.url == COLUMN else found if "/searchList/" in ask.url else "")
    assert walked.links == [Link(f"{HOST}/1.shtml", walked.links[0].day)]
    assert str(walked.links[0].day) == "2024-03-05"
    assert walked.said == []


def test_one_category_of_gkmlpt_by_its_number() -> None:
    page = 'window._CONFIG = {SID: "12", TREE: [{"id": 5}, {"id": 7}]}'
    walked = walk(
        lambda ask: page if "/api/" not in ask.url else '{"classify": {"post_count": 0}}', f"{HOST}/a/gkmlpt/index#7"
    )
    assert walked.asked[1:] == ["/a/gkmlpt/api/all/7?page=1&sid=12"]
    assert walked.said == [], "a category that says it is empty is no fault"


def test_a_page_without_paging_is_probed_and_left_in_peace() -> None:
    walked = walk(pages({"/tzgg/list.html": rows(1, 2, 3, form="/tzgg/2024/{}00.html")}), f"{HOST}/tzgg/list.html")
    assert len(walked.links) == 3
    assert len(walked.asked) <= 5
    assert walked.said == []


WORDS = (
    "data",
    "results",
    "url",
    "result",
    "custom",
    "articles",
    "searchVO",
    "listVO",
    "searchResult",
    "html",
    "total",
)
JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=8) | st.just("//[a/art/1.html"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)
MARKUP = st.sampled_from([
    "<record><![CDATA[<a href='http://[x'>甲</a><a href='/art/2024/3/5/art_7_1.html'>乙</a>]]></record>",
    "<nextgroup><![CDATA[<a href='http://[x/dataproxy.jsp?startrecord=9'></a>]]></nextgroup>",
    f"createPageHTML({'9' * 5000}, 0, 'index', 'html')<a href='t20240305_1.html'>甲</a>",
    "<span class='p_no'><a>²</a></span><span class='p_next'><a href='http://[x'>下页</a></span><a href='/info/1/2.htm'>",
    "<em class='all_pages'>٣</em><a class='next' href='http://[x'></a><a href='/2024/0305/c1a1/page.htm'>甲</a>",
    "<base href='http://[x'><a href='http://[x'>下一页</a><iframe src='http://[x'></iframe>",
])  # fmt: skip


@pytest.mark.parametrize("name", SIMS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(junk=st.lists(JSON.map(json.dumps) | MARKUP | st.text(max_size=20), min_size=1, max_size=5))
def test_no_answer_of_a_server_is_too_odd(name: str, junk: list[str]) -> None:
    """The column's page is whole; whatever comes after it, the walk takes it and ends."""
    sim = CACHED[name]
    front = sim.pages.get(sim.column.partition("?")[0]) or sim.pages.get(sim.column + "index.html")
    texts = cycle(junk)
    url = f"{HOST}/{sim.column}"
    cms = sim.family if sim.family != "generic" else "auto"
    walked = walk(lambda ask: front.body.decode() if front and ask.url == url else next(texts), url, cms)
    assert len(walked.asked) < 100


def test_frames_within_frames_are_not_followed() -> None:
    walked = walk(lambda _: "<iframe src='/inner.html'></iframe>")
    assert walked.asked == ["/tzgg/index.html", "/inner.html"]
    assert "no article links" in walked.said[0]
