"""Cleaning functions that fail as no page should make them, for the tests of workers."""

import os
import signal
import time

from output.raw import RawItem
from pipelines.job import CleanOne, Job, Outcome, cleaning


def faulty(job: Job) -> CleanOne:
    """Cleans, but hangs, dies or ends at certain words; `ONCE` kills the worker the first time only."""
    clean = cleaning(job)

    def work(item: RawItem) -> Outcome:
        text = item.text or ""
        if "HANG" in text:
            time.sleep(3600)
        if "KILL" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "EXIT" in text:
            os._exit(7)
        if text.startswith("ONCE ") and not os.path.exists(text[5:]):  # noqa: PTH110
            open(text[5:], "w").close()  # noqa: PTH123
            os.kill(os.getpid(), signal.SIGKILL)
        print("noise on standard output")
        return clean(item)

    return work
