"""Where in a page the main text stands: every node is weighed by its lines, known containers first."""

import re
from dataclasses import dataclass
from itertools import accumulate

from cleaners.html.blocks import Line, Lines
from cleaners.html.containers import container_name
from cleaners.html.table_fields import Fields
from cleaners.html.tree import Tree
from cleaners.html.trim import Span, is_furniture, trim

_SENTENCE = re.compile(r"[，。；！？、：]|[,;!?.](?=[\u3400-\u9fff\s]|$)")
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|relate|recommend|hot|rank\w*|foot(?:er)?|copyright|shares?|bdshare\w*|side(?:bar)?|"
    r"breadcrumb|crumbs?|location|pagin\w+|\w*pager|page_?nav|navbar|nav|menu|top_?bar|search|login|toolbar|qrcode|ewm|"
    r"banner|advert\w*|ads?|disclaimer|prev|next|tags?|xgyd|xgwz|xgxw|friendlink|links)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_ASIDE_TAGS = frozenset({"nav", "footer", "aside"})


@dataclass(frozen=True, slots=True)
class Region:
    """The main text: the lines from `first` up to `last`, the node that holds them, and which way found it.

    `score` is the weight of its sentences in characters; `share` is its part of all sentences of the page.
    """

    node: int
    first: int
    last: int
    extractor: str
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each line, and of all lines before it."""

    each: list[float]
    sums: list[float]

    def of(self, first: int, last: int) -> float:
        """The weight of the lines from `first` up to `last`."""
        return self.sums[last] - self.sums[first]


def locate(tree: Tree, lines: Lines, title: str | None, fields: Fields | None) -> Region:
    """Find the node whose lines weigh most: sentences count for, links and furniture against, short lines hardly.

    A known container of a content system wins where it holds most of what the best node holds.
    """
    weights = weigh(tree, lines)
    best, best_score = 0, float("-inf")
    for i, tag in enumerate(tree.tags):
        if tree.sight[i] < 2 and tag != "!":
            score = weights.of(lines.starts[i], lines.ends[i])
            if score >= best_score:
                best, best_score = i, score
    known = _known(tree, lines, weights, best_score)
    total = sum(w for w in weights.each if w > 0) or 1.0
    if known:
        node, name = known
        extractor = f"container:{name}"
    else:
        node, extractor = best, "scored"
    first, last = lines.starts[node], lines.ends[node]
    if fields and first <= fields.first and fields.last <= last:
        if weights.of(fields.last, last) >= weights.of(first, fields.first):
            first = fields.last
        else:
            last = fields.first
    first, last = trim(tree, lines, weights.each, Span(first, last), title)
    score = sum(w for w in weights.each[first:last] if w > 0)
    return Region(node, first, last, extractor, score, score / total)


def _known(tree: Tree, lines: Lines, weights: Weights, best: float) -> tuple[int, str] | None:
    found = None
    found_score = 0.0
    for i, tag in enumerate(tree.tags):
        if tree.sight[i] == 2 and tag != "!":
            continue
        name = container_name(tag, tree.idents[i])
        if name is None:
            continue
        first, last = lines.starts[i], lines.ends[i]
        if first == last:
            continue
        score = weights.of(first, last)
        if score >= found_score:
            found, found_score = (i, name), score
    # a container that holds under half of the page's text is another block of the same name
    if found and found_score >= 0.5 * best:
        return found
    return None


def unhide(lines: Lines) -> Lines:
    """Take hidden lines for shown where the page hides most of its sentences, as some do until a script has run."""
    shown = hidden = 0
    for line in lines.lines:
        if not line.linked and len(line.text) >= 16 and _SENTENCE.search(line.text):
            hidden += len(line.text) if line.hidden else 0
            shown += 0 if line.hidden else len(line.text)
    if hidden <= shown:
        return lines
    return Lines([line._replace(hidden=False) for line in lines.lines], lines.starts, lines.ends)


def weigh(tree: Tree, lines: Lines) -> Weights:
    """Weigh each line in characters: sentences by their length, links and furniture against, short lines a tenth."""
    each = [_weight(line) for line in lines.lines]
    _discount_asides(tree, lines, each)
    return Weights(each, [0.0, *accumulate(each)])


def _weight(line: Line) -> float:
    text, size = line.text, len(line.text)
    if line.hidden or line.files:
        return 0.0
    if line.linked and line.linked * 2 > sum(map(str.isalnum, text)):
        return -float(line.linked)
    if is_furniture(text):
        return -float(size)
    marks = len(_SENTENCE.findall(text))
    if (size >= 16 and marks) or size >= 40:
        return float(size - line.linked)
    return size * 0.1


def _discount_asides(tree: Tree, lines: Lines, each: list[float]) -> None:
    """Lines in blocks named comment, related, footer and so on weigh against, unless the page's text stands there."""
    sums = [0.0, *accumulate(max(w, 0.0) for w in each)]
    total = sums[-1]
    for i, ident in enumerate(tree.idents):
        if (ident and _ASIDE.search(ident)) or tree.tags[i] in _ASIDE_TAGS:
            first, last = lines.starts[i], lines.ends[i]
            # four tenths: the outer div#nav around the whole page, and the article in a block named side
            if last > first and sums[last] - sums[first] < 0.4 * total:
                for n in range(first, last):
                    each[n] = min(each[n], -0.5 * len(lines.lines[n].text))
