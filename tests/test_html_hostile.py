"""Input that is made to hurt: no exception, nothing of the text lost in silence (`benchmarks.pages hostile` takes the time)."""

import random
import tracemalloc
from pathlib import Path

import pytest

from benchmarks.mutations import mutated
from cleaners.core import Clean, clean_page
from cleaners.html import PageText, read_page
from cleaners.html.decode import MAX_BYTES
from cleaners.reason import Reason, Rejection

BODY = "会议指出，要把防汛工作放在重要位置，压实各级责任，做好物资储备和队伍演练，确保人民群众生命财产安全。"
PARAGRAPHS = "".join(f"<p>{n}、{BODY}</p>" for n in range(1, 9))
PAGES = sorted(Path(__file__).with_name("pages").glob("*.html"))


def _read(body: bytes) -> PageText | Rejection:
    return read_page(body, "http://www.example.gov.cn/a/202501/t20250102_1.html")


REJECTED = {
    "\x01": Reason.UNRECOVERABLE_ENCODING, "<table><tr><td>": Reason.TOO_LARGE, "<h1>公告": Reason.UNPARSEABLE,
    "<a href='": Reason.NOT_ARTICLE, "<!--": Reason.NOT_ARTICLE, "<style>.a{display:none}": Reason.NOT_ARTICLE,
}  # fmt: skip
"""What the pieces do to a page that they stand in time and again; the last three take what follows into themselves."""


def _is_whole(result: PageText | Rejection, piece: str = "") -> bool:
    """Whether all of `PARAGRAPHS` is there, in order, or the page is rejected for what the piece does to it."""
    if isinstance(result, Rejection):
        return result.reason == REJECTED.get(piece)
    return [line for line in result.text.split("\n") if BODY in line] == [f"{n}、{BODY}" for n in range(1, 9)]


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", b"\xef\xbb\xbf"])
def test_nothing_is_empty(body: bytes) -> None:
    result = read_page(body)
    assert isinstance(result, Rejection)
    assert result.reason in {Reason.EMPTY, Reason.NOT_HTML}


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7\n%\xe2\xe3", b"PK\x03\x04\x14\x00", b"\x89PNG\r\n\x1a\n", b"\xd0\xcf\x11\xe0\xa1"]
)
def test_files_are_no_pages(body: bytes) -> None:
    assert read_page(body).reason == Reason.NOT_HTML


def test_random_bytes_are_rejected() -> None:
    noise = random.Random(5).randbytes(200_000)
    for body in (noise, b"<html><body><p>" + noise):
        assert _read(body).reason in {Reason.UNRECOVERABLE_ENCODING, Reason.NOT_HTML}


def test_nul_bytes_are_dropped() -> None:
    page = _read(PARAGRAPHS.replace("防汛", "防\0汛").encode())
    assert page.text.count("防汛工作") == 8


def test_text_after_stray_closers_stays() -> None:
    page = _read(f"<html><body><h1>通知</h1>{PARAGRAPHS}</body></html></BODY ><p>{BODY}末段</p></html>".encode())
    assert page.text.endswith("末段")


@pytest.mark.parametrize("tag", ["div", "table", "ul"])
def test_deep_nesting_is_rejected_not_halved(tag: str) -> None:
    result = _read((f"<{tag}>" * 100_000 + PARAGRAPHS).encode())
    assert result.reason == Reason.UNPARSEABLE


@pytest.mark.parametrize("count", [900, 9000])
def test_unclosed_inline_elements_of_an_old_page_are_read(count: int) -> None:
    page = _read("".join(f"<font size=2>{n}、{BODY}<br>" for n in range(count)).encode())
    assert page.text.count(BODY) == count


def test_a_million_empty_elements() -> None:
    result = _read(b"<tbody></tbody>" * 1_000_000 + PARAGRAPHS.encode())
    assert result.reason == Reason.TOO_LARGE


def test_fifty_megabytes_of_one_element() -> None:
    assert _read(b"<p>" * 17_000_000).reason == Reason.TOO_LARGE
    assert len(b"<p>" * 17_000_000) > MAX_BYTES


@pytest.mark.parametrize(
    "piece",
    [
        "<p>", "<td>", "<li>", "<a href='", "&amp;", "&#x41;", "<!--", "<![CDATA[", "<style>.a{display:none}",
        "索引号：",
        "<p>责任编辑：", "2019年", "（记者", "<br>", "\x01", "《", "_", "</p>", "<table><tr><td>", "</html>", "{",
        "来源：",
    ],
)  # fmt: skip
def test_one_piece_repeated(piece: str) -> None:
    assert _is_whole(_read(f"<html><body>{PARAGRAPHS}{piece * 50_000}".encode()), piece)
    assert _is_whole(_read(f"<html><body><div>{piece * 50_000}</div>{PARAGRAPHS}".encode()), piece)


@pytest.mark.parametrize(
    "piece", ["<li>项目", "<tr><td>甲<td>乙", "<a href=a.pdf>附件</a>", "<p class=nav>第一", "<h1>公告", "<b id=x></b>"]
)
def test_many_elements_in_one_list(piece: str) -> None:
    for frame in ("<ol>", "<table>", "<div class=related>"):
        assert _is_whole(_read(f"<html><body>{PARAGRAPHS}{frame}{piece * 30_000}".encode()), piece)


@pytest.mark.parametrize("opening", ['<div class="related">', "<table><tr><td>", "<ul class=nav><li>"])
def test_deep_frames_around_many_lines(opening: str) -> None:
    result = _read(f"<html><body>{PARAGRAPHS}{opening * 600}{'<p>第一项</p>' * 20_000}".encode())
    assert _is_whole(result)
    assert result.text.count("第一项") == 20_000


def test_entity_bomb_stays_small() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
    page = _read(f"{bomb}<html><body><p>&c;&c;&c;</p>{PARAGRAPHS}".encode())
    assert len(page.text) < 2000


def test_a_long_line_is_read_whole() -> None:
    page = _read(f"<html><body><p>{BODY * 20_000}</p>".encode())
    assert len(page.text) == len(BODY) * 20_000


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.stem)
def test_mutated_pages(case: Path) -> None:
    chance = random.Random(case.stem)
    whole = case.read_bytes()
    for _ in range(12):
        body = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            at = chance.randrange(len(body) or 1)
            cut = chance.choice(
                [b"", b"<", b">", b"</div>", b"\xff", b"\0", b'"', b"<table>", b"&#", bytes(body[at : at + 200])]
            )
            body[at : at + chance.randrange(1, 40)] = cut
        result = _read(bytes(body))
        assert result.text.strip() if isinstance(result, PageText) else result.detail


def test_cleaning_mutated_pages_comes_back() -> None:
    bodies = [case.read_bytes() for case in PAGES]
    for number in range(80):
        result = clean_page(mutated(bodies, number), "http://www.example.gov.cn/a/202501/t20250102_1.html")
        assert result.text.strip() if isinstance(result, Clean) else result.detail, number


def test_cells_that_span_everything() -> None:
    cell = "<td rowspan=60 colspan=60>水利</td>"
    page = _read(f"<html><body>{PARAGRAPHS}<table>{('<tr>' + cell * 3) * 9000}</table>".encode())
    assert page.text.count("水利") == 27_000
    assert _is_whole(_read(f"<html><body>{PARAGRAPHS}<table><tr>{cell * 30_000}</table>".encode()))


def test_memory_stays_flat() -> None:
    bodies = [case.read_bytes() for case in PAGES]
    for body in bodies * 3:
        read_page(body)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for body in bodies * 5:
        read_page(body)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 1_000_000
