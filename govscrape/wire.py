"""The download handler: what goes over the wire is kept as it is, and a site can be excepted from TLS verification."""

from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.http import Response
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

TAG = "X-Govscrape-Wire"
"""Ties an answer to its bytes on its way through Scrapy; set here after the head is parsed, and taken off again here."""
MOST_CONNECTIONS = 8
"""Connections kept open to a host: the most requests at a time that a site spec allows."""
UNCLAIMED = 32
"""Answers whose bytes are held for Scrapy at a time; older ones belong to downloads that failed after their head."""
SPARE = 1 << 20
"""Bytes that an answer may have beyond the largest body, for its head and the borders of its chunks."""


class Wire:
    """The bytes of one exchange, both ways."""

    __slots__ = ("received", "sent")

    def __init__(self) -> None:
        self.sent = bytearray()
        self.received = bytearray()


class WireHandler(HTTP11DownloadHandler):
    """Scrapy's handler for HTTP/1.1, with the exchange's bytes in `request.meta["wire"]`.

    Hosts in the setting UNVERIFIED_HOSTS may show any certificate; all others are verified.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._wires: dict[str, Wire] = {}
        self._pool.maxPersistentPerHost = MOST_CONNECTIONS
        pool: Any = self._pool
        pool._factory = lambda *args: _Factory(self._wires, self._default_maxsize + SPARE, *args)
        hosts = frozenset(crawler.settings.getlist("UNVERIFIED_HOSTS"))
        self._contextFactory = cast(IPolicyForHTTPS, _TrustByHost(self._contextFactory, hosts))

    async def download_request(self, request: Request) -> Response:
        """Download as before."""
        response = await super().download_request(request)
        tags = response.headers.getlist(TAG)
        del response.headers[TAG]
        if tags:
            request.meta["wire"] = self._wires.pop(tags[-1].decode(), None)
        return response


@implementer(IPolicyForHTTPS)
class _TrustByHost:
    def __init__(self, strict: Any, unverified: frozenset[str]) -> None:
        self._strict, self._hosts = strict, unverified
        self._lax = _ScrapyClientContextFactory(verify_certificates=False)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802
        factory = self._lax if hostname.decode("ascii") in self._hosts else self._strict
        return factory.creatorForNetloc(hostname, port)


class _Factory(_LenientHTTP11ClientFactory):
    def __init__(self, wires: dict[str, Wire], limit: int, *args: Any) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self._wires, self._limit = wires, limit

    def buildProtocol(self, addr: Any) -> "_Protocol":  # noqa: N802, ARG002
        return _Protocol(self._wires, self._limit, self._quiescentCallback)


class _Protocol(_LenientHTTP11ClientProtocol):
    """A connection that notes what it sends and receives; an answer begins with its request, for nothing is pipelined."""

    def __init__(self, wires: dict[str, Wire], limit: int, *args: Any) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self._wires, self._limit = wires, limit
        self._wire = Wire()

    def request(self, request: Any) -> Any:
        wire = self._wire = Wire()
        write = request.writeTo
        request.writeTo = lambda transport: write(_Tap(transport, wire))
        return super().request(request).addCallback(self._tag, wire)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self._wire.received += data
        if len(self._wire.received) > self._limit:
            self._wire = Wire()
            self._abort()
            return
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def _abort(self) -> None:
        transport: Any = self.transport
        transport.abortConnection()

    def _tag(self, response: Any, wire: Wire) -> Any:
        tag = f"{id(wire)}"
        self._wires[tag] = wire
        if len(self._wires) > UNCLAIMED:
            del self._wires[next(iter(self._wires))]
        response.headers.setRawHeaders(TAG, [tag])
        return response


class _Tap:
    """A transport that notes what is written to it."""

    def __init__(self, transport: Any, wire: Wire) -> None:
        self._transport, self._wire = transport, wire

    def write(self, data: bytes) -> None:
        self._wire.sent += data
        self._transport.write(data)

    def writeSequence(self, parts: Any) -> None:  # noqa: N802
        self.write(b"".join(parts))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
