"""The whole of cleaning, pure: a text or a page's bytes in; a clean text and all that is known of it, or a rejection."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from cleaners import CHAIN, CHARACTERS
from cleaners.bylines import read_byline
from cleaners.chain import run_to_rest
from cleaners.edits import Step, apply_edits, replay
from cleaners.evidence import Evidence
from cleaners.html import PageText, read_page
from cleaners.html.decode import Encoding, decode
from cleaners.html.pager import Part
from cleaners.judge import MAX_CHARS, judge
from cleaners.meta import Meta
from cleaners.reason import Reason, Rejection
from cleaners.repair import (
    Repair,
    byte_damage,
    left_runs,
    lost_places,
    misread_places,
    mojibake,
    repairs,
    unresolved,
)
from cleaners.repair.symbols import MARK
from cleaners.script import Script, script_of

_LEAD_AUTHOR = re.compile(
    r"[（(](?:本[报网台刊]|全媒体|融媒体|见习|实习|特约)*(?:记者|通讯员)\s+(?P<names>[\u3400-\u9fff·]{2,5}(?:[\s、][\u3400-\u9fff·]{2,5}){0,4})[）)]"
)
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_AFTER_REPAIR = frozenset(cleaner.__name__ for cleaner in CHAIN[CHAIN.index(byte_damage) + 1 :])
_LEAD = 200
"""How far into the text (characters) a reporter's name in brackets is the author's."""
_TEXT_FIELDS = ("title", "source", "author", "editor", "issuer", "doc_no", "index_no", "topic", "column", "site_name")


@dataclass(frozen=True, slots=True)
class Clean:
    """A cleaned text. `steps` replay the cleaning of `raw_text` to `text`; `pruned` counts nodes cut from the tree;
    `provenance` names the rule that found each metadata field; `unresolved` counts damaged places, of the text and of the metadata,
    that are left as found, marked, or written as the likeliest of several texts; `part` says which part of an article a page
    is where the site splits it.
    """

    text: str
    raw_text: str
    meta: Meta
    script: Script
    steps: tuple[Step, ...]
    encoding: Encoding | None = None
    pruned: int = 0
    extractor: str = "text"
    provenance: Mapping[str, str] = field(default_factory=dict)
    unresolved: int = 0
    part: Part | None = None


def clean_text(
    text: str, url: str | None = None, meta: Meta | None = None, *, site_text: str = ""
) -> Clean | Rejection:
    """Clean a text: run the chain, read by-lines and title from what it took out, judge what is left.

    `meta` is what is known already; it wins over what the text says. `site_text` is intact text of the same site, where there
    is some: its words help to choose among the repairs of a damaged run.

    >>> done = clean_text("某市出台要點\\n來源:某某網\\n某市政府辦公室印發了《工作要點》。")
    >>> done.text, done.meta.title, done.meta.source
    ('某市政府办公室印发了《工作要点》。', '某市出台要点', '某某网')
    """
    if len(text) > MAX_CHARS:
        return Rejection(Reason.TOO_LARGE, f"{len(text)} characters, the limit is {MAX_CHARS}")
    known, uncertain = _clean_meta(meta or Meta(), url)
    evidence = Evidence(url, known.title, site_text)
    cleaned, steps = run_to_rest(text, evidence, CHAIN)
    taken = _taken_out(text, steps)
    verdict = judge(cleaned, known.title, spam_removed="\n".join(taken.get("spam_lines", ())))
    if verdict:
        return verdict
    found = _read_taken(taken, cleaned)
    return Clean(
        text=cleaned,
        raw_text=text,
        meta=known.or_else(found),
        script=script_of(text),
        steps=tuple(steps),
        unresolved=uncertain + _uncertain(text, cleaned, steps, evidence),
    )


def clean_page(body: bytes, url: str | None = None, content_type: str | None = None) -> Clean | Rejection:
    """Clean a page: decode, cut what is injected, find the text and the metadata, then clean them as `clean_text` does.

    A body of type `text/plain` is decoded and cleaned as a text.
    """
    if (content_type or "").startswith("text/plain"):
        return _clean_plain(body, url, content_type)
    page = read_page(body, url, content_type)
    if isinstance(page, Rejection):
        return page
    cleaned = clean_text(page.text, url, page.meta)
    return cleaned if isinstance(cleaned, Rejection) else _with_page(cleaned, page)


def _clean_plain(body: bytes, url: str | None, content_type: str | None) -> Clean | Rejection:
    decoded = decode(body, content_type)
    if isinstance(decoded, Rejection):
        return decoded
    cleaned = clean_text(decoded.text, url)
    return cleaned if isinstance(cleaned, Rejection) else replace(cleaned, encoding=decoded.encoding)


def _with_page(cleaned: Clean, page: PageText) -> Clean:
    return replace(
        cleaned,
        encoding=page.encoding,
        pruned=page.pruned,
        extractor=page.extractor,
        provenance=page.provenance,
        part=page.part,
    )


def _clean_meta(meta: Meta, url: str | None) -> tuple[Meta, int]:
    """The same repairs for the metadata's own strings, without the cleaners that take lines out; and how much of them is not certain."""
    evidence, uncertain = Evidence(url=url), 0
    cleaned: dict[str, str | None] = {}
    for name in _TEXT_FIELDS:
        value = getattr(meta, name)
        if value:
            rested, steps = run_to_rest(value, evidence, CHARACTERS)
            uncertain += _uncertain(value, rested, steps, evidence)
            if (rested.strip() or None) != value:
                cleaned[name] = rested.strip() or None
    return replace(meta, **cleaned) if cleaned else meta, uncertain  # type: ignore[arg-type]


