"""Bytes to text, with what spoke for the encoding: exact tests first, a detector only for what they leave open."""

import codecs
import re
from dataclasses import dataclass
from itertools import islice

from cleaners.reason import Reason, Rejection

MAX_BYTES = 20_000_000
"""Bounds memory; what is longer is a file or an export, not a page that anybody reads."""

MAX_BAD_SHARE = 0.1
"""Chinese in UTF-8 with 1 % of its bytes hit loses 3 to 5 % of its characters; above a tenth too little is left."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_BINARY = {
    b"%PDF": "pdf",
    b"PK\x03\x04": "zip or office file",
    b"\x89PNG": "png",
    b"GIF8": "gif",
    b"\xff\xd8\xff": "jpeg",
    b"\x1f\x8b": "gzip",
    b"\xd0\xcf\x11\xe0": "old office file",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"BZh": "bzip2",
    b"RIFF": "riff",
    b"OggS": "ogg",
    b"ID3": "mp3",
    b"{\\rtf": "rtf",
}
_CODECS = {
    "utf-8": "utf-8", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "cp936": "gb18030", "ms936": "gb18030", "windows-936": "gb18030", "euc-cn": "gb18030", "gb-2312": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "big5hkscs": "big5hkscs", "x-x-big5": "big5hkscs",
    "cp950": "big5hkscs", "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
"""Labels that say something about a Chinese page; GB2312 and GBK are read as their superset GB18030 (WHATWG). A label
not listed (iso-8859-1, windows-1252, us-ascii) is a server's default and says nothing."""

