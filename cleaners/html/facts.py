"""What has been found out about a page once its text is located: what metadata and verdict are made from."""

from typing import NamedTuple

from cleaners.html.blocks import Lines
from cleaners.html.head import Head
from cleaners.html.locate import Region
from cleaners.html.table_fields import Fields
from cleaners.html.titles import Title
from cleaners.html.tree import Tree


class Facts(NamedTuple):
    """The parsed page, its lines, head, information block and title, where its text stands, and its address."""

    tree: Tree
    lines: Lines
    head: Head
    fields: Fields | None
    title: Title | None
    region: Region
    url: str | None
