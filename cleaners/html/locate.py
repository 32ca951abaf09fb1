"""Where in a page the main text stands: every node is weighed by its lines, known containers first."""

import re
from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf
from operator import sub
from typing import NamedTuple

from cleaners.html.blocks import Line, Lines
from cleaners.html.containers import BY_TAG, MARKERS, container_name
from cleaners.html.table_fields import Fields
from cleaners.html.tree import Sight, Tree
from cleaners.html.trim import Span, is_furniture, trim
from cleaners.html.weigh import Weights, weigh

_SUMMARY = re.compile(
    r"(?:^|[\s_-])(?:summary|abstract|digest|daodu|zhaiyao|tiyao|lead|intro|brief)(?:$|[\s_\d-])", re.IGNORECASE
)
_MOST = 0.5
"""A container that holds under half of what the best node holds is another block of the same name; a node that holds under half
of the page's sentences is no body: its paragraphs lie side by side with the page's link lists, without a box of their own."""

_NEARLY = 0.75
"""A node with less of the text than that of what lines in a row hold is one of the text's paragraphs or sections."""

_SENTENCE = 16
"""Characters of a sentence at least."""

_COLLECTION = 0.4
"""A text of which so much is links is a collection of documents; lists of other articles in a text hold less."""

_ANNOUNCED = re.compile(r"如下[^。；]{0,12}[。：:]?$")
LITTLE = 60
"""Characters: where no node holds more than a sentence or two, a container's picture or file is the page's matter."""


@dataclass(frozen=True, slots=True)
class Region:
    """The main text: the lines from `first` up to `last`, and which way found it.

    `inserts` are lines of link lists and tools among it. `score` is the weight of its sentences in characters;
    `share` is its part of all sentences of the page.
    """

    first: int
    last: int
    inserts: frozenset[int]
    extractor: str
    score: float
    share: float


class _Place(NamedTuple):
    span: Span
    extractor: str


def locate(tree: Tree, lines: Lines, title: str | None, fields: Fields | None) -> Region:
    """Find the node whose lines weigh most and cut header and trailer off it.

    A known container of a content system wins where it holds most of what the best node holds. The information block
    is no part of the text.

    >>> from cleaners.html.blocks import read_lines
    >>> from cleaners.html.tree import parse
    >>> tree = parse("<a href=/>首页</a><div id=zoom><p>会议要求，各单位要抓好落实。</div><p>版权所有 某县")
    >>> region = locate(tree, read_lines(tree), None, None)
    >>> region.first, region.last, region.extractor
    (1, 2, 'container:#zoom')
    """
    weights = weigh(tree, lines)
    total = weights.texts[-1]
    best, best_score = _heaviest_node(tree, lines, weights.sums)
    known = _between_markers(tree, lines) or _container(tree, lines, weights)
    if known and best_score > LITTLE and weights.of(*known.span) < _MOST * best_score:
        known = None
    if known:
        span = _gone_on(weights, known.span)
    elif weights.positive(*best) >= _NEARLY * total:
        span = best
    else:
        run = _heaviest_run(weights.sums)
        here = weights.positive(*best)
        span = run if here < _MOST * total or here < _NEARLY * weights.positive(*run) else best
    span = _without_fields(weights, span, fields)
    weights = _with_listed(tree, lines, weights, span, in_container=known is not None)
    span = trim(tree, lines, weights.each, span, None if known else title)
    first = _with_summary(tree, lines, weights, span.first)
    score = weights.positive(first, span.last)
    share = score / (total or 1.0)
    inserts = _inserts(lines, weights, Span(first, span.last))
    return Region(first, span.last, inserts, known.extractor if known else "scored", score, share)


def _heaviest_node(tree: Tree, lines: Lines, sums: list[float]) -> tuple[Span, float]:
    """The lines of the node that weighs most, of nodes with the same lines the innermost, and their weight."""
    scores = [*map(sub, map(sums.__getitem__, lines.ends), map(sums.__getitem__, lines.starts))]
    best = max(scores)
    if best <= 0:
        # what is dropped has no lines and weighs nothing, which is more than links
        scores = [-inf if sight == Sight.DROPPED else score for score, sight in zip(scores, tree.sight, strict=True)]
        best = max(scores)
    i = len(scores) - 1 - scores[::-1].index(best)
    return Span(lines.starts[i], lines.ends[i]), best


def _heaviest_run(sums: list[float]) -> Span:
    """The lines in a row that weigh most together, whatever nodes they stand in."""
    lows = [*accumulate(sums, min)]
    gains = [*map(sub, sums, lows)]
    last = gains.index(max(gains))
    return Span(sums.index(lows[last]), last)