_HEADER_LABEL = re.compile(r"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_META_LABEL = re.compile(rb"<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_META_WINDOW = 8192
"""WHATWG asks for the first 1024 bytes; real pages put long comments and scripts before their meta tag."""

_TAG = re.compile(r"<[A-Za-z!?/]")
_WIDE = re.compile("[\u2e80-\uffef]")
_BEYOND = re.compile(rb"[\x80-\xff]")
_CONTROLS = bytes({*range(1, 32)} - {*b"\t\n\r\f\x1b"})
_ESCAPED = re.compile("[\udc80-\udcff]")
_SEGMENT_END = re.compile("[<>\n]")
_UTF8_RUN = re.compile(
    rb"[\xe3-\xe9\xef][\x80-\xbf]{2}(?:[\xe4-\xe9][\x80-\xbf]{2}|\xef[\xbc\xbd][\x80-\xbf]|\xe3\x80[\x80-\xbf]){5,}"
)
"""Six characters: shorter stretches of GBK are valid UTF-8 by chance too often."""

_SEVEN_BIT = {
    "hz": re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}"),
    "utf-7": re.compile(rb"\+[A-Za-z0-9+/]{5,}-?"),
}
"""Chinese in ASCII bytes, as mail and news carried it: runs in GB2312 less its high bits (RFC 1843), in UTF-16 as base64 (RFC 2152)."""
_LEAST_RUNS = 6
"""Characters in such runs: a page in ASCII has fewer that are fluent Chinese by chance."""
_SAMPLE = 20_000
_FLUENT = 0.08
_FREQUENT = re.compile(
    "[的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年同工也能下过子说产种面而方后多定行学法所民"
    "得经省市县区政府办公务部局委关通知理公全建设施加强，。、：；（）“”《》這為個時來們對會發過說產種後經與開關務應進區國]"
)
"""Frequent characters of running Chinese and of official texts, traditional forms of some, and the marks."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The codec a page was read with and, in a few words, what spoke for it."""

    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page as text, and that in UTF-8."""

    text: str
    encoding: Encoding
    utf8: bytes


def decode(body: bytes, content_type: str | None = None) -> Decoded | Rejection:
    """Turn a page's bytes into text, or say why they are no page.

    In turn: byte order mark, validity as UTF-8 (and runs of Chinese in ASCII: HZ, UTF-7), the reading with the most of the characters that Chinese has most
    (UTF-8, GB18030, Big5; labels are named where they agree), labels, detectors. A few bad bytes are replaced by U+FFFD
    and counted in the evidence; stretches in another encoding than the page's are read in theirs. Text that was
    already wrong when the page was made (mojibake in valid UTF-8) is left for the text cleaners.

    >>> decode("<p>某某县政府公报".encode("gbk"), "text/html; charset=ISO-8859-1").encoding
    Encoding(name='gb18030', evidence='common characters, valid')
    >>> decode(b"%PDF-1.4").detail
    'pdf'
    """
    if len(body) > MAX_BYTES:
        return Rejection(Reason.TOO_LARGE, f"{len(body)} bytes")
    if not body.strip():
        return Rejection(Reason.EMPTY, "blank" if body else "no bytes")
    if body.startswith(tuple(_BINARY)):
        return Rejection(Reason.NOT_HTML, next(kind for magic, kind in _BINARY.items() if body.startswith(magic)))
    utf8 = _as_utf8(body)
    chosen = _choose(body, utf8, content_type)
    text = utf8 if utf8 and chosen.name == "utf-8" and "\ufffd" not in utf8 else _read(body, chosen.name)
    bad = text.count("\ufffd") if "\ufffd" in text else 0
    if bad and _bad_share(text) > MAX_BAD_SHARE:
        return Rejection(Reason.UNRECOVERABLE_ENCODING, f"as {chosen.name}, {bad} places do not decode")
    page = body if text is utf8 else text.encode("utf-8", "replace")
    sample = page[:_SAMPLE]
    if (len(sample) - len(sample.translate(None, _CONTROLS))) * 20 > len(sample):
        return Rejection(Reason.UNRECOVERABLE_ENCODING, f"as {chosen.name}, full of control characters")
    if not (content_type or "").startswith("text/plain") and not _TAG.search(text):
        return Rejection(Reason.NOT_HTML, "no markup")
    seen = f"{chosen.evidence}, {f'{bad} bad places replaced' if bad else 'valid'}"
    return Decoded(text.removeprefix("\ufeff"), Encoding(chosen.name, seen), page.removeprefix(codecs.BOM_UTF8))


def fluency(text: str) -> float:
    """The share of very frequent Chinese characters and marks among the characters beyond ASCII.

    421 official texts give .20 to .50, wrong readings of them at most .04; a text without Chinese gives 0.

    >>> fluency("国务院关于印发规划的通知。") > 0.2, fluency("鏀垮簻鍏姤")
    (True, 0.0)
    """
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return len(_FREQUENT.findall(text)) / beyond if beyond else 0.0


def _as_utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _choose(body: bytes, utf8: str | None, content_type: str | None) -> Encoding:
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return Encoding(codec, "byte order mark")
    if wide := _wide(body[:_SAMPLE]):
        return Encoding(wide, "zeros at every other place")
    labels = _labels(body, content_type)
    if utf8 is None:
        return _choose_other(body, labels)
    if body.isascii() and (seven := _seven_bit(body)):
        return Encoding(seven, "runs of Chinese in ASCII")
    # pairs of GB2312 can be valid two-byte UTF-8 by chance ("联通"): that gives Greek and Arabic, never Han
    if "gb18030" in labels and not body.isascii() and not _WIDE.search(utf8):
        return _choose_other(body, labels)
    return Encoding("utf-8", labels.get("utf-8") or ("ASCII" if body.isascii() else "UTF-8 throughout"))


def _wide(sample: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: its markup has a zero in each letter, always on the same side."""
    # markup is a tenth and more of any page; zeros strewn over a page in another encoding stand on both sides
    if sample.count(0) * 50 < len(sample):
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    return None if max(even, odd) < 20 * min(even, odd) else "utf-16-le" if odd > even else "utf-16-be"


def _labels(body: bytes, content_type: str | None) -> dict[str, str]:
    """The codecs that header and meta tag name, with the label as written."""
    found = {}
    meta = next((m[1].decode("ascii", "replace") for m in _META_LABEL.finditer(body[:_META_WINDOW])), "")
    header = _HEADER_LABEL.search(content_type or "")
    for place, label in (("meta", meta.lower()), ("header", header[1].lower() if header else "")):
        if label in _CODECS:
            found[_CODECS[label]] = f"{place} {label}"
    return found


