"""Containers of every kind give the same records; broken ones give what they can and one clear line."""

import base64
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.made_dump import pages
from output.readers import check_inputs, read_inputs
from tests.test_cli import rows, run

PAGES = [(f"2024/{number:02}", page) for number, page in enumerate(pages(6, seed=3))]


def as_folder(at: Path) -> Path:
    for name, page in PAGES:
        path = at / "in" / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.body)
    return at / "in"


def as_zip(at: Path) -> Path:
    with zipfile.ZipFile(at / "in.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in PAGES:
            archive.writestr(f"{name}.html", page.body)
    return at / "in.zip"


def tar_bytes() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, page in PAGES:
            member = tarfile.TarInfo(f"./{name}.html")
            member.size = len(page.body)
            archive.addfile(member, io.BytesIO(page.body))
    return buffer.getvalue()


def as_tar(suffix: str, pack: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    def write(at: Path) -> Path:
        (at / f"in.tar{suffix}").write_bytes(pack(tar_bytes()))
        return at / f"in.tar{suffix}"

    return write


def as_jsonl(key: str, suffix: str = "", pack: Callable[[bytes], bytes] = bytes) -> Callable[[Path], Path]:
    def write(at: Path) -> Path:
        named = [(page.url if key == "url" else name, page) for name, page in PAGES]
        made = [{key: value, "body_base64": base64.b64encode(page.body).decode()} for value, page in named]
        (at / f"in.jsonl{suffix}").write_bytes(pack("".join(json.dumps(row) + "\n" for row in made).encode()))
        return at / f"in.jsonl{suffix}"

    return write


def as_warc(at: Path, name: str = "in.warc.gz") -> Path:
    with (at / name).open("wb") as file:
        writer = WARCWriter(file, gzip=name.endswith(".gz"))
        for _, page in PAGES:
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            payload, size = io.BytesIO(page.body), len(page.body)
            writer.write_record(
                writer.create_warc_record(page.url, "response", payload=payload, length=size, http_headers=http)
            )
    return at / name


def as_wacz(at: Path) -> Path:
    warc = as_warc(at)
    with zipfile.ZipFile(at / "in.wacz", "w") as archive:
        archive.write(warc, "archive/data.warc.gz")
        archive.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}\n')
    return at / "in.wacz"


def as_parquet(key: str) -> Callable[[Path], Path]:
    def write(at: Path) -> Path:
        pa = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        named = [page.url if key == "url" else name for name, page in PAGES]
        table = pa.table({key: named, "content": [page.body for _, page in PAGES], "other": [1] * len(PAGES)})
        parquet.write_table(table, at / "in.parquet", row_group_size=2)
        return at / "in.parquet"

    return write


def records(at: Path, given: Path, *options: str) -> list[dict[str, Any]]:
    done = run("clean", given, "-o", at / "out.jsonl", "--workers", "1", *options)
    assert done.exit_code == 0, done.output
    return [{**row, "raw": row["raw"]["sha256"], "cleaned_at": None} for row in rows(at / "out.jsonl")]


@pytest.mark.parametrize(
    "write",
    [
        as_zip,
        as_tar("", bytes),
        as_tar(".gz", gzip.compress),
        as_tar(".zst", zstandard.compress),
        as_tar(".xz", lzma.compress),
        as_jsonl("id"),
        as_parquet("id"),
    ],
    ids=["zip", "tar", "tar.gz", "tar.zst", "tar.xz", "jsonl", "parquet"],
)
def test_the_same_records_as_from_a_folder(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    (tmp_path / "a").mkdir()
    columns = ["--column", "html=content"] if write(tmp_path).suffix == ".parquet" else []
    assert records(tmp_path, write(tmp_path), *columns) == records(tmp_path, as_folder(tmp_path / "a"))


@pytest.mark.parametrize(
    "write",
    [as_warc, as_wacz, as_jsonl("url", ".gz", gzip.compress), as_parquet("url")],
    ids=["warc", "wacz", "jsonl.gz", "parquet"],
)
def test_the_same_records_with_addresses(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    given = write(tmp_path)
    got = records(tmp_path, given, *(["--column", "html=content"] if given.suffix == ".parquet" else []))
    plain = records(tmp_path, as_jsonl("url")(tmp_path))
    assert [row["url"] for row in got] == [page.url for _, page in PAGES if page.url in {row["url"] for row in plain}]
    assert [{**row, "fetched_at": None} for row in got] == plain


def cut(path: Path, share: float) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (as_tar("", bytes), "in.tar: the archive is cut off; what came before is used"),
        (as_tar(".gz", gzip.compress), "in.tar.gz: the compressed file is cut off; what came before is used"),
        (as_tar(".zst", zstandard.compress), "in.tar.zst: the compressed file is cut off; what came before is used"),
        (as_jsonl("id", ".zst", zstandard.compress), "in.jsonl.zst: the compressed file is cut off"),
        (as_warc, "in.warc.gz: "),
    ],
    ids=["tar", "tar.gz", "tar.zst", "jsonl.zst", "warc.gz"],
)
def test_what_is_cut_off_gives_what_came_before(tmp_path: Path, write: Callable[[Path], Path], said: str) -> None:
    done = run("clean", cut(write(tmp_path), 0.7), "-o", tmp_path / "out.jsonl", "--workers", "1")
    assert done.exit_code == 1
    assert sum(said in line for line in done.output.splitlines()) == 1, done.output
    assert "Traceback" not in done.output
    assert [row["reason"] for row in rows(tmp_path / "rejects.jsonl")] == ["unreadable"]


def test_a_broken_member_does_not_hide_the_others(tmp_path: Path) -> None:
    given = as_zip(tmp_path)
    data = bytearray(given.read_bytes())
    with zipfile.ZipFile(given) as archive:
        at = archive.infolist()[2].header_offset
    data[at + 200 : at + 400] = b"\0" * 200
    given.write_bytes(data)
    done = run("clean", given, "-o", tmp_path / "out.jsonl", "--keep-duplicates")
    assert done.exit_code == 1
    assert len(rows(tmp_path / "out.jsonl")) == len(PAGES) - 1
    assert [row["id"] for row in rows(tmp_path / "rejects.jsonl")] == ["2024/02"]
    assert "in.zip!2024/02.html: " in done.output


@pytest.mark.parametrize("name", ["in.zip", "in.tar", "in.parquet", "in.warc.gz", "in.jsonl.gz", "in.wacz"])
def test_what_is_no_such_file_at_all_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"this is none of these formats, whatever its name may say" * 20)
    done = run("clean", tmp_path / name, "-o", tmp_path / "out.jsonl")
    assert done.exit_code == 1
    assert f"{name}: " in done.output
    assert "Traceback" not in done.output


