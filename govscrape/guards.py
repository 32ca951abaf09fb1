"""Guards around every request: the sites' own hosts and public addresses only, no browser checks; and the archive."""

import re
from datetime import UTC, datetime
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver

from output.archive import Exchange, Known

REFUSALS = frozenset({401, 403, 412, 429, 521})
LONGEST_CHALLENGE = 64 * 1024  # bytes; the checks seen have 1 to 30 kB
CHALLENGES = (  # what the scripts of the firewalls before government sites are known by
    ("Aliyun", (b"acw_sc__v2", b"arg1")),
    ("Jiasule", (b"__jsl_clearance",)),
    ("Ruishu", (b"$_ts", b"<meta", b"<body></body>")),
    ("Ruishu", (b"$_ts=window['$_ts']",)),
    ("Safedog", (b"safedog", b"notice-jiasule")),
    ("WAF", ("您的请求已被拦截".encode(),)),
    ("WAF", ("访问请求被拦截".encode(),)),
    ("WAF", (b"<title>405</title>", b"errors.aliyun.com")),
)
NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the open internet, looking through IPv4 wrapped in IPv6.

    Refused are loopback, private, link-local (with the cloud metadata address), multicast and reserved ranges.

    >>> [is_public(a) for a in ("8.8.8.8", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "2001:4860:4860::8888")]
    [True, False, False, False, True]
    """
    ip = _unwrapped(ip_address(address))
    return ip.is_global and not ip.is_multicast


class OnSiteOnly:
    """Refuse a request to a host that no site of this crawl names; a redirect passes here like any request.

    Scrapy's own filter drops such requests without a trace; here the spider hears of each, and rejects it.
    """

    def __init__(self, crawler: Any) -> None:
        self.hosts: frozenset[str] = crawler.spider.hosts

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Take the hosts from the spider."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse what is not on the sites' hosts, or not http."""
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or parts.hostname not in self.hosts:
            raise IgnoreRequest(f"refused: {request.url} is not on the site's hosts")


class KeepRaw:
    """Put every exchange into the archive before anything is undone; `request.meta["archived"]` says where it lies."""

    def __init__(self, crawler: Any) -> None:
        self.run = crawler.spider.run

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Take the archive from the spider's run."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive the exchange and count it. A page that has not changed since it was archived leaves a revisit record."""
        meta = request.meta
        meta["fetched_at"] = datetime.now(UTC).replace(microsecond=0)
        page = meta.get("leased")
        known = Known(page.url, *page.raw) if page else None
        try:
            meta["archived"] = self.run.archive.append(_exchange(request, response), known)
        except OSError as error:
            self.run.fail(error)
            raise IgnoreRequest(f"not archived: {error}") from error
        self.run.tally.responses += 1
        if site := site_of(request):
            self.run.tally.answers[site] += 1
        return response


def site_of(request: Request) -> str:
    """The site for which something is asked; "" for robots.txt."""
    if page := request.meta.get("leased"):
        return str(page.site)
    walk = request.cb_kwargs.get("walk")
    return str(walk.site.id) if walk else ""


def _exchange(request: Request, response: Response) -> Exchange:
    """What went over the wire; made up from what Scrapy knows where the bytes are not at hand."""
    wire = request.meta.pop("wire", None)
    sent, received = (bytes(wire.sent), _final(bytes(wire.received))) if wire else (b"", b"")
    if not sent:
        sent = f"{request.method} {request.url} HTTP/1.1\r\n".encode() + request.headers.to_string() + b"\r\n\r\n"
    if not received:
        status = f"HTTP/1.1 {response.status} {_phrase(response.status)}\r\n".encode()
        received = status + response.headers.to_string() + b"\r\n\r\n" + response.body
    return Exchange(
        response.url,
        sent,
        received,
        payload=response.body,
        time=request.meta["fetched_at"],
        kind="article" if "leased" in request.meta else "list" if "walk" in request.cb_kwargs else "other",
        address=str(response.ip_address) if response.ip_address else None,
        not_modified=response.status == HTTPStatus.NOT_MODIFIED,
    )


def _final(received: bytes) -> bytes:
    """Without the interim answers (1xx) before the one that counts."""
    while re.match(rb"HTTP/1\.\d 1\d\d", received):
        received = received.partition(b"\r\n\r\n")[2]
    return received


class NoChallenge:
    """Refuse the page by which a firewall asks for a browser: it is no article. govscrape does not evade it."""

    def __init__(self, crawler: Any) -> None:
        self.run = crawler.spider.run

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Take the numbers from the spider's run."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Refuse a browser check, and count every kind of refusal."""
        firewall = challenge_by(response.body)
        if firewall or response.status in REFUSALS:
            self.run.tally.blocked[site_of(request)] += 1
        if firewall:
            raise IgnoreRequest(f"blocked: HTTP {response.status} with a browser check ({firewall})")
        return response


def challenge_by(body: bytes) -> str:
    """The firewall whose browser check a page is; "" for any other page. Long pages are articles that speak of one.

    >>> challenge_by(b"<script>var arg1='5E3C';document.cookie='acw_sc__v2='+x</script>")
    'Aliyun'
    """
    if len(body) > LONGEST_CHALLENGE:
        return ""
    return next((name for name, marks in CHALLENGES if all(mark in body for mark in marks)), "")


class FollowMetaRefresh(MetaRefreshMiddleware):
    """Scrapy's, but a page that cannot hold a refresh is not decoded to look for one: a tenth of a page's whole time."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        """Follow a refresh in the page's head."""
        if b"refresh" not in response.body[:4096].lower():
            return response
        return super().process_response(request, response, spider)


class PublicAddressesOnly(CachingHostnameResolver):
    """A resolver that hands out public addresses only, so that no name and no redirect leads into the own network.

    Hosts named in the setting PRIVATE_HOSTS are excepted. `refused` says for each host what was withheld.
    """

    refused: ClassVar[dict[str, str]] = {}

    def __init__(self, reactor: Any, cache_size: int, private_hosts: frozenset[str]) -> None:
        super().__init__(reactor, cache_size)
        self.private_hosts = private_hosts

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        """Take the excepted hosts from the settings."""
        settings = crawler.settings
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), frozenset(settings.getlist("PRIVATE_HOSTS")))

    def resolveHostName(self, resolutionReceiver: Any, hostName: str, *args: Any, **kwargs: Any) -> Any:  # noqa: N802, N803
        """Resolve as before, without the addresses that are not public."""
        private = hostName in self.private_hosts
        receiver: Any = resolutionReceiver if private else _OnlyPublic(resolutionReceiver, hostName, self.refused)
        return super().resolveHostName(receiver, hostName, *args, **kwargs)


class _OnlyPublic:
    def __init__(self, receiver: Any, host: str, refused: dict[str, str]) -> None:
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete
        self._receiver, self._host, self._refused = receiver, host, refused

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            self._refused[self._host] = address.host


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
