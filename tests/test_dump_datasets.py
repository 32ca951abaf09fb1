"""What is made of a written folder: near-duplicates moved out, exports that others open, counts."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.made_dump import pages
from tests.test_cli import rows, run, write_jsonl

TEXTS = [page.text for page in pages(20, seed=9) if len(page.text) > 600]


def dataset(at: Path, *lines: dict[str, str], options: tuple[str, ...] = ()) -> Path:
    given = write_jsonl(at / "in.jsonl", *lines)
    done = run("clean", given, "-o", at / "out", "--workers", "1", *options)
    assert done.exit_code == 0, done.output
    return at / "out"


def test_the_best_copy_stays(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    mirror = "快讯\n" + TEXTS[0].replace("。", "！", 3)
    folder = dataset(
        tmp_path,
        {"id": "mirror", "url": "http://www.copies.com/1.html", "text": mirror},
        {"id": "official", "url": "http://www.county1.gov.cn/1.html", "text": TEXTS[0]},
        {"id": "another", "url": "http://www.county1.gov.cn/2.html", "text": TEXTS[1]},
        {"id": "", "text": ""},
    )
    done = run("dedup", folder)
    assert done.exit_code == 0, done.output
    assert "3 records, 1 clusters of near-duplicates, 1 moved" in done.output
    assert [row["id"] for row in rows(folder / "part-00000.jsonl")] == ["official", "another"]
    empty, copy = rows(folder / "rejects.jsonl")
    assert empty["reason"] == "empty"
    assert (copy["id"], copy["reason"], copy["duplicate_of"]) == ("mirror", "near_duplicate", "official")
    assert copy["cluster"]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert [entry["rows"] for entry in manifest["resources"]] == [2, 2]
    assert manifest["dedup"] == {"threshold": 0.75}
    again = run("dedup", folder)
    assert "0 moved" in again.output
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "part-00000.jsonl", "rejects.jsonl"]


def test_a_damaged_copy_names_its_clean_twin_and_forms_are_left_alone(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    numbers = "本月全县新增就业{}人，发放补贴{}万元，培训{}人次，回访{}户。"
    report = "\n".join(TEXTS[2].split("\n")[:3])
    folder = dataset(
        tmp_path,
        {"id": "damaged", "url": "http://www.county1.gov.cn/1.html", "text": TEXTS[3] + "\n省政府��廳召開會議。"},
        {"id": "clean", "url": "http://www.copies.com/1.html", "text": TEXTS[3]},
        {"id": "may", "text": report + "\n" + numbers.format(11, 22, 33, 44)},
        {"id": "june", "text": report + "\n" + numbers.format(55, 66, 77, 88)},
    )
    assert run("dedup", folder).exit_code == 0
    kept = [row["id"] for row in rows(folder / "part-00000.jsonl")]
    (copy,) = rows(folder / "rejects.jsonl")
    assert {"may", "june"} <= set(kept), "two fillings of a form differ in their numbers"
    assert (copy["id"], copy["duplicate_of"]) == ("damaged", "clean")
    assert "1 uncertain places here, none there" in copy["detail"]


@pytest.mark.parametrize("name", ["numpy", "rensa"])
def test_recall_and_precision_of_planted_copies(name: str) -> None:
    pytest.importorskip(name)
    from benchmarks.near import documents, score
    from pipelines.near import near_pairs, sketch_by_numpy, sketch_by_rensa

    texts = documents(3000)
    found = near_pairs((d.text for d in texts), {"numpy": sketch_by_numpy, "rensa": sketch_by_rensa}[name])
    recall, precision = score(found, texts)
    assert recall >= 0.99
    assert precision >= 0.999
    assert near_pairs(["短文"], sketch_by_numpy) == []
    assert near_pairs([], sketch_by_numpy) == []


def mixed(at: Path) -> Path:
    return dataset(
        at,
        *(
            {"id": str(n), "url": f"http://www.county{n % 2}.gov.cn/{n}.html", "text": text}
            for n, text in enumerate(TEXTS[:4])
        ),
        {"id": "spam", "text": "今晚澳门开奖结果_一肖一码_管家婆精准资料"},
    )


def test_parquet_has_every_key_in_one_type(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    from output.export import arrow_schema

    folder = mixed(tmp_path)
    done = run("export", folder, "--parquet")
    assert done.exit_code == 0, done.output
    table = parquet.read_table(tmp_path / "out-parquet" / "part-00000.parquet")
    assert table.schema.equals(arrow_schema())
    lines = rows(folder / "part-00000.jsonl")
    assert table.column("text").to_pylist() == [row["text"] for row in lines]
    assert table.column("meta").to_pylist() == [row["meta"] for row in lines]
    assert list(lines[0]) == table.schema.names


def test_huggingface_opens_the_export_though_its_first_file_is_all_null(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    datasets = pytest.importorskip("datasets")
    from output import export

    monkeypatch.setattr(export, "_ROWS", 2)
    monkeypatch.setattr(export, "_GROUP", 2)
    given: list[dict[str, str]] = [{"id": str(n), "text": text} for n, text in enumerate(TEXTS[:2])]
    given.append({"id": "page", "url": "http://a.gov.cn/1", "html": f"<title>标题</title><p>{TEXTS[3]}"})
    folder = dataset(tmp_path, *given)
    assert run("export", folder, "--hf", "-o", tmp_path / "hf").exit_code == 0
    loaded = datasets.load_dataset(str(tmp_path / "hf"), cache_dir=str(tmp_path / "cache"))["train"]
    assert loaded["url"][:] == [None, None, "http://a.gov.cn/1"]
    assert str(loaded.features["encoding"]["name"]) == "Value('string')"
    assert loaded.features.arrow_schema.equals(export.arrow_schema())
    card = (tmp_path / "hf" / "README.md").read_text()
    assert "| a.gov.cn | 1 |" in card
    assert "num_examples: 3" in card
    croissant = json.loads((tmp_path / "hf" / "croissant.json").read_text())
    assert len(croissant["distribution"]) == 2


def test_statistics(tmp_path: Path) -> None:
    folder = mixed(tmp_path)
    found: dict[str, Any] = json.loads(run("stats", folder, "--json").output)
    lines = rows(folder / "part-00000.jsonl")
    assert (found["records"], found["rejects"]) == (4, 1)
    assert found["chars"] == sum(len(row["text"]) for row in lines)
    assert found["hosts"]["www.county0.gov.cn"]["records"] == 2
    assert sum(found["lengths"].values()) == 4
    assert found["reasons"] == {"spam_page": 1}
    shown = run("stats", folder)
    assert "host www.county1.gov.cn: 2 records" in shown.output
    assert json.loads(run("stats", folder / "part-00000.jsonl", "--json").output)["records"] == 4


def test_no_dataset_is_told_and_wrong_usage(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    for command in (["dedup", tmp_path], ["stats", tmp_path / "gone"], ["export", tmp_path, "--hf"]):
        done = run(*command)
        assert done.exit_code == 1
        assert "give a folder written by govscrape clean" in done.output
    assert run("export", tmp_path).exit_code == 2


def test_furniture_is_learned_by_host_and_can_be_reused(tmp_path: Path) -> None:
    lines = [
        {"id": str(n), "url": f"http://www.{host}.gov.cn/{n}.html", "text": f"{text}\n{foot}"}
        for n, text in enumerate(page.text for page in pages(40, seed=5))
        for host, foot in [("county1", "山水之城 美丽之地 欢迎来") if n % 2 else ("county2", f"第{n}期主编 张某")]
    ]
    folder = dataset(tmp_path, *lines, options=("--learn-furniture",))
    learned = json.loads((folder / "furniture.json").read_text())
    assert list(learned) == ["www.county1.gov.cn"]
    got = rows(folder / "part-00000.jsonl")
    assert not [row["id"] for row in got if "山水之城" in row["text"]]
    assert {"cleaner": "learned_furniture", "count": 1} in got[1]["edits"]
    again = run("clean", tmp_path / "in.jsonl", "-o", tmp_path / "b.jsonl", "--furniture", folder / "furniture.json")
    assert again.exit_code == 0, again.output
    assert [row["text"] for row in rows(tmp_path / "b.jsonl")] == [row["text"] for row in got]
    assert run("clean", "-", "-o", "-", "--learn-furniture").exit_code == 2


def test_signatures_dates_and_prose_are_never_learned() -> None:
    from pipelines.furniture_learned import FurnitureSample

    sample = FurnitureSample()
    for number in range(50):
        text = f"各区县人民政府：\n正文第{number}段，说了一件事。\n（此件公开发布）\n某某市人民政府办公室\n2024年1月2日\n首席网站 新闻热线"
        sample.add("http://a.gov.cn/1", text)
    assert sample.learned() == {"a.gov.cn": {"首席网站 新闻热线": 50}}
