"""Scheduling: a systemd timer, its service and a cron line that crawl at a given time of day."""

import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from govscrape.errors import UsageError

SERVICE = """\
[Unit]
Description=govscrape crawl of {sites}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={command}
# 1: something is missing, the next run asks again. 3 (blocked, empty, stale, redesigned) is a failure: someone has to look.
SuccessExitStatus=1
Nice=10
"""
TIMER = """\
[Unit]
Description=govscrape crawl of {sites}, daily at {time}

[Timer]
OnCalendar=*-*-* {time}:00 Asia/Shanghai
RandomizedDelaySec=300
Persistent=true

[Install]
WantedBy=timers.target
"""


class Schedule(NamedTuple):
    """What was written, and the line for a crontab."""

    service: Path
    timer: Path
    cron: Path
    cron_line: str


def write_schedule(sites: Sequence[str], out: Path, at: str, folder: Path) -> Schedule:
    """Write the units and the cron line of a daily crawl into a folder. The time is China's, as the sites' is.

    cron takes the time from CRON_TZ, which stands above its line. Runs that would overlap are no harm: a site is locked.
    Raises UsageError for a time that is none, OSError where the folder cannot be written.
    """
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at):
        raise UsageError(f"{at!r} is no time of day; write it like 03:00")
    command = [sys.executable, "-m", "govscrape", "crawl", *map(_whole, sites), "-o", str(out.absolute())]
    name = "govscrape-" + re.sub(r"[^\w-]", "-", "-".join(Path(site).stem for site in sites))
    folder.mkdir(parents=True, exist_ok=True)
    hour, minute = at.split(":")
    here, log = shlex.quote(str(Path.cwd())), shlex.quote(str(out.absolute()) + ".cron.log")
    line = f"{int(minute)} {int(hour)} * * * cd {here} && {shlex.join(command)} >> {log} 2>&1".replace("%", "\\%")
    written = Schedule(folder / f"{name}.service", folder / f"{name}.timer", folder / f"{name}.cron", line)
    values = {"sites": " ".join(sites), "time": at, "folder": _unit(str(Path.cwd()))}
    written.service.write_text(SERVICE.format(**values, command=" ".join(map(_unit, command))), "utf-8")
    written.timer.write_text(TIMER.format(**values), "utf-8")
    written.cron.write_text(f"CRON_TZ=Asia/Shanghai\n{line}\n", "utf-8")
    return written


def _whole(site: str) -> str:
    """A spec given by its path has to be found from anywhere."""
    return str(Path(site).absolute()) if site.endswith(".toml") else site


def _unit(word: str) -> str:
    """A word of a unit file: `%` stands for something there, blanks divide."""
    word = word.replace("\\", "\\\\").replace("%", "%%").replace("$", "$$").replace('"', '\\"')
    return f'"{word}"' if re.search(r"\s", word) else word
