"""Guards around every request: only the sites' own hosts, only public addresses; and the archive of what came."""

import hashlib
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver

from output.record import RawEntry

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
    """Put every response into the archive before anything is undone; `request.meta["raw"]` says where it lies."""

    def __init__(self, crawler: Any) -> None:
        self.run = crawler.spider.run

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Take the archive from the spider's run."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive the response and count it."""
        headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, vs in response.headers.items() for v in vs]
        status = f"{response.status} {_phrase(response.status)}".strip()
        archive = self.run.archive
        try:
            offset = archive.append(response.url, status, headers, response.body)
        except OSError as error:
            self.run.fail(error)
            raise IgnoreRequest(f"not archived: {error}") from error
        digest = hashlib.sha256(response.body).hexdigest()
        request.meta["raw"] = RawEntry(sha256=digest, file=archive.path.name, offset=offset)
        self.run.tally.responses += 1
        return response


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
