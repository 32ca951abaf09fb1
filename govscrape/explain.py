"""Explaining pages and texts: the function behind `govscrape explain`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import ValidationError
from rich.console import Console

from cleaners.reason import Reason, Rejection
from govscrape.errors import UsageError
from govscrape.show import show_clean
from govscrape.site_check import fetch_pages
from govscrape.site_specs import Column, SiteSpec, all_sites, load_site
from output.build import clean_safely
from output.raw import RawItem
from output.readers import check_inputs, read_inputs


@dataclass(frozen=True, slots=True)
class Explained:
    """What is to be explained: files, addresses or both. Where there are both, the pages are looked for in the files.

    `only` is the id of the one input to show. `hosts` may be asked besides those of the configured sites, and of `sites`:
    names or spec files.
    """

    inputs: Sequence[str]
    only: str | None = None
    hosts: Sequence[str] = ()
    sites: Sequence[str] = ()


def run_explain(wanted: Explained, console: Console, complain: Callable[[str], None]) -> bool:
    """Show each change in its place; True if something could not be read or fetched, or there was nothing to show.

    Raises UsageError for an address on a host that may not be asked.
    """
    urls = [name for name in wanted.inputs if _is_address(name)]
    files, problems = check_inputs([name for name in wanted.inputs if not _is_address(name)])
    for problem in problems:
        complain(problem)
    shown, failed = 0, bool(problems)
    for item in _items(urls, files, wanted):
        if wanted.only in (None, item.id):
            shown += 1
            failed = failed or item.problem is not None
            _show(item, console)
    if not shown and wanted.only is not None:
        complain(f"no input has the id {wanted.only!r}; the ids of files in a folder are their paths without suffix")
    return failed or not shown


def _is_address(name: str) -> bool:
    return name.startswith(("http://", "https://"))


def _items(urls: Sequence[str], files: Sequence[str], wanted: Explained) -> Iterator[RawItem]:
    """What the files hold; of addresses what the files hold of them, and without files what their servers give."""
    if not urls:
        yield from read_inputs(list(files))
    elif len(urls) == len(wanted.inputs):
        yield from fetch_pages(urls, _specs(urls, wanted))
    else:
        missing = set(urls)
        for item in read_inputs(list(files)):
            if item.url in urls:
                missing.discard(str(item.url))
                yield item
        for url in sorted(missing):
            yield RawItem(url=url, problem=Rejection(Reason.UNREADABLE, f"not in {', '.join(files) or 'any file'}"))


def _specs(urls: Sequence[str], wanted: Explained) -> list[SiteSpec]:
    """The specs under which the addresses may be asked for, of each host the first that names it."""
    named = [*map(load_site, wanted.sites), *map(_bare_spec, wanted.hosts)]
    known = [*named, *all_sites()]
    specs = {spec.id: spec for spec in named}
    for host in (urlsplit(url).hostname or "" for url in urls):
        if not host:
            raise UsageError(
                f"{' '.join(urls)}: no whole address; write it like https://www.example.gov.cn/tzgg/1.html"
            )
        spec = next((spec for spec in known if host in spec.hosts), None)
        if spec is None:
            raise UsageError(f"{host} is not a host of a configured site; --allow-host {host} lets it be asked")
        specs[spec.id] = spec
    return list(specs.values())


def _bare_spec(host: str) -> SiteSpec:
    try:
        return SiteSpec(id=host, name=host, hosts=(host,), columns=(Column(name=host, url=f"https://{host}/"),))
    except ValidationError as error:
        raise UsageError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


def _show(item: RawItem, console: Console) -> None:
    name = item.id or item.url or f"{item.file}, line {(item.offset or 0) + 1}"
    cleaned = clean_safely(item)
    if isinstance(cleaned, Rejection):
        console.print(f"{name}: rejected as {cleaned.reason.value}: {cleaned.detail}", markup=False, soft_wrap=True)
    else:
        show_clean(console, name, cleaned)
