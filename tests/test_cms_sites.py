"""`govscrape sites check` and `sites new`, as a user meets them, against simulated sites."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from govscrape.cms import FAMILY_NAMES
from govscrape.site_specs import all_sites, load_site
from tests.sim.families import hanweb, servers, static
from tests.sim.families.sim import Sim, page
from tests.sim.server import NOT_FOUND, SimSite
from tests.test_cms_conformance import SPEC


def sites(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "govscrape", "sites", *map(str, words)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env={"COLUMNS": "300", "PYTHONUTF8": "1"}
    )


def write_spec(sim: Sim, site: SimSite, path: Path) -> Path:
    path.write_text(SPEC.format(name="模拟", cms=sim.cms, root=site.root, column=sim.column), "utf-8")
    return path


@pytest.mark.parametrize("make", [servers.truecms, servers.epoint, static.generic_frame])
def test_a_site_that_matches_its_spec_passes(make: Callable[[], Sim], tmp_path: Path) -> None:
    sim = make()
    with SimSite(sim.pages, sim.program) as site:
        done = sites("check", write_spec(sim, site, tmp_path / "s.toml"))
    newest = next(iter(sim.articles.values()))
    assert done.returncode == 0, done.stdout + done.stderr
    assert newest.title in done.stdout
    assert "undated" in done.stdout or str(newest.day) in done.stdout
    articles = [asked for asked in site.asked if asked.path.lstrip("/") in sim.articles]
    assert len(articles) == 1, "one article is enough"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"77/list.htm": page("新版上线", "<p>网站已改版</p>")}, "no article links"),
        ({"77/list.htm": NOT_FOUND}, "HTTP 404"),
        ({"article": page("", "<div class='wp_articlecontent'></div>")}, "one article is rejected"),
    ],
)
def test_a_site_that_does_not_match_is_told(change: dict[str, object], said: str, tmp_path: Path) -> None:
    sim = static.sudy()
    pages = sim.pages | {next(iter(sim.articles)) if path == "article" else path: new for path, new in change.items()}
    with SimSite(pages) as site:  # type: ignore[arg-type]
        done = sites("check", write_spec(sim, site, tmp_path / "s.toml"))
    assert done.returncode == 3
    assert said in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("make", [hanweb.jpage_by_page, static.generic_frame])
def test_a_draft_names_the_cms_and_can_be_crawled(make: Callable[[], Sim], tmp_path: Path) -> None:
    sim = make()
    draft = tmp_path / "new.toml"
    with SimSite(sim.pages, sim.program) as site:
        done = sites("new", site.root + sim.column, "--private", "-o", draft)
        assert done.returncode == 0, done.stderr
        spec = load_site(str(draft))
        assert spec.cms == (sim.family if sim.family != "generic" else "auto")
        assert spec.columns[0].url == site.root + sim.column
        assert spec.verified is None, "a draft is no check"
        quick = "politeness = {delay = 0}\nprivate_addresses"
        draft.write_text(draft.read_text("utf-8").replace("private_addresses", quick), "utf-8")
        assert sites("check", draft).returncode == 0
    text = draft.read_text("utf-8")
    again = sites("new", site.root, "--private", "-o", draft)
    assert again.returncode == 2, "what is there is never written over"
    assert draft.read_text("utf-8") == text


def test_a_draft_of_a_page_that_is_no_list_says_so() -> None:
    with SimSite({"index.html": page("关于我们", "<p>联系电话</p>")}) as site:
        done = sites("new", site.root, "--private")
        refused = sites("new", site.root)
    assert done.returncode == refused.returncode == 3
    assert "no article links" in done.stderr
    assert "no public address" in refused.stderr
    wrong = sites("new", "www.example.gov.cn")
    assert wrong.returncode == 2
    assert "is no whole address" in wrong.stderr


def test_the_sites_that_come_along_cover_the_families_and_claim_no_check() -> None:
    specs = all_sites()
    assert len(specs) >= 12
    assert len({spec.cms for spec in specs}) >= 10
    assert [spec.id for spec in specs if spec.verified] == []


def test_the_guide_names_every_family() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "cms_families.md").read_text("utf-8")
    assert [name for name in FAMILY_NAMES if f"| `{name}` |" not in guide] == []
