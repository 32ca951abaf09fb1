"""The boundary of one page: a fault while cleaning it is a reject, not the end of the run."""

import pytest

from cleaners.reason import Reason
from output import build
from output.raw import RawItem
from output.record import Rejected


@pytest.mark.parametrize("error", [RecursionError("deep"), ValueError("odd"), MemoryError()])
def test_a_fault_rejects_the_page_and_names_itself(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def faulty(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(build, "clean_text", faulty)
    result = build.clean_item(RawItem(id="a", text="某县"))
    assert isinstance(result, Rejected)
    assert result.reason is Reason.UNPARSEABLE
    assert type(error).__name__ in result.detail