def _taken_out(text: str, steps: list[Step]) -> dict[str, list[str]]:
    """What each cleaner removed, as it stood when it was removed."""
    taken: dict[str, list[str]] = {}
    for step in steps:
        removed = [text[e.start : e.end].strip() for e in step.edits if not e.new]
        taken.setdefault(step.cleaner, []).extend(removed)
        text = apply_edits(text, step.edits)
    return taken


def undecided_runs(cleaned: Clean, *, site_text: str = "") -> list[tuple[str, Repair]]:
    """The damaged runs that evidence does not decide beyond doubt, with the likeliest texts that may have stood there, each after the text it stands in:
    byte damage as it was found, misread text as it was read.

    `site_text` is what the text was cleaned with.

    >>> ((text, run),) = undecided_runs(clean_text("有关部门应当及时告知申请人，并说明理由，上?：?。"))
    >>> text[run.start : run.end], run.candidates[0][0], run.candidates[1][0]
    ('上?：?', '上海和', '上海含量')
    """
    text, found = cleaned.raw_text, list[tuple[str, Repair]]()
    for step in cleaned.steps:
        if step.cleaner == byte_damage.__name__:
            runs = {run.start: run for run in repairs(text, site_text)}
            found += [(text, runs[edit.start]) for edit in step.edits if edit.likely or MARK in edit.new]
        read = apply_edits(text, step.edits)
        if step.cleaner == mojibake.__name__:
            found += [(read, place) for place in misread_places(text, step.edits)]
        text = read
    text, _ = _once_repaired(cleaned.raw_text, cleaned.steps)
    left = left_runs(text, Evidence(site_text=site_text), damaged=_repairs_among(cleaned.steps) > 0)
    return found + [(text, run) for run in left]


def _once_repaired(text: str, steps: Sequence[Step]) -> tuple[str, Sequence[Step]]:
    """The text as the first round's repair of byte damage left it, and the steps after that.

    What is left is looked for there, as later cleaners change the widths it is told by.
    """
    first = [*takewhile(lambda step: step.cleaner not in _AFTER_REPAIR, steps)]
    return replay(text, first), steps[len(first) :]


def _repairs_among(steps: Sequence[Step]) -> int:
    return sum(len(step.edits) for step in steps if step.cleaner == byte_damage.__name__)


def _uncertain(text: str, cleaned: str, steps: Sequence[Step], evidence: Evidence) -> int:
    """Places of a cleaned text that are not certain: damaged runs that were left, edits that are only likely, lost characters and
    private-use ones (a rare name, or a lost one). What later rounds repaired was left by the first."""
    once_repaired, later = _once_repaired(text, steps)
    left = unresolved(once_repaired, evidence, damaged=_repairs_among(steps) > 0) - _repairs_among(later)
    likely = sum(edit.likely for step in steps for edit in step.edits)
    return max(0, left) + likely + lost_places(cleaned) + len(_PRIVATE.findall(cleaned))


def _read_taken(taken: dict[str, list[str]], cleaned: str) -> Meta:
    meta = Meta(title="".join(taken.get("headline", [])) or None)
    for line in taken.get("bylines", []):
        meta = meta.or_else(read_byline(line) or Meta())
    lead = _LEAD_AUTHOR.search(cleaned, 0, _LEAD)
    return meta.or_else(Meta(author=re.sub(r"[\s、]+", " ", lead["names"]))) if lead else meta
