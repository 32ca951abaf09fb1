"""A site of as many articles as are asked for, quick and with validators: for crash, change and speed."""

import asyncio
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from http import HTTPStatus
from typing import NamedTuple, Self

from tests.sim.server import NOT_FOUND, Page
from tests.sim.trs_site import Article, Section, article_page, list_pages

LAST_DAY = date(2024, 3, 19)
TOWNS = ["城关镇", "东平镇", "石桥镇", "南河乡", "柳林镇", "双溪乡", "白沙镇", "龙泉街道", "新丰镇", "大坪乡"]
WORKS = [
    "农村饮水安全",
    "老旧小区改造",
    "秸秆综合利用",
    "森林防火巡查",
    "校园周边整治",
    "高标准农田建设",
    "村级卫生室达标",
    "道路安全隐患排查",
]
TEXT = """
　　{day}，云川市{town}召开第{number}次工作推进会，听取{work}进展情况汇报，研究下一阶段任务。会议由镇长主持，各村主要负责人参加。
　　会议指出，今年以来全镇围绕{work}累计投入资金{money}万元，完成项目{count}个，群众满意度稳步提升，但仍存在进度不平衡、责任落实不到位等问题。
　　会议要求，各村要对照清单逐项销号，于本月底前将整改情况报送镇政府办公室，确保第{number}号台账按期完成。
"""


def article(number: int, *, version: int = 0) -> Article:
    """One of the articles; each has a text of its own. Another `version` is the same page with a changed text."""
    day = LAST_DAY - timedelta(days=number // 8)
    town, work = TOWNS[number % len(TOWNS)], WORKS[number % len(WORKS)]
    text = TEXT.format(
        day=f"{day.month}月{day.day}日", town=town, work=work, number=number + 1, money=120 + number, count=3 + version
    )
    path = f"zwyw/{day:%Y%m}/t{day:%Y%m%d}_{100000 + number}.html"
    return Article(path, f"{town}推进{work}（第{number + 1}期）", text, source="云川日报")


def site_pages(articles: list[Article], a_page: int = 50) -> dict[str, Page]:
    """The pages of a site with these articles, its lists among them."""
    section = Section("zwyw", "政务要闻", articles=articles)
    return dict(list_pages(section, a_page)) | {each.path: article_page(section, each) for each in articles}


class Hit(NamedTuple):
    """One request, and when its answer began and ended."""

    path: str
    status: int
    began: float
    ended: float


class QuickSite(AbstractContextManager["QuickSite"]):
    """Serves pages on loopback from one thread, with ETag and 304; `pages` may be changed while it serves."""

    def __init__(self, pages: dict[str, Page], *, wait: float = 0.0) -> None:
        self.pages, self.wait = pages, wait
        self.hits: list[Hit] = []
        self.most_connections = 0
        self.root = ""
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)

    def articles(self, status: int | None = None) -> Iterator[Hit]:
        """The requests for articles, of one status or of all."""
        return (hit for hit in self.hits if "/t20" in hit.path and status in (None, hit.status))

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._until_end())
        self._loop.close()

    async def _until_end(self) -> None:
        self._end = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        self._ready.set()
        await self._end.wait()
        server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        self.most_connections = max(self.most_connections, len(self._open))
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(await self._answer(head))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(self, head: bytes) -> bytes:
        began = time.monotonic()
        path = head.split(b" ", 2)[1].decode().lstrip("/")
        page = self.pages.get(path, NOT_FOUND)
        etag = f'"{hashlib.md5(page.body).hexdigest()}"'
        same = page.status == 200 and f"if-none-match: {etag}".encode() in head.lower()
        if wait := page.wait or self.wait:
            await asyncio.sleep(wait)
        status = 304 if same else page.status
        body = b"" if same else page.body
        fields = {"content-type": page.type, "ETag": etag, "Content-Length": str(len(body)), **page.headers}
        if same:
            del fields["Content-Length"]
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{k}: {v}" for k, v in fields.items())]
        self.hits.append(Hit("/" + path, status, began, time.monotonic()))
        return "\r\n".join([*lines, "", ""]).encode() + body
