"""Hostile input: the text or one clear verdict, never an exception (and the suite would not end if time were unbounded)."""

import pytest

from cleaners.core import Clean, clean_page, clean_text
from cleaners.reason import Reason, Rejection

URL = "http://www.example.gov.cn/a.html"
TEXT = "某县召开工作会议，研究部署重点任务。会议要求，各部门要抓好落实，确保取得实效。"


def reason(result: Clean | Rejection) -> Reason | None:
    return result.reason if isinstance(result, Rejection) else None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", Reason.EMPTY),
        (b" \r\n\t ", Reason.EMPTY),
        (b"\0" * 1000, None),
        (b"%PDF-1.7 ...", Reason.NOT_HTML),
        (b"PK\x03\x04" + b"\0" * 100, Reason.NOT_HTML),
        (b"<html></html>", None),
        (b"\xff\xfe\x00", None),
        (bytes(range(256)) * 40, None),
    ],
)
def test_bodies_that_are_no_pages(body: bytes, expected: Reason | None) -> None:
    result = clean_page(body, URL)
    assert isinstance(result, Rejection)
    if expected:
        assert result.reason is expected


HURTFUL = {
    "depth": b"<div>" * 100_000 + TEXT.encode() + b"</div>" * 100_000,
    "tbody": b"<tbody></tbody>" * 300_000 + f"<p>{TEXT}</p>".encode(),
    "attributes": b"<b" + b" a=1" * 200_000 + b">" + TEXT.encode(),
    "entities": b"<p>" + b"&amp;" * 200_000 + TEXT.encode(),
    "comments": b"<!--" * 100_000 + TEXT.encode(),
    "tables": b"<table><tr><td>" * 20_000 + TEXT.encode(),
    "links": b"<a href=#>" * 100_000 + TEXT.encode(),
}


@pytest.mark.parametrize("kind", HURTFUL)
def test_a_page_built_to_hurt_gives_its_text_or_a_reason(kind: str) -> None:
    result = clean_page(HURTFUL[kind], URL)
    if isinstance(result, Clean):
        assert TEXT[:10] in result.text
    else:
        assert result.reason in {
            Reason.TOO_LARGE,
            Reason.UNPARSEABLE,
            Reason.NOT_ARTICLE,
            Reason.EMPTY,
            Reason.TOO_SHORT,
        }
        assert result.detail


def test_fifty_megabytes_of_one_tag() -> None:
    assert reason(clean_page(b"<i>" * (50_000_000 // 3), URL)) in {Reason.TOO_LARGE, Reason.UNPARSEABLE}


@pytest.mark.parametrize(
    "text",
    [
        "?" * 50_000,
        "(" * 50_000,
        "（" * 20_000 + "）" * 20_000,
        '"' * 50_000,
        " \n" * 50_000,
        "a(hào)" * 10_000,
        "号(hào)" * 10_000,
        '<tbody id="abcde">' * 10_000,
        "&amp;" * 20_000,
        "%E4%BD" * 10_000,
        "\\u4f60" * 10_000,
        "æ”¿" * 20_000,
        "国产精品" * 10_000,
        "1," * 30_000,
        "来源：" * 10_000,
        "?！" * 3_000,
        "某 县 " * 10_000,
        "\udcff\ud800" * 1000,
        "縣\ud800政府辦公廳印發通知，" * 1000,
        "2024-" * 10_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_texts_built_to_hurt_regular_expressions(text: str) -> None:
    result = clean_text(text + "\n" + TEXT)
    if isinstance(result, Clean):
        assert TEXT in result.text
    else:
        assert result.reason in {Reason.SPAM_PAGE, Reason.UNRECOVERABLE_ENCODING}


def test_text_over_the_limit() -> None:
    assert reason(clean_text("某" * 10_000_001)) is Reason.TOO_LARGE


def test_nul_bytes_within_text_are_dropped_and_counted() -> None:
    result = clean_text(TEXT[:10] + "\0\0" + TEXT[10:])
    assert isinstance(result, Clean)
    assert result.text == TEXT
    assert [step.cleaner for step in result.steps] == ["character_forms"]
