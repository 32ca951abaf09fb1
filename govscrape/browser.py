"""What a column with `js = true` needs besides: the extra js and a Chromium of this machine."""

import os
import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from govscrape.errors import UsageError
from govscrape.site_specs import SiteSpec

ENVIRONMENT = "GOVSCRAPE_CHROMIUM"
"""Names the Chromium to use, where it is not found by its usual names."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOWHERE = "127.0.0.1:9"  # the discard port: nobody listens
OFFLINE = (  # all that a page needs is fetched by the crawl itself: the browser has no way to the network
    f"--proxy-server=http://{NOWHERE}",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # containers give 64 MB there
)


def browser_settings(specs: Sequence[SiteSpec]) -> dict[str, Any]:
    """Give the settings under which lists are rendered; none where no column asks for it.

    Raises UsageError where the extra or the browser is missing.

    >>> from govscrape.site_specs import load_site
    >>> browser_settings([load_site("mof")])
    {}
    """
    columns = [f"{spec.id}: {column.name}" for spec in specs for column in spec.columns if column.js]
    if not columns:
        return {}
    if find_spec("scrapy_playwright") is None:
        raise UsageError(f"{columns[0]} has js = true, which needs the extra js: pip install scrapy-playwright")
    return {
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": _chromium(columns[0]),
            "args": [*OFFLINE, *(["--no-sandbox"] if os.geteuid() == 0 else [])],  # the sandbox does not work for root
            "handle_sigint": False,
            "handle_sigterm": False,
        }
    }


def _chromium(column: str) -> str:
    named = os.environ.get(ENVIRONMENT)
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    missing = f"{ENVIRONMENT} names {named!r}, which is no program" if named else "there is none on this machine"
    raise UsageError(f"{column} has js = true, which needs a Chromium: {missing}; apt-get install chromium")
