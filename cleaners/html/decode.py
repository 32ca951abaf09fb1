"""Bytes to text, with what spoke for the encoding: exact tests first, a detector only for what they leave open."""

import codecs
import re
from dataclasses import dataclass

from cleaners.reason import Reason, Rejection

MAX_BYTES = 20_000_000
"""The longest page seen in public dumps of government pages is 6 MB (a budget table); three times that is no page."""

MAX_BAD_SHARE = 0.05
"""A page with 1 % of its bytes hit decodes to about 2 % replacement characters; over 5 % the text is not worth keeping."""

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

_TAG = re.compile(rb"<[A-Za-z!?/]")
_UTF8_RUN = re.compile(
    rb"(?:[\xe4-\xe9][\x80-\xbf]{2}|\xef\xbc[\x80-\xbf]|\xef\xbd[\x80-\x9f]|\xe3\x80[\x80-\xbf]|[\x20-\x3b]){6,}"
)
_SEGMENT = re.compile(rb"[^<>\n]*[<>\n]?")
_FREQUENT = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年同工也能下过子说产种面而方后多定行学法所民得经，。、：；（）“”《》"
_FREQUENT_HANT = "這為個國時來們對會發過說產種後經與開關務應進區"


@dataclass(frozen=True, slots=True)
class Encoding:
    """The codec a page was read with and, in a few words, what spoke for it."""

    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page as text."""

    text: str
    encoding: Encoding


def decode(body: bytes, content_type: str | None = None) -> Decoded | Rejection:
    """Turn a page's bytes into text, or say why they are no page.

    In turn: byte order mark, validity as UTF-8, the labels (header, then meta) where they fit the bytes, GB18030 and
    Big5 by how common the characters are that they give, then detectors. A few bad bytes are replaced by U+FFFD and
    counted in the evidence; runs in another encoding than the page's are read in theirs. Text that was already wrong
    when the page was made (mojibake in valid UTF-8) is left for the text cleaners.

    >>> decode("<p>政府公报".encode("gbk"), "text/html; charset=ISO-8859-1").encoding
    Encoding(name='gb18030', evidence='valid, common characters')
    >>> decode(b"%PDF-1.4").detail
    'pdf'
    """
    rejection = _refuse(body)
    if rejection:
        return rejection
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _finish(body[len(mark) :], codec, "byte order mark")
    if body.isascii():
        return _finish(body, "utf-8", "ASCII only")
    labels = _labels(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(body, labels)
    if not any("\u2e80" <= c <= "\uffef" for c in text) and "gb18030" in labels.values():
        # pairs of GB2312 can be valid two-byte UTF-8 by chance ("联通"), which gives Greek and Arabic, never Han
        return _decode_other(body, labels)
    agreed = [place for place, codec in labels.items() if codec == "utf-8"]
    return Decoded(text, Encoding("utf-8", " and ".join([*agreed, "valid"])))


def fluency(text: str) -> float:
    """The share of very frequent Chinese characters and marks among the characters beyond ASCII (of the first 60,000).

    Running Chinese gives .2 to .5, a wrong reading of it under .05; a text without Chinese gives 0.

    >>> fluency("国务院关于印发规划的通知。") > 0.15, fluency("鏀垮簻鍏姤")
    (True, 0.0)
    """
    sample = text[:60_000]
    beyond = len(sample.encode("ascii", "ignore"))
    beyond = len(sample) - beyond
    if not beyond:
        return 0.0
    return sum(map(sample.count, _FREQUENT + _FREQUENT_HANT)) / beyond


def _refuse(body: bytes) -> Rejection | None:
    if len(body) > MAX_BYTES:
        return Rejection(Reason.TOO_LARGE, f"{len(body)} bytes")
    head = body[:64].lstrip()
    if not head and not body.strip():
        return Rejection(Reason.EMPTY, "no bytes" if not body else "blank")
    for magic, kind in _BINARY.items():
        if head.startswith(magic):
            return Rejection(Reason.NOT_HTML, kind)
    return None


def _labels(body: bytes, content_type: str | None) -> dict[str, str]:
    found = {}
    header = _HEADER_LABEL.search(content_type or "")
    if header and header[1].lower() in _CODECS:
        found["header " + header[1].lower()] = _CODECS[header[1].lower()]
    for meta in _META_LABEL.finditer(body[:_META_WINDOW]):
        label = meta[1].decode("ascii", "replace").lower()
        if label in _CODECS:
            found["meta " + label] = _CODECS[label]
            break
    return found


def _decode_other(body: bytes, labels: dict[str, str]) -> Decoded | Rejection:
    """Choose among the encodings of a page that is not valid UTF-8."""
    if body.count(0) > len(body) // 5:
        codec = "utf-16-le" if body[1::2].count(0) > body[::2].count(0) else "utf-16-be"
        return _finish(body, codec, "every other byte is 0")
    readings = {codec: body.decode(codec, "replace") for codec in ("utf-8", "gb18030", "big5hkscs")}
    scores = {codec: fluency(text) - 2 * _bad_share(text) for codec, text in readings.items()}
    best = max(scores, key=lambda codec: scores[codec])
    label = next((place for place, codec in labels.items() if codec == best), None)
    if scores[best] > 0.08:
        return _finish(body, best, label or "common characters")
    for place, codec in labels.items():
        if codec in readings and "\ufffd" not in readings[codec]:
            return _finish(body, codec, place)
    return _ask_detectors(body, best)


def _ask_detectors(body: bytes, best: str) -> Decoded | Rejection:
    """The detector that is right on damaged bytes first, chardet where that one names nothing Chinese."""
    from resiliparse.parse.encoding import detect_encoding  # noqa: PLC0415

    name = _CODECS.get(str(detect_encoding(body[:200_000])).lower())
    if name:
        return _finish(body, name, "detector")
    import chardet  # noqa: PLC0415

    guess = chardet.detect(body[:20_000])
    name = _CODECS.get(str(guess.get("encoding")).lower())
    return _finish(body, name or best, "second detector" if name else "nothing better")


def _finish(body: bytes, codec: str, evidence: str) -> Decoded | Rejection:
    """Decode, read runs of other encodings in theirs, count what is lost."""
    text = body.decode(codec, "replace")
    if codec in {"utf-8", "gb18030"} and "\ufffd" in text:
        text = "".join(_segment(part, codec) for part in _SEGMENT.findall(body))
    elif codec == "gb18030":
        text = _with_utf8_runs(body, text)
    bad = text.count("\ufffd")
    if _bad_share(text) > MAX_BAD_SHARE or _is_rubbish(text):
        return Rejection(Reason.UNRECOVERABLE_ENCODING, f"{codec} ({evidence}): {bad} places do not decode")
    found = evidence + (f", {bad} bad places replaced" if bad else ", valid")
    if not _TAG.search(body) and codec[:6] != "utf-16":
        return Rejection(Reason.NOT_HTML, "no markup")
    valid_first = f"valid, {evidence}" if not bad and not evidence.startswith(("header", "meta", "byte")) else found
    return Decoded(text, Encoding(codec, valid_first))


def _segment(part: bytes, codec: str) -> str:
    """One stretch between tags: in the page's encoding, or in the other one where that one alone fits."""
    if part.isascii():
        return part.decode("ascii")
    text = part.decode(codec, "replace")
    if codec == "gb18030":
        text = _with_utf8_runs(part, text)
    elif text.count("\ufffd") * 3 > len(text.encode("ascii", "ignore")) * 0 + sum(c > "\x7f" for c in text):
        other = part.decode("gb18030", "replace")
        if "\ufffd" not in other:
            return other
    return text


def _with_utf8_runs(body: bytes, text: str) -> str:
    """GB18030 text in which runs of UTF-8 (a fragment another system put in) are read as such."""
    runs = [m.span() for m in _UTF8_RUN.finditer(body) if len(m[0]) - len(m[0].translate(None, _HIGH)) >= 12]
    runs = [(a, b) for a, b in runs if _reads_better_as_utf8(body[a:b])]
    if not runs:
        return text
    pieces, done = [], 0
    for start, end in runs:
        pieces += [body[done:start].decode("gb18030", "replace"), body[start:end].decode("utf-8")]
        done = end
    return "".join([*pieces, body[done:].decode("gb18030", "replace")])


_HIGH = bytes(range(0x80, 0x100))


def _reads_better_as_utf8(run: bytes) -> bool:
    return fluency(run.decode("utf-8")) > fluency(run.decode("gb18030", "replace")) + 0.1


def _bad_share(text: str) -> float:
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") / beyond if beyond else 0.0


def _is_rubbish(text: str) -> bool:
    """Bytes of a file that is no text: control characters other than white space and the odd NUL."""
    sample = text[:20_000]
    control = sum(c < " " and c not in "\t\n\r\f\0" for c in sample)
    return control * 20 > len(sample)
