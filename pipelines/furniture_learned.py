"""Site furniture learned from a dump: short lines that stand at the edge of most pages of one host."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from cleaners.core import Clean
from cleaners.edits import Step, apply_edits
from cleaners.lines import Line, lines_of, without_lines

SAMPLE = 2000
"""Inputs that a list is learned from."""
_EDGE = 5
"""Lines from either end of a text that are looked at."""
_MAX = 60
"""Longest line of furniture (characters); a longer one is prose."""
_PAGES, _SHARE = 12, 0.4
"""A line must stand on so many pages of a host, and on this share of the sampled ones."""
_SPARED = re.compile(
    r".*[。；：:，、？！][”’）】]?"  # prose, salutations
    r"|.*(?:政府|委员会|办公[厅室]|[部厅局院署行会处科办])(?:（印章?）)?|（.{0,20}公开.{0,20}）|(?:联系|附件|抄送|主送|特此).*"
    r"|[\s\d年月日时分〇○零一二三四五六七八九十\-/.:（）()第号条章节款]*"
)
"""What repeats because officials write so: signatures, dates, numbers, openings and closings."""
Learned = Mapping[str, frozenset[str]]


def host_of(url: str) -> str:
    """The host of an address, in small letters, or ""."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _edge_lines(text: str) -> list[Line]:
    lines = [line for line in lines_of(text) if line.text]
    return lines if len(lines) <= 2 * _EDGE else lines[:_EDGE] + lines[-_EDGE:]


@dataclass
class FurnitureSample:
    """Counts the edge lines of a sample's texts by host."""

    pages: Counter[str] = field(default_factory=Counter)
    lines: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, url: str, text: str) -> None:
        """Count one cleaned text."""
        host = host_of(url)
        if host:
            self.pages[host] += 1
            self.lines[host].update({line.text for line in _edge_lines(text) if len(line.text) <= _MAX})

    def learned(self) -> dict[str, dict[str, int]]:
        """By host, the lines that are furniture, with the number of pages that have them."""
        found = {host: self._of_host(host) for host in sorted(self.pages)}
        return {host: lines for host, lines in found.items() if lines}

    def _of_host(self, host: str) -> dict[str, int]:
        least = max(_PAGES, self.pages[host] * _SHARE)
        counts = sorted(self.lines[host].items(), key=lambda pair: (-pair[1], pair[0]))
        return {line: count for line, count in counts if count >= least and not _SPARED.fullmatch(line)}


def read_learned(path: Path) -> Learned:
    """Read a list, as it was written or as you have reviewed it: `{"host": {"line": pages}}`, or a list of lines a host.

    Raises ValueError where it is none.
    """
    content = orjson.loads(path.read_bytes())
    if not isinstance(content, dict) or not all(isinstance(lines, Iterable) for lines in content.values()):
        raise ValueError('needs the form {"host": {"line": pages}}')
    return {host: frozenset(lines) for host, lines in content.items()}


def without_learned(cleaned: Clean, url: str, learned: Learned) -> Clean:
    """Take a host's learned furniture from the edges of a text, whole lines only, as one more step of its edits.

    Left alone: the same line in mid-text, and a text that would be empty without it.
    """
    known = learned.get(host_of(url), frozenset())
    found = [line for line in _edge_lines(cleaned.text) if line.text in known]
    edits = without_lines(cleaned.text, found) if found else []
    text = apply_edits(cleaned.text, edits)
    if not edits or not text.strip():
        return cleaned
    return replace(cleaned, text=text, steps=(*cleaned.steps, Step("learned_furniture", tuple(edits))))
