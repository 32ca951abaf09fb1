"""Articles that a content system splits over several addresses."""

import json
from pathlib import Path

import pytest

from cleaners.html.pager import read_part
from cleaners.html.tree import parse
from output.shards import write_whole
from output.writer import state_path
from tests.sim.crawling import crawl
from tests.sim.server import Page
from tests.test_cli import rows, run, write_jsonl

SITE = "http://www.example.gov.cn/zwgk/202405"
TEXTS = (
    "某县召开全县防汛工作会议，分析当前汛情，部署下一步的重点任务，县长主持会议并讲话。",
    "会议要求，各乡镇要加强巡查，在强降雨到来之前把隐患点的群众转移安置到位，不留死角。",
    "会议强调，要严格执行值班制度，信息报送及时准确，物资队伍提前到位，确保安全度汛。",
)


def page(number: int, pager: str) -> str:
    source = "<p>2024-05-17 来源：某县政府办</p>" if number == 1 else ""
    editor = "<p>责任编辑：李某</p>" if number == 3 else ""
    return (
        f"<html><head><title>某县部署防汛工作_某县人民政府</title></head><body><h1>某县部署防汛工作</h1>{source}"
        f'<div class="TRS_Editor"><p>{TEXTS[number - 1]}</p></div><div class="page">{pager}</div>{editor}</body></html>'
    )


def links(number: int, name: str = "t20240517_1234") -> str:
    """A pager as TRS writes it: the files of the parts are counted from 0, the first without a number."""
    names = {1: f"{name}.html", 2: f"{name}_1.html", 3: f"{name}_2.html"}
    shown = [str(n) if n == number else f'<a href="{file}">{n}</a>' for n, file in names.items()]
    before = f'<a href="./{names[number - 1]}">上一页</a> ' if number > 1 else ""
    after = f' <a href="./{names[number + 1]}">下一页</a>' if number < 3 else ""
    return before + " ".join(shown) + after


def given(at: Path, *numbers: int) -> Path:
    """Parts in the order named, another document between the first two and the rest."""
    names = {1: "t20240517_1234", 2: "t20240517_1234_1", 3: "t20240517_1234_2"}
    lines = [{"id": f"p{n}", "url": f"{SITE}/{names[n]}.html", "html": page(n, links(n))} for n in numbers]
    other = {"id": "other", "url": f"{SITE}/t20240518_9.html", "text": "某县印发了年度工作要点，请各单位抓好贯彻落实。"}
    return write_jsonl(at / "in.jsonl", *lines[:2], other, *lines[2:])


@pytest.mark.parametrize(
    ("address", "html", "expected"),
    [
        ("t1_1.html", links(2, "t1"), (2, 3, "t1.html")),
        ("content_12.htm", '<b>1</b> <a href="content_12_2.htm">[2]</a> <a href="content_12_5.htm">尾页</a>', (1, 5, "content_12.htm")),
        ("show.jsp?id=5&page=2", '<a href="?id=5&page=1">1</a><a href="?id=5&page=3">3</a>', (2, 3, "show.jsp?id=5")),
        ("t1_2.html", "<script>createPageHTML(4, 2, 't1', 'html');</script>", (3, 4, "t1.html")),
        ("ab.shtml", "<script>createPageHTML('page_div',4, 1, 'ab', 'shtml', 60);</script>", (1, 4, "ab.shtml")),
        ("ab_2.shtml", "<script>createPageHTML('page_div',4, 2, 'ab', 'shtml', 60);</script>", (2, 4, "ab.shtml")),
    ],
)  # fmt: skip
def test_the_pager_tells_which_part_a_page_is(address: str, html: str, expected: tuple[int, int, str]) -> None:
    number, of, first = expected
    part = read_part(parse(html), f"{SITE}/{address}")
    assert part
    assert (part.number, len(part.addresses), part.addresses[0]) == (number, of, f"{SITE}/{first}")
    if number > 1:
        assert part.addresses[number - 1] == f"{SITE}/{address}"


@pytest.mark.parametrize(
    ("address", "html"),
    [
        ("content_12.htm", '<a href="content_11.htm">上一篇</a> <a href="content_13.htm">下一篇</a>'),
        ("t1.html", '<a href="t1_1.html">下一页</a>'),
        ("t1.html", '<a href="t2_1.html">2</a> <a href="t2_2.html">3</a>'),
        ("index_1.html", '<a href="index.html">1</a> <a href="index_2.html">3</a>'),
        ("t1.html", "<script>createPageHTML(25, 0, 'index', 'html');</script>"),
        ("t1.html", "<p>见第<a href='#a'>2</a>页</p>"),
        ("t1.html", '<a href="http://[bad">2</a><a href="t1_1.html">第二章</a>'),
    ],
)
def test_other_links_make_no_part(address: str, html: str) -> None:
    assert read_part(parse(html), f"{SITE}/{address}") is None


