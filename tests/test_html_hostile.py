"""Input that is made to hurt: bounded time, no exception, nothing of the text lost in silence."""

import random
import time
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


def _timed(body: bytes, seconds: float = 2.0) -> PageText | Rejection:
    start = time.process_time()
    result = read_page(body, "http://www.example.gov.cn/a/202501/t20250102_1.html")
    assert time.process_time() - start < seconds
    return result


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
        assert _timed(body).reason in {Reason.UNRECOVERABLE_ENCODING, Reason.NOT_HTML}


def test_nul_bytes_are_dropped() -> None:
    page = _timed(PARAGRAPHS.replace("防汛", "防\0汛").encode())
    assert page.text.count("防汛工作") == 8


def test_text_after_stray_closers_stays() -> None:
    page = _timed(f"<html><body><h1>通知</h1>{PARAGRAPHS}</body></html></BODY ><p>{BODY}末段</p></html>".encode())
    assert page.text.endswith("末段")


@pytest.mark.parametrize("tag", ["div", "table", "ul"])
def test_deep_nesting_is_rejected_not_halved(tag: str) -> None:
    result = _timed((f"<{tag}>" * 100_000 + PARAGRAPHS).encode())
    assert result.reason == Reason.UNPARSEABLE


@pytest.mark.parametrize("count", [900, 9000])
def test_unclosed_inline_elements_of_an_old_page_are_read(count: int) -> None:
    page = _timed("".join(f"<font size=2>{n}、{BODY}<br>" for n in range(count)).encode())
    assert page.text.count(BODY) == count


def test_a_million_empty_elements() -> None:
    result = _timed(b"<tbody></tbody>" * 1_000_000 + PARAGRAPHS.encode())
    assert result.reason == Reason.TOO_LARGE


def test_fifty_megabytes_of_one_element() -> None:
    assert _timed(b"<p>" * 17_000_000).reason == Reason.TOO_LARGE
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
    _timed(f"<html><body>{PARAGRAPHS}{piece * 50_000}".encode(), 4.0)
    _timed(f"<html><body><div>{piece * 50_000}</div>{PARAGRAPHS}".encode(), 4.0)


@pytest.mark.parametrize(
    "piece", ["<li>项目", "<tr><td>甲<td>乙", "<a href=a.pdf>附件</a>", "<p class=nav>第一", "<h1>公告", "<b id=x></b>"]
)
def test_many_elements_in_one_list(piece: str) -> None:
    for frame in ("<ol>", "<table>", "<div class=related>"):
        _timed(f"<html><body>{PARAGRAPHS}{frame}{piece * 30_000}".encode(), 4.0)


@pytest.mark.parametrize("opening", ['<div class="related">', "<table><tr><td>", "<ul class=nav><li>"])
def test_deep_frames_around_many_lines(opening: str) -> None:
    _timed(f"<html><body>{PARAGRAPHS}{opening * 600}{'<p>第一项</p>' * 20_000}".encode(), 4.0)


def test_entity_bomb_stays_small() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
    page = _timed(f"{bomb}<html><body><p>&c;&c;&c;</p>{PARAGRAPHS}".encode())
    assert len(page.text) < 2000


def test_a_long_line_is_read_in_time() -> None:
    page = _timed(f"<html><body><p>{BODY * 20_000}</p>".encode(), 4.0)
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
        result = _timed(bytes(body))
        assert isinstance(result, PageText | Rejection)


def test_cleaning_mutated_pages_comes_back() -> None:
    bodies = [case.read_bytes() for case in PAGES]
    for number in range(80):
        start = time.process_time()
        result = clean_page(mutated(bodies, number), "http://www.example.gov.cn/a/202501/t20250102_1.html")
        # a page is done within 2 s; coverage and the first load of the language model come on top
        assert time.process_time() - start < 6.0, number
        assert isinstance(result, Clean | Rejection)


def test_cells_that_span_everything() -> None:
    cell = "<td rowspan=60 colspan=60>水利</td>"
    page = _timed(f"<html><body>{PARAGRAPHS}<table>{('<tr>' + cell * 3) * 9000}</table>".encode(), 4.0)
    assert page.text.count("水利") == 27_000
    _timed(f"<html><body>{PARAGRAPHS}<table><tr>{cell * 30_000}</table>".encode(), 4.0)


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
