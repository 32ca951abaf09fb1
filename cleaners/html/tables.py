"""Tables of data as a row a line; tables that only lay the page out are dissolved into their cells' lines."""

from collections.abc import Iterator

from cleaners.html.blocks import Line, Lines
from cleaners.html.tree import Sight, Tree

_CELL = " | "
_MOST_SPANNED = 60
"""Rows or columns that one cell is believed to span, and beyond twice as many columns no cell is: a bound on work."""

_LONG_CELL = 150
"""Characters: a cell longer than this is a column of a layout or holds paragraphs of its own."""


def read_rows(tree: Tree, lines: Lines, first: int, last: int) -> list[Line]:
    """The lines of a stretch of the page, with each row of a data table as one line, its cells joined by ` | `.

    A table holds data where it has two rows and two columns and no cell with a nested table or long text. The others
    stay as they are. A cell that spans rows or columns leaves its place in the others empty, so that columns keep
    their order; its text is not repeated. Hidden lines are left out.

    >>> from cleaners.html.blocks import read_lines
    >>> from cleaners.html.tree import parse
    >>> tree = parse("<table><tr><td>省<td>数<tr><td>湖北<td>80</table>")
    >>> [line.text for line in read_rows(tree, read_lines(tree), 0, 4)]
    ['省 | 数', '湖北 | 80']
    """
    out: list[Line] = []
    done = first
    for table in _data_tables(tree, lines, first, last):
        out += lines.lines[done : lines.starts[table]]
        out += _rows(tree, lines, table)
        done = lines.ends[table]
    out += lines.lines[done:last]
    return [line for line in out if not line.hidden]


def _data_tables(tree: Tree, lines: Lines, first: int, last: int) -> Iterator[int]:
    for i in tree.places.get("table", ()):
        inside = first <= lines.starts[i] < lines.ends[i] <= last
        if inside and tree.sight[i] == Sight.SEEN and _holds_data(tree, lines, i):
            yield i


def _holds_data(tree: Tree, lines: Lines, table: int) -> bool:
    stop = tree.stops[table]
    if any(tree.tags[i] == "table" for i in range(table + 1, stop)):
        return False
    cells = [_cells(tree, row) for row in range(table + 1, stop) if tree.tags[row] == "tr"]
    if sum(len(row) >= 2 for row in cells) < 2:
        return False
    filled = [i for row in cells for i in row if lines.ends[i] > lines.starts[i]]
    linked = sum(line.linked for line in lines.lines[lines.starts[table] : lines.ends[table]])
    size = sum(len(line.text) for line in lines.lines[lines.starts[table] : lines.ends[table]])
    longest = max(
        (sum(len(line.text) for line in lines.lines[lines.starts[i] : lines.ends[i]]) for i in filled), default=0
    )
    # few long cells in a big table are remarks; in a small one they are columns of a layout
    return linked * 2 <= size and (longest <= _LONG_CELL or longest * 4 <= size)


def _cells(tree: Tree, row: int) -> list[int]:
    cells, i, stop = [], row + 1, tree.stops[row]
    while i < stop:
        if tree.tags[i] in {"td", "th"}:
            cells.append(i)
            i = tree.stops[i]
        else:
            i += 1
    return cells


def _rows(tree: Tree, lines: Lines, table: int) -> Iterator[Line]:
    n, end = lines.starts[table], lines.ends[table]
    row = table + 1
    open_spans: dict[int, int] = {}
    while row < tree.stops[table]:
        if tree.tags[row] != "tr":
            row += 1
            continue
        yield from lines.lines[n : lines.starts[row]]
        n = lines.ends[row]
        texts = _texts(tree, lines, _cells(tree, row), open_spans)
        here = lines.lines[lines.starts[row] : n]
        if here and any(texts):
            yield here[0]._replace(
                text=_CELL.join(texts),
                node=row,
                linked=sum(line.linked for line in here),
                files=sum(line.files for line in here),
                hidden=all(line.hidden for line in here),
            )
        row = tree.stops[row]
    yield from lines.lines[n:end]


def _texts(tree: Tree, lines: Lines, cells: list[int], open_spans: dict[int, int]) -> list[str]:
    """The texts of a row by column: a text that spans columns or rows stands in the first, the others are empty. Empty
    ones at the end are left off. `open_spans` holds, by column, how many more rows a cell from above reaches into."""
    texts: list[str] = []
    for cell in cells:
        while open_spans.get(len(texts), 0) > 0:
            open_spans[len(texts)] -= 1
            texts.append("")
        text = " ".join(line.text for line in lines.lines[lines.starts[cell] : lines.ends[cell]])
        narrow = len(texts) < 2 * _MOST_SPANNED
        rows, columns = (_span(tree, cell, name) if narrow else 1 for name in ("rowspan", "colspan"))
        if rows > 1:
            open_spans |= dict.fromkeys(range(len(texts), len(texts) + columns), rows - 1)
        texts += [text, *[""] * (columns - 1)]
    for column in [column for column in open_spans if column >= len(texts)]:
        open_spans[column] -= 1
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _span(tree: Tree, cell: int, name: str) -> int:
    value = tree.nodes[cell].get(name) or "1"
    return min(int(value), _MOST_SPANNED) if value.isdecimal() and len(value) < 5 else 1
