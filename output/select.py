"""Which of the inputs to clean: by pattern, by an even sample, by number."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import islice

from output.raw import Input, RawItem


@dataclass(frozen=True, slots=True)
class Selection:
    """Patterns (`*`, `?`, `[…]`; any slash too) that an input's URL, id or file must match, or must not; the share of
    inputs to take (0 to 1), and the most to take after that.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    sample: float = 1.0
    limit: int | None = None


def select(inputs: Iterator[Input], selection: Selection) -> Iterator[Input]:
    """Pass on what is selected. An input that could not be read always passes, but counts towards the limit.

    A sample is drawn by a hash of the input's name, so that it is the same each time and grows with its share.

    >>> items = (RawItem(url=f"http://{host}/1.html") for host in ("a.gov.cn", "b.com"))
    >>> [item.read().url for item in select(items, Selection(include=("*.gov.cn/*",)))]
    ['http://a.gov.cn/1.html']
    """
    if selection.include or selection.exclude or selection.sample < 1:
        read = (found.read() for found in inputs)
        inputs = (item for item in read if item.problem or _selected(item, selection))
    return islice(inputs, selection.limit)


def _selected(item: RawItem, selection: Selection) -> bool:
    names = [name for name in (item.url, item.id, item.file) if name]
    if selection.include and not _matches(names, selection.include):
        return False
    if selection.exclude and _matches(names, selection.exclude):
        return False
    return selection.sample >= 1 or _share(item) < selection.sample


def _matches(names: list[str], patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _share(item: RawItem) -> float:
    name = item.url or item.id or f"{item.file}\0{item.offset}"
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:8]) / 2**64
