"""Pages in the manner of each content system, in their original bytes, against the record expected of each."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from cleaners.html import PageText, read_page
from cleaners.reason import Rejection

PAGES = sorted(Path(__file__).with_name("pages").glob("*.json"))


def _read(case: Path) -> tuple[dict, PageText | Rejection]:
    spec = json.loads(case.read_text(encoding="utf-8"))
    body = case.with_suffix(".html").read_bytes()
    return spec["expect"], read_page(body, spec["url"], spec["content_type"])


def _meta(page: PageText) -> dict:
    meta = asdict(page.meta)
    meta["keywords"] = list(meta["keywords"])
    meta["attachments"] = [[a["url"], a["name"], a["type"]] for a in meta["attachments"]]
    return meta


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.stem)
def test_page(case: Path) -> None:
    expect, page = _read(case)
    if "reason" in expect:
        assert isinstance(page, Rejection), page.text[:200]
        assert (page.reason, page.detail) == (expect["reason"], expect["detail"])
        return
    assert isinstance(page, PageText), page
    if "text" in expect:
        assert page.text.split("\n") == expect["text"]
    for part in expect.get("text_contains", ()):
        assert part in page.text
    meta = _meta(page)
    assert {field: meta[field] for field in expect.get("meta", {})} == expect.get("meta", {})
    assert [field for field in expect.get("absent_meta", ()) if meta[field]] == []
    for field in expect.get("meta", {}):
        assert page.provenance[field]
    assert expect.get("provenance", {}).items() <= page.provenance.items()
    assert page.extractor == expect.get("extractor", page.extractor)
    assert page.encoding.name == expect.get("encoding", page.encoding.name)
    assert expect.get("evidence", "") in page.encoding.evidence
    assert page.pruned >= expect.get("min_pruned", 0)


def test_powers_and_indices_keep_their_height() -> None:
    body = "<h1>某县公告</h1><div id='zoom'><p>面积为10<sup>4</sup>平方米，减排CO<sub>2</sub>，见注<sup>[1]</sup>，由某县人民政府公布。</p></div>"
    page = read_page(f"<html><body>{body}</body></html>".encode())
    assert isinstance(page, PageText)
    assert "10⁴平方米，减排CO₂，见注[1]" in page.text
