"""Addresses: made whole, taken apart, with another page in their query."""

from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit


def absolute(base: str, href: str) -> str | None:
    """Make an address whole, without its fragment; None for what is no address.

    >>> absolute("http://a.cn/x/", " ./1.html#top"), absolute("http://a.cn/", "http://[abc")
    ('http://a.cn/x/1.html', None)
    """
    try:
        return urldefrag(urljoin(base, href.strip())).url
    except ValueError:  # urllib refuses hosts like "[abc"
        return None


def path_of(url: str) -> str:
    """Give the path of an address; "" for what is no address.

    >>> path_of("https://a.cn/x/list.htm?p=1"), path_of("http://[abc")
    ('/x/list.htm', '')
    """
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def root_of(url: str) -> str:
    """Give scheme and host of an address, without a slash at the end.

    >>> root_of("https://a.cn:81/x/index.html?p=1")
    'https://a.cn:81'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def query_of(url: str) -> dict[str, str]:
    """Give the parameters of an address, empty ones too.

    >>> query_of("http://a.cn/search?q=&p=1")
    {'q': '', 'p': '1'}
    """
    return dict(parse_qsl(url.partition("?")[2].partition("#")[0], keep_blank_values=True))


def with_query(url: str, **values: str | int) -> str:
    """Give an address with these parameters set, the others as they were.

    >>> with_query("http://a.cn/search?q=&p=1", p=2)
    'http://a.cn/search?q=&p=2'
    """
    return f"{url.partition('?')[0]}?{urlencode(query_of(url) | values)}"