def _gone_on(weights: Weights, span: Span) -> Span:
    """A container's lines with those right behind it, where the page's sentences go on there at length: a stray `</div>` in
    the text ends its container early."""
    least = max(_MOST * weights.positive(*span), 2 * LITTLE)
    if weights.texts[-1] - weights.texts[span.last] > least:
        run = _heaviest_run(weights.sums)
        if run.first <= span.first and weights.positive(span.last, run.last) > least:
            return Span(span.first, run.last)
    return span


def _between_markers(tree: Tree, lines: Lines) -> _Place | None:
    """The body between the comments that a content system puts around it."""
    opened: dict[str, int] = {}
    for i in tree.places.get("!", ()):
        text = tree.nodes[i].text or ""
        for begin, end, origin in MARKERS:
            if begin in text:
                opened.setdefault(end, lines.starts[i])
            elif end in text and end in opened:
                span = Span(opened[end], lines.starts[i])
                if span.first < span.last:
                    return _Place(span, f"container:{origin} markers")
    return None


def _container(tree: Tree, lines: Lines, weights: Weights) -> _Place | None:
    """The known container of the greatest weight, of nested ones of the same weight the innermost; where links outweigh
    the text of each, the one with the most text."""
    found, found_score = None, 0.0
    other, other_score = None, float(_SENTENCE)
    for i in sorted({*tree.named, *(place for tag in BY_TAG for place in tree.places.get(tag, ()))}):
        name = container_name(tree.tags[i], tree.idents[i])
        if name is not None and lines.starts[i] < lines.ends[i] and tree.sight[i] != Sight.DROPPED:
            place = _Place(Span(lines.starts[i], lines.ends[i]), f"container:{name}")
            score = weights.of(*place.span)
            if score >= found_score:
                found, found_score = place, score
            elif found is None and (text := weights.positive(*place.span)) >= other_score:
                other, other_score = place, text
    return found or other


def _without_fields(weights: Weights, span: Span, fields: Fields | None) -> Span:
    """Cut the information block off, with what stands on its lighter side."""
    if not fields or fields.first < span.first or fields.last > span.last:
        return span
    if weights.of(fields.last, span.last) >= weights.of(span.first, fields.first):
        return Span(fields.last, span.last)
    return Span(span.first, fields.first)


def _with_listed(tree: Tree, lines: Lines, weights: Weights, span: Span, *, in_container: bool) -> Weights:
    """The weights with nothing against links that are the text's own matter: announced by the line above, or paragraphs
    that make up a good part of a known container (a collection of documents)."""
    against = [n for n, weight in enumerate(weights.each[span.first : span.last], span.first) if weight < 0]
    linked = [n for n in against if n not in weights.asides and _is_listed(lines.lines[n])]
    if not linked:
        return weights
    paragraphs = {n for n in linked if in_container and tree.tags[lines.lines[n].node] == "p"}
    size = sum(len(line.text) for line in lines.lines[span.first : span.last])
    own = paragraphs if sum(len(lines.lines[n].text) for n in paragraphs) >= _COLLECTION * size else set()
    for n in linked:
        if n - 1 in own or (n > span.first and weights.each[n - 1] > 0 and _announces(lines.lines[n - 1].text)):
            own.add(n)
    if not own:
        return weights
    each = [0.0 if n in own else weight for n, weight in enumerate(weights.each)]
    return replace(weights, each=each)


def _announces(text: str) -> bool:
    return (len(text) > 8 and text.endswith((":", "："))) or _ANNOUNCED.search(text[-20:]) is not None


def _is_listed(line: Line) -> bool:
    return line.linked >= 6 and not is_furniture(line.text)


def _with_summary(tree: Tree, lines: Lines, weights: Weights, first: int) -> int:
    """Take in the abstract that some templates put into a box of its own just above the body."""
    for n in range(first - 1, max(first - 4, -1), -1):
        node = lines.lines[n].node
        named = _SUMMARY.search(tree.idents[node]) or _SUMMARY.search(tree.idents[max(tree.parents[node], 0)])
        if named and weights.each[n] >= 16:
            return n
    return first


def _inserts(lines: Lines, weights: Weights, span: Span) -> frozenset[int]:
    """Three and more lines in a row that speak against the text: a box of links or tools in its middle."""
    found: set[int] = set()
    run: list[int] = []
    for n in range(span.first, span.last + 1):
        if n < span.last and weights.each[n] < 0 and not lines.lines[n].files:
            run.append(n)
            continue
        # one in a box named so is enough
        if len(run) >= 3 or (run and all(n in weights.asides for n in run)):
            found.update(run)
        run = []
    size = sum(len(line.text) for line in lines.lines[span.first : span.last])
    # a text of links (a collection of documents) is no insert
    return frozenset(found) if sum(len(lines.lines[n].text) for n in found) < _COLLECTION * size else frozenset()