@pytest.mark.parametrize("out", ["out.jsonl", "out"])
def test_the_parts_of_an_article_are_one_record(tmp_path: Path, out: str) -> None:
    done = run("clean", given(tmp_path, 2, 1, 3), "-o", tmp_path / out)
    assert done.exit_code == 0, done.output
    file, rejects = (
        (tmp_path / out, tmp_path) if out.endswith("l") else (tmp_path / out / "part-00000.jsonl", tmp_path / out)
    )
    whole, other = sorted(rows(file), key=lambda row: row["id"] != "p1")
    assert (whole["id"], whole["text"], whole["part"], other["id"]) == ("p1", "\n".join(TEXTS), None, "other")
    assert (whole["meta"]["source"], whole["meta"]["editor"], whole["meta"]["published_at"]) == (
        "某县政府办",
        "李某",
        "2024-05-17",
    )
    assert whole["quality"]["chars"] == len(whole["text"])
    moved = rows(rejects / "rejects.jsonl")
    assert [(row["id"], row["reason"], row["duplicate_of"]) for row in moved] == [
        ("p2", "part", "p1"),
        ("p3", "part", "p1"),
    ]
    assert all(row["raw"]["sha256"] for row in moved)
    assert "2 records" in " ".join(done.output.split())


def test_with_a_part_missing_the_others_stay_records(tmp_path: Path) -> None:
    done = run("clean", given(tmp_path, 1, 3), "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 0, done.output
    got = {row["id"]: row for row in rows(tmp_path / "out.jsonl")}
    assert {name: row["part"] and row["part"]["number"] for name, row in got.items()} == {
        "p1": 1,
        "p3": 3,
        "other": None,
    }
    names = ("t20240517_1234", "t20240517_1234_1", "t20240517_1234_2")
    assert got["p3"]["part"]["addresses"] == [f"{SITE}/{name}.html" for name in names]
    assert rows(tmp_path / "rejects.jsonl") == []


@pytest.mark.parametrize("publishing", [False, True])
def test_an_interrupted_joining_is_brought_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publishing: bool
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    source, out = given(tmp_path, 1, 2, 3), tmp_path / "out"
    assert run("clean", source, "-o", tmp_path / "wanted").exit_code == 0

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        if publishing:
            broken.setattr(
                "output.writer.write_whole", lambda path, content: _killed_at_the_manifest(path, content, out)
            )
        else:
            broken.setattr("pipelines.parts_run.whole_of", killed)
        assert run("clean", source, "-o", out).exit_code == 1
    assert state_path(out).exists()
    assert run("clean", source, "-o", out, "--resume").exit_code == 0
    contents = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("out", "wanted")]
    assert contents[0].keys() == contents[1].keys()
    assert contents[0]["part-00000.jsonl"] == contents[1]["part-00000.jsonl"]
    assert contents[0]["rejects.jsonl"] == contents[1]["rejects.jsonl"]


def _killed_at_the_manifest(path: Path, content: object, out: Path) -> None:
    state = json.loads(state_path(out).read_bytes()) if state_path(out).exists() else {"plan": {}}
    if path.name == "manifest.json" and "joined" in state["plan"]:
        raise KeyboardInterrupt
    write_whole(path, content)


def test_a_crawl_fetches_the_other_parts(tmp_path: Path) -> None:
    name = "t20240318_77"
    rows = "".join(
        f'<li><a href="./{name}{n}.html">某县部署工作</a><span>2024-03-18</span></li>' for n in ("", "0", "1")
    )
    whole = (
        "<title>某县部署工作</title><h1>某县部署工作</h1><div id=zoom><p>" + TEXTS[0].replace("防汛", "{}") + "</div>"
    )
    pages = {"zwyw/index.html": Page(f"<div class=list><ul>{rows}</ul></div>".encode())}
    pages |= {
        f"zwyw/{name}{n}.html": Page(whole.replace("{}", what).encode()) for n, what in (("0", "防火"), ("1", "抗旱"))
    }
    for number, file in enumerate((name, f"{name}_1", f"{name}_2"), 1):
        pages[f"zwyw/{file}.html"] = Page(page(number, links(number, name)).encode())
    crawled = crawl(pages, tmp_path / "out.jsonl")
    assert crawled.paths() == [f"zwyw/{name}.html", f"zwyw/{name}0.html", f"zwyw/{name}1.html"]
    (split,) = (record for record in crawled.records if record["url"].endswith(f"{name}.html"))
    assert (split["text"], split["part"]) == ("\n".join(TEXTS), None)
    assert [reject["reason"] for reject in crawled.rejects] == ["part", "part"]
    assert len(crawled.asked) == len({asked.path for asked in crawled.asked})
