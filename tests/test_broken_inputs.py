"""Broken, odd and hostile inputs of a dump: each says so in one line, and hides nothing that lies behind it."""

import base64
import gzip
import io
import json
import os
import signal
import struct
import subprocess
import tarfile
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

import govscrape
from benchmarks.made_dump import pages, write_dump
from output.writer import OutputError, RunWriter
from tests.test_cli import ARTICLE, rows, run, write_jsonl
from tests.test_dump_runs import ENVIRONMENT, command, contents

PAGES = list(pages(4, seed=3))
ROWS = b"".join(
    json.dumps({"id": str(n), "body_base64": base64.b64encode(page.body).decode()}).encode() + b"\n"
    for n, page in enumerate(PAGES)
)


def cleaned(at: Path, given: Path | str, *options: str) -> tuple[list[str], list[str], str]:
    """Clean with faults; returns the ids of the records, the reasons of the rejects, and what was said."""
    done = run("clean", given, "-o", at / "out", "--workers", "1", "--keep-duplicates", *options)
    assert done.exit_code == 1, done.output
    assert "Traceback" not in done.output
    ids = [row["id"] for row in rows(at / "out" / "part-00000.jsonl")]
    return ids, [row["reason"] for row in rows(at / "out" / "rejects.jsonl")], done.output


def tar_of(at: Path, *members: tuple[str, bytes]) -> Path:
    with tarfile.open(at / "in.tar", "w") as archive:
        for name, body in members:
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return at / "in.tar"


def test_a_broken_member_of_a_tar_hides_no_other(tmp_path: Path) -> None:
    cut = gzip.compress(ROWS)[:-3000]
    given = tar_of(tmp_path, ("a.jsonl.gz", cut), ("b.jsonl.zst", b"no zstd" * 9), ("c.html", PAGES[0].body))
    ids, reasons, said = cleaned(tmp_path, given)
    assert ids[-1] == "c"
    assert reasons == ["unreadable", "unreadable"]
    assert "in.tar!a.jsonl.gz: the compressed file is cut off" in said
    assert "in.tar!b.jsonl.zst: broken compressed file" in said


def test_a_tar_does_not_end_in_silence_at_a_broken_header(tmp_path: Path) -> None:
    given = tar_of(tmp_path, *((f"{n}.html", page.body) for n, page in enumerate(PAGES)))
    data = bytearray(given.read_bytes())
    with tarfile.open(given) as archive:
        at = archive.getmembers()[2].offset
    data[at + 20 : at + 120] = b"\xff" * 100
    given.write_bytes(data)
    ids, _, said = cleaned(tmp_path, given)
    assert ids == ["0", "1"]
    assert "in.tar: broken archive (a member's header: bad checksum)" in said


