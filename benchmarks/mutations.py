"""Hostile and mutated pages, the same ones in every run: number n of a list of pages is always the same bytes."""

import random
from collections.abc import Callable

from cleaners.html.decode import Decoded, decode

WOUNDED = "滿足群眾需求?！笔≌k公廳說，項目已經?fàn)I業(yè)，各縣(市、區(qū))要按照管理?xiàng)l例執行。"
"""A sentence in the manner of the mirror sites, damaged in three places."""

MOJIBAKE = "市政府办公室印发工作要点，部署全年工作。".encode().decode("gb18030", "replace")
PIECES = (
    "<div>", "<p>", "<table><tr><td>", "<ul><li>", "<a href='", "</div>", "</body>", "</html>", "<!--", "<![CDATA[", "<script>",
    "<style>.a{display:none}", "<b id=qwert></b><i id=qwert></i>", '<font color="#fff">', "&amp;ldquo;", "&#x56fd;", "\x01",
    "索引号：", "来源：", "2019年", "（记者", "责任编辑：", "上一篇：", "《", "_", "?", "；", "(", "，", "，" * 40, "無碼",
    "a" * 300, "<td>1</td>", "<td rowspan=60 colspan=60>1</td>", "<form><input type=password>", "<frameset>", WOUNDED, MOJIBAKE, "號(hào)", "æ”¿åºœ",
)  # fmt: skip
Mutation = Callable[[random.Random, bytes], bytes]


def _damage_bytes(chance: random.Random, page: bytes) -> bytes:
    body = bytearray(page)
    for _ in range(chance.choice((1, 10, 100, 1000))):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


def _cut(chance: random.Random, page: bytes) -> bytes:
    start = chance.randrange(len(page))
    return page[:start] + page[chance.randrange(start, len(page)) :]


def _swap_slices(chance: random.Random, page: bytes) -> bytes:
    for _ in range(chance.randrange(1, 12)):
        a, b, c = sorted(chance.randrange(len(page)) for _ in range(3))
        page = page[:a] + page[b:c] + page[a:b] + page[c:]
    return page


def _double_slices(chance: random.Random, page: bytes) -> bytes:
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(page))
        page = page[:at] + page[at : at + chance.randrange(1, 3000)] * chance.choice((2, 10, 30)) + page[at:]
    return page


def _insert(chance: random.Random, page: bytes) -> bytes:
    """One hostile piece, once or by the thousand, at one place or strewn over the page."""
    piece = chance.choice(PIECES).encode(chance.choice(("utf-8", "gb18030")), "replace")
    count = chance.choice((1, 5, 50, 500, 5000))
    if chance.random() < 0.5:
        at = chance.randrange(len(page))
        return page[:at] + piece * count + page[at:]
    step = max(1, len(page) // count)
    return piece.join(page[i : i + step] for i in range(0, len(page), step))


def _strew_in_text(chance: random.Random, page: bytes) -> bytes:
    """A hostile piece after every so many full stops: damage inside the text itself."""
    decoded = decode(page)
    if not isinstance(decoded, Decoded):
        return page
    piece, every = chance.choice(PIECES), chance.choice((1, 2, 5, 20))
    parts = decoded.text.split("。")
    return "".join(part + ("。" if i % every else "。" + piece) for i, part in enumerate(parts)).encode(
        "utf-8", "replace"
    )


def _recode(chance: random.Random, page: bytes) -> bytes:
    decoded = decode(page)
    text = decoded.text if isinstance(decoded, Decoded) else ""
    return text.encode(chance.choice(("utf-8", "gb18030", "big5hkscs", "utf-16")), "replace")


def _misread(chance: random.Random, page: bytes) -> bytes:
    """The page read with a wrong code and saved so."""
    decoded = decode(page)
    text = decoded.text if isinstance(decoded, Decoded) else ""
    wrote, read = chance.choice(
        (("utf-8", "gb18030"), ("utf-8", "latin-1"), ("gb18030", "latin-1"), ("gb18030", "big5"))
    )
    return text.encode(wrote, "replace").decode(read, "replace").encode("utf-8", "replace")


def _drop_markup(chance: random.Random, page: bytes) -> bytes:
    sign = chance.choice((b"<", b">", b'"', b"</", b"class=", b"id=", b"\n", b"<p", b"</td>", b"</table>"))
    return page.replace(sign, b"", chance.choice((-1, 3, 30)))


MUTATIONS: tuple[Mutation, ...] = (
    _damage_bytes, _cut, _swap_slices, _double_slices, _insert, _insert, _strew_in_text, _strew_in_text, _recode, _misread, _drop_markup,
)  # fmt: skip


def mutated(pages: list[bytes], number: int) -> bytes:
    """Page `number` of the endless list: one of the pages, changed in one to three ways."""
    chance = random.Random(number)
    page = chance.choice(pages)
    for _ in range(chance.choice((1, 1, 2, 3))):
        page = chance.choice(MUTATIONS)(chance, page or b"<p>")
    return page
