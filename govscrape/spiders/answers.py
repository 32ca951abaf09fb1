"""Requests for lists, and what can be said of an answer or of the lack of one."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError

from cleaners.reason import Reason
from govscrape.guards import PublicAddressesOnly
from govscrape.spiders.walk import Walk

UNVERIFIED = "the certificate of {host} cannot be verified; verify_tls = false in a spec excepts its hosts"
PLAINLY = (  # what Twisted and OpenSSL say, and what it means
    ("certificate verify failed", UNVERIFIED),
    ("VerificationError", UNVERIFIED),
    ("wrong version number", "{host} does not speak TLS at this port"),
    ("SSL routines", "no TLS connection to {host}"),
    ("Connection refused", "{host} refuses connections"),
    ("ParseError", "{host} does not answer in HTTP"),
    ("ConnectionLost", "{host} cut the connection"),
    ("ConnectionDone", "{host} cut the connection"),
)


def list_request(walk: Walk, callback: Callable[..., Any], errback: Callable[..., Any]) -> Request:
    """Make the request of a walk; its answer comes with the walk as `walk`.

    >>> from govscrape.cms import Ask
    >>> from govscrape.site_specs import load_site
    >>> site = load_site("mof")
    >>> list_request(Walk(site, site.columns[0], Ask("http://a.cn/", "POST", body="p=1")), print, print).method
    'POST'
    """
    ask = walk.ask
    return Request(
        ask.url,
        callback,
        method=ask.method,
        headers=dict(ask.headers),
        body=ask.body,
        cb_kwargs={"walk": walk},
        errback=errback,
        dont_filter=True,
    )


def type_of(response: Response) -> str:
    """Give what an answer says it is.

    >>> type_of(Response("http://a.cn/", headers={"Content-Type": "text/html"}))
    'text/html'
    """
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def may_be_html(response: Response) -> bool:
    """Servers label HTML as all sorts of text, or not at all; what is labelled as a document or picture is one.

    >>> may_be_html(Response("http://a.cn/")), may_be_html(Response("http://a.cn/", headers={"Content-Type": "image/png"}))
    (True, False)
    """
    kind = type_of(response).partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith("xml") or kind in ("", "application/octet-stream")


def may_be_list(response: Response) -> bool:
    """Lists come as HTML, XML, JSON or JSONP; a file that is none of these is no list.

    >>> may_be_list(Response("http://a.cn/", headers={"Content-Type": "application/json"}))
    True
    """
    return may_be_html(response) or "json" in type_of(response) or "javascript" in type_of(response)


def text_of(response: Response) -> str:
    """Give the text of an answer, whatever it says it is.

    >>> text_of(Response("http://a.cn/", body=b"cb({})"))
    'cb({})'
    """
    return response.text if isinstance(response, TextResponse) else response.body.decode("utf-8", "replace")


def why_failed(error: BaseException | None, url: str) -> tuple[Reason, str]:
    """Say in a few words why a fetch failed.

    >>> why_failed(DownloadTimeoutError(), "http://a.cn/")[1]
    'no answer in time'
    """
    host = urlsplit(url).hostname or ""
    match error:
        case HttpError():
            return Reason.FETCH_FAILED, f"HTTP {error.response.status}"
        case DownloadCancelledError():
            return Reason.TOO_LARGE, "larger than a crawl takes"
        case IgnoreRequest() if "DOWNLOAD_MAXSIZE" in str(error):
            return Reason.TOO_LARGE, "larger than a crawl takes, once decompressed"
        case CannotResolveHostError() if host in PublicAddressesOnly.refused:
            at = PublicAddressesOnly.refused[host]
            return Reason.FETCH_FAILED, f"refused: {host} is at {at}, which is no public address"
        case CannotResolveHostError():
            return Reason.FETCH_FAILED, f"the host {host} is not found"
        case DownloadTimeoutError():
            return Reason.FETCH_FAILED, "no answer in time"
        case DownloadFailedError() | DownloadConnectionRefusedError():
            said = next((plain for mark, plain in PLAINLY if mark in str(error)), str(error))
            return Reason.FETCH_FAILED, said.replace("{host}", host)
        case _:
            return Reason.FETCH_FAILED, str(error) or type(error).__name__