def _choose_other(body: bytes, labels: dict[str, str]) -> Encoding:
    """Choose the encoding of a page that is not valid UTF-8."""
    first = _BEYOND.search(body)
    sample = body[first.start() if first else 0 :][:_SAMPLE]
    scores: dict[str, float] = {}
    for codec in ("utf-8", "gb18030", "big5hkscs"):
        # wrong readings stay below half of it; Big5 is the slowest to try
        if max(scores.values(), default=0.0) < 2 * _FLUENT:
            text = sample.decode(codec, "replace")
            scores[codec] = fluency(text) - 2 * _bad_share(text)
    best = max(scores, key=lambda codec: scores[codec])
    if scores[best] > _FLUENT:
        return Encoding(best, labels.get(best, "common characters"))
    for codec, place in labels.items():
        if codec in scores and scores[codec] >= 0:
            return Encoding(codec, place)
    return _ask_detectors(sample, best)


def _ask_detectors(sample: bytes, best: str) -> Encoding:
    """The detector that is right on damaged bytes first, chardet where that one names nothing Chinese."""
    from resiliparse.parse.encoding import detect_encoding  # noqa: PLC0415

    name = _CODECS.get(str(detect_encoding(sample)).lower())
    if name:
        return Encoding(name, "detector")
    import chardet  # noqa: PLC0415

    # chardet reads GBK at a third of a megabyte a second
    name = _CODECS.get(str(chardet.detect(sample[:20_000])["encoding"]).lower())
    return Encoding(name or best, "second detector" if name else "nothing better")


def _read(body: bytes, codec: str) -> str:
    """Decode, reading stretches of other encodings (a fragment another system put in) in theirs."""
    if codec in _SEVEN_BIT:
        run = _SEVEN_BIT[codec]
        return run.sub(lambda found: _read_run(found[0], codec).encode(), body).decode()
    if codec == "utf-8":
        return _read_segments(body.decode(codec, "surrogateescape"))
    if codec == "gb18030":
        return _read_with_utf8(body) or body.decode(codec, "replace")
    return body.decode(codec, "replace")


def _seven_bit(body: bytes) -> str | None:
    """The codec by which an ASCII page has runs of fluent Chinese; None where it has none, as nearly always."""
    for codec, run in _SEVEN_BIT.items():
        read = (_read_run(found[0], codec) for found in run.finditer(body))
        chinese = "".join(text for text in islice(read, _SAMPLE) if not text.isascii())
        if len(chinese) >= _LEAST_RUNS and fluency(chinese) > _FLUENT:
            return codec
    return None


def _read_run(run: bytes, codec: str) -> str:
    """A run's characters; where they are not mostly Chinese, its bytes are ASCII as any."""
    text = run.decode(codec, "replace")
    return text if len(_WIDE.findall(text)) * 2 > len(text) and "\ufffd" not in text else run.decode("ascii")


def _read_with_utf8(body: bytes) -> str | None:
    """A GB18030 page with the runs of UTF-8 in it read as such; None where it has none."""
    pieces, done = [], 0
    for found in _UTF8_RUN.finditer(body):
        text = found[0].decode("utf-8")
        if fluency(text) > fluency(found[0].decode("gb18030", "replace")):
            pieces += [body[done : found.start()].decode("gb18030", "replace"), text]
            done = found.end()
    return "".join([*pieces, body[done:].decode("gb18030", "replace")]) if pieces else None


def _read_segments(text: str) -> str:
    """A UTF-8 page whose invalid bytes are escaped, with each stretch between tags that holds such bytes read anew."""
    pieces: list[str] = []
    done = 0
    while found := _ESCAPED.search(text, done):
        start = max(done, *(text.rfind(mark, done, found.start()) + 1 for mark in "<>\n"))
        end = _SEGMENT_END.search(text, found.end())
        stop = end.start() if end else len(text)
        pieces += (text[done:start], _read_segment(text[start:stop].encode("utf-8", "surrogateescape")))
        done = stop
    return "".join([*pieces, text[done:]])


def _read_segment(part: bytes) -> str:
    """A stretch between tags of a UTF-8 page: as GB18030 where hardly any of it is UTF-8 and all of it is that."""
    text = part.decode("utf-8", "replace")
    if text.count("\ufffd") * 3 > len(text) - len(text.encode("ascii", "ignore")):
        other = part.decode("gb18030", "replace")
        if "\ufffd" not in other:
            return other
    return text


def _bad_share(text: str) -> float:
    bad = text.count("\ufffd")
    return bad / (len(text) - len(text.encode("ascii", "ignore"))) if bad else 0.0
