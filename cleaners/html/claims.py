"""What the places of a page say of one field, in order of trust, each value brought into the record's form."""

import re
from dataclasses import dataclass, field

from cleaners.bylines import read_byline
from cleaners.html.dates import read_date
from cleaners.html.docno import read_doc_no
from cleaners.html.trim import letters
from cleaners.meta import NAMES

_DATES = frozenset({"written_on", "effective_on", "repealed_on"})
_VALIDITY = (
    ("未失效", "有效"), ("未废止", "有效"), ("即将", "尚未施行"), ("不再有效", "失效"), ("废止", "废止"), ("失效", "失效"), ("无效", "失效"), ("修改", "已修改"), ("修订", "已修改"), ("尚未", "尚未施行"),
    ("未生效", "尚未施行"), ("有效", "有效"), ("是", "有效"), ("否", "失效"), ("现行", "有效"),
)  # fmt: skip
"""What a value of 有效性 holds and what it means, the first that fits; by the enumeration of the record."""

_BETWEEN_NAMES = re.compile(r"[、，,;；\s]+")
_SOURCE_LABELS = ("来源", "稿源", "文章来源", "信息来源")


@dataclass(slots=True)
class Claims:
    """By field the values claimed and the rule behind each; the first of a field is believed."""

    said: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, name: str, value: str | None, rule: str) -> None:
        """Put a value behind those already claimed; one that means nothing in this field is passed over."""
        value = normal_value(name, value) if value else None
        if value:
            self.said.setdefault(name, []).append((value, rule))

    def add_byline(self, line: str, rule: str) -> bool:
        """Put all that a by-line says; False for a line that is none."""
        meta = read_byline(line)
        if meta is None:
            return False
        for name in NAMES:
            value = getattr(meta, name)
            if isinstance(value, str):
                self.add(name, value, rule)
        return True

    def prefer(self, name: str, claim: tuple[str, str] | None) -> None:
        """Believe one of the claims before the others."""
        if claim:
            self.said[name].insert(0, claim)

    def believed(self) -> dict[str, str]:
        """The value of each field."""
        return {name: said[0][0] for name, said in self.said.items()}

    def rules(self) -> dict[str, str]:
        """The rule that gave each field, and the first that says otherwise."""
        rules = {}
        for name, ((value, rule), *others) in self.said.items():
            other = next((claim for claim in others if not _agree(name, value, claim[0])), None)
            rules[name] = f"{rule}; {other[1]} says {other[0][:80]}" if other else rule
        return rules


def normal_value(name: str, value: str) -> str | None:
    """A value in the form of its field: ISO dates, document numbers without spaces, names apart by a space, 有效性 by its
    enumeration. What has no such form stays as written; what means nothing in the field gives None.

    >>> normal_value("written_on", "2019年3月6日"), normal_value("validity", "是"), normal_value("source", "来源：县报")
    ('2019-03-06', '有效', '县报')
    >>> normal_value("published_at", "每周一")
    """
    value = value.strip(" \u3000:：|")
    if name == "published_at":
        return read_date(value)
    if name in _DATES:
        date = read_date(value)
        return date[:10] if date else None
    if name == "doc_no":
        compact = "".join(value.split())
        return read_doc_no(compact) or (compact if any(map(str.isdigit, compact)) or "号" in compact else None)
    if name == "validity":
        return next((meaning for sign, meaning in _VALIDITY if sign in value), value[:20].strip("无-—/") or None)
    if name == "index_no":
        return value.split(" ")[0] or None
    if name in {"author", "editor"}:
        return " ".join(filter(None, _BETWEEN_NAMES.split(value))) or None
    if name == "source":
        label, mark, rest = value.replace("：", ":", 1).partition(":")
        return (rest.strip() if mark and label.strip() in _SOURCE_LABELS else value) or None
    return value or None


def _agree(name: str, one: str, other: str) -> bool:
    if name == "published_at":
        return one[:10] == other[:10]
    one, other = letters(one), letters(other)
    return one == other or (name == "title" and (one in other or other in one))
