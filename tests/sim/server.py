"""A site on loopback: pages by path, a log of what was asked, an ephemeral port."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Page:
    """What a path answers."""

    body: bytes
    type: str = "text/html"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0


class Asked(NamedTuple):
    """One request, as the server saw it."""

    path: str
    at: float
    agent: str


class Sent(NamedTuple):
    """A request as a program on the server gets it; `query` are the parameters of the address."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: str


Program = Callable[[Sent], Page | None]


class SimSite(AbstractContextManager["SimSite"]):
    """Serves pages while the context is open; a path ending in / is its index.html, an unknown one is a 404.

    A `program` is asked before the pages.
    """

    def __init__(self, pages: Mapping[str, Page], program: Program = lambda _: None) -> None:
        self.pages = dict(pages)
        self.program = program
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.root = f"http://127.0.0.1:{self.port}/"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> Page:
        """Find the page of a path."""
        name = path.lstrip("/").partition("?")[0]
        return self.pages.get(name + "index.html" if name.endswith("/") or not name else name, NOT_FOUND)


NOT_FOUND = Page(
    "<html><head><title>404</title></head><body><h1>您访问的页面不存在</h1></body></html>".encode(), status=404
)


def _handler_for(site: SimSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: two would wait for the acknowledgement between them

        def do_GET(self) -> None:
            site.asked.append(Asked(self.path, time.monotonic(), self.headers.get("User-Agent", "")))
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            sent = Sent(self.command, unquote(parts.path).lstrip("/"), query, self.headers, body)
            page = site.program(sent) or site.answer(self.path)
            time.sleep(page.wait)
            self.send_response(page.status)
            for name, value in {
                "Content-Type": page.type,
                "Content-Length": str(len(page.body)),
                **page.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page.body)

        do_POST = do_GET  # noqa: N815 — the name that http.server asks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
