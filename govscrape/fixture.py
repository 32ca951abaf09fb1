"""Test pages: a page's bytes as they are, and beside them what is read from it now, for a human to review."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cleaners.html import PageText, read_page
from cleaners.reason import Rejection
from govscrape.errors import UsageError


def write_fixture(page: Path, folder: Path, url: str | None) -> Path:
    """Copy a page into a folder of test pages and write what is read from it beside it; returns the file to review.

    An expectation that is there already is left alone: what a page should give is not changed by what is read now.
    """
    expected = folder / f"{page.stem}.json"
    if expected.exists():
        raise UsageError(f"{expected} is there already; remove it to have it written anew")
    try:
        body = page.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        expected.with_suffix(".html").write_bytes(body)
        spec = {"url": url, "content_type": None, "expect": _expectation(read_page(body, url))}
        expected.write_text(json.dumps(spec, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{error.filename}: {(error.strerror or str(error)).lower()}") from None
    return expected


def _expectation(result: PageText | Rejection) -> dict[str, Any]:
    if isinstance(result, Rejection):
        return {"reason": result.reason.value, "detail": result.detail}
    meta = {name: value for name, value in asdict(result.meta).items() if value}
    if result.meta.attachments:
        meta["attachments"] = [[file.url, file.name, file.type] for file in result.meta.attachments]
    return {
        "text": result.text.split("\n"),
        "meta": meta,
        "extractor": result.extractor,
        "encoding": result.encoding.name,
    }