def test_links_devices_and_paths_upwards_in_a_tar_do_no_harm(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "in.tar", "w") as archive:
        for name, kind in (
            ("link.html", tarfile.SYMTYPE),
            ("hard.html", tarfile.LNKTYPE),
            ("dev.html", tarfile.CHRTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        member = tarfile.TarInfo("../../up.html")
        member.size = len(PAGES[0].body)
        archive.addfile(member, io.BytesIO(PAGES[0].body))
    assert run("clean", tmp_path / "in.tar", "-o", tmp_path / "out.jsonl").exit_code == 0
    assert [row["id"] for row in rows(tmp_path / "out.jsonl")] == ["../../up"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.tar", "out.jsonl", "rejects.jsonl"]


def test_a_broken_archive_in_a_wacz_hides_no_other(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.wacz", "w") as archive:
        for n, page in enumerate(PAGES[:2]):
            archive.writestr(f"archive/{n}.warc", warc_record(page.body, page.url))
    data = bytearray((tmp_path / "in.wacz").read_bytes())
    data[data.find(b"<div id=zoom>") + 30] ^= 1
    (tmp_path / "in.wacz").write_bytes(data)
    ids, reasons, said = cleaned(tmp_path, tmp_path / "in.wacz")
    assert (len(ids), reasons) == (1, ["unreadable"])
    assert "in.wacz!archive/0.warc: broken in the archive" in said


def warc_record(
    body: bytes, url: str, *, fields: bytes = b"", length: str = "", date: str = "2024-01-01T00:00:00Z"
) -> bytes:
    payload = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + fields + b"\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {length or len(payload)}\r\n\r\n"
    )
    return head.encode() + payload + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("length", "said"), [("200", "Content-Length is wrong"), ("x", "Content-Length is wrong"), ("9" * 20, "cut off")]
)
def test_a_warc_record_of_a_wrong_length_is_not_used(tmp_path: Path, length: str, said: str) -> None:
    good, bad = (
        warc_record(PAGES[0].body, "http://a.gov.cn/1"),
        warc_record(PAGES[1].body, "http://a.gov.cn/2", length=length),
    )
    (tmp_path / "in.warc").write_bytes(good + bad)
    ids, reasons, told = cleaned(tmp_path, tmp_path / "in.warc")
    assert (len(ids), reasons) == (1, ["unreadable"])
    assert said in told
    assert "WARNING" not in told


def test_pages_in_a_warc_are_unpacked_and_what_is_cut_off_is_told(tmp_path: Path) -> None:
    brotli = pytest.importorskip("brotli")
    body = PAGES[0].body
    packed = {
        "gzip": gzip.compress(body),
        "br": brotli.compress(body),
        "deflate": __import__("zlib").compress(body),
        "gzip, but stored unpacked": body,
        "gzip, cut": gzip.compress(body)[:-500],
    }
    (tmp_path / "in.warc").write_bytes(
        b"".join(
            warc_record(
                data,
                f"http://a.gov.cn/{n}",
                fields=f"Content-Encoding: {how.split(',')[0]}\r\n".encode(),
                date="lately",
            )
            for n, (how, data) in enumerate(packed.items())
        )
    )
    ids, reasons, said = cleaned(tmp_path, tmp_path / "in.warc")
    written = rows(tmp_path / "out" / "part-00000.jsonl")
    assert len(ids) == 4
    assert len({row["text"] for row in written}) == 1
    assert {row["fetched_at"] for row in written} == {None}, "a date that is none costs no page"
    assert reasons == ["unreadable"]
    assert "the page http://a.gov.cn/4: the compressed file is cut off" in said


def test_a_broken_warc_says_so_in_one_line_without_its_bytes(tmp_path: Path) -> None:
    whole = gzip.compress(warc_record(PAGES[0].body, "http://a.gov.cn/1") * 2)
    (tmp_path / "whole.warc.gz").write_bytes(whole)
    first = gzip.compress(warc_record(PAGES[0].body, "http://a.gov.cn/1"))
    (tmp_path / "noise.warc.gz").write_bytes(first + b"\x1f\x8b\x08\0" + bytes(range(256)) * 9)
    for name, said in (
        ("whole", "packed as a whole, not record by record; unpack it first"),
        ("noise", "broken archive"),
    ):
        _, _, told = cleaned(tmp_path, tmp_path / f"{name}.warc.gz")
        (line,) = [line for line in told.splitlines() if ".warc.gz: " in line]
        assert said in line
        assert line.isprintable()


def test_a_broken_row_group_of_parquet_hides_no_other(tmp_path: Path) -> None:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    table = pa.table({"id": [str(n) for n in range(4)], "html": [page.body for page in PAGES]})
    parquet.write_table(table, tmp_path / "in.parquet", row_group_size=1)
    data = bytearray((tmp_path / "in.parquet").read_bytes())
    data[len(data) // 2 : len(data) // 2 + 300] = b"\xff" * 300
    (tmp_path / "in.parquet").write_bytes(data)
    ids, reasons, said = cleaned(tmp_path, tmp_path / "in.parquet")
    assert (len(ids), reasons) == (3, ["unreadable"])
    assert said.count("broken Parquet file") == 1


def test_rows_of_parquet_that_have_no_value_cost_no_other(tmp_path: Path) -> None:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    no_text = b"\xff\xfe"
    ends = struct.pack("<iii", 0, len(ARTICLE.encode()), len(ARTICLE.encode()) + len(no_text))
    texts = pa.Array.from_buffers(pa.string(), 2, [None, pa.py_buffer(ends), pa.py_buffer(ARTICLE.encode() + no_text)])
    parquet.write_table(pa.table({"id": ["good", "bad"], "text": texts}), tmp_path / "in.parquet")
    ids, reasons, said = cleaned(tmp_path, tmp_path / "in.parquet")
    assert (ids, reasons) == (["good"], ["bad_input"])
    assert "row 2 cannot be read" in said


def test_links_pipes_and_loops_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_bytes(PAGES[0].body)
    (folder / "loop").symlink_to(folder)
    (folder / "self.html").symlink_to("self.html")
    (folder / "gone.html").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.html")
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "rows.jsonl").write_text('{"id": "named", "file": "pipe.html"}\n')
    ids, reasons, said = cleaned(tmp_path, folder)
    assert ids == ["a"]
    assert reasons == ["unreadable"] * 5
    assert said.count("neither a file nor a folder") == 3


def test_lists_with_marks_other_lists_and_names_in_gbk(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGES[0].body)
    named = tmp_path / "list.txt"
    lines = ["\ufeff" + str(tmp_path / "a.html"), f"@{named}", str(tmp_path / "gone.html")]
    named.write_bytes("\r\n".join(lines).encode() + "\n公告.html\n".encode("gbk"))
    ids, reasons, said = cleaned(tmp_path, f"@{named}")
    assert (ids, reasons) == (["a"], ["unreadable"] * 3)
    assert "a list cannot name another list" in said
    assert "公告.html: no such file or folder" in said
    (tmp_path / "folder").mkdir()
    assert "leave out the @" in run("clean", f"@{tmp_path / 'folder'}", "-o", tmp_path / "x.jsonl").output


@pytest.mark.parametrize("given", ["in*.jsonl", "@list.txt", "."])
def test_no_output_goes_over_an_input_or_into_it(tmp_path: Path, given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = write_jsonl(tmp_path / "in.jsonl", {"id": "1", "text": ARTICLE})
    (tmp_path / "list.txt").write_text("in.jsonl\n")
    before = source.read_bytes()
    done = run("clean", given, "-o", "in.jsonl")
    assert done.exit_code == 2
    assert "write somewhere else" in done.output
    assert source.read_bytes() == before
    assert run("clean", ".", "-o", "out").exit_code == 2
    assert not (tmp_path / "out").exists()


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    given = write_jsonl(tmp_path / "in.jsonl", {"id": "1", "text": ARTICLE})
    first = RunWriter(tmp_path / "out", plan={})
    done = run("clean", given, "-o", tmp_path / "out")
    assert done.exit_code == 1
    assert "another run is writing there" in done.output
    first.abort()
    assert run("clean", given, "-o", tmp_path / "out").exit_code == 0


def test_broken_files_of_an_earlier_run_are_told_or_cleared_away(tmp_path: Path) -> None:
    given = write_jsonl(tmp_path / "in.jsonl", {"id": "1", "text": ARTICLE})
    out = tmp_path / "out"
    out.mkdir()
    (out / "run.json").write_text("{")
    (out / "manifest.json").write_text("[]")
    (out / "notes.txt").write_text("mine")
    done = run("clean", given, "-o", out, "--resume")
    assert done.exit_code == 1
    assert "run.json: broken; leave out --resume to start over" in done.output
    assert run("clean", given, "-o", out).exit_code == 0
    assert sorted(contents(out)) == ["manifest.json", "notes.txt", "part-00000.jsonl", "rejects.jsonl"]
    (tmp_path / "other" / "rejects.jsonl").mkdir(parents=True)
    done = run("clean", given, "-o", tmp_path / "other")
    assert (done.exit_code, "rejects.jsonl is a folder there" in done.output) == (1, True)


@pytest.mark.parametrize("change", ["more", "longer", "less"])
def test_going_on_over_a_changed_folder_is_refused(tmp_path: Path, change: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for n, page in enumerate(PAGES):
        (folder / f"{n}.html").write_bytes(page.body)
    plan = planned(folder)
    RunWriter(tmp_path / "out", plan=plan).abort()
    assert planned(folder) == plan
    if change == "less":
        (folder / "0.html").unlink()
    else:
        (folder / ("00.html" if change == "more" else "0.html")).write_bytes(PAGES[0].body + b"<p>more")
    with pytest.raises(OutputError, match="another one: inputs was"):
        RunWriter(tmp_path / "out", resume=True, plan=planned(folder))


def planned(folder: Path) -> dict[str, Any]:
    from govscrape.clean_run import CleanOptions

    return CleanOptions([str(folder)], "out").plan() | {"cleaned_at": "now"}


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_stopped_and_gone_on_with(tmp_path: Path, sent: signal.Signals) -> None:
    given = write_dump(tmp_path / "dump.jsonl", 150)
    out = tmp_path / "out"
    process = subprocess.Popen(command(given, out, "--limit", "140"), env=ENVIRONMENT, stderr=subprocess.PIPE)
    while not (out / "rejects.jsonl.part").exists():
        time.sleep(0.02)
    process.send_signal(sent)
    _, said = process.communicate()
    assert process.returncode == 1
    assert b"to go on: govscrape clean" in said
    assert b"Traceback" not in said
    assert not (out / "part-00000.jsonl").exists()
    refused = run("clean", given, "-o", out, "--resume")
    assert "limit was 140 and is None; give the same" in refused.output
    assert run("clean", given, "-o", out, "--limit", "140", "--resume").exit_code == 0
    found = rows(out / "part-00000.jsonl") + rows(out / "rejects.jsonl")
    assert sorted(row["raw"]["offset"] for row in found) == list(range(140))


@pytest.mark.parametrize("codec", ["hz", "utf-7"])
def test_chinese_in_ascii_is_read(codec: str) -> None:
    text = "某县人民政府印发了“安全生产”实施方案，各乡镇人民政府、县政府各部门应当认真贯彻执行。"
    page = f"<title>a+b</title><p>tel +86-10-1234 ~user</p><p>{text}</p>".replace("~", "~~" if codec == "hz" else "~")
    record = govscrape.clean_page(page.encode(codec))
    assert isinstance(record, govscrape.Record)
    assert text in record.text
    assert record.encoding
    assert record.encoding.name == codec
    plain = govscrape.clean_page(b"<p>data:image/png;base64,iVBORw0KGgo+AAAANSUhEUg+AAAFCAYAAACNbyblAAAA ~{ok} a~}")
    assert getattr(plain, "encoding", None) is None or plain.encoding.name == "utf-8"
