"""The command that makes a saved page a test page."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from govscrape.cli import app

PAGES = Path(__file__).with_name("pages")


@pytest.mark.parametrize("name", ["conflicting_dates", "hanweb_jpaas", "login"])
def test_fixture_is_what_is_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page, spec = PAGES / f"{name}.html", json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    url = ["--url", spec["url"]] if spec["url"] else []
    run = CliRunner().invoke(app, ["fixture", str(page), *url])
    assert run.exit_code == 0, run.output
    written = json.loads(Path(f"tests/pages/{name}.json").read_text(encoding="utf-8"))
    spec["expect"].pop("provenance", None)
    assert spec["expect"].items() <= written["expect"].items()
    assert Path(f"tests/pages/{name}.html").read_bytes() == page.read_bytes()


def test_an_expectation_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    page = str(PAGES / "login.html")
    assert CliRunner().invoke(app, ["fixture", page]).exit_code == 0
    assert CliRunner().invoke(app, ["fixture", page]).exit_code == 2
    assert CliRunner().invoke(app, ["fixture", str(tmp_path / "none.html")]).exit_code == 2
