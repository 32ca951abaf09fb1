"""The command line as a user meets it: what is written, what is said, which exit code."""

import base64
import gzip
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard
from rich.console import Console
from typer.testing import CliRunner, Result

from govscrape.cli import app
from govscrape.crawl_view import dead_letters_table, plain_console

ARTICLE = "某县召开工作会议，研究部署重点任务。会议要求，各部门要抓好落实，确保取得实效。"
TRADITIONAL = "某縣召開工作會議,研究部署重點任務。會議要求,各部門要抓好落實,確保取得實效。"
PAGE = f"<html><head><title>某县召开会议</title></head><body><h1>某县召开会议</h1><div id='zoom'><p>{ARTICLE}</p></div></body></html>"


def run(*words: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(map(str, words)), input=stdin)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_jsonl(path: Path, *lines: dict[str, str] | str) -> Path:
    text = "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def test_all_four_forms_of_jsonl_in_their_order(tmp_path: Path) -> None:
    html, body, file = (PAGE.replace("召开会议", f"召开第{i}次会议") for i in "一二三")
    (tmp_path / "page.html").write_bytes(file.encode("gbk"))
    given = write_jsonl(
        tmp_path / "in.jsonl",
        {"id": "text", "text": TRADITIONAL},
        {"id": "html", "html": html},
        {"id": "body", "body_base64": base64.b64encode(body.encode("gbk")).decode()},
        {"id": "file", "file": "page.html"},
    )
    done = run("clean", given, "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 0, done.output
    got = rows(tmp_path / "out.jsonl")
    assert [row["id"] for row in got] == ["text", "html", "body", "file"]
    assert {row["text"] for row in got} == {ARTICLE}
    assert [row["title"] for row in got[1:]] == ["某县召开第一次会议", "某县召开第二次会议", "某县召开第三次会议"]
    assert got[0]["script"] == "hant"
    assert rows(tmp_path / "rejects.jsonl") == []


@pytest.mark.parametrize("suffix", [".jsonl.gz", ".jsonl.zst"])
def test_compressed_jsonl(tmp_path: Path, suffix: str) -> None:
    line = json.dumps({"id": "1", "text": ARTICLE}).encode() + b"\n"
    given = tmp_path / f"in{suffix}"
    given.write_bytes(gzip.compress(line) if suffix.endswith("gz") else zstandard.compress(line))
    assert run("clean", given, "-o", tmp_path / "out.jsonl").exit_code == 0
    assert rows(tmp_path / "out.jsonl")[0]["text"] == ARTICLE


def test_folder_gives_ids_by_path_and_shards_with_a_manifest(tmp_path: Path) -> None:
    (tmp_path / "in" / "2024").mkdir(parents=True)
    (tmp_path / "in" / "2024" / "a.shtml").write_bytes(PAGE.encode())
    (tmp_path / "in" / "b.txt").write_bytes(TRADITIONAL.encode("big5"))
    (tmp_path / "in" / "image.png").write_bytes(b"\x89PNG")
    assert run("clean", tmp_path / "in", "-o", tmp_path / "out").exit_code == 0
    got = rows(tmp_path / "out" / "part-00000.jsonl")
    assert [(row["id"], row["text"]) for row in got] == [("2024/a", ARTICLE), ("b", ARTICLE)]
    assert got[1]["encoding"]["name"].startswith("big5")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [r["rows"] for r in manifest["resources"]] == [2, 0]


def test_stdin_to_stdout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    line = json.dumps({"id": "1", "text": TRADITIONAL}).encode()
    command = [sys.executable, "-m", "govscrape", "clean", "-", "-o", "-"]
    done = subprocess.run(command, input=line, capture_output=True, check=True)
    assert json.loads(done.stdout)["text"] == ARTICLE
    assert b"1 records" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_bad_inputs_are_told_and_the_rest_is_written(tmp_path: Path) -> None:
    given = write_jsonl(
        tmp_path / "in.jsonl",
        "{broken",
        "[1]",
        {"id": "two", "text": ARTICLE, "html": PAGE},
        {"id": "outside", "file": "../secret.html"},
        {"id": "gone", "file": "gone.html"},
        {"id": "b64", "body_base64": "%%%"},
        {"id": "good", "text": ARTICLE},
    )
    done = run("clean", given, tmp_path / "missing.html", tmp_path / "odd.xyz", "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 1
    assert [row["id"] for row in rows(tmp_path / "out.jsonl")] == ["good"]
    rejects = rows(tmp_path / "rejects.jsonl")
    assert [r["reason"] for r in rejects] == ["bad_input"] * 4 + ["unreadable", "bad_input"]
    assert [r["raw"]["offset"] for r in rejects if r["raw"]["offset"] is not None] == [0, 1, 2, 3, 5]
    for said in (
        "missing.html: no such file or folder",
        "line 1 is no JSON",
        "line 2 is no JSON object",
        "exactly one of",
    ):
        assert said in done.output
    for said in (
        "line 4: file '../secret.html' lies outside",
        "in.jsonl names it in line 5",
        "line 6: body_base64 is no base64",
    ):
        assert said in done.output
    assert "Traceback" not in done.output


def test_a_rejected_page_is_kept_with_its_reason_and_raw_place(tmp_path: Path) -> None:
    given = write_jsonl(
        tmp_path / "in.jsonl", {"id": "e", "text": ""}, {"id": "s", "text": "今晚澳门开奖结果_一肖一码_管家婆精准资料"}
    )
    done = run("clean", given, "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 0, "a verdict against a page is no failed input"
    rejects = rows(tmp_path / "rejects.jsonl")
    assert [(r["id"], r["reason"], r["raw"]["offset"]) for r in rejects] == [("e", "empty", 0), ("s", "spam_page", 1)]


def test_wrong_usage_exits_2_with_a_hint() -> None:
    for words in (["clean", "x.jsonl"], ["clean"], ["nonsense"], ["clean", "x", "-o", "y", "--bogus"]):
        done = run(*words)
        assert done.exit_code == 2, words
        assert "Usage" in done.output
    assert run("crawl", "no-such-site", "-o", "x").exit_code == 2


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed.html").write_text(PAGE)
    (tmp_path / "open.html").write_text(PAGE)
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "closed.html":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    done = run("clean", tmp_path, "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 1
    assert "closed.html: permission denied" in done.output
    assert [row["id"] for row in rows(tmp_path / "out.jsonl")] == ["open"]


def test_unwritable_output(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    given = write_jsonl(tmp_path / "in.jsonl", {"text": ARTICLE})
    done = run("clean", given, "-o", tmp_path / "file" / "out.jsonl")
    assert done.exit_code == 1
    assert "cannot be written: " in done.output
    assert "Traceback" not in done.output


def test_truncated_gzip_gives_what_could_be_read(tmp_path: Path) -> None:
    lines = b"".join(json.dumps({"id": str(i), "text": f"{ARTICLE}{i * 7919}"}).encode() + b"\n" for i in range(4000))
    given = tmp_path / "in.jsonl.gz"
    given.write_bytes(gzip.compress(lines)[:-2000])
    done = run("clean", given, "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 1
    assert "in.jsonl.gz: the compressed file is cut off; what came before is used" in done.output
    assert len(rows(tmp_path / "out.jsonl")) > 1000
    assert rows(tmp_path / "rejects.jsonl")[-1]["reason"] == "unreadable"


def test_interrupted_run_keeps_what_is_done_and_resumes(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "govscrape", "clean", "-", "-o", str(out)]
    first = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert first.stdin is not None
    lines = [json.dumps({"id": str(i), "text": f"{ARTICLE}第{i}次"}).encode() + b"\n" for i in range(3000)]
    first.stdin.write(b"".join(lines[:2000]))
    first.stdin.flush()
    part = tmp_path / "out.jsonl.part"
    while not part.exists() or part.stat().st_size < 10_000:
        assert first.poll() is None
    first.send_signal(signal.SIGINT)
    _, said = first.communicate()
    assert first.returncode == 1
    assert b"interrupted after" in said
    assert b"--resume" in said
    assert not out.exists()
    kept = part.read_bytes().count(b"\n")
    subprocess.run([*command, "--resume"], input=b"".join(lines), check=True, capture_output=True)
    assert [row["id"] for row in rows(out)] == [str(i) for i in range(3000)]
    assert 0 < kept <= 2000
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.jsonl", "rejects.jsonl"]


def test_the_same_run_again_gives_the_same(tmp_path: Path) -> None:
    given = write_jsonl(tmp_path / "in.jsonl", {"id": "1", "text": TRADITIONAL})
    runs = []
    for _ in range(2):
        assert run("clean", given, "-o", tmp_path / "out.jsonl").exit_code == 0
        runs.append([{**row, "cleaned_at": None} for row in rows(tmp_path / "out.jsonl")])
    assert runs[0] == runs[1]


def test_explain_shows_each_change_in_place(tmp_path: Path) -> None:
    given = write_jsonl(tmp_path / "in.jsonl", {"id": "a", "text": TRADITIONAL}, {"id": "b", "text": ""})
    done = run("explain", given)
    assert "simplify_script" in done.output
    assert "[-縣-]{+县+}" in done.output
    assert "[-,-]{+，+}" in done.output
    assert "b: rejected as empty" in done.output
    only = run("explain", given, "--id", "b")
    assert "simplify_script" not in only.output
    assert run("explain", given, "--id", "zzz").exit_code == 1


def test_explain_tells_how_a_page_was_read(tmp_path: Path) -> None:
    (tmp_path / "p.html").write_bytes(PAGE.encode("gbk"))
    done = run("explain", tmp_path / "p.html")
    assert "decoded as gb18030" in done.output
    assert "title: 某县召开会议" in done.output


def test_schema_and_help_of_every_command() -> None:
    assert json.loads(run("schema").output)["title"] == "Record"
    for command in ("clean", "crawl", "explain", "sites", "schema"):
        done = run(command, "--help")
        assert done.exit_code == 0
        assert "Usage" in done.output


def test_sites_lists_what_is_configured() -> None:
    done = run("sites")
    assert done.exit_code == 0
    assert "never" in done.output, "no spec has been checked against its live site"
    assert run("sites", "explode").exit_code == 2


def test_odd_rows_are_rejects_and_the_rest_is_written(tmp_path: Path) -> None:
    odd = [
        json.dumps({"id": " ", "url": " ", "text": ARTICLE + "一"}),
        '{"url": "http://a.cn/\\ud800", "text": "half of a pair is no JSON"}',
        '{"body_base64": "中文"}',
        '{"file": "a\\u0000b.html"}',
        '{"id": {}, "text": "x"}',
        '{"id": 123456789012345678901234567890, "text": "x"}',
        '{"id": true, "text": "x"}',
    ]
    given = write_jsonl(tmp_path / "in.jsonl", *odd, {"id": "last", "text": ARTICLE})
    given.write_bytes(b"\xef\xbb\xbf" + given.read_bytes())
    done = run("clean", given, "-o", tmp_path / "out.jsonl", "--workers", "1")
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    got, rejects = rows(tmp_path / "out.jsonl"), rows(tmp_path / "rejects.jsonl")
    assert len(got) + len(rejects) == 8
    assert got[0]["text"] == ARTICLE + "一"
    assert got[0]["url"] is None
    assert got[-1]["id"] == "last"
    assert [r["reason"] for r in rejects] == ["bad_input"] * 6


@pytest.mark.parametrize("out", ["in.jsonl", "rejects.jsonl", "folder.jsonl", "", "x.jsonl/", "x.csv"])
def test_an_output_that_would_do_harm_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.jsonl").mkdir()
    given = write_jsonl(Path("in.jsonl"), {"id": "1", "text": ARTICLE})
    before = given.read_bytes()
    assert run("clean", given, "-o", out).exit_code == 2
    assert given.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder.jsonl", "in.jsonl"]


def test_explain_fails_on_an_input_that_fails(tmp_path: Path) -> None:
    given = write_jsonl(tmp_path / "in.jsonl", "{broken", {"id": "a", "text": TRADITIONAL})
    done = run("explain", given)
    assert done.exit_code == 1
    assert "simplify_script" in done.output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("clean", "https://a.gov.cn/1.html", "-o", "out"), 1, "https://a.gov.cn/1.html: an address, and no file"),
        (("clean", "", "-o", "out"), 1, "'': no name of a file or folder"),
        (("clean", "in.jsonl", "-o", "in.txt"), 2, "a file is there; say a file that ends in .jsonl"),
        (("crawl", "mof", "-o", "x.jsonl/"), 2, "say a file x.jsonl that is no folder"),
        (("crawl", "mof", "-o", "in.txt"), 2, "a file is there"),
        (("runs", "-o", "x.json"), 2, "a folder of this name is said x.json/"),
        (("explain", "http://"), 2, "http://: no whole address"),
        (("schedule", "mof", "--to", "in.txt/schedule"), 1, "in.txt/schedule: not a directory"),
        (("crawl", "bad.toml"), 2, "bad.toml: hosts: this is a list; write it in brackets"),
    ],
)
def test_what_is_said_wrongly_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.txt").touch()
    write_jsonl(Path("in.jsonl"), {"id": "1", "text": ARTICLE})
    Path("bad.toml").write_text(
        'name = "某市"\nhosts = "a.gov.cn"\ncolumns = [{name = "要闻", url = "https://a.gov.cn/"}]'
    )
    before = sorted(tmp_path.iterdir())
    done = run(*words)
    assert done.exit_code == code
    assert said in " ".join(done.output.replace("│", " ").split())
    assert "Traceback" not in done.output
    assert "Errno" not in done.output
    assert sorted(tmp_path.iterdir()) == before


def test_files_in_a_folder_that_nobody_reads_are_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_text(PAGE, "utf-8")
    for name in ("b.aspx", "c.aspx", "d"):
        (tmp_path / "in" / name).write_text(PAGE, "utf-8")
    done = run("clean", tmp_path / "in", "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert "passed over: 2 .aspx, 1 without suffix" in done.output


def test_tables_are_not_cut_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    url = "https://www.example.gov.cn/" + "zwgk/" * 12 + "t20240226_1013.html"
    plain_console().print(dead_letters_table("site", [(url, 2, "HTTP 404")]))
    assert url in capsys.readouterr().out
    Console(width=40).print(dead_letters_table("site", [(url, 2, "HTTP 404")]))
    assert "…" not in capsys.readouterr().out


@pytest.mark.parametrize("words", [("stats",), ("dedup",), ("export", "--parquet")])
@pytest.mark.parametrize(("name", "kind"), [("part-00000.jsonl", "record"), ("rejects.jsonl", "reject")])
def test_a_broken_line_of_a_dataset_is_told_with_its_place(
    tmp_path: Path, words: tuple[str, ...], name: str, kind: str
) -> None:
    given = write_jsonl(tmp_path / "in.jsonl", {"id": "a", "text": ARTICLE}, {"id": "b", "text": ARTICLE + "乙"}, "{")
    run("clean", given, "-o", tmp_path / "out", "--workers", "1")
    broken = tmp_path / "out" / name
    broken.write_bytes(broken.read_bytes() + b'{"id": "c"\n')
    at = broken.read_bytes().count(b"\n")
    before = broken.read_bytes()
    done = run(words[0], tmp_path / "out", *words[1:])
    assert broken.read_bytes() == before
    assert "Traceback" not in done.output
    if kind == "reject" and words[0] != "stats":
        return  # neither reads the rejects: dedup hands them on as they are
    assert done.exit_code == 1
    assert f"{broken}: line {at} is no {kind} as govscrape" in done.output


def test_counting_a_file_of_other_rows_is_refused_in_one_line(tmp_path: Path) -> None:
    given = write_jsonl(tmp_path / "in.jsonl", {"id": "a", "text": ARTICLE})
    done = run("stats", given)
    assert done.exit_code == 1
    assert "in.jsonl: line 1 is no record" in done.output
    assert "a file; give a folder" in run("dedup", given).output
    (tmp_path / "manifest.json").write_text('{"resources": [1', "utf-8")
    assert "manifest.json: no manifest of govscrape" in run("stats", tmp_path).output