def test_patterns_and_lists_and_names_from_windows(tmp_path: Path) -> None:
    as_folder(tmp_path)
    with zipfile.ZipFile(tmp_path / "win.zip", "w") as archive:
        archive.writestr("公告.txt".encode("gbk").decode("cp437"), "某县发布公告。".encode("gbk"))
    data = (tmp_path / "win.zip").read_bytes()
    encoded = "公告.txt".encode("gbk").decode("cp437").encode()
    (tmp_path / "win.zip").write_bytes(data.replace(encoded, "公告.txt".encode("gbk").ljust(len(encoded), b"t")))
    listed = tmp_path / "list.txt"
    listed.write_text(f"# what to read\n{tmp_path}/in/2024/00.html\n{tmp_path}/gone.html\n")
    items = list(read_inputs([str(tmp_path / "in" / "**" / "*3.html"), f"@{listed}"]))
    assert [item.id for item in items] == ["03", "00", ""]
    assert items[2].problem
    assert "no such file" in items[2].problem.detail
    assert check_inputs([str(tmp_path / "*.nothing"), "@gone"]).usable == []


def test_selection(tmp_path: Path) -> None:
    given = as_jsonl("url")(tmp_path)
    urls = [page.url for _, page in PAGES]

    def kept(*options: str) -> list[str]:
        done = run("clean", given, "-o", tmp_path / "out.jsonl", "--keep-duplicates", *options)
        assert done.exit_code == 0, done.output
        return [row["url"] for row in rows(tmp_path / "out.jsonl") + rows(tmp_path / "rejects.jsonl")]

    assert kept("--limit", "2") == urls[:2]
    assert kept("--include", "*county3.gov*", "--include", "*county5.gov*") == [urls[3], urls[5]]
    assert kept("--exclude", "*county3.gov*") == urls[:3] + urls[4:]
    some = kept("--sample", "0.5")
    assert 0 < len(some) < 6
    assert some == kept("--sample", "0.5")
    assert run("clean", given, "-o", tmp_path / "x.jsonl", "--column", "nonsense").exit_code == 2
