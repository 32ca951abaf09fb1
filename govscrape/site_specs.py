"""Site specs: one small TOML file a site says where its columns are and how gently to ask."""

import difflib
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails

from govscrape.cms import FAMILY_NAMES
from govscrape.errors import SiteSpecError, UnknownSiteError

SITES = Path(__file__).with_name("sites")


def _whole_url(url: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+/\S*", url):
        raise ValueError(f"{url!r} is no whole address; write it like https://www.example.gov.cn/tzgg/index.html")
    return url


def _bare_host(host: str) -> str:
    if not re.fullmatch(r"[a-z0-9.:-]+", host):
        raise ValueError(f"{host!r} is no host name; write it bare and in lower case, like www.example.gov.cn")
    return host


HttpUrl = Annotated[str, AfterValidator(_whole_url)]
Host = Annotated[str, AfterValidator(_bare_host)]
Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]

WHAT_TO_DO = {
    "missing": "this key is needed",
    "extra_forbidden": "no such key; see docs/add_a_site.md",
    "tuple_type": 'this is a list; write it in brackets, like ["www.example.gov.cn"]',
}


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Table):
    """A column of a site: its name and the address of its first list page; `js` where only a script makes its lists."""

    name: Name
    url: HttpUrl
    js: bool = False


class Politeness(_Table):
    """How gently to ask: seconds between two requests to a host, and how many at a time."""

    delay: Annotated[float, Field(ge=0)] = 2.0
    concurrency: Annotated[int, Field(ge=1, le=8)] = 1


class SiteSpec(_Table):
    """One site: what `sites/<id>.toml` says.

    `hosts` are the only hosts that are asked, redirects included. `cms` is a family of `govscrape.cms`, or "auto".
    `since` is the day from which on articles are wanted, where the crawl is not told another.
    `verified` is the day on which the spec last matched the live site; a spec without it never has been checked.
    `stale_after` is after how many days without a new article the site is stale; without it, its own rhythm tells.
    `verify_tls` false lets the hosts show any certificate: for servers whose own is broken, each named in its spec.
    `private_addresses` lets the hosts lie at loopback or private addresses, for simulated and in-house sites.
    """

    id: Name
    name: Name
    hosts: tuple[Host, ...] = Field(min_length=1)
    columns: tuple[Column, ...] = Field(min_length=1)
    cms: str = "auto"
    politeness: Politeness = Politeness()
    since: date | None = None
    verified: date | None = None
    stale_after: Annotated[int, Field(ge=1)] | None = None
    verify_tls: bool = True
    private_addresses: bool = False

    @model_validator(mode="after")
    def _fits_together(self) -> "SiteSpec":
        if self.cms not in ("auto", *FAMILY_NAMES):
            raise ValueError(f"cms: {self.cms!r} is not known; choose auto, {', '.join(FAMILY_NAMES)}")
        for column in self.columns:
            host = urlsplit(column.url).hostname
            if host not in self.hosts:
                raise ValueError(f"columns: {column.url} is not on one of the hosts; add {host!r} to hosts")
        return self


def site_names() -> list[str]:
    """The names of the sites that come with govscrape, in order.

    >>> "ndrc" in site_names()
    True
    """
    return sorted(path.stem for path in SITES.glob("*.toml"))


def all_sites() -> list[SiteSpec]:
    """The specs that come with govscrape, in the order of their names.

    >>> [site.id for site in all_sites()] == site_names()
    True
    """
    return [load_site(name) for name in site_names()]


def load_site(name_or_path: str) -> SiteSpec:
    """Read a site's spec: by the name of one that comes with govscrape, or by the path of a `.toml` file.

    Raises UnknownSiteError or SiteSpecError, with what to do.

    >>> load_site("mof").hosts
    ('www.mof.gov.cn',)
    """
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = SITES / f"{name_or_path}.toml"
        if name_or_path not in site_names():
            raise UnknownSiteError(_unknown(name_or_path))
    try:
        return parse_site(path.read_text("utf-8"), path)
    except FileNotFoundError:
        raise UnknownSiteError(f"{path}: no such site spec; docs/add_a_site.md shows how to write one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SiteSpecError(f"{path}: cannot be read: {error}") from error


def parse_site(text: str, path: Path) -> SiteSpec:
    """Read a spec from TOML text; the site's id is the file's name without `.toml`.

    >>> site = parse_site('''
    ... name = "某市人民政府"
    ... hosts = ["www.example.gov.cn"]
    ... columns = [{name = "通知公告", url = "https://www.example.gov.cn/tzgg/index.html"}]
    ... ''', Path("example.toml"))
    >>> site.id, site.cms, site.politeness.delay
    ('example', 'auto', 2.0)
    """
    try:
        return SiteSpec.model_validate({**tomllib.loads(text), "id": path.stem})
    except tomllib.TOMLDecodeError as error:
        raise SiteSpecError(f"{path}: not valid TOML: {error}") from error
    except ValidationError as error:
        raise SiteSpecError("\n".join(f"{path}: {_complaint(entry)}" for entry in error.errors())) from error


def _complaint(error: ErrorDetails) -> str:
    key = ".".join(str(part) for part in error["loc"])
    said = WHAT_TO_DO.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        known = [*SiteSpec.model_fields, *Column.model_fields, *Politeness.model_fields]
        near = difflib.get_close_matches(str(error["loc"][-1]), known, n=1)
        said += f" (did you mean {near[0]!r}?)" if near else ""
    return f"{key}: {said}" if key else said


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, site_names(), n=1)
    hint = f"did you mean {near[0]!r}?" if near else "`govscrape sites list` shows the known ones."
    return f"no site is called {name!r}; {hint} A spec of your own is given by its path, ending in .toml"
